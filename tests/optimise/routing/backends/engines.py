"""The backends under test; one whose package is not installed is skipped by name."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.solve import solve

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

NAMES = [
    "ortools",
    pytest.param(
        "pyvrp",
        marks=pytest.mark.skipif(find_spec("pyvrp") is None, reason="pyvrp is not installed"),
    ),
]
ENOUGH = {"ortools": 60, "pyvrp": 300}
"""Iterations that find the best plan of a tiny problem."""


def solved(problem: RoutingProblem, backend: str, **options: Any) -> RoutingSolution:
    """The answer of a backend, which keeps every rule and states its costs."""
    budget = Budget(iterations=ENOUGH[backend])
    answer = solve(problem, **{"backend": backend, "budget": budget, **options})
    assert check(problem, answer) == ()
    assert answer.engine == backend
    return answer
