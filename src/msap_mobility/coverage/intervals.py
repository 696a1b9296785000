"""Sets of instants of many rows at once, as sorted half-open intervals of whole seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from msap_mobility.model.home import FloatArray
    from msap_mobility.model.opening import SecondArray

__all__ = ["Intervals", "slices", "union"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Intervals:
    """Disjoint intervals ``[start, end)``, sorted by row and start; none touches the next.

    Parameters
    ----------
    row, start_s, end_s
        int64 arrays of one length.
    rows_count
        How many rows there are, empty ones included.
    """

    row: SecondArray
    start_s: SecondArray
    end_s: SecondArray
    rows_count: int

    def __len__(self) -> int:
        return len(self.row)

    @property
    def counts(self) -> SecondArray:
        """Number of intervals of each row."""
        return np.bincount(self.row, minlength=self.rows_count)

    @property
    def indptr(self) -> SecondArray:
        """Where each row begins, and the end: int64, one more than there are rows."""
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(self.counts)])

    def total(self, seconds: SecondArray) -> FloatArray:
        """Sum by row of whole numbers given per interval: exact below 2**53."""
        sums = np.bincount(self.row, weights=seconds, minlength=self.rows_count)
        return np.asarray(sums, dtype=np.float64)

    def clipped(self, first_s: int, last_s: int) -> Intervals:
        """What lies in ``[first_s, last_s)``."""
        start_s, end_s = np.maximum(self.start_s, first_s), np.minimum(self.end_s, last_s)
        kept = start_s < end_s
        return Intervals(
            row=self.row[kept],
            start_s=start_s[kept],
            end_s=end_s[kept],
            rows_count=self.rows_count,
        )

    def elapsed(self, instants: SecondArray) -> SecondArray:
        """Seconds of these intervals that lie before each instant; for one row only."""
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.end_s - self.start_s)])
        index = np.searchsorted(self.start_s, instants, side="right")
        last = np.maximum(index - 1, 0)
        unfinished = np.maximum(self.end_s[last] - instants, 0) if len(self) else 0
        return before[index] - np.where(index > 0, unfinished, 0)


def union(
    row: SecondArray, start_s: SecondArray, end_s: SecondArray, *, rows_count: int
) -> Intervals:
    """The union, row by row, of intervals in any order; empty ones vanish, touching ones merge.

    Parameters
    ----------
    row, start_s, end_s
        int64 arrays of one length.
    rows_count
        Rows are numbered below it.

    Examples
    --------
    >>> import numpy as np
    >>> both = union(np.array([0, 0, 1]), np.array([5, 0, 5]), np.array([9, 5, 7]), rows_count=2)
    >>> both.row.tolist(), both.start_s.tolist(), both.end_s.tolist()
    ([0, 1], [0, 5], [9, 7])
    """
    real = end_s > start_s
    order = np.lexsort((start_s[real], row[real]))
    row, start_s, end_s = row[real][order], start_s[real][order], end_s[real][order]
    if len(row) == 0:
        return Intervals(row=row, start_s=start_s, end_s=end_s, rows_count=rows_count)
    # All rows are laid on one axis, a second apart, so that one running maximum serves them all.
    shift = row * (int(end_s.max()) - int(start_s.min()) + 1)
    reached = np.maximum.accumulate(end_s + shift)
    begins = np.concatenate([np.ones(1, np.bool_), (start_s + shift)[1:] > reached[:-1]])
    ends = np.concatenate([begins[1:], np.ones(1, np.bool_)])
    return Intervals(
        row=row[begins],
        start_s=start_s[begins],
        end_s=(reached - shift)[ends],
        rows_count=rows_count,
    )


def slices(indptr: SecondArray, rows: SecondArray) -> SecondArray:
    """The positions of some rows of a sparse table, one row after the other.

    Examples
    --------
    >>> import numpy as np
    >>> slices(np.array([0, 2, 2, 5]), np.array([2, 0])).tolist()
    [2, 3, 4, 0, 1]
    """
    first, count = indptr[rows], indptr[rows + 1] - indptr[rows]
    before = np.cumsum(count) - count
    return np.repeat(first - before, count) + np.arange(count.sum())
