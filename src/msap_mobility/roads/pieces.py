"""Pieces of a road network that no road joins to the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from msap_mobility.roads.graph import RoadGraph

__all__ = ["Piece", "pieces_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of the network, in which every road is joined to every other, be it one-way.

    Parameters
    ----------
    nodes, sections
        How many.
    km
        Length of its roads.
    lon, lat
        WGS84 degrees of one of its nodes.
    names
        Of its roads, the longest first, three at most.
    """

    nodes: int
    sections: int
    km: float
    lon: float
    lat: float
    names: tuple[str, ...]


def pieces_of(graph: RoadGraph) -> tuple[Piece, ...]:
    """The pieces of a network, the longest first: all but the first are cut off from it.

    Nodes without a road are none. `RoadGraph.component` tells a stricter story: where one can go
    *and* come back.

    Examples
    --------
    >>> from msap_mobility.roads import RoadGraph
    >>> two = RoadGraph.of_arcs(
    ...     node_id=[1, 2, 3, 4], lon=[1.0, 1.1, 1.2, 1.3], lat=[45.0] * 4,
    ...     tails=[0, 2], heads=[1, 3], seconds=[9, 9], metres=[900, 700])
    >>> [(piece.nodes, piece.km, piece.lon) for piece in pieces_of(two)]
    [(2, 0.9, 1.0), (2, 0.7, 1.2)]
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - heavy
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - heavy

    roads = graph.sections
    ends = (np.ones(len(roads), np.int8), (roads.tail, roads.head))
    joined = coo_array(ends, shape=(len(graph), len(graph)))
    count, label = connected_components(joined, directed=False)
    piece = label[roads.tail]
    metres = np.bincount(piece, roads.along_m, minlength=count)
    sections = np.bincount(piece, minlength=count)
    nodes, (_, first) = np.bincount(label), np.unique(label, return_index=True)
    named = _names(roads, piece)
    return tuple(
        Piece(
            nodes=int(nodes[one]),
            sections=int(sections[one]),
            km=float(metres[one]) / 1000,
            lon=float(graph.lon[first[one]]),
            lat=float(graph.lat[first[one]]),
            names=tuple(named[one]),
        )
        for one in np.lexsort((first, -metres)).tolist()
        if sections[one]
    )


def _names(roads: Any, piece: Any) -> dict[int, list[str]]:
    """Per piece its longest roads by name."""
    pair, number = np.unique(
        piece.astype(np.int64) * len(roads.names) + roads.name, return_inverse=True
    )
    metres = np.bincount(number, roads.along_m)
    named: dict[int, list[str]] = {int(one): [] for one in np.unique(piece)}
    for one, name in (divmod(int(pair[at]), len(roads.names)) for at in np.argsort(-metres)):
        if roads.names[name] and len(named[one]) < 3:
            named[one].append(roads.names[name])
    return named
