"""Roads as columns in memory: arrays, lists or a data frame of edges, and one of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pyproj import Geod

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.roads.exchange.edge_rules import ways_of
from msap_mobility.roads.graph import RoadGraph
from msap_mobility.roads.sections import Sections

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msap_mobility.provenance import Source
    from msap_mobility.roads.profile import Profile

__all__ = ["graph_of_edge_table"]

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int], np.dtype[np.int32]]
Line = list[tuple[float, float]]

_WGS84 = Geod(ellps="WGS84")


def graph_of_edge_table(
    edges: Any, nodes: Any, profile: Profile, sources: tuple[Source, ...] = ()
) -> RoadGraph:
    """The network of a table of edges between the nodes of another.

    Parameters
    ----------
    edges
        Columns by name (a dict of arrays or lists, a data frame): ``from`` and ``to``; ``seconds``
        or ``km_per_h``; and, if they are there, ``metres``, ``climb_m``, ``oneway``, ``geometry``,
        ``kind`` and ``name``. See `RoadGraph.from_edges`.
    nodes
        Columns ``id``, ``lon``, ``lat``.
    profile, sources
        Whose speeds these are, and what the roads rest on.

    Raises
    ------
    InputError
        With every fault, each wrong value once; rows count from 1.
    """
    with Faults() as faults:
        given = _columns(edges, ("from", "to"), "edges", faults)
        _columns(nodes, ("id", "lon", "lat"), "nodes", faults)
        if not {"seconds", "km_per_h"} & set(given):
            there = ", ".join(map(str, given))
            faults.add("missing_column", column="seconds", value="seconds", there=there)
    with Faults() as faults:
        ids, lon, lat = _nodes(nodes, faults)
        tail, head = (_rows(edges[name], ids, name, faults) for name in ("from", "to"))
    count = len(tail)
    lines = _lines(edges, given, (tail, head), (lon, lat))
    with Faults() as faults:
        metres = _amounts(edges, given, "metres", count, faults)
        metres = np.where(np.isnan(metres), _measured(lines), metres)
        climb = _amounts(edges, given, "climb_m", count, faults, least=-np.inf)
        seconds, known = _seconds(edges, given, metres, _paces(climb, metres, profile), faults)
        along, against = _open_ways(edges, given, count, faults)
    kind, kinds = _texts(edges, given, "kind", count)
    name, names = _texts(edges, given, "name", count)
    start = np.zeros(count + 1, np.int32)
    np.cumsum([len(line) for line in lines], out=start[1:])
    points = np.array([point for line in lines for point in line]).reshape(-1, 2)
    sections = Sections(
        tail=tail,
        head=head,
        along_s=np.where(along, seconds[0], np.inf),
        against_s=np.where(against, seconds[1], np.inf),
        along_m=metres,
        against_m=metres,
        way_id=np.full(count, -1, np.int64),
        kind=kind.astype(np.int16),
        kinds=kinds,
        name=name.astype(np.int32),
        names=names,
        start=start,
        lon=points[:, 0].copy(),
        lat=points[:, 1].copy(),
    )
    return RoadGraph.of_sections(
        node_id=ids,
        lon=lon,
        lat=lat,
        sections=sections,
        slope_known=float(metres[known].sum() / max(metres.sum(), 1e-9)),
        profile=profile,
        sources=sources,
    )


def _columns(table: Any, needed: tuple[str, ...], what: str, faults: Faults) -> list[Any]:
    """The names of the columns; those that are needed must be there, all of one length."""
    there = list(table)
    lengths = {str(name): len(table[name]) for name in there}
    for name in needed:
        if name not in there:
            listed = ", ".join(lengths)
            faults.add("missing_column", column=name, value=f"{what}: {name}", there=listed)
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        faults.add("edge_columns_length", value=told)
    return there


def _nodes(nodes: Any, faults: Faults) -> tuple[list[Any], Floats, Floats]:
    ids = np.asarray(nodes["id"], dtype=object).tolist()
    first: dict[Any, int] = {}
    for row, one in enumerate(ids, start=1):
        if first.setdefault(one, row) != row:
            faults.add("duplicate_id", row=row, column="id", value=one, first_row=first[one])
    places = []
    for column, most in (("lon", 180), ("lat", 90)):
        values = _numbers(nodes[column])
        wrong = np.flatnonzero(~(np.abs(values) <= most))
        for row in wrong[:1].tolist():
            value = np.asarray(nodes[column], dtype=object)[row]
            faults.add(
                "out_of_range", row=row + 1, column=column, value=value, least=-most, most=most
            )
        places.append(values)
    return ids, places[0], places[1]


def _rows(named: Any, ids: list[Any], column: str, faults: Faults) -> Ints:
    """Per edge, the row of the node it names."""
    row_of = {one: row for row, one in enumerate(ids)}
    told = np.asarray(named, dtype=object).tolist()
    rows = np.array([row_of.get(one, -1) for one in told], np.int32)
    seen: set[Any] = set()
    for row in np.flatnonzero(rows < 0).tolist():
        if told[row] not in seen:
            seen.add(told[row])
            faults.add("edge_unknown_node", row=row + 1, column=column, value=told[row])
    return rows


def _numbers(values: Any) -> Floats:
    """As float64; NaN for what is no number."""
    try:
        return np.asarray(values, np.float64)
    except (TypeError, ValueError):
        return np.array([_number(one) for one in np.asarray(values, dtype=object)])


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return np.nan


def _amounts(
    edges: Any, given: list[Any], column: str, count: int, faults: Faults, *, least: float = 0.0
) -> Floats:
    """Numbers of 0 or more; NaN where a cell is empty, or there is no such column."""
    if column not in given:
        return np.full(count, np.nan)
    values, told = _numbers(edges[column]), np.asarray(edges[column], dtype=object)
    empty = np.array([one is None or one == "" or one != one for one in told], np.bool_)  # noqa: PLR0124 - NaN
    codes = (
        ("not_a_number", np.isnan(values) & ~empty),
        ("edge_number_too_low", values < least),
        ("not_a_number", np.isposinf(values) | (np.isinf(values) & (least < 0))),
    )
    for code, wrong in codes:
        for row in np.flatnonzero(wrong)[:1].tolist():
            faults.add(code, row=row + 1, column=column, value=told[row])
    return values


def _paces(climb: Floats, metres: Floats, profile: Profile) -> np.ndarray[Any, Any]:
    """Along and against each edge, a time as a multiple of that on the flat; NaN where unknown."""
    if profile.climbing is None:
        return np.full((2, len(climb)), np.nan)
    slope = climb / np.where(metres > 0, metres, np.nan)
    return np.array([profile.climbing.pace(slope), profile.climbing.pace(-slope)])


def _seconds(
    edges: Any, given: list[Any], metres: Floats, paces: np.ndarray[Any, Any], faults: Faults
) -> tuple[np.ndarray[Any, Any], Any]:
    """Along and against, told or by the speed where they are not; and where slopes count."""
    count = len(metres)
    told = _amounts(edges, given, "seconds", count, faults)
    speed = _amounts(edges, given, "km_per_h", count, faults)
    flat = metres / (np.where(speed > 0, speed, np.nan) / 3.6)
    driven = flat * np.where(np.isnan(paces), 1.0, paces)
    seconds = np.where(np.isnan(told), driven, told)
    if not faults.found:
        column = "seconds" if "seconds" in given else "km_per_h"
        for row in np.flatnonzero(np.isnan(seconds[0]))[:1].tolist():
            code = "edge_number_too_low" if speed[row] == 0 else "empty_cell"
            faults.add(code, row=row + 1, column=column, value=0 if speed[row] == 0 else "")
    return seconds, np.isnan(told) & ~np.isnan(paces[0])


def _open_ways(edges: Any, given: list[Any], count: int, faults: Faults) -> tuple[Any, Any]:
    """Whether each is open along its line and against it."""
    if "oneway" not in given:
        return np.ones(count, np.bool_), np.ones(count, np.bool_)
    told = [_oneway(one) for one in np.asarray(edges["oneway"], dtype=object).tolist()]
    known: dict[str, tuple[bool, bool]] = {}
    for row, word in enumerate(told, start=1):
        if word not in known:
            known[word] = (True, True)
            with faults.also(row=row, column="oneway"):
                known[word] = ways_of(word)
    ways = np.array([known[word] for word in told], np.bool_).reshape(-1, 2)
    return ways[:, 0], ways[:, 1]


def _oneway(told: Any) -> str:
    if told is None or told != told:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(told, bool | np.bool_):
        return "yes" if told else "no"
    return f"{told:g}" if isinstance(told, float) else str(told).strip()


def _texts(edges: Any, given: list[Any], column: str, count: int) -> tuple[Any, tuple[str, ...]]:
    """Per edge the number of its text among the different ones, ``""`` being the first."""
    known = {"": 0}
    if column not in given:
        return np.zeros(count, np.int64), ("",)
    told = np.asarray(edges[column], dtype=object).tolist()
    texts = ("" if one is None or one != one else str(one) for one in told)  # noqa: PLR0124 - NaN
    numbers = np.array([known.setdefault(one, len(known)) for one in texts], np.int64)
    return numbers, tuple(known)


def _lines(
    edges: Any, given: list[Any], ends: tuple[Ints, Ints], places: tuple[Floats, Floats]
) -> list[Line]:
    """From node to node, through the inner points of each geometry."""
    spots = list(zip(*(axis.tolist() for axis in places), strict=True))
    pairs = zip(*(rows.tolist() for rows in ends), strict=True)
    straight = [[spots[tail], spots[head]] for tail, head in pairs]
    if "geometry" not in given:
        return straight
    drawn = list(edges["geometry"])
    with Faults() as faults:
        for row, geometry in enumerate(drawn):
            with faults.also(row=row + 1, column="geometry"):
                straight[row][1:1] = _between(geometry, *straight[row])
    return straight


def _between(geometry: Any, here: tuple[float, float], there: tuple[float, float]) -> Line:
    """The inner points of a line, from here to there whichever way it was drawn."""
    if geometry is None or (isinstance(geometry, float) and np.isnan(geometry)):
        return []
    try:
        points = [(float(x), float(y)) for x, y, *_ in getattr(geometry, "coords", geometry)]
    except (TypeError, ValueError, NotImplementedError):
        points = []
    if len(points) < 2 or not np.isfinite(points).all():
        raise InputError([Fault(code="edge_not_a_line", value=str(geometry)[:60])])
    if _apart(points[0], here) + _apart(points[-1], there) > _apart(points[0], there) + _apart(
        points[-1], here
    ):
        points.reverse()
    return points[1:-1]


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def _measured(lines: Iterable[Line]) -> Floats:
    """Metres along the ellipsoid."""
    lines = list(lines)
    start = np.cumsum([0, *(len(line) for line in lines)])
    if not lines:
        return np.zeros(0)
    lon, lat = np.array([point for line in lines for point in line]).T
    step = _WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    step[start[1:-1] - 1] = 0.0  # from the end of one line to the beginning of the next
    metres: Floats = np.add.reduceat(step, start[:-1])
    return metres
