"""Whether requests fit into one route, and the least by which each single rule must give way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.reasons.fixpoint import FREELY, least_times
from msap_mobility.optimise.routing.reasons.least import least_amount
from msap_mobility.optimise.routing.reasons.reason import Rule
from msap_mobility.optimise.routing.reasons.standings import Standing, standings
from msap_mobility.optimise.routing.reasons.system import System, system_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from msap_mobility.optimise.routing.reasons.asked import Asked
    from msap_mobility.optimise.routing.reasons.reason import Insertion

__all__ = ["Joins", "least_in", "schedulable"]


def schedulable(asked: Asked, insertion: Insertion, relaxed: Mapping[Rule, int]) -> Standing | None:
    """A standing of the breaks with which an order has times once rules give way, if any has.

    Parameters
    ----------
    asked
        The problem.
    insertion
        The order.
    relaxed
        By how much which rule gives way.
    """
    waivable = {rule.pause for rule in relaxed if rule.name == "break_missing"}
    if not least_times(_at_best(asked, insertion), relaxed).possible:
        return None
    for standing, system in _standings(asked, insertion, waive=len(waivable)):
        if waivable.issuperset(standing.waived) and least_times(system, relaxed).possible:
            return standing
    return None


def least_in(asked: Asked, insertion: Insertion, rule: Rule, relaxed: Mapping[Rule, int]) -> int:
    """The least by which a rule of time gives way beside others, with any standing of the breaks.

    Parameters
    ----------
    asked
        The problem.
    insertion
        An order that has times if the rule gives way as far as it likes.
    rule
        The one of which as little as possible is asked.
    relaxed
        By how much others give way.
    """
    if rule.name == "break_missing":
        needed = schedulable(asked, insertion, relaxed) is None
        return int(asked.problem.breaks.duration_s[rule.pause]) if needed else 0
    waivable = {each.pause for each in relaxed if each.name == "break_missing"}
    least = FREELY
    for standing, system in _standings(asked, insertion, waive=len(waivable)):
        if waivable.issuperset(standing.waived):
            amount = least_amount(system, rule, relaxed, below=least)
            least = least if amount is None else amount
    return least


@dataclass(slots=True, kw_only=True)
class Joins:
    """What was found of the orders looked at.

    Parameters
    ----------
    asked
        The problem.
    fitting
        Orders that keep every rule.
    least
        Of each single rule that suffices, where none fits: the least amount, and its order.
    """

    asked: Asked
    fitting: list[Insertion] = field(default_factory=list)
    least: dict[Rule, tuple[int, Insertion]] = field(default_factory=dict)

    def look(self, insertion: Insertion, over: Mapping[Rule, int]) -> None:
        """Take note of an order that exceeds these limits, and of what its times lack.

        Parameters
        ----------
        insertion
            The order.
        over
            The rules it exceeds, but those of time.
        """
        if len(over) > 1:
            return
        for rule, amount in over.items():
            smaller = not self.fitting and amount < self._below(rule)
            if smaller and schedulable(self.asked, insertion, {}) is not None:
                self._note(rule, amount, insertion)
            return
        bound = _at_best(self.asked, insertion)
        times = least_times(bound, {})
        if times.possible:
            self._look_at_breaks(insertion)
        elif not self.fitting:
            helping = list(self._helping(bound, times.against))
            if helping:
                for _, system in _standings(self.asked, insertion, waive=0):
                    self._give_way(insertion, system, helping)

    def _look_at_breaks(self, insertion: Insertion) -> None:
        """Of an order that has times but for its breaks."""
        breaks = self.asked.problem.breaks
        for standing, system in _standings(self.asked, insertion, waive=1):
            times = least_times(system, {})
            if standing.waived:
                if times.possible and not self.fitting:
                    (row,) = standing.waived
                    self._note(
                        Rule(name="break_missing", pause=row),
                        int(breaks.duration_s[row]),
                        insertion,
                    )
            elif times.possible:
                self.fitting.append(insertion)
                return
            elif not self.fitting:
                self._give_way(insertion, system, times.against)

    def _helping(self, system: System, rules: Iterable[Rule]) -> Iterator[Rule]:
        """Those of which less than is known already might suffice."""
        for rule in rules:
            if least_times(system, {rule: self._below(rule) - 1}).possible:
                yield rule

    def _give_way(self, insertion: Insertion, system: System, rules: Iterable[Rule]) -> None:
        for rule in rules:
            amount = least_amount(system, rule, {}, below=self._below(rule))
            if amount is not None:
                self._note(rule, amount, insertion)

    def _note(self, rule: Rule, amount: int, insertion: Insertion) -> None:
        if amount < self._below(rule):
            self.least[rule] = (amount, insertion)

    def _below(self, rule: Rule) -> int:
        return self.least[rule][0] if rule in self.least else FREELY


def _standings(
    asked: Asked, insertion: Insertion, *, waive: int
) -> Iterator[tuple[Standing, System]]:
    """Every standing of the breaks, and what it asks of the times."""
    vehicle, tasks = insertion.vehicle, insertion.tasks
    for standing in standings(asked, vehicle, len(tasks), waive=waive):
        yield standing, system_of(asked, vehicle, tasks, standing)


def _at_best(asked: Asked, insertion: Insertion) -> System:
    """What is asked without breaks, and with the shift that all of them unpaid would allow."""
    breaks, rows = asked.problem.breaks, asked.breaks[insertion.vehicle]
    unpaid_s = sum(int(breaks.duration_s[row]) for row in rows if not breaks.paid[row])
    return system_of(asked, insertion.vehicle, insertion.tasks, Standing(excused_s=unpaid_s))
