"""Hills: slopes are read where an extract or an edge tells them, and count as the profile says."""

from __future__ import annotations

from itertools import pairwise
from math import exp, isnan
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.roads import BICYCLE, CAR, VAN, WALK, RoadGraph, RoadTimes
from msap_mobility.roads.exchange import EdgeColumns, OsmTags
from msap_mobility.roads.factors import with_factors
from msap_mobility.roads.profile import Hiking, Pedalling, Profile
from tests.real_data import real_data

STEP_M = 788.4  # of a hundredth of a degree of longitude at 45° north


def hill(heights: dict[int, str], *ways: tuple[str, dict[str, str]]) -> str:
    """Nodes in a row from west to east, and ways over them."""
    known = {i: f'<tag k="ele" v="{height}"/>' for i, height in heights.items()}
    nodes = "".join(
        f'<node id="{i}" lon="{1 + i / 100}" lat="45">{known.get(i, "")}</node>'
        for i in range(1, 7)
    )
    drawn = "".join(
        f'<way id="{number}">'
        + "".join(f'<nd ref="{ref}"/>' for ref in refs.split())
        + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in {"highway": "path", **tags}.items())
        + "</way>"
        for number, (refs, tags) in enumerate(ways, start=1)
    )
    return f"<osm>{nodes}{drawn}</osm>"


def graph_of(text: str, profile: Profile = WALK) -> RoadGraph:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hill.osm"
        path.write_text(text, encoding="utf-8")
        return RoadGraph.from_osm(path, profile)


def paces(graph: RoadGraph, profile: Profile = WALK) -> list[tuple[float, float]]:
    """Along and against each section, a time as a multiple of that on the flat."""
    roads, speed = graph.sections, profile.km_per_h["path"] / 3.6
    return [
        (along * speed / metres, against * speed / metres)
        for along, against, metres in zip(
            roads.along_s.tolist(), roads.against_s.tolist(), roads.along_m.tolist(), strict=True
        )
    ]


def tobler(slope: float) -> float:
    """His table of speeds, km/h, from which a pace is 5.04 on the flat."""
    return 6 * exp(-3.5 * 0.05) / (6 * exp(-3.5 * abs(slope + 0.05)))


def test_one_walks_as_tobler_says() -> None:
    """0.09 uphill 3.71 km/h, 0.09 downhill 5.26, of 5.04 on the flat: from his own table."""
    assert 5.04 / Hiking().pace([0.0875, -0.0875]) == pytest.approx([3.71, 5.26], abs=0.02)
    graph = graph_of(hill({1: "100", 2: f"{100 + 0.1 * STEP_M}"}, ("1 2", {})))
    assert paces(graph) == [pytest.approx((tobler(0.1), tobler(-0.1)), rel=1e-3)]
    assert graph.slope_known == pytest.approx(1)


def test_one_pedals_as_parkin_and_rotheram_say() -> None:
    """6.01 m/s; 0.4002 less a per cent up, 0.2379 more a per cent down; pushed, then rolled."""
    speeds = 6.01 / Pedalling(least=0.25).pace([0, 0.01, 0.1, 0.13, -0.01, -0.1, -0.3])
    assert speeds == pytest.approx([6.01, 5.6098, 2.008, 1.5025, 6.2479, 8.389, 35 / 3.6])
    assert isinstance(BICYCLE.climbing, Pedalling)
    assert 15 / BICYCLE.climbing.pace(1) == pytest.approx(4)


def test_a_way_climbs_evenly_between_two_nodes_that_know_their_height() -> None:
    """Over a junction and a point without one; beyond the last it is not known."""
    heights = {1: "0", 4: f"{0.06 * 3 * STEP_M} m"}
    graph = graph_of(hill(heights, ("1 2 3 4 5", {"name": "a"}), ("3 6", {"name": "b"})))
    ends = zip(graph.sections.tail.tolist(), graph.sections.head.tolist(), strict=True)
    pairs = [(int(graph.node_id[a]), int(graph.node_id[b])) for a, b in ends]
    told = dict(zip(pairs, paces(graph), strict=True))
    assert told[3, 6] == pytest.approx((1, 1))
    assert told[1, 3] == pytest.approx((tobler(0.06), tobler(-0.06)), rel=1e-3)
    half = [(1 + tobler(side * 0.06)) / 2 for side in (1, -1)]
    assert told[3, 5] == pytest.approx(half, rel=1e-3)
    assert graph.slope_known == pytest.approx(3 / 7, rel=1e-3)


@pytest.mark.parametrize(
    ("incline", "slope"),
    [("10%", 0.1), ("-10 %", -0.1), ("5.71°", 0.1), ("-5,71°", -0.1), ("0%", 0.0)],
)
def test_a_way_tells_its_slope_and_is_believed(incline: str, slope: float) -> None:
    graph = graph_of(hill({1: "0", 2: "5"}, ("1 2", {"incline": incline})))
    assert paces(graph) == [pytest.approx((tobler(slope), tobler(-slope)), rel=2e-3)]


@pytest.mark.parametrize("incline", ["up", "down", "10", "yes", "400%", "89°"])
def test_what_tells_no_slope_counts_as_flat(incline: str) -> None:
    graph = graph_of(hill({}, ("1 2", {"incline": incline})))
    assert paces(graph) == [pytest.approx((1, 1))]
    assert graph.slope_known == 0
    assert "rush hours and hills are not counted" in RoadTimes(graph).sources()[-1].note.en


def test_the_sources_tell_on_how_much_hills_are_counted() -> None:
    graph = graph_of(hill({}, ("1 2", {"incline": "8%"}), ("2 3 4 5", {"name": "flat"})))
    for times in (RoadTimes(graph), RoadTimes(graph).with_factors({"path": 0.9})):
        note = next(s.note for s in times.sources() if "hills" in getattr(s.note, "en", ""))
        assert "hills are counted on the 25.0% of the length" in note.en
        assert "les côtes comptent sur les 25,0" in note.fr
    assert with_factors(graph, {"path": 0.5}).slope_known == graph.slope_known


@pytest.mark.parametrize("profile", [CAR, VAN])
def test_no_rule_no_hills(profile: Profile) -> None:
    """No source says what a slope costs a motor: none is counted."""
    text = hill({1: "0", 2: "90"}, ("1 2", {"highway": "tertiary", "incline": "12%"}))
    graph = graph_of(text, profile)
    assert graph.sections.along_s[0] == graph.sections.against_s[0]
    assert graph.slope_known == 0


def test_a_ferry_is_level() -> None:
    ferry = {"highway": "", "route": "ferry", "foot": "yes"}
    flat, high = (graph_of(hill(ele, ("1 2", ferry))) for ele in ({}, {1: "0", 2: "90"}))
    assert flat.sections.along_s.tolist() == high.sections.along_s.tolist()


@given(
    st.lists(st.one_of(st.none(), st.integers(-50, 400)), min_size=6, max_size=6),
    st.sampled_from(["", "12%", "-3°", "up"]),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_times_are_those_of_every_step_added_up(
    heights: list[int | None], incline: str, crossed: bool
) -> None:
    known = {i: str(one) for i, one in enumerate(heights, start=1) if one is not None}
    tags = {"incline": incline} if incline else {}
    ways = [("1 2 3 4 5 6", tags), *([("3 3", {}), ("4 2", {})] if crossed else [])]
    graph = graph_of(hill(known, *ways))
    tagged = {"12%": 0.12, "-3°": -np.tan(np.radians(3))}.get(incline)
    slope = [np.nan if tagged is None else tagged] * 5
    told = sorted(known)
    for a, b in pairwise(told):
        for step in range(a, b):
            if isnan(slope[step - 1]):
                slope[step - 1] = (float(known[b]) - float(known[a])) / ((b - a) * STEP_M)
    flat = STEP_M / (WALK.km_per_h["path"] / 3.6)
    expected = sum(flat * (1 if isnan(s) else tobler(s)) for s in slope)
    back = sum(flat * (1 if isnan(s) else tobler(-s)) for s in slope)
    roads = graph.sections
    on_row = [i for i in range(len(roads)) if roads.way_id[i] == 1]
    ends = [bool(roads.tail[i] < roads.head[i]) for i in on_row]
    both = list(zip(roads.along_s.tolist(), roads.against_s.tolist(), strict=True))
    there = [both[i][not forth] for i, forth in zip(on_row, ends, strict=True)]
    assert sum(there) == pytest.approx(expected, rel=1e-3)
    assert sum(both[i][forth] for i, forth in zip(on_row, ends, strict=True)) == pytest.approx(
        back, rel=1e-3
    )


NODES = {"id": ["a", "b", "c"], "lon": [1.0, 1.1, 1.2], "lat": [45.0, 45.0, 45.0]}


def edges(**more: list[object]) -> dict[str, list[object]]:
    return {
        "from": ["a", "b"],
        "to": ["b", "c"],
        "metres": [1000, 1000],
        "km_per_h": [4.5] * 2,
    } | more


def test_edges_tell_their_climbs() -> None:
    graph = RoadGraph.from_edges(edges(climb_m=[80, None]), NODES, profile=WALK)
    flat = 1000 / (4.5 / 3.6)
    assert graph.sections.along_s / flat == pytest.approx([tobler(0.08), 1])
    assert graph.sections.against_s / flat == pytest.approx([tobler(-0.08), 1])
    assert graph.slope_known == 0.5


def test_a_time_that_is_told_is_not_changed_by_a_climb() -> None:
    told = edges(climb_m=[80, -80], seconds=[700, None])
    graph = RoadGraph.from_edges(told, NODES, profile=WALK)
    flat = 1000 / (4.5 / 3.6)
    assert graph.sections.along_s.tolist() == pytest.approx([700, flat * tobler(-0.08)])
    assert graph.sections.against_s.tolist() == pytest.approx([700, flat * tobler(0.08)])
    car = RoadGraph.from_edges(told, NODES, profile=CAR)
    assert car.sections.against_s.tolist() == pytest.approx([700, flat])
    assert car.slope_known == 0


def test_edges_of_a_file_tell_their_climbs_or_slopes(tmp_path: Path) -> None:
    path = tmp_path / "roads.csv"
    path.write_text(
        "line,km_per_h,length_m,climb_m\n1 45;1.1 45,4.5,1000,80\n"
        "1.1 45;1.2 45,4.5,1000,\n1.2 45;1.3 45,4.5,1000,-30\n",
        encoding="utf-8",
    )
    graph = RoadGraph.from_edges(path, rule=EdgeColumns(profile=WALK))
    flat = 1000 / (4.5 / 3.6)
    assert graph.sections.along_s / flat == pytest.approx([tobler(0.08), 1, tobler(-0.03)])
    assert graph.sections.against_s / flat == pytest.approx([tobler(-0.08), 1, tobler(0.03)])
    assert graph.slope_known == pytest.approx(2 / 3)
    path.write_text("line,highway,incline\n1 45;1.1 45,path,8%\n", encoding="utf-8")
    graph = RoadGraph.from_edges(path, rule=OsmTags(profile=WALK))
    assert paces(graph) == [pytest.approx((tobler(0.08), tobler(-0.08)))]
    assert graph.slope_known == 1
    path.write_text("line,km_per_h,climb_m\n1 45;1.1 45,4.5,steep\n", encoding="utf-8")
    with pytest.raises(InputError, match="climb_m"):
        RoadGraph.from_edges(path, rule=EdgeColumns(profile=WALK))


@pytest.mark.parametrize("wrong", ["steep", float("inf"), float("-inf")])
def test_a_climb_is_a_number(wrong: object) -> None:
    with pytest.raises(InputError) as refused:
        RoadGraph.from_edges(edges(climb_m=[1, wrong]), NODES, profile=WALK)
    [fault] = refused.value.faults
    assert (fault.code, fault.row, fault.column) == ("not_a_number", 2, "climb_m")


def test_slopes_of_a_real_extract_are_few(tmp_path: Path) -> None:
    """Kept on disk with the graph; times never shorter than at the best slope there is."""
    path = real_data("roads/andorra.osm.pbf")
    first, again = (RoadTimes.from_osm(path, WALK, folder=tmp_path).graph for _ in range(2))
    assert 0 < first.slope_known < 0.05
    assert again.slope_known == first.slope_known
