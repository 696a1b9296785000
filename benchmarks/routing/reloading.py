"""Reader of several trips a day: vehicles come back to load what has been released by then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.routing.text import sections
from benchmarks.routing.vrplib import TIMED, coordinates, truncated, windows_of

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from benchmarks.routing.ground import Ground

__all__ = ["Reloading", "reloading"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reloading:
    """A VRPTW, in tenths, whose vehicles may drive several trips.

    Parameters
    ----------
    ground
        All but what follows; `count` of its fleet is a limit.
    release
        float64 (T,): a trip leaves the depot no sooner than the releases of its visits.
    reloads
        Nodes where vehicles may load again.
    """

    ground: Ground
    release: NDArray[np.float64]
    reloads: tuple[int, ...]


def reloading(file: Path) -> Reloading:
    """VRPLIB text with RELEASE_TIME_SECTION and VEHICLES_RELOAD_DEPOT_SECTION.

    Raises
    ------
    Malformed
        A line that says what cannot be, or vehicles that load again at different depots.
    """
    read = sections(file)
    read.only((*TIMED, "RELEASE_TIME_SECTION", "VEHICLES_RELOAD_DEPOT_SECTION"))
    count = read.count("VEHICLES")
    ground = windows_of(read, lengths=truncated(coordinates(read)), per=10.0, count=count)
    released = 10.0 * read.table("RELEASE_TIME_SECTION", read.count("DIMENSION"), 1)[:, 0]
    depots = {
        tuple(line.positive_at(column, "depot") - 1 for column in range(1, len(line)))
        for line, _ in read.numbered("VEHICLES_RELOAD_DEPOT_SECTION", count)
    }
    if len(depots) != 1:
        raise read.bad("VEHICLES_RELOAD_DEPOT_SECTION: the vehicles load at different depots")
    return Reloading(ground=ground, release=released[ground.visits.node], reloads=depots.pop())
