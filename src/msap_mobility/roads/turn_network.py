"""What is searched where turns matter: directions of sections, and the turns between them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.roads.hierarchy import Hierarchy, Seeds
from msap_mobility.roads.network import Arcs, Flags, Network, part_of
from msap_mobility.roads.turns import Turns
from msap_mobility.roads.weights import NEVER, packed

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.roads.graph import RoadGraph
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64
    from msap_mobility.roads.profile import Turning
    from msap_mobility.roads.snap import Snapped
    from msap_mobility.roads.turn_ways import Run

__all__ = ["TurnNetwork"]


class TurnNetwork(Network):
    """A road graph whose turns cost something, or are forbidden.

    Its nodes are the states of `Turns`, directions of sections: to be at one is to be about to run
    along it. A place within a section runs to its end and turns; a place at a node sets out as it
    likes, and has arrived however it came.

    Parameters
    ----------
    graph
        The roads.
    turning
        What turns cost; the profile's if not given.
    """

    searches_nodes = False

    def __init__(self, graph: RoadGraph, turning: Turning | None = None) -> None:
        super().__init__(graph)
        self.turns = Turns.of(graph, turning)

    @cached_property
    def arcs(self) -> Arcs:
        """Turns by state (CSR): start, states turned into, weights of both."""
        turns = self.turns
        return turns.start, turns.into, self._run[turns.come] + self._turn

    @cached_property
    def in_main(self) -> Flags:
        """Per state: whether it is in the greatest part, turns as they are permitted."""
        from scipy.sparse import csr_array  # noqa: PLC0415 - heavy
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - heavy

        turns = self.turns
        states, ones = len(turns.direction), np.ones(len(turns), np.int8)
        arcs = csr_array((ones, turns.into, turns.start), shape=(states, states))
        part = connected_components(arcs, connection="strong")[1]
        main: Flags = part == np.bincount(part, minlength=1).argmax()
        return main

    @cached_property
    def _run(self) -> Int64:
        """Weight of each state; `NEVER` where it is closed."""
        sections = self.graph.sections
        seconds = np.column_stack((sections.along_s, sections.against_s)).ravel()
        metres = np.column_stack((sections.along_m, sections.against_m)).ravel()
        return packed(seconds, metres)[self.turns.direction]

    @cached_property
    def _turn(self) -> Int64:
        return packed(self.turns.seconds, np.zeros(len(self.turns)))

    def contract(self, watch: Callable[[float], object] | None = None) -> Hierarchy:
        """A hierarchy of the turns, see `Hierarchy.build`."""
        turns, graph = self.turns, self.graph
        return Hierarchy.build(
            len(turns.direction),
            tails=turns.come,
            heads=turns.into,
            weight=self.arcs[2],
            lon=graph.lon[turns.begin],
            lat=graph.lat[turns.begin],
            watch=watch,
        )

    def leaving(self, places: Snapped) -> Seeds:
        """From places on sections into the directions they turn into."""
        at_node, within = self._split(places)
        found = [self._at_nodes(at_node, self._nodes(places, at_node), leaving=True)]
        for backward in (0, 1):
            place, direction, ways = self._ahead(places, within, backward, rest=True)
            start = self.turns.start
            count = (start[direction + 1] - start[direction]).astype(np.int64)
            turn = _runs(start[direction], count)
            weight = np.repeat(ways, count) + self._turn[turn]
            found.append((np.repeat(place, count), self.turns.into[turn], weight))
        return _gathered_by(len(places), found)

    def arriving(self, places: Snapped) -> Seeds:
        """From the directions that places lie on to them."""
        at_node, within = self._split(places)
        found = [self._at_nodes(at_node, self._nodes(places, at_node), leaving=False)]
        found += [
            self._however_come(*self._ahead(places, within, backward, rest=False))
            for backward in (0, 1)
        ]
        return _gathered_by(len(places), found)

    def along(self, origins: Snapped, destinations: Snapped) -> tuple[Any, Any, Int64]:
        """Pairs of places between which one does not turn, and the weight of the way.

        Both are on one section, or the destination is at a node where the section of the origin
        ends.
        """
        _, within = self._split(origins)
        at_node, _ = self._split(destinations)
        found = [super().along(origins, destinations)]
        for backward in (0, 1):
            row, direction, rest = self._ahead(origins, within, backward, rest=True)
            ends, nodes = self.turns.end[direction], self._nodes(destinations, at_node)
            which = np.arange(len(row))
            one, column, _ = _matched(which, ends, at_node, nodes, np.zeros(len(at_node), np.int64))
            found.append((row[one], column, rest[one]))
        row, column, way = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.lexsort((way, column, row))  # of one pair the best first
        pair = np.column_stack((row, column))[order]
        best = order[np.append(True, (np.diff(pair, axis=0) != 0).any(axis=1))[: len(order)]]
        return row[best], column[best], way[best]

    def node_of(self, place: Snapped) -> int:
        """The node that one place, which is at a node, is at."""
        return int(self._nodes(place, np.array([0]))[0])

    def weight_of(self, run: Run) -> int:
        """Weight of a part of a direction; `NEVER` where it is closed."""
        sections, number = self.graph.sections, run.direction >> 1
        against = bool(run.direction & 1)
        seconds = (sections.against_s if against else sections.along_s)[number]
        metres = (sections.against_m if against else sections.along_m)[number]
        share = abs(run.last - run.first)
        return int(part_of(seconds, metres, share)) if np.isfinite(seconds) else NEVER

    def turn_into(self, come: int, into: int) -> int:
        """Weight of a turn from one state into another; `NEVER` where it is not permitted."""
        first, last = self.turns.start[come], self.turns.start[come + 1]
        found = np.flatnonzero(self.turns.into[first:last] == into)
        return int(self._turn[first + found[0]]) if len(found) else NEVER

    def turn_between(self, come: int, go: int) -> int:
        """Weight of a turn from one direction into another; `NEVER` where none may make it.

        It weighs the same whatever way is behind.
        """
        came, into = (self._states_of(direction) for direction in (come, go))
        return min(self.turn_into(one, other) for one in came for other in into)

    def _states_of(self, direction: int) -> list[int]:
        directions = 2 * len(self.graph.sections)
        copies = np.flatnonzero(self.turns.direction[directions:] == direction)
        return [direction, *(directions + copies).tolist()]

    def _split(self, places: Snapped) -> tuple[Any, Any]:
        """Rows of the places at nodes, and of those within sections."""
        at_end = (places.share <= 0) | (places.share >= 1)
        return np.flatnonzero(places.is_near & at_end), np.flatnonzero(places.is_near & ~at_end)

    def _nodes(self, places: Snapped, rows: Any) -> Int32:
        sections, at = self.graph.sections, places.section[rows]
        nodes: Int32 = np.where(places.share[rows] >= 1, sections.head[at], sections.tail[at])
        return nodes

    def _ahead(self, places: Snapped, rows: Any, backward: int, *, rest: bool) -> Any:
        """Places, their direction, and the part of it that lies ahead of them, or behind."""
        sections, at, share = self.graph.sections, places.section[rows], places.share[rows]
        seconds = (sections.along_s, sections.against_s)[backward][at]
        metres = (sections.along_m, sections.against_m)[backward][at]
        gone = 1 - share if backward else share
        there = np.isfinite(seconds)
        ways = part_of(seconds, metres, 1 - gone if rest else gone)
        return rows[there], 2 * at[there] + backward, ways[there]

    def _at_nodes(self, places: Any, nodes: Any, *, leaving: bool) -> Any:
        """Places at nodes: the open directions out of them; to arrive, also those into them.

        Who sets out has no way behind that forbids a turn; who arrives may have come by any.
        """
        turns = self.turns
        there = np.flatnonzero(turns.is_open & (turns.remember_nothing | (not leaving)))
        found = [_matched(places, nodes, there, turns.begin[there], np.zeros(len(there), np.int64))]
        if not leaving:
            found.append(_matched(places, nodes, there, turns.end[there], self._run[there]))
        return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))

    def _however_come(self, places: Any, direction: Any, ways: Int64) -> Any:
        """Places on directions: all states of these, whatever way is behind."""
        states, nothing = self.turns.direction, np.zeros(len(self.turns.direction), np.int64)
        which, state, _ = _matched(
            np.arange(len(places)), direction, np.arange(len(states)), states, nothing
        )
        return places[which], state, ways[which]


def _matched(places: Any, spots: Any, state: Any, its_spot: Any, weight: Int64) -> Any:
    """Each place with the states of its spot."""
    order = np.argsort(its_spot, kind="stable")
    first = np.searchsorted(its_spot[order], spots, side="left")
    count = np.searchsorted(its_spot[order], spots, side="right") - first
    row = order[_runs(first, count)]
    return np.repeat(places, count), state[row], weight[row]


def _runs(first: Any, count: Any) -> Any:
    """Whole numbers from each first on, as many as its count."""
    before = np.cumsum(count) - count
    return np.arange(count.sum()) + np.repeat(first - before, count)


def _gathered_by(count: int, found: list[Any]) -> Seeds:
    """Places, nodes and weights as seeds."""
    place, node, weight = (np.concatenate(parts) for parts in zip(*found, strict=True))
    there = np.flatnonzero(weight < NEVER)
    order = there[np.argsort(place[there], kind="stable")]
    start = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(place[order], minlength=count), out=start[1:])
    return Seeds(start=start, node=node[order].astype(np.int32), weight=weight[order])
