"""What is searched: the arcs of a graph as weights, and where places on its sections join them.

Here and elsewhere in `roads`, modules with kernels are imported where they are first needed: numba
takes longer to load than a network that is kept on disk.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.roads.hierarchy import Hierarchy, Seeds
from msap_mobility.roads.weights import NEVER, packed

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.roads.graph import RoadGraph
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64
    from msap_mobility.roads.snap import Snapped

__all__ = ["FEW", "Arcs", "Flags", "Network", "gathered", "on_one_section", "part_of", "turned"]

FEW = 16
"""So many searches of everything are sooner done than a hierarchy is built."""

Arcs = tuple["Int32", "Int32", "Int64"]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


class Network:
    """A road graph that is asked for ways between places.

    Parameters
    ----------
    graph
        The roads.
    """

    searches_nodes = True
    """Whether what is searched are the nodes of the graph, by their numbers."""

    def __init__(self, graph: RoadGraph) -> None:
        self.graph = graph
        self._hierarchy: Hierarchy | None = None

    @cached_property
    def arcs(self) -> Arcs:
        """What is searched, by tail (CSR): start, heads, weights."""
        graph = self.graph
        return graph.indptr, graph.heads, packed(graph.seconds, graph.metres)

    @property
    def is_contracted(self) -> bool:
        """Whether the hierarchy is there."""
        return self._hierarchy is not None

    @property
    def hierarchy(self) -> Hierarchy:
        """Built when it is first needed."""
        if self._hierarchy is None:
            self._hierarchy = self.contract()
        return self._hierarchy

    @hierarchy.setter
    def hierarchy(self, hierarchy: Hierarchy) -> None:
        self._hierarchy = hierarchy

    def contract(self, watch: Callable[[float], object] | None = None) -> Hierarchy:
        """A hierarchy of the arcs, see `Hierarchy.build`."""
        graph = self.graph
        return Hierarchy.build(
            len(graph),
            tails=graph.tails,
            heads=graph.heads,
            weight=self.arcs[2],
            lon=graph.lon,
            lat=graph.lat,
            watch=watch,
        )

    @cached_property
    def in_main(self) -> Flags:
        """Per node of what is searched: whether it is in the main part, where all ways exist."""
        main: Flags = self.graph.component == 0
        return main

    def all_joined(self, origins: Snapped, destinations: Snapped) -> bool:
        """Whether there is certainly a way from each place near a road to each of the others."""
        leaving, arriving = self.leaving(origins), self.arriving(destinations)
        return all(
            bool((_ways_through(doors, self.in_main) > 0)[places.is_near].all())
            for doors, places in ((leaving, origins), (arriving, destinations))
        )

    def ways_to(
        self, destinations: Snapped, most: int = NEVER - 1, *, origins: int
    ) -> Callable[[Snapped], Int64]:
        """Ask for ways to some places from others, in several slices if need be.

        Parameters
        ----------
        destinations
            Where to.
        most
            Ways that weigh more are not looked for.
        origins
            From how many places in all.

        Returns
        -------
        callable
            From some origins to weights on the network, int64 (origins, destinations); `NEVER`
            where there is no way.
        """
        between = self._between(self.arriving(destinations), most, origins)

        def ways(origins: Snapped) -> Int64:
            found = between(self.leaving(origins))
            row, column, way = self.along(origins, destinations)
            found[row, column] = np.minimum(found[row, column], way)
            found[found > most] = NEVER
            return found

        return ways

    def leaving(self, places: Snapped) -> Seeds:
        """From places on sections to the nodes ahead."""
        near, sections = np.flatnonzero(places.is_near), self.graph.sections
        at, share = places.section[near], places.share[near]
        ahead = part_of(sections.along_s[at], sections.along_m[at], 1 - share)
        behind = part_of(sections.against_s[at], sections.against_m[at], share)
        delay = packed(self.graph.delay_s, np.zeros(len(self.graph)))
        head, tail = sections.head[at], sections.tail[at]
        ahead = np.where(share < 1, ahead + delay[head], ahead)
        behind = np.where(share > 0, behind + delay[tail], behind)
        return _seeds(len(places), near, (head, tail), (ahead, behind))

    def arriving(self, places: Snapped) -> Seeds:
        """From the nodes behind to places on sections."""
        near, sections = np.flatnonzero(places.is_near), self.graph.sections
        at, share = places.section[near], places.share[near]
        along = part_of(sections.along_s[at], sections.along_m[at], share)
        against = part_of(sections.against_s[at], sections.against_m[at], 1 - share)
        return _seeds(len(places), near, (sections.tail[at], sections.head[at]), (along, against))

    def _between(self, ends: Seeds, most: int, origins: int) -> Callable[[Seeds], Int64]:
        """Node to node: by a hierarchy, or by searches of everything from the fewer side."""
        if self.is_contracted or min(origins, len(ends)) > FEW:
            from msap_mobility.roads.hierarchy.tables import Buckets  # noqa: PLC0415 - kernels

            return Buckets.below(self.hierarchy, ends, most).table
        from msap_mobility.roads.dijkstra import ways_to_all  # noqa: PLC0415 - kernels

        if origins <= len(ends):
            return lambda starts: gathered(ways_to_all(*self.arcs, starts, most), ends)
        label = ways_to_all(*turned(self.arcs), ends, most)
        return lambda starts: np.ascontiguousarray(gathered(label, starts).T)

    def along(self, origins: Snapped, destinations: Snapped) -> tuple[Any, Any, Int64]:
        """Pairs of places on one section, by row and column, and the weight of the way along it."""
        row, column = on_one_section(origins, destinations)
        sections, at = self.graph.sections, origins.section[row]
        ahead = destinations.share[column] - origins.share[row]
        along = part_of(sections.along_s[at], sections.along_m[at], np.maximum(ahead, 0))
        against = part_of(sections.against_s[at], sections.against_m[at], np.maximum(-ahead, 0))
        way = np.where(ahead >= 0, along, against)
        return row, column, np.where(ahead == 0, np.minimum(along, against), way)


def part_of(seconds: Any, metres: Any, share: Any) -> Int64:
    """Weight of a part of some sections; none of it costs nothing, be it closed."""
    with np.errstate(invalid="ignore"):  # nothing of a closed one
        return np.where(share == 0, 0, packed(seconds * share, metres * share))


def _ways_through(doors: Seeds, chosen: Flags) -> Any:
    """How many of the nodes around each place are chosen."""
    place = np.repeat(np.arange(len(doors)), np.diff(doors.start))
    return np.bincount(place[chosen[doors.node]], minlength=len(doors))


def _seeds(count: int, near: Any, nodes: tuple[Any, Any], weights: tuple[Any, Any]) -> Seeds:
    """Two ways at most from each place that is near, as far as they are open."""
    node, weight = np.column_stack(nodes), np.column_stack(weights)
    there = weight < NEVER
    ways = np.zeros(count, np.int64)
    ways[near] = there.sum(axis=1)
    start = np.zeros(count + 1, np.int32)
    np.cumsum(ways, out=start[1:])
    return Seeds(start=start, node=node[there].astype(np.int32), weight=weight[there])


def gathered(label: Int64, places: Seeds) -> Int64:
    """From labels of nodes (rows of them) to those of places: the best over the nodes of each."""
    found = np.full((len(label), len(places)), NEVER, np.int64)
    place = np.repeat(np.arange(len(places)), np.diff(places.start))
    ways = label[:, places.node]
    ways = np.where(ways < NEVER, ways + places.weight, NEVER)
    for nth in range(int(np.diff(places.start).max(initial=0))):
        has = np.flatnonzero(np.arange(len(place)) - places.start[place] == nth)
        found[:, place[has]] = np.minimum(found[:, place[has]], ways[:, has])
    return found


def turned(arcs: Arcs) -> Arcs:
    """Arcs by head: ways to a place become ways from it."""
    start, heads, weight = arcs
    nodes = len(start) - 1
    tails = np.repeat(np.arange(nodes, dtype=np.int32), np.diff(start))
    order = np.argsort(heads, kind="stable")
    turned = np.zeros(nodes + 1, np.int32)
    np.cumsum(np.bincount(heads, minlength=nodes), out=turned[1:])
    return turned, tails[order], weight[order]


def on_one_section(origins: Snapped, destinations: Snapped) -> tuple[Any, Any]:
    """Rows and columns of the pairs of places that lie on one section."""
    order = np.argsort(destinations.section, kind="stable")
    sorted_sections = destinations.section[order]
    first = np.searchsorted(sorted_sections, origins.section, side="left")
    last = np.searchsorted(sorted_sections, origins.section, side="right")
    count = np.where(origins.is_near, last - first, 0)
    row = np.repeat(np.arange(len(origins)), count)
    before = np.repeat(np.cumsum(count) - count, count)
    return row, order[np.arange(len(row)) - before + np.repeat(first, count)]
