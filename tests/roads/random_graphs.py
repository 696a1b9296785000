"""Small random road graphs with everything that makes real ones awkward."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from msap_mobility.roads import RoadGraph


@st.composite
def road_graphs(draw: st.DrawFn, *, max_nodes: int = 6) -> RoadGraph:
    """One-way, parallel, zero-length and looping arcs, often in several pieces.

    Nodes lie on a curve, so that no straight section runs through another node: a place put on a
    node that has a section is on the network there. Costs are small whole numbers: ties abound and
    sums are exact.
    """
    nodes = draw(st.integers(1, max_nodes))
    node = st.integers(0, nodes - 1)
    arc = st.tuples(node, node, st.integers(0, 4), st.integers(0, 4))
    arcs = draw(st.lists(arc, max_size=3 * nodes))
    return RoadGraph.of_arcs(
        node_id=[10 * (i + 1) for i in range(nodes)],
        lon=[1 + i / 100 for i in range(nodes)],
        lat=[45 + (i / 100) ** 2 for i in range(nodes)],
        tails=[tail for tail, _, _, _ in arcs],
        heads=[head for _, head, _, _ in arcs],
        seconds=[seconds for _, _, seconds, _ in arcs],
        metres=[metres for _, _, _, metres in arcs],
    )


def on_a_road(graph: RoadGraph) -> list[int]:
    """Nodes where a section begins or ends."""
    return np.unique(np.concatenate((graph.sections.tail, graph.sections.head))).tolist()
