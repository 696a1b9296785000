"""From which instant to which one something may happen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, TypeAlias

from msap_mobility.calendar.horizon import PARIS
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.units import instant, iso_text

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PARIS", "Moments", "Window", "check_instant", "settled"]

Moments: TypeAlias = "str | datetime | Window | Sequence[str | datetime]"
"""What `Window.of` reads."""

_YEARS = (1900, 2999)
_HOURS = re.compile(r"\s*(\d{4}-\d{2}-\d{2})\s+([\d:h ]+?)\s*[-–]\s*([\d:h ]+?)\s*")


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """The instants from `earliest` to `latest`, both included.

    Parameters
    ----------
    earliest, latest
        Aware datetimes, whole seconds, of the years 1900 to 2999. Kept with their offset from UTC,
        so that two windows are equal if their instants are.

    Raises
    ------
    InputError
        With every fault: ``not_an_instant``, ``instant_without_zone``, ``instant_too_fine``,
        ``out_of_range``, ``window_closed_before_open``.

    Examples
    --------
    >>> window = Window.of(("2026-12-01 07:50", "2026-12-01 08:40"))
    >>> window.length_s, window == Window.of("2026-12-01 07:50-08:40")
    (3000, True)
    """

    earliest: datetime
    latest: datetime

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_instant(faults, "earliest", self.earliest)
            check_instant(faults, "latest", self.latest)
            if not faults.found and self.latest < self.earliest:
                faults.add(
                    "window_closed_before_open",
                    column="latest",
                    value=self.latest.isoformat(" "),
                    earliest=self.earliest.isoformat(" "),
                )
        object.__setattr__(self, "earliest", settled(self.earliest))
        object.__setattr__(self, "latest", settled(self.latest))

    @classmethod
    def of(cls, moments: Moments, zone: str = PARIS) -> Window:
        """Read an instant, two of them, or the hours of one day.

        Parameters
        ----------
        moments
            ``"2026-12-01 08:10"``, ``"2026-12-01 07:50-08:40"``, the same with the day as
            ``01/12/2026``, a pair of texts or of datetimes, a datetime; a window is given back.
            Behind a ``T``, ISO 8601 takes what follows a dash for an offset from UTC, and so do we.
        zone
            IANA zone of the clock on the wall.

        Raises
        ------
        InputError
            With the faults of `units.instant`, and as the constructor.

        Examples
        --------
        >>> Window.of("2026-12-01 08:10").length_s
        0
        """
        if isinstance(moments, Window):
            return moments
        if isinstance(moments, str) and (hours := _HOURS.fullmatch(iso_text(moments))):
            moments = (f"{hours[1]} {hours[2]}", f"{hours[1]} {hours[3]}")
        if isinstance(moments, str | datetime):
            moments = (moments,)
        if not isinstance(moments, tuple | list) or not 1 <= len(moments) <= 2:
            raise InputError([Fault(code="not_a_window", value=moments)])
        instants: list[datetime] = []
        with Faults() as faults:
            for moment in moments:
                with faults.also():
                    instants.append(_read(moment, zone))
        return cls(instants[0], instants[-1])

    @property
    def length_s(self) -> int:
        """Seconds from the first instant to the last."""
        return self.latest_s - self.earliest_s

    @property
    def earliest_s(self) -> int:
        """The first instant, POSIX seconds."""
        return int(self.earliest.timestamp())

    @property
    def latest_s(self) -> int:
        """The last instant, POSIX seconds."""
        return int(self.latest.timestamp())

    def later(self, seconds: int) -> Window:
        """The same window so many seconds later; earlier if below zero.

        Examples
        --------
        >>> Window.of("2026-12-01 08:10").later(-600) == Window.of("2026-12-01 08:00")
        True
        """
        by = timedelta(seconds=seconds)
        return Window(self.earliest + by, self.latest + by)

    def to_list(self) -> list[str]:
        """Both instants in ISO 8601 with their offset, what `of` reads back."""
        return [self.earliest.isoformat(), self.latest.isoformat()]


def check_instant(faults: Faults, column: str, value: object) -> None:
    """Note what is wrong unless `value` is an instant: aware, to the second, of a year we know."""
    if not isinstance(value, datetime):
        faults.add("not_an_instant", column=column, value=value)
    elif value.utcoffset() is None:
        faults.add("instant_without_zone", column=column, value=value.isoformat(" "))
    elif value.microsecond:
        faults.add("instant_too_fine", column=column, value=value.isoformat(" "))
    elif not _YEARS[0] <= value.year <= _YEARS[1]:
        least, most = _YEARS
        faults.add("out_of_range", column=column, value=value.year, least=least, most=most)


def settled(moment: datetime) -> datetime:
    """The instant with its offset from UTC in the place of a zone with rules.

    Datetimes of a zone with summer time do not compare by instant around the change of the clocks
    (PEP 495), nor do their differences count real seconds.
    """
    offset = moment.utcoffset()
    return moment.astimezone(UTC if not offset else timezone(offset))


def _read(moment: object, zone: str) -> datetime:
    if isinstance(moment, datetime):
        return moment
    if not isinstance(moment, str):
        raise InputError([Fault(code="not_an_instant", value=moment)])
    return instant(moment, zone)
