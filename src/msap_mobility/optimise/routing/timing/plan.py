"""One route as part of a program: its moments and options, and what its hours cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.problem import RELOAD, UNLIMITED
from msap_mobility.optimise.routing.timing.nodes import CLOCK, DEPARTURE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.timing.linear import Program
    from msap_mobility.optimise.routing.timing.rules import Rules
    from msap_mobility.optimise.routing.timing.settle import Settled

__all__ = ["Part", "Plan", "hours_cost", "is_wanted", "stays_longer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A route that may be possible.

    Parameters
    ----------
    rules
        All that is asked of its times.
    settled
        What follows from that.
    """

    rules: Rules
    settled: Settled


def hours_cost(problem: RoutingProblem, plan: Plan) -> bool:
    """Whether when a task of the route begins or how long it takes costs by itself."""
    visits = (task for task in plan.rules.order[1] if task != RELOAD)
    return any(is_wanted(problem, task) or stays_longer(problem, task) for task in visits)


def is_wanted(problem: RoutingProblem, task: int) -> bool:
    """Whether a task costs for its hour."""
    tables = problem.tasks
    return bool(tables.per_s_off[task] > 0 and tables.wanted_s[task] < UNLIMITED)


def stays_longer(problem: RoutingProblem, task: int) -> bool:
    """Whether a task costs less if it takes longer."""
    tables = problem.tasks
    return bool(
        tables.per_s_less[task] > 0 and tables.service_most_s[task] > tables.service_s[task]
    )


class Part:
    """A route's columns in a program. Its times count from an origin that all parts share.

    Parameters
    ----------
    program
        Gets columns and rows.
    plan
        The route.
    origin
        Second of the day.
    """

    __slots__ = ("_first", "_option", "_origin", "_plan", "_program")

    def __init__(self, program: Program, plan: Plan, origin: int) -> None:
        self._program, self._plan, self._origin = program, plan, origin
        ways = plan.settled.bounds.apart
        moments = [
            program.column(
                least=int(ways[CLOCK, moment]) - origin, most=-int(ways[moment, CLOCK]) - origin
            )
            for moment in range(1, len(ways))
        ]
        self._first = moments[0] - 1
        self._option: dict[int, int] = {}
        for options in plan.settled.open_groups:
            for option in options.tolist():
                self._option[option] = program.column(whole=True)
            program.one_of(self._option[option] for option in options.tolist())
        for first, second, apart, more in _rows(plan.settled):
            terms = {self._option[option]: -float(by) for option, by in more.items()}
            least = float(apart)
            for moment, sign in ((second, 1.0), (first, -1.0)):
                if moment == CLOCK:
                    least += sign * origin
                else:
                    terms[self.column(moment)] = sign
            program.row(terms, least)

    def column(self, moment: int) -> int:
        """Of a moment other than the zero of the clock."""
        return self._first + moment

    def visits(self) -> Iterator[tuple[int, int, int]]:
        """Of each visit the task, and the moments of its begin and end."""
        nodes = self._plan.rules.nodes
        tasks = self._plan.rules.order[1]
        for task, begin, end in zip(tasks, nodes.begins, nodes.ends, strict=True):
            if task != RELOAD:
                yield task, begin, end

    def prefer_few_breaks(self, worth: float) -> None:
        """What all breaks are worth together that may be left out and are."""
        may = [option for option in self._plan.rules.pauses.left_out if option in self._option]
        for option in may:
            self._program.price(self._option[option], -worth / len(may))

    def price_work(self, problem: RoutingProblem, rate: float, per_overtime_s: float) -> None:
        """Every second of work, and every second beyond the shift."""
        terms, paused_s = self._work(problem)
        for column, factor in terms.items():
            self._program.price(column, rate * factor)
        shift_s = int(problem.vehicles.shift_s[self._plan.rules.order[0]])
        if shift_s < self._plan.rules.horizon:
            self._program.too_much(per_overtime_s, terms, shift_s + paused_s)

    def price_hours(self, problem: RoutingProblem) -> None:
        """Begins away from the hour wanted, services shorter than their most."""
        tables = problem.tasks
        for task, begin, end in self.visits():
            if is_wanted(problem, task):
                rate, column = int(tables.per_s_off[task]), self.column(begin)
                wanted_s = int(tables.wanted_s[task]) - self._origin
                free_s = int(tables.off_free_s[task])
                self._program.too_much(rate, {column: 1.0}, wanted_s + free_s)
                self._program.too_much(rate, {column: -1.0}, free_s - wanted_s)
            if stays_longer(problem, task):
                rate = int(tables.per_s_less[task])
                self._program.price(self.column(end), -rate)
                self._program.price(self.column(begin), rate)

    def chosen(self, values: NDArray[np.float64]) -> Int64:
        """The options that a solution of the program chooses, and those that are sure."""
        taken = [option for option, column in self._option.items() if values[column] > 0.5]
        return np.array([*self._plan.settled.sure.tolist(), *taken], dtype=np.int64)

    def columns_of(self, options: Int64) -> list[int]:
        """Of those options that are not sure."""
        return [self._option[option] for option in options.tolist() if option in self._option]

    def times(self, values: NDArray[np.float64]) -> list[int]:
        """Whole times of a solution, that of the clock first.

        All are moved down together to whole seconds: differences that are whole stay kept, and
        costs that bend at whole seconds only stay the least.
        """
        inner = values[self._first + 1 : self._first + self._plan.rules.nodes.count]
        return [0, *(np.floor(inner + 0.5).astype(np.int64) + self._origin).tolist()]

    def _work(self, problem: RoutingProblem) -> tuple[Mapping[int, float], int]:
        """Work is the sum of these terms less these seconds."""
        arrival = self._plan.rules.nodes.arrival
        terms = {self.column(arrival): 1.0, self.column(DEPARTURE): -1.0}
        paused_s, lost = self._plan.rules.pauses.unpaid(problem.breaks)
        sure = set(self._plan.settled.sure.tolist())
        for option, seconds in lost.items():
            if option in self._option:
                terms[self._option[option]] = float(seconds)
            elif option in sure:
                paused_s -= seconds
        return terms, paused_s


def _rows(settled: Settled) -> Iterator[tuple[int, int, int, Mapping[int, int]]]:
    """The rows that bind, each as tight as its options allow."""
    rows, groups = settled.differences, settled.open_groups
    known = settled.bounds.apart[rows.first, rows.second]
    base = rows.apart + rows.added[:, settled.sure].sum(axis=1)
    more, touches = np.zeros_like(rows.added), np.zeros_like(base)
    for options in groups:
        common = rows.added[:, options].min(axis=1)
        base = base + common
        more[:, options] = rows.added[:, options] - common[:, None]
        touches += more[:, options].any(axis=1)
    lone = touches == 1  # only one of its options is chosen: none need begin below what is known
    more[lone] = np.maximum(more[lone] + (base - known)[lone, None], 0)
    apart = np.where(lone, known, base)
    of_clock = (rows.first == CLOCK) | (rows.second == CLOCK)  # bounds of columns
    binds = (touches == 0) & (base == known) & ~of_clock
    binds |= apart + more.sum(axis=1) > known
    for row in np.flatnonzero(binds).tolist():
        added = {int(option): int(more[row, option]) for option in np.flatnonzero(more[row])}
        yield int(rows.first[row]), int(rows.second[row]), int(apart[row]), added
