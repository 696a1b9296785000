"""The horizon as coverage counts on it: seconds from its start, its midnights, needed hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.calendar import Cycle
from msap_mobility.coverage.intervals import Intervals, union
from msap_mobility.units import DAY_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.calendar import Horizon
    from msap_mobility.model import Group, Timetable
    from msap_mobility.model.opening import SecondArray

__all__ = ["Axis", "usable_arrivals"]

OpeningMask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Seconds counted from the first one of a horizon.

    Parameters
    ----------
    horizon
        A cycle or a dated span.

    Examples
    --------
    >>> from datetime import date
    >>> from msap_mobility.calendar import Span
    >>> spring = Axis(horizon=Span(first=date(2027, 3, 28), last=date(2027, 3, 28)))
    >>> spring.length_s // 3600, spring.midnights_s.tolist()
    (23, [0, 82800])
    """

    horizon: Horizon

    @property
    def start_s(self) -> int:
        """The horizon's first second, as its timetables count."""
        return self.horizon.start_s

    @property
    def length_s(self) -> int:
        """Seconds in all."""
        return self.horizon.length_s

    @property
    def cyclic(self) -> bool:
        """Whether the end joins the start."""
        return isinstance(self.horizon, Cycle)

    @property
    def weeks(self) -> float:
        """Number of local days, over seven."""
        return self.horizon.days / 7

    @property
    def midnights_s(self) -> SecondArray:
        """Where each local day begins, and the end of the last: one more than there are days."""
        return np.array([self._second(day, 0) for day in range(self.horizon.days + 1)])

    def needed(self, group: Group) -> Intervals:
        """When members of a group can come, as one row; the wall clock rules, DST or not."""
        if not group.hours:
            whole = np.array([self.length_s])
            return union(np.zeros(1, np.int64), 0 * whole, whole, rows_count=1)
        pairs = np.array(list(self._hours(group)), dtype=np.int64).reshape(-1, 2)
        return union(np.zeros(len(pairs), np.int64), pairs[:, 0], pairs[:, 1], rows_count=1)

    def _hours(self, group: Group) -> Iterator[tuple[int, int]]:
        for day in range(self.horizon.days):
            for weekday, hours in group.hours:
                if weekday == (self._first_weekday + day) % 7:
                    yield self._second(day, hours.start_s), self._second(day, hours.end_s)

    @property
    def _first_weekday(self) -> int:
        return 0 if isinstance(self.horizon, Cycle) else self.horizon.first.weekday()

    def _second(self, day: int, clock_s: int) -> int:
        if isinstance(self.horizon, Cycle):
            return day * DAY_S + clock_s
        date = self.horizon.first + timedelta(days=day)
        return self.horizon.second(date, clock_s) - self.horizon.start_s


def usable_arrivals(
    timetable: Timetable, offered: OpeningMask, stay_s: int, axis: Axis
) -> Intervals:
    """When one can arrive at each place and still stay `stay_s` seconds: a row per place.

    A place is open for the union of its openings, so that a stay may run from one opening into
    the next that touches it (on a cycle also from the last day into the first). Each stretch then
    ends `stay_s` earlier for whoever arrives: ``[a, b − stay)`` (`coverage.md`, section 2).

    Parameters
    ----------
    timetable
        All openings.
    offered
        Which of its rows count.
    stay_s
        Length of the stay, at most a day.
    axis
        Of the timetable's horizon.
    """
    place = timetable.place[offered].astype(np.int64)
    start_s = timetable.start_s[offered] - axis.start_s
    end_s = timetable.end_s[offered] - axis.start_s
    # On a cycle the turns before and after are laid beside this one: then its ends need no care.
    turns = axis.length_s * (np.array([-1, 0, 1]) if axis.cyclic else np.array([0]))
    opened = union(
        np.tile(place, len(turns)),
        np.add.outer(turns, start_s).ravel(),
        np.add.outer(turns, end_s).ravel(),
        rows_count=len(timetable.places),
    )
    shortened = Intervals(
        row=opened.row,
        start_s=opened.start_s,
        end_s=opened.end_s - stay_s,
        rows_count=opened.rows_count,
    )
    return shortened.clipped(0, axis.length_s)
