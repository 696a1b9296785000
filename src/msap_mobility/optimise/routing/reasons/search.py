"""One reason for everybody who is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.reasons.applying import joined, loosened
from msap_mobility.optimise.routing.reasons.fixpoint import least_times
from msap_mobility.optimise.routing.reasons.joins import schedulable
from msap_mobility.optimise.routing.reasons.options import Options
from msap_mobility.optimise.routing.reasons.plan import Plan
from msap_mobility.optimise.routing.reasons.rank import rank
from msap_mobility.optimise.routing.reasons.reason import Reason, Relaxation
from msap_mobility.optimise.routing.reasons.several import irreducible
from msap_mobility.optimise.routing.reasons.system import missed_window, system_of
from msap_mobility.optimise.routing.reasons.worth import Cheapest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.reasons.left_out import Subject
    from msap_mobility.optimise.routing.reasons.reason import Insertion, Rule
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["reasons"]


def reasons(problem: RoutingProblem, solution: RoutingSolution) -> tuple[Reason, ...]:
    """Why everybody whom a plan leaves out is left out, each with a certificate.

    All insertions into the plan as it is are looked at: every position of every route and of one
    more vehicle of each type. Nobody is removed and no order changes but for what is added.

    Parameters
    ----------
    problem
        What was asked.
    solution
        A plan that keeps the rules, as `check` tells.

    Returns
    -------
    tuple of Reason
        Requests, groups, customers of patterns, and who stays uncovered.

    Examples
    --------
    The second visit is ten seconds too far for a shift of sixteen:

    >>> import numpy as np
    >>> from msap_mobility.optimise.routing.answer import solution_of
    >>> from msap_mobility.optimise.routing.check import check
    >>> from msap_mobility.optimise.routing.problem import Requests, RoutingProblem, Tasks, Vehicles
    >>> from msap_mobility.optimise.routing.reasons import applied, relaxed
    >>> line = np.abs(np.subtract.outer([0, 8, 13], [0, 8, 13]))
    >>> problem = RoutingProblem(
    ...     distance=line,
    ...     duration_s=line,
    ...     tasks=Tasks.of(place=[1, 2]),
    ...     requests=Requests.of(task=[0, 1]),
    ...     vehicles=Vehicles.of(count=1, shift_s=16, overtime_s=0),
    ... )
    >>> solution = solution_of(problem, [(0, [0])], engine="by hand")
    >>> (reason,) = reasons(problem, solution)
    >>> reason.subject, reason.rule, reason.amount, reason.insertions[0].tasks
    (('request', 1), 'shift', 10, (1, 0))
    >>> [other.rule for other in reason.others]
    []
    >>> with_it = applied(problem, solution, reason)
    >>> with_it.feasible, check(relaxed(problem, reason), with_it)
    (True, ())
    """
    plan = Plan(problem, solution)
    return tuple(_reason(plan, subject) for subject in plan.left_out.subjects())


def _reason(plan: Plan, subject: Subject) -> Reason:
    must, ways = plan.left_out.must(subject), plan.left_out.ways(subject)
    options = Options(plan, must=must)
    for requests in ways:
        options.look(requests)
    if options.fitting:
        return _fitting(plan, subject, options)
    if options.least:
        return _single(plan, subject, options)
    found = irreducible(plan, ways, must=must)
    if found is None:
        return Reason(subject=subject)
    return _relaxing(plan, subject, found.amounts, found.insertions)


def _fitting(plan: Plan, subject: Subject, options: Options) -> Reason:
    """No rule stands against it: the prize does, or nothing at all."""
    cheapest = Cheapest(plan, options)
    return Reason(
        subject=subject,
        requests=plan.requests(cheapest.insertions),
        insertions=cheapest.insertions,
        missing_prize=0 if options.must else max(0, cheapest.added),
    )


def _single(plan: Plan, subject: Subject, options: Options) -> Reason:
    """The rule that is named, with all others that would do."""
    ranked = sorted(
        options.least.items(), key=lambda found: rank(plan.problem, found[0], found[1][0])
    )
    first, *others = (
        _relaxing(plan, subject, {rule: amount}, insertions)
        for rule, (amount, insertions) in ranked
    )
    return replace(first, others=tuple(others))


def _relaxing(
    plan: Plan, subject: Subject, amounts: Mapping[Rule, int], insertions: Sequence[Insertion]
) -> Reason:
    """The reason that these rules are, and what the prize lacks besides."""
    relaxations = tuple(
        Relaxation(rule=_of_window(plan, rule, amounts, insertions), amount=amount)
        for rule, amount in sorted(amounts.items(), key=lambda found: rank(plan.problem, *found))
    )
    missing = 0
    if not plan.left_out.must(subject):
        loose = loosened(plan.problem, relaxations)
        with_it = joined(loose, plan.solution, insertions)
        if with_it is not None:
            missing = max(0, with_it.cost.total - plan.solution.cost.total)
    return Reason(
        subject=subject,
        requests=plan.requests(insertions),
        relaxations=relaxations,
        insertions=tuple(insertions),
        missing_prize=missing,
    )


def _of_window(
    plan: Plan, rule: Rule, amounts: Mapping[Rule, int], insertions: Sequence[Insertion]
) -> Rule:
    """Of a task's windows the one that gives way; other rules as they are."""
    if rule.name != "window":
        return rule
    asked = plan.asked
    for each in insertions:
        standing = schedulable(asked, each, amounts) if rule.task in each.tasks else None
        if standing is not None:
            system = system_of(asked, each.vehicle, each.tasks, standing)
            at_s = least_times(system, amounts).at_s[system.begins[rule.task]]
            _, row = missed_window(asked.windows[rule.task], rule.end, at_s)
            return replace(rule, window=asked.first_window[rule.task] + row)
    return rule
