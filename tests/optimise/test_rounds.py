"""The engine of rounds against the slow truth, and against itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from msap_mobility.budget import Budget
from msap_mobility.errors import InputError
from msap_mobility.optimise.bound import ceiling
from msap_mobility.optimise.rounds.arrays import RoundsProblem, empty_tour
from msap_mobility.optimise.rounds.insertion import cheapest_insertion
from msap_mobility.optimise.rounds.schedule import refresh
from msap_mobility.optimise.rounds.search import Found, search
from msap_mobility.optimise.rounds.timetable import timetable
from msap_mobility.optimise.rounds.whatif import earliest_return, least_closed, least_return
from tests.optimise.bounds import checks_bounds
from tests.optimise.instances import (
    best_by_brute_force,
    duty_s,
    random_rounds,
    return_s,
    weight_of,
    windows_of,
)

seeds = st.integers(0, 2**32 - 1)


def same(one: Found, other: Found) -> bool:
    return (
        one.iterations == other.iterations
        and one.served == other.served
        and one.duty_s == other.duty_s
        and all(map(np.array_equal, one.sequences, other.sequences))
    )


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_a_fixed_sequence_is_timed_exactly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_rounds(rng, places=5)
    order = rng.permutation(5)[: rng.integers(1, 5)].astype(np.int32)
    for number in range(problem.shifts):
        truth = return_s(problem, number, order.tolist())
        found = earliest_return(tuple(problem), problem.shift[number], order)
        if found > problem.shift[number, 3]:
            assert truth is None
        else:
            assert found == truth


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_the_timetable_returns_earliest_and_keeps_every_rule(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_rounds(rng, places=5)
    order = rng.permutation(5)[: rng.integers(1, 4)].tolist()
    for number in range(problem.shifts):
        times = timetable(problem, number, order)
        truth = return_s(problem, number, order)
        if times is None:
            assert truth is None
            continue
        assert times.return_s == truth
        shift = problem.shift[number]
        now, here = times.depart_s, int(shift[1])
        assert now >= shift[2]
        parked = []
        for place, stop in zip(order, times.stops, strict=True):
            assert stop.arrive_s == now + problem.travel_s[here, place]
            assert stop.open_s % problem.setting[1] == 0
            assert stop.close_s - stop.open_s == problem.dwell_s[place]
            assert any(
                begin <= stop.open_s and stop.close_s <= end
                for begin, end in windows_of(problem, place, int(shift[0]))
            )
            parked.append((stop.arrive_s, stop.open_s - int(shift[7])))
            parked.append((stop.close_s + int(shift[8]), stop.leave_s))
            now, here = stop.leave_s, place
        assert times.return_s == now + problem.travel_s[here, shift[1]]
        assert all(begin <= end for begin, end in parked)
        lunch_s, lunch_from_s, lunch_to_s = shift[4:7].tolist()
        if times.lunch_s is not None:
            begin, end = times.lunch_s
            assert (end - begin, lunch_from_s <= begin, end <= lunch_to_s) == (lunch_s, True, True)
            assert any(since <= begin and end <= until for since, until in parked)
        elif lunch_s:
            before = times.depart_s >= lunch_from_s + lunch_s
            assert before or max(times.return_s, lunch_from_s) + lunch_s <= lunch_to_s


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_insertion_in_constant_time_agrees_with_the_full_schedule(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_rounds(rng, places=6)
    arrays, tour = tuple(problem), empty_tour(problem)
    for number in range(problem.shifts):
        order = rng.permutation(5)[: rng.integers(0, 4)].tolist()
        if return_s(problem, number, order) is None:
            continue
        tour.sequence[number, : len(order)] = order
        tour.length[number] = len(order)
        tour.load[number] = problem.units[order].sum()
        refresh(arrays, tuple(tour), number)
        added, position = cheapest_insertion(arrays, tuple(tour), number, 5)
        longer = [[*order[:at], 5, *order[at:]] for at in range(len(order) + 1)]
        fits = [one for one in longer if return_s(problem, number, one) is not None]
        if not fits or tour.load[number] + problem.units[5] > problem.shift[number, 9]:
            assert added == 1 << 30
        else:
            costs = [duty_s(problem, number, one) for one in fits]
            assert added == min(costs) - duty_s(problem, number, order)
            assert longer[position] in fits
        if fits:
            least = least_return(arrays, tuple(tour), problem.shift[number], number, 5)
            assert least == min(return_s(problem, number, one) for one in fits)


def with_window(problem: RoundsProblem, place: int, day: int, opening: int) -> RoundsProblem:
    """The same with one place open for just one visit on one day."""
    days = int(problem.setting[0])
    rows = [windows_of(problem, one, on) for one in range(problem.places) for on in range(days)]
    rows[place * days + day] = [(opening, opening + int(problem.dwell_s[place]))]
    start = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)
    window_s = np.array([window for row in rows for window in row], dtype=np.int32)
    return problem._replace(window_start=start, window_s=window_s)


@settings(max_examples=12, deadline=None)
@example(37811)
@example(1456)
@example(1880)
@given(seeds)
def test_the_least_time_outside_the_hours_is_found(seed: int) -> None:
    """Against every opening on the five-minute clock."""
    rng = np.random.default_rng(seed)
    problem = random_rounds(rng, places=4)
    number = int(rng.integers(problem.shifts))
    day, dwell_s = int(problem.shift[number, 0]), int(problem.dwell_s[3])
    order = rng.permutation(3)[: rng.integers(0, 3)].tolist()
    tour = empty_tour(problem)
    tour.sequence[number, : len(order)] = order
    tour.length[number] = len(order)
    refresh(tuple(problem), tuple(tour), number)
    found = least_closed(tuple(problem), tuple(tour), number, 3)
    closed = []
    for opening in range(8 * 3600, 18 * 3600, int(problem.setting[1])):
        narrow = with_window(problem, 3, day, opening)
        longer = ([*order[:at], 3, *order[at:]] for at in range(len(order) + 1))
        if any(return_s(narrow, number, one) is not None for one in longer):
            overlaps = (
                max(0, min(opening + dwell_s, end) - max(opening, begin))
                for begin, end in windows_of(problem, 3, day)
            )
            closed.append(dwell_s - sum(overlaps))
    assert found == min(closed, default=1 << 30)


@settings(max_examples=40, deadline=None, derandomize=True)  # a heuristic: the sample is fixed
@given(seeds)
def test_small_tours_are_optimal_and_under_the_bound(seed: int) -> None:
    problem = random_rounds(np.random.default_rng(seed), places=4)
    best = best_by_brute_force(problem)
    found = search(problem, budget=Budget(iterations=1500, starts=2), seed=seed)
    assert (found.served, found.duty_s) == best
    assert found.served == weight_of(problem, np.unique(np.concatenate(found.sequences)))
    orders = [sequence.tolist() for sequence in found.sequences]
    assert found.duty_s == sum(
        duty_s(problem, number, order) for number, order in enumerate(orders) if order
    )
    weight = problem.weight.astype(float)
    assert best[0] <= ceiling(problem, van_of_shift(problem), weight) <= weight.sum()
    visited = np.unique(np.concatenate(found.sequences)).tolist()
    assert best[0] <= ceiling(problem, van_of_shift(problem), weight, visited)


def van_of_shift(problem: RoundsProblem) -> np.ndarray:
    """A group of shifts for each van, on all days: patterns stay within one."""
    vans = int((problem.shift[:, 0] == 0).sum())
    return np.arange(problem.shifts, dtype=np.int32) % vans


def test_the_bound_is_exact_where_nothing_stands_in_the_way() -> None:
    problem = random_rounds(np.random.default_rng(1), places=4)
    roomy = problem.shift.copy()
    roomy[:, 2], roomy[:, 3], roomy[:, 4], roomy[:, 9] = 0, 86400, 0, 100
    always = np.arange(9, dtype=np.int32), np.array([[0, 86400]] * 8, dtype=np.int32)
    easy = problem._replace(shift=roomy, window_start=always[0], window_s=always[1])
    everything = weight_of(easy, range(4))
    assert search(easy, budget=Budget(iterations=20)).served == everything
    assert ceiling(easy, van_of_shift(easy), easy.weight.astype(float)) == pytest.approx(everything)


def one_shift_of_four_visits(to_s: int, lunch: tuple[int, int, int]) -> RoundsProblem:
    """Four places at the base, each worth 10 and a visit of 3000 s, open always; one shift."""
    problem = random_rounds(np.random.default_rng(1), places=4, days=1)
    shift = np.array([[0, 4, 0, to_s, *lunch, 300, 300, 12]], dtype=np.int32)
    return problem._replace(
        shift=shift,
        window_start=np.arange(5, dtype=np.int32),
        window_s=np.array([[0, 86400]] * 4, dtype=np.int32),
        dwell_s=np.full(4, 2400, dtype=np.int32),
        travel_s=np.zeros((5, 5), dtype=np.int32),
        pattern_start=np.arange(5, dtype=np.int32),
        visit_start=np.arange(5, dtype=np.int32),
        visit_shift=np.zeros(4, dtype=np.int32),
        cover_start=np.arange(5, dtype=np.int32),
        cover_customer=np.arange(4, dtype=np.int32),
        served_start=np.arange(5, dtype=np.int32),
        served_place=np.arange(4, dtype=np.int32),
        weight=np.full(4, 10, dtype=np.int64),
        units=np.ones(4, dtype=np.int32),
    )


def test_the_bound_counts_time_and_load() -> None:
    """Two hours, visits of fifty minutes: two and two fifths of the four places."""
    tight = one_shift_of_four_visits(7200, (0, 0, 0))
    one = np.zeros(1, dtype=np.int32)
    assert ceiling(tight, one, np.full(4, 10.0)) == pytest.approx(24.0)
    tight.shift[0, 9] = 1
    assert ceiling(tight, one, np.full(4, 10.0)) == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("to_s", "lunch", "visits", "bound"),
    [
        (7800, (1800, 3000, 4800), 2, 20.0),
        (6000, (1800, 4200, 7800), 2, 20.0),
        (7799, (1800, 3000, 4800), 1, 5999 / 300),
    ],
    ids=["lunch between the visits", "lunch after the round", "a second too short"],
)
def test_the_bound_knows_lunch(
    to_s: int, lunch: tuple[int, int, int], visits: int, bound: float
) -> None:
    """Visits of fifty minutes, no way to drive: the bound is as tight as time allows."""
    tight = one_shift_of_four_visits(to_s, lunch)
    assert search(tight, budget=Budget(iterations=30)).served == 10 * visits
    found = ceiling(tight, np.zeros(1, dtype=np.int32), np.full(4, 10.0))
    assert found == pytest.approx(bound)
    assert found >= 10 * visits


def test_workers_share_the_work_and_never_change_the_answer() -> None:
    problem = random_rounds(np.random.default_rng(5), places=12)
    one, two = (
        search(problem, budget=Budget(iterations=400, starts=3, workers=workers), seed=7)
        for workers in (1, 2)
    )
    assert same(one, two)
    assert one.iterations == (400, 400, 400)


def test_a_search_stopped_by_the_clock_is_repeated_by_its_iterations() -> None:
    problem = random_rounds(np.random.default_rng(6), places=12)
    timed = search(problem, budget=Budget(seconds=0.4, starts=2, workers=2), seed=3)
    again = search(
        problem,
        budget=Budget(seconds=0.01, starts=2),
        seed=3,
        iterations_by_start=timed.iterations,
    )
    assert min(timed.iterations) > 0
    assert same(timed, again)


@pytest.mark.parametrize("iterations", [(), (5, -1), ("many",)])
def test_what_no_search_did_is_not_repeated(iterations: tuple[int, ...]) -> None:
    problem = random_rounds(np.random.default_rng(6), places=4)
    with pytest.raises(InputError) as told:
        search(problem, budget=Budget(iterations=9), iterations_by_start=iterations)
    assert [fault.code for fault in told.value.faults] == ["not_replayable"]
    assert told.value.faults[0].text("fr") != told.value.faults[0].text("en")


def test_slices_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_rounds(np.random.default_rng(8), places=12)
    whole = search(problem, budget=Budget(iterations=1200), seed=1)
    monkeypatch.setattr("msap_mobility.optimise.rounds.search._SLICE_S", 0.0001)
    assert same(whole, search(problem, budget=Budget(iterations=1200), seed=1))


def test_equal_patterns_take_turns() -> None:
    """A case in which the best tour puts a place on a pattern that looks no better alone."""
    problem = random_rounds(np.random.default_rng(1591), places=4)
    found = search(problem, budget=Budget(iterations=200), seed=0)
    assert (found.served, found.duty_s) == best_by_brute_force(problem)


def test_other_seeds_search_elsewhere() -> None:
    problem = random_rounds(np.random.default_rng(9), places=30)
    found = [search(problem, budget=Budget(iterations=3), seed=seed) for seed in range(8)]
    assert len({tuple(map(bytes, one.sequences)) for one in found}) > 1


def test_a_stopped_search_gives_the_best_so_far() -> None:
    problem = random_rounds(np.random.default_rng(10), places=12)
    asked = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 2

    found = search(problem, budget=Budget(iterations=10**9), seed=0, should_stop=stop)
    assert found.served > 0
    assert same(found, search(problem, budget=Budget(iterations=found.iterations[0]), seed=0))


def test_interrupted_in_the_calling_thread_it_gives_the_best_so_far() -> None:
    problem = random_rounds(np.random.default_rng(10), places=12)

    def interrupt(*_: float) -> None:
        raise KeyboardInterrupt

    found = search(problem, budget=Budget(iterations=10**9), seed=0, progress=interrupt)
    assert found.served > 0


def test_a_failing_listener_ends_the_search_with_its_own_error() -> None:
    problem = random_rounds(np.random.default_rng(10), places=12)

    def fail(*_: float) -> None:
        raise OSError

    with pytest.raises(OSError, match=r"^$"):
        search(problem, budget=Budget(iterations=10**9), seed=0, progress=fail)
    assert threading.active_count() < 20


def test_progress_rises_to_the_end() -> None:
    problem = random_rounds(np.random.default_rng(11), places=12)
    heard: list[tuple[float, int, int]] = []
    search(
        problem,
        budget=Budget(seconds=0.5),
        progress=lambda spent, served, duty: heard.append((spent, served, duty)),
    )
    spent = [row[0] for row in heard]
    assert spent == sorted(spent)
    assert 0 < spent[-1] <= 1


@checks_bounds
@pytest.mark.parametrize("places", [1, 40])
def test_kernels_stay_within_their_arrays(places: int) -> None:
    """The same search in a process where numba checks every index."""
    code = (
        "import numpy as np\n"
        "from msap_mobility.budget import Budget\n"
        "from msap_mobility.optimise.rounds.search import search\n"
        "from tests.optimise.instances import random_rounds\n"
        f"problem = random_rounds(np.random.default_rng(1), places={places})\n"
        "found = search(problem, budget=Budget(iterations=200), seed=2)\n"
        "print(found.served, found.duty_s)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NUMBA_BOUNDSCHECK": "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    problem = random_rounds(np.random.default_rng(1), places=places)
    found = search(problem, budget=Budget(iterations=200), seed=2)
    assert done.stdout.split() == [str(found.served), str(found.duty_s)]
