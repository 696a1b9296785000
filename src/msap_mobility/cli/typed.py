"""What was typed, read: every fault of it at once, under the name of its option."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from msap_mobility.errors import Fault, Faults, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["day", "moment", "month", "read_all", "under_options"]

_When = TypeVar("_When", date, datetime)

_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_FRENCH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_FRENCH_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{4})")


def read_all(
    typed: Mapping[str, str | None], readers: Mapping[str, Callable[[str], Any]]
) -> dict[str, Any]:
    """Each text as what it means; None stays None.

    Parameters
    ----------
    typed
        Texts by the name of their argument or option.
    readers
        How to read those that are no plain texts.

    Raises
    ------
    InputError
        With the faults of all of them.

    Examples
    --------
    >>> read_all({"date": "30/11/2026", "member": "paul"}, {"date": day})
    {'date': datetime.date(2026, 11, 30), 'member': 'paul'}
    """
    found: dict[str, Any] = {}
    with Faults() as faults:
        for name, text in typed.items():
            with faults.also(column=name):
                found[name] = None if text is None else readers.get(name, str)(text)
    return found


@contextmanager
def under_options(names: Mapping[str, str]) -> Iterator[None]:
    """Tell the faults of a record by the names of the options that were typed.

    Parameters
    ----------
    names
        Options by the column a fault of the record names.

    Raises
    ------
    InputError
        With the faults raised inside.

    Examples
    --------
    >>> with under_options({"stay_s": "stay"}):
    ...     raise InputError([Fault(code="not_whole", column="stay_s", value="long")])
    Traceback (most recent call last):
    ...
    msap_mobility.errors.InputError: column stay: 'long' is not a whole number. ...
    """
    try:
        yield
    except InputError as error:
        named = (replace(one, column=names.get(one.column, one.column)) for one in error.faults)
        raise InputError(named) from None


def day(text: str) -> date:
    """A day, as 2026-11-30 or 30/11/2026.

    Raises
    ------
    InputError
        With the fault ``not_a_typed_day``.

    Examples
    --------
    >>> day("2026-11-30") == day("30/11/2026")
    True
    """
    try:
        return _within(date(*_parts(text, _DAY, _FRENCH_DAY)))
    except (TypeError, ValueError):
        raise InputError([Fault(code="not_a_typed_day", value=text)]) from None


def month(text: str) -> tuple[int, int]:
    """A month, as 2026-11 or 11/2026: its year and its number.

    Raises
    ------
    InputError
        With the fault ``not_a_typed_month``.

    Examples
    --------
    >>> month("2026-11"), month("11/2026")
    ((2026, 11), (2026, 11))
    """
    try:
        year, number = _parts(text, _MONTH, _FRENCH_MONTH)
        date(year, number, 1)
    except (TypeError, ValueError):
        raise InputError([Fault(code="not_a_typed_month", value=text)]) from None
    return year, number


def moment(text: str) -> datetime:
    """An instant, legal time of France unless it says otherwise; a day means its last instant.

    Raises
    ------
    InputError
        With the fault ``not_a_typed_moment``.

    Examples
    --------
    >>> moment("2026-11-30 08:10").isoformat()
    '2026-11-30T08:10:00+01:00'
    >>> moment("30/11/2026").isoformat()
    '2026-11-30T23:59:59.999999+01:00'
    """
    from msap_mobility.ledger.books.period import midnight, paris

    try:
        if _DAY.fullmatch(text.strip()) or _FRENCH_DAY.fullmatch(text.strip()):
            return midnight(day(text) + timedelta(days=1)) - timedelta(microseconds=1)
        instant = _within(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):  # an InputError is a ValueError
        raise InputError([Fault(code="not_a_typed_moment", value=text)]) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=paris())


def _within(when: _When) -> _When:
    """A day or an instant of the years a ledger can be asked about."""
    if not 1970 <= when.year <= 9998:
        raise ValueError(when)
    return when


def _parts(text: str, iso: re.Pattern[str], french: re.Pattern[str]) -> tuple[int, ...]:
    """The numbers of a text, the year first; none if it has another form."""
    found = iso.fullmatch(text.strip())
    if found is not None:
        return tuple(map(int, found.groups()))
    found = french.fullmatch(text.strip())
    return tuple(map(int, reversed(found.groups()))) if found else ()
