"""Random graphs with everything awkward, and the slow and sure way through them."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from hypothesis import strategies as st

from msap_mobility.roads.hierarchy import Hierarchy, Seeds
from msap_mobility.roads.weights import NEVER


@dataclass(frozen=True)
class Graph:
    """Arcs with weights."""

    nodes: int
    arcs: tuple[tuple[int, int, int], ...]

    def columns(self) -> dict[str, list[int]]:
        return {
            name: [arc[column] for arc in self.arcs]
            for column, name in enumerate(("tails", "heads", "weight"))
        }

    def hierarchy(self) -> Hierarchy:
        return Hierarchy.build(self.nodes, **self.columns())

    def ways(self, seeds: list[tuple[int, int]], *, backward: bool = False) -> list[int]:
        """Dijkstra's algorithm on Python's whole numbers."""
        out: dict[int, list[tuple[int, int]]] = {node: [] for node in range(self.nodes)}
        for tail, head, weight in self.arcs:
            here, there = (head, tail) if backward else (tail, head)
            out[here].append((there, weight))
        found = [NEVER] * self.nodes
        queue = [(weight, node) for node, weight in sorted(seeds, key=lambda seed: seed[1])]
        while queue:
            weight, node = heappop(queue)
            if weight < found[node]:
                found[node] = weight
                for head, more in out[node]:
                    heappush(queue, (weight + more, head))
        return found


def seeds_of(places: list[list[tuple[int, int]]]) -> Seeds:
    return Seeds(
        start=np.cumsum([0, *(len(place) for place in places)]).astype(np.int32),
        node=np.array([node for place in places for node, _ in place], np.int32),
        weight=np.array([weight for place in places for _, weight in place], np.int64),
    )


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """One-way, parallel, zero and looping arcs, in several pieces; seconds and metres apart."""
    nodes = draw(st.integers(1, 14))
    node = st.integers(0, nodes - 1)
    weight = st.builds(lambda ms, dm: (ms << 32) + dm, st.integers(0, 4), st.integers(0, 3))
    arcs = draw(st.lists(st.tuples(node, node, weight), max_size=4 * nodes))
    if draw(st.booleans()):
        arcs += [(head, tail, weight) for tail, head, weight in arcs]
    return Graph(nodes, tuple(arcs))


@st.composite
def places(draw: st.DrawFn, nodes: int) -> list[list[tuple[int, int]]]:
    """Some places with none to three nodes each."""
    seed = st.tuples(st.integers(0, nodes - 1), st.integers(0, 5).map(lambda ms: ms << 32))
    return draw(st.lists(st.lists(seed, max_size=3), max_size=18))
