"""Who can get to which place: the one home of that rule, for coverage and for tours.

A member of group *g* at home *i* can get to place *j* if by some mode that *g* has a `Limit` for
the trip keeps within it: ``seconds <= max_s`` and ``metres <= max_m``, whichever are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.model import Group, Homes, Limit, Mode
    from msap_mobility.model.home import IntArray
    from msap_mobility.model.opening import SecondArray

__all__ = ["Reach", "reachable"]

_CELLS_AT_ONCE = 1 << 21
"""Home–place pairs looked at together: bounds the working memory to some tens of megabytes."""

SecondsArray = np.ndarray[tuple[int], np.dtype[np.float32]]
ModeArray = np.ndarray[tuple[int], np.dtype[np.int8]]
Block = np.ndarray[tuple[int, int], np.dtype[np.float32]]
BlockMask = np.ndarray[tuple[int, int], np.dtype[np.bool_]]
BlockModes = np.ndarray[tuple[int, int], np.dtype[np.int8]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """The places each home can get to, as sparse rows (CSR) in the order of the homes.

    A pair that is stored is within a limit, whatever its time: zero seconds is a real pair.

    Parameters
    ----------
    indptr
        int64, one more than there are homes: the pairs of home ``i`` are
        ``indptr[i]:indptr[i + 1]``.
    place
        int32 place number per pair, increasing within a home.
    seconds
        float32, the least travel time over the modes that keep within their limit.
    mode
        int8, number of that mode; the first one listed where two are equally fast.
    places_count
        How many places there are, reached or not.
    """

    indptr: SecondArray
    place: IntArray
    seconds: SecondsArray
    mode: ModeArray
    places_count: int

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def home(self) -> SecondArray:
        """Home row of each pair, int64."""
        return np.repeat(np.arange(len(self)), np.diff(self.indptr))

    def places_of(self, home: int) -> IntArray:
        """Numbers of the places that row `home` can get to, increasing."""
        return self.place[self.indptr[home] : self.indptr[home + 1]]


def reachable(homes: Homes, places_count: int, modes: Sequence[Mode]) -> Reach:
    """The pairs of home and place that lie within a limit of the home's group.

    Parameters
    ----------
    homes
        Rows; each has the limits of its group.
    places_count
        Number of places, the columns of every mode's table.
    modes
        Ways of getting there. A limit on a mode that is not among them is not used.

    Raises
    ------
    InputError
        If a mode's table has another shape, two modes have one id, or a mode is there by chance
        only (``Mode.chance``): what may fail is not a place one *can* get to.

    Examples
    --------
    >>> import numpy as np
    >>> from msap_mobility.model import Group, Home, Homes, Limit, Mode, TimesTable
    >>> walkers = Group(id="walkers", age="65_plus", car=False, alone=True,
    ...                 limits=(Limit(mode="walk", max_m=800),))
    >>> home = Home(id="h", lon=1.2, lat=49.7, people=1, group="walkers")
    >>> metres = np.array([[0, 800, 801]], np.float32)
    >>> times = TimesTable(seconds=metres, metres=metres, status=np.zeros((1, 3), np.uint8))
    >>> reach = reachable(Homes.of([home], groups=(walkers,)), 3, [Mode(id="walk", times=times)])
    >>> reach.places_of(0).tolist(), reach.seconds.tolist()
    ([0, 1], [0.0, 800.0])
    """
    _check(homes, places_count, modes)
    counts = np.zeros(len(homes) + 1, dtype=np.int64)
    parts: list[tuple[IntArray, SecondsArray, ModeArray]] = []
    for rows in _chunks(len(homes), places_count):
        seconds, mode = _fastest(homes, rows, places_count, modes)
        within = mode >= 0
        counts[rows.start + 1 : rows.stop + 1] = within.sum(axis=1)
        parts.append((np.nonzero(within)[1].astype(np.int32), seconds[within], mode[within]))
    return Reach(
        indptr=np.cumsum(counts),
        place=np.concatenate([np.zeros(0, np.int32), *(part[0] for part in parts)]),
        seconds=np.concatenate([np.zeros(0, np.float32), *(part[1] for part in parts)]),
        mode=np.concatenate([np.zeros(0, np.int8), *(part[2] for part in parts)]),
        places_count=places_count,
    )


def _check(homes: Homes, places_count: int, modes: Sequence[Mode]) -> None:
    expected = (len(homes), places_count)
    seen: set[str] = set()
    with Faults() as faults:
        for mode in modes:
            if mode.times.shape != expected:
                faults.add(
                    "times_of_other_size",
                    column="modes",
                    value=mode.id,
                    rows=mode.times.shape[0],
                    columns=mode.times.shape[1],
                    homes=expected[0],
                    places=expected[1],
                )
            if mode.id in seen:
                faults.add("mode_twice", column="modes", value=mode.id)
            if mode.chance is not None:
                faults.add("mode_by_chance", column="modes", value=mode.id)
            seen.add(mode.id)


def _chunks(homes_count: int, places_count: int) -> Iterator[slice]:
    step = max(1, _CELLS_AT_ONCE // max(1, places_count))
    for first in range(0, homes_count, step):
        yield slice(first, min(first + step, homes_count))


def _fastest(
    homes: Homes, rows: slice, places_count: int, modes: Sequence[Mode]
) -> tuple[Block, BlockModes]:
    """Least seconds within a limit and its mode (−1 = none), for some rows."""
    shape = (rows.stop - rows.start, places_count)
    seconds = np.full(shape, np.inf, dtype=np.float32)
    fastest = np.full(shape, -1, dtype=np.int8)
    for group_number, group in enumerate(homes.groups):
        members = np.flatnonzero(homes.group[rows] == group_number)
        if len(members) == 0:
            continue
        for mode_number, mode in enumerate(modes):
            table_rows = members + rows.start
            within = _within(mode, table_rows, _limits(group, mode))
            offered = np.where(within, mode.times.seconds[table_rows], np.inf)
            better = within & (offered < seconds[members])
            seconds[members] = np.where(better, offered, seconds[members])
            fastest[members] = np.where(better, np.int8(mode_number), fastest[members])
    return seconds, fastest


def _limits(group: Group, mode: Mode) -> tuple[Limit, ...]:
    return tuple(limit for limit in group.limits if limit.mode == mode.id)


def _within(mode: Mode, rows: SecondArray, limits: tuple[Limit, ...]) -> BlockMask:
    """Which places of the given rows lie within one of the limits; no path is never within."""
    seconds, metres = mode.times.seconds[rows], mode.times.metres[rows]
    within: BlockMask = np.zeros_like(seconds, dtype=np.bool_)
    for limit in limits:
        kept = np.isfinite(seconds)
        if limit.max_s is not None:
            kept &= seconds <= limit.max_s
        if limit.max_m is not None:
            kept &= metres <= limit.max_m
        within |= kept
    return within
