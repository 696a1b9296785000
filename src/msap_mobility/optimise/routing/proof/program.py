"""The linear program of routes in HiGHS: who is visited, who is covered, which vehicles drive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.proof.scope import SCALE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.proof.ground import Ground

__all__ = ["Program"]

_OPTIONS = {"output_flag": False, "threads": 1, "random_seed": 1}
_LONGEST_S = 1e9


class Program:
    """Rows: stops, customers, kinds of vehicles, all routes. Columns: who is left out, then routes.

    Parameters
    ----------
    ground
        What is asked.

    Notes
    -----
    A stop that must be visited is in exactly one route, another in at most one; a customer's
    row adds up to at least 1, of each kind there are no more routes than vehicles, and the routes
    of all kinds are as many as the ground allows.
    """

    __slots__ = ("_ground", "_left", "_rows", "solver")

    def __init__(self, ground: Ground) -> None:
        import highspy  # noqa: PLC0415 - heavy

        self._ground = ground
        quiet: Any = highspy.Highs.__base__  # the class itself prints a banner when it is made
        self.solver = quiet()
        for option, value in _OPTIONS.items():
            self.solver.setOptionValue(option, value)
        stops, customers = len(ground.stops), len(ground.worth)
        must = np.flatnonzero(ground.must)
        row = np.concatenate([must, stops + np.arange(customers)])
        least, most = ground.routes
        last = stops + customers + len(ground.kinds)
        row = np.append(row, last)  # more routes may be asked than there are
        self._left = len(row)
        infinity = highspy.kHighsInf
        held = highspy.HighsLp()
        held.num_col_, held.num_row_ = len(row), last + 1
        cost = np.full(len(row), float(ground.dear))
        cost[len(must) : len(must) + customers] = ground.worth
        held.col_cost_ = cost
        held.col_lower_, held.col_upper_ = np.zeros(len(row)), np.full(len(row), infinity)
        counts = [float(kind.count) for kind in ground.kinds]
        lower = np.where(ground.must, 1.0, -infinity), np.ones(customers)
        held.row_lower_ = np.concatenate([*lower, np.full(len(counts), -infinity), [least]])
        upper = np.ones(stops), np.full(customers, infinity)
        held.row_upper_ = np.concatenate([*upper, counts, [most]])
        held.a_matrix_.start_ = np.arange(len(row) + 1)
        held.a_matrix_.index_, held.a_matrix_.value_ = row, np.ones(len(row))
        self._rows = last + 1
        self.solver.passModel(held)

    def join(self, part: NDArray[np.int8], kind: Int64, cost: Int64) -> None:
        """Let routes join.

        Parameters
        ----------
        part
            int8 (C, N + U): how often each route visits each stop and covers each customer.
        kind
            int64 (C,): of vehicle.
        cost
            int64 (C,).
        """
        if len(cost) == 0:
            return
        row, column = np.nonzero(part)
        first = np.searchsorted(row, np.arange(len(cost)))
        ends = np.repeat(np.append(first[1:], len(row)), 2)
        of_fleet = np.stack([part.shape[1] + kind, np.full(len(kind), self._rows - 1)], axis=1)
        index = np.insert(column, ends, of_fleet.ravel())
        value = np.insert(part[row, column], ends, 1)
        begin = first + 2 * np.arange(len(cost))
        prized = cost - part[:, : len(self._ground.stops)] @ self._ground.prize
        count, lower = len(cost), np.zeros(len(cost))
        upper = np.full(count, _infinity())
        self.solver.addCols(
            count,
            prized.astype(np.float64),
            lower,
            upper,
            len(index),
            begin.astype(np.int32),
            index.astype(np.int32),
            value.astype(np.float64),
        )

    def solve(self, until: float = _LONGEST_S) -> bool:
        """Whether the optimum was found.

        Parameters
        ----------
        until
            Seconds.
        """
        import highspy  # noqa: PLC0415 - heavy

        self.solver.setOptionValue("time_limit", float(min(max(until, 0.0), _LONGEST_S)))
        self.solver.run()
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    @property
    def value(self) -> float:
        """Of the last run, the constant included."""
        return float(self.solver.getInfo().objective_function_value) + self._ground.constant

    @property
    def bound(self) -> float:
        """Of the last run in whole routes, the constant included."""
        return float(self.solver.getInfo().mip_dual_bound) + self._ground.constant

    def dual(self) -> NDArray[np.float64]:
        """Of the rows, by the last run."""
        return np.array(self.solver.getSolution().row_dual, dtype=np.float64)

    def fleet_dual(self) -> Int64:
        """int64 (K,): what a route of each kind is charged for its vehicle, in 1/`SCALE`."""
        dual = self.dual()
        kinds = len(self._ground.kinds)
        charged: Int64 = np.rint((dual[-1 - kinds : -1] + dual[-1]) * SCALE).astype(np.int64)
        return charged

    def taken(self) -> NDArray[np.float64]:
        """How much of each route is taken, by the last run."""
        return np.array(self.solver.getSolution().col_value, dtype=np.float64)[self._left :]

    def make_whole(self, most_nodes: int | None = None) -> None:
        """From now on routes are driven or not."""
        count = int(self.solver.getNumCol()) - self._left
        columns = self._left + np.arange(count, dtype=np.int32)
        self.solver.changeColsIntegrality(count, columns, np.full(count, 1, dtype=np.uint8))
        self.solver.setOptionValue("mip_rel_gap", 0.0)
        self.solver.setOptionValue("mip_abs_gap", 0.5)  # costs are whole
        if most_nodes is not None:
            self.solver.setOptionValue("mip_max_nodes", most_nodes)


def _infinity() -> float:
    import highspy  # noqa: PLC0415 - heavy

    return float(highspy.kHighsInf)
