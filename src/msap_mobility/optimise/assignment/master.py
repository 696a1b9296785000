"""The search for the best columns: prices first, then a tree over the few columns that matter.

1. A linear program over a part of the columns gives prices; the columns they undervalue join it,
   until there are none (column generation over columns that are all known).
2. Prices, rounded to 1/1024 of a unit and raised until no column is undervalued, bound the value in
   whole numbers. A column whose price exceeds its gain by more than the gap is in no better answer.
3. What is left goes to a branch-and-bound search, the most promising columns alone at first.

Whatever is found is reported at once, so that the search may be killed at any moment.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from msap_mobility.optimise.assignment.program import Program, over_price, tie_price

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int64

__all__ = ["SCALE", "Report", "search"]

SCALE = 1024
"""Prices are whole multiples of 1/1024 of a unit."""
_ALL_AT_ONCE = 3_000
_JOINING = 6_000
_FEW = 4_000
_MOST_ROUNDS = 200
_TOLERANCE = 1e-8
"""How far the bound of a search tree in floats is trusted, relative."""


class Report(NamedTuple):
    """What is known at some moment.

    Parameters
    ----------
    chosen
        int64: the best columns so far, rising.
    price
        int64 per row, in 1/`SCALE`: no column is worth more than its rows cost.
    figure
        int64 (3,): bound, 1 if it is the prices' own (0: the search tree's), nodes searched.
    """

    chosen: Int64
    price: Int64
    figure: Int64


class _Search:
    """One search: what is best so far, and how far it may go."""

    def __init__(
        self,
        program: Program,
        chosen: Int64,
        seconds: float | None,
        nodes: int | None,
        report: Callable[[Report], None],
    ) -> None:
        self.program = program
        self.chosen = chosen
        self.until = None if seconds is None else perf_counter() + seconds
        self.nodes_left = nodes
        self.nodes = 0
        self.report = report
        self.price = np.zeros(int(program.rows[0]), dtype=np.int64)
        self.bound: int | None = None  # in 1/SCALE
        self.tree_bound: int | None = None  # in units

    @property
    def value(self) -> int:
        return int(self.program.gain[self.chosen].sum())

    def tell(self) -> None:
        if self.bound is None:
            return
        own = self.bound // SCALE
        bound = own if self.tree_bound is None else min(own, self.tree_bound)
        figure = np.array([bound, int(bound == own), self.nodes], dtype=np.int64)
        self.report(Report(self.chosen, self.price, figure))

    def seconds_left(self) -> float | None:
        return None if self.until is None else max(0.0, self.until - perf_counter())

    def is_over(self) -> bool:
        left = self.seconds_left()
        return (left is not None and left <= 0) or self.nodes_left == 0

    def improve(self, chosen: Int64) -> None:
        """Take a better choice, once every rule is known to hold for it."""
        if int(self.program.gain[chosen].sum()) > self.value and _holds(self.program, chosen):
            self.chosen = np.sort(chosen)

    def learn(self, price: NDArray[np.float64], tie: NDArray[np.float64]) -> Int64:
        """Bound the value by prices; what each column is undervalued by before drivers pay more."""
        program = self.program
        rows = np.maximum(0, np.rint(price * SCALE).astype(np.int64))
        ties = np.rint(tie * SCALE).astype(np.int64)
        over = over_price(program, tie_price(program, rows, ties), SCALE)
        raised = rows.copy()
        np.maximum.at(raised, *_raises(program, rows, over))
        loose = np.maximum(0, over[program.driver < 0])
        bound = sum(raised.tolist()) + sum(loose.tolist())
        if self.bound is None or bound < self.bound:
            self.bound = bound
            self.price = tie_price(program, raised, ties)
        return over


def search(
    program: Program,
    chosen: Int64,
    *,
    seconds: float | None,
    nodes: int | None,
    report: Callable[[Report], None],
) -> None:
    """Look for better columns than those chosen, and for a bound; report whatever is found.

    Parameters
    ----------
    program
        The columns.
    chosen
        A first choice.
    seconds, nodes
        When to stop looking: a wish for the seconds, exact for the nodes of each search tree.
    report
        Called with everything new, at least once.
    """
    state = _Search(program, chosen, seconds, nodes, report)
    state.learn(np.zeros(int(program.rows[0])), np.zeros(len(program.tie)))
    state.tell()
    if program.columns == 0:
        return
    _price_columns(state)
    state.tell()
    size = _FEW
    while state.bound is not None and not state.is_over():
        over = over_price(program, state.price, SCALE)
        needed = (state.value + 1) * SCALE - state.bound
        open_columns = np.flatnonzero(over >= needed)
        if len(open_columns) == 0 or state.bound // SCALE <= state.value:
            state.tree_bound = state.value
            break
        first = open_columns[np.argsort(-over[open_columns], kind="stable")][:size]
        best, finished = _branch(state, np.union1d(first, state.chosen))
        outside = np.setdiff1d(open_columns, first)
        rest = (state.bound + int(over[outside].max())) // SCALE if len(outside) else state.value
        state.tree_bound = _lesser(state.tree_bound, max(state.value, best, rest))
        state.tell()
        if not finished or len(outside) == 0 or state.tree_bound == state.value:
            break
        size *= 4
    state.tell()


def _raises(program: Program, rows: Int64, over: Int64) -> tuple[Int64, Int64]:
    """For each column with a driver, that driver's row and the price that pays for the column."""
    own = np.flatnonzero(program.driver >= 0)
    driver = program.driver[own]
    return driver, rows[driver] + over[own]


def _holds(program: Program, chosen: Int64) -> bool:
    """Whether no row is used twice and no tie is torn."""
    used = np.bincount(program.of(chosen)[0], minlength=int(program.rows[0]))
    return bool(
        used.max(initial=0) <= 1 and (used[program.tie[:, 0]] == used[program.tie[:, 1]]).all()
    )


def _price_columns(state: _Search) -> None:
    """Solve the linear program over all columns, a part of them at a time."""
    program = state.program
    solver = _solver(program)
    inside = np.zeros(program.columns, dtype=np.bool_)
    joining = _first_columns(state)
    for _ in range(_MOST_ROUNDS):
        inside[joining] = True
        _add_columns(solver, program, joining)
        left = state.seconds_left()
        if left is not None:
            solver.setOptionValue("time_limit", solver.getRunTime() + left)
        solver.run()
        dual = -np.array(solver.getSolution().row_dual, dtype=np.float64)
        over = state.learn(dual[: int(program.rows[0])], dual[int(program.rows[0]) :])
        if not _is_optimal(solver) or state.is_over():
            return
        state.tell()
        joining = _undervalued(program, np.where(inside, 0, over))
        if len(joining) == 0:
            return


def _first_columns(state: _Search) -> Int64:
    """All columns if they are few, else those chosen and the best of each row."""
    program = state.program
    if program.columns <= _ALL_AT_ONCE:
        return np.arange(program.columns)
    return np.union1d(state.chosen, _best_of_rows(program, program.gain, 4))


def _undervalued(program: Program, over: Int64) -> Int64:
    """The columns to join the program: the best of each row, and the best of all."""
    columns = np.flatnonzero(over > 0)
    if len(columns) <= _JOINING:
        return columns
    best = _best_of_rows(program, over, 2)
    top = columns[np.argpartition(-over[columns], _JOINING // 2)[: _JOINING // 2]]
    return np.union1d(best, top)


def _best_of_rows(program: Program, worth: Int64, count: int) -> Int64:
    """The `count` columns of each row that are worth most, of those worth something."""
    column = np.repeat(np.arange(program.columns), np.diff(program.start))
    some = worth[column] > 0
    column, row = column[some], program.row[some]
    order = np.lexsort((column, -worth[column], row))
    column, row = column[order], row[order]
    first = np.searchsorted(row, row)
    return np.unique(column[np.arange(len(row)) - first < count])


def _branch(state: _Search, columns: Int64) -> tuple[int, bool]:
    """Search the tree over some columns: a bound for them alone, and whether it was finished."""
    program = state.program
    solver = _solver(program)
    _add_columns(solver, program, columns)
    whole = np.full(len(columns), 1, dtype=np.uint8)  # HighsVarType.kInteger
    solver.changeColsIntegrality(len(columns), np.arange(len(columns), dtype=np.int32), whole)
    for option, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
        solver.setOptionValue(option, value)
    left = state.seconds_left()
    if left is not None:
        solver.setOptionValue("time_limit", left)
    if state.nodes_left is not None:
        solver.setOptionValue("mip_max_nodes", state.nodes_left)
    start = _warm_start(columns, state.chosen)
    solver.setSolution(start)
    solver.run()
    info = solver.getInfo()
    nodes = max(0, int(info.mip_node_count))
    state.nodes += nodes
    if state.nodes_left is not None:
        state.nodes_left = max(0, state.nodes_left - max(1, nodes))
    taken = np.array(solver.getSolution().col_value, dtype=np.float64)
    if len(taken) == len(columns) and np.isfinite(info.objective_function_value):
        state.improve(columns[taken > 0.5])
    if not np.isfinite(info.mip_dual_bound):
        return _total(state), False
    bound = -float(info.mip_dual_bound)
    return int(np.floor(bound + _TOLERANCE * max(1.0, abs(bound)))), _is_optimal(solver)


def _lesser(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)


def _total(state: _Search) -> int:
    return (state.bound or 0) // SCALE


def _warm_start(columns: Int64, chosen: Int64) -> Any:
    import highspy  # noqa: PLC0415 - heavy

    start = highspy.HighsSolution()
    start.col_value = np.isin(columns, chosen).astype(np.float64).tolist()
    return start


def _is_optimal(solver: Any) -> bool:
    import highspy  # noqa: PLC0415 - heavy

    return bool(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def _solver(program: Program) -> Any:
    """A HiGHS program with the rows and no column."""
    import highspy  # noqa: PLC0415 - heavy

    quiet: Any = highspy.Highs.__base__  # the class itself prints a banner when it is made
    solver = quiet()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    rows, ties = int(program.rows[0]), len(program.tie)
    upper = np.concatenate([np.ones(rows), np.zeros(ties)])
    lower = np.concatenate([np.full(rows, -highspy.kHighsInf), np.zeros(ties)])
    none = np.zeros(0, dtype=np.int32)
    begin = np.zeros(rows + ties, dtype=np.int32)
    solver.addRows(rows + ties, lower, upper, 0, begin, none, np.zeros(0))
    return solver


def _add_columns(solver: Any, program: Program, columns: Int64) -> None:
    """Let columns join, each between 0 and 1; what is gained is a cost below 0."""
    row, start = program.of(columns)
    column = np.repeat(np.arange(len(columns)), np.diff(start))
    value = np.ones(len(row))
    for end, sign in ((0, 1.0), (1, -1.0)):
        tie_of = np.full(int(program.rows[0]), -1, dtype=np.int64)
        tie_of[program.tie[:, end]] = np.arange(len(program.tie))
        tied = np.flatnonzero(tie_of[row[: start[-1]]] >= 0)
        row = np.concatenate([row, int(program.rows[0]) + tie_of[row[tied]]])
        column = np.concatenate([column, column[tied]])
        value = np.concatenate([value, np.full(len(tied), sign)])
    row, column, value = _summed(row, column, value)
    begin = np.searchsorted(column, np.arange(len(columns))).astype(np.int32)
    solver.addCols(
        len(columns),
        -program.gain[columns].astype(np.float64),
        np.zeros(len(columns)),
        np.ones(len(columns)),
        len(row),
        begin,
        row.astype(np.int32),
        value,
    )


def _summed(
    row: Int64, column: Int64, value: NDArray[np.float64]
) -> tuple[Int64, Int64, NDArray[np.float64]]:
    """By column, then row; a column that holds both ends of a tie has no part in it."""
    order = np.lexsort((row, column))
    row, column, value = row[order], column[order], value[order]
    again = (np.diff(row, prepend=-1) == 0) & (np.diff(column, prepend=-1) == 0)
    group = np.cumsum(~again) - 1
    total = np.bincount(group, value, minlength=0)
    kept = np.flatnonzero(~again)[total != 0]
    return row[kept], column[kept], total[total != 0]
