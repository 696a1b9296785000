"""Road networks from columns in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

from msap_mobility.errors import InputError
from msap_mobility.provenance import Source
from msap_mobility.roads import WALK, RoadGraph
from tests.roads.random_graphs import road_graphs

NODES = {"id": ["a", "b", "c"], "lon": [1.0, 1.1, 1.2], "lat": [45.0, 45.0, 45.1]}
EDGES = {"from": ["a", "b"], "to": ["b", "c"], "seconds": [60, 90]}
ARCS = ("node_id", "lon", "lat", "indptr", "heads", "seconds", "metres", "component")


@given(road_graphs(), st.booleans())
def test_arcs_written_as_one_way_edges_are_the_same_graph(graph: RoadGraph, frame: bool) -> None:
    ids = graph.node_id
    edges: Any = {
        "from": ids[graph.tails],
        "to": ids[graph.heads],
        "seconds": graph.seconds,
        "metres": graph.metres,
        "oneway": np.ones(len(graph.heads), np.bool_),
    }
    nodes: Any = {"id": ids, "lon": graph.lon, "lat": graph.lat}
    if frame:
        edges, nodes = pd.DataFrame(edges), pd.DataFrame(nodes)
    back = RoadGraph.from_edges(edges, nodes)
    for name in ARCS:
        np.testing.assert_array_equal(getattr(back, name), getattr(graph, name))


@pytest.mark.parametrize(
    ("oneway", "ways"),
    [
        ([True, False], {("a", "b"), ("b", "c"), ("c", "b")}),
        (["yes", "-1"], {("a", "b"), ("c", "b")}),
        ([1.0, -1.0], {("a", "b"), ("c", "b")}),
        ([None, np.nan], {("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")}),
    ],
)
def test_ways_are_open_as_told(oneway: list[Any], ways: set[tuple[str, str]]) -> None:
    graph = RoadGraph.from_edges({**EDGES, "oneway": oneway}, NODES)
    ids = graph.node_id
    assert {(ids[a], ids[b]) for a, b in zip(graph.tails, graph.heads, strict=True)} == ways


def test_a_speed_gives_the_time_where_there_is_none() -> None:
    edges = {**EDGES, "seconds": [None, 90], "km_per_h": [36, 50], "metres": [500, None]}
    graph = RoadGraph.from_edges(edges, NODES)
    assert graph.sections.along_s.tolist() == [50.0, 90.0]
    # From b to c: 0.1° of longitude (7 881 m there) and of latitude (11 114 m)
    assert graph.sections.along_m == pytest.approx([500, np.hypot(7881, 11114)], rel=1e-3)


def test_a_geometry_is_the_shape_however_it_was_drawn() -> None:
    bends = [(1.0, 45.0), (1.05, 45.02), (1.1, 45.0)]
    for geometry in (LineString(bends), LineString(bends[::-1]), bends, np.array(bends[::-1])):
        graph = RoadGraph.from_edges({**EDGES, "geometry": [geometry, None]}, NODES)
        assert graph.sections.line(0) == tuple(bends)
        assert graph.sections.line(1) == ((1.1, 45.0), (1.2, 45.1))


def test_kinds_names_profile_and_sources() -> None:
    source = Source.of(name="our roads", standing="observed")
    edges = {**EDGES, "kind": ["primary", None], "name": ["D 1", "Rue"]}
    graph = RoadGraph.from_edges(edges, NODES, profile=WALK, sources=(source,))
    kinds = [graph.sections.kinds[kind] for kind in graph.sections.kind]
    names = [graph.sections.names[name] for name in graph.sections.name]
    assert (kinds, names) == (["primary", ""], ["D 1", "Rue"])
    assert (graph.profile, graph.sources) == (WALK, (source,))
    written = graph.to_networkx()
    assert written.edges["a", "b"]["highway"] == "primary"
    assert "highway" not in written.edges["b", "c"]
    back = RoadGraph.from_networkx(written)
    assert [back.sections.kinds[kind] for kind in back.sections.kind] == ["primary", ""]
    assert [back.sections.names[name] for name in back.sections.name] == ["D 1", "Rue"]


def test_parallel_edges_loops_and_no_edges() -> None:
    edges = {"from": ["a", "a", "a"], "to": ["b", "b", "a"], "seconds": [9, 5, 1]}
    graph = RoadGraph.from_edges(edges, NODES)
    assert len(graph.sections) == 3
    assert graph.seconds.tolist() == [5.0, 5.0]
    nothing = RoadGraph.from_edges({"from": [], "to": [], "seconds": []}, NODES)
    assert (len(nothing), len(nothing.sections)) == (3, 0)


def test_a_file_is_read_as_one(tmp_path: Path) -> None:
    path = tmp_path / "roads.csv"
    path.write_text("line,km_per_h\n1 45;1.1 45,50\n", encoding="utf-8")
    graph = RoadGraph.from_edges(path, profile=WALK)
    assert (len(graph), graph.profile) == (2, WALK)


@pytest.mark.parametrize(
    ("edges", "nodes", "found"),
    [
        ({"to": ["b", "c"], "seconds": [1, 1]}, {}, [("missing_column", None, "from")]),
        ({"from": ["a", "b"], "to": ["b", "c"]}, {}, [("missing_column", None, "seconds")]),
        (EDGES, {"lon": [1.0]}, [("edge_columns_length", None, "")]),
        ({**EDGES, "to": ["b", "x"]}, {}, [("edge_unknown_node", 2, "to")]),
        ({**EDGES, "from": ["x", "x"]}, {}, [("edge_unknown_node", 1, "from")]),
        ({**EDGES, "to": ["b", "a"]}, {"id": ["a", "b", "a"]}, [("duplicate_id", 3, "id")]),
        (EDGES, {"lon": [1.0, 200.0, 1.2]}, [("out_of_range", 2, "lon")]),
        (EDGES, {"lat": [1.0, "north", 1.2]}, [("out_of_range", 2, "lat")]),
        ({**EDGES, "seconds": [60, -1]}, {}, [("edge_number_too_low", 2, "seconds")]),
        ({**EDGES, "seconds": ["soon", 1]}, {}, [("not_a_number", 1, "seconds")]),
        ({**EDGES, "seconds": [60, np.inf]}, {}, [("not_a_number", 2, "seconds")]),
        ({**EDGES, "seconds": [60, None]}, {}, [("empty_cell", 2, "seconds")]),
        ({**EDGES, "metres": [-3, None]}, {}, [("edge_number_too_low", 1, "metres")]),
        ({**EDGES, "oneway": ["yes", "maybe"]}, {}, [("edge_unknown_oneway", 2, "oneway")]),
        ({**EDGES, "geometry": [None, [(1, 2)]]}, {}, [("edge_not_a_line", 2, "geometry")]),
        (
            {"from": ["a"], "to": ["b"], "km_per_h": [0]},
            {},
            [("edge_number_too_low", 1, "km_per_h")],
        ),
    ],
)  # fmt: skip
def test_every_fault_is_told_with_its_row_and_column(
    edges: dict[str, Any], nodes: dict[str, Any], found: list[Any]
) -> None:
    with pytest.raises(InputError) as caught:
        RoadGraph.from_edges(edges, {**NODES, **nodes})
    assert [(fault.code, fault.row, fault.column) for fault in caught.value.faults] == found
    for lang in ("en", "fr"):
        assert caught.value.text(lang)
