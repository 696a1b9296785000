"""Reader of covering tours: a network, and the runs on it with their proven optima."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.routing.references import Reference, reference_rows
from benchmarks.routing.text import Line, Malformed, lines, numbers
from benchmarks.routing.tsplib import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Covering", "CoveringRun", "covering", "covering_runs"]

_COUNTS = ("VERTICES", "MANDATORY", "CUSTOMERS")
_PARTS = ("VERTEX_COORD", "CUSTOMER_COORD", "COVERS")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covering:
    """One network.

    Parameters
    ----------
    lengths
        float64 (V, V): whole, between vertices; 0 is the depot.
    mandatory
        Vertices 0 … mandatory − 1 are visited.
    customers
        Number of them: each is covered by a vertex visited that is not mandatory.
    covers
        Of each vertex the customers it covers; none of a mandatory one.
    """

    lengths: NDArray[np.float64]
    mandatory: int
    customers: int
    covers: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveringRun:
    """A network with limits of each route.

    Parameters
    ----------
    stops, length
        At most, the depot not counted; infinite where there is no limit.
    reference
        The proven optimum.
    """

    name: str
    network: str
    stops: int
    length: float
    reference: Reference


def covering(file: Path) -> Covering:
    """A network.

    Raises
    ------
    Malformed
        A line that says what cannot be, or a customer that nothing covers.
    """
    counts: dict[str, int] = {}
    parts: dict[str, list[Line]] = {name: [] for name in _PARTS}
    current: list[Line] | None = None
    for line in lines(file):
        key = line.words[0].upper().rstrip(":")
        if key in _COUNTS:
            counts[key] = line.positive_at(len(line) - 1, key)
        elif key in _PARTS:
            current = parts[key]
        elif key != "METRIC":
            if current is None:
                raise line.bad(f"belongs to none of {', '.join(_PARTS)}")
            current.append(line)
    for name in _COUNTS:
        if name not in counts:
            raise Malformed(file, 0, f"{name} is missing")
    vertices, mandatory, customers = (counts[name] for name in _COUNTS)
    covers = _covers(file, parts["COVERS"], vertices, mandatory, customers)
    _places(file, parts["CUSTOMER_COORD"], customers)
    return Covering(
        lengths=nearest(_places(file, parts["VERTEX_COORD"], vertices)),
        mandatory=mandatory,
        customers=customers,
        covers=covers,
    )


def covering_runs(folder: Path) -> list[CoveringRun]:
    """Every run of the table: with both limits, and with the stops alone, each once."""
    found: dict[str, CoveringRun] = {}
    for row in reference_rows(folder):
        for run in _runs(row):
            found.setdefault(run.name, run)
    return sorted(found.values(), key=lambda run: run.name)


def _runs(row: dict[str, str]) -> Iterator[CoveringRun]:
    """What one row of the table asks."""
    network, stops, length = row["network"], int(row["p_max_stops"]), float(row["q_max_length"])
    for name, limit, column in (
        (row["instance"], length, "opt_mctp_p_and_q"),
        (f"{network}-{stops}", np.inf, "opt_mctp_p_no_length_limit"),
    ):
        if row.get(column):
            best = Reference(value=float(row[column]), half_unit=0.5)
            yield CoveringRun(name=name, network=network, stops=stops, length=limit, reference=best)


def _places(file: Path, rows: list[Line], count: int) -> NDArray[np.float64]:
    """float64 (count, 2): rows ``id x y``, ids from 0 on."""
    if len(rows) != count:
        raise Malformed(file, 0, f"{len(rows)} places instead of {count}")
    for number, line in enumerate(rows):
        if line.whole_at(0, "id") != number:
            raise line.bad(f"id {line.words[0]} instead of {number}")
    return np.array([numbers(line, 1, ("x", "y")) for line in rows])


def _covers(
    file: Path, rows: list[Line], vertices: int, mandatory: int, customers: int
) -> tuple[tuple[int, ...], ...]:
    """Rows ``vertex : customer…``."""
    found: list[tuple[int, ...]] = [()] * vertices
    for row in rows:
        words = " ".join(row.words).replace(":", " ").split()
        line = Line(file=file, number=row.number, words=tuple(words))
        vertex = line.whole_at(0, "vertex")
        if not mandatory <= vertex < vertices or found[vertex]:
            raise line.bad(f"vertex {vertex} is there twice or covers nothing")
        listed = [line.whole_at(column, "customer") for column in range(1, len(line))]
        if not all(0 <= customer < customers for customer in listed):
            raise line.bad(f"a customer is outside 0…{customers - 1}")
        found[vertex] = tuple(listed)
    alone = set(range(customers)) - {customer for listed in found for customer in listed}
    if alone:
        raise Malformed(file, 0, f"nothing covers customer {min(alone)}")
    return tuple(found)
