"""The exact assignment against networkx, its prices against what they claim."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.optimise.assignment.edges import Edges
from msap_mobility.optimise.assignment.flow import assign
from msap_mobility.optimise.assignment.greedy import best_first
from msap_mobility.optimise.assignment.stable import stable
from tests.optimise.assignment.instances import random_edges

seeds = st.integers(0, 2**32 - 1)


def by_networkx(edges: Edges, seats: list[int], costs: list[int]) -> int:
    """Value of a matching in which each seat of a driver is a node of its own."""
    graph = nx.Graph()
    for driver, rider, gain in zip(
        edges.driver.tolist(), edges.rider.tolist(), edges.gain.tolist(), strict=True
    ):
        for seat in range(seats[driver]):
            weight = gain - costs[min(seat, len(costs) - 1)]
            before = graph.get_edge_data(("d", driver, seat), ("r", rider), {"weight": 0})
            if weight > before["weight"]:
                graph.add_edge(("d", driver, seat), ("r", rider), weight=weight)
    pairs = nx.max_weight_matching(graph)
    return sum(graph.edges[pair]["weight"] for pair in pairs)


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_the_value_is_that_of_networkx_and_proven(seed: int) -> None:
    rng = np.random.default_rng(seed)
    drivers, riders = (int(number) for number in rng.integers(1, 7, 2))
    edges = random_edges(rng, drivers, riders)
    seats = rng.integers(0, 4, drivers)
    costs = np.sort(rng.integers(0, 12, rng.integers(1, 4)))
    found = assign(edges, drivers=drivers, riders=riders, seats=seats, driver_costs=costs)
    assert found.value == by_networkx(edges, seats.tolist(), costs.tolist())
    assert found.proven
    assert (edges.gain <= found.driver_price[edges.driver] + found.rider_price[edges.rider]).all()
    assert (found.driver_price >= 0).all()
    assert (found.rider_price >= 0).all()
    rides = np.bincount(edges.driver[found.edge], minlength=drivers)
    assert (rides <= seats).all()
    assert np.bincount(edges.rider[found.edge], minlength=riders).max() <= 1
    served = np.flatnonzero(found.partner >= 0)
    assert sorted(found.partner[served].tolist()) == found.edge.tolist()
    assert (edges.rider[found.partner[served]] == served).all()
    cost = sum(int(costs[min(ride, len(costs) - 1)]) for n in rides for ride in range(n))
    assert found.value == edges.gain[found.edge].sum() - cost


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_prices_tell_what_one_seat_and_one_rider_more_are_worth(seed: int) -> None:
    rng = np.random.default_rng(seed)
    drivers, riders = 4, 5
    edges = random_edges(rng, drivers, riders)
    seats = rng.integers(1, 3, drivers)
    found = assign(edges, drivers=drivers, riders=riders, seats=seats)
    for driver in range(drivers):
        fewer = seats - (np.arange(drivers) == driver)
        without = assign(edges, drivers=drivers, riders=riders, seats=fewer)
        assert found.value - without.value == found.driver_price[driver]
    for rider in range(riders):
        own = edges.rider == rider
        more = Edges(
            driver=np.concatenate([edges.driver, edges.driver[own]]),
            rider=np.concatenate([edges.rider, np.full(own.sum(), riders)]),
            gain=np.concatenate([edges.gain, edges.gain[own]]),
        )
        with_twin = assign(more, drivers=drivers, riders=riders + 1, seats=seats)
        assert with_twin.value - found.value == found.rider_price[rider]


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_the_order_of_edges_changes_no_pair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    edges = random_edges(rng, 6, 6, most=3)  # many ties
    mixed = rng.permutation(len(edges))
    other = Edges(driver=edges.driver[mixed], rider=edges.rider[mixed], gain=edges.gain[mixed])

    def pairs(of: Edges) -> set[tuple[int, int]]:
        chosen = assign(of, drivers=6, riders=6).edge
        return set(zip(of.driver[chosen].tolist(), of.rider[chosen].tolist(), strict=True))

    def greedy_pairs(of: Edges) -> set[tuple[int, int]]:
        chosen, _ = best_first(of, drivers=6, riders=6)
        return set(zip(of.driver[chosen].tolist(), of.rider[chosen].tolist(), strict=True))

    assert pairs(edges) == pairs(other)
    assert greedy_pairs(edges) == greedy_pairs(other)


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_a_driver_more_never_lowers_the_value(seed: int) -> None:
    rng = np.random.default_rng(seed)
    edges = random_edges(rng, 5, 5)
    fewer = edges.driver < 4
    less = Edges(driver=edges.driver[fewer], rider=edges.rider[fewer], gain=edges.gain[fewer])
    without = assign(less, drivers=4, riders=5)
    assert assign(edges, drivers=5, riders=5).value >= without.value


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_the_greedy_rule_is_kept_to_the_letter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    edges = random_edges(rng, 4, 5, most=6)
    seats, costs = rng.integers(0, 3, 4), np.sort(rng.integers(0, 4, 2))
    chosen, value = best_first(edges, drivers=4, riders=5, seats=seats, driver_costs=costs)
    rides, served, expected, total = [0] * 4, set(), [], 0
    listed = zip((-edges.gain).tolist(), edges.driver.tolist(), edges.rider.tolist(), strict=True)
    for loss, driver, rider in sorted(set(listed)):
        cost = int(costs[min(rides[driver], 1)])
        if rider not in served and rides[driver] < seats[driver] and -loss > cost:
            rides[driver] += 1
            served.add(rider)
            expected.append((driver, rider))
            total += -loss - cost
    pairs = zip(edges.driver[chosen].tolist(), edges.rider[chosen].tolist(), strict=True)
    assert sorted(pairs) == sorted(expected)
    assert value == total
    best = assign(edges, drivers=4, riders=5, seats=seats, driver_costs=costs)
    assert best.value >= value


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_no_pair_would_rather_have_each_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    drivers, riders = (int(number) for number in rng.integers(1, 7, 2))
    edges = random_edges(rng, drivers, riders, most=8)
    wanted = rng.integers(-2, 8, len(edges))
    seats = rng.integers(0, 4, drivers)
    chosen = stable(edges, wanted, drivers=drivers, riders=riders, seats=seats)
    assert ((edges.gain[chosen] > 0) & (wanted[chosen] > 0)).all()
    by_rider = {int(edges.rider[edge]): int(edge) for edge in chosen}
    assert len(by_rider) == len(chosen)
    aboard = [[int(e) for e in chosen if edges.driver[e] == d] for d in range(drivers)]
    assert all(len(rides) <= seats[d] for d, rides in enumerate(aboard))
    for edge in range(len(edges)):
        driver, rider = int(edges.driver[edge]), int(edges.rider[edge])
        if edges.gain[edge] <= 0 or wanted[edge] <= 0 or seats[driver] == 0:
            continue
        own = by_rider.get(rider)
        envies = own is None or wanted[edge] > wanted[own]
        rides = aboard[driver]
        room = len(rides) < seats[driver]
        welcome = room or any(edges.gain[edge] > edges.gain[other] for other in rides)
        assert not (envies and welcome)


def test_stable_does_not_depend_on_the_order_of_edges() -> None:
    rng = np.random.default_rng(5)
    edges, mixed = random_edges(rng, 6, 6, most=3), rng.permutation(36)
    mixed = mixed[mixed < len(edges)]
    _, first = np.unique(edges.driver * 6 + edges.rider, return_index=True)
    wanted = rng.integers(1, 4, len(edges))
    mixed = mixed[np.isin(mixed, first)]
    pairs = []
    for order in (np.sort(mixed), mixed):
        some = Edges(driver=edges.driver[order], rider=edges.rider[order], gain=edges.gain[order])
        chosen = stable(some, wanted[order], drivers=6, riders=6)
        pairs.append(sorted(order[chosen].tolist()))
    assert len(pairs[0]) > 2
    assert pairs[0] == pairs[1]


def test_nobody_there_is_an_answer() -> None:
    nobody = Edges.of(driver=[], rider=[], gain=[])
    for drivers, riders in ((0, 0), (3, 0), (0, 3), (2, 2)):
        found = assign(nobody, drivers=drivers, riders=riders)
        assert (found.value, found.bound, len(found.edge)) == (0, 0, 0)
        assert len(stable(nobody, [], drivers=drivers, riders=riders)) == 0
        assert best_first(nobody, drivers=drivers, riders=riders)[1] == 0


def test_gains_near_the_limit_are_exact() -> None:
    most = 2**40 - 1
    edges = Edges.of(driver=[0, 0, 1, 1], rider=[0, 1, 0, 1], gain=[most, most - 1, most - 1, 1])
    found = assign(edges, drivers=2, riders=2)
    assert (found.value, found.proven) == (2 * most - 2, True)


def test_every_wrong_array_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Edges.of(driver=[0.5], rider=[0, 1], gain=[2**41])
    assert [fault.code for fault in caught.value.faults] == [
        "array_not_whole",
        "array_shape",
        "array_outside",
    ]
    edges = Edges.of(driver=[2], rider=[0], gain=[1])
    with pytest.raises(InputError) as caught:
        assign(edges, drivers=1, riders=1, seats=[1, 1], driver_costs=[3, 2])
    assert [fault.code for fault in caught.value.faults] == [
        "array_outside",
        "array_shape",
        "array_not_rising",
    ]
    assert "driver" in caught.value.text("fr")
    with pytest.raises(InputError) as caught:
        assign(Edges.of(driver=[], rider=[], gain=[]), drivers=1, riders=1, driver_costs=[])
    assert caught.value.faults[0].code == "array_shape"
