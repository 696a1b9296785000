"""The set covering program over some routes of the pool, in HiGHS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.covering import Columns, Covering, Int64

__all__ = ["Float", "Program", "Status"]

Float = NDArray[np.float64]
Status = tuple[list[Any], list[Any]]
"""Of columns and rows: in the basis, or at which of their limits."""

_OPTIONS = {"output_flag": False, "threads": 1, "random_seed": 1, "presolve": "off"}

_TREE_OPTIONS = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_allow_restart": False,
    "mip_rel_gap": 0.0,
}
"""Without searches of its own, in which a tree looks at no clock for seconds."""


class Program:
    """Some columns at first, then the units that may be left out, then columns that joined.

    Parameters
    ----------
    columns, covering
        All routes, and what is asked.
    rows
        int64: the columns to begin with.
    scale
        By what costs are divided.
    """

    __slots__ = (
        "_at",
        "_columns",
        "_covering",
        "_optional",
        "_priced",
        "_prices",
        "_scale",
        "rows",
        "solver",
    )

    def __init__(self, columns: Columns, covering: Covering, rows: Int64, scale: float) -> None:
        import highspy  # noqa: PLC0415 - heavy

        self._columns, self._covering, self._scale = columns, covering, scale
        self._optional = np.flatnonzero(~covering.must)
        self.rows = self._priced = rows
        self._at = np.arange(len(rows))
        quiet: Any = highspy.Highs.__base__  # the class itself prints a banner when it is made
        self.solver = quiet()
        for option, value in _OPTIONS.items():
            self.solver.setOptionValue(option, value)
        row, start = self._prices = _matrix(columns, covering, rows)
        cost = np.concatenate([columns.cost[rows], covering.worth[self._optional]])
        most = np.append(covering.most, covering.routes).astype(np.float64)
        units = len(covering.must)
        held = highspy.HighsLp()
        held.num_col_, held.num_row_ = len(cost), units + len(most)
        held.col_cost_ = cost / scale
        held.col_lower_, held.col_upper_ = np.zeros(len(cost)), np.ones(len(cost))
        held.row_lower_ = np.repeat([1.0, -highspy.kHighsInf], [units, len(most)])
        held.row_upper_ = np.append(np.full(units, highspy.kHighsInf), most)
        held.a_matrix_.start_ = np.append(start, start[-1] + 1 + np.arange(len(self._optional)))
        held.a_matrix_.index_ = np.append(row, self._optional)
        held.a_matrix_.value_ = np.ones(len(row) + len(self._optional))
        self.solver.passModel(held)

    def join(self, rows: Int64) -> None:
        """Let other columns join."""
        row, start = _matrix(self._columns, self._covering, rows)
        count, there = len(rows), int(self.solver.getNumCol())
        cost = self._columns.cost[rows] / self._scale
        lower, upper, value = np.zeros(count), np.ones(count), np.ones(len(row))
        begin, index = start[:-1].astype(np.int32), row.astype(np.int32)
        self.solver.addCols(count, cost, lower, upper, len(row), begin, index, value)
        self.rows = np.append(self.rows, rows)
        self._at = np.append(self._at, np.arange(there, there + count))

    @property
    def is_optimal(self) -> bool:
        """Whether the last run ended with the optimum."""
        import highspy  # noqa: PLC0415 - heavy

        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    @property
    def value(self) -> float:
        """Of the last run, in scaled costs."""
        return float(self.solver.getInfo().objective_function_value)

    @property
    def iterations(self) -> int:
        """Of the simplex method in the last run."""
        return max(0, int(self.solver.getInfo().simplex_iteration_count))

    def part(self) -> Float:
        """How much of each column of `rows` is taken."""
        return self.of_columns(self.solver.getSolution().col_value)

    def of_columns(self, values: Any) -> Float:
        """Of values of all variables, those of `rows`."""
        every: Float = np.array(values, dtype=np.float64)
        return every[self._at]

    def reduced(self, rows: Int64) -> Float:
        """Reduced costs of columns, in or out of the program, by the prices of the last run."""
        dual = np.append(np.array(self.solver.getSolution().row_dual, dtype=np.float64), 0.0)
        if self._priced is not rows:  # asked for the same ones again and again
            self._priced, self._prices = rows, _matrix(self._columns, self._covering, rows)
        row, start = self._prices
        reduced: Float = self._columns.cost[rows] / self._scale
        return reduced - np.add.reduceat(dual[row], start[:-1]) if len(rows) else reduced

    def set_least(self, at: Int64, least: float) -> None:
        """Of the columns at these places of `rows`, take at least so much."""
        lower, upper = np.full(len(at), least), np.ones(len(at))
        self.solver.changeColsBounds(len(at), self._at[at].astype(np.int32), lower, upper)

    def status(self) -> Status:
        """Of the basis of the last run, for the program of all columns in their order."""
        import highspy  # noqa: PLC0415 - heavy

        basis = self.solver.getBasis()
        every = len(self._columns) + len(self._optional)
        of_variables = [highspy.HighsBasisStatus.kLower] * every
        for variable, status in zip(self._variables().tolist(), basis.col_status, strict=True):
            of_variables[variable] = status
        return of_variables, list(basis.row_status)

    def go_back(self, status: Status) -> None:
        """Go on from the optimum of the program of all columns in their order."""
        import highspy  # noqa: PLC0415 - heavy

        basis = highspy.HighsBasis()
        basis.col_status = [status[0][variable] for variable in self._variables().tolist()]
        basis.row_status = status[1]
        basis.valid = True
        self.solver.setBasis(basis)

    def _variables(self) -> Int64:
        """Which variable of the program of all columns in their order each of this one is."""
        every = int(self.solver.getNumCol())
        variable = np.empty(every, dtype=np.int64)
        variable[np.setdiff1d(np.arange(every), self._at)] = len(self._columns) + np.arange(
            len(self._optional)
        )
        variable[self._at] = self.rows
        return variable

    def make_whole(self, abs_gap: float) -> None:
        """From now on columns are taken or not."""
        count = len(self.rows)
        whole = np.full(count, 1, dtype=np.uint8)  # HighsVarType.kInteger
        self.solver.changeColsIntegrality(count, self._at.astype(np.int32), whole)
        for option, value in {**_TREE_OPTIONS, "mip_abs_gap": abs_gap}.items():
            self.solver.setOptionValue(option, value)

    def start_from(self, best: Int64) -> None:
        """Tell the tree a choice among the columns, before any has joined."""
        import highspy  # noqa: PLC0415 - heavy

        served = np.zeros(len(self._covering.must), dtype=np.bool_)
        served[self._columns.units_of(best)[0]] = True
        values = np.append(np.isin(self.rows, best), ~served[self._optional])
        start = highspy.HighsSolution()
        start.col_value = values.astype(np.float64).tolist()
        self.solver.setSolution(start)


def _matrix(columns: Columns, covering: Covering, rows: Int64) -> tuple[Int64, Int64]:
    """Rows of the program in which each column stands, and where each begins.

    Units first, then vehicle types, then all routes; every entry is 1.
    """
    unit, start = columns.units_of(rows)
    units, kinds = len(covering.must), len(covering.most)
    ends = np.repeat(start[1:], 2)
    extra = np.stack([units + columns.kind[rows], np.full(len(rows), units + kinds)], axis=1)
    return np.insert(unit, ends, extra.ravel()), start + 2 * np.arange(len(start))
