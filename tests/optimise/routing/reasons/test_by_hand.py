"""Each rule on a line of four places, reckoned by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.answer import solution_of
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import (
    ANYWHERE,
    MANDATORY,
    NONE,
    RELOAD,
    Breaks,
    Covering,
    Groups,
    Objective,
    Patterns,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.reasons import Reason, Rule, applied, reasons, relaxed
from msap_mobility.optimise.routing.solve import solve

LINE = np.abs(np.subtract.outer([0, 3, 5, 9], [0, 3, 5, 9]))
"""Four places; the depot is the first."""
Routes = list[tuple[int, list[int]]]
NEAR: Routes = [(0, [0])]


def told(problem: RoutingProblem, routes: Routes) -> tuple[Reason, ...]:
    """All reasons, each with a certificate."""
    solution = solution_of(problem, routes, engine="by hand")
    assert check(problem, solution) == ()
    found = reasons(problem, solution)
    for reason in found:
        for each in (reason, *reason.others):
            assert check(relaxed(problem, each), applied(problem, solution, each)) == ()
    return found


def asked(
    tasks: dict[str, Any] | None = None,
    requests: dict[str, Any] | None = None,
    vehicles: dict[str, Any] | None = None,
    **tables: Any,
) -> RoutingProblem:
    """A visit at 3 that is served, and one at 9."""
    return RoutingProblem(
        distance=LINE,
        duration_s=LINE,
        tasks=Tasks.of(**({"place": [1, 3]} | (tasks or {}))),
        requests=Requests.of(**({"task": [0, 1]} | (requests or {}))),
        vehicles=Vehicles.of(**({"count": 1} | (vehicles or {}))),
        **tables,
    )


def with_break(**given: Any) -> Breaks:
    return Breaks.of(vehicle=[0], duration_s=[4], **given)


@pytest.mark.parametrize(
    ("problem", "rule", "amount"),
    [
        (asked(vehicles={"shift_s": 10, "overtime_s": 3}), Rule(name="shift", vehicle=0), 5),
        (asked(vehicles={"max_distance": 17}), Rule(name="distance", vehicle=0), 1),
        (asked(vehicles={"max_stops": 1}), Rule(name="stops", vehicle=0), 1),
        (
            asked({"load": [-2, -3]}, vehicles={"capacity": 4}),
            Rule(name="capacity", vehicle=0, dimension=0),
            1,
        ),
        (
            asked({"windows": [[], [(0, 2), (4, 7), (50, 60)]]}, vehicles={"latest_s": 18}),
            Rule(name="window", task=1, window=1, end="later"),
            2,
        ),
        (
            asked({"windows": [[], [(0, 2), (4, 5), (12, 60)]]}, vehicles={"latest_s": 18}),
            Rule(name="window", task=1, window=2, end="sooner"),
            3,
        ),
        (
            asked({"windows": [[(5, 5)], [(10, 10)]]}, vehicles={"end": ANYWHERE}),
            Rule(name="window", task=0, window=0, end="sooner"),
            1,
        ),
        (
            asked(vehicles={"latest_s": 12}),
            Rule(name="vehicle_window", vehicle=0, end="later"),
            6,
        ),
        (
            asked({"windows": [[], [(8, 12)]]}, vehicles={"earliest_s": 9, "end": ANYWHERE}),
            Rule(name="window", task=1, window=0, end="later"),
            6,
        ),
        (
            asked(requests={"skills": [0, 5]}, vehicles={"skills": 4}),
            Rule(name="skills", request=1, vehicle=0),
            1,
        ),
        (asked(requests={"day": [0, 3]}), Rule(name="day", request=1, vehicle=0), 3),
        (
            asked({"windows": [[(20, 20)], []]}, {"release_s": [0, 30]}),
            Rule(name="release", request=1),
            13,
        ),
        (
            asked({"windows": [[(3, 3)], [(30, 30)]]}, {"max_cold_s": [10, 25]}),
            Rule(name="cold", request=1),
            5,
        ),
        (
            asked(vehicles={"latest_s": 20}, breaks=with_break(latest_s=[0])),
            Rule(name="vehicle_window", vehicle=0, end="later"),
            2,
        ),
        (
            asked({"windows": [[], [(9, 9)]]}, breaks=with_break(earliest_s=[1], latest_s=[8])),
            Rule(name="break_window", pause=0, end="later"),
            1,
        ),
    ],
)
def test_the_rule_and_by_how_much(problem: RoutingProblem, rule: Rule, amount: int) -> None:
    (reason,) = told(problem, NEAR)
    assert reason.subject == ("request", 1)
    named = {each.relaxations[0].rule: each.amount for each in (reason, *reason.others)}
    assert named[rule] == amount


def test_one_more_vehicle_is_the_last_resort() -> None:
    """Four too late at 9, or four too late at 3 to drive on; or eight the other way round."""
    problem = asked({"windows": [[(10, 10)], [(12, 12)]]})
    (reason,) = told(problem, NEAR)
    names = [(each.rule, each.amount) for each in (reason, *reason.others)]
    assert names == [("window", 4), ("window", 4), ("window", 8), ("fleet", 1)]
    assert reason.others[-1].insertions[0].route == NONE


def test_a_pair_is_put_in_at_both_positions() -> None:
    """Who is taken at 3 to the depot stays 15 aboard if another rides from 5 to 9 meanwhile."""
    problem = RoutingProblem(
        distance=LINE,
        duration_s=LINE,
        tasks=Tasks.of(place=[1, 0, 2, 3], load=[1, -1, 1, -1], windows=[[(9, 9)], [], [], []]),
        requests=Requests.of(task=[0, 2], delivery=[1, 3], max_ride_s=[14, 99]),
        vehicles=Vehicles.of(count=1, capacity=2, start=2, latest_s=29),
    )
    (reason,) = told(problem, [(0, [0, 1])])
    (ride,) = [each for each in (reason, *reason.others) if each.rule == "ride"]
    assert (ride.relaxations[0].rule.request, ride.amount) == (0, 1)
    assert ride.insertions[0].tasks == (2, 0, 3, 1)
    assert ride.insertions[0].positions == (0, 2)


def test_rules_of_which_none_can_be_spared() -> None:
    problem = asked({"load": [-2, -3]}, {"skills": [0, 1]}, {"capacity": 2, "max_distance": 10})
    (reason,) = told(problem, NEAR)
    assert reason.rule == "several"
    amounts = {each.rule.name: each.amount for each in reason.relaxations}
    assert amounts == {"skills": 1, "capacity": 3, "distance": 8}


def test_a_loading_may_be_added_for_somebody() -> None:
    again = {"capacity": 3, "reload": 0, "reload_s": 5, "max_trips": 1, "latest_s": 40}
    (reason,) = told(asked({"load": [-2, -3]}, vehicles=again), NEAR)
    assert [(each.rule, each.amount) for each in (reason, *reason.others)] == [
        ("capacity", 2),
        ("trips", 1),
        ("fleet", 1),
    ]
    assert RELOAD in reason.others[0].insertions[0].tasks
    (reason,) = told(asked({"load": [-2, -3]}, vehicles=again | {"max_trips": 2}), NEAR)
    assert reason.rule == "fits"


@pytest.mark.parametrize(("prize", "lacks"), [(5, 7), (11, 1), (0, 12)])
def test_a_prize_that_is_not_worth_the_way(prize: int, lacks: int) -> None:
    """Twelve more to drive. With so much more for it, it is served."""
    problem = asked(requests={"prize": [MANDATORY, prize]})
    (reason,) = told(problem, NEAR)
    assert (reason.rule, reason.amount) == ("worth", lacks)
    again = solve(
        replace(
            problem, requests=replace(problem.requests, prize=np.array([-1, prize + lacks + 1]))
        ),
        budget=Budget(iterations=30),
    )
    assert again.unserved == ()


def test_a_prize_may_lack_something_besides_a_rule() -> None:
    problem = asked(requests={"prize": [MANDATORY, 5]}, vehicles={"max_distance": 17})
    (reason,) = told(problem, NEAR)
    assert (reason.rule, reason.amount, reason.missing_prize) == ("distance", 1, 7)


def test_waiting_is_part_of_what_it_costs() -> None:
    """Twelve more to drive, and 11 to wait for 20 at 9: per second 2."""
    problem = asked(
        {"windows": [[(3, 3)], [(20, 20)]]}, {"prize": [-1, 10]}, {"per_distance": 0, "per_s": 2}
    )
    (reason,) = told(problem, NEAR)
    assert (reason.rule, reason.amount) == ("worth", 2 * (29 - 6) - 10)


def test_a_group_is_told_by_the_nearest_of_its_members() -> None:
    groups = Groups(must=np.array([True]))
    requests = {"task": [0, 1, 2], "prize": [MANDATORY, 0, 0], "group": [NONE, 0, 0]}
    tasks = {"place": [1, 3, 2]}
    problem = asked(tasks, requests, {"max_distance": 7}, groups=groups)
    (reason,) = told(problem, NEAR)
    assert (reason.subject, reason.requests) == (("group", 0), (2,))
    assert (reason.rule, reason.amount) == ("distance", 3)


def test_an_alternative_that_is_not_chosen_is_not_left_out() -> None:
    groups = Groups(must=np.array([True]))
    problem = asked(requests={"prize": 0, "group": 0}, groups=groups)
    assert told(problem, NEAR) == ()


def test_nothing_to_choose_from() -> None:
    problem = asked(
        {"place": [1]},
        {"task": [0]},
        groups=Groups(must=np.array([True, False])),
        covering=Covering.of(reach=[[]]),
        patterns=Patterns.of(prize=[MANDATORY]),
    )
    found = told(problem, NEAR)
    assert [each.subject for each in found] == [("group", 0), ("customer", 0), ("cover", 0)]
    assert {each.rule for each in found} == {"choice"}


def test_who_comes_to_a_stop_is_told_the_one_that_asks_least() -> None:
    covering = Covering.of(reach=[[1, 2], [0]], prize=[MANDATORY, MANDATORY])
    requests = {"task": [0, 1, 2], "prize": 0}
    problem = asked({"place": [1, 3, 2]}, requests, {"max_distance": 9}, covering=covering)
    (reason,) = told(problem, NEAR)
    assert (reason.subject, reason.requests) == (("cover", 0), (2,))
    assert (reason.rule, reason.amount) == ("distance", 1)


def test_all_visits_of_a_pattern_are_put_in() -> None:
    """Both days at 9 are too far by eight; a pattern of one day at 5 lacks but its prize."""
    days = {"count": [1, 1], "day": [0, 1], "max_distance": 10}
    tasks = {"place": [3, 3, 2]}
    requests = {"task": [0, 1, 2], "prize": 0, "day": [0, 1, 0]}
    steady = {"customer": [0], "requests": [[0, 1]], "price": [0]}
    both = {"task": [0, 1], "prize": 0, "day": [0, 1]}
    problem = asked({"place": [3, 3]}, both, days, patterns=Patterns.of(**steady))
    (reason,) = told(problem, [])
    assert reason.subject == ("customer", 0)
    assert reason.rule == "several"
    assert [each.amount for each in reason.relaxations] == [8, 8]
    steady = {"customer": [0, 0], "requests": [[0, 1], [2]], "price": [0, 2], "prize": [9]}
    problem = asked(tasks, requests, days, patterns=Patterns.of(**steady))
    (reason,) = told(problem, [])
    assert (reason.rule, reason.amount, reason.requests) == ("worth", 10 + 2 - 9, (2,))


def test_the_fewest_vehicles_come_before_any_prize() -> None:
    problem = asked(
        requests={"prize": [MANDATORY, 90]},
        vehicles={"count": 2, "max_stops": 1},
        objective=Objective(vehicles_first=True),
    )
    (reason,) = told(problem, NEAR)
    names = [(each.rule, each.amount) for each in (reason, *reason.others)]
    assert names == [("stops", 1), ("vehicles_first", 1)]
