"""Road graphs from and to networkx, with the attribute names of OSMnx."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np

from msap_mobility.errors import Faults
from msap_mobility.roads.graph import RoadGraph
from msap_mobility.roads.sections import Sections

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from msap_mobility.roads.profile import Profile

__all__ = ["graph_of_networkx", "networkx_of_graph"]

Line = tuple[tuple[float, float], ...]


class _Arc(NamedTuple):
    """One edge: from where to where, through which points, what it is called, at what cost."""

    tail: int
    head: int
    between: Line
    called: tuple[str, str]
    seconds: float
    metres: float


def graph_of_networkx(graph: Any, profile: Profile) -> RoadGraph:
    """Read nodes `x`, `y` and edges `length`, `travel_time` (or `speed_kph`), `geometry`."""
    directed = graph if graph.is_directed() else graph.to_directed()
    row = {node: i for i, node in enumerate(directed.nodes)}
    edges = list(directed.edges(data=True))
    with Faults() as faults:
        spots = [_coordinates(node, data, faults) for node, data in directed.nodes(data=True)]
        costs = [_cost(f"{tail} → {head}", data, faults) for tail, head, data in edges]
    arcs = (
        _Arc(
            row[tail],
            row[head],
            _between(data, spots[row[tail]], spots[row[head]]),
            (_text(data.get("highway")), _text(data.get("name"))),
            *cost,
        )
        for (tail, head, data), cost in zip(edges, costs, strict=True)
    )
    lon, lat = np.array(spots, np.float64).reshape(-1, 2).T
    return RoadGraph.of_sections(
        node_id=list(row), lon=lon, lat=lat, sections=_sections(arcs, spots), profile=profile
    )


def networkx_of_graph(graph: RoadGraph) -> Any:
    """Write what `RoadGraph.to_networkx` says."""
    from shapely import LineString  # noqa: PLC0415 - heavy

    made: nx.DiGraph[Any] = nx.DiGraph(crs="epsg:4326")
    ids = graph.node_id.tolist()
    for node, lon, lat in zip(ids, graph.lon.tolist(), graph.lat.tolist(), strict=True):
        made.add_node(node, x=lon, y=lat)
    arcs = (graph.tails, graph.heads, graph.metres, graph.seconds, graph.arc_way)
    columns = (column.tolist() for column in arcs)
    for tail, head, metres, seconds, way in zip(*columns, strict=True):
        line = graph.sections.line(way // 2, backward=way % 2 == 1)
        shape = {"geometry": LineString(line)} if len(line) > 2 else {}
        told = {"length": metres, "travel_time": seconds, **shape, **_called(graph, way // 2)}
        made.add_edge(ids[tail], ids[head], **told)
    return made


def _called(graph: RoadGraph, number: int) -> dict[str, str]:
    """The kind and the name of a section, as far as they are known."""
    sections = graph.sections
    kind = sections.kinds[int(sections.kind[number])]
    name = sections.names[int(sections.name[number])]
    return {key: told for key, told in (("highway", kind), ("name", name)) if told}


def _between(data: Mapping[str, Any], tail: tuple[float, float], head: tuple[float, float]) -> Line:
    """The points of an edge from tail to head, its ends left out; none if it has no line.

    An undirected graph tells one line for both ways: it is turned where it begins at the head.
    """
    points = [(float(x), float(y)) for x, y, *_ in getattr(data.get("geometry"), "coords", ())]
    if not np.isfinite(points).all():
        return ()
    if points and points[0] == head != tail:
        points.reverse()
    return tuple(points[1:-1])


def _sections(arcs: Iterable[_Arc], spots: list[tuple[float, float]]) -> Sections:
    """Roads of edges: two that run along one line are the two ways of one road."""
    ends: list[tuple[int, int]] = []
    lines: list[Line] = []
    ways: list[list[float]] = []  # seconds and metres along, seconds and metres against
    called: list[tuple[str, str]] = []
    same: dict[tuple[int, int, Line, tuple[str, str]], list[int]] = defaultdict(list)
    for arc in arcs:
        turned = arc.tail > arc.head
        tail, head = sorted((arc.tail, arc.head))
        between = arc.between[::-1] if turned else arc.between
        side, others = (2 if turned else 0), same[tail, head, between, arc.called]
        known = (number for number in others if np.isinf(ways[number][side]))
        number = len(ways) if tail == head else next(known, len(ways))
        if number == len(ways):
            others.append(number)
            ends.append((tail, head))
            lines.append((spots[tail], *between, spots[head]))
            called.append(arc.called)
            ways.append([np.inf, arc.metres, np.inf, arc.metres])
        ways[number][side : side + 2] = arc.seconds, arc.metres
    start = np.zeros(len(lines) + 1, np.int32)
    np.cumsum([len(line) for line in lines], out=start[1:])
    lon, lat = np.array([point for line in lines for point in line]).reshape(-1, 2).T
    tails, heads = np.array(ends, np.int32).reshape(-1, 2).T
    along_s, along_m, against_s, against_m = np.array(ways, np.float64).reshape(-1, 4).T
    kinds, names = (dict.fromkeys(texts) for texts in zip(("", ""), *called, strict=True))
    kind_row, name_row = ({text: n for n, text in enumerate(known)} for known in (kinds, names))
    return Sections(
        tail=tails,
        head=heads,
        along_s=along_s,
        against_s=against_s,
        along_m=along_m,
        against_m=against_m,
        way_id=np.full(len(lines), -1, np.int64),
        kind=np.array([kind_row[kind] for kind, _ in called], np.int16),
        kinds=tuple(kinds),
        name=np.array([name_row[name] for _, name in called], np.int32),
        names=tuple(names),
        start=start,
        lon=lon,
        lat=lat,
    )


def _text(value: Any) -> str:
    """What an edge is called; of several, where OSMnx has joined roads, the first."""
    one = value[0] if isinstance(value, list | tuple) and value else value
    return one if isinstance(one, str) else ""


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
