"""The measures of one home, for all homes at once (definitions: `coverage.md`, section 2).

Homes of one group that can get to the same open places have the same measures, so these are
computed once per distinct set of places and handed back to the homes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.coverage.axis import Axis, usable_arrivals
from msap_mobility.coverage.intervals import Intervals, slices, union
from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.coverage.axis import OpeningMask
    from msap_mobility.coverage.reach import Reach
    from msap_mobility.model import Homes, Timetable
    from msap_mobility.model.home import FloatArray
    from msap_mobility.model.opening import SecondArray

__all__ = ["Indicators", "indicators"]

_INTERVALS_AT_ONCE = 1 << 20
"""Intervals united together: bounds the working memory to some tens of megabytes."""

HomeMask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Indicators:
    """What each home has, a value per row of the homes.

    With *U* the instants at which a home can arrive at some open place within reach:

    Parameters
    ----------
    reached
        bool: *U* is not empty. A place within the limit that never opens reaches nobody.
    space_time
        Share of the hours at which the group can come that lie in *U*.
    wait_s
        Expected wait from an instant drawn evenly over the horizon to the next one in *U*:
        ``Σ L² / 2T`` over the gaps *L* of *U*, seconds; ``inf`` where *U* is empty. On a cycle the
        last gap runs on into the first. On a dated span nothing is known after the end: the gaps
        before the first opening and after the last are counted up to the ends of the span, so
        that the wait is a lower bound.
    visits_per_week
        Local days on which *U* is not empty, per seven days.
    """

    reached: HomeMask
    space_time: FloatArray
    wait_s: FloatArray
    visits_per_week: FloatArray

    def same_as(self, other: Indicators) -> bool:
        """Whether every value of every home is the same."""
        return self is other or all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in self.__slots__
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _PlaceSets:
    """Distinct sets of places (sparse rows), and which of them each home has."""

    indptr: SecondArray
    place: SecondArray
    which: SecondArray

    def __len__(self) -> int:
        return len(self.indptr) - 1


def indicators(
    homes: Homes, reach: Reach, timetable: Timetable, offered: OpeningMask, stay_s: int
) -> Indicators:
    """The measures of every home, from the openings that count.

    Parameters
    ----------
    homes, reach
        Rows of one order.
    timetable, offered
        The openings, and which of them count; those closed to a home's group are left out here.
    stay_s
        How long a visit lasts.

    Raises
    ------
    InputError
        If the horizon holds no hour at which a group can come.
    """
    axis = Axis(horizon=timetable.horizon)
    found = np.zeros((4, len(homes)), dtype=np.float64)
    with Faults() as faults:
        for number, group in enumerate(homes.groups):
            rows = np.flatnonzero(homes.group == number)
            needed = axis.needed(group)
            if len(rows) == 0:
                continue
            if len(needed) == 0:
                faults.add("group_never_free", column="hours", value=group.id)
                continue
            admitted = offered & _admits(timetable, group.id)
            arrivals = usable_arrivals(timetable, admitted, stay_s, axis)
            sets = _place_sets(reach, rows, arrivals.counts > 0)
            values = [_values(part, axis, needed) for part in _times(sets, arrivals)]
            found[:, rows] = np.concatenate(values, axis=1)[:, sets.which]
    return Indicators(
        reached=found[0] > 0, space_time=found[1], wait_s=found[2], visits_per_week=found[3]
    )


def _admits(timetable: Timetable, group: str) -> OpeningMask:
    """Which openings receive a group: those for everybody and those that name it."""
    named = group in timetable.audience_ids
    bit = np.uint64(1 << timetable.audience_ids.index(group) if named else 0)
    admitted: OpeningMask = (timetable.audience == 0) | (timetable.audience & bit != 0)
    return admitted


def _place_sets(reach: Reach, rows: SecondArray, opens: OpeningMask) -> _PlaceSets:
    """The distinct sets of places, among those that open, that the given homes can get to."""
    pairs = slices(reach.indptr, rows)
    count = reach.indptr[rows + 1] - reach.indptr[rows]
    useful = opens[reach.place[pairs]]
    place = reach.place[pairs][useful]
    owner = np.repeat(np.arange(len(rows)), count)[useful]
    bounds = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(rows)))])
    number: dict[bytes, int] = {}
    which = np.array(
        [
            number.setdefault(place[first:last].tobytes(), len(number))
            for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        ],
    )
    _, example = np.unique(which, return_index=True)
    sizes = bounds[example + 1] - bounds[example]
    return _PlaceSets(
        indptr=np.concatenate([[0], np.cumsum(sizes)]),
        place=place[slices(bounds, example)].astype(np.int64),
        which=which,
    )


def _times(sets: _PlaceSets, arrivals: Intervals) -> Iterator[Intervals]:
    """The instants *U* of each set, some sets at a time: the union over the set's places."""
    counts = arrivals.counts[sets.place]
    before = np.concatenate([[0], np.cumsum(counts)])[sets.indptr]
    first = 0
    while first < len(sets):
        full = int(np.searchsorted(before, before[first] + _INTERVALS_AT_ONCE, side="right")) - 1
        last = max(first + 1, full)
        chosen = slice(int(sets.indptr[first]), int(sets.indptr[last]))
        owner = np.repeat(np.arange(last - first), np.diff(sets.indptr[first : last + 1]))
        intervals = slices(arrivals.indptr, sets.place[chosen])
        yield union(
            np.repeat(owner, counts[chosen]),
            arrivals.start_s[intervals],
            arrivals.end_s[intervals],
            rows_count=last - first,
        )
        first = last


def _values(times: Intervals, axis: Axis, needed: Intervals) -> np.ndarray[tuple[int, int]]:
    """The four measures of each set, a line each."""
    return np.array(
        [
            times.counts > 0,
            _space_time(times, needed),
            _expected_wait(times, axis),
            _visit_days(times, axis) / axis.weeks,
        ],
        dtype=np.float64,
    )


def _space_time(times: Intervals, needed: Intervals) -> FloatArray:
    """``m(U ∩ N) / m(N)``, by the running total of N."""
    covered = times.total(needed.elapsed(times.end_s) - needed.elapsed(times.start_s))
    return covered / int((needed.end_s - needed.start_s).sum())


def _expected_wait(times: Intervals, axis: Axis) -> FloatArray:
    """``Σ L² / 2T`` over the gaps, in whole seconds until the last division."""
    wait = np.full(times.rows_count, np.inf)
    inner = np.flatnonzero(times.row[1:] == times.row[:-1])
    gaps = times.start_s[inner + 1] - times.end_s[inner]
    squares = np.bincount(times.row[inner], weights=gaps**2, minlength=times.rows_count)
    some = np.flatnonzero(times.counts)
    head = times.start_s[times.indptr[some]]
    tail = axis.length_s - times.end_s[times.indptr[some + 1] - 1]
    ends = (head + tail) ** 2 if axis.cyclic else head**2 + tail**2
    wait[some] = (squares[some] + ends) / (2 * axis.length_s)
    return wait


def _visit_days(times: Intervals, axis: Axis) -> FloatArray:
    """Local days touched by each row's intervals, each day once."""
    midnights = axis.midnights_s
    first = np.searchsorted(midnights, times.start_s, side="right")
    last = np.searchsorted(midnights, times.end_s - 1, side="right")
    again = (times.row[1:] == times.row[:-1]) & (first[1:] == last[:-1])
    days = last - first + 1
    days[1:] -= again
    return times.total(days)
