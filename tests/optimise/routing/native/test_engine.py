"""The engine as its callers meet it: the same answer everywhere, and an answer whenever asked."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.native import start as start_module
from msap_mobility.optimise.routing.native.allotment import Allotment
from msap_mobility.optimise.routing.native.encode import encoded
from msap_mobility.optimise.routing.native.phases import build
from msap_mobility.optimise.routing.problem import (
    MANDATORY,
    Objective,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.solution import RoutingSolution
from msap_mobility.optimise.routing.solve import solve
from tests.optimise.routing.brute_force import value
from tests.optimise.routing.planting import mix

ROOT = Path(__file__).resolve().parents[4]
LONG = Budget(seconds=30)
ANSWERS_S = 0.3


def visits(count: int, *, prize: int | None = None, vehicles_first: bool = False) -> RoutingProblem:
    """Visits in the plane, each one of ten that fit aboard; with a prize none must be served."""
    rng = np.random.default_rng(count)
    spots = rng.integers(0, 1000, size=(count + 1, 2))
    way = np.rint(np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))).astype(np.int64)
    return RoutingProblem(
        distance=way,
        duration_s=way,
        tasks=Tasks.of(place=range(1, count + 1), load=np.ones(count, dtype=np.int64)),
        requests=Requests.of(task=range(count), prize=prize),
        vehicles=Vehicles.of(count=2 + count // 8, capacity=10),
        objective=Objective(vehicles_first=vehicles_first),
    )


PROBLEMS = {
    "a mix": lambda: mix(11, 30).problem,
    "another": lambda: mix(12, 25).problem,
    "fewer vehicles first": lambda: replace(
        mix(13, 25).problem, objective=Objective(vehicles_first=True)
    ),
    "visits": lambda: visits(40, vehicles_first=True),
    "prizes": lambda: visits(40, prize=700),
}


@pytest.mark.parametrize("make", PROBLEMS.values(), ids=PROBLEMS)
def test_workers_share_the_work_and_never_change_the_answer(make: Any) -> None:
    problem = make()
    one = solve(problem, budget=Budget(iterations=150, starts=3), seed=5)
    two = solve(problem, budget=Budget(iterations=150, starts=3, workers=2), seed=5)
    assert one == two == solve(problem, budget=Budget(iterations=150, starts=3), seed=5)
    assert one.iterations == (150, 150, 150)
    # the first iteration builds; what was planned after it is at least what was done
    assert all(1 + sum(stretches) >= 150 for stretches in one.cooling)
    assert solve(problem, budget=Budget(iterations=150), seed=6) != solve(
        problem, budget=Budget(iterations=150), seed=5
    )


def some_for_prizes() -> RoutingProblem:
    """Two full routes that must be, and one of visits for prizes: its vehicle is saved first."""
    problem = visits(25, vehicles_first=True)
    needed = [1] * 20 + [2] * 5
    return replace(
        problem,
        requests=Requests.of(task=range(25), skills=needed, prize=[MANDATORY] * 20 + [5000] * 5),
        vehicles=Vehicles.of(count=[2, 2], capacity=[10, 10], skills=[1, 2]),
    )


@pytest.mark.parametrize(
    "make",
    [
        *(pytest.param(make, id=name) for name, make in PROBLEMS.items()),
        pytest.param(some_for_prizes, id="some for prizes"),
    ],
)
def test_how_fast_the_machine_is_never_changes_the_answer(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slices as short and as long as those of any machine."""
    problem, answers = make(), []
    for seconds in (1e-6, 100.0):
        monkeypatch.setattr(start_module, "_SLICE_S", seconds)
        answers.append(solve(problem, budget=Budget(iterations=150), seed=1))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("iterations", [1, 2, 7, 61])
def test_no_iteration_is_left_over(iterations: int) -> None:
    for make in PROBLEMS.values():
        found = solve(make(), budget=Budget(iterations=iterations))
        assert found.iterations == (iterations,)


def test_a_thread_finds_what_the_main_thread_finds() -> None:
    problem, found = mix(11, 30).problem, []
    budget = Budget(iterations=300, starts=2, workers=2)
    threads = [
        threading.Thread(target=lambda: found.append(solve(problem, budget=budget)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1] == solve(problem, budget=budget)


SCRIPT = """
import hashlib, os, sys
from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.solve import solve
from tests.optimise.routing.planting import mix

budget = Budget(iterations=300, starts=2, workers=2)

def tell():  # short, and in one write, so that two processes never write into each other's line
    answer = solve(mix(11, 30).problem, budget=budget)
    sys.stdout.write(hashlib.sha256(repr(answer).encode()).hexdigest() + "\\n")
    sys.stdout.flush()

tell()
if sys.argv[1:] == ["fork"]:
    child = os.fork()
    tell()
    if not child:
        os._exit(0)
    sys.exit(os.waitpid(child, 0)[1])
"""


@pytest.mark.parametrize(
    "words",
    [
        [],
        pytest.param(["fork"], marks=pytest.mark.skipif(os.name == "nt", reason="no fork there")),
    ],
)
def test_a_script_without_a_guard_and_a_forked_process_find_it_too(
    tmp_path: Path, words: list[str]
) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src")))},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    budget = Budget(iterations=300, starts=2, workers=2)
    answer = solve(mix(11, 30).problem, budget=budget)
    found = hashlib.sha256(repr(answer).encode()).hexdigest()
    assert done.stdout.splitlines() == [found] * (3 if words else 1)


@pytest.mark.parametrize("iterations", [1, 40])
def test_a_plan_to_begin_with_is_never_made_worse(iterations: int) -> None:
    for seed in range(30, 40):
        mixed = mix(seed, 12)
        found = solve(mixed.problem, budget=Budget(iterations=iterations), initial=mixed.planted)
        assert check(mixed.problem, found) == ()
        assert value(mixed.problem, found) <= value(mixed.problem, mixed.planted), seed


def stopped(problem: RoutingProblem) -> tuple[float, RoutingSolution]:
    """Seconds from the moment a search is told to stop to its answer; it is told after 0.5 s."""
    told: list[float] = []
    begun = perf_counter()

    def should_stop() -> bool:
        if not told and perf_counter() - begun > 0.5:
            told.append(perf_counter())
        return bool(told)

    found = solve(problem, budget=replace(LONG, workers=2, starts=2), should_stop=should_stop)
    return perf_counter() - told[0], found


@pytest.mark.parametrize("make", [lambda: mix(11, 30).problem, lambda: visits(300)])
def test_a_search_told_to_stop_answers_soon(make: Any) -> None:
    problem = make()
    seconds, found = min((stopped(problem) for _ in range(3)), key=lambda timed: timed[0])
    assert seconds < ANSWERS_S
    assert check(problem, found) == ()
    assert found.feasible


def test_progress_goes_from_nothing_to_all() -> None:
    told: list[tuple[float, float]] = []
    problem = visits(100)
    found = solve(
        problem,
        budget=Budget(seconds=1.0, starts=2, workers=2),
        progress=lambda share, cost: told.append((share, cost)),
    )
    shares = [share for share, _ in told]
    assert 0 <= shares[0] < 0.5
    assert shares == sorted(shares)
    assert 0.8 < shares[-1] <= 1
    assert told[-1][1] >= found.cost.total
    costs = [cost for _, cost in told[5:]]
    assert costs == sorted(costs, reverse=True)


def test_progress_counts_iterations() -> None:
    shares: list[float] = []
    solve(
        visits(200),
        budget=Budget(iterations=20_000),
        progress=lambda share, _: shares.append(share),
    )
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1


def test_the_clock_is_kept() -> None:
    for problem in (mix(11, 30).problem, visits(100, vehicles_first=True)):
        begun = perf_counter()
        found = solve(problem, budget=Budget(seconds=0.8, starts=2, workers=2))
        assert perf_counter() - begun < 0.8 + 2 * ANSWERS_S
        assert min(found.iterations) > 0


def test_whoever_can_has_entered_however_short_the_time() -> None:
    assert solve(visits(20), budget=Budget(seconds=1e-6)).feasible


@pytest.mark.parametrize("prize", [700, 1])
def test_temperatures_follow_a_plan_even_if_nobody_must_be_served(prize: int) -> None:
    """Without one an arc seems to cost nothing, and the search would be at no heat.

    A prize of 1 pays for nothing: then the best plan is the empty one, whatever was built.
    """
    start = start_module.Start(encoded(visits(20, prize=prize)), 1, 0)
    allotment = Allotment.of(share=0.0, end=None, most=100, done=0, waves=1)
    build(start, allotment, threading.Event())
    start.heat(0)
    assert start.cooling[0] > 256


def test_an_interrupt_in_a_callback_gives_the_best_so_far() -> None:
    problem = visits(60)

    def interrupt(share: float, cost: float) -> None:  # noqa: ARG001 - as it is called
        raise KeyboardInterrupt

    begun = perf_counter()
    found = solve(problem, budget=LONG, progress=interrupt)
    assert perf_counter() - begun < 5
    assert check(problem, found) == ()


@pytest.mark.skipif(os.name == "nt", reason="sends POSIX signals")
def test_an_interrupt_from_the_keyboard_gives_the_best_so_far() -> None:
    problem = visits(60)
    timer = threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    begun = perf_counter()
    found = solve(problem, budget=replace(LONG, starts=2, workers=2))
    timer.join()
    assert 0.3 < perf_counter() - begun < 5
    assert check(problem, found) == ()
    assert found.feasible


def test_a_fault_in_a_callback_comes_out_and_leaves_nothing_running() -> None:
    def fail() -> bool:
        raise ZeroDivisionError

    before = threading.active_count()
    begun = perf_counter()
    with pytest.raises(ZeroDivisionError):
        solve(visits(60), budget=LONG, should_stop=fail)
    assert perf_counter() - begun < 5
    assert threading.active_count() == before


def all_or_none(visits: int) -> RoutingProblem:
    """Visits close together and far away: no prize alone is worth the way, all together are."""
    place = np.array([0] + [100 + row % 3 for row in range(visits)])
    away = abs(np.subtract.outer(place, place))
    return RoutingProblem(
        distance=away,
        duration_s=away.astype(np.int32),
        tasks=Tasks.of(place=range(1, visits + 1)),
        requests=Requests.of(task=range(visits), prize=50),
        vehicles=Vehicles.of(count=3),
    )


def test_a_route_is_opened_for_several_of_whom_none_is_worth_it_alone() -> None:
    found = solve(all_or_none(60), budget=Budget(iterations=200), seed=1)
    assert found.cost.unserved == 0


def test_where_nothing_is_worth_serving_nobody_is_and_the_master_has_no_routes() -> None:
    problem = all_or_none(3)
    poor = replace(problem, requests=Requests.of(task=range(3), prize=1))
    found = solve(poor, budget=Budget(iterations=60_000, starts=2), seed=1)
    assert (found.routes, found.cost.total) == ((), 3)
