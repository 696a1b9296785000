"""What lies between two doors: the way to the road, the roads, and the way from the road."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.roads.hierarchy import Seeds
from msap_mobility.roads.network import on_one_section
from msap_mobility.roads.snap import Snapped
from msap_mobility.roads.weights import NEVER, packed, seconds_of

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int64
    from msap_mobility.roads.network import Network
    from msap_mobility.roads.snap import Snapper

__all__ = ["Terrain", "neighbours", "seconds_through", "together"]

Floats2 = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.intp]]
Seconds = np.ndarray[Any, np.dtype[np.float32]]


class Terrain:
    """A network, and how fast one gets to it.

    Parameters
    ----------
    network
        The roads.
    snapper
        Where places meet them.
    off_road_m_per_s
        Speed on the straight way to the road.
    """

    def __init__(self, network: Network, snapper: Snapper, off_road_m_per_s: float) -> None:
        self.network = network
        self.snapper = snapper
        self.off_road_m_per_s = off_road_m_per_s

    def across(self, metres: Any) -> Int64:
        """Weights of straight ways off the road."""
        return packed(np.asarray(metres) / self.off_road_m_per_s, metres)

    def nodes(self) -> Snapped:
        """The nodes of the graph, at an end of a section that each has; if none, off the roads.

        They are asked for ways by road alone: so far off that nothing is straight to them.
        """
        graph = self.network.graph
        section, share = np.full(len(graph), -1, np.int32), np.zeros(len(graph))
        ends = np.column_stack((graph.sections.tail, graph.sections.head)).ravel()[::-1]
        number = np.arange(len(ends))[::-1]  # the first section stays: places snap to it as well
        section[ends], share[ends] = number // 2, number % 2
        x, y = self.snapper.project(graph.lon, graph.lat)
        return Snapped(section=section, share=share, metres=np.zeros(len(graph)), x=x + np.inf, y=y)

    def doors(self, places: Snapped, *, leaving: bool) -> Seeds:
        """From places to the nodes around them, or back: the way to their road included."""
        network = self.network
        seeds = network.leaving(places) if leaving else network.arriving(places)
        access = np.where(places.is_near, places.metres, 0.0)
        more = np.repeat(self.across(access), np.diff(seeds.start))
        return Seeds(start=seeds.start, node=seeds.node, weight=seeds.weight + more)

    def direct(self, start: Snapped, end: Snapped) -> tuple[Rows, Rows, Int64]:
        """Of pairs of places on one section: row, column and weight of the way past no node."""
        row, column, along = self.network.along(start, end)
        access = self.across(start.metres[row]) + self.across(end.metres[column])
        way = np.where(along < NEVER, along + access, NEVER)
        near_row, near_column, straight = neighbours(start, end)
        return (
            np.concatenate((row, near_row)),
            np.concatenate((column, near_column)),
            np.concatenate((way, self.across(straight))),
        )


def neighbours(start: Snapped, end: Snapped) -> tuple[Rows, Rows, Floats2]:
    """Pairs by one section that are nearer to one another than by their road, metres straight."""
    row, column = on_one_section(start, end)
    straight = np.hypot(start.x[row] - end.x[column], start.y[row] - end.y[column])
    near = straight <= start.metres[row] + end.metres[column]
    return row[near], column[near], straight[near]


def together(doors: Seeds) -> Seeds:
    """Several places as one: whatever is nearest of them."""
    start = np.array([0, len(doors.node)], np.int32)
    return Seeds(start=start, node=doors.node, weight=doors.weight)


def seconds_through(seconds: Seconds, doors: Seeds) -> Seconds:
    """From seconds of nodes (rows of them) to those of places, by the best of their doors."""
    found = np.full((len(seconds), len(doors)), np.inf, np.float32)
    ways, more = np.diff(doors.start), seconds_of(doors.weight).astype(np.float32)
    for nth in range(int(ways.max(initial=0))):
        has = np.flatnonzero(ways > nth)
        door = doors.start[has] + nth
        found[:, has] = np.minimum(found[:, has], seconds[:, doors.node[door]] + more[door])
    return found
