"""Big tables from small requests: cut, asked one by one, joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.model import Points, Reached, TimesTable
from msap_mobility.roads.room import check_room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["NoWayError", "cells", "far_table", "joined_table", "line_between"]

Cells = np.ndarray[tuple[int, int], np.dtype[np.float64]]
_CELL_BYTES = 20  # two float32, a status, and as much again of the near places alone
Line = tuple[tuple[float, float], ...]


class NoWayError(Exception):
    """A server refuses a whole request because of one pair in it.

    Parameters
    ----------
    status
        What that pair is.
    """

    def __init__(self, status: Reached) -> None:
        super().__init__(status.name)
        self.status = status


def joined_table(
    ask: Callable[[Points, Points], TimesTable],
    origins: Points,
    destinations: Points,
    *,
    side: int,
    limit_s: float,
) -> TimesTable:
    """A table of any size, from requests of at most `side` origins and as many destinations.

    Parameters
    ----------
    ask
        For a part of the table. Raises `NoWayError` if a pair in it spoils the request, which is
        then asked again by halves, down to the pairs: at most twice as many requests as pairs.
    origins, destinations
        WGS84 degrees.
    side
        At least 1.
    limit_s
        Cells over it are ``inf`` with the status `Reached.OVER_LIMIT`.
    """
    table = far_table(len(origins), len(destinations))
    for rows in _slices(len(origins), side):
        for columns in _slices(len(destinations), side):
            _fill(table, ask, origins, destinations, (rows, columns))
    over = table.seconds > limit_s
    table.status[over & (table.status == Reached.OK)] = Reached.OVER_LIMIT
    away = table.status != Reached.OK
    table.seconds[away] = np.inf
    table.metres[away] = np.inf
    return table


def far_table(rows: int, columns: int) -> TimesTable:
    """A table to be filled: as yet no place is on the network.

    Raises
    ------
    InputError
        ``too_big_for_memory``.

    Examples
    --------
    >>> far_table(1, 2).status
    array([[3, 3]], dtype=uint8)
    """
    check_room(rows, columns, cell_bytes=_CELL_BYTES)
    return TimesTable(
        seconds=np.full((rows, columns), np.inf, np.float32),
        metres=np.full((rows, columns), np.inf, np.float32),
        status=np.full((rows, columns), Reached.TOO_FAR_TO_SNAP, np.uint8),
    )


def cells(rows: Any, shape: tuple[int, int]) -> Cells:
    """Numbers of a JSON answer, null being infinite.

    Raises
    ------
    ValueError
        Unless they are a table of this shape, of numbers of zero or more.

    Examples
    --------
    >>> cells([[0, None]], (1, 2))
    array([[ 0., inf]])
    """
    try:
        read = np.array(
            [[np.inf if cell is None else float(cell) for cell in row] for row in rows], np.float64
        )
    except TypeError:
        raise ValueError(type(rows).__name__) from None
    if read.shape != shape or not (read >= 0).all():
        raise ValueError(str(read.shape))
    return read


def line_between(a: tuple[float, float], way: Sequence[tuple[float, float]], b: Any) -> Line:
    """From a place along the way to another, without points that repeat the one before.

    Examples
    --------
    >>> line_between((1, 2), [(1, 2), (1, 3)], (1, 4))
    ((1, 2), (1, 3), (1, 4))
    """
    kept = [a]
    kept.extend(point for point in (*way, b) if point != kept[-1])
    return tuple(kept) if len(kept) > 1 else (a, b)


def _slices(length: int, step: int) -> Iterator[slice]:
    for start in range(0, length, step):
        yield slice(start, min(length, start + step))


def _fill(
    table: TimesTable,
    ask: Callable[[Points, Points], TimesTable],
    origins: Points,
    destinations: Points,
    part: tuple[slice, slice],
) -> None:
    rows, columns = part
    some = Points(origins.lon[rows], origins.lat[rows])
    others = Points(destinations.lon[columns], destinations.lat[columns])
    try:
        answer = ask(some, others)
    except NoWayError as refusal:
        if len(some) == len(others) == 1:
            table.status[part] = refusal.status
            return
        for half in _halves(rows, columns):
            _fill(table, ask, origins, destinations, half)
        return
    table.seconds[part] = answer.seconds
    table.metres[part] = answer.metres
    table.status[part] = answer.status


def _halves(rows: slice, columns: slice) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Two parts of a part, cut across its longer side."""
    if rows.stop - rows.start >= columns.stop - columns.start:
        middle = (rows.start + rows.stop) // 2
        return (slice(rows.start, middle), columns), (slice(middle, rows.stop), columns)
    middle = (columns.start + columns.stop) // 2
    return (rows, slice(columns.start, middle)), (rows, slice(middle, columns.stop))
