"""Columns of which each driver and each rider takes at most one: as arrays, and by rule of thumb.

A **row** is what only one column may have: a driver, a rider, or a set of columns that exclude one
another. A **tie** joins two riders who are served both or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from msap_mobility.compiled import kernel

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64

__all__ = ["Program", "by_rule_of_thumb", "over_price", "tie_price"]


class Program(NamedTuple):
    """Which columns to take so that their gains add up to most.

    Parameters
    ----------
    gain
        int64 per column.
    start, row
        int64 CSR: the rows of each column; at least one each.
    driver
        int64 per column: the row of its driver, −1 without one.
    tie
        int64 (ties, 2): rows of two riders.
    rows
        int64 (1,): how many rows there are.
    """

    gain: Int64
    start: Int64
    row: Int64
    driver: Int64
    tie: Int64
    rows: Int64

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.gain)

    def of(self, columns: Int64) -> tuple[Int64, Int64]:
        """Rows of some columns, one column after the other, and where each begins."""
        count = self.start[columns + 1] - self.start[columns]
        start = np.concatenate([[0], np.cumsum(count)])
        place = np.arange(start[-1]) - np.repeat(start[:-1] - self.start[columns], count)
        return self.row[place], start


def tie_price(program: Program, price: Int64, tie: Int64) -> Int64:
    """Prices of the rows when each tie moves so much of its second rider's price to its first."""
    whole = price.copy()
    np.add.at(whole, program.tie[:, 0], tie)
    np.subtract.at(whole, program.tie[:, 1], tie)
    return whole


def over_price(program: Program, price: Int64, scale: int) -> Int64:
    """Gain of each column above the prices of its rows, in 1/`scale` units."""
    if program.columns == 0:
        return np.zeros(0, dtype=np.int64)
    paid = np.add.reduceat(price[program.row], program.start[:-1])
    return np.asarray(scale * program.gain - paid, dtype=np.int64)


@kernel(
    "void(int64[::1], int64[::1], int64[::1], int64[::1], int64[::1], boolean[::1], boolean[::1])"
)
def _take(  # noqa: C901 - two passes of one rule
    order: Int64,
    gain: Int64,
    start: Int64,
    row: Int64,
    partner: Int64,
    used: np.ndarray[tuple[int], np.dtype[np.bool_]],
    taken: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> None:
    """Best gain first; then undo columns with half a tie until none is left; then fill up.

    The second time only columns are taken that hold the other half of every tie of theirs.
    """
    for refill in range(2):
        for column in order:
            if gain[column] <= 0:
                break
            free = not taken[column]
            for one in row[start[column] : start[column + 1]]:
                free &= not used[one]
                if refill == 1 and free and partner[one] >= 0:
                    free = False
                    for other in row[start[column] : start[column + 1]]:
                        free |= other == partner[one]
            if free:
                taken[column] = True
                used[row[start[column] : start[column + 1]]] = True
        undone = refill == 0
        while undone:
            undone = False
            for column in order:
                for one in row[start[column] : start[column + 1]]:
                    if taken[column] and partner[one] >= 0 and not used[partner[one]]:
                        taken[column] = False
                        undone = True
                        used[row[start[column] : start[column + 1]]] = False


def by_rule_of_thumb(program: Program) -> Int64:
    """Columns by falling gain, each taken if its rows are free, ties by index; rising."""
    partner = np.full(int(program.rows[0]), -1, dtype=np.int64)
    partner[program.tie[:, 0]], partner[program.tie[:, 1]] = program.tie[:, 1], program.tie[:, 0]
    taken = np.zeros(program.columns, dtype=np.bool_)
    used = np.zeros(int(program.rows[0]), dtype=np.bool_)
    order = np.argsort(-program.gain, kind="stable")
    _take(order, program.gain, program.start, program.row, partner, used, taken)
    return np.flatnonzero(taken)
