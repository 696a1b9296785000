"""What every backend does with its budget, seed, progress, and the wish to stop."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from time import perf_counter

import numpy as np
import pytest

from msap_mobility.budget import Budget
from msap_mobility.errors import InputError, MissingExtra
from msap_mobility.optimise.routing.backends import BACKENDS, backend_of
from msap_mobility.optimise.routing.problem import Requests, RoutingProblem, Tasks, Vehicles
from msap_mobility.optimise.routing.solve import solve
from tests.optimise.routing.backends.cases import CASES
from tests.optimise.routing.backends.engines import NAMES, solved


def _town(size: int = 40) -> RoutingProblem:
    """Enough to search in for a while."""
    rng = np.random.default_rng(7)
    spots = rng.integers(0, 1000, size=(size + 1, 2))
    ways = np.rint(np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))).astype(np.int64)
    return RoutingProblem(
        distance=ways,
        duration_s=ways,
        tasks=Tasks.of(place=range(1, size + 1), load=-rng.integers(1, 10, size=size)),
        requests=Requests.of(task=range(size)),
        vehicles=Vehicles.of(count=size, capacity=50),
    )


@pytest.mark.parametrize("backend", NAMES)
def test_the_same_iterations_give_the_same_plan(backend: str) -> None:
    budget = Budget(iterations=80)
    first, again = (solved(_town(), backend, budget=budget, seed=3) for _ in range(2))
    assert first == again
    assert all(0 < done <= 80 for done in first.iterations)


@pytest.mark.parametrize("backend", NAMES)
def test_seconds_are_kept(backend: str) -> None:
    begin = perf_counter()
    answer = solved(_town(), backend, budget=Budget(seconds=0.6))
    assert 0.5 < perf_counter() - begin < 1.5
    assert answer.feasible


@pytest.mark.parametrize("backend", NAMES)
def test_it_stops_when_told_with_the_best_so_far(backend: str) -> None:
    begin = perf_counter()
    answer = solved(
        _town(),
        backend,
        budget=Budget(seconds=60),
        should_stop=lambda: perf_counter() - begin > 0.5,
    )
    assert perf_counter() - begin < 5
    assert answer.feasible


@pytest.mark.parametrize("backend", NAMES)
def test_progress_is_told(backend: str) -> None:
    told: list[tuple[float, float]] = []
    answer = solved(
        _town(),
        backend,
        budget=Budget(seconds=1),
        progress=lambda share, cost: told.append((share, cost)),
    )
    shares, costs = zip(*told, strict=True)
    assert list(shares) == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    assert list(costs) == sorted(costs, reverse=True)
    assert costs[-1] >= answer.cost.total


@pytest.mark.parametrize("backend", NAMES)
def test_a_plan_to_begin_with_is_not_lost(backend: str) -> None:
    good = solved(_town(), backend, budget=Budget(seconds=1))
    again = solved(_town(), backend, budget=Budget(iterations=1), initial=good)
    assert again.cost.total <= good.cost.total


@pytest.mark.parametrize("backend", NAMES)
def test_several_starts(backend: str) -> None:
    one = solved(_town(), backend, budget=Budget(iterations=40), seed=5)
    more = solved(_town(), backend, budget=Budget(iterations=40, starts=3), seed=5)
    assert more.cost.total <= one.cost.total
    if backend == "pyvrp":
        assert len(more.iterations) == 3


@pytest.mark.parametrize("backend", NAMES)
def test_prizes_alone_are_collected(backend: str) -> None:
    """Routes cost nothing: the engine finds by itself what the prizes are to be weighed with."""
    problem = _town()
    problem = replace(
        problem,
        requests=replace(problem.requests, prize=1 + np.arange(40, dtype=np.int64) % 7),
        vehicles=Vehicles.of(count=1, per_distance=0, max_distance=2500),
    )
    answer = solved(problem, backend, budget=Budget(seconds=1.5))
    assert answer.cost.unserved <= 110  # of 154


def test_nothing_to_do() -> None:
    town = _town()
    empty = replace(town, tasks=Tasks.of(place=[]), requests=Requests.of(task=[]))
    answer = solved(empty, "ortools")
    assert (answer.routes, answer.cost.total) == ((), 0)


@pytest.mark.skipif(find_spec("pyvrp") is None, reason="pyvrp is not installed")
def test_nothing_to_do_for_pyvrp() -> None:
    town = _town()
    empty = replace(town, tasks=Tasks.of(place=[]), requests=Requests.of(task=[]))
    assert solved(empty, "pyvrp").routes == ()


def test_a_missing_package_is_told_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvrp", None)
    with pytest.raises(MissingExtra, match=r'pip install "msap-mobility\[pyvrp\]"'):
        solve(CASES["one round"].problem, budget=Budget(iterations=1), backend="pyvrp")


def test_an_unknown_backend_is_told_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="native, pyvrp, ortools") as refused:
        backend_of("vroom")
    assert refused.value.faults[0].code == "routing_no_backend"


@pytest.mark.parametrize("name", ["pyvrp", "ortools"])
def test_a_backend_is_named_as_it_is_asked_for(name: str) -> None:
    assert backend_of(name).name == name
    assert name in BACKENDS


def test_no_package_is_loaded_before_it_is_asked_to_solve() -> None:
    code = (
        "import sys; from msap_mobility.optimise.routing import solve;"
        "from msap_mobility.optimise.routing.backends import backend_of;"
        "backend_of('pyvrp'); backend_of('ortools');"
        "print({'pyvrp', 'ortools', 'numba', 'highspy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
