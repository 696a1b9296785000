"""The command from end to end, its engines replaced by ones that are known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.routing import __main__ as command
from benchmarks.routing import runs
from benchmarks.routing.references import reference_rows, references, routes_of
from benchmarks.routing.text import Malformed
from msap_mobility.errors import Fault, InputError, MissingExtra
from msap_mobility.optimise.routing.answer import solution_of
from tests.benchmarks.routing import files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

FAMILY = "vrptw_solomon100"
KEYS = {
    "family",
    "instance",
    "engine",
    "value",
    "vehicles",
    "best_known",
    "gap_pct",
    "feasible",
    "seconds",
}


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """On any core, without the kernels, which no engine here needs."""
    monkeypatch.setattr(command, "_one_core", lambda _asked: None)
    monkeypatch.setattr(runs, "warmup", lambda: None)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / FAMILY
    folder.mkdir()
    (folder / "Small1.VRP").write_text(files.WINDOWS, encoding="utf-8")
    (folder / "Small2.vrp").write_text(files.WINDOWS, encoding="utf-8")
    (folder / "README.md").write_text("# small\n", encoding="utf-8")
    table = "instance,opt_distance_trunc1,source\nSmall1,12.8,by hand\nSmall2,,\n"
    (folder / "bks.csv").write_text(table, encoding="utf-8")
    return tmp_path


def engines(**by_name: Callable[[RoutingProblem], RoutingSolution]) -> Callable[[], Any]:
    """A `solve` that knows these."""

    def solve(problem: RoutingProblem, *, backend: str, **_: object) -> RoutingSolution:
        if backend not in by_name:
            raise ModuleNotFoundError(f"No module named {backend!r}")
        return by_name[backend](problem)

    return lambda: solve


def one_each(problem: RoutingProblem) -> RoutingSolution:
    """A vehicle for each task."""
    if len(problem.requests) < len(problem.tasks):
        return solution_of(problem, [(0, [0, 1])], engine="one")
    return solution_of(problem, [(0, [task]) for task in range(len(problem.tasks))], engine="one")


def nobody(problem: RoutingProblem) -> RoutingSolution:
    return solution_of(problem, [], engine="nobody")


def called(*words: str, data: Path) -> int:
    given = ["--family", FAMILY, "--seconds", "1", "--seeds", "2", "--data", str(data)]
    return command.main([*given, *words])


def test_a_table_and_json_of_the_promised_keys(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runs, "_solver", engines(native=one_each, pyvrp=one_each))
    written = data / "found.json"
    assert called("--against", "pyvrp", "--json", str(written), data=data) == 0
    printed = capsys.readouterr().out
    document = json.loads(written.read_text(encoding="utf-8"))
    assert all(set(row) == KEYS for row in document["rows"])
    assert [(row["instance"], row["engine"]) for row in document["rows"]] == [
        ("Small1", "native"),
        ("Small1", "pyvrp"),
        ("Small2", "native"),
        ("Small2", "pyvrp"),
    ]
    first, _, third, _ = document["rows"]
    assert (first["value"], first["best_known"], first["gap_pct"]) == (12.8, 12.8, 0.0)
    assert (third["best_known"], third["gap_pct"]) == (None, None)
    assert len(document["runs"]) == 8
    assert "bar: mean gap ≤ 0.3 %, mean gap ≤ PyVRP's, no rule broken: reached" in printed
    assert "mean log(native/pyvrp) +0.00000 on 2" in printed


def test_a_value_below_the_reference_is_printed_with_its_routes(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runs, "_solver", engines(native=one_each))
    table = "instance,opt_distance_trunc1\nSmall1,12.9\n"
    (data / FAMILY / "bks.csv").write_text(table, encoding="utf-8")
    assert called("--instances", "SMALL1", data=data) == 0
    printed = capsys.readouterr().out
    assert "Small1, native, seed 0: 12.8 with 2 vehicles is better than 12.9" in printed
    assert "#   vehicle 0: 1\n#   vehicle 0: 2" in printed


def test_a_peer_that_leaves_clients_out_fails_the_run(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runs, "_solver", engines(native=one_each, pyvrp=nobody))
    assert called("--against", "pyvrp", data=data) == 4
    printed = capsys.readouterr().out
    assert "infeasible too often: no win" in printed
    assert "not decided, beside PyVRP" in printed


def test_ours_that_leaves_clients_out_is_told_louder(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runs, "_solver", engines(native=nobody, pyvrp=nobody))
    assert called("--against", "pyvrp", data=data) == 3
    assert "left out: request 0" in capsys.readouterr().out


def test_engines_that_are_not_there_are_named(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runs, "_solver", engines(ortools=one_each))
    assert called("--against", "pyvrp,ortools", data=data) == 0
    shown = capsys.readouterr()
    assert "# skipped: native (not in this checkout: No module named 'native')" in shown.err
    assert "# skipped: pyvrp" in shown.err
    assert "not decided, native was not run" in shown.out
    monkeypatch.setattr(runs, "_solver", engines())
    assert called(data=data) == 1


def test_a_package_that_is_missing_is_told_with_its_line(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(_problem: RoutingProblem) -> RoutingSolution:
        raise MissingExtra("pyvrp", "pyvrp")

    monkeypatch.setattr(runs, "_solver", engines(native=one_each, pyvrp=missing))
    assert called("--against", "pyvrp", data=data) == 0
    assert 'pip install "msap-mobility[pyvrp]"' in capsys.readouterr().err


def test_a_rule_a_peer_cannot_express_is_named_and_no_failure(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuses(_problem: RoutingProblem) -> RoutingSolution:
        raise InputError([Fault(code="not_a_budget", value="balance")])

    monkeypatch.setattr(runs, "_solver", engines(native=one_each, ortools=refuses))
    assert called("--against", "ortools", data=data) == 0
    told = [line.split() for line in capsys.readouterr().out.splitlines() if "refused" in line]
    assert told == [[name, "ortools", "refused", "balance"] for name in ("Small1", "Small2")]


def test_a_wrong_file_or_name_ends_with_2(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runs, "_solver", engines(native=one_each))
    assert called("--instances", "Small9", data=data) == 2
    assert "small9: no such instance" in capsys.readouterr().err
    (data / FAMILY / "Small2.vrp").write_text("NAME : x\nwhat\n", encoding="utf-8")
    assert called(data=data) == 2
    assert "Small2.vrp, line 2: neither a header nor a row" in capsys.readouterr().err
    assert called(data=data / "nowhere") == 2
    with pytest.raises(SystemExit, match="2"):
        called("--against", "others", data=data)


def test_a_peer_that_fails_stops_nobody(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = iter(range(99))

    def fails(problem: RoutingProblem) -> RoutingSolution:
        if next(calls) >= 2:
            raise ZeroDivisionError("by nobody")
        return one_each(problem)

    monkeypatch.setattr(runs, "_solver", engines(native=one_each, ortools=fails))
    assert called("--against", "ortools", data=data) == 4
    printed = capsys.readouterr().out
    assert "raised ZeroDivisionError('by nobody')" in printed
    assert "Small2                native" in printed


def test_an_interrupted_run_tells_what_it_has(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = iter(range(99))

    def impatient(problem: RoutingProblem) -> RoutingSolution:
        if next(calls) >= 4:  # two to get ready, two seeds of the first instance
            raise KeyboardInterrupt
        return one_each(problem)

    monkeypatch.setattr(runs, "_solver", engines(native=impatient))
    written = data / "found.json"
    assert called("--json", str(written), data=data) == 130
    assert "# interrupted" in capsys.readouterr().out
    assert [row["instance"] for row in json.loads(written.read_text())["rows"]] == ["Small1"]


def test_references_take_the_first_column_that_says_something(tmp_path: Path) -> None:
    table = "\ufeffinstance, other,best,cars\nA,1.25,,3\nB,,40,\nC,,,\n"
    (tmp_path / "optimal.csv").write_text(table, encoding="utf-8")
    found = references(tmp_path, ("best", "other"), "cars")
    assert (found["A"].value, found["A"].half_unit, found["A"].vehicles) == (1.25, 0.005, 3)
    assert (found["B"].value, found["B"].half_unit, found["B"].vehicles) == (40.0, 0.5, None)
    assert "C" not in found
    assert reference_rows(tmp_path / "nothing") == []


def test_a_published_solution_is_read_in_any_dress(tmp_path: Path) -> None:
    file = tmp_path / "a.sol"
    file.write_text("Route #1: 3 1\nroute 2 :\nRoute#3:2\nCOST 12.50\nComment: x\n")
    assert routes_of(file).routes == ((3, 1), (), (2,))
    assert routes_of(file).cost == 12.5
    file.write_text("Route #1: 3 one\nCost 3\n")
    with pytest.raises(Malformed, match=r"a\.sol, line 1: a client is no number"):
        routes_of(file)
    file.write_text("Route #1: 3\n")
    with pytest.raises(Malformed, match="no cost is told"):
        routes_of(file)
