"""Certificates are accepted, amounts are the least, no other single rule would do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.reasons import Reason, Relaxation, applied, reasons, relaxed
from msap_mobility.optimise.routing.rules import further_rules
from msap_mobility.optimise.routing.solve import solve
from tests.optimise.routing.brute_force import best
from tests.optimise.routing.reasons.slow_truth import WHOLE, SlowTruth, freely, limits, without
from tests.optimise.routing.strategies import problems
from tests.optimise.routing.strategies_further import mixes

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

few = problems(most_requests=3)


def is_a_certificate(problem: RoutingProblem, solution: RoutingSolution, reason: Reason) -> None:
    """The checker accepts it, who was left out is there, and nobody else left."""
    loose, with_it = relaxed(problem, reason), applied(problem, solution, reason)
    assert check(loose, with_it) == ()
    added = set(solution.unserved) - set(with_it.unserved)
    assert added == set(reason.requests)
    assert set(with_it.unserved) <= set(solution.unserved)
    if reason.insertions:
        assert reason.subject not in with_it.missing
        assert reason.missing_prize == 0 or with_it.cost.total <= solution.cost.total + _raised(
            solution, reason
        )


def _raised(solution: RoutingSolution, reason: Reason) -> int:
    """What the plan without costs more where the prize is raised."""
    assert reason.subject not in solution.missing
    return reason.missing_prize


@settings(max_examples=80)
@given(problems(), st.integers(0, 1))
def test_every_certificate_is_accepted(problem: RoutingProblem, dropped: int) -> None:
    for solution in (found := best(problem), without(problem, found, dropped)):
        assert check(problem, solution) == ()
        for reason in reasons(problem, solution):
            for each in (reason, *reason.others):
                is_a_certificate(problem, solution, each)


def by_less(reason: Reason) -> tuple[Relaxation, ...]:
    (relaxation,) = reason.relaxations
    return (replace(relaxation, amount=relaxation.amount - 1),)


def is_least(truth: SlowTruth, reason: Reason) -> None:
    """One second or unit less is not enough, and no rule would do that is not named."""
    problem, subject = truth.problem, reason.subject
    if not reason.relaxations:
        assert reason.rule == "choice" or truth.takes(subject)
        return
    assert not truth.takes(subject)
    named = set()
    for each in (reason, *reason.others):
        rules = {relaxation.rule for relaxation in each.relaxations}
        if len(rules) > 1:
            assert each is reason
            assert not reason.others
            is_irreducible(truth, reason)
            continue
        named |= {replace(rule, window=-1) for rule in rules}
        if not rules & {rule for rule in rules if rule.name in WHOLE}:
            assert not truth.takes(subject, by_less(each))
    named |= {replace(rule, vehicle=-1) for rule in named if rule.name in ("skills", "day")}
    for rule in limits(problem):
        anywhere = replace(rule, window=-1), replace(rule, vehicle=-1)
        if named.isdisjoint(anywhere):  # skills a vehicle may spare, another one may too
            assert not truth.takes(subject, (freely(problem, rule),)), rule


def is_irreducible(truth: SlowTruth, reason: Reason) -> None:
    """All of them do, none can be spared."""
    assert truth.takes(reason.subject, reason.relaxations)
    for spared in reason.relaxations:
        rest = tuple(
            freely(truth.problem, each.rule) for each in reason.relaxations if each != spared
        )
        assert not truth.takes(reason.subject, rest), spared


@settings(max_examples=80)
@given(few)
def test_amounts_are_the_least(problem: RoutingProblem) -> None:
    solution = best(problem)
    truth = SlowTruth(problem, solution)
    for reason in reasons(problem, solution):
        is_least(truth, reason)


@settings(max_examples=60)
@given(few)
def test_so_they_are_where_a_route_was_lost(problem: RoutingProblem) -> None:
    """More is left out, for which there may be room."""
    found = best(problem)
    if found.routes:
        solution = without(problem, found, 0)
        truth = SlowTruth(problem, solution)
        for reason in reasons(problem, solution):
            is_least(truth, reason)


@settings(max_examples=60)
@given(few)
def test_who_must_be_served_stays_in_a_plan_solved_again(problem: RoutingProblem) -> None:
    solution = best(problem)
    for reason in reasons(problem, solution):
        loose, with_it = relaxed(problem, reason), applied(problem, solution, reason)
        must = reason.subject in solution.missing
        if reason.insertions and (must or reason.rule == "worth"):
            again = solve(loose, budget=Budget(iterations=30), initial=with_it)
            assert not set(reason.requests) <= set(again.unserved) or not must
            assert len(again.missing) <= len(with_it.missing)
            if reason.rule == "worth":
                assert again.cost.total <= with_it.cost.total
