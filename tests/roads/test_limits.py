"""A limit ends the search wherever everything can be reached, with turns too, and changes nothing
but what lies beyond it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.model import Points, Reached
from msap_mobility.roads import RoadGraph, RoadTimes
from msap_mobility.roads.network import Network
from msap_mobility.roads.weights import NEVER
from tests.roads.random_graphs import on_a_road, road_graphs


@settings(max_examples=200, deadline=None)
@given(road_graphs(), st.booleans(), st.booleans(), st.sampled_from([0.5, 2.0, 5.0]))
def test_a_limit_hides_what_is_beyond(
    graph: RoadGraph, turns: bool, main_only: bool, limit_s: float
) -> None:
    nodes = on_a_road(graph)
    between = Points(graph.lon[nodes] + 0.003, graph.lat[nodes])  # within sections, some on none
    places = Points(
        np.concatenate((graph.lon[nodes], between.lon)),
        np.concatenate((graph.lat[nodes], between.lat)),
    )
    times = RoadTimes(graph, turns=turns, main_only=main_only)
    whole, cut = times.table(places, places), times.table(places, places, limit_s=limit_s)
    over = (whole.status == Reached.OK) & (whole.seconds > np.float32(limit_s))
    assert (cut.status == np.where(over, Reached.OVER_LIMIT, whole.status)).all()
    assert (cut.seconds == np.where(over, np.float32(np.inf), whole.seconds)).all()
    assert (cut.metres == np.where(over, np.float32(np.inf), whole.metres)).all()


def roads(*, with_island: bool) -> RoadGraph:
    """Fifty junctions in a ring, both ways round; and a street apart from it."""
    ahead = [(node, (node + 1) % 50) for node in range(50)] + [(50, 51)] * with_island
    arcs = [*ahead, *((head, tail) for tail, head in ahead)]
    angle = np.linspace(0, 2 * np.pi, 50, endpoint=False)
    nodes = 52 if with_island else 50
    return RoadGraph.of_arcs(
        node_id=range(nodes),
        lon=[*(1 + 0.05 * np.cos(angle)), 1.2, 1.21][:nodes],
        lat=[*(45 + 0.05 * np.sin(angle)), 45.0, 45.0][:nodes],
        tails=[tail for tail, _ in arcs],
        heads=[head for _, head in arcs],
        seconds=[60.0] * len(arcs),
        metres=[500.0] * len(arcs),
    )


@pytest.mark.parametrize("turns", [False, True])
@pytest.mark.parametrize("with_island", [False, True])
def test_the_search_ends_at_the_limit_unless_something_is_cut_off(
    turns: bool, with_island: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    ways_to = Network.ways_to

    def spied(self, destinations, most=NEVER - 1, *, origins):
        asked.append(most)
        return ways_to(self, destinations, most, origins=origins)

    monkeypatch.setattr(Network, "ways_to", spied)
    graph = roads(with_island=with_island)
    table = RoadTimes(graph, turns=turns, main_only=False).table(
        Points(graph.lon[:3], graph.lat[:3]), Points(graph.lon, graph.lat), limit_s=200
    )
    assert (asked[0] < NEVER - 1) != with_island
    assert (Reached.UNREACHABLE in table.status) == with_island
    assert {Reached.OK, Reached.OVER_LIMIT} <= set(table.status.ravel().tolist())
