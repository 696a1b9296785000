"""From a problem to its proven best plan, or to the best plan known and how far it may be off."""

from __future__ import annotations

from dataclasses import replace
from heapq import heappop, heappush
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.pricing import priced
from msap_mobility.optimise.routing.proof.branching import branches
from msap_mobility.optimise.routing.proof.choice import choose
from msap_mobility.optimise.routing.proof.columns import Columns, is_allowed
from msap_mobility.optimise.routing.proof.enumeration import enumerated
from msap_mobility.optimise.routing.proof.generation import Generation
from msap_mobility.optimise.routing.proof.ground import ground_of
from msap_mobility.optimise.routing.proof.scope import SCALE, refuse_unprovable
from msap_mobility.optimise.routing.proof.timing import timed
from msap_mobility.optimise.routing.proof.ways import TooMany
from msap_mobility.optimise.routing.solve import refuse_broken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.proof.columns import Driven
    from msap_mobility.optimise.routing.proof.ground import Ground
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["proven"]

_NAME = "proof"
_LABELS = 2_000_000
_AT_FIRST = {"share": 10, "most": 20_000, "nodes": 500}
"""How far all routes of a node are looked for before it is parted."""
_NODES = 100
"""Of the search for a plan among the routes generated."""


def proven(
    problem: RoutingProblem,
    *,
    initial: RoutingSolution | None = None,
    seconds: float | None = None,
    labels: int = _LABELS,
) -> RoutingSolution:
    """The best plan there is, and the proof of it: a `bound` that equals its cost.

    Where time or memory do not suffice the bound is below: no plan costs less. Somebody who must be
    served or covered is `missing` only if that was shown to be unavoidable, or time was up; the
    bound is then one of plans in which as many are.

    Parameters
    ----------
    problem
        A covering tour, or a round of visits, of a village.
    initial
        A plan to begin with. It saves time.
    seconds
        From this call, or None. Without it the same problem gives the same answer.
    labels
        How many partial routes may be kept at a time; each takes some 80 bytes.

    Raises
    ------
    InputError
        ``routing_not_provable`` for every rule that `scope.unprovable` names;
        ``routing_initial_broken`` for every rule `initial` breaks.

    Examples
    --------
    Two homes reach the stop at 3, one of them the stop at 5 too:

    >>> import numpy as np
    >>> from msap_mobility.optimise.routing.problem import (
    ...     Covering, Requests, RoutingProblem, Tasks, Vehicles,
    ... )
    >>> line = np.abs(np.subtract.outer([0, 3, 5], [0, 3, 5]))
    >>> problem = RoutingProblem(
    ...     distance=line,
    ...     duration_s=line,
    ...     tasks=Tasks.of(place=[1, 2]),
    ...     requests=Requests.of(task=[0, 1], prize=0),
    ...     covering=Covering.of(reach=[[0], [0, 1]]),
    ...     vehicles=Vehicles.of(count=1),
    ... )
    >>> plan = proven(problem)
    >>> plan.routes[0].tasks, plan.cost.total, plan.bound
    ((0,), 6, 6)
    """
    refuse_unprovable(problem)
    if initial is not None:
        refuse_broken(problem, initial)
    until = inf if seconds is None else perf_counter() + seconds
    best = initial if initial is not None else priced(problem, (), engine=_NAME)
    answer = _Proof(problem, ground_of(problem), best, labels, until).answer()
    if answer.missing:  # then it matters how many of those come to one place
        ground = ground_of(problem, every_customer=True)
        answer = _Proof(problem, ground, answer, labels, until).answer()
    return answer


class _Proof:
    """The best plan so far, and the most that is known about all others."""

    def __init__(
        self,
        problem: RoutingProblem,
        ground: Ground,
        best: RoutingSolution,
        labels: int,
        until: float,
    ) -> None:
        self.problem, self.ground, self.best = problem, ground, best
        self.labels, self.until = labels, until
        self.least: int | None = None

    def answer(self) -> RoutingSolution:
        """The best plan with its bound."""
        if len(self.ground.stops) == 0 or not self.ground.kinds:
            self.least = self.worth(self.best)
        else:
            self._search()
        missing = self.ground.dear * len(self.best.missing)
        bound = None if self.least is None else min(self.least, self.worth(self.best)) - missing
        return replace(self.best, engine=_NAME, bound=bound)

    def worth(self, plan: RoutingSolution) -> int:
        """What a plan costs and what it misses."""
        return plan.cost.total + self.ground.dear * len(plan.missing)

    def _search(self) -> None:
        """Best first through a tree of fewer and fewer plans."""
        root = self._node(self.ground, self._known())
        if root is None:
            return
        self._improve_by(root)
        number, closed = 0, inf
        open_ = [(root.least, number, root)]
        while open_ and not self._learns(min(open_[0][0], closed)):
            least, _, node = heappop(open_)
            found = self._closed(node, **_AT_FIRST)
            grounds = [] if found is not None else branches(node.ground, *node.parts())
            if not grounds:
                found = self._closed(node) if found is None else found
                closed = min(closed, least if found is None else found)
            for ground in grounds:
                child = self._node(ground, node.routes)
                if child is None:
                    closed = min(closed, least)
                elif child.least < self.worth(self.best):
                    number += 1
                    heappush(open_, (max(child.least, least), number, child))
        self._learns(min(closed, *(least for least, *_ in open_), self.worth(self.best)))

    def _learns(self, least: float) -> bool:
        """No plan costs less; whether it is over."""
        if least < inf:
            self.least = int(least) if self.least is None else max(self.least, int(least))
        known = self.least is not None and self.least >= self.worth(self.best)
        return known or perf_counter() >= self.until

    def _node(self, ground: Ground, known: Iterable[Driven]) -> Generation | None:
        """A part of the plans with its bound; None if time or memory is up before there is one."""
        node = Generation(ground=ground, most_labels=self.labels, until=self.until)
        node.run([driven for driven in known if is_allowed(ground, driven)])
        return node if node.bound is not None else None

    def _improve_by(self, node: Generation) -> None:
        """The best plan of the routes that were generated."""
        plain = [each for each in node.routes if len(set(each[1])) == len(each[1])]
        columns, most = Columns.of(node.ground, plain), self.worth(self.best)
        choice = choose(node.ground, columns, most, self.until, nodes=_NODES)
        if choice is not None:
            self._improve(plain[row] for row in choice.rows)

    def _closed(
        self, node: Generation, *, share: int = 1, most: int | None = None, nodes: int | None = None
    ) -> int | None:
        """What no plan of a node costs less, all its routes known; None if they are too many."""
        before, bound = self.worth(self.best), node.bound
        if bound is None:
            return None
        over = before * SCALE - bound.value
        try:
            pool = enumerated(node.ground, bound, over, max(1, self.labels // share), self.until)
        except TooMany:
            return None
        if most is not None and len(pool.columns) > most:
            return None
        choice = choose(node.ground, pool.columns, before, self.until, nodes=nodes)
        if choice is None:
            return None
        self._improve(pool.driven(row) for row in choice.rows)
        least = min(choice.least, before)
        return least if nodes is None or least >= self.worth(self.best) else None

    def _known(self) -> list[Driven]:
        """The routes of the plan to begin with, if nothing in them is idle."""
        task_of = self.problem.requests.task
        row_of = {int(task_of[row]): at for at, row in enumerate(self.ground.stops)}
        kind_of = {kind.vehicle: at for at, kind in enumerate(self.ground.kinds)}
        return [
            (kind_of[route.vehicle], tuple(row_of[task] for task in route.tasks))
            for route in self.best.routes
            if all(task in row_of for task in route.tasks)
        ]

    def _improve(self, driven: Iterable[Driven]) -> None:
        """Take a plan if it is better."""
        routes = [timed(self.problem, self.ground, each) for each in driven]
        plan = priced(self.problem, routes, engine=_NAME)
        self.best = min(self.best, plan, key=self.worth)
