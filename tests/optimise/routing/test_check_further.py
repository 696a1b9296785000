"""The checker of days, patterns, covering, breaks, reloads, dwell: each rule is seen alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.pricing import priced
from msap_mobility.optimise.routing.problem import (
    ANY_DAY,
    ANYWHERE,
    MANDATORY,
    NONE,
    RELOAD,
    UNLIMITED,
    Breaks,
    Covering,
    Patterns,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.solution import Route
from tests.optimise.routing.day import (
    STREET,
    Day,
    ask,
    drive,
    of_cost,
    strangely,
    tell,
)
from tests.optimise.routing.stated import stated

if TYPE_CHECKING:
    from collections.abc import Callable

MONDAY, TUESDAY = 0, 1


def asked() -> RoutingProblem:
    """A little of every rule that `rules.further_rules` names.

    Customer 0 is visited on both days or on Tuesday alone; 1 must be visited and is not; 2 may be.
    Requests 3 and 7 cover: 7 is not served, which leaves 1 and 2 uncovered, of whom 2 must not be.
    Tasks 6 and 7 are a pair.
    """
    return RoutingProblem(
        distance=10 * STREET,
        duration_s=60 * STREET,
        tasks=Tasks.of(
            place=[1, 1, 2, 3, 4, 2, 4, 5, 5, 5, 5],
            service_s=[30, 30, 0, 20, 0, 0, 10, 0, 0, 0, 0],
            service_most_s=[30, 30, 0, 60, 0, 0, 10, 0, 0, 0, 0],
            per_s_less=[0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0],
            load=[0, 0, 0, 0, -2, -2, 1, -1, 0, 0, 0],
            wanted_s=[*([UNLIMITED] * 5), 250, *([UNLIMITED] * 5)],
            off_free_s=10,
            per_s_off=3,
        ),
        requests=Requests.of(
            task=[0, 1, 2, 3, 4, 5, 6, 8, 9, 10],
            delivery=[*([NONE] * 6), 7, NONE, NONE, NONE],
            prize=[0, 0, 0, 0, MANDATORY, MANDATORY, MANDATORY, 4, 0, 0],
            day=[MONDAY, TUESDAY, TUESDAY, *([ANY_DAY] * 7)],
            release_s=[0, 0, 0, 0, 300, 0, 0, 0, 0, 0],
            max_cold_s=[*([UNLIMITED] * 4), 400, *([UNLIMITED] * 5)],
        ),
        patterns=Patterns.of(
            customer=[0, 0, 1, 2],
            requests=[[0, 1], [2], [8], [9]],
            price=[11, 11, 0, 0],
            prize=[MANDATORY, MANDATORY, 9],
            per_s_apart=[2, 0, 0],
            apart_free_s=[25, 0, 0],
        ),
        covering=Covering.of(reach=[[3, 7], [7], [7]], prize=[MANDATORY, 7, MANDATORY]),
        vehicles=Vehicles.of(
            count=[1, 1],
            capacity=3,
            day=[MONDAY, TUESDAY],
            shift_s=[1210, UNLIMITED],
            per_s=[1, 0],
            reload=[0, NONE],
            reload_s=[50, 0],
            max_trips=[2, 1],
        ),
        breaks=Breaks.of(
            vehicle=[MONDAY, MONDAY, TUESDAY],
            duration_s=[100, 40, 30],
            earliest_s=[300, 0, 0],
            latest_s=[900, UNLIMITED, UNLIMITED],
            after_s=[1000, UNLIMITED, UNLIMITED],
            if_longer_s=[0, 5000, 0],
            paid=[False, True, True],
        ),
    )


ROUND = Route(
    vehicle=MONDAY,
    tasks=(0, 5, 3, RELOAD, 4, 6, 7),
    departure_s=0,
    starts_s=(60, 200, 260, 640, 930, 930, 1000),
    ends_s=(90, 200, 305, 690, 930, 940, 1000),
    breaks=((0, 305),),
    arrival_s=1310,
)
CALL = Route(
    vehicle=TUESDAY,
    tasks=(1,),
    departure_s=0,
    starts_s=(100,),
    ends_s=(130,),
    breaks=((2, 0),),
    arrival_s=190,
)
UNSERVED = (2, 7, 8, 9)
MISSING = (("customer", 1), ("cover", 2))


def day_of() -> Day:
    return Day(asked(), [ROUND, CALL])


def loaded_in_between(day: Day) -> None:
    """The pickup before the loading, its delivery after it."""
    day.drive(
        0,
        tasks=(0, 5, 3, 6, RELOAD, 4, 7),
        starts_s=(60, 200, 260, 465, 715, 1005, 1065),
        ends_s=(90, 200, 305, 475, 765, 1005, 1065),
        arrival_s=1400,
    )
    day.ask("vehicles", "shift_s", 0, 1300)


def twice(day: Day) -> None:
    day.drive(1, starts_s=(200,), ends_s=(230,), breaks=((2, 0), (2, 30)), arrival_s=290)


def no_break(day: Day) -> None:
    day.ask("vehicles", "shift_s", 0, UNLIMITED)
    day.drive(0, breaks=())


def nothing_but_loading(day: Day) -> None:
    day.ask("vehicles", "count", 0, 2)
    day.insist(day.solution())
    idle = Route(vehicle=0, tasks=(RELOAD,), departure_s=0, starts_s=(0,), arrival_s=50)
    day.routes.append(idle)


def another_pattern(day: Day) -> None:
    day.ask("patterns", "per_s_apart", 0, 0)
    day.tell(patterns=(1, NONE, NONE))


def half_a_pattern(day: Day) -> None:
    """The call of the second day is not made, and the plan says it has the pattern of both."""
    day.ask("patterns", "per_s_apart", 0, 0)
    day.routes.pop()
    said = day.solution()
    kept = {"patterns": (0, NONE, NONE), "missing": MISSING}
    day.insist(replace(said, cost=replace(said.cost, patterns=11), **kept))
    day.told["unserved"] = said.unserved


FURTHER: list[tuple[str, Callable[[Day], Any], dict[str, Any]]] = [
    ("one end too few", strangely(0, ends_s=ROUND.ends_s[:-1]),
     {"rule": "ends", "amount": 1, "route": 0}),
    ("half an end", strangely(1, ends_s=(129.5,)),
     {"rule": "not_whole", "amount": 0, "route": 1, "part": "times"}),
    ("no such break", strangely(1, breaks=((5, 0),)),
     {"rule": "unknown", "amount": 5, "route": 1, "part": "row_of_break"}),
    ("no break at all", strangely(1, breaks=(3,)),
     {"rule": "not_whole", "amount": 0, "route": 1, "part": "row_of_break"}),
    ("half a second of break", strangely(1, breaks=((2, 0.5),)),
     {"rule": "not_whole", "amount": 0, "route": 1, "part": "times"}),
    ("nothing but loading", nothing_but_loading,
     {"rule": "empty", "amount": 1, "route": 2}),
    ("no place to load again", ask("vehicles", "reload", 0, NONE),
     {"rule": "reload", "amount": 1, "route": 0, "vehicle": 0}),
    ("too many trips", ask("vehicles", "max_trips", 0, 1),
     {"rule": "trips", "amount": 1, "route": 0, "vehicle": 0}),
    ("too long at a place", drive(0, ends_s=(95, *ROUND.ends_s[1:])),
     {"rule": "dwell", "amount": 5, "route": 0, "task": 0}),
    ("too short at a place", drive(0, ends_s=(*ROUND.ends_s[:5], 937, 1000)),
     {"rule": "dwell", "amount": 3, "route": 0, "task": 6}),
    ("loaded too slowly", ask("vehicles", "reload_s", 0, 45),
     {"rule": "dwell", "amount": 5, "route": 0}),
    ("too much for a trip", ask("vehicles", "capacity", (0, 0), 1),
     {"rule": "capacity", "amount": 1, "route": 0, "dimension": 0}),
    ("work without breaks", ask("vehicles", "shift_s", 0, 1205),
     {"rule": "shift", "amount": 5, "route": 0, "vehicle": 0}),
    ("not there yet", ask("requests", "release_s", 4, 700),
     {"rule": "release", "amount": 10, "route": 0, "request": 4}),
    ("not there at departure", ask("requests", "release_s", 5, 1),
     {"rule": "release", "amount": 1, "route": 0, "request": 5}),
    ("warm", ask("requests", "max_cold_s", 4, 200),
     {"rule": "cold", "amount": 40, "route": 0, "request": 4}),
    ("warm in the first trip", ask("requests", "max_cold_s", 5, 190),
     {"rule": "cold", "amount": 10, "route": 0, "request": 5}),
    ("aboard while loading", loaded_in_between,
     {"rule": "aboard", "amount": 1, "route": 0, "request": 6}),
    ("another day", ask("requests", "day", 0, 3),
     {"rule": "day", "amount": 3, "route": 0, "request": 0}),
    ("no break", no_break,
     {"rule": "break_missing", "amount": 100, "route": 0, "pause": 0}),
    ("a long day without break", ask("breaks", "if_longer_s", 1, 1309),
     {"rule": "break_missing", "amount": 40, "route": 0, "pause": 1}),
    ("two breaks", twice, {"rule": "break_twice", "amount": 1, "route": 1, "pause": 2}),
    ("somebody else's break", drive(1, breaks=((2, 0), (1, 130)), arrival_s=240),
     {"rule": "break_vehicle", "amount": 1, "route": 1, "pause": 1}),
    ("a late break", ask("breaks", "latest_s", 0, 300),
     {"rule": "break_window", "amount": 5, "route": 0, "pause": 0}),
    ("an early break", ask("breaks", "earliest_s", 0, 310),
     {"rule": "break_window", "amount": 5, "route": 0, "pause": 0}),
    ("too long at work before", ask("breaks", "after_s", 0, 300),
     {"rule": "break_after", "amount": 5, "route": 0, "pause": 0}),
    ("a break at work", drive(0, breaks=((0, 301),)),
     {"rule": "break_within", "amount": 4, "route": 0, "pause": 0}),
    ("a break before leaving", drive(1, departure_s=10),
     {"rule": "break_within", "amount": 10, "route": 1, "pause": 2}),
    ("a break after returning", drive(1, breaks=((2, 170),)),
     {"rule": "break_within", "amount": 10, "route": 1, "pause": 2}),
    ("two breaks at once", drive(0, breaks=((0, 305), (1, 400))),
     {"rule": "break_overlap", "amount": 5, "route": 0, "pause": 1}),
    ("a break on the road", drive(0, breaks=((0, 450),)),
     {"rule": "travel", "amount": 35, "route": 0}),
    ("no list of patterns", tell(patterns=(0, NONE)),
     {"rule": "patterns", "amount": 1, "part": "pattern_list"}),
    ("another pattern", another_pattern,
     {"rule": "pattern", "amount": 3, "customer": 0}),
    ("somebody else's pattern", tell(patterns=(3, NONE, NONE)),
     {"rule": "unknown", "amount": 3, "customer": 0, "part": "pattern_list"}),
    ("half a pattern", half_a_pattern,
     {"rule": "pattern", "amount": 1, "customer": 0}),
    ("uncovered left out", tell(uncovered=(2,)), {"rule": "uncovered", "amount": 1, "cover": 1}),
    ("uncovered yet covered", tell(uncovered=(0, 1, 2)),
     {"rule": "uncovered", "amount": 1, "cover": 0}),
    ("no such uncovered", tell(uncovered=(1, 2, 7)),
     {"rule": "unknown", "amount": 7, "part": "uncovered_list"}),
    ("a customer must be served", tell(missing=MISSING[1:]),
     {"rule": "mandatory", "amount": 1, "customer": 1}),
    ("a customer must be covered", tell(missing=MISSING[:1]),
     {"rule": "mandatory", "amount": 1, "cover": 2}),
    *(
        (f"{name} {row} missing", tell(missing=(*MISSING, (name, row))),
         {"rule": "missing", "amount": 1, name: row})
        for name, row in (("customer", 0), ("customer", 2), ("cover", 0), ("cover", 1))
    ),
    *(
        (f"no such {name}", tell(missing=(*MISSING, (name, 3))),
         {"rule": "unknown", "amount": 3, "part": "missing_list"})
        for name in ("customer", "cover")
    ),
    *(
        (f"cost of {part}", of_cost(part, off),
         {"rule": "cost", "amount": 3, "part": f"cost_{part}"})
        for part in ("time", "unserved", "patterns", "hours", "dwell")
        for off in (3, -3)
    ),
]  # fmt: skip


def test_a_plan_that_keeps_every_rule() -> None:
    day = day_of()
    assert day.check() == []
    told = day.solution()
    assert (told.unserved, told.missing, told.patterns) == (UNSERVED, MISSING, (0, NONE, NONE))
    assert told.uncovered == (1, 2)
    cost = told.cost
    assert (cost.distance, cost.time) == (160 + 20, 1310 - 100)
    assert (cost.unserved, cost.patterns, cost.dwell) == (4 + 7 + 9, 11, 2 * 15)
    assert cost.hours == 3 * (50 - 10) + 2 * (40 - 25)


def test_it_is_priced_as_it_states_itself() -> None:
    told = day_of().solution()
    assert priced(asked(), told.routes, engine="by hand") == told


@pytest.mark.parametrize(
    ("breaks", "expected"), [row[1:] for row in FURTHER], ids=[row[0] for row in FURTHER]
)
def test_each_rule_is_seen_alone(breaks: Callable[[Day], Any], expected: dict[str, Any]) -> None:
    day = day_of()
    breaks(day)
    (found,) = day.check()
    assert found == {**found, **expected}
    assert set(found) - set(expected) <= {"vehicle", "task"}


@pytest.mark.parametrize(
    ("breaks", "arrival_s", "broken"),
    [
        (((0, 150),), 180, []),
        (((0, 150),), 175, [("break_within", 5), ("open_end", 5)]),
        (((0, 60),), 150, []),
        (((0, 60),), 151, [("open_end", 1)]),
    ],
)
def test_an_open_route_may_end_with_a_break(
    breaks: tuple[tuple[int, int], ...], arrival_s: int, broken: list[tuple[str, int]]
) -> None:
    problem = RoutingProblem(
        distance=STREET,
        duration_s=60 * STREET,
        tasks=Tasks.of(place=[1], service_s=[60]),
        requests=Requests.of(task=[0]),
        vehicles=Vehicles.of(count=1, end=ANYWHERE),
        breaks=Breaks.of(vehicle=[0], duration_s=[30]),
    )
    start_s = 90
    route = Route(
        vehicle=0,
        tasks=(0,),
        departure_s=0,
        starts_s=(start_s,),
        ends_s=(150,),
        breaks=breaks,
        arrival_s=arrival_s,
    )
    found = check(problem, stated(problem, [route]))
    assert sorted((each.rule, each.amount) for each in found) == broken


def test_a_break_that_is_not_asked_may_be_taken() -> None:
    day = day_of()
    day.drive(0, breaks=((0, 305), (1, 405)))
    assert day.check() == []


def test_the_longest_time_between_breaks_is_enough_to_drive() -> None:
    """Before the break, or after it."""
    for start_s, short_s in ((305, 0), (360, 0), (362, 2), (482, 3), (485, 0), (540, 0)):
        day = day_of()
        day.drive(0, breaks=((0, start_s),))
        found = [(each["rule"], each["amount"]) for each in day.check()]
        assert found == ([("travel", short_s)] if short_s else [])


anything = st.one_of(
    st.integers(-3, 12), st.none(), st.floats(), st.text(max_size=2), st.just(2**70), st.booleans()
)
some = st.lists(anything, max_size=4).map(tuple)
pairs = st.lists(st.one_of(anything, st.tuples(anything, anything)), max_size=3).map(tuple)
few = st.integers(-1, 10)
strange = st.builds(
    Route,
    vehicle=st.integers(0, 1),
    tasks=st.lists(few, min_size=3, max_size=3).map(tuple),
    departure_s=st.integers(-5, 5),
    starts_s=st.tuples(few, few, few),
    ends_s=st.one_of(st.just(()), some, st.tuples(few, few, few)),
    breaks=st.one_of(pairs, st.lists(st.tuples(st.integers(0, 2), few), max_size=3).map(tuple)),
    arrival_s=st.integers(0, 99),
)
named = st.tuples(st.sampled_from(["customer", "cover"]), anything)


@given(
    routes=st.lists(strange, max_size=3),
    patterns=some,
    uncovered=some,
    missing=st.lists(st.one_of(named, some)),
)
def test_a_wrong_solution_is_told_and_never_raised(
    routes: list[Route], patterns: Any, uncovered: Any, missing: Any
) -> None:
    day = day_of()
    solution = replace(
        day.solution(),
        routes=tuple(routes),
        patterns=patterns,
        uncovered=uncovered,
        missing=tuple(missing),
    )
    found = check(day.problem, solution)
    assert found
    assert all(each.text("fr") != each.text("en") for each in found)
