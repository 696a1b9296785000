"""Times on a road network: exact, and honest about what cannot be reached."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from msap_mobility.model import Place, Points, Reached
from msap_mobility.roads import CAR, RoadGraph, RoadTimes, door_to_door
from tests.roads.random_graphs import on_a_road, road_graphs

OFF_ROAD_M_PER_S = CAR.off_road_km_per_h / 3.6


def at_nodes(graph: RoadGraph, rows: list[int]) -> Points:
    return Points(graph.lon[rows], graph.lat[rows])


def shortest(graph: RoadGraph, tail: int, head: int) -> tuple[float, set[float]]:
    """Fewest seconds, and the metres of every simple path that takes them, by enumeration."""
    network = graph.to_networkx()
    start, end = graph.node_id[tail], graph.node_id[head]
    if start == end:
        return 0.0, {0.0}
    paths = list(nx.all_simple_edge_paths(network, start, end))
    seconds = [sum(network.edges[arc]["travel_time"] for arc in path) for path in paths]
    metres = [sum(network.edges[arc]["length"] for arc in path) for path in paths]
    best = min(seconds, default=np.inf)
    return best, {m for s, m in zip(seconds, metres, strict=True) if s == best}


@given(road_graphs(), st.data())
@settings(max_examples=150, deadline=None)
def test_every_cell_is_a_shortest_path_and_its_own_metres(
    graph: RoadGraph, data: st.DataObject
) -> None:
    known = on_a_road(graph)
    assume(known)
    some = st.lists(st.sampled_from(known), min_size=1, max_size=7)
    origins, destinations = data.draw(some), data.draw(some)
    table = RoadTimes(graph, main_only=False).table(
        at_nodes(graph, origins), at_nodes(graph, destinations)
    )
    network = graph.to_networkx()
    for i, tail in enumerate(origins):
        theirs = nx.single_source_dijkstra_path_length(
            network, graph.node_id[tail], weight="travel_time"
        )
        for j, head in enumerate(destinations):
            seconds, metres = shortest(graph, tail, head)
            assert theirs.get(graph.node_id[head], np.inf) == seconds
            assert table.seconds[i, j] == pytest.approx(seconds, abs=1e-3)
            if np.isinf(seconds):
                assert table.status[i, j] == Reached.UNREACHABLE
                assert np.isinf(table.metres[i, j])
            else:
                assert table.status[i, j] == Reached.OK
                assert min(abs(table.metres[i, j] - m) for m in metres) < 1e-3


@given(road_graphs(), st.integers(0, 12))
@settings(max_examples=80, deadline=None)
def test_a_limit_only_cuts(graph: RoadGraph, limit_s: int) -> None:
    everywhere = at_nodes(graph, on_a_road(graph))
    for main_only in (False, True):
        times = RoadTimes(graph, main_only=main_only, max_snap_m=100)
        whole = times.table(everywhere, everywhere)
        cut = times.table(everywhere, everywhere, limit_s=limit_s + 0.5)
        over = np.isfinite(whole.seconds) & (whole.seconds > limit_s + 0.5)
        np.testing.assert_array_equal(
            cut.status, np.where(over, np.uint8(Reached.OVER_LIMIT), whole.status)
        )
        np.testing.assert_array_equal(cut.seconds, np.where(over, np.inf, whole.seconds))
        np.testing.assert_array_equal(cut.metres, np.where(over, np.inf, whole.metres))


@given(road_graphs())
@settings(max_examples=80, deadline=None)
def test_the_route_runs_along_arcs_that_add_up(graph: RoadGraph) -> None:
    times = RoadTimes(graph, main_only=False)
    row_of_lon = {float(lon): row for row, lon in enumerate(graph.lon)}
    network = graph.to_networkx()
    assume(on_a_road(graph))
    first, last = on_a_road(graph)[0], on_a_road(graph)[-1]
    ends = [
        Place(id=str(row), name="", lon=float(graph.lon[row]), lat=float(graph.lat[row]))
        for row in (first, last)
    ]
    route = times.route(*ends)
    seconds, _ = shortest(graph, first, last)
    assert route.seconds == pytest.approx(seconds, abs=1e-3)
    if route.status is Reached.OK and first != last:
        nodes = [graph.node_id[row_of_lon[lon]] for lon, _ in route.line]
        arcs = list(pairwise(nodes))
        total = sum(network.edges[arc]["length"] for arc in arcs)
        assert route.metres == pytest.approx(total, abs=1e-3)


def crossroads(*, one_way: bool = False) -> RoadGraph:
    """Four nodes in a row, 788 m and 60 s apart; `one_way` closes one arc of a ring road."""
    tails, heads = [0, 1, 1, 2, 2, 3, 3, 0], [1, 0, 2, 1, 3, 2, 0, 3]
    keep = [i for i in range(8) if not (one_way and (tails[i], heads[i]) == (1, 0))]
    return RoadGraph.of_arcs(
        node_id=[1, 2, 3, 4],
        lon=[1.00, 1.01, 1.02, 1.03],
        lat=[45.0] * 4,
        tails=[tails[i] for i in keep],
        heads=[heads[i] for i in keep],
        seconds=[60.0] * len(keep),
        metres=[788.0] * len(keep),
    )


def test_symmetric_without_one_way_roads_and_not_with_them() -> None:
    for one_way in (False, True):
        graph = crossroads(one_way=one_way)
        all_nodes = at_nodes(graph, [0, 1, 2, 3])
        seconds = RoadTimes(graph).table(all_nodes, all_nodes).seconds
        assert np.allclose(seconds, seconds.T) != one_way


def test_many_small_searches_give_what_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = crossroads(one_way=True)
    homes = Points(np.linspace(0.995, 1.035, 40), np.full(40, 45.001))
    places = at_nodes(graph, [0, 1, 2, 3])
    whole = RoadTimes(graph).table(homes, places)
    monkeypatch.setattr(door_to_door, "CELLS_AT_ONCE", 1)
    sliced = RoadTimes(graph).table(homes, places)
    np.testing.assert_array_equal(whole.seconds, sliced.seconds)
    np.testing.assert_array_equal(whole.metres, sliced.metres)
    np.testing.assert_array_equal(whole.status, sliced.status)


def test_a_table_takes_little_more_memory_than_its_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_to_door, "CELLS_AT_ONCE", 10_000)
    times = RoadTimes(crossroads())
    lon, lat = np.linspace(0.995, 1.035, 20_000), np.full(20_000, 45.001)
    for homes, places in ((20_000, 150), (150, 20_000)):
        origins, destinations = (Points(lon[:n], lat[:n]) for n in (homes, places))
        times.table(origins, destinations)  # what is loaded or compiled once does not count
        tracemalloc.start()
        table = times.table(origins, destinations)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        result = table.seconds.nbytes + table.metres.nbytes + table.status.nbytes
        assert peak < 1.5 * result


def test_both_sides_of_the_search_agree() -> None:
    """Few origins search forwards, few destinations backwards: the same table."""
    graph = crossroads(one_way=True)
    many, few = at_nodes(graph, [0, 1, 2, 3, 0]), at_nodes(graph, [3, 1])
    times = RoadTimes(graph)
    backwards = times.table(many, few)
    one_by_one = [times.table(at_nodes(graph, [row]), few) for row in (0, 1, 2, 3, 0)]
    np.testing.assert_allclose(backwards.seconds, np.vstack([t.seconds for t in one_by_one]))


def test_access_counts_at_the_off_road_speed() -> None:
    graph = crossroads()
    times = RoadTimes(graph)
    home = Points(np.array([1.0]), np.array([45.002]))
    snapped = times.snap(home)
    away, share = float(snapped.metres[0]), float(snapped.share[0])
    assert away == pytest.approx(222.3, rel=0.003)  # 0.002° of latitude
    table = times.table(home, at_nodes(graph, [1]))
    part = 1 - share
    assert 0.95 < part <= 1  # the grid of the projection is a little askew
    assert table.metres[0, 0] == pytest.approx(away + 788 * part, abs=0.1)
    assert table.seconds[0, 0] == pytest.approx(away / OFF_ROAD_M_PER_S + 60 * part, abs=0.01)


def test_neighbours_at_one_node_go_straight() -> None:
    graph = crossroads()
    homes = Points(np.array([1.0, 1.0]), np.array([45.002, 45.003]))
    table = RoadTimes(graph).table(homes, homes)
    assert table.seconds.diagonal().tolist() == [0, 0]
    assert table.metres[0, 1] == pytest.approx(111.1, rel=0.003)
    assert table.seconds[1, 0] == pytest.approx(table.metres[0, 1] / OFF_ROAD_M_PER_S)


def test_five_kilometres_off_the_road_is_too_far() -> None:
    graph = crossroads()
    points = Points(np.array([1.0, 1.0]), np.array([45.0, 45.045]))
    times = RoadTimes(graph)
    table = times.table(points, points)
    too_far = Reached.TOO_FAR_TO_SNAP
    assert table.status.tolist() == [[Reached.OK, too_far], [too_far, too_far]]
    assert np.isinf(table.seconds[1]).all()
    snapped = times.snap(points)
    assert snapped.section.tolist() == [0, -1]
    assert snapped.metres[1] == pytest.approx(5000, rel=0.01)
    route = times.route(
        Place(id="a", name="", lon=1.0, lat=45.0), Place(id="b", name="", lon=1.0, lat=45.045)
    )
    assert route.status is too_far
    assert route.line == ((1.0, 45.0), (1.0, 45.045))


def test_at_the_snap_limit_is_on_the_network() -> None:
    graph = crossroads()
    point = Points(np.array([1.0]), np.array([45.005]))
    away = float(RoadTimes(graph).snap(point).metres[0])
    here = at_nodes(graph, [0])
    assert RoadTimes(graph, max_snap_m=away).table(point, here).status[0, 0] == Reached.OK
    short = RoadTimes(graph, max_snap_m=np.nextafter(away, 0))
    assert short.table(point, here).status[0, 0] == Reached.TOO_FAR_TO_SNAP


def test_the_main_component_is_snapped_to_even_if_an_island_is_nearer() -> None:
    graph = RoadGraph.of_arcs(
        node_id=[1, 2, 3],
        lon=[1.0, 1.001, 1.002],
        lat=[45.0] * 3,
        tails=[0, 1, 1],  # node 3 is a one-way dead end
        heads=[1, 0, 2],
        seconds=[10.0, 10.0, 10.0],
        metres=[79.0, 79.0, 79.0],
    )
    at_the_end = Points(np.array([1.002]), np.array([45.0]))
    assert RoadTimes(graph).snap(at_the_end).section.tolist() == [0]
    assert RoadTimes(graph, main_only=False).snap(at_the_end).section.tolist() == [1]


def test_no_points_one_node_and_no_graph() -> None:
    nobody, somebody = Points(np.empty(0), np.empty(0)), Points(np.array([1.0]), np.array([45.0]))
    single = RoadGraph.of_arcs(
        node_id=[1], lon=[1.0], lat=[45.0], tails=[], heads=[], seconds=[], metres=[]
    )
    empty = RoadGraph.of_arcs(node_id=[], lon=[], lat=[], tails=[], heads=[], seconds=[], metres=[])
    for graph in (single, empty, crossroads()):  # a node without a road is no network
        times = RoadTimes(graph)
        assert times.table(nobody, somebody).shape == (0, 1)
        assert times.table(somebody, nobody).shape == (1, 0)
    for graph in (single, empty):
        status = RoadTimes(graph).table(somebody, somebody).status
        assert status.tolist() == [[Reached.TOO_FAR_TO_SNAP]]


@pytest.mark.parametrize(
    ("lon", "lat"), [(1.0, 45.0), (9.5, 47.1), (-8.6, 41.15), (151.2, -33.9), (179.99, 10.0)]
)
def test_metres_are_metres_wherever_the_network_lies(lon: float, lat: float) -> None:
    graph = RoadGraph.of_arcs(
        node_id=[1, 2],
        lon=[lon, lon + 0.001],
        lat=[lat, lat],
        tails=[0, 1],
        heads=[1, 0],
        seconds=[9, 9],
        metres=[70, 70],
    )
    point = Points(np.array([lon]), np.array([lat + 0.009]))
    assert RoadTimes(graph, max_snap_m=2000).snap(point).metres[0] == pytest.approx(1000, rel=0.01)


@given(
    st.lists(st.floats(0, 1), min_size=2, max_size=6),
    st.sampled_from([(60.0, 30.0), (60.0, np.inf), (np.inf, 30.0)]),
)
@settings(max_examples=100, deadline=None)
def test_places_along_one_road(shares: list[float], ways: tuple[float, float]) -> None:
    """A ring road whose long side is the road in question: along it, or all the way round."""
    along, against = ways
    arcs = [(0, 1, along), (1, 0, against), (1, 2, 10.0), (2, 1, 10.0), (2, 0, 10.0), (0, 2, 10.0)]
    arcs = [arc for arc in arcs if np.isfinite(arc[2])]
    graph = RoadGraph.of_arcs(
        node_id=[1, 2, 3],
        lon=[1.0, 1.02, 1.01],
        lat=[45.0, 45.0, 45.02],
        tails=[tail for tail, _, _ in arcs],
        heads=[head for _, head, _ in arcs],
        seconds=[seconds for _, _, seconds in arcs],
        metres=[1577.0] * len(arcs),
    )
    times = RoadTimes(graph)
    points = Points(1.0 + 0.02 * np.array(shares), np.full(len(shares), 45.0))
    table = times.table(points, points)
    snapped = times.snap(points)
    for row, here in enumerate(snapped.share.tolist()):
        for column, there in enumerate(snapped.share.tolist()):
            gap = there - here
            by_road = [along * gap if gap > 0 else np.inf, -against * gap if gap < 0 else np.inf]
            leaving = [(0, here * against if here else 0.0), (1, (1 - here) * along)]
            arriving = [(0, there * along if there else 0.0), (1, (1 - there) * against)]
            leaving[1] = (1, 0.0) if here == 1 else leaving[1]
            arriving[1] = (1, 0.0) if there == 1 else arriving[1]
            around = {(0, 0): 0.0, (1, 1): 0.0}
            around[0, 1] = min(along, 20.0)
            around[1, 0] = min(against, 20.0)
            by_road += [a + around[i, j] + b for i, a in leaving for j, b in arriving]
            straight = abs(snapped.x[row] - snapped.x[column]) / OFF_ROAD_M_PER_S
            access = float(snapped.metres[row] + snapped.metres[column]) / OFF_ROAD_M_PER_S
            near = straight <= access
            best = min(min(by_road) + access, straight if near else np.inf)
            assert table.seconds[row, column] == pytest.approx(best, abs=0.02)


def test_the_sources_of_the_times_are_told() -> None:
    speeds = RoadTimes(crossroads()).sources()[-1]
    assert speeds.standing == "estimated"
    assert "car" in speeds.note.told("fr")
