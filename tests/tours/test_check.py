"""The checker: what it accepts, and that every rule it knows it really looks at."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from msap_mobility import wording
from msap_mobility.budget import Budget
from msap_mobility.calendar import Cycle, Hours
from msap_mobility.model import Reason, Stop
from msap_mobility.provenance import Provenance
from msap_mobility.tours.check import Violation, check_plan
from msap_mobility.tours.demand import Demand
from msap_mobility.tours.plan import plan_tour
from msap_mobility.tours.tour import Round, TourPlan, Unserved
from tests.tours.territory import crew, hamlets, problem_of, spot, van, weekly

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.tours.problem import TourProblem


@cache
def example() -> tuple[TourProblem, TourPlan]:
    """Four stops twice in four weeks, one of them a room, one a must; a stop out of reach."""
    stops = [
        Stop(place=spot("market", 4, 0), must=True),
        Stop(
            place=spot("room", 8, 3), kind="room", hours=(weekly(1, 3, hours=((9, 12), (14, 17))),)
        ),
        Stop(place=spot("school", 6, -5)),
        Stop(place=spot("bank", -2, 0), kind="supply", must=True, every_weeks=4),
    ]
    homes = hamlets(stops[:3], np.random.default_rng(3), 30, people=14.0)
    problem = problem_of(
        stops,
        homes,
        vehicles=[van(), van("bus")],
        crews=[crew(weekdays=(1,)), crew("bus", weekdays=(4,))],
        cycle=Cycle(weeks=4),
    )
    return problem, plan_tour(problem, budget=Budget(iterations=300))


def busy(plan: TourPlan) -> int:
    """Number of a round with lunch at a stop, or the fullest one."""
    return max(
        range(len(plan.rounds)),
        key=lambda number: (plan.rounds[number].lunch is not None, len(plan.rounds[number].visits)),
    )


def in_round(**changes: Callable[[Round], object]) -> Callable[[TourPlan], TourPlan]:
    def change(plan: TourPlan) -> TourPlan:
        number = busy(plan)
        tour = plan.rounds[number]
        made = replace(tour, **{name: make(tour) for name, make in changes.items()})
        return replace(plan, rounds=(*plan.rounds[:number], made, *plan.rounds[number + 1 :]))

    return change


def in_visit(position: int = 0, **shifts: int) -> Callable[[TourPlan], TourPlan]:
    """Move some hours of one visit by seconds, or its units."""

    def visits(tour: Round) -> tuple[object, ...]:
        visit = tour.visits[position]
        moved = replace(visit, **{name: getattr(visit, name) + by for name, by in shifts.items()})
        return (*tour.visits[:position], moved, *tour.visits[position + 1 :])

    return in_round(visits=visits)


def lunch(start_s: int, end_s: int) -> Callable[[TourPlan], TourPlan]:
    return in_round(lunch=lambda _: Hours(start_s, end_s))


def told(**changes: object) -> Callable[[TourPlan], TourPlan]:
    return lambda plan: replace(plan, **changes)


def without(place: str) -> Callable[[TourPlan], TourPlan]:
    def change(plan: TourPlan) -> TourPlan:
        rounds = (
            replace(tour, visits=tuple(row for row in tour.visits if row.place != place))
            for tour in plan.rounds
        )
        return replace(plan, rounds=tuple(rounds))

    return change


def excused(plan: TourPlan, *places: str) -> TourPlan:
    """The plan, saying of some stops that there was no time for them."""
    reasons = [Reason(code="no_time_left", amount=60, unit="s", where=place) for place in places]
    rows = (Unserved(commune="", homes=0, people=0.0, reason=reason) for reason in reasons)
    return replace(plan, unserved=(*plan.unserved, *rows))


def in_provenance(**changes: float) -> Callable[[TourPlan], TourPlan]:
    return lambda plan: replace(plan, provenance=replace(plan.provenance, **changes))


MUTATIONS: list[tuple[str, Callable[[TourPlan], TourPlan]]] = [
    ("other_cycle", told(cycle=Cycle(weeks=2))),
    ("other_services", told(services=("caf",))),
    ("vehicle_out_twice", lambda plan: replace(plan, rounds=(*plan.rounds, plan.rounds[0]))),
    ("day_off_cycle", in_round(day=lambda _: 28)),
    ("unknown_vehicle", in_round(vehicle=lambda _: "tank")),
    ("unknown_crew", in_round(crew=lambda _: "ghosts")),
    ("unknown_stop", in_round(visits=lambda tour: (replace(tour.visits[0], place="moon"),))),
    ("round_without_visit", in_round(visits=lambda _: ())),
    (
        "crew_of_other_vehicle",
        in_round(crew=lambda tour: {"van": "crew-bus", "bus": "crew-van"}[tour.vehicle]),
    ),
    ("crew_off_duty", in_round(day=lambda tour: tour.day + 1)),
    ("out_too_early", in_round(depart_s=lambda _: 30599)),
    ("back_too_late", in_round(return_s=lambda _: 61201)),
    ("drives_too_fast", in_round(depart_s=lambda tour: tour.depart_s + 1)),
    ("drives_too_fast", in_round(return_s=lambda tour: tour.return_s - 1)),
    ("drive_time_wrong", in_round(drive_s=lambda tour: tour.drive_s + 1)),
    ("drive_distance_wrong", in_round(drive_m=lambda tour: tour.drive_m - 1)),
    ("setup_too_short", in_visit(open_s=-1)),
    ("packing_too_short", in_visit(-1, close_s=1)),
    ("stay_too_short", in_visit(close_s=-1)),
    ("stay_too_long", in_visit(close_s=20000)),
    ("opens_off_the_clock", in_visit(open_s=60, close_s=60)),
    ("not_whole", in_round(depart_s=lambda _: math.nan)),
    ("not_whole", in_visit(close_s=math.nan)),
    ("too_few_units", in_visit(units=-1)),
    ("over_capacity", in_visit(units=100)),
    ("no_lunch", in_round(lunch=lambda _: None)),
    (
        "lunch_too_short",
        in_round(lunch=lambda tour: Hours(tour.lunch.start_s, tour.lunch.end_s - 1)),
    ),
    ("lunch_too_early", lunch(41399, 44200)),
    ("lunch_too_late", lunch(47700, 50401)),
    (
        "lunch_while_working",
        in_round(lunch=lambda tour: Hours(tour.visits[0].open_s, tour.visits[0].open_s + 2700)),
    ),
    ("rhythm_broken", lambda plan: replace(plan, rounds=plan.rounds[1:])),
    ("must_stop_missing", without("market")),
    ("people_in_all_wrong", told(people_in_all=1.0)),
    ("people_reached_wrong", told(people_reached=1.0)),
    ("objective_wrong", in_provenance(objective=1.0)),
    ("people_in_all_wrong", told(people_in_all=math.nan)),
    ("people_reached_wrong", told(people_reached=math.nan)),
    ("objective_wrong", in_provenance(objective=math.nan)),
    ("bound_below_objective", in_provenance(bound=1.0)),
    ("bound_below_objective", in_provenance(bound=math.nan)),
    ("gap_wrong", in_provenance(gap=math.nan)),
    ("gap_wrong", in_provenance(gap=0.5)),
    ("must_stop_left_out", lambda plan: excused(without("market")(plan), "market")),
    (
        "unserved_wrong",
        told(
            unserved=(
                Unserved(
                    commune="", homes=12, people=1.0, reason=Reason(code="x", amount=0, unit="1")
                ),
            )
        ),
    ),
]


def test_the_example_is_accepted_and_eats_at_a_stop() -> None:
    problem, plan = example()
    assert check_plan(plan, problem) == ()
    assert plan.rounds[busy(plan)].lunch is not None
    assert set(plan.places) == {"market", "room", "school", "bank"}


@pytest.mark.parametrize(("code", "change"), MUTATIONS, ids=[code for code, _ in MUTATIONS])
def test_each_rule_is_looked_at(code: str, change: Callable[[TourPlan], TourPlan]) -> None:
    problem, plan = example()
    broken = check_plan(change(plan), problem)
    assert code in {violation.code for violation in broken}
    for violation in broken:
        assert violation.text("fr")
        assert violation.text("en") != violation.text("fr")


def test_a_room_that_closes_is_noticed() -> None:
    problem, plan = example()
    stops = tuple(
        replace(stop, hours=(weekly(1, 3, hours=((9, 10),)),)) if stop.kind == "room" else stop
        for stop in problem.stops
    )
    broken = check_plan(plan, replace(problem, stops=stops))
    assert {violation.code for violation in broken} == {"outside_hours"}
    assert {violation.place for violation in broken} == {"room"}


def test_hours_that_touch_are_one_opening() -> None:
    problem, plan = example()
    split = weekly(1, 3, hours=((9, 12), (14, 15))), weekly(1, 3, hours=((15, 17),))
    stops = tuple(
        replace(stop, hours=split) if stop.kind == "room" else stop for stop in problem.stops
    )
    assert check_plan(plan, replace(problem, stops=stops)) == ()


def test_every_code_has_words_and_a_mutation() -> None:
    spoken = {code.split(".")[1] for code in wording.codes("fr") if code.startswith("violation.")}
    assert spoken == {code for code, _ in MUTATIONS} | {"outside_hours"}


def test_an_excuse_for_a_must_stop_is_verified() -> None:
    """A plan that drops it and has the room is told so; one that has no room for it is not."""
    problem, _ = example()
    empty = TourPlan(
        cycle=problem.cycle,
        rounds=(),
        services=problem.services,
        people_reached=0.0,
        people_in_all=problem.homes.total,
        unserved=(),
        provenance=Provenance(verb="by_hand", inputs_hash=""),
    )
    idle = excused(empty, "market", "bank")
    busy_day = tuple(replace(one, shift=Hours(30600, 33600)) for one in problem.crews)
    codes = {
        name: [violation.code for violation in check_plan(plan, given)]
        for name, plan, given in (
            ("silent", empty, problem),
            ("idle", idle, problem),
            ("no time", idle, replace(problem, crews=busy_day)),
        )
    }
    assert codes == {
        "silent": ["must_stop_missing"] * 2,
        "idle": ["must_stop_left_out"] * 2,
        "no time": [],
    }


@pytest.mark.parametrize("seed", range(12))
def test_the_planner_leaves_no_must_stop_out_that_has_room(seed: int) -> None:
    """More stops that must be visited than fit: the plan holds, and says which and why."""
    rng = np.random.default_rng(seed)
    stops = [
        Stop(
            place=spot(f"s{number}", *rng.uniform(-9, 9, size=2).tolist()),
            hours=(weekly(1, 4, hours=((9 + number % 4, 13),)),) if number % 3 == 0 else None,
            must=True,
        )
        for number in range(14)
    ]
    problem = problem_of(
        stops,
        hamlets(stops, rng, 4),
        crews=[crew(weekdays=(1,), lunch_s=2700 if seed % 2 else 0, shift=Hours(30600, 54000))],
    )
    plan = plan_tour(problem, budget=Budget(iterations=5), seed=seed)
    assert check_plan(plan, problem) == ()
    given_up = [row.reason.where for row in plan.unserved if row.homes == 0]
    assert given_up
    for tour in plan.rounds:
        for place in {visit.place for visit in tour.visits}:
            dropped = excused(without(place)(plan), place)
            emptied = replace(dropped, rounds=tuple(one for one in dropped.rounds if one.visits))
            codes = {(one.code, one.place) for one in check_plan(emptied, problem)}
            assert ("must_stop_left_out", place) in codes


def test_a_violation_says_where() -> None:
    late = Violation(code="back_too_late", day=9, vehicle="van", amount=720, unit="s")
    assert late.text("fr") == (
        "Jour 10 (mercredi de la semaine 2), van : "
        "le véhicule rentre 12 min après la fin du service."
    )
    assert Violation(code="other_cycle").text("en") == "the plan was made for another calendar."


def test_demand_is_part_of_the_problem() -> None:
    problem, plan = example()
    busier = problem_of(
        list(problem.stops),
        problem.homes,
        vehicles=list(problem.vehicles),
        crews=list(problem.crews),
        cycle=problem.cycle,
        demand=Demand(participation=0.3),
    )
    codes = {violation.code for violation in check_plan(plan, busier)}
    assert {"stay_too_short", "too_few_units"} <= codes
