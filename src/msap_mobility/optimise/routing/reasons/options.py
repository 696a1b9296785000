"""Every way to add requests to a plan that keeps the rules, or needs one of them to give way."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from msap_mobility.optimise.routing.reasons.joins import Joins
from msap_mobility.optimise.routing.reasons.plan import NEW, distinct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.optimise.routing.reasons.plan import Berth, Plan
    from msap_mobility.optimise.routing.reasons.reason import Insertion, Rule

__all__ = ["Options", "partitions"]

Blocks = list[tuple[int, ...]]
"""Requests that join one route each."""


class _Entry(NamedTuple):
    """What one block needs to join one route: nothing, or a rule that gives way."""

    rule: Rule | None
    amount: int
    insertion: Insertion


class Options:
    """What was found of all ways to serve or cover somebody.

    Parameters
    ----------
    plan
        The plan that is joined.
    must
        Whether somebody must be served: then one way that fits is enough to know.

    Attributes
    ----------
    fitting
        For each way to share requests among routes: of each block the orders that keep every rule.
    least
        Of each single rule that suffices: the least amount, and the routes that change.
    """

    def __init__(self, plan: Plan, *, must: bool) -> None:
        self.plan, self.must = plan, must
        self.fitting: list[list[list[Insertion]]] = []
        self.least: dict[Rule, tuple[int, tuple[Insertion, ...]]] = {}
        self._alone = Joins(asked=plan.asked)

    def look(self, requests: tuple[int, ...]) -> None:
        """Take note of every way to add these requests, all of them.

        Parameters
        ----------
        requests
            One for a visit, several for a pattern.
        """
        known: dict[tuple[tuple[int, ...], Berth], Joins] = {}
        for blocks in partitions(requests):
            if self.must and self.fitting:
                return
            if len(blocks) == 1:
                self._look_at_one(blocks[0])
            else:
                self._look_at_several(blocks, known)

    def _look_at_one(self, requests: tuple[int, ...]) -> None:
        """All of them in one route."""
        plan, joins = self.plan, self._alone
        joins.fitting = []
        for berth in plan.berths:
            for insertion, over in plan.joining(berth, requests, most=1):
                joins.look(insertion, over | plan.beyond_fleet([insertion], must=self.must))
                if self.must and joins.fitting:
                    break
        if joins.fitting:
            self.fitting.append([joins.fitting])
        for rule, (amount, insertion) in joins.least.items():
            self._note(rule, amount, (insertion,))

    def _look_at_several(
        self, blocks: Blocks, known: dict[tuple[tuple[int, ...], Berth], Joins]
    ) -> None:
        """Each block in a route of its own."""
        plan, found = self.plan, []
        for block in blocks:
            joins = []
            for berth in plan.berths:
                if (block, berth) not in known:
                    known[block, berth] = one = Joins(asked=plan.asked)
                    for insertion, over in plan.joining(berth, block, most=1):
                        one.look(insertion, over)
                joins.append(known[block, berth])
            found.append(joins)
        fitting = [[each for one in joins for each in one.fitting] for joins in found]
        entries = [_nearest(joins, len(blocks)) for joins in found]
        if all(fitting):
            self._fit(fitting)
        for chosen in self._choices(entries, (), None):
            self._combine(chosen)

    def _fit(self, fitting: list[list[Insertion]]) -> None:
        """Note the blocks if some choice of theirs keeps every rule together."""
        of_each_route = [
            list({(each.route, each.vehicle): each for each in listed}.values())
            for listed in fitting
        ]
        if any(self.together(chosen) for chosen in product(*of_each_route)):
            self.fitting.append(fitting)

    def together(self, insertions: Sequence[Insertion]) -> bool:
        """Whether routes that keep every rule one by one do so together."""
        return distinct(insertions) and not self.plan.beyond_fleet(insertions, must=self.must)

    def _choices(
        self, entries: list[list[_Entry]], chosen: tuple[_Entry, ...], rule: Rule | None
    ) -> Iterator[tuple[_Entry, ...]]:
        """One entry of each block with one rule that gives way at most."""
        if len(chosen) == len(entries):
            yield chosen
            return
        for entry in entries[len(chosen)]:
            if rule is None or entry.rule in (None, rule):
                yield from self._choices(entries, (*chosen, entry), rule or entry.rule)

    def _combine(self, chosen: tuple[_Entry, ...]) -> None:
        """Note what a choice needs, if that is one rule."""
        insertions = tuple(entry.insertion for entry in chosen)
        if not distinct(insertions):
            return
        needed = self.plan.beyond_fleet(insertions, must=self.must)
        for entry in chosen:
            if entry.rule is not None:
                needed[entry.rule] = max(needed.get(entry.rule, 0), entry.amount)
        if len(needed) == 1:
            ((rule, amount),) = needed.items()
            self._note(rule, amount, insertions)

    def _note(self, rule: Rule, amount: int, insertions: tuple[Insertion, ...]) -> None:
        if rule not in self.least or amount < self.least[rule][0]:
            self.least[rule] = (amount, insertions)


def partitions(requests: tuple[int, ...]) -> Iterator[Blocks]:
    """Every way to share requests among routes.

    Parameters
    ----------
    requests
        Two or three, seldom more.

    Examples
    --------
    >>> list(partitions((4, 7)))
    [[(4, 7)], [(4,), (7,)]]
    """
    if not requests:
        yield []
        return
    first, rest = requests[0], requests[1:]
    for blocks in partitions(rest):
        for at in range(len(blocks)):
            yield [*blocks[:at], (first, *blocks[at]), *blocks[at + 1 :]]
        yield [(first,), *blocks]


def _nearest(joins: Sequence[Joins], blocks: int) -> list[_Entry]:
    """What a block needs in any route; of each rule no more routes than others may take away."""
    by_rule: dict[tuple[Rule | None, int], list[_Entry]] = defaultdict(list)
    for one in joins:
        needs = [_Entry(rule, *found) for rule, found in one.least.items()]
        if one.fitting:
            needs = [_Entry(None, 0, one.fitting[0])]
        for entry in needs:
            type_if_new = entry.insertion.vehicle if entry.insertion.route == NEW else NEW
            by_rule[entry.rule, type_if_new].append(entry)
    return [
        entry
        for listed in by_rule.values()
        for entry in sorted(listed, key=lambda entry: entry.amount)[:blocks]
    ]
