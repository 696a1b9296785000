"""The referee: a plan without fault passes; each rule broken alone is told, and only that one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.routing.ground import Aim, Asked, Fleet, Ground, Visits
from benchmarks.routing.referee import judge
from msap_mobility.optimise.routing.solution import Cost, Route, RoutingSolution

if TYPE_CHECKING:
    from collections.abc import Callable

SCALE = 10
FREE = Cost(fixed=0, distance=0, time=0, overtime=0, balance=0, unserved=0)
LINE = np.abs(np.subtract.outer([0.0, 1.5, 4.0, 6.0, 9.0], [0.0, 1.5, 4.0, 6.0, 9.0]))


def ground() -> Ground:
    """A pair (at 1.5 and 4), two single visits (at 6 and 9) of which the last is optional."""
    return Ground(
        lengths=LINE,
        timed=True,
        visits=Visits.of(
            node=[1, 2, 3, 4],
            load=[2, -2, -3, -1],
            service=[1, 1, 1, 1],
            earliest=[2, 0, 0, 0],
            latest=[9, 30, 30, 30],
        ),
        asked=Asked.of(
            visit=[0, 2, 3],
            delivery=[1, -1, -1],
            prize=[np.inf, np.inf, 7],
            ride=[4, np.inf, 0],
            vehicles=2,
            refused=[[False, True], [False, False], [False, False]],
        ),
        fleet=Fleet.of(
            count=[1, 1],
            capacity=[5, 5],
            earliest=[0, 0],
            latest=[40, 40],
            duration=[25, 25],
            length=[20, 20],
            fixed=[100, 50],
            per_length=[2, 1],
        ),
        whole=False,
    )


def plan(*routes: tuple[int, list[int], list[float]]) -> RoutingSolution:
    """Routes as vehicle, tasks, and departure, starts, arrival."""
    return RoutingSolution(
        routes=tuple(
            Route(
                vehicle=vehicle,
                tasks=tuple(tasks),
                departure_s=round(times[0] * SCALE),
                starts_s=tuple(round(time * SCALE) for time in times[1:-1]),
                arrival_s=round(times[-1] * SCALE),
            )
            for vehicle, tasks, times in routes
        ),
        unserved=(),
        missing=(),
        cost=FREE,
        engine="by hand",
    )


PAIR = (0, [0, 1], [0.5, 2.0, 5.5, 10.5])
ALONE = (1, [2], [0.0, 6.0, 13.0])


def test_a_plan_without_fault_is_worth_what_it_drives() -> None:
    verdict = judge(ground(), plan(PAIR, ALONE), SCALE)
    assert verdict.broken == ()
    assert verdict.vehicles == 2
    assert verdict.value == pytest.approx(100 + 2 * 8 + 50 + 12 + 7)
    served = judge(ground(), plan(PAIR, (1, [2, 3], [0.0, 6.0, 10.0, 20.0])), SCALE)
    assert served.broken == ()
    assert served.value == pytest.approx(100 + 2 * 8 + 50 + 18)


def test_of_a_score_what_is_collected_counts() -> None:
    scored = replace(ground(), aim=Aim.SCORE, gift=4.0, divisor=2.0)
    assert judge(scored, plan(PAIR, ALONE), SCALE).value == 2.0
    both = plan(PAIR, (1, [2, 3], [0.0, 6.0, 10.0, 20.0]))
    assert judge(scored, both, SCALE).value == pytest.approx(5.5)


def fleet(**columns: object) -> Callable[[Ground], Ground]:
    return lambda whole: replace(
        whole, fleet=replace(whole.fleet, **{name: np.array(v) for name, v in columns.items()})
    )


def asked(**columns: object) -> Callable[[Ground], Ground]:
    return lambda whole: replace(
        whole, asked=replace(whole.asked, **{name: np.array(v) for name, v in columns.items()})
    )


def grouped(*group: int) -> Callable[[Ground], Ground]:
    def change(whole: Ground) -> Ground:
        prizes = np.array([0.0, np.inf, 0.0])
        table = replace(whole.asked, group=np.array(group), prize=prizes)
        return replace(whole, asked=table, must=np.array([True]))

    return change


def same(whole: Ground) -> Ground:
    return whole


BROKEN = {
    "window": (same, [(0, [0, 1], [0.4, 1.9, 5.5, 10.5])], "begins task 0 .*0.1 too soon"),
    "late": (same, [(0, [0, 1], [8.0, 9.5, 13.0, 18.0])], "begins task 0 0.5 too late"),
    "travel": (same, [(0, [0, 1], [0.5, 2.0, 5.3, 10.5])], "begins task 1 0.2 before it can"),
    "return": (same, [(0, [0, 1], [0.5, 2.0, 5.5, 10.4])], "is back 0.1 before it can"),
    "too soon": (fleet(earliest=[0.7, 0]), [PAIR], "leaves 0.2 too soon"),
    "too late": (fleet(latest=[10.4, 40]), [PAIR], "is back too late by 0.1"),
    "duration": (fleet(duration=[9.9, 25]), [PAIR], "lasts too long by 0.1"),
    "length": (fleet(length=[7.9, 20]), [PAIR], "is too far by 0.1"),
    "fleet": (fleet(count=[0, 1]), [PAIR], "1 routes of vehicle 0, which is there 0 times"),
    "ride": (asked(ride=[2.4, 9, 9]), [PAIR], "request 0 rides too long by 0.1"),
    "refused": (
        same,
        [(1, [0, 1], [0.5, 2.0, 5.5, 10.5]), (0, [2], [0.0, 6.0, 13.0])],
        "request 0 refuses its vehicle",
    ),
    "capacity": (fleet(capacity=[1.5, 5]), [PAIR], "carries too much by 0.5"),
    "order": (same, [(0, [1, 0], [0.0, 4.0, 7.5, 10.0])], "request 0 is not picked up before"),
    "half": (same, [(0, [0], [0.5, 2.0, 4.5])], "request 0 is half served"),
    "left out": (same, [], "request 0 is not served"),
    "empty": (same, [PAIR, (0, [], [0, 0])], "route 1 has no vehicle, no tasks"),
    "two of a group": (
        grouped(0, -1, 0),
        [PAIR, (1, [2, 3], [0.0, 6.0, 10.0, 20.0])],
        "group 0 is served 2 times",
    ),
    "none of a group": (grouped(0, -1, 0), [], "group 0 is served 0 times"),
}


@pytest.mark.parametrize("rule", list(BROKEN))
def test_a_rule_broken_alone_is_told_alone(rule: str) -> None:
    change, routes, told = BROKEN[rule]
    whole = change(ground())
    served = {task for _, tasks, _ in routes for task in tasks}
    rest = [] if 2 in served else [ALONE]
    broken = judge(whole, plan(*routes, *rest), SCALE).broken
    assert len(broken) == 1, broken
    assert re.search(told, broken[0]), broken


def test_what_a_single_visit_unloads_is_aboard_from_the_start() -> None:
    """The visit at 6 brings 3, the pair adds 2: 5 aboard after the pickup."""
    routes = plan((0, [0, 1, 2], [0.5, 2.0, 5.5, 8.5, 15.5]))
    assert judge(ground(), routes, SCALE).broken == ()
    tight = fleet(capacity=[4.5, 5])(ground())
    assert judge(tight, routes, SCALE).broken == ("route 0 carries too much by 0.5",)


def test_a_task_twice_is_told() -> None:
    twice = plan(PAIR, ALONE, (1, [2], [0.0, 6.0, 13.0]))
    broken = judge(ground(), twice, SCALE).broken
    assert "task 2 is done 2 times" in broken
