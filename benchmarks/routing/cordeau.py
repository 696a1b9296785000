"""Reader of Cordeau's multi-depot text: ``type m n t``, depots' limits, customers, depots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.routing.ground import Asked, Fleet, Ground, Visits, euclid
from benchmarks.routing.text import Line, Malformed, lines, numbers

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["multi_depot"]

_MULTI_DEPOT = 2
_NAMES = ("x", "y", "service", "demand")


def multi_depot(file: Path) -> Ground:
    """Several depots with m vehicles each; unrounded distance, 0 is no limit of duration."""
    read = lines(file)
    if len(read) < 1:
        raise Malformed(file, 0, "is empty")
    head = read[0]
    kind, vehicles, customers, depots = (
        head.whole_at(column, name) for column, name in enumerate(("type", "m", "n", "t"))
    )
    if kind != _MULTI_DEPOT or min(vehicles, customers, depots) < 1:
        raise head.bad("not `2 m n t`: the multi-depot kind without time windows")
    limits, nodes = read[1 : 1 + depots], read[1 + depots :]
    if len(nodes) != customers + depots:
        raise Malformed(file, 0, f"{len(nodes)} nodes instead of {customers} + {depots}")
    table = np.array([_node(line, number) for number, line in enumerate(nodes, start=1)])
    durations = np.array([line.number_at(0, "duration") for line in limits])
    return Ground(
        lengths=euclid(table[:, :2]),
        timed=True,
        visits=Visits.of(
            node=np.arange(customers), service=table[:customers, 2], load=-table[:customers, 3]
        ),
        asked=Asked.of(visit=np.arange(customers), vehicles=depots),
        fleet=Fleet.of(
            count=[vehicles] * depots,
            start=np.arange(customers, customers + depots),
            capacity=[line.number_at(1, "load") for line in limits],
            duration=np.where(durations > 0, durations, np.inf),
        ),
        whole=False,
    )


def _node(line: Line, number: int) -> list[float]:
    """Place, service and demand; its visit patterns say nothing here."""
    if line.whole_at(0, "id") != number:
        raise line.bad(f"id {line.words[0]} instead of {number}")
    return numbers(line, 1, _NAMES)
