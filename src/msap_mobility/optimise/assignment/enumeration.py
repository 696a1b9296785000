"""All joint groups of one driver after another, each found by joining two smaller ones.

A group that fits stays one when a rider leaves it: the driver waits instead, every other stop
begins when it did, and windows, seats, rides and duration hold as before. That takes seconds that
obey the triangle inequality, and waiting allowed before every stop. Metres may not obey it, so a
group is extended whether or not its metres fit. Hence every group of n riders that fits is the join
of two groups of n − 1 that share all but their last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from msap_mobility.compiled import Table, kernel
from msap_mobility.optimise.assignment.orders import (
    COST,
    DRIVEN,
    FIRST,
    FITS,
    LAST,
    SPAN,
    best_order,
)
from msap_mobility.optimise.assignment.trips import (
    END,
    MOST_RIDERS,
    NEVER,
    START,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int32, Int64
    from msap_mobility.optimise.assignment.trips import Trips

__all__ = ["GroupRows", "groups_of_driver"]

GAIN, LASTS, LENGTH, DEPART_FIRST, DEPART_LAST, OF_DRIVER, SIZE = range(7)
FIGURES = 7
"""Columns of figures: gain, seconds, metres, first and last departure, driver, riders."""

_NOTHING = -(1 << 62)
"""Gain of a group that only its metres forbid."""


class GroupRows(Table):
    """What is written per group.

    Parameters
    ----------
    member
        int32 (rows, `MOST_RIDERS`): its riders, rising.
    order
        int8 (rows, 2 × `MOST_RIDERS`): its stops in driving order, see `best_order`.
    figure
        int64 (rows, `FIGURES`), see `GAIN` …
    number
        int32 (rows, `MOST_RIDERS`): the riders as numbers among the driver's own candidates.
    key
        int64 (rows,): these as one number, to look groups up by.
    """

    columns: ClassVar = {
        "member": "int32[:,::1]",
        "order": "int8[:,::1]",
        "figure": "int64[:,::1]",
        "number": "int32[:,::1]",
        "key": "int64[::1]",
    }
    member: Int32
    order: NDArray[np.int8]
    figure: Int64
    number: Int32
    key: Int64


@kernel("int64(int64[::1], int64, int64, int64)")
def _row_of(key: Int64, first: int, end: int, wanted: int) -> int:
    """Row with the key wanted, from `first` to before `end`, −1 if there is none; keys rise."""
    while first < end:
        middle = (first + end) >> 1
        if key[middle] == wanted:
            return int(middle)
        if key[middle] < wanted:
            first = middle + 1
        else:
            end = middle
    return -1


@kernel("int64(int64[::1], int64, int64, int64)")
def _key_without(chosen: Int64, size: int, left_out: int, base: int) -> int:
    """Key of a group without its member number `left_out`; −1 leaves nobody out."""
    key = 0
    for number in range(size):
        if number != left_out:
            key = key * base + chosen[number]
    return key


@kernel("boolean(Trips, int64, int64[::1], int64[::1], int64, GroupRows, int64)")
def _try(
    problem: Trips, driver: int, mine: Int64, chosen: Int64, size: int, rows: GroupRows, row: int
) -> bool:
    """Write the group of the candidates chosen in `row`, its riders rising, if it fits."""
    members = np.zeros(MOST_RIDERS, np.int64)
    best = np.zeros(2 * MOST_RIDERS, np.int64)
    found = np.zeros(6, np.int64)
    worth = 0
    for number in range(size):
        candidate = mine[chosen[number]]
        worth += problem.worth[candidate]
        place, rider = number, problem.candidate[candidate]
        while place > 0 and members[place - 1] > rider:
            members[place] = members[place - 1]
            place -= 1
        members[place] = rider
    whole = best_order(problem, driver, members, size, best, found)
    if found[FITS] == 0:
        return False
    for number in range(size):
        rows.member[row, number] = members[number]
        rows.number[row, number] = chosen[number]
    for stop in range(2 * size):
        rows.order[row, stop] = best[stop]
    figure = rows.figure[row]
    figure[GAIN] = worth - found[COST] if whole else _NOTHING
    figure[LASTS], figure[LENGTH] = found[SPAN], found[DRIVEN]
    figure[DEPART_FIRST], figure[DEPART_LAST] = found[FIRST], found[LAST]
    figure[OF_DRIVER], figure[SIZE] = driver, size
    return True


@kernel("int64(Trips, int64, int64[::1], GroupRows, int64)")
def _singles(problem: Trips, driver: int, mine: Int64, rows: GroupRows, first: int) -> int:
    """The candidates that fit alone, into `mine`, best gain first; how many."""
    begin, end = problem.candidate_start[driver], problem.candidate_start[driver + 1]
    loss = np.zeros(end - begin, np.int64)
    chosen = np.zeros(MOST_RIDERS, np.int64)
    count = 0
    for candidate in range(begin, end):
        mine[count] = candidate
        chosen[0] = count
        if _try(problem, driver, mine, chosen, 1, rows, first):
            own, place = -rows.figure[first, GAIN], count
            while place > 0 and loss[place - 1] > own:
                mine[place], loss[place] = mine[place - 1], loss[place - 1]
                place -= 1
            mine[place], loss[place] = candidate, own
            count += 1
    return count


@kernel("boolean(GroupRows, int64[::1], int64, int64, int64, int64)")
def _all_fit(rows: GroupRows, chosen: Int64, size: int, base: int, first: int, end: int) -> bool:
    """Whether the rows from `first` hold every group of one member less than those chosen.

    The two that were joined, without the last and the last but one, are known to be there.
    """
    for left_out in range(size - 2):
        if _row_of(rows.key, first, end, _key_without(chosen, size, left_out, base)) < 0:
            return False
    return True


@kernel("int64(Trips, int64, int64[::1], int64, int64, GroupRows, int64, int64, int64)")
def _grow(
    problem: Trips,
    driver: int,
    mine: Int64,
    base: int,
    size: int,
    rows: GroupRows,
    first: int,
    end: int,
    limit: int,
) -> int:
    """Join the groups of `size − 1` in rows `first` to `end`; the row after the last one written.

    −1 if there is no room before row `limit`.
    """
    chosen = np.zeros(MOST_RIDERS, np.int64)
    row = end
    for one in range(first, end):
        for other in range(one + 1, end):
            shared = 0
            while shared < size - 2 and (rows.number[one, shared] == rows.number[other, shared]):
                shared += 1
            if shared < size - 2:
                break
            for number in range(size - 1):
                chosen[number] = rows.number[one, number]
            chosen[size - 1] = rows.number[other, size - 2]
            if not _all_fit(rows, chosen, size, base, first, end):
                continue
            if row == limit:
                return -1
            if _try(problem, driver, mine, chosen, size, rows, row):
                rows.key[row] = _key_without(chosen, size, -1, base)
                row += 1
    return row


@kernel("int64(GroupRows, int64, int64)")
def _gone(rows: GroupRows, row: int, part: int) -> int:
    """The one rider of `row` who is not in `part`, riders rising in both."""
    number = 0
    size = rows.figure[part, SIZE]
    while number < size and rows.member[row, number] == rows.member[part, number]:
        number += 1
    return int(rows.member[row, number])


@kernel("boolean(Trips, GroupRows, int64[::1], int64, int64, boolean)")
def _is_wanted(
    problem: Trips, rows: GroupRows, level: Int64, base: int, row: int, prune: bool
) -> bool:
    """Whether the group does better than without one of its riders, or without any."""
    gain, size = rows.figure[row, GAIN], rows.figure[row, SIZE]
    if gain == _NOTHING:
        return False
    if not prune:
        return True
    chosen = np.zeros(MOST_RIDERS, np.int64)
    some_kept = False
    for number in range(size):
        chosen[number] = rows.number[row, number]
        some_kept |= problem.kept[rows.member[row, number]]
    if gain <= 0 and not some_kept:
        return False
    for left_out in range(size if size > 1 else 0):
        wanted = _key_without(chosen, size, left_out, base)
        part = _row_of(rows.key, level[size - 1], level[size], wanted)
        if part < 0 or rows.figure[part, GAIN] < gain:
            continue
        if not problem.kept[_gone(rows, row, part)]:
            return False
    return True


@kernel("int64(Trips, GroupRows, int64[::1], int64, int64, boolean)")
def _keep_wanted(
    problem: Trips, rows: GroupRows, level: Int64, base: int, end: int, prune: bool
) -> int:
    """Move the groups wanted to the front; the row after the last of them."""
    start = level[1]
    wanted = np.zeros(end - start, np.bool_)
    for row in range(start, end):
        wanted[row - start] = _is_wanted(problem, rows, level, base, row, prune)
    free = start
    for row in range(start, end):
        if wanted[row - start]:
            rows.member[free] = rows.member[row]
            rows.order[free] = rows.order[row]
            rows.figure[free] = rows.figure[row]
            free += 1
    return int(free)


@kernel("UniTuple(int64, 2)(Trips, int64, int64, boolean, GroupRows, int64, int64)")
def groups_of_driver(
    problem: Trips, driver: int, most: int, prune: bool, rows: GroupRows, start: int, limit: int
) -> tuple[int, int]:
    """Write all groups of one driver from row `start` on.

    Parameters
    ----------
    problem, driver
        The trips, and one of their drivers.
    most
        Riders in a group, up to `MOST_RIDERS`.
    prune
        Whether to leave out groups that a part of them makes superfluous.
    rows
        Filled.
    start, limit
        The first row, and the one after the last that may be written.

    Returns
    -------
    row
        The one after the last group.
    cut
        1 if there was no room for them all.
    """
    terms = problem.driver[driver]
    candidates = problem.candidate_start[driver + 1] - problem.candidate_start[driver]
    if candidates == 0 or problem.seconds[terms[START], terms[END]] >= NEVER:
        return start, 0
    mine = np.zeros(candidates, np.int64)
    found = _singles(problem, driver, mine, rows, start)
    base, cut = min(found, limit - start), 0
    if found > base:
        cut = 1
    level = np.zeros(MOST_RIDERS + 2, np.int64)  # groups of n are in rows level[n] to level[n + 1]
    chosen = np.zeros(MOST_RIDERS, np.int64)
    level[1], level[2] = start, start + base
    for number in range(base):
        chosen[0] = number
        _try(problem, driver, mine, chosen, 1, rows, start + number)
        rows.key[start + number] = number
    size = 2
    while size <= most and cut == 0 and level[size] > level[size - 1]:
        end = _grow(problem, driver, mine, base, size, rows, level[size - 1], level[size], limit)
        if end < 0:
            cut, end = 1, limit
        level[size + 1] = end
        size += 1
    return _keep_wanted(problem, rows, level, base, level[size], prune), cut
