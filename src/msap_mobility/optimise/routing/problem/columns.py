"""How the columns of every table are filled and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.arrays import Int32, Int64, as_int64, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from msap_mobility.errors import Faults

__all__ = [
    "MOST_SECONDS",
    "Columns",
    "Slots",
    "check_columns",
    "filled",
    "int32",
    "listed",
    "starts_fit",
]

MOST_SECONDS = 2**31 - 1
"""Of anything that takes time."""

Columns = dict[str, tuple[tuple[int, ...], int, int]]
"""Shape, least and most of each column of a table."""
Slots = tuple[Int64, Int32]
"""Where the rows of each list start, and the lists one after the other."""


def filled(values: Any, count: int, default: int) -> Int64:
    """`values` as int64, or `count` times the default; a single number is repeated."""
    given = default if values is None else values
    return as_int64(np.full(count, given) if np.ndim(given) == 0 else given)


def int32(values: Any) -> Int32:
    """`values` as int32 if none changes, else as they are: the check tells."""
    array = np.asarray(values)
    fits = array.dtype.kind in "iub" and (array.size == 0 or abs(array).max() <= MOST_SECONDS)
    return np.ascontiguousarray(array, dtype=np.int32) if fits or array.size == 0 else array


def listed(lists: Iterable[Iterable[int]]) -> Slots:
    """Lists as CSR.

    Examples
    --------
    >>> [array.tolist() for array in listed([[4, 1], [], [2]])]
    [[0, 2, 2, 3], [4, 1, 2]]
    """
    rows = [list(each) for each in lists]
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return starts, int32([value for row in rows for value in row])


def check_columns(faults: Faults, table: str, rows: object, columns: Mapping[str, Any]) -> bool:
    """Note every column of the wrong shape or out of range; whether all are right."""
    right = True
    for name, (shape, least, most) in columns.items():
        array = getattr(rows, name)
        right &= whole(faults, f"{table}.{name}", array, shape, least=least, most=most)
    return right


def starts_fit(faults: Faults, column: str, start: Int64, rows: int) -> bool:
    """Whether the starts of lists run from 0 to the number of rows and never back."""
    fit = start[0] == 0 and start[-1] == rows and bool((np.diff(start) >= 0).all())
    if not fit:
        faults.add("routing_starts", column=column, value=f"{start[0]}…{start[-1]}", rows=rows)
    return fit
