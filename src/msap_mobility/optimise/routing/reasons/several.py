"""Rules of which none can be spared, where no single one suffices: found by deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msap_mobility.optimise.routing.reasons.fixpoint import FREELY
from msap_mobility.optimise.routing.reasons.joins import least_in, schedulable
from msap_mobility.optimise.routing.reasons.options import partitions
from msap_mobility.optimise.routing.reasons.plan import NEW, distinct
from msap_mobility.optimise.routing.reasons.standings import standings
from msap_mobility.optimise.routing.reasons.system import system_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from msap_mobility.optimise.routing.reasons.plan import Berth, Plan
    from msap_mobility.optimise.routing.reasons.reason import Insertion, Rule

__all__ = ["Together", "irreducible"]


class Together(NamedTuple):
    """Rules that give way together, by how much, and the routes that change."""

    amounts: dict[Rule, int]
    insertions: tuple[Insertion, ...]


def irreducible(plan: Plan, ways: Sequence[tuple[int, ...]], *, must: bool) -> Together | None:
    """Rules with which some insertion is possible, and without any one of them none is.

    All rules that one insertion breaks are a beginning; each is dropped if some insertion, of all
    there are, does without it. Large changes are dropped first. None if nobody could join a route,
    whatever gives way.

    Parameters
    ----------
    plan
        The plan that is joined.
    ways
        Sets of requests, any of which is enough.
    must
        Whether somebody must be served.
    """
    search = _Search(plan, ways, must=must)
    found = search.first()
    if found is None:
        return None
    rules, insertions = found
    for rule in sorted(rules, key=_dropped_first):
        rest = {each: FREELY for each in rules if each != rule}
        without = search.possible(rest)
        if without is not None:
            rules, insertions = set(rest), without
    return Together(search.amounts(rules, insertions), insertions)


_LARGE = ("vehicles_first", "fleet", "day", "skills", "break_missing")


def _dropped_first(rule: Rule) -> tuple[int, str]:
    at = _LARGE.index(rule.name) if rule.name in _LARGE else len(_LARGE)
    return at, repr(rule)


def _size(rules: set[Rule]) -> tuple[int, int]:
    """How many large changes, how many at all."""
    return sum(rule.name in _LARGE for rule in rules), len(rules)


class _Search:
    """All insertions of all ways."""

    def __init__(self, plan: Plan, ways: Sequence[tuple[int, ...]], *, must: bool) -> None:
        self.plan, self.ways, self.must = plan, ways, must

    def first(self) -> tuple[set[Rule], tuple[Insertion, ...]] | None:
        """Insertions that break few rules and no large ones, and what they may break.

        Requests of a pattern join one by one, or all in one route.
        """
        least: tuple[tuple[int, int], set[Rule], tuple[Insertion, ...]] | None = None
        for requests in self.ways:
            for blocks in ((requests,), tuple((each,) for each in requests)):
                chosen = [self._nearest(block) for block in blocks]
                insertions = tuple(each for each in chosen if each is not None)
                if len(insertions) == len(blocks) and distinct(insertions):
                    rules = self._untimed(insertions)
                    if least is None or _size(rules) < least[0]:
                        least = _size(rules), rules, insertions
        if least is None:
            return None
        _, rules, insertions = least
        return rules.union(*map(self._of_time, insertions)), insertions

    def _nearest(self, requests: tuple[int, ...]) -> Insertion | None:
        """The insertion into one route that breaks least but of time."""
        every = (
            insertion
            for berth in self.plan.berths
            for insertion, _ in self.plan.joining(berth, requests)
        )
        return min(every, key=lambda each: _size(self._untimed([each])), default=None)

    def _untimed(self, insertions: Sequence[Insertion]) -> set[Rule]:
        """The rules that insertions break, but those of time."""
        rules = set(self.plan.beyond_fleet(insertions, must=self.must))
        return rules.union(*map(self.plan.exceeded, insertions))

    def _of_time(self, insertion: Insertion) -> set[Rule]:
        """Rules of time none of which this insertion can spare, if it breaks any."""
        asked, vehicle, tasks = self.plan.asked, insertion.vehicle, insertion.tasks
        standing = next(standings(asked, vehicle, len(tasks), waive=0))
        needed = system_of(asked, vehicle, tasks, standing).rules()
        for rule in sorted(needed, key=_dropped_first):
            rest = dict.fromkeys(needed - {rule}, FREELY)
            if schedulable(asked, insertion, rest) is not None:
                needed = set(rest)
        return needed

    def possible(self, relaxed: Mapping[Rule, int]) -> tuple[Insertion, ...] | None:
        """Some insertions that are possible if these rules give way, as far as is needed."""
        for requests in self.ways:
            for blocks in partitions(requests):
                for chosen in self._choices(blocks, relaxed, ()):
                    return chosen
        return None

    def _choices(
        self,
        blocks: Sequence[tuple[int, ...]],
        relaxed: Mapping[Rule, int],
        chosen: tuple[Insertion, ...],
    ) -> Iterator[tuple[Insertion, ...]]:
        """One insertion of each block, each possible and all of them together."""
        over = self.plan.beyond_fleet(chosen, must=self.must)
        if not over.keys() <= relaxed.keys():
            return
        if not blocks:
            yield chosen
            return
        taken = {each.route for each in chosen}
        for berth in self.plan.berths:
            if berth.number == NEW or berth.number not in taken:
                insertion = self._joining(berth, blocks[0], relaxed)
                if insertion is not None:
                    yield from self._choices(blocks[1:], relaxed, (*chosen, insertion))

    def _joining(
        self, berth: Berth, requests: tuple[int, ...], relaxed: Mapping[Rule, int]
    ) -> Insertion | None:
        for insertion, over in self.plan.joining(berth, requests):
            allowed = over.keys() <= relaxed.keys()
            if allowed and schedulable(self.plan.asked, insertion, relaxed) is not None:
                return insertion
        return None

    def amounts(self, rules: set[Rule], insertions: Sequence[Insertion]) -> dict[Rule, int]:
        """By how much each gives way, one after the other as little as the rest allows."""
        plan, found = self.plan, self.plan.beyond_fleet(insertions, must=self.must)
        for insertion in insertions:
            for rule, amount in plan.exceeded(insertion).items():
                found[rule] = max(found.get(rule, 0), amount)
        for rule in sorted(rules - found.keys(), key=repr):
            rest = {each: found.get(each, FREELY) for each in rules if each != rule}
            found[rule] = max(least_in(plan.asked, each, rule, rest) for each in insertions)
        return found
