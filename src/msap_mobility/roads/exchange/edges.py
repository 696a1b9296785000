"""Roads one by one, from GeoJSON or CSV: lines, and what their columns say."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pyproj import Geod

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.formats import geojson
from msap_mobility.provenance import Source
from msap_mobility.roads.exchange.edge_rules import EdgeColumns, number
from msap_mobility.roads.graph import RoadGraph
from msap_mobility.roads.sections import Sections

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.roads.exchange.edge_rules import EdgeCost, EdgeRule
    from msap_mobility.roads.profile import Profile

__all__ = ["graph_of_edges"]

Line = tuple[tuple[float, float], ...]

_ENDS = ("from_lon", "from_lat", "to_lon", "to_lat")
_WKT = re.compile(r"LINESTRING\s*Z?\s*\((.*)\)", re.IGNORECASE)
_WGS84 = Geod(ellps="WGS84")


def graph_of_edges(
    path: Path | str, rule: EdgeRule | None = None, *, line: str = "line"
) -> RoadGraph:
    r"""The network of a file of roads: two meet where ends of both have the same coordinates.

    Parameters
    ----------
    path
        ``.geojson`` or ``.json``: LineStrings in WGS84; or ``.csv``; each also with ``.gz``.
    rule
        What the columns or properties mean: `EdgeColumns` (the default), `OsmTags`, `Route500`.
    line
        In a CSV file, the column of the line: ``LINESTRING (lon lat, …)`` or ``lon lat;lon lat``.
        Without it, ``from_lon``, ``from_lat``, ``to_lon`` and ``to_lat``, straight.

    Returns
    -------
    RoadGraph
        Its section `i` is the road `i` of the file, along its line.

    Raises
    ------
    InputError
        With every fault: those of the rule, of the GeoJSON, and ``edge_not_a_line``,
        ``edges_empty``, ``od_file_missing``, ``od_file_damaged``, ``missing_column``,
        ``wrong_cell_count``, ``semicolons``, ``broken_quotes``, ``empty_cell``, ``not_a_number``,
        ``out_of_range``. A row of GeoJSON is the number of the feature.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "roads.csv")
    ...     _ = path.write_text("line,km_per_h\n1 45;1.1 45,50\n1.1 45;1.1 45.1;1.2 45.1,50\n")
    ...     graph = graph_of_edges(path)
    >>> len(graph), graph.sections.line(1)
    (3, ((1.1, 45.0), (1.1, 45.1), (1.2, 45.1)))
    """
    path, rule = Path(path), rule or EdgeColumns()
    text = _text_of(path)
    is_csv = path.name.lower().removesuffix(".gz").endswith(".csv")
    lines: list[Line] = []
    costs: list[EdgeCost] = []
    with Faults(file=path.name) as faults:
        rows = _csv_rows(text, faults) if is_csv else _geojson_rows(text, path.name)
        names = dict.fromkeys(name for _, columns, _ in rows for name in columns)
        _check_columns(rule, names, path.name)
        for row, columns, shape in rows:
            with faults.also(row=row):
                read = _line(columns, line) if shape is None else shape
                costs.append(rule.cost(columns, _length_m(read)))
                lines.append(read)
        if not rows and not faults.found:
            faults.add("edges_empty", value=path.name)
    file = Source.of(name=path.name, standing="observed")
    return _graph(lines, costs, rule.profile, (file, *rule.sources()))


_Row = tuple[int, "Mapping[str, Any]", Line | None]


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
        if path.suffix.lower() == ".gz":
            content = gzip.decompress(content)
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        fault = Fault(code="od_file_missing", file=path.name, value=path.name)
    except (ValueError, EOFError, OSError, zlib.error) as error:
        details = {"cause": " ".join(str(error).split())}
        fault = Fault(code="od_file_damaged", file=path.name, value=path.name, details=details)
    raise InputError([fault])


def _geojson_rows(text: str, file: str) -> list[_Row]:
    rows: list[_Row] = []
    with Faults(file=file) as faults:
        for number, feature in enumerate(geojson.read(text, file=file), start=1):
            parts = feature.coordinates
            if feature.geometry == "LineString":
                parts = (parts,)
            elif feature.geometry != "MultiLineString":
                parts = ()
            if len(parts) == 1 and len(parts[0]) > 1:
                shape = tuple((position[0], position[1]) for position in parts[0])
                rows.append((number, feature.properties, shape))
            else:
                faults.add("edge_not_a_line", row=number, value=feature.geometry)
    return rows


def _csv_rows(text: str, faults: Faults) -> list[_Row]:
    rows: list[_Row] = []
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(reader, [])]
    if len(header) == 1 and ";" in header[0]:
        faults.add("semicolons", row=1, value=header[0])
        return rows  # every row would only say the same
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            row = reader.line_num
            if len(cells) != len(header):
                faults.add("wrong_cell_count", row=row, value=len(cells), expected=len(header))
            else:
                rows.append((row, dict(zip(header, cells, strict=True)), None))
    except csv.Error:  # a cell without an end: the file is one cell from here on
        faults.add("broken_quotes", row=reader.line_num)
    return rows


def _check_columns(rule: EdgeRule, names: Mapping[str, None], file: str) -> None:
    """Once for the file instead of once for each row."""
    with Faults(file=file) as faults:
        for name in rule.needs if names else ():
            if name not in names:
                there = ", ".join(names)
                faults.add("missing_column", row=1, column=name, value=name, there=there)


def _line(columns: Mapping[str, str], line: str) -> Line:
    """The line a CSV row describes."""
    told = columns.get(line, "").strip()
    found = _WKT.fullmatch(told)
    if not told and not columns.keys().isdisjoint(_ENDS):
        return _straight(columns)
    pairs = [pair.split()[:2] for pair in re.split("[;,]", found[1] if found else told)]
    try:
        points = tuple((float(lon), float(lat)) for lon, lat in pairs)
    except ValueError:
        points = ()
    if len(points) < 2:
        shown = told if len(told) < 60 else told[:60] + "…"
        raise InputError([Fault(code="edge_not_a_line", column=line if told else "", value=shown)])
    _check_degrees(points)
    return points


def _straight(columns: Mapping[str, str]) -> Line:
    """The straight line between two ends, told in four columns."""
    cells: list[float] = []
    with Faults() as faults:
        for name in _ENDS:
            with faults.also():
                cells.append(number(columns, name, least=-np.inf))
    points = ((cells[0], cells[1]), (cells[2], cells[3]))
    _check_degrees(points)
    return points


def _check_degrees(points: Line) -> None:
    with Faults() as faults:
        for axis, (column, most) in enumerate((("lon", 180), ("lat", 90))):
            wrong = [point[axis] for point in points if not abs(point[axis]) <= most]
            if wrong:
                faults.add("out_of_range", column=column, value=wrong[0], least=-most, most=most)


def _length_m(line: Line) -> float:
    """Along the ellipsoid."""
    lon, lat = zip(*line, strict=True)
    return float(_WGS84.line_length(lon, lat))


def _graph(
    lines: list[Line], costs: list[EdgeCost], profile: Profile, sources: tuple[Source, ...]
) -> RoadGraph:
    ends = np.array([point for line in lines for point in (line[0], line[-1])])
    nodes, row = np.unique(ends, axis=0, return_inverse=True)
    tail, head = row.reshape(-1, 2).astype(np.int32).T
    lon, lat = np.array([point for line in lines for point in line]).T
    start = np.zeros(len(lines) + 1, np.int32)
    np.cumsum([len(line) for line in lines], out=start[1:])
    metres, along_s, against_s, slope_known = np.array(costs, np.float64).T
    sections = Sections(
        tail=tail,
        head=head,
        along_s=along_s,
        against_s=against_s,
        along_m=metres,
        against_m=metres,
        way_id=np.full(len(lines), -1, np.int64),
        kind=np.zeros(len(lines), np.int16),
        kinds=("",),
        start=start,
        lon=lon,
        lat=lat,
    )
    return RoadGraph.of_sections(
        node_id=range(len(nodes)),
        lon=nodes[:, 0],
        lat=nodes[:, 1],
        sections=sections,
        slope_known=float((metres * slope_known).sum() / max(metres.sum(), 1e-9)),
        profile=profile,
        sources=sources,
    )
