"""Each rule that not every engine knows is found by its name, and refused by whoever lacks it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from msap_mobility.budget import Budget
from msap_mobility.errors import InputError
from msap_mobility.optimise.routing.backends import BACKENDS, backend_of
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import (
    Breaks,
    Covering,
    Patterns,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.rules import further_rules
from msap_mobility.optimise.routing.solve import solve

LINE = np.abs(np.subtract.outer([0, 3, 5], [0, 3, 5]))


def asked(
    *,
    tasks: dict[str, Any] | None = None,
    requests: dict[str, Any] | None = None,
    vehicles: dict[str, Any] | None = None,
    **tables: Any,
) -> RoutingProblem:
    """Two optional visits."""
    return RoutingProblem(
        distance=LINE,
        duration_s=LINE,
        tasks=Tasks.of(**({"place": [1, 2]} | (tasks or {}))),
        requests=Requests.of(**({"task": [0, 1], "prize": 0} | (requests or {}))),
        vehicles=Vehicles.of(**({"count": 1} | (vehicles or {}))),
        **tables,
    )


RULES: dict[str, dict[str, Any]] = {
    "days": {"requests": {"day": [0, 1]}},
    "patterns": {"patterns": Patterns.of(customer=[0], requests=[[0]])},
    "hours": {"tasks": {"wanted_s": [9, 9], "per_s_off": [0, 1]}},
    "covering": {"covering": Covering.of(reach=[[0, 1]])},
    "breaks": {"breaks": Breaks.of(vehicle=[0], duration_s=[5])},
    "reload": {"vehicles": {"reload": 0, "max_trips": 2}},
    "release_s": {"requests": {"release_s": [0, 1]}},
    "max_cold_s": {"requests": {"max_cold_s": [9, 9]}},
    "dwell": {"tasks": {"service_s": 3, "service_most_s": [3, 4]}},
}

NOTHING: list[dict[str, Any]] = [
    {},
    {"requests": {"day": [0, -1]}},
    {"vehicles": {"day": 4}},
    {"tasks": {"wanted_s": [9, 9]}},
    {"tasks": {"per_s_off": [9, 9]}},
    {"vehicles": {"reload": 0}},
    {"vehicles": {"max_trips": 2}},
    {"tasks": {"service_s": 3, "service_most_s": 3, "per_s_less": 1}},
]

KNOWN = {
    "native": ("days", "patterns", "covering", "breaks", "reload", "release_s", "max_cold_s"),
    "pyvrp": ("covering",),
}
"""Of each backend the rules it searches with."""


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_found_alone(rule: str) -> None:
    assert further_rules(asked(**RULES[rule])) == (rule,)


def test_hours_that_stay_are_a_rule_too() -> None:
    steady = Patterns.of(customer=[0], requests=[[0, 1]], per_s_apart=1)
    assert further_rules(asked(patterns=steady)) == ("patterns", "hours")


@pytest.mark.parametrize("given", NOTHING)
def test_what_asks_nothing_is_no_rule(given: dict[str, Any]) -> None:
    assert further_rules(asked(**given)) == ()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("rule", RULES)
def test_who_lacks_a_rule_refuses_it_by_name(backend: str, rule: str) -> None:
    problem = asked(**RULES[rule])
    if rule in KNOWN.get(backend, ()):
        assert backend_of(backend).refusals(problem) == ()
        if backend == "pyvrp":
            pytest.importorskip("pyvrp", reason="pyvrp is not installed")
        assert check(problem, solve(problem, budget=Budget(iterations=1), backend=backend)) == ()
        return
    assert backend_of(backend).refusals(problem) == (rule,)
    with pytest.raises(InputError) as refused:
        solve(problem, budget=Budget(iterations=1), backend=backend)
    (fault,) = refused.value.faults
    assert (fault.code, fault.value) == ("routing_not_expressible", rule)
