"""Joint groups against every order of every subset, and every schedule of each order."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.optimise.assignment.groups import Groups, groups, times_of_stops
from msap_mobility.optimise.assignment.trips import NEVER, TripsProblem
from tests.optimise.assignment.instances import random_trips

seeds = st.integers(0, 2**32 - 1)


def longest_paths(count: int, arcs: list[tuple[int, int, int]], origin: int) -> list[float] | None:
    """Least times after `origin` that keep ``t[b] − t[a] ≥ w`` for every arc; None if none do."""
    times = [-float("inf")] * count
    times[origin] = 0
    for _ in range(count):
        changed = False
        for tail, head, weight in arcs:
            if times[tail] + weight > times[head]:
                times[head] = times[tail] + weight
                changed = True
        if not changed:
            return times
    return None


def rules(problem: TripsProblem, driver: int, stops: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """All rules of a trip but its metres and seats; nodes: departure, stops, arrival, clock."""
    start, end, since, until, by, _, detour_s, _, *ends = problem.driver[driver].tolist()
    last, clock = len(stops) + 1, len(stops) + 2
    column = [problem.rider[stop >> 1].tolist() for stop in stops]
    place = [start, *(own[stop & 1] for own, stop in zip(column, stops, strict=True)), end]
    dwell = [0, *(own[6 + (stop & 1)] for own, stop in zip(column, stops, strict=True))]
    arcs = [(clock, 0, since), (0, clock, -until), (last, clock, -by)]
    arcs += [(clock, last, earliest) for earliest in ends]
    arcs.append((last, 0, -int(problem.seconds[start, end]) - detour_s))
    for node, (here, there) in enumerate(pairwise(place)):
        arcs.append((node, node + 1, dwell[node] + int(problem.seconds[here, there])))
    for node, (own, stop) in enumerate(zip(column, stops, strict=True), start=1):
        arcs.append((clock, node, own[2 + (stop & 1)]))
        arcs.append((node, clock, -own[4 + (stop & 1)]))
        if stop & 1:
            arcs.append((node, stops.index(stop - 1) + 1, -own[9] - own[6]))
    return arcs


def duration(problem: TripsProblem, driver: int, stops: tuple[int, ...]) -> int | None:
    """Least duration of an order over all schedules; None if there is none."""
    load = 0
    for stop in stops:
        load += int(problem.rider[stop >> 1, 8]) * (-1 if stop & 1 else 1)
        if load > problem.driver[driver, 5]:
            return None
    arcs = rules(problem, driver, stops)
    times = longest_paths(len(stops) + 3, arcs, 0)
    return None if times is None else int(times[len(stops) + 1])


def metres_of(problem: TripsProblem, driver: int, stops: tuple[int, ...]) -> int:
    start, end = problem.driver[driver, :2].tolist()
    place = [start, *(int(problem.rider[stop >> 1, stop & 1]) for stop in stops), end]
    return sum(int(problem.metres[here, there]) for here, there in pairwise(place))


def orders(riders: tuple[int, ...]) -> list[tuple[int, ...]]:
    stops = [stop for rider in riders for stop in (2 * rider, 2 * rider + 1)]
    return [
        order
        for order in permutations(stops)
        if all(order.index(2 * rider) < order.index(2 * rider + 1) for rider in riders)
    ]


def best_of(
    problem: TripsProblem, driver: int, riders: tuple[int, ...]
) -> tuple[bool, tuple[int, int, int, tuple[int, ...]] | None]:
    """Whether the times allow it; cost, seconds, metres and stops of the best order."""
    start, end = problem.driver[driver, :2].tolist()
    solo_s, solo_m = int(problem.seconds[start, end]), int(problem.metres[start, end])
    in_time, best = False, None
    for order in orders(riders):
        took = duration(problem, driver, order)
        if took is None:
            continue
        in_time = True
        driven = metres_of(problem, driver, order)
        if driven - solo_m > problem.driver[driver, 7]:
            continue
        cost = int(problem.price @ [driven - solo_m, took - solo_s])
        if best is None or (cost, took) < best[:2]:
            best = cost, took, driven, order
    return in_time, best


def by_riders(found: Groups) -> dict[tuple[int, tuple[int, ...]], int]:
    return {
        (int(found.driver[group]), tuple(found.riders(group))): group for group in range(len(found))
    }


def worth_of(problem: TripsProblem, driver: int, riders: tuple[int, ...]) -> int:
    row = slice(*problem.candidate_start[driver : driver + 2].tolist())
    own = dict(zip(problem.candidate[row].tolist(), problem.worth[row].tolist(), strict=True))
    return sum(own[rider] for rider in riders)


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_every_group_that_fits_is_found_with_its_best_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_trips(rng, 2, 4, loose=float(rng.choice([0.7, 1.0, 2.0, 3.0])))
    found = groups(problem, prune=False)
    rows = by_riders(found)
    assert found.complete
    for driver in range(2):
        row = slice(*problem.candidate_start[driver : driver + 2].tolist())
        for size in (1, 2, 3):
            for riders in combinations(problem.candidate[row].tolist(), size):
                _, best = best_of(problem, driver, riders)
                group = rows.pop((driver, riders), None)
                if best is None:
                    assert group is None
                    continue
                assert group is not None
                cost, took, driven, order = best
                assert (found.seconds[group], found.metres[group]) == (took, driven)
                assert found.gain[group] == worth_of(problem, driver, riders) - cost
                assert tuple(found.stops(group)) == order
    assert not rows


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_departures_and_times_hold_and_are_the_extremes(seed: int) -> None:
    problem = random_trips(np.random.default_rng(seed), 1, 4, loose=1.5)
    found = groups(problem, prune=False)
    for group in range(len(found)):
        stops = tuple(found.stops(group))
        last, clock, took = len(stops) + 1, len(stops) + 2, int(found.seconds[group])
        arcs = [*rules(problem, 0, stops), (last, 0, -took)]
        earliest = longest_paths(clock + 1, arcs, clock)
        assert earliest is not None
        assert times_of_stops(problem, 0, list(stops)) == earliest[:-1]
        assert earliest[0] == found.depart_first[group]
        latest = longest_paths(clock + 1, arcs, 0)
        assert latest is not None
        assert -latest[clock] == found.depart_last[group]


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_a_part_of_what_fits_in_time_fits_in_time(seed: int) -> None:
    """Not so in metres, which need not obey the triangle inequality."""
    problem = random_trips(np.random.default_rng(seed), 1, 3)
    for riders in (1, 2, 3):
        for group in combinations(range(3), riders):
            if best_of(problem, 0, group)[0]:
                for less in combinations(group, riders - 1):
                    assert best_of(problem, 0, less)[0]


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_only_superfluous_groups_are_left_out(seed: int) -> None:
    problem = random_trips(np.random.default_rng(seed), 2, 6, loose=2.0)
    everything, pruned = groups(problem, prune=False), groups(problem)
    gain = {key: int(everything.gain[row]) for key, row in by_riders(everything).items()}
    kept = by_riders(pruned)
    assert set(kept) <= set(gain)
    for (driver, riders), own in gain.items():
        parts = [
            gain.get((driver, tuple(r for r in riders if r != left)), -1 if len(riders) > 1 else 0)
            for left in riders
            if not problem.kept[left]
            and ((driver, tuple(r for r in riders if r != left)) in gain or len(riders) == 1)
        ]
        needless = any(part >= own for part in parts)
        needless |= own <= 0 and not problem.kept[list(riders)].any()
        assert ((driver, riders) in kept) != needless


def test_four_riders_and_many_workers() -> None:
    problem = random_trips(np.random.default_rng(3), 9, 14, places=12, loose=4.0)
    problem = problem._replace(driver=problem.driver[:, :8].copy())
    problem.driver[:, 5] = 6
    one, two = groups(problem, most=4), groups(problem, most=4, workers=2)
    for name in Groups.__slots__:
        assert np.array_equal(getattr(one, name), getattr(two, name))
    fours = np.flatnonzero(np.diff(one.start) == 4)
    assert len(fours) > 20
    for group in fours[:: len(fours) // 3]:
        _, best = best_of(problem, int(one.driver[group]), tuple(one.riders(int(group))))
        assert best is not None
        assert (best[3], best[1]) == (tuple(one.stops(int(group))), one.seconds[group])


def test_the_cap_is_kept_and_told() -> None:
    problem = random_trips(np.random.default_rng(3), 9, 14, places=12, loose=4.0)
    everything = groups(problem, prune=False)
    counts = np.bincount(everything.driver, minlength=9)
    assert counts.min() < 20 < counts.max()
    few = groups(problem, prune=False, cap=20)
    assert not few.complete
    assert set(np.flatnonzero(counts > 20)) <= set(few.cut)  # what only metres forbid counts too
    assert len(few.cut) < 9
    assert np.bincount(few.driver, minlength=9).max() <= 20
    assert set(by_riders(few)) <= set(by_riders(everything))


def test_nobody_and_nowhere_are_answers() -> None:
    problem = random_trips(np.random.default_rng(3), 2, 3)
    nobody = problem._replace(
        candidate=np.zeros(0, np.int64),
        worth=np.zeros(0, np.int64),
        candidate_start=np.zeros(3, np.int64),
    )
    assert len(groups(nobody)) == 0
    islands = problem._replace(seconds=np.full_like(problem.seconds, NEVER))
    assert len(groups(islands)) == 0
    assert times_of_stops(islands, 0, [0, 1]) is None


def test_every_wrong_array_is_told_at_once() -> None:
    problem = random_trips(np.random.default_rng(3), 2, 3)
    wrong = problem._replace(
        metres=problem.metres[:4], candidate_start=np.array([0, 3, 2]), price=np.ones(2)
    )
    wrong.driver[0, 0], wrong.driver[0, 3] = 99, -99
    with pytest.raises(InputError) as caught:
        groups(wrong)
    assert {(fault.code, fault.column) for fault in caught.value.faults} >= {
        ("array_shape", "metres"),
        ("array_outside", "driver[:, 0]"),
        ("array_not_rising", "driver[:, 3]"),
        ("array_not_whole", "price"),
        ("array_outside", "candidate_start"),
    }
    with pytest.raises(InputError):
        groups(random_trips(np.random.default_rng(3), 2, 3), most=5)
