"""What the cheapest way to add requests costs more than it saves."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.pricing import priced
from msap_mobility.optimise.routing.problem import RELOAD, UNLIMITED
from msap_mobility.optimise.routing.reasons.applying import joined
from msap_mobility.optimise.routing.reasons.plan import NEW
from msap_mobility.optimise.routing.solution import Route

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.optimise.routing.reasons.options import Options
    from msap_mobility.optimise.routing.reasons.plan import Plan
    from msap_mobility.optimise.routing.reasons.reason import Insertion

__all__ = ["Cheapest"]

_SQUARE_HOUR = 3600 * 3600


class Cheapest:
    """The cheapest of all ways that keep every rule.

    What a route costs at least is known without its times: the cheapest by that measure are timed
    first, and none that cannot be the cheapest is.

    Parameters
    ----------
    plan
        The plan that is joined.
    options
        With ways that fit.

    Attributes
    ----------
    added
        What it costs more than the plan without, prizes and prices included; below 0 if it pays.
    insertions
        The routes that change.
    """

    def __init__(self, plan: Plan, options: Options) -> None:
        self.plan, self.options = plan, options
        self.added = UNLIMITED
        self.insertions: tuple[Insertion, ...] = ()
        self._now = [_of_routes(plan, [route]) for route in plan.solution.routes]
        self._may_fall = 0
        if bool((plan.problem.patterns.per_s_apart > 0).any()):  # all routes are timed anew
            cost = plan.solution.cost
            self._may_fall = cost.time + cost.overtime + cost.balance + cost.hours + cost.dwell
        for blocks in options.fitting:
            self._look(blocks)

    def _look(self, blocks: Sequence[Sequence[Insertion]]) -> None:
        """The cheapest with one insertion of each block."""
        bounded = [
            sorted((self._bound(each), number) for number, each in enumerate(block))
            for block in blocks
        ]
        saved = self._saved([block[0] for block in blocks]) + self._may_fall
        for bound, numbers in _rising(bounded):
            if bound - saved >= self.added:
                return
            chosen = tuple(block[at] for block, at in zip(blocks, numbers, strict=True))
            if self.options.together(chosen):
                self._try(chosen)

    def _try(self, insertions: tuple[Insertion, ...]) -> None:
        problem, solution = self.plan.problem, self.plan.solution
        found = joined(problem, solution, insertions)
        if found is not None and (added := found.cost.total - solution.cost.total) < self.added:
            self.added, self.insertions = added, insertions

    def _saved(self, insertions: Sequence[Insertion]) -> int:
        """Prizes that need no longer be paid, less the prices of patterns chosen.

        They depend on who is served alone: a route of those added has no times here.
        """
        plan, solution = self.plan, self.plan.solution
        tasks = tuple(
            each.tasks[at]
            for each in insertions
            for at in each.positions
            if each.tasks[at] != RELOAD
        )
        nothing = (0,) * len(tasks)
        route = Route(vehicle=0, tasks=tasks, departure_s=0, starts_s=nothing, arrival_s=0)
        after = priced(plan.problem, [*solution.routes, route], engine="").cost
        before = solution.cost
        return before.unserved + before.patterns - after.unserved - after.patterns

    def _bound(self, insertion: Insertion) -> int:
        """What a route costs at least more than now: its way, and work without waiting."""
        asked, vehicles, kind = self.plan.asked, self.plan.problem.vehicles, insertion.vehicle
        legs = asked.lasts_s[int(vehicles.profile[kind])]
        work_s = sum(legs[a][b] for a, b in pairwise(asked.places(kind, insertion.tasks)))
        work_s += sum(
            int(vehicles.reload_s[kind]) if task == RELOAD else asked.service_s[task]
            for task in insertion.tasks
        )
        over_s = max(0, work_s - int(vehicles.shift_s[kind]))
        cost = int(vehicles.fixed[kind]) + int(vehicles.per_s[kind]) * work_s
        cost += int(vehicles.per_distance[kind]) * asked.length(kind, insertion.tasks)
        cost += int(vehicles.per_overtime_s[kind]) * over_s
        cost += self.plan.problem.objective.balance * work_s * work_s // _SQUARE_HOUR
        return cost - (self._now[insertion.route] if insertion.route != NEW else 0)


def _of_routes(plan: Plan, routes: Sequence[Route]) -> int:
    """What routes cost by themselves."""
    cost = priced(plan.problem, routes, engine="").cost
    return cost.total - cost.unserved - cost.patterns


def _rising(lists: Sequence[Sequence[tuple[int, int]]]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every choice of one (bound, number) from each sorted list, the least sum first."""
    first = (0,) * len(lists)
    heap = [(sum(listed[0][0] for listed in lists), first)]
    seen = {first}
    while heap:
        total, at = heappop(heap)
        yield total, tuple(listed[row][1] for listed, row in zip(lists, at, strict=True))
        for which, listed in enumerate(lists):
            row = at[which]
            further = (*at[:which], row + 1, *at[which + 1 :])
            if row + 1 < len(listed) and further not in seen:
                seen.add(further)
                heappush(heap, (total + listed[row + 1][0] - listed[row][0], further))
