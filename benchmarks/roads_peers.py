"""The engines one would use instead, each behind the same few questions; imported when asked."""

from __future__ import annotations

import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from msap_mobility.model import Points
    from msap_mobility.roads import RoadGraph

__all__ = ["PEERS", "Igraph", "Networkx", "Osrm", "Pandana", "Scipy"]

PEERS = ("osrm", "pandana", "scipy", "igraph", "networkx")


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


class Osrm:
    """OSRM's contraction hierarchy through its bindings, with its own car profile.

    Parameters
    ----------
    extract
        An ``.osm.pbf``.
    folder
        Where it may write.
    """

    def __init__(self, extract: Path, folder: Path) -> None:
        osrm = import_module("osrm")
        home = Path(str(osrm.__file__)).parent
        base = folder / "roads.osm.pbf"
        base.write_bytes(extract.read_bytes())
        profile = str(home / "share" / "profiles" / "car.lua")
        self.extract_s = _command("extract", "-t", "1", "-p", profile, str(base))
        network = folder / "roads.osrm"
        self.contract_s = _command("contract", "-t", "1", str(network))
        self._engine = osrm.OSRM(storage_config=str(network), use_shared_memory=False)

    def table(self, origins: Points, destinations: Points) -> Any:
        """Seconds, as an array."""
        osrm = import_module("osrm")
        places = [
            osrm.Coordinate((lon, lat))
            for points in (origins, destinations)
            for lon, lat in zip(points.lon.tolist(), points.lat.tolist(), strict=True)
        ]
        first = len(origins)
        asked = osrm.TableParameters(
            coordinates=places,
            sources=list(range(first)),
            destinations=list(range(first, len(places))),
            annotations=["duration"],
        )
        found = self._engine.Table(asked)["durations"]
        rows = [[np.nan if cell is None else cell for cell in row] for row in found]
        return np.array(rows, dtype=np.float64)


def _whole(graph: RoadGraph) -> Any:
    """Seconds as we add them up: whole milliseconds."""
    return np.rint(graph.seconds * 1000) / 1000


def _command(*words: str) -> float:
    """Seconds of one of OSRM's programs."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "osrm", *words],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun
