"""Road graphs from and to networkx, with the attribute names of OSMnx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from msap_mobility.errors import Faults
from msap_mobility.roads.graph import RoadGraph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.roads.profile import Profile

__all__ = ["graph_of_networkx", "networkx_of_graph"]


def graph_of_networkx(graph: Any, profile: Profile) -> RoadGraph:
    """Read nodes `x`, `y` and edges `length`, `travel_time` (or `speed_kph`)."""
    directed = graph if graph.is_directed() else graph.to_directed()
    row = {node: i for i, node in enumerate(directed.nodes)}
    edges = list(directed.edges(data=True))
    with Faults() as faults:
        coordinates = [_coordinates(node, data, faults) for node, data in directed.nodes(data=True)]
        costs = [_cost(f"{tail} → {head}", data, faults) for tail, head, data in edges]
    lon, lat = np.array(coordinates, np.float64).reshape(-1, 2).T
    seconds, metres = np.array(costs, np.float64).reshape(-1, 2).T
    return RoadGraph.of_arcs(
        node_id=list(row),
        lon=lon,
        lat=lat,
        tails=[row[tail] for tail, _, _ in edges],
        heads=[row[head] for _, head, _ in edges],
        seconds=seconds,
        metres=metres,
        profile=profile,
    )


def networkx_of_graph(graph: RoadGraph) -> Any:
    """Write nodes `x`, `y` and edges `length`, `travel_time`."""
    made: nx.DiGraph[Any] = nx.DiGraph(crs="epsg:4326")
    ids = graph.node_id.tolist()
    for node, lon, lat in zip(ids, graph.lon.tolist(), graph.lat.tolist(), strict=True):
        made.add_node(node, x=lon, y=lat)
    arcs = (graph.tails, graph.heads, graph.metres, graph.seconds)
    for tail, head, metres, seconds in zip(*(column.tolist() for column in arcs), strict=True):
        made.add_edge(ids[tail], ids[head], length=metres, travel_time=seconds)
    return made


def _number(value: Any) -> float:
    """The value as a number; NaN where it is none (a text with a unit, a list, nothing)."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return np.nan


def _coordinates(node: object, data: Mapping[str, Any], faults: Faults) -> tuple[float, float]:
    lon, lat = _number(data.get("x")), _number(data.get("y"))
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        faults.add("node_without_coordinates", value=node)
    return lon, lat


def _cost(arc: str, data: Mapping[str, Any], faults: Faults) -> tuple[float, float]:
    """Seconds and metres of one edge."""
    metres = _number(data.get("length"))
    if data.get("travel_time") is None:
        seconds = metres / (_slowest_km_h(data.get("speed_kph")) / 3.6)
    else:
        seconds = _number(data["travel_time"])
    if not (0 <= metres < np.inf and 0 <= seconds < np.inf):
        faults.add("edge_without_cost", value=arc)
    return seconds, metres


def _slowest_km_h(told: Any) -> float:
    """The speed of an edge; of several, where OSMnx has joined roads, the slowest.

    NaN unless every one is a number above zero.
    """
    listed = told if isinstance(told, list | tuple) else [told]
    speeds = [_number(one) for one in listed]
    return min(speeds) if speeds and all(speed > 0 for speed in speeds) else np.nan
