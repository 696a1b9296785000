"""The checker of routes: what it accepts, and that every rule it knows it really looks at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility import wording
from msap_mobility.optimise.routing.check import Broken, check
from msap_mobility.optimise.routing.problem import (
    ANYWHERE,
    MANDATORY,
    UNLIMITED,
    Groups,
    Objective,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.solution import Route
from tests.optimise.routing.brute_force import best, timed, times_hold
from tests.optimise.routing.day import (
    STREET,
    Day,
    ask,
    drive,
    of_cost,
    one_more,
    strangely,
    tell,
)
from tests.optimise.routing.planting import mix
from tests.optimise.routing.stated import stated
from tests.optimise.routing.strategies import problems
from tests.optimise.routing.test_check_further import FURTHER

if TYPE_CHECKING:
    from collections.abc import Callable

VAN, BIKE = 0, 1


def asked() -> RoutingProblem:
    """A little of every rule of visits, pairs, groups and vehicles.

    From one place to the next 10 and 60 s; the other profile takes twice as much.

    Tasks 2 and 3 are a pair, 4 and 5 alternatives, 6 is optional, 7 is the only one of a group that
    must be served, 8 must be served and will not be.
    """
    return RoutingProblem(
        distance=np.stack([10 * STREET, 20 * STREET]),
        duration_s=np.stack([60 * STREET, 120 * STREET]),
        tasks=Tasks.of(
            place=[1, 2, 2, 4, 3, 5, 1, 4, 5],
            service_s=[30, 0, 10, 0, 0, 0, 0, 40, 0],
            load=[[-2, 0], [0, 3], [1, 1], [-1, -1], *([[0, 0]] * 5)],
            windows=[[(100, 200), (400, 500)], *([[]] * 8)],
        ),
        requests=Requests.of(
            task=[0, 1, 2, 4, 5, 6, 7, 8],
            delivery=[-1, -1, 3, -1, -1, -1, -1, -1],
            prize=[*([MANDATORY] * 3), 5, 4, 7, 0, MANDATORY],
            max_ride_s=[UNLIMITED, UNLIMITED, 200, *([UNLIMITED] * 5)],
            skills=[0, 0b10, *([0] * 6)],
            group=[-1, -1, -1, 0, 0, -1, 1, -1],
        ),
        groups=Groups(must=np.array([False, True])),
        vehicles=Vehicles.of(
            count=[1, 2],
            start=[0, 5],
            end=[0, ANYWHERE],
            capacity=[[3, 4], [1, 1]],
            earliest_s=[50, 0],
            latest_s=[1500, UNLIMITED],
            shift_s=[500, UNLIMITED],
            overtime_s=[200, 0],
            max_distance=[120, UNLIMITED],
            max_stops=[5, UNLIMITED],
            skills=[0b11, 0b1],
            profile=[0, 1],
            fixed=[100, 20],
            per_distance=[2, 1],
            per_s=[1, 0],
            per_overtime_s=[3, 0],
        ),
        objective=Objective(balance=1_000_000),
    )


ROUND = Route(
    vehicle=VAN,
    tasks=(0, 2, 1, 3, 4),
    departure_s=60,
    starts_s=(120, 210, 220, 340, 400),
    arrival_s=580,
)
ERRAND = Route(vehicle=BIKE, tasks=(7,), departure_s=0, starts_s=(120,), arrival_s=160)


def day_of() -> Day:
    return Day(asked(), [ROUND, ERRAND])


def delivery_elsewhere(day: Day) -> None:
    day.drive(0, tasks=(0, 2, 1, 4), starts_s=(120, 210, 220, 400))
    day.drive(1, tasks=(7, 3), starts_s=(120, 160))


def delivery_first(day: Day) -> None:
    day.drive(0, tasks=(0, 3, 1, 2, 4), starts_s=(120, 330, 450, 450, 520), arrival_s=700)


def without(tasks: tuple[int, ...]) -> Callable[[Day], None]:
    def change(day: Day) -> None:
        kept = [row for row, task in enumerate(ROUND.tasks) if task not in tasks]
        order = tuple(ROUND.tasks[row] for row in kept)
        day.drive(0, tasks=order, starts_s=tuple(ROUND.starts_s[row] for row in kept))

    return change


def longer_service(day: Day) -> None:
    day.ask("tasks", "service_most_s", 0, 33)
    day.ask("tasks", "service_s", 0, 33)


def nothing_missing(day: Day) -> None:
    day.ask("requests", "prize", 7, 1)


def too_high_a_bound(day: Day) -> None:
    nothing_missing(day)
    day.tell(bound=day.solution().cost.total + 5)


def matrix(here: int, there: int, seconds: int) -> Callable[[Day], None]:
    def change(day: Day) -> None:
        changed = day.problem.duration_s.copy()
        changed[0, here, there] = seconds
        day.problem = replace(day.problem, duration_s=changed)

    return change


UNSERVED, MISSING = (4, 5, 7), (("request", 7),)

BREAKS: list[tuple[str, Callable[[Day], None], dict[str, Any]]] = [
    ("aboard at first", ask("vehicles", "capacity", (0, 0), 1),
     {"rule": "capacity", "amount": 1, "route": 0, "dimension": 0}),
    ("aboard later", ask("vehicles", "capacity", (0, 1), 2),
     {"rule": "capacity", "amount": 2, "route": 0, "task": 1, "dimension": 1}),
    ("too late", ask("tasks", "window_s", 0, (100, 110)),
     {"rule": "window", "amount": 10, "route": 0, "task": 0}),
    ("too early", ask("tasks", "window_s", 0, (150, 200)),
     {"rule": "window", "amount": 30, "route": 0, "task": 0}),
    ("between two", ask("tasks", "window_s", slice(None), [(0, 100), (125, 500)]),
     {"rule": "window", "amount": 5, "route": 0, "task": 0}),
    ("a slow way out", matrix(0, 1, 100), {"rule": "travel", "amount": 40, "route": 0, "task": 0}),
    ("a slow way on", matrix(2, 2, 7), {"rule": "travel", "amount": 7, "route": 0, "task": 1}),
    ("a slow way home", matrix(3, 0, 200), {"rule": "travel", "amount": 20, "route": 0}),
    ("service takes long", longer_service,
     {"rule": "travel", "amount": 3, "route": 0, "task": 2}),
    ("ends later than its last task", drive(1, arrival_s=200),
     {"rule": "open_end", "amount": 40, "route": 1}),
    ("ends before its last task", drive(1, arrival_s=150),
     {"rule": "open_end", "amount": 10, "route": 1}),
    ("out too early", ask("vehicles", "earliest_s", 0, 70),
     {"rule": "vehicle_window", "amount": 10, "route": 0}),
    ("back too late", ask("vehicles", "latest_s", 0, 570),
     {"rule": "vehicle_window", "amount": 10, "route": 0}),
    ("a long day", ask("vehicles", "shift_s", 0, 300), {"rule": "shift", "amount": 20, "route": 0}),
    ("no overtime", ask("vehicles", "overtime_s", 0, 0),
     {"rule": "shift", "amount": 20, "route": 0}),
    ("far", ask("vehicles", "max_distance", 0, 75), {"rule": "distance", "amount": 5, "route": 0}),
    ("many", ask("vehicles", "max_stops", 0, 3), {"rule": "stops", "amount": 2, "route": 0}),
    ("long aboard", ask("requests", "max_ride_s", 2, 100),
     {"rule": "ride", "amount": 20, "route": 0, "request": 2}),
    ("not able", ask("requests", "skills", 1, 0b1110),
     {"rule": "skills", "amount": 2, "route": 0, "request": 1}),
    ("not able to deliver", ask("requests", "skills", 2, 0b100),
     {"rule": "skills", "amount": 1, "route": 0, "request": 2}),
    ("delivered first", delivery_first,
     {"rule": "precedence", "amount": 2, "route": 0, "request": 2}),
    ("delivered by another", delivery_elsewhere,
     {"rule": "pairing", "amount": 1, "route": 0, "request": 2}),
    ("never delivered", without((3,)), {"rule": "pairing", "amount": 1, "route": 0, "request": 2}),
    ("never picked up", without((2,)), {"rule": "pairing", "amount": 1, "route": 0, "request": 2}),
    ("twice in a route", drive(1, tasks=(7, 7), starts_s=(120, 160), arrival_s=200),
     {"rule": "twice", "amount": 1, "route": 1, "task": 7}),
    ("in two routes", one_more(ERRAND), {"rule": "twice", "amount": 1, "route": 2, "task": 7}),
    ("two alternatives", drive(1, tasks=(5, 7), starts_s=(0, 120)),
     {"rule": "group", "amount": 1, "group": 0}),
    ("no van", ask("vehicles", "count", VAN, 0), {"rule": "fleet", "amount": 1, "vehicle": VAN}),
    ("must be served", tell(missing=()), {"rule": "mandatory", "amount": 1, "request": 7}),
    ("missing yet served", tell(missing=(*MISSING, ("request", 0))),
     {"rule": "missing", "amount": 1, "request": 0}),
    ("missing yet optional", tell(missing=(*MISSING, ("request", 5))),
     {"rule": "missing", "amount": 1, "request": 5}),
    ("missing twice", tell(missing=MISSING * 2), {"rule": "missing", "amount": 1, "request": 7}),
    ("a group missing yet served", tell(missing=(*MISSING, ("group", 1))),
     {"rule": "missing", "amount": 1, "group": 1}),
    ("a group missing that may", tell(missing=(*MISSING, ("group", 0))),
     {"rule": "missing", "amount": 1, "group": 0}),
    ("one of a group must be served",
     lambda day: [day.routes.pop(), day.tell(missing=MISSING)],
     {"rule": "group_missing", "amount": 1, "group": 1}),
    ("a group missing twice",
     lambda day: [day.routes.pop(), day.tell(missing=(*MISSING, ("group", 1), ("group", 1)))],
     {"rule": "missing", "amount": 1, "group": 1}),
    ("unserved left out", tell(unserved=(4, 7)),
     {"rule": "unserved", "amount": 1, "request": 5}),
    ("unserved yet served", tell(unserved=(0, *UNSERVED)),
     {"rule": "unserved", "amount": 1, "request": 0}),
    ("unserved twice", tell(unserved=(4, *UNSERVED)),
     {"rule": "unserved", "amount": 1, "request": 4}),
    *(
        (f"cost of {part}", of_cost(part, off),
         {"rule": "cost", "amount": abs(off), "part": f"cost_{part}"})
        for part in ("fixed", "distance", "time", "overtime", "balance", "unserved")
        for off in (3, -3)
    ),
    ("a bound above", too_high_a_bound, {"rule": "bound", "amount": 5}),
    ("no such vehicle", strangely(1, vehicle=2),
     {"rule": "unknown", "amount": 2, "route": 1, "part": "row_of_vehicle"}),
    ("no such task", strangely(1, tasks=(7, 9), starts_s=(120, 160)),
     {"rule": "unknown", "amount": 9, "route": 1, "part": "row_of_task"}),
    ("no such unserved", tell(unserved=(*UNSERVED, 8)),
     {"rule": "unknown", "amount": 8, "part": "unserved_list"}),
    ("no such missing", tell(missing=(*MISSING, ("group", 2))),
     {"rule": "unknown", "amount": 2, "part": "missing_list"}),
    ("no such kind", tell(missing=(*MISSING, ("depot", 3))),
     {"rule": "unknown", "amount": 3, "part": "missing_list"}),
    ("half a second", strangely(1, departure_s=0.5),
     {"rule": "not_whole", "amount": 0, "route": 1, "part": "times"}),
    ("no number", strangely(1, starts_s=(float("nan"),)),
     {"rule": "not_whole", "amount": 0, "route": 1, "part": "times"}),
    ("half a vehicle", strangely(1, vehicle=1.0),
     {"rule": "not_whole", "amount": 0, "route": 1, "part": "row_of_vehicle"}),
    ("half a bound", tell(bound=0.5),
     {"rule": "not_whole", "amount": 0, "part": "lower_bound"}),
    ("nothing to do", one_more(replace(ERRAND, tasks=(), starts_s=(), arrival_s=0)),
     {"rule": "empty", "amount": 1, "route": 2}),
    ("not timed", strangely(1, starts_s=()), {"rule": "starts", "amount": 1, "route": 1}),
]  # fmt: skip


def test_a_plan_that_keeps_every_rule() -> None:
    day = day_of()
    assert day.check() == []
    assert day.solution().unserved == UNSERVED
    assert day.solution().missing == MISSING
    assert day.solution().cost.total == 120 + (160 + 20) + 520 + 60 + (20_864 + 1_975) + 11


@pytest.mark.parametrize(
    ("breaks", "expected"), [row[1:] for row in BREAKS], ids=[row[0] for row in BREAKS]
)
def test_each_rule_is_seen_alone(breaks: Callable[[Day], Any], expected: dict[str, Any]) -> None:
    day = day_of()
    breaks(day)
    (found,) = day.check()
    assert found == {**found, **expected}
    assert set(found) - set(expected) <= {"vehicle"}


def test_no_rule_is_left_without_a_test() -> None:
    told = {code.split(".")[1] for code in wording.codes("en") if code.startswith("routing_rule.")}
    assert {expected["rule"] for *_, expected in (*BREAKS, *FURTHER)} == told


def test_a_bound_means_nothing_while_something_is_missing() -> None:
    day = day_of()
    day.tell(bound=day.solution().cost.total + 5)
    assert day.check() == []


def test_a_bound_may_be_reached() -> None:
    day = day_of()
    nothing_missing(day)
    day.tell(bound=day.solution().cost.total)
    assert day.check() == []


def test_a_delivery_may_be_the_first_row() -> None:
    """The pair of tasks 1 and 0, its delivery in no route."""
    problem = RoutingProblem(
        distance=STREET,
        duration_s=60 * STREET,
        tasks=Tasks.of(place=[2, 1]),
        requests=Requests.of(task=[1], delivery=[0]),
        vehicles=Vehicles.of(count=1),
    )
    whole = Route(vehicle=0, tasks=(1, 0), departure_s=0, starts_s=(60, 120), arrival_s=240)
    assert check(problem, stated(problem, [whole])) == ()
    for task, start_s in ((0, 120), (1, 60)):
        half = replace(whole, tasks=(task,), starts_s=(start_s,))
        (broken,) = check(problem, stated(problem, [half]))
        assert (broken.rule, broken.request) == ("pairing", 0)


def test_waiting_is_allowed_anywhere() -> None:
    day = day_of()
    day.drive(0, departure_s=55, starts_s=(120, 211, 230, 350, 430), arrival_s=700)
    assert day.check() == []


def test_all_that_is_wrong_is_told() -> None:
    day = day_of()
    day.ask("vehicles", "capacity", 0, (1, 2))
    day.ask("vehicles", "max_stops", 0, 3)
    day.tell(unserved=())
    assert sorted(each["rule"] for each in day.check()) == sorted(
        ["capacity", "capacity", "stops", *["unserved"] * 3]
    )


def test_the_sentence_says_where_and_how_much() -> None:
    broken = Broken(rule="capacity", amount=1234, route=3, task=5, dimension=1)
    assert broken.text() == (
        "Route 3, task 5, load dimension 1: 1,234 more is aboard than the vehicle holds."
    )
    assert Broken(rule="bound", amount=2).text("fr").startswith("le plan coûte 2 de moins")


anything = st.one_of(
    st.integers(-3, 12), st.none(), st.floats(), st.text(max_size=2), st.just(2**70), st.booleans()
)
some = st.lists(anything, max_size=5).map(tuple)


strange_routes = st.builds(
    Route, vehicle=anything, tasks=some, departure_s=anything, starts_s=some, arrival_s=anything
)
named = st.tuples(st.sampled_from(["request", "group"]), anything)


@given(
    routes=st.lists(strange_routes, max_size=4),
    unserved=some,
    missing=st.lists(st.one_of(anything, named, some)),
    bound=anything,
    cost=anything,
)
def test_a_wrong_solution_is_told_and_never_raised(
    routes: list[Route], unserved: Any, missing: Any, bound: Any, cost: Any
) -> None:
    day = day_of()
    honest = day.solution()
    solution = replace(
        honest,
        routes=tuple(routes),
        unserved=unserved,
        missing=tuple(missing),
        cost=replace(honest.cost, time=cost),
        bound=bound,
    )
    assert check(day.problem, solution)
    assert all(each.text("fr") for each in check(day.problem, solution))


def test_numbers_of_numpy_are_numbers() -> None:
    day = day_of()
    tasks, starts = (tuple(np.array(n, dtype=np.int32)) for n in (ROUND.tasks, ROUND.starts_s))
    day.drive(0, vehicle=np.int32(0), tasks=tasks, starts_s=starts, arrival_s=np.int64(580))
    assert day.check() == []


@given(problems())
def test_the_best_of_all_plans_keeps_every_rule(problem: RoutingProblem) -> None:
    assert check(problem, best(problem)) == ()


@settings(max_examples=200)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_a_planted_plan_keeps_every_rule_and_misses_nothing(seed: int, size: int) -> None:
    mixed = mix(seed, size)
    assert check(mixed.problem, mixed.planted) == ()
    assert mixed.planted.feasible


OF_TIME = {"travel", "open_end", "window", "vehicle_window", "shift", "ride"}


@settings(max_examples=300)
@given(st.data(), problems())
def test_times_are_judged_as_the_differences_between_them(
    data: st.DataObject, problem: RoutingProblem
) -> None:
    """The checker against the system of differences of brute force, on times moved at random."""
    requests = problem.requests
    pairs = zip(requests.task.tolist(), requests.delivery.tolist(), strict=True)
    rows = data.draw(st.permutations(list(pairs)))[: data.draw(st.integers(1, 3))]
    order = [row for row, _ in rows] + [row for _, row in rows if row >= 0]
    vehicle = data.draw(st.integers(0, len(problem.vehicles) - 1))
    route = timed(problem, vehicle, order)
    if route is None:
        times = sorted(data.draw(st.lists(st.integers(0, 90), min_size=9, max_size=9)))
        starts = tuple(times[1 : len(order) + 1])
        route = Route(
            vehicle=vehicle, tasks=tuple(order), departure_s=times[0], starts_s=starts,
            arrival_s=times[-1],
        )  # fmt: skip
    else:
        assert times_hold(problem, route)
    moved = data.draw(st.integers(0, len(order) + 1))
    by = data.draw(st.integers(-4, 4))
    times = [route.departure_s, *route.starts_s, route.arrival_s]
    times[moved] += by
    route = replace(
        route,
        departure_s=times[0],
        starts_s=tuple(times[1:-1]),
        ends_s=(),
        arrival_s=times[-1],
    )
    broken = {each.rule for each in check(problem, stated(problem, [route]))} & OF_TIME
    assert (broken == set()) == times_hold(problem, route)
