"""A small mixed-integer program, row by row, for HiGHS."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Program"]

_OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 1,
    "presolve": "off",  # with it some optima were missed where hours cost
    "mip_rel_gap": 0.0,
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
    "mip_heuristic_effort": 0.0,  # searches of its own, and looking for symmetry: twice as slow
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_allow_restart": False,
    "mip_detect_symmetry": False,
}


class Program:
    """Columns that cost, and rows of which each sum is no less than something.

    Examples
    --------
    Either of two, the cheaper:

    >>> program = Program()
    >>> one, other = program.column(3, whole=True), program.column(2, whole=True)
    >>> program.row({one: 1, other: 1}, 1)
    >>> program.solve().astype(int).tolist()
    [0, 1]
    """

    __slots__ = ("_bounds", "_cost", "_rows", "_whole")

    def __init__(self) -> None:
        self._cost: list[float] = []
        self._bounds: list[tuple[float, float]] = []
        self._whole: list[int] = []
        self._rows: list[tuple[Mapping[int, float], float, float]] = []

    def column(
        self, cost: float = 0, *, least: float = 0, most: float = inf, whole: bool = False
    ) -> int:
        """A new variable; a whole one is 0 or 1."""
        self._cost.append(cost)
        self._bounds.append((least, 1 if whole else most))
        self._whole.append(int(whole))
        return len(self._cost) - 1

    def price(self, column: int, cost: float) -> None:
        """A variable costs so much more."""
        self._cost[column] += cost

    def row(self, terms: Mapping[int, float], least: float, most: float = inf) -> None:
        """Their sum lies between."""
        self._rows.append((terms, least, most))

    def one_of(self, columns: Iterable[int]) -> None:
        """Exactly one of them is 1."""
        self.row(dict.fromkeys(columns, 1.0), 1, 1)

    def forbid(self, columns: Sequence[int]) -> None:
        """Not all of them are 1."""
        self.row(dict.fromkeys(columns, -1.0), 1 - len(columns))

    def too_much(self, rate: float, terms: Mapping[int, float], most: float) -> None:
        """Each unit by which the sum is beyond `most` costs the rate."""
        if rate:
            over = self.column(rate)
            self.row({over: 1.0} | {column: -factor for column, factor in terms.items()}, -most)

    def solve(self) -> NDArray[np.float64] | None:
        """Values of all variables that cost least; None if there are none.

        Raises
        ------
        ArithmeticError
            If HiGHS gives up.
        """
        import highspy  # noqa: PLC0415 - heavy

        quiet: Any = highspy.Highs.__base__  # the class itself prints a banner when it is made
        solver = quiet()
        for option, value in _OPTIONS.items():
            solver.setOptionValue(option, value)
        solver.passModel(self._model(highspy))
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:  # never seen; to say "none" would be wrong
            raise ArithmeticError(solver.modelStatusToString(status))
        return np.array(solver.getSolution().col_value, dtype=np.float64)

    def _model(self, highspy: Any) -> Any:
        """As HiGHS takes it."""
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._cost), len(self._rows)
        model.col_cost_ = np.array(self._cost, dtype=np.float64)
        bounds = np.array(self._bounds, dtype=np.float64).reshape(-1, 2)
        model.col_lower_, model.col_upper_ = bounds[:, 0], bounds[:, 1]
        model.row_lower_ = np.array([least for _, least, _ in self._rows], dtype=np.float64)
        model.row_upper_ = np.array([most for *_, most in self._rows], dtype=np.float64)
        sizes = [0, *(len(terms) for terms, *_ in self._rows)]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum(sizes)
        model.a_matrix_.index_ = np.array([c for terms, *_ in self._rows for c in terms])
        model.a_matrix_.value_ = np.array(
            [factor for terms, *_ in self._rows for factor in terms.values()], dtype=np.float64
        )
        if any(self._whole):
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[whole] for whole in self._whole]
        return model
