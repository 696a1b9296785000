"""The hours of one shift with its sequence fixed: the earliest return, then the latest departure.

Of all timings the round that ends first is taken, and of those, for the place of lunch found, the
one that starts last: a crew waits at the base rather than on a car park.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from msap_mobility.optimise.rounds.arrays import (
    BASE,
    DAY,
    DAYS,
    LUNCH_FROM_S,
    LUNCH_S,
    LUNCH_TO_S,
    NEVER,
    PACKING_S,
    SETUP_S,
    STEP_S,
    Int32,
    RoundsProblem,
)
from msap_mobility.optimise.rounds.schedule import (
    at_base_after,
    at_base_before,
    first_opening,
    last_opening,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    Lunch = tuple[int, Literal["before", "after"]]
    """Position of the visit, and whether lunch comes before its set-up or after its packing."""

__all__ = ["ShiftTimes", "StopTimes", "timetable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTimes:
    """One visit: seconds since midnight."""

    arrive_s: int
    open_s: int
    close_s: int
    leave_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftTimes:
    """One shift: seconds since midnight; `lunch_s` is None if lunch is taken at the base."""

    depart_s: int
    return_s: int
    stops: tuple[StopTimes, ...]
    lunch_s: tuple[int, int] | None


class _Shift:
    """One shift of the problem, its numbers at hand."""

    def __init__(self, problem: RoundsProblem, number: int, sequence: Sequence[int]) -> None:
        self.problem = problem
        self.row: Int32 = problem.shift[number]
        self.sequence = sequence
        base = int(self.row[BASE])
        stations = [base, *sequence, base]
        self.legs = [int(problem.travel_s[here, there]) for here, there in pairwise(stations)]

    def __getitem__(self, column: int) -> int:
        return int(self.row[column])

    def _windows(self, place: int) -> tuple[int, int]:
        key = place * int(self.problem.setting[DAYS]) + self[DAY]
        return int(self.problem.window_start[key]), int(self.problem.window_start[key + 1])

    def dwell_s(self, place: int) -> int:
        return int(self.problem.dwell_s[place])

    def first_opening(self, place: int, ready_s: int) -> int:
        step_s = int(self.problem.setting[STEP_S])
        windows = self._windows(place)
        return first_opening(self.problem.window_s, *windows, ready_s, self.dwell_s(place), step_s)

    def last_opening(self, place: int, packed_s: int) -> int:
        step_s = int(self.problem.setting[STEP_S])
        windows = self._windows(place)
        return last_opening(self.problem.window_s, *windows, packed_s, self.dwell_s(place), step_s)

    def leave_s(self, place: int, setup_from_s: int) -> int:
        """Earliest moment everything is packed if the set-up may begin at `setup_from_s`."""
        opening = self.first_opening(place, setup_from_s + self[SETUP_S])
        return min(NEVER, opening + self.dwell_s(place) + self[PACKING_S])

    def lunched_s(self, from_s: int) -> int:
        """Earliest end of a lunch that may begin at `from_s`, or `NEVER`."""
        end_s = max(from_s, self[LUNCH_FROM_S]) + self[LUNCH_S]
        return end_s if end_s <= self[LUNCH_TO_S] else NEVER


def timetable(problem: RoundsProblem, number: int, sequence: Sequence[int]) -> ShiftTimes | None:
    """Times of shift `number` visiting `sequence` in this order; None if it cannot be done."""
    shift = _Shift(problem, number, sequence)
    return_s, lunch = _earliest_return(shift)
    if return_s >= NEVER:
        return None
    return _latest_start(shift, return_s, lunch)


def _earliest_return(shift: _Shift) -> tuple[int, Lunch | None]:
    """When the van can be back, and where lunch then is (None = at the base, or there is none)."""
    owed, done = at_base_before(shift.row)
    lunch: Lunch | None = None
    for position, place in enumerate(shift.sequence):
        owed, done = owed + shift.legs[position], done + shift.legs[position]
        before = shift.leave_s(place, shift.lunched_s(owed))
        owed, done = shift.leave_s(place, owed), shift.leave_s(place, done)
        after = shift.lunched_s(owed)
        if before < done and before <= after:
            done, lunch = before, (position, "before")
        elif after < done:
            done, lunch = after, (position, "after")
    owed, done = owed + shift.legs[-1], done + shift.legs[-1]
    owed_by, done_by = at_base_after(shift.row)
    if owed <= owed_by and (owed <= done or done > done_by):
        return owed, None
    return (done, lunch) if done <= done_by else (NEVER, None)


def _latest_start(shift: _Shift, return_s: int, lunch: Lunch | None) -> ShiftTimes:
    """Walk the round backwards, everything as late as the return allows."""
    stops: list[StopTimes] = []
    lunch_s: tuple[int, int] | None = None
    at_s = return_s
    for position in range(len(shift.sequence) - 1, -1, -1):
        place = shift.sequence[position]
        leave_s = packed_s = at_s - shift.legs[position + 1]
        if lunch == (position, "after"):
            end_s = min(packed_s, shift[LUNCH_TO_S])
            packed_s = end_s - shift[LUNCH_S]
            lunch_s = (packed_s, end_s)
        open_s = shift.last_opening(place, packed_s - shift[PACKING_S])
        at_s = open_s - shift[SETUP_S]
        if lunch == (position, "before"):
            end_s = min(at_s, shift[LUNCH_TO_S])
            at_s = end_s - shift[LUNCH_S]
            lunch_s = (at_s, end_s)
        stops.append(
            StopTimes(
                arrive_s=at_s,
                open_s=open_s,
                close_s=open_s + shift.dwell_s(place),
                leave_s=leave_s,
            )
        )
    return ShiftTimes(
        depart_s=at_s - shift.legs[0],
        return_s=return_s,
        stops=tuple(reversed(stops)),
        lunch_s=lunch_s,
    )
