"""Who is left out of a plan, and which requests would serve or cover each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import MANDATORY, NONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["LeftOut", "Subject"]

Subject = tuple[str, int]
"""As in `RoutingSolution.missing`."""


class LeftOut:
    """Who is left out, each once.

    An alternative is told by its group, a visit of a pattern by its customer, and a request without
    a prize that only covers by the customers it would cover.

    Parameters
    ----------
    problem
        What was asked.
    solution
        Who is served.
    """

    def __init__(self, problem: RoutingProblem, solution: RoutingSolution) -> None:
        self.problem, self.solution = problem, solution
        self.served = set(range(len(problem.requests))) - set(solution.unserved)
        self.owner: dict[int, int] = {}
        for row, customer in enumerate(problem.patterns.customer.tolist()):
            for request in problem.patterns.requests_of(row):
                self.owner[request] = customer

    def subjects(self) -> Iterator[Subject]:
        """Requests first, then groups, customers, and who stays uncovered."""
        problem, requests = self.problem, self.problem.requests
        means = set(problem.covering.reach.tolist())
        for row in self.solution.unserved:
            only_covers = requests.prize[row] == 0 and row in means
            if requests.group[row] == NONE and row not in self.owner and not only_covers:
                yield "request", row
        chosen = set(requests.group[list(self.served)].tolist())
        there = set(requests.group.tolist())
        for row, must in enumerate(problem.groups.must.tolist()):
            if row not in chosen and (must or row in there):
                yield "group", row
        for row, pattern in enumerate(self.solution.patterns):
            if pattern == NONE:
                yield "customer", row
        for row in self.solution.uncovered:
            yield "cover", row

    def must(self, subject: Subject) -> bool:
        """Whether somebody had to be served or covered."""
        problem, (kind, row) = self.problem, subject
        if kind == "group":
            return bool(problem.groups.must[row])
        prizes = {
            "request": problem.requests.prize,
            "customer": problem.patterns.prize,
            "cover": problem.covering.prize,
        }
        return bool(prizes[kind][row] == MANDATORY)

    def ways(self, subject: Subject) -> list[tuple[int, ...]]:
        """Sets of requests any of which, added to the plan, would serve or cover somebody."""
        kind, row = subject
        if kind == "request":
            return [(row,)]
        if kind == "group":
            members = (self.problem.requests.group == row).nonzero()[0].tolist()
            return [(request,) for request in members]
        if kind == "customer":
            return list(self._patterns(row, set()))
        found: dict[tuple[int, ...], None] = {}
        for request in self.problem.covering.reach_of(row):
            found |= dict.fromkeys(self._serving(request))
        return list(found)

    def _serving(self, request: int) -> Iterator[tuple[int, ...]]:
        """Alone, or with the rest of a pattern; not beside an alternative that is served."""
        group = int(self.problem.requests.group[request])
        if request in self.owner:
            yield from self._patterns(self.owner[request], {request})
        elif group == NONE or not any(
            self.problem.requests.group[other] == group for other in self.served
        ):
            yield (request,)

    def _patterns(self, customer: int, asked: set[int]) -> Iterator[tuple[int, ...]]:
        """What is lacking of each pattern that holds `asked` and what the customer has already."""
        patterns = self.problem.patterns
        has = {request for request in self.served if self.owner.get(request) == customer}
        for row in (patterns.customer == customer).nonzero()[0].tolist():
            members = set(patterns.requests_of(row))
            if has | asked <= members and members - has:
                yield tuple(sorted(members - has))
