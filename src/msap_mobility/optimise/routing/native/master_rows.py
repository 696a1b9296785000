"""What the master's rows are: units, homes, and of customers with patterns each request.

A pattern is a column too, though nobody drives it: it meets the requests of its customer that it
does *not* have. So every row asks that one of its columns be taken, and nothing is subtracted: a
request is met by a route that visits it, or by the choice of a pattern that can do without. Of the
patterns of a customer one at most is taken, as if they were a fleet of one vehicle. Whoever may be
left out has one more, which can do without all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.native.arrays.problem import (
    FIRST,
    GAIN,
    HOME_PRIZE,
    MEMBERS,
    MEMBERS_END,
    MUST,
    NEEDED,
    OWNER,
    PRIZE_SCALE,
    WORTH,
)
from msap_mobility.optimise.routing.native.choices import parts_of
from msap_mobility.optimise.routing.native.covering import Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["Rows", "rows_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """R rows.

    Parameters
    ----------
    must, worth
        bool and int64 (R,): whether it must be met, and what it costs if it is not.
    of_unit, of_home, of_request
        int64: the row of each, −1 where it has none.
    customer
        int64 (2, C): of each customer of patterns a vehicle type that stands for no vehicle, and
        its unit.
    """

    must: NDArray[np.bool_]
    worth: Int64
    of_unit: Int64
    of_home: Int64
    of_request: Int64
    customer: Int64

    @property
    def customers(self) -> int:
        """How many customers of patterns there are."""
        return int(self.customer.shape[1])

    def met_by(self, problem: Problem, requests: Int64) -> Int64:
        """The rows that a route meets by its requests, each once."""
        owner = problem.node[problem.request[requests, FIRST], OWNER]
        start = problem.cover_start
        homes = [problem.covers[start[row] : start[row + 1]] for row in requests.tolist()]
        covered = np.concatenate([*homes, np.zeros(0, dtype=np.int64)])
        met = [self.of_unit[owner], self.of_request[requests], self.of_home[covered]]
        rows = np.unique(np.concatenate(met))
        return rows[rows >= 0]

    def columns(self, problem: Problem, options: Int64) -> Columns:
        """Options as columns; −1 − u leaves unit u out."""
        scale = int(problem.setting[PRIZE_SCALE])
        kind_of = dict(zip(self.customer[1].tolist(), self.customer[0].tolist(), strict=True))
        start, met, cost, kind = [0], [], [], []
        for option in options.tolist():
            unit = -1 - option if option < 0 else _unit_of(problem, option)
            parts = set() if option < 0 else set(parts_of(problem, option))
            spared = [row for row in _all_parts(problem, unit) if row not in parts]
            gain = 0 if option < 0 else int(problem.option[option, GAIN])
            met += self.of_request[spared].tolist()
            start.append(len(met))
            cost.append(scale * (int(problem.unit[unit, WORTH]) - gain))
            kind.append(kind_of[unit])
        return Columns(
            start=np.array(start, dtype=np.int64),
            unit=np.array(met, dtype=np.int64),
            cost=np.array(cost, dtype=np.int64),
            kind=np.array(kind, dtype=np.int64),
        )


def rows_of(problem: Problem) -> Rows:
    """The rows of a problem."""
    patterns = len(problem.request)  # the options from here on
    is_choice = np.array(
        [
            (problem.member[first:end] >= patterns).any()
            for first, end in problem.unit[:, [MEMBERS, MEMBERS_END]].tolist()
        ],
        dtype=np.bool_,
    )
    customers = np.flatnonzero(is_choice)
    asked = ~is_choice & ((problem.unit[:, MUST] > 0) | (problem.unit[:, WORTH] > 0))
    parts = [row for unit in customers.tolist() for row in _all_parts(problem, unit)]
    of_unit, of_home, of_request = (
        np.full(len(table), -1, dtype=np.int64)
        for table in (problem.unit, problem.home, problem.request)
    )
    of_unit[asked] = np.arange(asked.sum())
    of_home[:] = asked.sum() + np.arange(len(problem.home))
    of_request[parts] = asked.sum() + len(problem.home) + np.arange(len(parts))
    needed = problem.home[:, NEEDED] > 0
    always = np.ones(len(parts), dtype=np.bool_)
    nothing = np.zeros(len(parts), dtype=np.int64)
    worth = [problem.unit[asked, WORTH], problem.home[:, HOME_PRIZE], nothing]
    return Rows(
        must=np.concatenate([problem.unit[asked, MUST] > 0, needed, always]),
        worth=np.concatenate(worth),
        of_unit=of_unit,
        of_home=of_home,
        of_request=of_request,
        customer=np.stack([len(problem.vehicle) + np.arange(len(customers)), customers]),
    )


def _unit_of(problem: Problem, option: int) -> int:
    task = problem.request[parts_of(problem, option)[0], FIRST]
    return int(problem.node[task, OWNER])


def _all_parts(problem: Problem, unit: int) -> list[int]:
    """The requests of all options of a unit, ascending."""
    first, end = problem.unit[unit, [MEMBERS, MEMBERS_END]].tolist()
    options = problem.member[first:end].tolist()
    return sorted({part for option in options for part in parts_of(problem, option)})
