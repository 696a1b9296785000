"""Rows, gaps and bars: the median, clipping, vehicles first, more-is-better."""

from __future__ import annotations

from math import log

import pytest

from benchmarks.routing.families import Bar
from benchmarks.routing.ground import Aim
from benchmarks.routing.references import Reference
from benchmarks.routing.results import (
    Case,
    Row,
    below,
    gap_pct,
    row_of,
    summary_of,
    unmet,
)
from benchmarks.routing.runs import Run


def case(
    name: str = "a", best: float | None = 100.0, *, aim: Aim = Aim.COST, vehicles: int | None = None
) -> Case:
    known = None if best is None else Reference(value=best, half_unit=0.05, vehicles=vehicles)
    return Case(family="f", instance=name, aim=aim, tasks=100, reference=known)


def ran(
    value: float,
    *,
    engine: str = "native",
    vehicles: int = 3,
    broken: tuple[str, ...] = (),
    seconds: float = 10.0,
    name: str = "a",
) -> Run:
    return Run(
        instance=name,
        engine=engine,
        seed=0,
        value=value,
        vehicles=vehicles,
        broken=broken,
        seconds=seconds,
        budget=10.0,
        routes=(),
    )


def rows_of(cases: list[Case], runs: list[Run]) -> list[Row]:
    engines = dict.fromkeys(each.engine for each in runs)
    return [
        row_of(one, mine)[0]
        for one in cases
        for engine in engines
        if (mine := [r for r in runs if (r.engine, r.instance) == (engine, one.instance)])
    ]


def test_the_row_is_the_median_seed_with_the_slowest_clock() -> None:
    row, shown = row_of(case(), [ran(103.0), ran(101.0, seconds=10.3), ran(109.0)])
    assert (row.value, row.gap_pct, row.seconds) == (103.0, pytest.approx(3.0), 10.3)
    assert shown.value == 103.0


def test_one_seed_that_breaks_a_rule_makes_the_row_infeasible() -> None:
    row, _ = row_of(case(), [ran(90.0, broken=("late",)), ran(101.0), ran(102.0)])
    assert not row.feasible
    assert row.value == 102.0
    assert row.gap_pct == pytest.approx(2.0)


def test_a_plan_that_breaks_a_rule_has_no_gap() -> None:
    row, _ = row_of(case(), [ran(90.0, broken=("late",)), ran(91.0, broken=("x",)), ran(102.0)])
    assert (row.feasible, row.gap_pct) == (False, None)


def test_within_half_a_unit_of_the_last_digit_is_no_gap() -> None:
    assert gap_pct(case(), 99.96, 3) == 0.0
    assert gap_pct(case(), 99.9, 3) == pytest.approx(-0.1)
    assert below(case(), ran(99.9))
    assert not below(case(), ran(99.96))
    assert not below(case(), ran(99.0, broken=("late",)))


def test_a_shorter_plan_with_more_vehicles_is_no_better() -> None:
    first = case(best=1035.35, aim=Aim.VEHICLES, vehicles=9)
    assert gap_pct(first, 827.86, 10) == pytest.approx(100 / 9)
    assert gap_pct(first, 2 * 1035.35, 10) == pytest.approx(100 / 9 + 100)
    assert gap_pct(first, 1035.35, 9) == 0.0
    assert gap_pct(first, 2000.0, 8) == pytest.approx(-100 / 9)
    row, _ = row_of(
        first, [ran(827.0, vehicles=10), ran(1036.0, vehicles=9), ran(1035.4, vehicles=9)]
    )
    assert (row.vehicles, row.value) == (9, 1036.0)


def test_of_a_score_less_is_the_gap() -> None:
    scored = case(aim=Aim.SCORE)
    assert gap_pct(scored, 95.0, 1) == pytest.approx(5.0)
    assert gap_pct(scored, 101.0, 1) == pytest.approx(-1.0)
    assert gap_pct(case(best=0.0, aim=Aim.SCORE), 0.0, 1) == 0.0
    row, _ = row_of(scored, [ran(95.0), ran(97.0), ran(99.0)])
    assert row.value == 97.0


def test_gaps_are_clipped_before_the_mean_and_logs_are_not() -> None:
    cases = [case("a"), case("b"), case("c", best=None)]
    runs = [ran(90.0, name="a"), ran(104.0, name="b"), ran(50.0, name="c")]
    runs += [ran(99.0, name=name, engine="pyvrp") for name in "abc"]
    rows = rows_of(cases, runs)
    ours, peer = (summary_of(engine, cases, rows, runs) for engine in ("native", "pyvrp"))
    assert (ours.mean_gap, ours.max_gap) == (pytest.approx(2.0), pytest.approx(4.0))
    assert ours.mean_log is None
    assert peer.mean_log == pytest.approx((log(90 / 99) + log(104 / 99) + log(50 / 99)) / 3)
    assert peer.compared == 3


def test_a_score_turns_the_log_round() -> None:
    cases = [case(aim=Aim.SCORE)]
    runs = [ran(98.0), ran(95.0, engine="pyvrp")]
    peer = summary_of("pyvrp", cases, rows_of(cases, runs), runs)
    assert peer.mean_log == pytest.approx(log(95 / 98))


def test_what_a_peer_cannot_drive_is_no_comparison() -> None:
    cases = [case(name) for name in "ab"]
    runs = [ran(101.0, name=name) for name in "ab"]
    runs += [ran(99.0, name="a", engine="pyvrp"), ran(9.0, name="b", engine="pyvrp", broken=("x",))]
    peer = summary_of("pyvrp", cases, rows_of(cases, runs), runs)
    assert (peer.compared, peer.infeasible, peer.disqualified) == (1, 0.5, True)


def test_the_overrun_is_that_of_the_slowest_run() -> None:
    runs = [ran(101.0), ran(101.0, seconds=10.4)]
    summary = summary_of("native", [case()], rows_of([case()], runs), runs)
    assert summary.overrun_pct == pytest.approx(4.0)
    runs = [ran(101.0, seconds=2.0), ran(101.0, seconds=9.0)]
    summary = summary_of("native", [case()], rows_of([case()], runs), runs)
    assert (summary.overrun_pct, summary.used_pct) == (0.0, pytest.approx(20.0))


def unmet_by(
    bar: Bar, ours: dict[str, float], peer: dict[str, float]
) -> tuple[list[str], list[str]]:
    cases = [case(name) for name in ours]
    runs = [ran(value, name=name) for name, value in ours.items()]
    runs += [ran(value, name=name, engine="pyvrp") for name, value in peer.items()]
    return unmet(bar, cases, rows_of(cases, runs), runs)


def test_a_bar_is_reached_missed_or_open() -> None:
    mean = Bar(mean_gap=2.0, max_gap=3.0)
    assert unmet_by(mean, {"a": 102.0, "b": 101.0}, {}) == ([], [])
    missed, _ = unmet_by(mean, {"a": 104.0, "b": 101.0}, {})
    assert len(missed) == 2
    beside = Bar(mean_gap=2.0, mean_below_pyvrp=True)
    assert unmet_by(beside, {"a": 101.0}, {"a": 102.0}) == ([], [])
    assert len(unmet_by(beside, {"a": 101.0}, {"a": 100.5})[0]) == 1
    assert len(unmet_by(beside, {"a": 101.0}, {})[1]) == 1
    ratio = Bar(log_below_pyvrp=True)
    assert unmet_by(ratio, {"a": 101.0, "b": 101.0}, {"a": 100.0, "b": 103.0}) == ([], [])
    assert len(unmet_by(ratio, {"a": 101.0}, {"a": 100.0})[0]) == 1


def test_a_bar_counts_small_instances_only_where_it_says_so() -> None:
    big = Case(family="f", instance="b", aim=Aim.COST, tasks=999, reference=Reference(value=1.0))
    runs = [ran(100.0), ran(9.0, name="b")]
    rows = rows_of([case(), big], runs)
    assert unmet(Bar(mean_gap=1.0, counts_up_to=502), [case(), big], rows, runs) == ([], [])
    assert unmet(Bar(mean_gap=1.0), [case(), big], rows, runs)[0]


def test_a_bar_on_vehicles_names_where_there_are_more() -> None:
    first = case(aim=Aim.VEHICLES, vehicles=2)
    rows = rows_of([first], [ran(100.0)])
    missed, _ = unmet(Bar(mean_gap=99.0, vehicles_up_to=130), [first], rows, [ran(100.0)])
    assert missed == ["more vehicles than best known: a"]


def test_ours_that_breaks_a_rule_reaches_no_bar() -> None:
    runs = [ran(100.0, broken=("late",))]
    missed, _ = unmet(Bar(mean_gap=1.0), [case()], rows_of([case()], runs), runs)
    assert missed
