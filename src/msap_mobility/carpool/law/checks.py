"""Checks that the records of the law share."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msap_mobility.errors import Faults

__all__ = [
    "LONGEST",
    "check_day",
    "check_flag",
    "check_id",
    "check_instant",
    "check_line",
    "check_pattern",
    "check_records",
    "check_whole",
]

LONGEST = 255
"""Most characters of an id: what the registry's own schema takes."""

_UNUSABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def check_whole(faults: Faults, column: str, value: object, least: int, most: int) -> None:
    """Note what is wrong unless `value` is an integer from `least` to `most`, both included.

    Examples
    --------
    >>> from msap_mobility.errors import Faults
    >>> faults = Faults()
    >>> for seats in (0, 5.0, True, 5):
    ...     check_whole(faults, "seats", seats, 1, 9)
    >>> [(fault.code, fault.value) for fault in faults.found]
    [('out_of_range', 0), ('not_whole', 5.0), ('not_whole', True)]
    """
    if type(value) is not int:
        faults.add("not_whole", column=column, value=value)
    elif not least <= value <= most:
        faults.add("out_of_range", column=column, value=value, least=least, most=most)


def check_flag(faults: Faults, column: str, value: object) -> None:
    """Note what is wrong unless `value` is True or False."""
    if type(value) is not bool:
        faults.add("not_true_false", column=column, value=value)


def check_day(faults: Faults, column: str, value: object) -> None:
    """Note what is wrong unless `value` is a date without a time of day."""
    if type(value) is not date:
        faults.add("law_not_a_day", column=column, value=value)


def check_instant(faults: Faults, column: str, value: object) -> None:
    """Note what is wrong unless `value` is an instant with its timezone."""
    if not isinstance(value, datetime):
        faults.add("law_not_an_instant", column=column, value=value)
    elif value.utcoffset() is None:
        faults.add("instant_without_zone", column=column, value=value)


def check_id(faults: Faults, column: str, value: object) -> None:
    """Note what is wrong unless `value` can name somebody or something, on one line."""
    if not isinstance(value, str) or not value or value != value.strip():
        faults.add("not_a_name", column=column, value=value)
    elif _UNUSABLE.search(value):
        faults.add("not_printable", column=column, value=value)
    elif len(value) > LONGEST:
        faults.add("text_too_long", column=column, value=value[:20], longest=LONGEST)


def check_pattern(
    faults: Faults, code: str, column: str, value: object, pattern: re.Pattern[str]
) -> None:
    """Note `code` unless `value` is a text that is all `pattern`."""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        faults.add(code, column=column, value=value)


def check_line(faults: Faults, column: str, value: object, longest: int) -> None:
    """Note what is wrong unless `value` is a text, possibly empty, that is not too long."""
    if not isinstance(value, str):
        faults.add("not_a_text", column=column, value=value)
    elif len(value) > longest:
        faults.add("text_too_long", column=column, value=value[:20], longest=longest)


def check_records(
    faults: Faults, column: str, values: Iterable[object], record: type, longest: int | None = None
) -> None:
    """Note what is wrong unless `values` is a tuple of `record`, of at most `longest`."""
    if not isinstance(values, tuple) or any(type(value) is not record for value in values):
        faults.add("not_records", column=column, value=values, sort=record.__name__)
    elif longest is not None and len(values) > longest:
        faults.add("out_of_range", column=column, value=len(values), least=0, most=longest)
