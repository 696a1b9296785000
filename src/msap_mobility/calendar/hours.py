"""From when to when on a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.units import DAY_S, clock_text

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Hours"]

_CLOCK = r"(\d{1,2})\s*[:h]\s*(\d{2})?(?::(\d{2}))?"
_HOURS = re.compile(rf"\s*{_CLOCK}\s*-\s*{_CLOCK}\s*")


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """One interval of a day, in seconds since local midnight; the end is not included.

    Parameters
    ----------
    start_s, end_s
        ``0 <= start_s < end_s <= 86400``: an interval does not run past midnight.

    Raises
    ------
    InputError
        ``out_of_range``, ``ends_before_start``.

    Examples
    --------
    >>> Hours(48600, 59400).text()
    '13:30-16:30'
    """

    start_s: int
    end_s: int

    def __post_init__(self) -> None:
        with Faults() as faults:
            for column, value in (("start_s", self.start_s), ("end_s", self.end_s)):
                if not 0 <= value <= DAY_S:
                    faults.add("out_of_range", column=column, value=value, least=0, most=DAY_S)
            if self.end_s <= self.start_s:
                faults.add(
                    "ends_before_start",
                    column="end_s",
                    value=_clock(self.end_s),
                    start=_clock(self.start_s),
                )

    @classmethod
    def of(cls, text: str) -> Hours:
        """Read ``13:30-16:30`` or ``9h-12h30``; seconds may follow, 24:00 is the day's end.

        Raises
        ------
        InputError
            ``not_hours``, and as the constructor.

        Examples
        --------
        >>> Hours.of("9h-12h30") == Hours.of("09:00-12:30")
        True
        """
        match = _HOURS.fullmatch(text)
        if match is None:
            raise InputError([Fault(code="not_hours", value=text)])
        numbers = [int(number or 0) for number in match.groups()]
        if any(number > 59 for number in (*numbers[1:3], *numbers[4:6])):
            raise InputError([Fault(code="not_hours", value=text)])
        return cls(_seconds(numbers[:3]), _seconds(numbers[3:]))

    def text(self) -> str:
        """The interval as `of` reads it."""
        return f"{_clock(self.start_s)}-{_clock(self.end_s)}"


def _clock(time_s: int) -> str:
    """``HH:MM``, with seconds only where there are some."""
    return clock_text(time_s) + (f":{time_s % 60:02d}" if time_s % 60 else "")


def _seconds(clock: Sequence[int]) -> int:
    hours, minutes, seconds = clock
    return hours * 3600 + minutes * 60 + seconds
