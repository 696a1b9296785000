"""Readers of Cordeau's periodic text: each customer on the days of one of its patterns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.routing.ground import euclid
from benchmarks.routing.text import Line, Malformed, lines, numbers

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Periodic", "periodic"]

_PERIODIC, _DEPOTS = 1, 8
_NAMES = ("x", "y", "service", "demand")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Periodic:
    """C customers over several days, unrounded distance.

    Parameters
    ----------
    lengths
        float64 (P, P); driving takes as long as it is far.
    days
        Of the horizon.
    depots
        int64 (T,): their nodes.
    vehicles
        Of each depot on each day.
    duration, capacity
        float64 (T, days): of one route; infinite where there is no limit.
    node
        int64 (C,): of each customer.
    service, demand
        float64 (C,): of each visit.
    patterns
        Of each customer the days, from 0 on, of each pattern it may have.
    """

    lengths: NDArray[np.float64]
    days: int
    depots: NDArray[np.int64]
    vehicles: int
    duration: NDArray[np.float64]
    capacity: NDArray[np.float64]
    node: NDArray[np.int64]
    service: NDArray[np.float64]
    demand: NDArray[np.float64]
    patterns: tuple[tuple[tuple[int, ...], ...], ...]


def periodic(file: Path) -> Periodic:
    """``1 m n t`` with one depot, or ``8 m n t d`` with several.

    Depots are the rows without a pattern; time windows behind the patterns are passed over.

    Raises
    ------
    Malformed
        A line that says what cannot be.
    """
    read = lines(file)
    if not read:
        raise Malformed(file, 0, "is empty")
    vehicles, customers, days, sites = _head(read[0])
    limits, rows = read[1 : 1 + days * sites], read[1 + days * sites :]
    if len(rows) != customers + sites:
        raise Malformed(file, 0, f"{len(rows)} nodes instead of {customers} + {sites}")
    first = rows[0].whole_at(0, "id")
    for number, line in enumerate(rows):
        if line.whole_at(0, "id") != first + number:
            raise line.bad(f"id {line.words[0]} instead of {first + number}")
    table = np.array([numbers(line, 1, _NAMES) for line in rows])
    patterns = [_patterns(line, days) for line in rows]
    depots = np.array([row for row, listed in enumerate(patterns) if not listed], dtype=np.int64)
    if len(depots) != sites:
        raise Malformed(file, 0, f"{len(depots)} nodes without a pattern instead of {sites} depots")
    node = np.delete(np.arange(len(rows)), depots)
    told = np.array([numbers(line, 0, ("duration", "load")) for line in limits])
    bounds = np.where(told > 0, told, np.inf).reshape(sites, days, 2)
    return Periodic(
        lengths=euclid(table[:, :2]),
        days=days,
        depots=depots,
        vehicles=vehicles,
        duration=bounds[:, :, 0],
        capacity=bounds[:, :, 1],
        node=node,
        service=table[node, 2],
        demand=table[node, 3],
        patterns=tuple(patterns[row] for row in node.tolist()),
    )


def _head(line: Line) -> tuple[int, int, int, int]:
    """Vehicles, customers, days and depots."""
    kind = line.whole_at(0, "type")
    if (kind, len(line)) not in ((_PERIODIC, 4), (_DEPOTS, 5)):
        raise line.bad("neither `1 m n t` nor `8 m n t d`")
    vehicles, customers, days = (
        line.positive_at(column, name) for column, name in enumerate(("m", "n", "t"), start=1)
    )
    return vehicles, customers, days, line.positive_at(4, "d") if kind == _DEPOTS else 1


def _patterns(line: Line, days: int) -> tuple[tuple[int, ...], ...]:
    """Days of each pattern: the leftmost of `days` bits is the first day."""
    often, count = line.whole_at(5, "frequency"), line.whole_at(6, "patterns")
    found = []
    for column in range(7, 7 + count):
        code = line.whole_at(column, "pattern")
        if not 0 < code < 1 << days:
            raise line.bad(f"pattern {code} is none of {days} days")
        listed = tuple(day for day in range(days) if code >> (days - 1 - day) & 1)
        if len(listed) != often:
            raise line.bad(f"pattern {code} has {len(listed)} days instead of {often}")
        found.append(listed)
    return tuple(found)
