"""Each backend on a small problem of every kind; each rule it lacks refused by name."""

from __future__ import annotations

import pytest

from msap_mobility.errors import InputError
from msap_mobility.optimise.routing.backends import backend_of
from tests.optimise.routing.backends.cases import CASES, REFUSED, RULES, Case
from tests.optimise.routing.backends.engines import NAMES, solved
from tests.optimise.routing.brute_force import best, value


@pytest.mark.parametrize("kind", [*CASES, *RULES])
def test_the_cases_are_reckoned_right(kind: str) -> None:
    case = {**CASES, **RULES}[kind]
    if kind == "magnitude":
        pytest.skip("its cost has no meaning")
    plan = best(case.problem)
    assert plan.cost.total == case.cost
    assert plan.missing == case.missing
    if case.routes is not None:
        assert value(case.problem, plan)[1] in (0, len(case.routes))


@pytest.mark.parametrize("backend", NAMES)
@pytest.mark.parametrize("kind", CASES)
def test_a_small_problem_of_every_kind(backend: str, kind: str) -> None:
    _is_best(CASES[kind], backend)


@pytest.mark.parametrize("backend", NAMES)
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_kept_or_refused_by_name(backend: str, rule: str) -> None:
    case = RULES[rule]
    if rule not in REFUSED[backend]:
        _is_best(case, backend)
        return
    assert backend_of(backend).refusals(case.problem) == (rule,)
    with pytest.raises(InputError) as refused:
        solved(case.problem, backend)
    (fault,) = refused.value.faults
    assert (fault.code, fault.value) == ("routing_not_expressible", rule)
    assert backend in fault.text("en")
    assert rule in fault.text("fr")


def _is_best(case: Case, backend: str) -> None:
    answer = solved(case.problem, backend)
    assert answer.missing == case.missing
    assert answer.cost.total == case.cost
    if case.routes is not None:
        driven = sorted((route.vehicle, route.tasks) for route in answer.routes)
        assert driven == sorted(case.routes)
