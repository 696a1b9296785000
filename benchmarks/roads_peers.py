"""Packages that one gives the arcs of our own graph, each behind the same few questions."""

from __future__ import annotations

import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from msap_mobility.roads import RoadGraph

__all__ = ["Igraph", "Networkx", "Pandana", "Scipy"]


class Scipy:
    """`scipy.sparse.csgraph.dijkstra` on our arcs."""

    def __init__(self, graph: RoadGraph) -> None:
        shape = (len(graph), len(graph))
        self.arcs = csr_array((_whole(graph), graph.heads, graph.indptr), shape=shape)

    def table(self, origins: Any, destinations: Any) -> Any:
        """Seconds, in slices of rows as whoever has little memory would ask."""
        rows = [self.to_all(part)[:, destinations] for part in np.array_split(origins, 10)]
        return np.vstack(rows)

    def to_all(self, origins: Any) -> Any:
        """Seconds to every node."""
        return dijkstra(self.arcs, indices=origins)


class Igraph:
    """igraph on our arcs."""

    def __init__(self, graph: RoadGraph) -> None:
        igraph = import_module("igraph")
        ends = np.column_stack((graph.tails, graph.heads))
        self._graph = igraph.Graph(n=len(graph), edges=ends, directed=True)
        self._graph.es["s"] = _whole(graph)

    def table(self, origins: Any, destinations: Any) -> Any:
        """Seconds; distinct destinations only."""
        ends, column = np.unique(destinations, return_inverse=True)
        found = self._graph.distances(source=origins, target=ends, weights="s")
        return np.array(found)[:, column]


class Networkx:
    """networkx on our arcs, which one would make of them."""

    def __init__(self, graph: RoadGraph) -> None:
        self._graph, self._ids = graph.to_networkx(), graph.node_id

    def row(self, origin: int) -> dict[Any, float]:
        """Seconds to every node."""
        return dict(
            nx.single_source_dijkstra_path_length(
                self._graph, self._ids[origin], weight="travel_time"
            )
        )


class Pandana:
    """pandana on our arcs."""

    def __init__(self, graph: RoadGraph) -> None:
        pandana = import_module("pandana")
        begun = time.perf_counter()
        self._network = pandana.Network(
            pd.Series(graph.lon),
            pd.Series(graph.lat),
            pd.Series(graph.tails),
            pd.Series(graph.heads),
            pd.DataFrame({"s": _whole(graph)}),
            twoway=False,
        )
        self.seconds = time.perf_counter() - begun

    def table(self, origins: Any, destinations: Any) -> Any:
        """Seconds: it answers pairs."""
        pairs = np.repeat(origins, len(destinations)), np.tile(destinations, len(origins))
        found = self._network.shortest_path_lengths(*pairs, imp_name="s")
        return np.array(found).reshape(len(origins), len(destinations))

    def nearest(self, lon: Any, lat: Any, k: int, most_s: float) -> Any:
        """Seconds from every node to its k nearest places."""
        self._network.set_pois("places", most_s, k, lon, lat)
        return self._network.nearest_pois(most_s, "places", num_pois=k, imp_name="s").to_numpy()


def _whole(graph: RoadGraph) -> Any:
    """Seconds as we add them up: whole milliseconds."""
    return np.rint(graph.seconds * 1000) / 1000
