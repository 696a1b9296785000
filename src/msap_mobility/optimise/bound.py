"""A proven ceiling on the weight any tour can serve: a linear program and its dual.

Every simplification only makes the set of tours larger, so the ceiling stays valid:

- A place may be visited in part, and patterns that use the same vehicle on the same weekday are
  told apart no more: a tour is still a solution, with each chosen place at 1 on its group.
- Instead of a timetable, each group of shifts (one vehicle on one weekday, all weeks) has so much
  time. A visit takes set-up, serving and packing, and the shortest way into the place from any
  other that some shift of the group can visit, or from the base: each visit really has one way
  in, not shorter. Each shift also has one way back to the base, not shorter than the shortest one.
- The time a shift has is its length less lunch, unless the round may be so short that lunch falls
  before or after it: then the longest such round counts, if it is longer.
- Windows are forgotten, but for patterns in which even a lone visit cannot be made.
- Load adds up over the group.
- Whatever the solver returns, its dual prices are cut to their signs and the ceiling computed
  from them by weak duality: no tolerance of the solver can make it too low.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.rounds.arrays import (
    BASE,
    CAPACITY,
    FROM_S,
    LUNCH_FROM_S,
    LUNCH_S,
    LUNCH_TO_S,
    PACKING_S,
    SETUP_S,
    TO_S,
    Int32,
    RoundsProblem,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["ceiling"]

_RELATIVE_SLACK = 1e-9
"""For the rounding of float sums in the dual."""


@dataclass(slots=True)
class _Program:
    """max c·x subject to A x ≤ b, 0 ≤ x ≤ 1, the columns grown one by one."""

    prices: list[float]
    rows: list[int]
    columns: list[int]
    values: list[float]
    limits: list[float]

    def column(self, price: float) -> int:
        self.prices.append(price)
        return len(self.prices) - 1

    def row(self, limit: float) -> int:
        self.limits.append(limit)
        return len(self.limits) - 1

    def put(self, row: int, column: int, value: float) -> None:
        self.rows.append(row)
        self.columns.append(column)
        self.values.append(value)


def ceiling(
    problem: RoundsProblem,
    group: Int32,
    weight: NDArray[np.float64],
    must: Sequence[int] = (),
) -> float:
    """An upper bound on the weight of the customers any tour serves.

    Parameters
    ----------
    problem
        The rounds.
    group
        int32 per shift: shifts of one group have the same vehicle and weekday, and each pattern
        stays within one group.
    weight
        float64 per customer of the first `len(weight)` ones; the others count nothing.
    must
        Places every tour considered visits; only valid if some tour visits them all.

    Returns
    -------
    float
        Never below the best tour, and never above the weight of all.
    """
    total = float(weight.sum())
    if total == 0 or problem.shifts == 0:
        return 0.0
    program = _Program([], [], [], [], [])
    chosen = _places(program, problem, group, must)
    _customers(program, problem, chosen, weight)
    return min(total, _dual_ceiling(program))


def _places(
    program: _Program, problem: RoundsProblem, group: Int32, must: Sequence[int]
) -> dict[int, list[int]]:
    """A column for each place on each group it can be visited by; time, load, one group each."""
    visits: dict[tuple[int, int], int] = {}
    visitors: dict[int, set[int]] = defaultdict(set)
    for place in range(problem.places):
        for pattern in range(*problem.pattern_start[place : place + 2].tolist()):
            shifts = problem.visit_shift[slice(*problem.visit_start[pattern : pattern + 2])]
            number = int(group[shifts[0]])
            visits[place, number] = len(shifts)
            visitors[number].add(place)
    time_row, load_row, way_in_s = {}, {}, {}
    for number, places in visitors.items():
        members = np.flatnonzero(group == number)
        time_row[number], load_row[number] = _limits(program, problem, members, sorted(places))
        way_in_s[number] = _shortest_ways(problem, int(problem.shift[members[0], BASE]), places)
    chosen: dict[int, list[int]] = defaultdict(list)
    for (place, number), count in visits.items():
        column = program.column(0.0)
        shift = problem.shift[int(np.flatnonzero(group == number)[0])]
        visit_s = int(shift[SETUP_S]) + int(problem.dwell_s[place]) + int(shift[PACKING_S])
        program.put(time_row[number], column, count * (visit_s + way_in_s[number][place]))
        program.put(load_row[number], column, count * int(problem.units[place]))
        chosen[place].append(column)
    for columns in chosen.values():
        once = program.row(1.0)
        for column in columns:
            program.put(once, column, 1.0)
    for place in must:
        at_least = program.row(-1.0)
        for column in chosen[place]:
            program.put(at_least, column, -1.0)
    return chosen


def _limits(
    program: _Program, problem: RoundsProblem, members: NDArray[np.int64], places: list[int]
) -> tuple[int, int]:
    """The rows of time and load of one group of shifts."""
    base = int(problem.shift[members[0], BASE])
    way_back_s = int(problem.travel_s[places, base].min())
    seconds = sum(max(0, _longest_s(problem.shift[member]) - way_back_s) for member in members)
    load = int(problem.shift[members, CAPACITY].sum())
    return program.row(float(seconds)), program.row(float(load))


def _longest_s(shift: Int32) -> int:
    """Most time a round can have without lunch: lunch within, before or after it."""
    begin, end = int(shift[FROM_S]), int(shift[TO_S])
    lunch_s = int(shift[LUNCH_S])
    if lunch_s == 0:
        return end - begin
    ends_before = min(end, int(shift[LUNCH_TO_S]) - lunch_s) - begin
    begins_after = end - max(begin, int(shift[LUNCH_FROM_S]) + lunch_s)
    return max(0, end - begin - lunch_s, ends_before, begins_after)


def _shortest_ways(problem: RoundsProblem, base: int, places: set[int]) -> dict[int, int]:
    """The shortest way into each place from the base or another place of the group."""
    listed = sorted(places)
    stations = [*listed, base]
    ways = problem.travel_s[np.ix_(stations, listed)].astype(np.int64)
    ways[np.arange(len(listed)), np.arange(len(listed))] = np.iinfo(np.int64).max
    return dict(zip(listed, ways.min(axis=0).tolist(), strict=True))


def _customers(
    program: _Program,
    problem: RoundsProblem,
    chosen: dict[int, list[int]],
    weight: NDArray[np.float64],
) -> None:
    """A column for each customer, served by no more than the places that cover it are chosen."""
    for customer, price in enumerate(weight.tolist()):
        column, row = program.column(price), program.row(0.0)
        program.put(row, column, 1.0)
        first, end = problem.served_start[customer], problem.served_start[customer + 1]
        for place in problem.served_place[first:end].tolist():
            for visit in chosen.get(place, ()):
                program.put(row, visit, -1.0)


def _dual_ceiling(program: _Program) -> float:
    """The value of the cut dual solution: b·λ + Σ max(0, c − Aᵀλ) over columns in [0, 1]."""
    prices = np.array(program.prices)
    limits = np.array(program.limits)
    rows, columns = np.array(program.rows), np.array(program.columns)
    values = np.array(program.values)
    dual = np.maximum(0.0, _dual_prices(prices, limits, rows, columns, values))
    reduced = prices - np.bincount(columns, values * dual[rows], minlength=len(prices))
    value = float(limits @ dual) + float(np.maximum(reduced, 0.0).sum())
    return value + _RELATIVE_SLACK * (float(np.abs(limits * dual).sum()) + float(prices.sum()))


def _dual_prices(
    prices: NDArray[np.float64],
    limits: NDArray[np.float64],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    values: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Dual prices of the rows from HiGHS, in the sign of a maximisation."""
    import highspy  # noqa: PLC0415 - heavy

    order = np.lexsort((rows, columns))
    quiet: Any = highspy.Highs.__base__  # the class itself prints a banner when it is made
    solver = quiet()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(prices), len(limits)
    program.col_cost_ = -prices
    program.col_lower_, program.col_upper_ = np.zeros(len(prices)), np.ones(len(prices))
    program.row_lower_ = np.full(len(limits), -highspy.kHighsInf)
    program.row_upper_ = limits
    program.a_matrix_.start_ = np.concatenate(
        [[0], np.cumsum(np.bincount(columns, minlength=len(prices)))]
    )
    program.a_matrix_.index_, program.a_matrix_.value_ = rows[order], values[order]
    solver.passModel(program)
    solver.run()
    return -np.array(solver.getSolution().row_dual, dtype=np.float64)
