"""The month, the year or the days a book is asked about; none that the scheme has not lived."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msap_mobility.cli.asking import clock_us
from msap_mobility.errors import Fault, Faults, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from msap_mobility.ledger import Ledger
    from msap_mobility.ledger.books.period import Period

__all__ = ["check_lived", "days_asked", "fiscal_year", "month_asked"]


def month_asked(month: tuple[int, int] | None) -> Period:
    """The civil month asked for, this one if none is."""
    from msap_mobility.ledger.books.period import Period

    today = _today()
    year, number = month or (today.year, today.month)
    return Period.month(year, number)


def days_asked(given: Mapping[str, Any]) -> Period:
    """A civil year, this one if none is named, or from a first or to a last day.

    Raises
    ------
    InputError
        If there is no such year, or the days are the wrong way round.
    """
    from msap_mobility.ledger.books.period import Period, midnight

    since, until = given["since"], given["until"]
    _check_order(since, until)
    last = until or max(since or _today(), _today())
    year = Period.year(given["year"] or last.year)
    return Period(
        since=year.since if since is None else midnight(since),
        until=year.until if until is None else midnight(until + timedelta(days=1)),
    )


def fiscal_year(given: Mapping[str, Any]) -> Period:
    """A civil year, this one if nothing is asked, or the days from the first to the last.

    Raises
    ------
    InputError
        If it is not told, or told twice, or the days are the wrong way round.
    """
    year, since, until = given["year"], given["since"], given["until"]
    if year is not None and (since or until):
        raise InputError([Fault(code="year_or_days", column="year", value=year)])
    if (since is None) != (until is None):
        lacking = "until" if until is None else "since"
        raise InputError([Fault(code="day_lacking", column=lacking, value=since or until)])
    return days_asked(given)


def check_lived(ledger: Ledger, period: Period) -> None:
    """Refuse a period in which nothing can have happened: a year typed wrong.

    Raises
    ------
    InputError
        If it begins after today, or ends before the year in which the scheme began.
    """
    today = _today()
    with Faults() as faults:
        if period.first_day is not None and period.first_day > today:
            faults.add("period_to_come", value=period.first_day, today=today)
        if period.last_day is not None and period.last_day < ledger.first_day:
            faults.add("period_before_scheme", value=period.last_day, first=ledger.first_day)


def _check_order(since: date | None, until: date | None) -> None:
    with Faults() as faults:
        if since is not None and until is not None and until < since:
            faults.add("days_reversed", column="until", value=until, since=since)


def _today() -> date:
    from msap_mobility.ledger.books.period import day_of

    return day_of(clock_us())
