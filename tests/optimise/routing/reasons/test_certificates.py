"""Certificates are accepted, amounts are the least, no other single rule would do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.pricing import priced
from msap_mobility.optimise.routing.reasons import Reason, Relaxation, applied, reasons, relaxed
from msap_mobility.optimise.routing.solve import solve
from tests.optimise.routing.brute_force import best
from tests.optimise.routing.reasons.slow_truth import WHOLE, SlowTruth, freely, limits, without
from tests.optimise.routing.stated import stated
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


@settings(max_examples=50)
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


@settings(max_examples=50)
@given(few)
def test_amounts_are_the_least(problem: RoutingProblem) -> None:
    solution = best(problem)
    truth = SlowTruth(problem, solution)
    for reason in reasons(problem, solution):
        is_least(truth, reason)


@settings(max_examples=40)
@given(few)
def test_so_they_are_where_a_route_was_lost(problem: RoutingProblem) -> None:
    """More is left out, for which there may be room."""
    found = best(problem)
    if found.routes:
        solution = without(problem, found, 0)
        truth = SlowTruth(problem, solution)
        for reason in reasons(problem, solution):
            is_least(truth, reason)


@settings(max_examples=30)
@given(mixes(most_requests=3))
def test_certificates_and_amounts_under_all_rules(problem: RoutingProblem) -> None:
    solution = best(problem)
    truth = SlowTruth(problem, solution)
    for reason in reasons(problem, solution):
        is_least(truth, reason)
        for each in (reason, *reason.others):
            is_a_certificate(problem, solution, each)


@settings(max_examples=50)
@given(problems(most_requests=3))
def test_a_missing_prize_is_exact(problem: RoutingProblem) -> None:
    """Against the cost of every insertion; and with the prize raised the request is kept."""
    for solution in (best(problem), stated(problem, ())):
        truth = SlowTruth(problem, solution)
        for reason in reasons(problem, solution):
            if reason.rule == "worth":
                costs = [stated(problem, r).cost.total for r in truth.plans(reason.subject)]
                assert reason.missing_prize == min(costs) - solution.cost.total
                loose = relaxed(problem, reason)
                with_it = applied(problem, solution, reason)
                same = priced(loose, solution.routes, engine="by hand")
                assert with_it.cost.total == same.cost.total


@settings(max_examples=40)
@given(few)
def test_a_plan_solved_again_keeps_who_was_added(problem: RoutingProblem) -> None:
    """Who is worth a little more than the prize lacked, and who must be served.

    Unless somebody else is missing too: one may change places with the other.
    """
    solution = best(problem)
    for reason in reasons(problem, solution):
        if not reason.insertions or (reason.missing_prize and reason.relaxations):
            continue
        must = reason.subject in solution.missing
        if must or reason.rule == "worth":
            more = reason if must else replace(reason, missing_prize=reason.missing_prize + 1)
            loose, with_it = relaxed(problem, more), applied(problem, solution, more)
            again = solve(loose, budget=Budget(iterations=30), initial=with_it)
            assert len(again.missing) <= len(with_it.missing)
            if solution.missing in ((), (reason.subject,)):
                assert reason.requests[0] not in again.unserved or reason.subject[0] == "group"
                assert again.missing == ()
