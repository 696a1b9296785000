"""Public holidays and school holidays of metropolitan France.

The dates are those of two packages, loaded when first asked for: `holidays` (the eleven days of
article L3133-1 of the Code du travail) and `vacances_scolaires_france` (the calendars decreed by
the ministry of education, zones A, B and C). Alsace-Moselle's two further days are not counted,
nor are days without class that are no holidays of the decree, such as the bridges after Ascension
Day of 2024 to 2026.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

__all__ = ["check_school_dates", "is_public_holiday", "is_school_holiday"]


def is_public_holiday(day: date) -> bool:
    """Whether `day` is a public holiday in France.

    Examples
    --------
    >>> from datetime import date
    >>> is_public_holiday(date(2026, 4, 6)), is_public_holiday(date(2026, 4, 5))
    (True, False)
    """
    return day in _public_holidays(day.year)


def is_school_holiday(day: date, zone: str) -> bool:
    """Whether schools of `zone` are on holiday on `day`; a date without a decree is refused.

    Raises
    ------
    InputError
        ``beyond_school_data``.

    Examples
    --------
    >>> from datetime import date
    >>> [is_school_holiday(date(2026, 2, 9), zone) for zone in "ABC"]
    [True, False, False]
    """
    check_school_dates(day, day)
    return day in _school_holidays()[zone]


def check_school_dates(first: date, last: date) -> None:
    """Refuse dates whose school calendar is not known, rather than take them for term.

    What is known runs from the first school holiday in the data to the last one, which is the end
    of a summer.

    Raises
    ------
    InputError
        ``beyond_school_data``.
    """
    known_first, known_last = _known_school_dates()
    if first < known_first or last > known_last:
        outside = first if first < known_first else last
        raise InputError(
            [
                Fault(
                    code="beyond_school_data",
                    value=outside.isoformat(),
                    details={"known_first": known_first, "known_last": known_last},
                )
            ]
        )


@cache
def _public_holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - heavy, and few rhythms need it

    return frozenset(country_holidays("FR", years=year))


@cache
def _school_holidays() -> Mapping[str, frozenset[date]]:
    from vacances_scolaires_france import (  # noqa: PLC0415 - reads a file of 35 years
        SchoolHolidayDates,
    )

    dates = SchoolHolidayDates()
    return {
        zone: frozenset(day for day in dates.data if dates.is_holiday_for_zone(day, zone))
        for zone in SchoolHolidayDates.SUPPORTED_ZONES
    }


@cache
def _known_school_dates() -> tuple[date, date]:
    known = frozenset().union(*_school_holidays().values())
    return min(known), max(known)
