"""On which kinds of road the time of some trips is spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.roads.way_lines import legs_between

if TYPE_CHECKING:
    from msap_mobility.roads.network import Network
    from msap_mobility.roads.snap import Snapped

__all__ = ["SecondsByKind", "seconds_by_kind"]

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SecondsByKind:
    """The fastest ways of some trips, taken apart.

    Parameters
    ----------
    kinds
        Of roads, as `Sections.kinds` has them.
    on_roads
        float64 (trips, kinds): seconds along roads of each kind.
    elsewhere
        float64 per trip: seconds at junctions, in turns, and between doors and the road; infinite
        where there is no way.
    """

    kinds: tuple[str, ...]
    on_roads: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    elsewhere: Floats

    @property
    def seconds(self) -> Floats:
        """float64, of each trip as a whole."""
        whole: Floats = self.on_roads.sum(axis=1) + self.elsewhere
        return whole


def seconds_by_kind(
    network: Network, start: Snapped, end: Snapped, seconds: Floats
) -> SecondsByKind:
    """Take the ways of some pairs of places apart.

    Parameters
    ----------
    network
        The roads.
    start, end
        Where the places meet them, of one length.
    seconds
        Of the whole ways, from door to door; infinite where there is none.
    """
    sections = network.graph.sections
    on_roads = np.zeros((len(start), len(sections.kinds)))
    for row in np.flatnonzero(np.isfinite(seconds)).tolist():
        one: Any = np.array([row])
        for run, _ in legs_between(network, start.part(one), end.part(one)):
            number = run.direction >> 1
            ways = (sections.along_s, sections.against_s)
            whole = float(ways[run.direction & 1][number])
            on_roads[row, sections.kind[number]] += whole * abs(run.last - run.first)
    straight = on_roads.sum(axis=1) > seconds + 1e-3  # sooner across than by the road
    on_roads[straight] = 0.0
    return SecondsByKind(
        kinds=sections.kinds, on_roads=on_roads, elsewhere=seconds - on_roads.sum(axis=1)
    )
