"""Detours, other hours and seasons, and what a report says of places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.model import Points, Reached
from msap_mobility.roads import RoadGraph, RoadTimes
from msap_mobility.roads import detours as asking
from msap_mobility.roads.factors import with_factors
from tests.real_data import real_data
from tests.roads.random_graphs import on_a_road, road_graphs
from tests.roads.test_road_times import crossroads


@given(road_graphs(), st.data(), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_detours_are_differences(graph: RoadGraph, data: st.DataObject, at_once: int) -> None:
    known = on_a_road(graph)
    assume(known)
    times = RoadTimes(graph, main_only=False)
    rows = st.sampled_from(known)
    ways = data.draw(st.lists(st.tuples(rows, rows), min_size=1, max_size=5))
    between = data.draw(st.lists(rows, max_size=4))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "_PAIRS_AT_ONCE", at_once)
        found = times.detour(
            *(Points(graph.lon[some], graph.lat[some]) for some in _columns(ways, between))
        )
    every = Points(graph.lon, graph.lat)
    seconds = times.table(every, every).seconds
    for i, (a, b) in enumerate(ways):
        for j, via in enumerate(between):
            parts = [seconds[a, via], seconds[via, b], seconds[a, b]]
            if np.isfinite(parts).all():
                more = parts[0] + parts[1] - parts[2]
                assert found.seconds[i, j] == pytest.approx(max(more, 0), abs=4e-3)
                assert found.status[i, j] == Reached.OK
            else:
                assert np.isinf(found.seconds[i, j])
                assert np.isinf(found.metres[i, j])
                assert found.status[i, j] == Reached.UNREACHABLE
    assert found.shape == (len(ways), len(between))


def _columns(ways: list[tuple[int, int]], between: list[int]) -> tuple[list[int], ...]:
    return [a for a, _ in ways], between, [b for _, b in ways]


def test_another_season_slows_some_roads_and_closes_others() -> None:
    graph = RoadGraph.from_osm(real_data("roads/andorra.osm.pbf"))
    kinds, kind = graph.sections.kinds, graph.sections.kind
    slow = with_factors(graph, {"residential": 0.5, "track": 0})
    residential = kind == kinds.index("residential")
    np.testing.assert_allclose(
        slow.sections.along_s[residential], 2 * graph.sections.along_s[residential]
    )
    assert np.isinf(slow.sections.along_s[kind == kinds.index("track")]).all()
    others = ~residential & (kind != kinds.index("track"))
    np.testing.assert_array_equal(slow.sections.along_s[others], graph.sections.along_s[others])
    assert slow.component_sizes[0] <= graph.component_sizes[0]
    main = np.flatnonzero(slow.component == 0)[::200]
    points = Points(graph.lon[main], graph.lat[main])
    usual = RoadTimes(graph, turns=True)
    winter = usual.with_factors({"residential": 0.5})
    assert (winter.table(points, points).seconds >= usual.table(points, points).seconds).all()
    assert not winter._network.searches_nodes


def test_what_is_no_factor_is_told_all_at_once() -> None:
    with pytest.raises(InputError) as caught:
        with_factors(crossroads(), {"": -1.0, "canal": 0.5})
    assert {fault.code for fault in caught.value.faults} == {
        "not_a_speed_factor",
        "unknown_road_kind",
    }
    with pytest.raises(InputError):
        with_factors(crossroads(), {"": float("nan")})


def an_island() -> RoadGraph:
    """A road of three nodes both ways, and 3 km to the north one that nothing joins to it."""
    return RoadGraph.of_arcs(
        node_id=range(5),
        lon=[1.0, 1.01, 1.02, 1.0, 1.01],
        lat=[45.0, 45.0, 45.0, 45.03, 45.03],
        tails=[0, 1, 1, 2, 3, 4],
        heads=[1, 0, 2, 1, 4, 3],
        seconds=[60] * 6,
        metres=[788] * 6,
    )


def test_who_is_cut_off_or_too_far_is_named() -> None:
    homes = Points(np.full(4, 1.005), np.array([45.001, 45.029, 45.3, 45.022]))
    names = ["Mas", "Isle", "Puy", "Combe"]
    report = RoadTimes(an_island(), max_snap_m=2500).snap_report(homes)
    assert report.too_far.tolist() == [False, True, True, False]
    assert report.cut_off.tolist() == [False, True, True, True]
    isle, puy, combe = report.lines(names)
    assert isle.startswith("Isle lies nearest to a road")
    assert "3.2 km" in isle
    assert puy.startswith("Puy is 33.3 km from the nearest road that can be used")
    assert combe.startswith("Combe lies nearest to a road")
    assert "taken to the road instead, 2.4 km away" in combe
    assert len(report.lines(names, "fr")) == 3
    free = RoadTimes(an_island(), max_snap_m=2500, main_only=False).snap_report(homes)
    assert free.too_far.tolist() == [False, False, True, False]
    assert free.cut_off.tolist() == report.cut_off.tolist()


def test_where_there_is_no_road_at_all() -> None:
    empty = RoadGraph.of_arcs(
        node_id=[1], lon=[1.0], lat=[45.0], tails=[], heads=[], seconds=[], metres=[]
    )
    report = RoadTimes(empty).snap_report(Points(np.array([1.0]), np.array([45.0])))
    assert report.lines(["Mas"]) == ["Mas: there is no road at all."]
