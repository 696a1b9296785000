"""Road networks from a file of roads: what each says of itself, and where they meet."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.model import Place, Reached
from msap_mobility.roads import CAR, WALK, RoadGraph, RoadTimes
from msap_mobility.roads.exchange import EdgeColumns, EdgeRule, OsmTags, Route500, graph_of_edges
from tests.real_data import real_data

Road = dict[str, Any]
HEADER = "line,length_m,km_per_h,oneway\n"


def as_csv(roads: list[Road], *, wkt: bool) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["line", "name", "length_m", "km_per_h", "oneway"])
    for road in roads:
        pairs = [f"{lon!r} {lat!r}" for lon, lat in road["line"]]
        line = f"LINESTRING ({', '.join(pairs)})" if wkt else ";".join(pairs)
        writer.writerow([line, "rue, du", road["length_m"], road["km_per_h"], road["oneway"]])
    return out.getvalue()


def as_geojson(roads: list[Road]) -> str:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": road["line"]},
            "properties": {name: value for name, value in road.items() if name != "line"},
        }
        for road in roads
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def graph_of(
    text: str, name: str = "roads.csv", rule: EdgeRule | None = None, **options: Any
) -> RoadGraph:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        content = text.encode()
        path.write_bytes(gzip.compress(content, 1) if name.endswith(".gz") else content)
        return graph_of_edges(path, rule, **options)


def faults(
    text: str, name: str = "roads.csv", rule: EdgeRule | None = None
) -> list[tuple[Any, ...]]:
    with pytest.raises(InputError) as caught:
        graph_of(text, name, rule)
    for lang in ("en", "fr"):
        assert caught.value.text(lang)
    assert {fault.file for fault in caught.value.faults} == {name}
    return [(fault.code, fault.row, fault.column) for fault in caught.value.faults]


@st.composite
def roads(draw: st.DrawFn) -> list[Road]:
    """Between five junctions, some twice, some from one to itself, some one-way."""
    spot = st.integers(0, 4).map(lambda i: (1 + i / 100, 45 + (i % 2) / 30))
    bend = st.tuples(st.floats(1, 1.1), st.floats(45, 45.1))
    line = st.builds(lambda a, way, b: [a, *way, b], spot, st.lists(bend, max_size=2), spot)
    road = st.fixed_dictionaries({
        "line": line,
        "length_m": st.integers(0, 5000),
        "km_per_h": st.integers(1, 130),
        "oneway": st.sampled_from(["", "no", "yes", "-1"]),
    })  # fmt: skip
    return draw(st.lists(road, min_size=1, max_size=9))


@given(roads(), st.sampled_from(["csv", "wkt.csv", "csv.gz", "geojson", "geojson.gz"]))
def test_every_road_is_there_each_way_it_is_open(given_roads: list[Road], ending: str) -> None:
    is_csv = "csv" in ending
    text = as_csv(given_roads, wkt="wkt" in ending) if is_csv else as_geojson(given_roads)
    graph = graph_of(text, f"roads.{ending}")
    ends = {(*road["line"][0], *road["line"][-1]) for road in given_roads}
    assert len(graph) == len({(a, b) for a, b, _, _ in ends} | {(a, b) for _, _, a, b in ends})
    for number, road in enumerate(given_roads):
        assert graph.sections.line(number) == tuple(road["line"])
        assert graph.sections.along_m[number] == road["length_m"]
    best: dict[tuple[Any, ...], float] = {}
    for road in given_roads:
        a, b = road["line"][0], road["line"][-1]
        seconds = road["length_m"] / (road["km_per_h"] / 3.6)
        for start, end, closed in ((a, b, "-1"), (b, a, "yes")):
            if road["oneway"] != closed and start != end:
                best[start, end] = min(seconds, best.get((start, end), np.inf))
    spots = list(zip(graph.lon.tolist(), graph.lat.tolist(), strict=True))
    arcs = zip(graph.tails.tolist(), graph.heads.tolist(), graph.seconds.tolist(), strict=True)
    assert {(spots[i], spots[j]): pytest.approx(s, abs=1e-3) for i, j, s in arcs} == best


def test_without_a_length_the_line_is_measured() -> None:
    degree_m = 111_133  # of latitude at 45° on the WGS84 ellipsoid
    graph = graph_of("line,km_per_h\n1 44.95;1 45.05,36\n")
    assert graph.sections.along_m[0] == pytest.approx(degree_m / 10, rel=1e-4)
    assert graph.sections.along_s[0] == pytest.approx(degree_m / 100, rel=1e-4)


def test_straight_roads_of_four_columns_with_their_seconds() -> None:
    text = "from_lon,from_lat,to_lon,to_lat,s\n1,45,1.1,45,60\n1.1,45,1.2,45.1,0\n"
    graph = graph_of(text, rule=EdgeColumns(seconds="s", profile=WALK))
    assert graph.sections.along_s.tolist() == [60, 0]
    assert graph.profile is WALK
    assert graph.component_sizes.tolist() == [3]


def test_tags_of_openstreetmap_are_the_profile_s() -> None:
    text = "line,highway,maxspeed,oneway\n1 45;1.1 45,primary,,\n1 45;1.2 45,footway,,\n"
    by_car, on_foot = (graph_of(text, rule=OsmTags(profile=one)) for one in (CAR, WALK))
    assert np.isfinite(by_car.sections.along_s).tolist() == [True, False]
    assert np.isfinite(on_foot.sections.along_s).tolist() == [True, True]
    speed = by_car.sections.along_m[0] / by_car.sections.along_s[0] * 3.6
    assert speed == pytest.approx(CAR.speeds_km_per_h({"highway": "primary"})[0])


def route500(**values: str | None) -> str:
    road: Road = {"line": [(1, 45), (1.1, 45)], "VOCATION": "Liaison locale", "SENS": "Double sens"}
    return as_geojson([road | values])


def speeds(graph: RoadGraph) -> list[float]:
    sections = graph.sections
    return [float(sections.along_m[0] / s[0] * 3.6) for s in (sections.along_s, sections.against_s)]


@pytest.mark.parametrize(
    ("values", "tags"),
    [
        ({}, {"highway": "tertiary"}),
        ({"NB_CHAUSSE": "2 chaussées"}, {"highway": "secondary"}),
        ({"VOCATION": "Type autoroutier", "ACCES": "A péage"}, {"highway": "motorway"}),
        ({"VOCATION": "Liaison principale", "NB_CHAUSSE": "2 chaussées"}, {"highway": "trunk"}),
        ({"SENS": "Sens direct"}, {"highway": "tertiary", "oneway": "yes"}),
        ({"SENS": "Sens inverse"}, {"highway": "tertiary", "oneway": "-1"}),
        ({"ETAT": "En construction"}, {"highway": "tertiary", "access": "no"}),
        ({"ACCES": "Interdit"}, {"highway": "tertiary", "access": "no"}),
        ({"ETAT": "Revêtu", "ACCES": "Libre", "NUM_ROUTE": None}, {"highway": "tertiary"}),
        ({"ETAT": "Non revêtu"}, {"highway": "tertiary", "surface": "unpaved"}),
    ],
)
def test_route_500_by_rank_and_direction(values: dict[str, str], tags: dict[str, str]) -> None:
    graph = graph_of(route500(**values), "route500.geojson", Route500())
    assert speeds(graph) == pytest.approx(CAR.speeds_km_per_h({"oneway": "no"} | tags))


def test_every_fault_of_a_table_of_roads_is_told() -> None:
    text = (
        "line,length_m,km_per_h,oneway\n"
        "1 45;1.1 45,-5,fast,maybe\n"
        "1 45,10,50,no\n"
        "\n"
        "1 45;200 95,10,0,no\n"
        "one two;1 45,10,50,no\n"
        "LINESTRING EMPTY,10,,no\n"
        "1 45;1.1 45,10,50\n"
    )
    assert faults(text) == [
        ("wrong_cell_count", 8, ""),
        ("edge_number_too_low", 2, "length_m"),
        ("not_a_number", 2, "km_per_h"),
        ("edge_unknown_oneway", 2, "oneway"),
        ("edge_not_a_line", 3, "line"),
        ("out_of_range", 5, "lon"),
        ("out_of_range", 5, "lat"),
        ("edge_not_a_line", 6, "line"),
        ("edge_not_a_line", 7, "line"),
    ]


@pytest.mark.parametrize(
    ("text", "name", "rule", "expected"),
    [
        ("", "roads.csv", None, ("edges_empty", None, "")),
        (HEADER, "roads.csv", None, ("edges_empty", None, "")),
        (HEADER + ",1,50,\n", "roads.csv", None, ("edge_not_a_line", 2, "")),
        (HEADER + "1 45;1 46,1,,\n", "roads.csv", None, ("empty_cell", 2, "km_per_h")),
        (HEADER + "1 45;1 46,1,0,\n", "roads.csv", None, ("edge_number_too_low", 2, "km_per_h")),
        ("line,speed\n1 45;1 46,1\n", "roads.csv", None, ("missing_column", 1, "km_per_h")),
        ("line;km_per_h\n1 45,1 46;50\n1 45;50\n", "roads.csv", None, ("semicolons", 1, "")),
        (HEADER + '"' + "1 45;" * 30_000, "roads.csv", None, ("broken_quotes", 2, "")),
        ("line\n1 45;1 46\n", "roads.csv", OsmTags(), ("missing_column", 1, "highway")),
        ("{}", "roads.geojson", None, ("not_geojson", None, "")),
        (as_geojson([]), "roads.geojson", None, ("edges_empty", None, "")),
        (route500(SENS="?"), "r.geojson", Route500(), ("route500_unknown_value", 1, "SENS")),
        (route500(VOCATION=None), "r.geojson", Route500(),
         ("route500_unknown_value", 1, "VOCATION")),
        (route500().replace("LineString", "MultiPoint"), "r.geojson", Route500(),
         ("edge_not_a_line", 1, "")),
    ],
)  # fmt: skip
def test_files_that_are_refused(
    text: str, name: str, rule: EdgeRule | None, expected: tuple[Any, ...]
) -> None:
    assert faults(text, name, rule) == [expected]


def test_ends_with_decimal_commas_are_told_by_their_columns() -> None:
    text = "from_lon,from_lat,to_lon,to_lat,km_per_h\n"
    assert faults(text + '"1,0",45,,"45,5",50\n') == [
        ("not_a_number", 2, "from_lon"),
        ("empty_cell", 2, "to_lon"),
        ("not_a_number", 2, "to_lat"),
    ]
    assert faults(text + "1,95,1.1,45,50\n") == [("out_of_range", 2, "lat")]


def test_endings_in_capitals_are_endings() -> None:
    assert len(graph_of(HEADER + "1 45;1 46,,50,\n", "ROADS.CSV")) == 2
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ROADS.CSV.GZ")
        path.write_bytes(gzip.compress((HEADER + "1 45;1 46,,50,\n").encode()))
        assert len(graph_of_edges(path)) == 2


def test_a_line_in_one_part_is_a_line() -> None:
    road = json.loads(as_geojson([{"line": [[1, 45], [1, 46]], "km_per_h": 50, "oneway": True}]))
    shape = road["features"][0]["geometry"]
    shape |= {"type": "MultiLineString", "coordinates": [shape["coordinates"]]}
    graph = graph_of(json.dumps(road), "roads.json")
    assert graph.sections.line(0) == ((1, 45), (1, 46))
    assert np.isinf(graph.sections.against_s[0])


def test_missing_and_damaged_files(tmp_path: Path) -> None:
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(HEADER.encode())[:-9])
    (tmp_path / "latin.csv").write_bytes("line,é\n".encode("latin-1"))
    for name, code in (
        ("none.csv", "od_file_missing"),
        ("cut.csv.gz", "od_file_damaged"),
        ("latin.csv", "od_file_damaged"),
    ):
        with pytest.raises(InputError) as caught:
            graph_of_edges(tmp_path / name)
        assert [fault.code for fault in caught.value.faults] == [code]


def test_route_500_around_pacy_sur_eure() -> None:
    path = real_data("roads/pacy_sur_eure_route500.geojson.gz")
    graph = graph_of_edges(path, Route500())
    assert (len(graph), len(graph.sections)) == (134, 171)
    assert graph.component_sizes.tolist() == [134]
    assert graph.sections.along_m.sum() == pytest.approx(75_922, abs=1)
    features = json.loads(gzip.decompress(path.read_bytes()))["features"]
    told_m = np.array([1000 * one["properties"]["LONGUEUR"] for one in features])
    whole = np.abs(told_m - graph.sections.along_m) <= 6
    degree = np.bincount(np.append(graph.sections.tail, graph.sections.head))
    at_edge = np.minimum(degree[graph.sections.tail], degree[graph.sections.head]) == 1
    assert whole.sum() == 152
    assert at_edge[~whole].all()  # the others are cut by the edge of the extract
    pacy = Place(id="p", name="Pacy-sur-Eure", lon=1.3825, lat=49.0160)
    menilles = Place(id="m", name="Ménilles", lon=1.3620, lat=49.0330)
    route = RoadTimes(graph, max_snap_m=2000).route(pacy, menilles)
    assert route.status is Reached.OK
    assert len(route.line) > 3
    assert {source.origin for source in graph.sources} == {"", "IGN, ROUTE 500"}


@pytest.mark.parametrize(
    ("name", "nodes", "roads_there"),
    [("meuse_montiers", 121, 128), ("liechtenstein", 5431, 6133), ("andorra", 3567, 4289)],
)
def test_ready_made_networks_of_real_extracts(name: str, nodes: int, roads_there: int) -> None:
    path = real_data(f"roads/{name}_edges.csv.gz")
    graph = graph_of_edges(path, OsmTags(), line="coords")
    measured = graph_of_edges(path, OsmTags(metres="none"), line="coords").sections.along_m
    assert (len(graph), len(graph.sections)) == (nodes, roads_there)
    assert np.abs(measured - graph.sections.along_m).max() < 0.6
