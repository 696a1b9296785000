"""Each rule's example prints the plan that the rule asks for, and breaks none."""

from __future__ import annotations

import re
import runpy
from dataclasses import dataclass
from pathlib import Path

import pytest

from examples.routing_rules import RULES

EXAMPLES = Path(__file__).parents[2] / "examples"
Served = frozenset[tuple[int, frozenset[int]]]


@dataclass(frozen=True)
class Told:
    """One plan as it was printed: cost, (vehicle type, tasks) of each route, who is left out."""

    cost: int
    routes: Served
    unserved: tuple[int, ...] = ()


def plans(text: str) -> list[Told]:
    told: list[Told] = []
    routes: list[tuple[int, frozenset[int]]] = []
    for line in text.splitlines():
        if route := re.fullmatch(r"  type (\d+), \d+:\d\d-\d+:\d\d: (.+)", line):
            tasks = (int(each.partition(" at ")[0]) for each in route[2].split(", "))
            routes.append((int(route[1]), frozenset(tasks)))
        elif cost := re.fullmatch(r"  cost (\d+)(?:, not served: \(([\d, ]*)\))?", line):
            left = tuple(int(row) for row in re.findall(r"\d+", cost[2] or ""))
            told.append(Told(int(cost[1]), frozenset(routes), left))
            routes = []
        else:
            pytest.fail(f"a rule is broken: {line}")
    return told


def routes(*served: tuple[int, set[int]]) -> Served:
    return frozenset((kind, frozenset(tasks)) for kind, tasks in served)


PLANS = {
    "capacity_in_two_dimensions": [Told(24, routes((0, {0}), (0, {1, 2})))],
    "several_windows": [Told(10980, routes((0, {0, 1, 2})))],
    "longest_ride": [Told(80, routes((0, {0, 1, 2, 3})))] * 2,
    "two_vehicle_types": [Told(20, routes((0, {0, 1}))), Told(46, routes((1, {0, 1})))],
    "several_depots_and_open_ends": [Told(60, routes((0, {0, 1}), (1, {2, 3})))],
    "shift_and_overtime": [
        Told(1090, routes((0, {0}), (0, {1}))),
        Told(6260, routes((0, {0, 1}))),
    ],
    "longest_distance": [Told(90, routes((0, {0, 1}), (0, {2})))],
    "most_stops": [Told(8, routes((0, {0}), (0, {1, 2})))],
    "skills": [Told(44, routes((0, {0}), (1, {1, 2})))],
    "prizes": [Told(84, routes((0, {0, 1})), (2,))],
    "groups": [Told(70, routes((0, {1, 2})), (0, 3))],
    "vehicles_first": [Told(40, routes((0, {0}), (1, {1}))), Told(60, routes((1, {0, 1})))],
    "balance": [Told(80, routes((0, {0, 1, 2, 3}))), Told(484, routes((0, {0, 1}), (0, {2, 3})))],
    "matrices_by_type": [Told(7, routes((0, {0, 1}))), Told(10, routes((1, {0, 1})))],
}


@pytest.mark.parametrize("name", PLANS)
def test_a_rule_gives_the_plan_it_asks_for(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    RULES[name]()
    found = plans(capsys.readouterr().out)
    if name == "vehicles_first":  # either car alone drives as far
        found[1] = Told(found[1].cost, routes((1, {0, 1})), found[1].unserved)
    assert found == PLANS[name]


def test_the_town_hall_is_called_at_in_the_afternoon(capsys: pytest.CaptureFixture[str]) -> None:
    RULES["several_windows"]()
    assert "0 at 14:00" in capsys.readouterr().out


def test_the_ride_is_as_short_as_it_must_be(capsys: pytest.CaptureFixture[str]) -> None:
    RULES["longest_ride"]()
    limited = capsys.readouterr().out.splitlines()[2]
    begun = {
        task: 60 * int(hour) + int(minute)
        for task, hour, minute in re.findall(r"(\d) at (\d+):(\d\d)", limited)
    }
    assert 0 < begun["1"] - begun["0"] <= 15


def test_a_search_that_is_stopped_is_no_worse_than_its_beginning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    RULES["warm_start_and_interrupt"]()
    by_hand, stopped, told = re.findall(r"\d+", capsys.readouterr().out)
    assert int(by_hand) == 80
    assert 60 <= int(stopped) <= 80
    assert int(told) > 0


def test_the_rule_that_is_refused_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    RULES["what_a_backend_refuses"]()
    refused = capsys.readouterr().out
    assert "ortools" in refused
    assert "balance" in refused


def test_every_rule_is_tested() -> None:
    others = {"warm_start_and_interrupt", "what_a_backend_refuses"}
    assert set(RULES) == set(PLANS) | others


def test_the_first_example_drives_as_little_as_can_be(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "routing.py"), run_name="__main__")
    assert capsys.readouterr().out.startswith("28 km, rules broken: 0\n")
