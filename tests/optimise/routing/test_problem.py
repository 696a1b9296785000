"""What is asked of the engine: what the tables accept, and every fault by its code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from msap_mobility.errors import InputError
from msap_mobility.optimise.routing.problem import (
    ANY_DAY,
    ANYWHERE,
    MANDATORY,
    NONE,
    UNLIMITED,
    Breaks,
    Covering,
    Groups,
    Patterns,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from tests.optimise.routing.strategies import problems

SQUARE = np.arange(9).reshape(3, 3)
TASKS: dict[str, Any] = {"place": [1, 2, 1], "load": [2, -2, -1]}
REQUESTS: dict[str, Any] = {"task": [0, 2], "delivery": [1, NONE]}
VEHICLES: dict[str, Any] = {"count": [1, 2], "capacity": [5, 6]}
NARROW = {"place", "task", "delivery", "group", "day", "start", "end", "profile", "reload"}
FREE: Any = Groups(must=np.array([True]))


def choice(**given: Any) -> Patterns:
    """One pattern, the second request."""
    return Patterns.of(**({"customer": [0], "requests": [[1]]} | given))


def asked(
    *,
    distance: Any = SQUARE,
    duration_s: Any = SQUARE,
    tasks: dict[str, Any] | None = None,
    requests: dict[str, Any] | None = None,
    vehicles: dict[str, Any] | None = None,
    **others: Any,
) -> RoutingProblem:
    """A problem without fault, but for what is given."""
    return RoutingProblem(
        distance=distance,
        duration_s=duration_s,
        tasks=Tasks.of(**(TASKS | (tasks or {}))),
        requests=Requests.of(**(REQUESTS | (requests or {}))),
        vehicles=Vehicles.of(**(VEHICLES | (vehicles or {}))),
        **others,
    )


def faults(**given: Any) -> list[tuple[str, str, int | None, object]]:
    with pytest.raises(InputError) as caught:
        asked(**given)
    assert all(fault.text("fr") != fault.text("en") for fault in caught.value.faults)
    return [(fault.code, fault.column, fault.row, fault.value) for fault in caught.value.faults]


def test_one_matrix_is_one_profile() -> None:
    problem = asked()
    assert problem.distance.shape == problem.duration_s.shape == (1, 3, 3)
    assert (problem.distance.dtype, problem.duration_s.dtype) == (np.int64, np.int32)
    assert (problem.places, problem.profiles, problem.dimensions) == (3, 1, 1)
    assert len(problem.groups) == 0


def test_what_is_left_out_asks_nothing_and_has_no_limit() -> None:
    problem = asked(vehicles={"count": 4, "capacity": None})
    kinds = problem.vehicles
    assert kinds.capacity.tolist() == [[UNLIMITED]]
    assert (kinds.shift_s[0], kinds.max_distance[0], kinds.max_stops[0]) == (UNLIMITED,) * 3
    assert (kinds.latest_s[0], kinds.earliest_s[0], kinds.overtime_s[0]) == (UNLIMITED, 0, 0)
    assert (kinds.start[0], kinds.end[0], kinds.per_distance[0], kinds.per_s[0]) == (0, 0, 1, 0)
    assert problem.requests.prize.tolist() == [MANDATORY] * 2
    assert problem.requests.max_ride_s.tolist() == [UNLIMITED] * 2
    assert problem.requests.group.tolist() == [NONE] * 2
    assert problem.tasks.service_s.tolist() == [0] * 3
    assert problem.tasks.service_most_s.tolist() == [0] * 3
    assert problem.tasks.wanted_s.tolist() == [UNLIMITED] * 3
    assert problem.requests.day.tolist() == [ANY_DAY] * 2
    assert problem.requests.max_cold_s.tolist() == [UNLIMITED] * 2
    assert (kinds.day[0], kinds.reload[0], kinds.max_trips[0]) == (0, NONE, 1)
    assert [len(each) for each in (problem.patterns, problem.covering, problem.breaks)] == [0] * 3


def test_a_number_stands_for_every_type() -> None:
    kinds = asked(vehicles={"fixed": 7, "end": ANYWHERE}).vehicles
    assert kinds.fixed.tolist() == [7, 7]
    assert kinds.end.tolist() == [ANYWHERE, ANYWHERE]


def test_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="wheels"):
        Vehicles.of(count=1, wheels=4)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"distance": SQUARE[:2]}, ("array_shape", "distance", None, "1 × 2 × 3")),
        ({"distance": -SQUARE}, ("array_outside", "distance", None, -1)),
        ({"distance": SQUARE / 2}, ("array_not_whole", "distance", None, "float64")),
        ({"duration_s": SQUARE + 2**31}, ("array_outside", "duration_s", None, 2**31)),
        ({"duration_s": SQUARE * 1.0}, ("array_not_whole", "duration_s", None, "float64")),
        (
            {"duration_s": np.stack([SQUARE, SQUARE])},
            ("array_shape", "duration_s", None, "2 × 3 × 3"),
        ),
        ({"tasks": {"place": [1, 3, 1]}}, ("array_outside", "tasks.place", None, 3)),
        ({"tasks": {"service_s": [0, -5, 0]}}, ("array_outside", "tasks.service_s", None, -5)),
        ({"tasks": {"service_s": [0, 0]}}, ("array_shape", "tasks.service_s", None, "2")),
        ({"requests": {"prize": [0, -2]}}, ("array_outside", "requests.prize", None, -2)),
        ({"requests": {"group": [0, -1]}}, ("array_outside", "requests.group", None, 0)),
        ({"requests": {"task": [0, 3]}}, ("array_outside", "requests.task", None, 3)),
        ({"vehicles": {"start": [0, 3]}}, ("array_outside", "vehicles.start", None, 3)),
        ({"vehicles": {"end": [-1, -2]}}, ("array_outside", "vehicles.end", None, -2)),
        ({"vehicles": {"profile": [0, 1]}}, ("array_outside", "vehicles.profile", None, 1)),
        ({"vehicles": {"count": [1, -1]}}, ("array_outside", "vehicles.count", None, -1)),
        (
            {"vehicles": {"fixed": [0, 2**41]}},
            ("array_outside", "vehicles.fixed", None, 2**41),
        ),
        ({"vehicles": {"fixed": [1, 2, 3]}}, ("array_shape", "vehicles.fixed", None, "3")),
        (
            {"vehicles": {"capacity": [[1, 2], [3, 4]]}},
            ("array_shape", "vehicles.capacity", None, "2 × 2"),
        ),
        ({"tasks": {"windows": [[], [(5, 4)], []]}}, ("routing_windows", "", 1, "5–4")),
        ({"tasks": {"windows": [[(0, 4), (4, 9)], [], []]}}, ("routing_windows", "", 0, "4–9")),
        ({"tasks": {"windows": [[], [], [(8, 9), (1, 2)]]}}, ("routing_windows", "", 2, "1–2")),
        ({"tasks": {"load": [2, -1, -1]}}, ("routing_pair_load", "", 0, 0)),
        ({"tasks": {"load": [-2, 2, -1]}}, ("routing_pair_load", "", 0, 0)),
        (
            {"requests": {"group": [NONE, 0]}, "groups": FREE},
            ("routing_group_mandatory", "", 1, 0),
        ),
        ({"tasks": {"service_most_s": [0, -1, 0]}}, ("routing_service_most", "", 1, -1)),
        (
            {"tasks": {"service_s": 9, "service_most_s": [9, 8, 9]}},
            ("routing_service_most", "", 1, 8),
        ),
        ({"requests": {"day": [-2, 0]}}, ("array_outside", "requests.day", None, -2)),
        ({"requests": {"release_s": [5, 0]}}, ("routing_pair_at_depot", "", 0, 0)),
        ({"requests": {"max_cold_s": [5, 0]}}, ("routing_pair_at_depot", "", 0, 0)),
        ({"vehicles": {"day": [0, -1]}}, ("array_outside", "vehicles.day", None, -1)),
        ({"vehicles": {"reload": [0, 3]}}, ("array_outside", "vehicles.reload", None, 3)),
        ({"vehicles": {"max_trips": [0, 1]}}, ("array_outside", "vehicles.max_trips", None, 0)),
        (
            {"patterns": Patterns.of(customer=[0], requests=[[2]])},
            ("array_outside", "patterns.request", None, 2),
        ),
        (
            {"patterns": Patterns.of(customer=[1], requests=[[1]], prize=[-1])},
            ("array_outside", "patterns.customer", None, 1),
        ),
        ({"patterns": choice(requests=[[]])}, ("routing_pattern_empty", "", 0, 0)),
        ({"patterns": choice(requests=[[1, 1]])}, ("routing_pattern_twice", "", 0, 1)),
        (
            {"patterns": choice(customer=[0, 1], requests=[[1], [0, 1]])},
            ("routing_pattern_shared", "", 1, 1),
        ),
        ({"patterns": choice(), "requests": {}}, ("routing_pattern_prize", "", 1, MANDATORY)),
        (
            {
                "patterns": choice(),
                "requests": {"prize": [-1, 0], "group": [NONE, 0]},
                "groups": FREE,
            },
            ("routing_pattern_prize", "", 1, 0),
        ),
        (
            {"patterns": replace(choice(), request_start=np.array([1, 1]))},
            ("routing_starts", "patterns.request_start", None, "1…1"),
        ),
        (
            {"covering": Covering.of(reach=[[0, 5]])},
            ("array_outside", "covering.reach", None, 5),
        ),
        ({"covering": Covering.of(reach=[[1]])}, ("routing_reach_mandatory", "", 1, MANDATORY)),
        (
            {"covering": replace(Covering.of(reach=[[1]]), reach_start=np.array([0, 0]))},
            ("routing_starts", "covering.reach_start", None, "0…0"),
        ),
        (
            {"breaks": Breaks.of(vehicle=[2], duration_s=9)},
            ("array_outside", "breaks.vehicle", None, 2),
        ),
        (
            {"breaks": Breaks.of(vehicle=[0], duration_s=0)},
            ("array_outside", "breaks.duration_s", None, 0),
        ),
        (
            {"breaks": Breaks.of(vehicle=[0], duration_s=9, earliest_s=7, latest_s=6)},
            ("routing_break_window", "", 0, "7–6"),
        ),
    ],
)
def test_each_fault_is_told_by_its_code(given: dict[str, Any], expected: tuple[Any, ...]) -> None:
    assert faults(**given)[0] == expected


def test_a_task_stands_in_exactly_one_request() -> None:
    found = faults(requests={"task": [0, 0], "delivery": [NONE, NONE]})
    assert [fault for fault in found if fault[0] == "routing_task_twice"] == [
        ("routing_task_twice", "", 0, 2),
        ("routing_task_twice", "", 1, 0),
        ("routing_task_twice", "", 2, 0),
    ]


def test_all_faults_of_shape_are_told_at_once() -> None:
    found = faults(tasks={"service_s": [-1, 0, 0]}, vehicles={"start": [0, 9], "profile": [0, 4]})
    columns = {"tasks.service_s", "vehicles.start", "vehicles.profile"}
    assert {column for _, column, _, _ in found} == columns


def test_windows_of_tasks_after_another_do_not_overlap() -> None:
    """The last window of one task and the first of the next are not compared."""
    problem = asked(tasks={"windows": [[(5, 9)], [], [(0, 3), (4, 4)]]})
    assert problem.tasks.window_start.tolist() == [0, 1, 1, 3]
    assert problem.tasks.window_s.tolist() == [[5, 9], [0, 3], [4, 4]]


def test_a_window_of_one_moment_is_one() -> None:
    assert asked(tasks={"windows": [[(7, 7)], [], []]}).tasks.window_s.tolist() == [[7, 7]]


@pytest.mark.parametrize("start", [[1, 1, 1, 1], [0, 1, 0, 1], [0, 0, 0, 0]])
def test_where_windows_begin_is_checked(start: list[int]) -> None:
    tasks = replace(Tasks.of(**TASKS, windows=[[(0, 1)], [], []]), window_start=np.array(start))
    with pytest.raises(InputError) as caught:
        RoutingProblem(
            distance=SQUARE,
            duration_s=SQUARE,
            tasks=tasks,
            requests=Requests.of(**REQUESTS),
            vehicles=Vehicles.of(**VEHICLES),
        )
    assert [(fault.code, fault.value) for fault in caught.value.faults] == [
        ("routing_windows", "window_start")
    ]


@settings(max_examples=25)
@given(problems())
def test_arrays_are_of_one_type_and_contiguous(problem: RoutingProblem) -> None:
    for table in (problem.tasks, problem.requests, problem.vehicles):
        for name in table.__slots__:
            array = getattr(table, name)
            narrow = name in NARROW
            assert array.dtype == (np.int32 if narrow else np.int64), name
            assert array.flags.c_contiguous, name
