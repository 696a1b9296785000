"""Better choices of routes: dives from the optimum of the linear program, and trees over parts.

What takes long in a branch-and-bound solver is its root: cuts and sub-searches over two thousand
columns. So a tree is only searched where it is small. A **dive** takes the route nearest to 1,
solves the linear program again from where it stood, and so on until no route is taken in part; it
ends well or badly in a tenth of a second. An **exchange** searches the tree over all columns that
serve only units of some routes in hand.

Work is counted in simplex iterations, so the same input gives the same answer as long as no time
runs out.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.native.master_program import Program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from msap_mobility.optimise.routing.native.covering import Columns, Covering, Int64
    from msap_mobility.optimise.routing.native.master_program import Float, Status

__all__ = ["MOST_COLUMNS", "Search"]

MOST_COLUMNS = 2_000
"""Columns among which routes are chosen; the linear program sees them all."""

_LARGEST = 1e7
"""Costs are scaled down to this: solvers keep their tolerances only for numbers of middle size."""

_WHOLE = 1e-6
_EXACT = 1e-9
_AT_ONCE = 5_000  # up to so many columns the linear program holds all of them from the start
_OF_EACH = 10  # else it begins with so many of each unit
_PRICED_IN = 1_000  # and so many join at a time
_TAKEN = 0.9  # a dive takes at once all routes above this
_NOISE = 1.0  # of what the first dive sees, the later ones see up to twice as much
_JOINING = 50  # columns that join a dive at a time
_PAYING = 0.02  # share of the slack a column must save to join
_SAME_COLUMNS = 5  # dives before those that joined are sent away
_IN_VAIN = 30  # tries after which no more are made
_LEAST_WORK = 20  # even a try that needs no iteration is not for nothing
_PART_COLUMNS = 300  # of the first part; parts grow while they are in vain
_MOST_IN_PART = 1_200
_PART_SHARE = 0.1  # of the work that is left
_NEAREST = 64  # weight of a column that lacks one route to lie within a part
_TREE = 600  # a tree over more columns gains less than exchanges in the same time
_CALL = 100  # simplex iterations between two questions of the tree whether to stop, about


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
    scale
        By what costs are divided.
    reduced
        float64 (C,): by how much a choice with a column is dearer than the bound, at least.
    seen
        bool (C,): whether a column was in a choice at the end of a dive.
    dives, parts
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
    parts: int = 0

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
            self._exchange(share=0.9)
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

    def _program(self, rows: Int64) -> Program:
        return Program(self.columns, self.covering, rows, self.scale)

    def _improve(self, rows: Int64) -> bool:
        rows = self.covering.without_redundant(self.columns, np.sort(rows))
        value = self.covering.cost_of(self.columns, rows)
        if value is None or (self.value is not None and value >= self.value):
            return False
        self.best, self.value = rows, value
        self.tell(rows)
        return True

    def _price(self) -> Status | None:
        """Solve the linear program over all columns; the basis, None if there was no optimum."""
        every = np.arange(len(self.columns))
        program = self._program(every if len(every) <= _AT_ONCE else self._first_columns())
        while self._solved(program):
            self.reduced = program.reduced(every)
            joining = np.flatnonzero(self.reduced < -_EXACT * max(1.0, program.value))
            joining = joining[np.argsort(self.reduced[joining], kind="stable")]
            joining = joining[~np.isin(joining, program.rows)][:_PRICED_IN]
            if len(joining) == 0:
                self.bound = program.value
                return program.status()
            program.join(joining)
        return None

    def _first_columns(self) -> Int64:
        """The columns in hand, and of each unit those that cost least for each unit they serve."""
        size = np.diff(self.columns.start)
        column = np.repeat(np.arange(len(size)), size)
        each = self.columns.cost / np.maximum(size, 1)
        order = np.lexsort((each[column], self.columns.unit))
        unit = self.columns.unit[order]
        rank = np.arange(len(unit)) - np.searchsorted(unit, unit)
        return np.union1d(column[order[rank < _OF_EACH]], self.best)

    def _dive(self, status: Status, *, share: float) -> None:
        """Dive again and again, each time with other eyes."""
        spare, vain = int(self.work * (1 - share)), 0
        with self._until(share):
            while vain < _IN_VAIN and self.work > spare and not self._is_over():
                if self.dives % _SAME_COLUMNS == 0:
                    program = self._program(self._open_columns())
                program.go_back(status)
                vain = 0 if self._dive_once(program) else vain + 1

    def _dive_once(self, program: Program) -> bool:
        """Take routes until none is taken in part; whether that is better than what is in hand."""
        random = np.random.default_rng(self.dives)
        eyes = 1.0 + (_NOISE if self.dives else 0.0) * random.random(len(self.columns))
        self.dives += 1
        every = np.flatnonzero(self.reduced <= self._slack())
        taken: list[int] = []
        better = False
        self.work -= _LEAST_WORK
        while self._solved_with_all(program, every) and self._may_lead_on(program):
            part = program.part()
            free = part > _WHOLE
            free[taken] = False
            if not (free & (part < 1 - _WHOLE)).any():
                chosen = program.rows[part > 0.5]
                self.seen[chosen] = True
                better = self._improve(chosen)
                break
            joining = np.flatnonzero(free & (part > _TAKEN))
            if len(joining) == 0:
                nearest = np.argmax(np.where(free, part * eyes[program.rows], 0.0))
                joining = np.array([nearest], dtype=np.int64)
            taken += joining.tolist()
            program.set_least(joining, 1.0)
        program.set_least(np.array(taken, dtype=np.int64), 0.0)
        return better

    def _may_lead_on(self, program: Program) -> bool:
        return program.value - self.bound <= self._slack()

    def _solved_with_all(self, program: Program, every: Int64) -> bool:
        """Solve the linear program, and once more if columns join that pay by its prices."""
        if not self._solved(program):
            return False
        if len(every) <= len(program.rows):
            return True
        reduced = program.reduced(every)
        paying = np.flatnonzero(reduced < -_PAYING * min(self._slack(), abs(self.bound)))
        paying = paying[np.argsort(reduced[paying], kind="stable")]
        paying = paying[~np.isin(every[paying], program.rows)][:_JOINING]
        if len(paying) == 0:
            return True
        program.join(every[paying])
        return self._solved(program)

    def _solved(self, program: Program) -> bool:
        """Solve a linear program with the work and time left; whether the optimum was found."""
        if self.work <= 0:
            return False
        program.solver.setOptionValue("simplex_iteration_limit", self.work)
        self._limit_time(program)
        program.solver.run()
        self.work -= program.iterations
        return program.is_optimal

    def _limit_time(self, program: Program) -> None:
        if self.until is not None:
            left = max(0.0, self.until - monotonic())
            program.solver.setOptionValue("time_limit", program.solver.getRunTime() + left)

    def _exchange(self, *, share: float) -> None:
        """Search the trees over parts of the choice in hand, each over all columns within it."""
        if self.value is None:
            return
        spare, size, vain = int(self.work * (1 - share)), _PART_COLUMNS, 0
        with self._until(share):
            while vain < _IN_VAIN and self.work > spare and not self._is_over():
                before = self.value
                self._branch(self._part(size), share=_PART_SHARE)
                vain = vain + 1 if self.value == before else 0
                size = min(_MOST_IN_PART, size + size // 8) if vain else size

    def _part(self, size: int) -> Int64:
        """Columns that only serve units of some related routes in hand, and the routes in hand.

        Routes are related if many columns serve units of both. They are drawn one after the
        other, until `size` columns lie within.
        """
        random = np.random.default_rng([1, self.parts])
        self.parts += 1
        rows = np.flatnonzero(self.reduced <= self._slack())
        meets = self._meetings(rows)
        free = np.zeros(len(self.best), dtype=np.bool_)
        joining = int(random.integers(max(1, len(free))))
        outside = meets.sum(axis=1)
        while not free.all() and np.count_nonzero(outside == 0) < size:
            free[joining] = True
            left = meets[:, ~free].sum(axis=1)
            if np.count_nonzero(left == 0) > MOST_COLUMNS and (outside == 0).any():
                break
            outside = left
            near = (outside > 0) & meets[:, free].any(axis=1)
            weight = _NEAREST // np.maximum(outside, 1) ** 2 * near
            score = np.where(free, 0, weight @ meets)
            if not score.any():
                break
            joining = int(np.searchsorted(np.cumsum(score), random.integers(score.sum()), "right"))
        within = rows[outside == 0]
        if len(within) > MOST_COLUMNS:
            within = within[np.argsort(self.reduced[within], kind="stable")[:MOST_COLUMNS]]
        return np.union1d(within, self.best)

    def _meetings(self, rows: Int64) -> Int64:
        """Whether a column (row) and a route in hand (column) serve the same unit: 0 or 1."""
        held, held_start = self.columns.units_of(self.best)
        route = np.full(len(self.covering.must), -1, dtype=np.int64)
        route[held] = np.repeat(np.arange(len(self.best)), np.diff(held_start))
        unit, start = self.columns.units_of(rows)
        column = np.repeat(np.arange(len(rows)), np.diff(start))
        served = route[unit] >= 0
        meets = np.zeros((len(rows), len(self.best)), dtype=np.int64)
        meets[column[served], route[unit[served]]] = 1
        return meets

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
        program = self._program(rows)
        program.make_whole(max(1e-6, 0.5 / self.scale))
        if self.value is not None and np.isin(self.best, rows).all():
            program.start_from(self.best)
        self._hear(program, calls=max(1, int(share * self.work) // _CALL))
        with self._until(share):
            self._limit_time(program)
        program.solver.run()
        self.work -= max(_LEAST_WORK, program.iterations)

    def _hear(self, program: Program, *, calls: int) -> None:
        """Hear of better choices from a tree, and stop it after so many questions."""
        import highspy  # noqa: PLC0415 - heavy

        kinds = highspy.cb.HighsCallbackType
        asked = count(1)

        def hear(kind: Any, _message: str, heard: Any, answer: Any, _data: Any) -> None:
            if kind == kinds.kCallbackMipImprovingSolution:
                self._improve(program.rows[program.of_columns(heard.mip_solution) > 0.5])
            else:
                answer.user_interrupt = next(asked) >= calls

        program.solver.setCallback(hear, None)
        program.solver.startCallback(kinds.kCallbackMipImprovingSolution)
        program.solver.startCallback(kinds.kCallbackMipInterrupt)
