"""Checks that several constructors of a calendar share."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from msap_mobility.errors import Faults

__all__ = ["check_ascending", "check_choice", "check_ordered", "check_zone"]


def check_choice(faults: Faults, column: str, value: object, choices: Sequence[str]) -> None:
    """Note ``unknown_choice`` unless `value` is one of `choices`."""
    if value not in choices:
        faults.add("unknown_choice", column=column, value=value, choices=", ".join(choices))


def check_ordered(
    faults: Faults, column: str, values: Sequence[int], allowed: Sequence[int]
) -> None:
    """Note what is wrong unless `values` are some of `allowed`, in that order, each once."""
    if not values:
        faults.add("nothing_given", column=column)
    unknown = [value for value in values if value not in allowed]
    for value in unknown:
        faults.add(
            "out_of_range", column=column, value=value, least=min(allowed), most=max(allowed)
        )
    if not unknown and list(values) != [value for value in allowed if value in values]:
        faults.add("not_in_order", column=column, value=values)


def check_ascending(faults: Faults, column: str, dates: Sequence[date]) -> None:
    """Note ``not_in_order`` unless `dates` are ascending, each once."""
    if any(later <= earlier for earlier, later in pairwise(dates)):
        faults.add("not_in_order", column=column, value=", ".join(map(str, dates)))


def check_zone(faults: Faults, column: str, zone: str) -> None:
    """Note ``unknown_time_zone`` unless `zone` is an IANA zone."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, TypeError, OSError):
        faults.add("unknown_time_zone", column=column, value=zone)
