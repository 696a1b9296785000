"""Which places are on the network, where they join it, and which are too far or cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.roads.asked import check_one_each
from msap_mobility.roads.snap import Snapper
from msap_mobility.roads.steps import road_words
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.model import Points
    from msap_mobility.roads.graph import RoadGraph
    from msap_mobility.wording import Lang

__all__ = ["SnapReport", "snap_report"]

Ints = np.ndarray[Any, np.dtype[np.int32]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SnapReport:
    """How some points meet the network, a row each.

    Parameters
    ----------
    graph
        The roads.
    max_snap_m
        What is further away is not on the network.
    section
        int32: the section joined; −1 if all that may be joined are too far.
    metres
        float64: to the nearest section that may be joined, even if it is too far.
    nearest
        int32: the nearest section of all; −1 if there is none.
    nearest_m
        float64: metres to there.
    cut_off
        Whether that is one from which one cannot get to most of the network and back: a road that
        the extract has cut off, an island, a one-way dead end.
    """

    graph: RoadGraph
    max_snap_m: float
    section: Ints
    metres: Floats
    nearest: Ints
    nearest_m: Floats
    cut_off: Truths

    def __len__(self) -> int:
        return len(self.section)

    @property
    def too_far(self) -> Truths:
        """Which points are not on the network."""
        return self.section < 0

    def lines(self, names: Sequence[str], lang: Lang = "en") -> list[str]:
        """A sentence for each point that is too far or stands on a piece cut off.

        Parameters
        ----------
        names
            Of the points.
        lang
            Of the sentences.
        """
        check_one_each(points=len(self), names=len(names))
        rows = np.flatnonzero(self.too_far | self.cut_off)
        return [self._line(int(row), names[int(row)], lang) for row in rows]

    def _line(self, row: int, name: str, lang: Lang) -> str:
        values = {
            "name": name,
            "most_m": self.max_snap_m,
            "away_m": float(self.metres[row]),
            "nearest_m": float(self.nearest_m[row]),
            "road": road_words(self.graph.sections, int(self.nearest[row]), lang),
            "joined": road_words(self.graph.sections, int(self.section[row]), lang),
        }
        if self.nearest[row] < 0:
            return say("roads.snap.no_road", lang, **values)
        if not self.too_far[row]:
            return say("roads.snap.cut_off", lang, **values)
        lost = self.cut_off[row] and self.nearest_m[row] <= self.max_snap_m
        return say("roads.snap.lost" if lost else "roads.snap.too_far", lang, **values)


def snap_report(graph: RoadGraph, snapper: Snapper, points: Points) -> SnapReport:
    """How points meet the network.

    Parameters
    ----------
    graph
        The roads.
    snapper
        Knows which of them may be joined.
    points
        WGS84 degrees.
    """
    sections = graph.sections
    is_open = np.isfinite(np.minimum(sections.along_s, sections.against_s))
    every = Snapper(graph, np.flatnonzero(is_open).astype(np.int32), np.inf)
    joined, nearest = snapper.snap(points), every.snap(points)
    at = nearest.section
    is_main = (graph.component[sections.tail] == 0) & (graph.component[sections.head] == 0)
    cut_off = np.zeros(len(points), np.bool_)
    cut_off[at >= 0] = ~is_main[at[at >= 0]]
    return SnapReport(
        graph=graph,
        max_snap_m=snapper.max_snap_m,
        section=joined.section,
        metres=joined.metres,
        nearest=at,
        nearest_m=nearest.metres,
        cut_off=cut_off,
    )
