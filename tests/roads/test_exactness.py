"""Every answer on every real extract is that of scipy's Dijkstra; routes add up to their cells."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from pyproj import Geod
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from msap_mobility.model import Place, Points, Reached
from msap_mobility.roads import RoadGraph, RoadTimes
from msap_mobility.roads.detours import paired
from tests.real_data import real_data

AREAS = ("meuse_montiers", "liechtenstein", "andorra", "porto")
ORIGINS, DESTINATIONS = 8, 60
CM = 1e-8  # of a millisecond: times come first, then lengths


@cache
def graph_of(name: str) -> RoadGraph:
    return RoadGraph.from_osm(real_data(f"roads/{name}.osm.pbf"))


@cache
def times_on(name: str, *, turns: bool = False) -> RoadTimes:
    return RoadTimes(graph_of(name), turns=turns)


def beside_roads(graph: RoadGraph, count: int, seed: int) -> Points:
    """Some 10 m from points of sections of the main piece, wherever on them."""
    rng, roads = np.random.default_rng(seed), graph.sections
    main = (graph.component[roads.tail] == 0) & (graph.component[roads.head] == 0)
    section = rng.choice(np.flatnonzero(main), count)
    first = roads.start[section]
    at = first + rng.integers(0, roads.start[section + 1] - 1 - first)
    share = rng.uniform(0, 1, count)
    lon, lat = (
        axis[at] + share * (axis[at + 1] - axis[at]) + rng.uniform(-1e-4, 1e-4, count)
        for axis in (roads.lon, roads.lat)
    )
    return Points(lon, lat)


class Expected(NamedTuple):
    """Of origins: seconds to every node; and seconds and metres to destinations."""

    node_s: np.ndarray[Any, Any]
    seconds: np.ndarray[Any, Any]
    metres: np.ndarray[Any, Any]


def whole(seconds: Any, metres: Any) -> Any:
    """Milliseconds and centimetres as one number: what is fastest, then shortest, is least."""
    return np.rint(np.asarray(seconds) * 1000) + CM * np.rint(np.asarray(metres) * 100)


def by_scipy(times: RoadTimes, origins: Points, destinations: Points) -> Expected:
    """By Dijkstra's algorithm between the ends of the sections that places lie on."""
    graph, roads = times.graph, times.graph.sections
    weights = whole(graph.seconds, graph.metres)
    arcs = csr_array((weights, graph.heads, graph.indptr), shape=(len(graph),) * 2)
    start, end = times.snap(origins), times.snap(destinations)
    delay = np.rint(graph.delay_s * 1000)
    node = np.full((len(start), len(graph)), np.inf)
    for i, (at, share) in enumerate(zip(start.section, start.share, strict=True)):
        for there, ahead, seconds, metres in (
            (roads.head[at], 1 - share, roads.along_s[at], roads.along_m[at]),
            (roads.tail[at], share, roads.against_s[at], roads.against_m[at]),
        ):
            if ahead == 0 or np.isfinite(seconds):
                begin = whole(seconds * ahead, metres * ahead) + delay[there] if ahead else 0.0
                node[i] = np.minimum(node[i], begin + dijkstra(arcs, indices=int(there)))
    ways = np.full((len(start), len(end)), np.inf)
    for j, (at, share) in enumerate(zip(end.section, end.share, strict=True)):
        for here, gone, seconds, metres in (
            (roads.tail[at], share, roads.along_s[at], roads.along_m[at]),
            (roads.head[at], 1 - share, roads.against_s[at], roads.against_m[at]),
        ):
            if gone == 0 or np.isfinite(seconds):
                rest = whole(seconds * gone, metres * gone) if gone else 0.0
                ways[:, j] = np.minimum(ways[:, j], node[:, here] + rest)
        for i in np.flatnonzero(start.section == at):
            gone = share - start.share[i]
            seconds, metres = (
                (roads.along_s[at], roads.along_m[at])
                if gone > 0
                else (roads.against_s[at], roads.against_m[at])
            )
            if gone and np.isfinite(seconds):
                ways[i, j] = min(ways[i, j], whole(seconds * abs(gone), metres * abs(gone)))
    off_road = times.graph.profile.off_road_km_per_h / 3.6
    seconds, metres = np.floor(ways + CM / 2) / 1000, (ways % 1) / CM / 100
    access = start.metres[:, None] + end.metres
    return Expected(
        node_s=np.floor(node + CM / 2) / 1000 + start.metres[:, None] / off_road,
        seconds=seconds + access / off_road,
        metres=metres + access,
    )


@cache
def asked(name: str) -> tuple[Points, Points, Expected]:
    graph = graph_of(name)
    origins, destinations = beside_roads(graph, ORIGINS, 1), beside_roads(graph, DESTINATIONS, 2)
    expected = by_scipy(times_on(name), origins, destinations)
    start, end = times_on(name).snap(origins), times_on(name).snap(destinations)
    across = np.hypot(start.x[:, None] - end.x, start.y[:, None] - end.y)
    neighbours = start.section[:, None] == end.section
    assert not (neighbours & (across < start.metres[:, None] + end.metres)).any()
    return origins, destinations, expected


def assert_same_s(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1.1e-3)


@pytest.mark.parametrize("name", AREAS)
def test_the_table_by_either_search(name: str) -> None:
    origins, destinations, expected = asked(name)
    by_few = RoadTimes(graph_of(name))
    by_hierarchy = times_on(name)
    assert len(by_hierarchy._network.hierarchy)
    for times in (by_few, by_hierarchy):
        table = times.table(origins, destinations)
        assert times._network.is_contracted == (times is by_hierarchy)
        assert (table.status == Reached.OK).all()
        assert_same_s(table.seconds, expected.seconds)
        np.testing.assert_allclose(table.metres, expected.metres, rtol=1e-6, atol=1.0)
        limit = float(np.median(expected.seconds))
        cut = times.table(origins, destinations, limit_s=limit)
        within = expected.seconds <= limit
        sure = np.abs(expected.seconds - limit) > 0.01
        np.testing.assert_array_equal((cut.status == Reached.OK)[sure], within[sure])
        assert_same_s(cut.seconds[within & sure], expected.seconds[within & sure])


@pytest.mark.parametrize("name", AREAS)
def test_the_nearest(name: str) -> None:
    origins, destinations, expected = asked(name)
    times = times_on(name)
    ranked = np.sort(expected.seconds, axis=1)[:, :3]
    found = times.nearest(origins, destinations, k=3)
    assert_same_s(found.seconds, ranked)
    assert_same_s(np.take_along_axis(expected.seconds, found.facility, axis=1), ranked)
    of_all = times.nearest_of_all(destinations, k=3).at(origins)
    assert_same_s(of_all.seconds, ranked)
    assert_same_s(np.take_along_axis(expected.seconds, of_all.facility, axis=1), ranked)


@pytest.mark.parametrize("name", AREAS)
def test_reach_and_isochrones(name: str) -> None:
    origins, destinations, expected = asked(name)
    times = times_on(name)
    reach = times.reach(origins)
    assert_same_s(reach.at(destinations), expected.seconds)
    assert_same_s(reach.node_s, expected.node_s)
    to = times.reach(Points(destinations.lon[:5], destinations.lat[:5]), to=True)
    assert_same_s(to.at(origins), expected.seconds[:, :5].T)
    soonest = expected.seconds.min(axis=0)
    limit = float(np.median(soonest))
    found = times.isochrones(origins, [limit], cell_m=200).at(destinations)
    sure = np.abs(soonest - limit) > 0.01
    assert_same_s(found[sure], np.where(soonest <= limit, soonest, np.inf)[sure])


@pytest.mark.parametrize("name", AREAS)
def test_detours(name: str) -> None:
    origins, destinations, expected = asked(name)
    times = times_on(name)
    via = Points(destinations.lon[:6], destinations.lat[:6])
    ends = Points(destinations.lon[6 : 6 + ORIGINS], destinations.lat[6 : 6 + ORIGINS])
    home = by_scipy(times, via, ends).seconds
    direct = expected.seconds[:, 6 : 6 + ORIGINS].diagonal()
    found = times.detour(origins, via, ends)
    more = np.maximum(expected.seconds[:, :6] + home.T - direct[:, None], 0)
    np.testing.assert_allclose(found.seconds, more, atol=0.01)


@pytest.mark.parametrize("turns", [False, True])
@pytest.mark.parametrize("name", AREAS)
def test_a_route_adds_up_to_its_cell(name: str, *, turns: bool) -> None:
    """Its steps and its line: from door to door as long, and as far, as the table says."""
    origins, destinations, _ = asked(name)
    times = times_on(name, turns=turns)
    out = times.snap(origins).metres
    home = times.snap(destinations).metres
    cells = paired(times, origins, Points(destinations.lon[:ORIGINS], destinations.lat[:ORIGINS]))
    geod = Geod(ellps="WGS84")
    for row in range(ORIGINS):
        a, b = (
            Place(id=str(row), name="", lon=float(points.lon[row]), lat=float(points.lat[row]))
            for points in (origins, destinations)
        )
        route, steps = times.route(a, b), times.directions(a, b)
        assert route.status is steps.status is Reached.OK
        for told in (route, steps):
            assert told.seconds == pytest.approx(cells.seconds[row], rel=1e-6, abs=2e-3)
            assert told.metres == pytest.approx(cells.metres[row], rel=1e-6, abs=0.05)
        line = np.array(route.line)
        assert (line[0], line[-1]) == (pytest.approx((a.lon, a.lat)), pytest.approx((b.lon, b.lat)))
        # On the map, the ways to and from the road are measured in Lambert-93 or UTM: 0.3 %
        away = 0.003 * (out[row] + home[row])
        assert geod.line_length(*line.T) == pytest.approx(route.metres, rel=2e-5, abs=0.5 + away)
        of_steps = sum(geod.line_length(*np.array(step.line).T) for step in steps.steps)
        assert of_steps == pytest.approx(route.metres, rel=2e-5, abs=0.5 + away)
