"""The linear program over the route pool, dives from its optimum, and a tree over what is left.

What takes long in a branch-and-bound solver is its root: cuts and sub-searches over two thousand
columns. Dives find good plans in a tenth of a second each: the route nearest to 1 is taken, the
linear program solved again from where it stood, and so on until no route is taken in part. The
tree is searched afterwards, over the few columns the gap that is left lets matter.

Work is counted in simplex iterations, so the same input gives the same answer on every machine
as long as no time runs out.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from msap_mobility.optimise.routing.native.covering import Columns, Covering, Int64

__all__ = ["MOST_COLUMNS", "Search"]

Float = NDArray[np.float64]

MOST_COLUMNS = 2_000
"""Columns among which routes are chosen; the linear program sees them all."""

_LARGEST = 1e7
"""Costs are scaled down to this: solvers keep their tolerances only for numbers of middle size."""

_WHOLE = 1e-6
_TAKEN = 0.9  # a dive takes at once all routes above this
_NOISE = 1.0  # of what the first dive sees, the later ones see up to twice as much
_IN_VAIN = 30  # dives after which no more are tried
_TREE = 600  # a tree over more columns gains less than dives in the same time
_CALL = 150  # simplex iterations between two questions of the tree whether to stop, measured
_LEAST_WORK = 20  # even a dive that needs no iteration is not for nothing

_TREE_OPTIONS = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_allow_restart": False,
}
"""Without searches of its own, in which a tree looks at no clock for seconds."""


@dataclass(slots=True, kw_only=True)
class Search:
    """The search for a better choice of routes than the one in hand.

    Parameters
    ----------
    columns, covering
        What there is to choose from, and what is asked.
    best
        int64: rows of the choice in hand.
    work
        Simplex iterations left.
    until
        Moment of `time.monotonic` to stop at, or None.
    tell
        Called with the rows of every better choice.
    value
        What the choice in hand costs; None: it is not allowed.
    bound
        No choice costs less, in scaled costs.
    seen
        Whether a column was in a choice at the end of a dive.
    dives
        How many there were.
    """

    columns: Columns
    covering: Covering
    best: Int64
    work: int
    until: float | None
    tell: Callable[[Int64], None]
    value: int | None = None
    bound: float = -np.inf
    scale: float = 1.0
    reduced: Float = field(default_factory=lambda: np.zeros(0))
    seen: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    dives: int = 0

    def run(self) -> None:
        """Find better choices until none can be better, or work or time are used up."""
        self.value = self.covering.cost_of(self.columns, self.best)
        dearest = max(np.abs(self.columns.cost).max(initial=0), self.covering.worth.max(initial=0))
        self.scale = max(1.0, float(dearest) / _LARGEST)
        self.seen = np.isin(np.arange(len(self.columns)), self.best)
        status = self._price()
        if status is None:
            return
        self._dive(status, share=0.5)
        self._branch(np.flatnonzero(self.seen & (self.reduced <= self._slack())), share=0.5)
        if len(self._open_columns()) > _TREE:
            self._dive(status, share=0.8)
        self._branch(self._open_columns(), share=1.0)

    def _is_over(self) -> bool:
        late = self.until is not None and monotonic() >= self.until
        return late or self.work <= 0 or self._slack() < 0

    def _slack(self) -> float:
        """How much dearer than the bound a better choice may be."""
        if self.value is None:
            return float(np.inf)
        step = self.value - 1 + 1e-6 * max(1.0, abs(self.value))
        return step / self.scale - self.bound

    def _open_columns(self) -> Int64:
        """Columns a better choice may hold, those of least reduced cost, and those in hand."""
        rows = np.flatnonzero(self.reduced <= self._slack())
        if len(rows) > MOST_COLUMNS:
            rows = rows[np.argsort(self.reduced[rows], kind="stable")[:MOST_COLUMNS]]
        return np.union1d(rows, self.best)

    def _improve(self, rows: Int64) -> bool:
        rows = self.covering.without_redundant(self.columns, np.sort(rows))
        value = self.covering.cost_of(self.columns, rows)
        if value is None or (self.value is not None and value >= self.value):
            return False
        self.best, self.value = rows, value
        self.tell(rows)
        return True

    def _price(self) -> tuple[Any, Any] | None:
        """Solve the linear program over all columns; the basis, None if there was no optimum."""
        rows = np.arange(len(self.columns))
        solver = self._solver(rows)
        if not self._solved(solver):
            return None
        dual = np.array(solver.getSolution().row_dual, dtype=np.float64)
        row, start, _ = self._matrix(rows)
        paid = np.add.reduceat(np.append(dual[row], 0.0), start[:-1]) * (np.diff(start) > 0)
        self.reduced = self.columns.cost / self.scale - paid
        self.bound = float(solver.getInfo().objective_function_value)
        basis = solver.getBasis()
        return list(basis.col_status), list(basis.row_status)

    def _dive(self, status: tuple[Any, Any], *, share: float) -> None:
        """Dive again and again, each time with other eyes."""
        if self._is_over():
            return
        rows = self._open_columns()
        solver = self._solver(rows)
        root = _basis(rows, len(self.columns), status)
        spare, vain = int(self.work * (1 - share)), 0
        with self._until(share):
            while vain < _IN_VAIN and self.work > spare and not self._is_over():
                solver.setBasis(root)
                vain = 0 if self._dive_once(solver, rows) else vain + 1

    def _dive_once(self, solver: Any, rows: Int64) -> bool:
        """Take routes until none is taken in part; whether that is better than what is in hand."""
        random = np.random.default_rng(self.dives)
        eyes = 1.0 + (_NOISE if self.dives else 0.0) * random.random(len(rows))
        self.dives += 1
        taken = np.zeros(len(rows), dtype=np.bool_)
        better = False
        self.work -= _LEAST_WORK
        while self._solved(solver) and self._may_lead_on(solver):
            part = np.array(solver.getSolution().col_value, dtype=np.float64)[: len(rows)]
            free = (part > _WHOLE) & ~taken
            if not (free & (part < 1 - _WHOLE)).any():
                chosen = rows[part > 0.5]
                self.seen[chosen] = True
                better = self._improve(chosen)
                break
            joining = free & (part > _TAKEN)
            if not joining.any():
                joining[np.argmax(np.where(free, part * eyes, 0.0))] = True
            taken |= joining
            _set_least(solver, np.flatnonzero(joining), 1.0)
        _set_least(solver, np.flatnonzero(taken), 0.0)
        return better

    def _may_lead_on(self, solver: Any) -> bool:
        return float(solver.getInfo().objective_function_value) - self.bound <= self._slack()

    def _solved(self, solver: Any) -> bool:
        """Solve a linear program with the work and time left; whether the optimum was found."""
        import highspy  # noqa: PLC0415 - heavy

        solver.setOptionValue("simplex_iteration_limit", max(0, self.work))
        self._limit_time(solver)
        solver.run()
        self.work -= max(0, int(solver.getInfo().simplex_iteration_count))
        return bool(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _limit_time(self, solver: Any) -> None:
        if self.until is not None:
            left = max(0.0, self.until - monotonic())
            solver.setOptionValue("time_limit", solver.getRunTime() + left)

    @contextmanager
    def _until(self, share: float) -> Iterator[None]:
        """Within, only a share of the time is left."""
        until = self.until
        if until is not None:
            self.until = monotonic() + share * (until - monotonic())
        yield
        self.until = until

    def _branch(self, rows: Int64, *, share: float) -> None:
        """Search the tree over some columns."""
        if len(rows) == 0 or self._is_over():
            return
        solver = self._solver(rows)
        whole = np.full(len(rows), 1, dtype=np.uint8)  # HighsVarType.kInteger
        solver.changeColsIntegrality(len(rows), np.arange(len(rows), dtype=np.int32), whole)
        options = {"mip_rel_gap": 0.0, "mip_abs_gap": max(1e-6, 0.5 / self.scale)}
        for option, value in (_TREE_OPTIONS | options).items():
            solver.setOptionValue(option, value)
        if self.value is not None and np.isin(self.best, rows).all():
            self._start_from_best(solver, rows)
        self._hear(solver, rows, calls=max(1, int(share * self.work) // _CALL))
        with self._until(share):
            self._limit_time(solver)
        solver.run()
        self.work -= max(_LEAST_WORK, int(solver.getInfo().simplex_iteration_count))

    def _hear(self, solver: Any, rows: Int64, *, calls: int) -> None:
        """Hear of better choices from a tree, and stop it after so many questions."""
        import highspy  # noqa: PLC0415 - heavy

        kinds = highspy.cb.HighsCallbackType
        asked = count(1)

        def hear(kind: Any, _message: str, heard: Any, answer: Any, _data: Any) -> None:
            if kind == kinds.kCallbackMipImprovingSolution:
                part = np.array(heard.mip_solution, dtype=np.float64)[: len(rows)]
                self._improve(rows[part > 0.5])
            else:
                answer.user_interrupt = next(asked) >= calls

        solver.setCallback(hear, None)
        solver.startCallback(kinds.kCallbackMipImprovingSolution)
        solver.startCallback(kinds.kCallbackMipInterrupt)

    def _start_from_best(self, solver: Any, rows: Int64) -> None:
        import highspy  # noqa: PLC0415 - heavy

        start = highspy.HighsSolution()
        start.col_value = self._with_left_out(rows).tolist()
        solver.setSolution(start)

    def _with_left_out(self, rows: Int64) -> Float:
        """The choice in hand as values of the columns and of the units left out."""
        served = np.zeros(len(self.covering.must), dtype=np.bool_)
        served[self.columns.units_of(self.best)[0]] = True
        left_out = ~served[~self.covering.must]
        return np.concatenate([np.isin(rows, self.best), left_out]).astype(np.float64)

    def _matrix(self, rows: Int64) -> tuple[Int64, Int64, Int64]:
        """Rows of the program in which each column stands, where each begins, limits above.

        Units first, then vehicle types, then all routes; every entry is 1.
        """
        unit, start = self.columns.units_of(rows)
        units, kinds = len(self.covering.must), len(self.covering.most)
        row = np.insert(unit, start[1:], units + self.columns.kind[rows])
        start = start + np.arange(len(start))
        row = np.insert(row, start[1:], units + kinds)
        start = start + np.arange(len(start))
        return row, start, np.append(self.covering.most, self.covering.routes)

    def _solver(self, rows: Int64) -> Any:
        """A HiGHS program of some columns, then of the units that may be left out."""
        import highspy  # noqa: PLC0415 - heavy

        row, start, most = self._matrix(rows)
        optional = np.flatnonzero(~self.covering.must)
        cost = np.concatenate([self.columns.cost[rows], self.covering.worth[optional]])
        units = len(self.covering.must)
        quiet: Any = highspy.Highs.__base__  # the class itself prints a banner when it is made
        solver = quiet()
        options = {"output_flag": False, "threads": 1, "random_seed": 1, "presolve": "off"}
        for option, value in options.items():
            solver.setOptionValue(option, value)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(cost), units + len(most)
        program.col_cost_ = cost / self.scale
        program.col_lower_, program.col_upper_ = np.zeros(len(cost)), np.ones(len(cost))
        program.row_lower_ = np.repeat([1.0, -highspy.kHighsInf], [units, len(most)])
        program.row_upper_ = np.append(np.full(units, highspy.kHighsInf), most.astype(np.float64))
        program.a_matrix_.start_ = np.append(start, start[-1] + 1 + np.arange(len(optional)))
        program.a_matrix_.index_ = np.append(row, optional)
        program.a_matrix_.value_ = np.ones(len(row) + len(optional))
        solver.passModel(program)
        return solver


def _set_least(solver: Any, at: Int64, least: float) -> None:
    """Take columns, or leave them to the solver again."""
    lower, upper = np.full(len(at), least), np.ones(len(at))
    solver.changeColsBounds(len(at), at.astype(np.int32), lower, upper)


def _basis(rows: Int64, columns: int, status: tuple[Any, Any]) -> Any:
    """The basis of the program over all columns, for the one over some."""
    import highspy  # noqa: PLC0415 - heavy

    basis = highspy.HighsBasis()
    basis.col_status = [status[0][row] for row in rows] + status[0][columns:]
    basis.row_status = status[1]
    basis.valid = True
    return basis
