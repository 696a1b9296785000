"""Plans put together from a pool: the best there is, in time, and nothing left running."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.optimise.routing.native import master as master_module
from msap_mobility.optimise.routing.native import master_search
from msap_mobility.optimise.routing.native.master import Columns, Covering, Master
from msap_mobility.optimise.routing.native.master_program import Program
from msap_mobility.optimise.routing.native.master_search import MOST_COLUMNS, Search

PLENTY = 100_000
STARTING_S = 5.0  # on a busy machine


@pytest.fixture(scope="module")
def master():
    with Master() as master:
        yield master


def columns_of(routes, cost, kind=None):
    start = np.cumsum([0, *(len(route) for route in routes)])
    unit = np.array([unit for route in routes for unit in sorted(route)], dtype=np.int64)
    kind = np.zeros(len(routes), dtype=np.int64) if kind is None else np.array(kind)
    return Columns(start=start, unit=unit, cost=np.array(cost, dtype=np.int64), kind=kind)


def covering_of(must, worth, most, routes):
    return Covering(
        must=np.array(must, dtype=np.bool_),
        worth=np.array(worth, dtype=np.int64),
        most=np.array(most, dtype=np.int64),
        routes=routes,
    )


def random_pool(seed, *, columns, units, size, must=1.0):
    """Routes around random centres; the plan in hand serves each unit by a route of its own."""
    random = np.random.default_rng(seed)
    place = random.random((units, 2)) * 1000
    routes = [{unit} for unit in range(units)]
    for centre in random.random((columns - units, 2)) * 1000:
        near = np.argsort(((place - centre) ** 2).sum(axis=1), kind="stable")[: 2 * size]
        chosen = random.choice(near, random.integers(size - 3, size + 4), replace=False)
        routes.append(set(chosen.tolist()))
    cost = [
        500 + int(np.ptp(place[list(route)], axis=0).sum()) + 40 * len(route) for route in routes
    ]
    covering = covering_of(random.random(units) < must, [700] * units, [columns], columns)
    return columns_of(routes, cost), covering, list(range(units))


@st.composite
def small_pools(draw):
    units, kinds = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    large = draw(st.sampled_from([1, 1, 10**6, 10**9]))
    unit_sets = st.sets(st.integers(0, units - 1), max_size=4)
    routes = draw(st.lists(unit_sets, min_size=1, max_size=10))
    costs = st.integers(0, 30).map(lambda cost: cost * large + cost % 7)
    cost = draw(st.lists(costs, min_size=len(routes), max_size=len(routes)))
    kind = draw(st.lists(st.integers(0, kinds - 1), min_size=len(routes), max_size=len(routes)))
    covering = covering_of(
        draw(st.lists(st.booleans(), min_size=units, max_size=units)),
        draw(st.lists(costs, min_size=units, max_size=units)),
        draw(st.lists(st.integers(0, 4), min_size=kinds, max_size=kinds)),
        draw(st.integers(0, 6)),
    )
    incumbent = draw(st.lists(st.integers(0, len(routes) - 1), unique=True, max_size=4))
    return columns_of(routes, cost, kind), covering, incumbent


def cost_by_hand(columns, covering, rows):
    """The cost of a choice, rule by rule, or None."""
    served = set()
    for row in rows:
        served |= set(columns.unit[columns.start[row] : columns.start[row + 1]].tolist())
    kinds = [columns.kind[row] for row in rows]
    if len(rows) > covering.routes:
        return None
    if any(kinds.count(kind) > most for kind, most in enumerate(covering.most)):
        return None
    left_out = [unit for unit in range(len(covering.must)) if unit not in served]
    if any(covering.must[unit] for unit in left_out):
        return None
    return sum(int(columns.cost[row]) for row in rows) + sum(
        int(covering.worth[unit]) for unit in left_out
    )


def least_cost(columns, covering):
    choices = itertools.chain.from_iterable(
        itertools.combinations(range(len(columns)), count) for count in range(len(columns) + 1)
    )
    costs = (cost_by_hand(columns, covering, rows) for rows in choices)
    return min((cost for cost in costs if cost is not None), default=None)


@settings(max_examples=150)
@given(small_pools())
def test_it_finds_the_best_of_all_choices(master, pool):
    columns, covering, incumbent = pool
    rows = master.solve(covering, columns, incumbent, work=PLENTY, seconds=None)
    before, least = cost_by_hand(columns, covering, incumbent), least_cost(columns, covering)
    if rows is None:
        assert before == least
    else:
        assert len(set(rows)) == len(rows)
        assert cost_by_hand(columns, covering, rows) == least
        assert before is None or least < before


@pytest.mark.parametrize("must", [1.0, 0.5])
@pytest.mark.parametrize("work", [0, 1, 100, 400, 2_000, 10_000])
def test_it_is_better_than_the_plan_in_hand_or_nothing(master, work, must):
    columns, covering, incumbent = random_pool(1, columns=800, units=60, size=6, must=must)
    rows = master.solve(covering, columns, incumbent, work=work, seconds=None)
    if work >= 2_000:
        assert rows is not None
    if rows is not None:
        value = cost_by_hand(columns, covering, rows)
        assert value < cost_by_hand(columns, covering, incumbent)
        again = master.solve(covering, columns, rows, work=work, seconds=None)
        assert again is None or cost_by_hand(columns, covering, again) < value


def test_same_input_same_answer_in_any_process(master):
    columns, covering, incumbent = random_pool(2, columns=3_000, units=100, size=7)
    first = master.solve(covering, columns, incumbent, work=6_000, seconds=None)
    with Master() as other:
        second = other.solve(covering, columns, incumbent, work=6_000, seconds=None)
    assert first is not None
    assert first == second == master.solve(covering, columns, incumbent, work=6_000, seconds=None)


def test_more_columns_than_are_kept(master):
    columns, covering, incumbent = random_pool(3, columns=6_000, units=80, size=6)
    rows = master.solve(covering, columns, incumbent, work=20_000, seconds=None)
    assert rows is not None
    assert covering.cost_of(columns, np.array(rows)) == cost_by_hand(columns, covering, rows)


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.3, 1.0])
def test_it_keeps_to_its_time(master, seconds):
    columns, covering, incumbent = random_pool(4, columns=20_000, units=300, size=9)
    began = time.monotonic()
    master.solve(covering, columns, incumbent, work=10**9, seconds=seconds)
    took = time.monotonic() - began
    assert took <= 1.1 * seconds + 0.15  # noise of a busy machine
    small, asked, in_hand = random_pool(5, columns=200, units=20, size=5)
    assert master.solve(asked, small, in_hand, work=PLENTY, seconds=STARTING_S) is not None


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped here")
def test_one_that_hears_no_clock_is_killed_and_replaced():
    columns, covering, incumbent = random_pool(5, columns=200, units=20, size=5)
    with Master() as master:
        assert master.solve(covering, columns, incumbent, work=PLENTY, seconds=None) is not None
        deaf = master._process._process
        os.kill(deaf.pid, signal.SIGSTOP)
        began = time.monotonic()
        assert master.solve(covering, columns, incumbent, work=PLENTY, seconds=0.5) is None
        assert time.monotonic() - began <= 0.55 + 0.15
        assert deaf.poll() is not None
        rows = master.solve(covering, columns, incumbent, work=PLENTY, seconds=STARTING_S)
        assert rows is not None


def test_one_that_dies_is_replaced():
    columns, covering, incumbent = random_pool(5, columns=200, units=20, size=5)
    with Master() as master:
        assert master.solve(covering, columns, incumbent, work=PLENTY, seconds=None) is not None
        master._process._process.kill()
        assert master.solve(covering, columns, incumbent, work=PLENTY, seconds=None) is None
        assert master.solve(covering, columns, incumbent, work=PLENTY, seconds=None) is not None


def test_nothing_is_left_running():
    columns, covering, incumbent = random_pool(5, columns=200, units=20, size=5)
    with Master() as master:
        master.solve(covering, columns, incumbent, work=PLENTY, seconds=None)
        process = master._process
        assert process._process.poll() is None
    assert process._process.poll() is not None
    assert process.is_over
    assert master.solve(covering, columns, incumbent, work=PLENTY, seconds=None) is None


def test_entered_and_left_at_once():
    with Master() as master:
        process = master._process
    assert process._process.poll() is not None
    assert process.is_over


def test_two_at_once_in_threads():
    pools = [random_pool(seed, columns=800, units=60, size=6) for seed in (6, 7)]
    found = {}

    def put_together(number):
        columns, covering, incumbent = pools[number]
        with Master() as master:
            found[number] = master.solve(covering, columns, incumbent, work=4_000, seconds=None)

    threads = [threading.Thread(target=put_together, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, (columns, covering, incumbent) in enumerate(pools):
        with Master() as master:
            alone = master.solve(covering, columns, incumbent, work=4_000, seconds=None)
        assert found[number] == alone
        assert alone is not None


SCRIPT = """
import os, sys
import numpy as np
from msap_mobility.optimise.routing.native.master import Columns, Covering, Master
from msap_mobility.optimise.routing.native.master_program import Program
from msap_mobility.optimise.routing.native.master_search import MOST_COLUMNS, Search
columns = Columns(start=np.array([0, 2, 3, 4]), unit=np.array([0, 1, 0, 1]),
                  cost=np.array([9, 4, 4]), kind=np.array([0, 0, 0]))
covering = Covering(must=np.array([True, True]), worth=np.array([0, 0]),
                    most=np.array([2]), routes=2)
with Master() as master:
    print(master.solve(covering, columns, [0], work=1000, seconds=None))
    print(master._process._process.pid)
    sys.stdout.flush()
    if "fork" in sys.argv:
        child = os.fork()
        if child == 0:
            print(master.solve(covering, columns, [0], work=1000, seconds=None))
            with Master() as own:
                print(own.solve(covering, columns, [0], work=1000, seconds=None))
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)
        print(master.solve(covering, columns, [0], work=1000, seconds=None))
        sys.stdout.flush()
    if "crash" in sys.argv:
        os._exit(0)
"""


def run_script(tmp_path, *arguments):
    script = tmp_path / "script.py"  # nothing guards its body
    script.write_text(SCRIPT, encoding="utf-8")
    source = str(Path(master_module.__file__).parents[4])
    ended = subprocess.run(
        [sys.executable, str(script), *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": source},
        cwd=tmp_path,
    )
    return ended.stdout.split("\n")


def test_in_a_script_without_a_guard_whose_folder_holds_a_module_of_the_same_name(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "numpy.py").write_text("raise ImportError")
    assert run_script(tmp_path)[0] == "(1, 2)"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_after_fork(tmp_path):
    said = run_script(tmp_path, "fork")
    assert said[0] == "(1, 2)"
    assert said[2:5] == ["None", "(1, 2)", "(1, 2)"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc to look processes up in")
def test_it_ends_with_who_started_it_however_that_ends(tmp_path):
    pid = int(run_script(tmp_path, "crash")[1])
    until = time.monotonic() + STARTING_S
    while _is_running(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _is_running(pid)


def _is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_where_python_cannot_be_started_nothing_is_found(monkeypatch, tmp_path):
    columns, covering, incumbent = random_pool(5, columns=200, units=20, size=5)

    def found():
        with Master() as master:
            return master.solve(covering, columns, incumbent, work=PLENTY, seconds=None)

    with monkeypatch.context() as patch:
        patch.setattr(sys, "frozen", True, raising=False)
        assert found() is None
    for executable in (None, "", str(tmp_path / "blender"), str(tmp_path / "python3")):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", executable)
            assert found() is None
    assert found() is not None


@pytest.mark.skipif(os.name == "nt", reason="needs a script that starts as a program does")
def test_a_python_without_the_solver_finds_nothing_and_is_not_asked_again(monkeypatch, tmp_path):
    python = tmp_path / "python3"
    python.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    columns, covering, incumbent = random_pool(5, columns=200, units=20, size=5)
    with Master() as master:
        for _ in range(2):
            assert master.solve(covering, columns, incumbent, work=PLENTY, seconds=None) is None
        assert master._process is None


def test_the_process_loads_no_more_than_it_needs():
    code = (
        "import sys, msap_mobility.optimise.routing.native.master_process;"
        "print(sorted({name.split('.')[0] for name in sys.modules} & "
        "{'numba', 'pandas', 'scipy', 'networkx', 'ortools', 'pydantic', 'highspy'}))"
    )
    source = str(Path(master_module.__file__).parents[4])
    env = {**os.environ, "PYTHONPATH": source}
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    assert said.stdout.strip() == "[]"


def test_what_is_found_is_not_believed():
    columns, covering, incumbent = random_pool(5, columns=200, units=20, size=5)
    best = np.array(incumbent)
    for found in ([], [0, 0], incumbent, incumbent[1:]):
        rows = np.array(found, dtype=np.int64)
        assert master_module._better(covering, columns, best, rows) is None


def test_an_interrupt_goes_through_and_ends_what_was_asked(monkeypatch):
    columns, covering, incumbent = random_pool(5, columns=200, units=20, size=5)

    class Interrupted:
        def get(self, **_):
            raise KeyboardInterrupt

    with Master() as master:
        assert master.solve(covering, columns, incumbent, work=PLENTY, seconds=None) is not None
        asked = master._process
        with monkeypatch.context() as patch:
            patch.setattr(type(asked), "ask", lambda *_: Interrupted())
            with pytest.raises(KeyboardInterrupt):
                master.solve(covering, columns, incumbent, work=PLENTY, seconds=None)
        assert asked._process.poll() is not None
        assert master.solve(covering, columns, incumbent, work=PLENTY, seconds=None) is not None


def solved_program(columns, covering, rows):
    program = Program(columns, covering, rows, 1.0)
    program.solver.run()
    assert program.is_optimal
    return program


def test_columns_may_join_and_the_way_back_leads_to_the_same_optimum():
    columns, covering, _ = random_pool(8, columns=400, units=40, size=5, must=0.5)
    every = np.arange(len(columns))
    whole = solved_program(columns, covering, every)
    reduced, optimum, status = whole.reduced(every), whole.value, whole.status()
    kept = np.flatnonzero((reduced < 1e-6) | (every < 40))
    program = solved_program(columns, covering, kept)
    program.join(np.setdiff1d(every, kept)[::-1])
    assert sorted(program.rows.tolist()) == every.tolist()
    program.set_least(np.array([0, len(every) - 1]), 1.0)
    program.solver.run()
    assert program.value >= optimum
    assert program.part()[[0, -1]] == pytest.approx([1, 1])
    program.set_least(np.array([0, len(every) - 1]), 0.0)
    program.go_back(status)
    program.solver.run()
    assert program.iterations == 0
    assert program.value == pytest.approx(optimum)
    assert program.reduced(every) == pytest.approx(reduced, abs=1e-4)


def test_a_part_holds_the_columns_of_its_routes_and_no_other():
    columns, covering, incumbent = random_pool(9, columns=3_000, units=80, size=6)
    search = Search(
        columns=columns,
        covering=covering,
        best=np.array(incumbent),
        work=PLENTY,
        until=None,
        tell=lambda _: None,
    )
    search.value = covering.cost_of(columns, search.best)
    search.reduced = np.zeros(len(columns))
    for size in (1, 50, 300, 3_000):
        part = search._part(size)
        assert set(incumbent) <= set(part.tolist())
        free = set(columns.units_of(np.setdiff1d(part, incumbent))[0].tolist())
        inside = [
            row
            for row in range(len(columns))
            if set(columns.unit[columns.start[row] : columns.start[row + 1]].tolist()) <= free
        ]
        if len(part) < MOST_COLUMNS:
            assert set(inside) <= set(part.tolist())
        assert len(part) <= MOST_COLUMNS + len(incumbent)


def test_what_is_found_late_counts_when_the_process_is_killed(monkeypatch):
    """A better choice told before the time was up is not lost."""
    columns, covering, incumbent = random_pool(5, columns=200, units=20, size=5)
    with Master() as master:
        best = master.solve(covering, columns, incumbent, work=PLENTY, seconds=None)
        told = SimpleQueue()
        told.put(b"B" + np.array(best, dtype="<i8").tobytes())
        monkeypatch.setattr(type(master._process), "ask", lambda *_: told)
        rows = master.solve(covering, columns, incumbent, work=PLENTY, seconds=0.2)
    assert rows == best


@pytest.mark.parametrize("seed", range(5))
def test_priced_in_or_at_once_the_bound_is_the_same(monkeypatch, seed):
    columns, covering, incumbent = random_pool(seed, columns=1_500, units=60, size=6, must=0.7)

    def priced():
        search = Search(
            columns=columns,
            covering=covering,
            best=np.array(incumbent),
            work=PLENTY,
            until=None,
            tell=lambda _: None,
        )
        search.value = covering.cost_of(columns, search.best)
        status = search._price()
        program = search._program(search._open_columns())
        program.go_back(status)
        program.solver.run()
        assert program.iterations == 0
        assert program.value == pytest.approx(search.bound)
        return search

    at_once = priced()
    for name, count in {"_AT_ONCE": 0, "_OF_EACH": 1, "_PRICED_IN": 20}.items():
        monkeypatch.setattr(master_search, name, count)
    joined = priced()
    assert joined.bound == pytest.approx(at_once.bound)
    assert joined.work != at_once.work
    assert joined.reduced[joined.best].sum() + joined.bound <= joined.value + 1e-3
