"""Which joint trips to make, each driver and rider in one at most: set packing with a bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.optimise.arrays import LIMIT, Int64, as_int64, whole
from msap_mobility.optimise.assignment.apart import search_apart
from msap_mobility.optimise.assignment.master import SCALE, Report, search
from msap_mobility.optimise.assignment.program import Program, by_rule_of_thumb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from msap_mobility.budget import Budget

__all__ = ["Columns", "Packing", "pack"]

_SMALL = 500
"""So few columns are searched in this process: none of their programs takes long."""


class _HasColumns(Protocol):
    """What `Columns` and `groups.Groups` have in common."""

    @property
    def driver(self) -> Int64: ...
    @property
    def start(self) -> Int64: ...
    @property
    def rider(self) -> Int64: ...
    @property
    def gain(self) -> Int64: ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Trips to choose from.

    Parameters
    ----------
    driver
        int64 per column; −1 for one that needs no driver.
    start, rider
        int64 CSR: the riders of column c are ``rider[start[c]:start[c + 1]]``, at least one and
        none twice.
    gain
        int64 per column.
    """

    driver: Int64
    start: Int64
    rider: Int64
    gain: Int64

    @classmethod
    def of(cls, rows: Sequence[tuple[int, Sequence[int], int]]) -> Columns:
        """From (driver, riders, gain) each."""
        return cls(
            driver=as_int64([driver for driver, _, _ in rows]),
            start=as_int64(np.cumsum([0, *(len(riders) for _, riders, _ in rows)])),
            rider=as_int64([rider for _, riders, _ in rows for rider in riders]),
            gain=as_int64([gain for _, _, gain in rows]),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packing:
    """The columns chosen, and how good that is.

    Parameters
    ----------
    chosen
        int64: columns, rising; those frozen are among them.
    value
        Their gain less the penalties of the riders left out.
    bound
        No choice can be worth more.
    greedy
        What the choice by best gain first is worth; never more than `value`.
    proof
        What shows that no choice is better: ``"prices"`` (checked in whole numbers), ``"search"``
        (a finished branch-and-bound search, which trusts floats to one part in a hundred million:
        values beyond some ten million units are proven by prices or not at all), or ``""`` if a
        gap is left.
    nodes
        Of all search trees.
    driver_price, rider_price
        float64: no column that could be chosen is worth more, penalties saved included, than its
        driver and riders cost together (and `exclusion_price` of the sets it is in). What another
        one of them might be worth at most, not in any case; a rider tied to another may have a
        price below 0.
    exclusion_price
        float64 per set of `pack`'s `at_most_one`.
    """

    chosen: Int64
    value: int
    bound: int
    greedy: int
    proof: Literal["prices", "search", ""]
    nodes: int
    driver_price: NDArray[np.float64]
    rider_price: NDArray[np.float64]
    exclusion_price: NDArray[np.float64]

    @property
    def gap(self) -> int:
        """Bound less value, in whole units."""
        return self.bound - self.value

    @property
    def proven(self) -> bool:
        """Whether the gap is 0."""
        return self.gap == 0


def pack(
    columns: _HasColumns,
    *,
    drivers: int,
    riders: int,
    budget: Budget,
    both: Any = (),
    at_most_one: Sequence[Sequence[int]] = (),
    frozen: Sequence[int] = (),
    penalty: Any = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Packing:
    """Choose the columns that gain most, no driver and no rider in two of them.

    Parameters
    ----------
    columns
        The trips to choose from: `Columns`, or `Groups` as they are.
    drivers, riders
        How many there are.
    budget
        Seconds: kept, if need be by killing the process that searches. Iterations: nodes of the
        search tree; without seconds the answer depends on nothing else.
    both
        Pairs of riders served both or not at all (way out and way back of one request). Each rider
        is in one pair at most; a column may hold both.
    at_most_one
        Sets of columns of which one at most is chosen.
    frozen
        Columns that are chosen whatever else (promises). The other half of a pair whose one half is
        frozen is free.
    penalty
        int64 ≥ 0 per rider, lost if the rider is in no column (the price of breaking a promise).
    should_stop
        Once it says so, a search that has seconds and more than a few columns ends with its best.

    Returns
    -------
    Packing
        Never worth less than the greedy choice, which starts the search. The order of columns does
        not change a proven value.

    Raises
    ------
    InputError
        ``array_shape``, ``array_not_whole``, ``array_outside``, ``frozen_clash``.

    Examples
    --------
    >>> from msap_mobility.budget import Budget
    >>> trips = Columns.of([(0, [0, 1], 9), (0, [0], 6), (1, [1], 7), (1, [2], 3)])
    >>> found = pack(trips, drivers=2, riders=3, budget=Budget(iterations=100))
    >>> found.chosen.tolist(), found.value, found.greedy, found.proof
    ([1, 2], 13, 12, 'prices')
    """
    task = _Task(columns, drivers, riders, both, at_most_one, frozen, penalty)
    program = task.program
    thumb = by_rule_of_thumb(program)
    report = _searched(program, thumb, budget, should_stop)
    price = report.price / SCALE
    price[task.frozen_rows] = 0.0
    bound, by_prices = int(report.figure[0]), report.figure[1] == 1
    value = int(program.gain[report.chosen].sum())
    sets = drivers + riders
    return Packing(
        chosen=np.sort(np.concatenate([task.frozen, task.open[report.chosen]])),
        value=value + task.constant,
        bound=max(bound, value) + task.constant,
        greedy=int(program.gain[thumb].sum()) + task.constant,
        proof="" if bound > value else "prices" if by_prices else "search",
        nodes=int(report.figure[2]),
        driver_price=price[:drivers],
        rider_price=price[drivers:sets],
        exclusion_price=price[sets:],
    )


def _searched(
    program: Program, chosen: Int64, budget: Budget, should_stop: Callable[[], bool]
) -> Report:
    """The last report of a search within the budget."""
    reports: list[Report] = []
    if budget.seconds is None or program.columns <= _SMALL:
        search(
            program,
            chosen,
            seconds=budget.seconds,
            nodes=budget.iterations,
            report=reports.append,
        )
    else:
        last = search_apart(program, chosen, seconds=budget.seconds, should_stop=should_stop)
        reports += [] if last is None else [last]
    if not reports:  # killed before it said a word: the cheapest bound there is
        search(program, chosen, seconds=0.0, nodes=None, report=reports.append)
    return reports[-1]


class _Task:
    """The program that is left when the frozen columns are chosen."""

    def __init__(
        self,
        columns: _HasColumns,
        drivers: int,
        riders: int,
        both: Any,
        at_most_one: Sequence[Sequence[int]],
        frozen: Sequence[int],
        penalty: Any,
    ) -> None:
        lost = as_int64(np.zeros(riders, dtype=np.int64) if penalty is None else penalty)
        pairs = as_int64(np.reshape(both, (-1, 2)) if len(both) == 0 else both)
        sets = [as_int64(one) for one in at_most_one]
        self.frozen = np.unique(as_int64(frozen))
        _check(columns, drivers, riders, pairs, sets, self.frozen, lost)
        count, rows = len(columns.gain), drivers + riders + len(sets)
        column = np.repeat(np.arange(count), np.diff(columns.start))
        own = columns.driver >= 0
        pieces = [(np.flatnonzero(own), columns.driver[own]), (column, drivers + columns.rider)]
        pieces += [
            (np.unique(one), drivers + riders + n + 0 * np.unique(one))
            for n, one in enumerate(sets)
        ]
        of, row = (np.concatenate(part) for part in zip(*pieces, strict=True))
        order = np.lexsort((row, of))
        of, row = of[order], row[order]
        gain = columns.gain + np.bincount(
            column, lost[columns.rider].astype(np.float64), minlength=count
        ).astype(np.int64)
        is_frozen = np.isin(of, self.frozen)
        _check_clashes(of[is_frozen], row[is_frozen])
        taken = np.zeros(rows, dtype=np.bool_)
        taken[row[is_frozen]] = True
        blocked = np.zeros(count, dtype=np.bool_)
        blocked[of[taken[row]]] = True
        self.open = np.flatnonzero(~blocked)
        left = ~blocked[of]
        tie = drivers + pairs
        self.program = Program(
            gain=gain[self.open],
            start=np.concatenate([[0], np.cumsum(np.bincount(of, minlength=count)[self.open])]),
            row=row[left],
            driver=columns.driver[self.open].astype(np.int64),
            tie=tie[~taken[tie].any(axis=1)],
            rows=np.array([rows]),
        )
        self.frozen_rows = np.flatnonzero(taken)
        self.constant = int(gain[self.frozen].sum()) - int(lost.sum())


def _check(
    columns: _HasColumns,
    drivers: int,
    riders: int,
    pairs: Int64,
    sets: Sequence[Int64],
    frozen: Int64,
    lost: Int64,
) -> None:
    count, last = len(columns.gain), len(columns.gain) - 1
    with Faults() as faults:
        whole(faults, "gain", columns.gain, (count,))
        whole(faults, "driver", columns.driver, (count,), least=-1, most=drivers - 1)
        whole(faults, "rider", columns.rider, (-1,), least=0, most=riders - 1)
        if whole(faults, "start", columns.start, (count + 1,), least=0):
            sizes = np.diff(columns.start)
            whole(faults, "start", sizes, (count,), least=1, most=len(columns.rider))
            ends = columns.start[[0, -1]] - [0, len(columns.rider)]
            whole(faults, "start", ends, (2,), least=0, most=0)
        if whole(faults, "both", pairs, (-1, 2), least=0, most=riders - 1):
            again = np.bincount(pairs.ravel(), minlength=1)
            whole(faults, "both", again, (-1,), least=0, most=1)
        for one in sets:
            whole(faults, "at_most_one", one, (-1,), least=0, most=last)
        whole(faults, "frozen", frozen, (-1,), least=0, most=last)
        whole(faults, "penalty", lost, (riders,), least=0, most=LIMIT)


def _check_clashes(column: Int64, row: Int64) -> None:
    """Raise if two frozen columns need the same row."""
    order = np.argsort(row, kind="stable")
    column, row = column[order], row[order]
    again = np.flatnonzero(row[1:] == row[:-1])
    if len(again):
        raise InputError(
            [
                Fault(
                    code="frozen_clash",
                    column="frozen",
                    value=int(column[one + 1]),
                    details={"first": int(column[one])},
                )
                for one in again
            ]
        )
