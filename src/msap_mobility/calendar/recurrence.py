"""A rhythm as iCalendar says it (RFC 5545), and back without loss.

=====================  ===========================================================
rule                   RRULE
=====================  ===========================================================
every n-th week        ``FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=MO``
odd, even ISO weeks    ``FREQ=YEARLY;BYWEEKNO=1,3,…,53;BYDAY=TU;WKST=MO``
n-th of the month      ``FREQ=MONTHLY;BYDAY=2TH`` (``-1TH``: the last)
last day of the month  ``FREQ=MONTHLY;BYMONTHDAY=-1``
=====================  ===========================================================

Not INTERVAL=2 for ISO weeks: two odd weeks meet after a year of 53. What a RRULE cannot hold
stands in `RecurrenceText.remarks`, which a calendar keeps in a property of ours: policies for
holidays, and limits that DTSTART and UNTIL do not tell (DTSTART must be the first day of the rule,
and every calendar needs one).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, cast

from msap_mobility.calendar.notation import RhythmFields, day_numbers
from msap_mobility.calendar.rules import EveryWeek, IsoWeeks, LastDay, MonthlyWeekday, monday
from msap_mobility.calendar.vocabulary import DAY_CODES
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.units import day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Literal

    from msap_mobility.calendar.hours import Hours
    from msap_mobility.calendar.rhythm import Rhythm
    from msap_mobility.calendar.rules import DayRule

__all__ = ["OPEN_START", "RecurrenceText", "read", "write"]

OPEN_START = date(2000, 1, 1)
"""Where a rhythm with no beginning begins in a calendar, which must have one."""

_LONGEST_GAP = timedelta(days=400)  # between two days of a rule: 53 weeks, and some
_PARTS_OF = {
    "WEEKLY": {"INTERVAL", "BYDAY"},
    "MONTHLY": {"BYDAY", "BYMONTHDAY"},
    "YEARLY": {"BYWEEKNO", "BYDAY"},
}
_PARITIES = {"odd": range(1, 54, 2), "even": range(2, 54, 2)}
_REMARKS = {"first", "last", "anchor", "public-holidays", "school", "zone"}
_NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrenceText:
    """One rhythm in the words of iCalendar.

    Parameters
    ----------
    start
        Date of DTSTART, a day of the rule.
    rrule
        Value of RRULE; UNTIL is a local date.
    hours
        Intervals of each day: a calendar needs an event for each.
    except_dates, extra_dates
        Dates of EXDATE and RDATE.
    remarks
        What no property of iCalendar holds, as ``name=value`` parted by spaces; names are first,
        last, anchor, public-holidays, school and zone. Empty in a foreign calendar.
    """

    start: date
    rrule: str
    hours: tuple[Hours, ...]
    except_dates: tuple[date, ...] = ()
    extra_dates: tuple[date, ...] = ()
    remarks: str = ""


def write(
    rhythm: Rhythm, *, since: date | None = None, until: date | None = None
) -> RecurrenceText:
    """The rhythm in the words of iCalendar, published from `since` to `until`.

    Raises
    ------
    InputError
        ``never_happens``, ``anchor_needed``.
    """
    last = min((limit for limit in (rhythm.last, until) if limit), default=None)
    start = _first_day(rhythm, since, last)
    return RecurrenceText(
        start=start,
        rrule=_rule_text(rhythm.rule) + (f";UNTIL={_until_text(last)}" if last else ""),
        hours=rhythm.hours,
        except_dates=rhythm.except_dates,
        extra_dates=rhythm.extra_dates,
        remarks=" ".join(f"{name}={value}" for name, value in _remarks(rhythm, start, last)),
    )


def read(text: RecurrenceText) -> RhythmFields:
    """The fields of the rhythm; a text with no remarks begins on its first day.

    Raises
    ------
    InputError
        ``rrule_part`` for each part of the rule, and each remark, that a rhythm cannot hold, and
        the faults of the rules.
    """
    with Faults() as faults:
        parts = _split(text.rrule, ";", faults)
        remarks = _split(text.remarks, " ", faults)
        for name in sorted(remarks.keys() - _REMARKS):
            faults.found.extend(_refusal(name, remarks[name]).faults)
        rule: DayRule | None = None
        with faults.also():
            _check_parts(parts)
            rule = _rule(parts, text.start, remarks)
        until = _until(parts, faults)
    return RhythmFields(
        rule=rule,
        hours=text.hours,
        public_holidays=cast("Literal['open', 'skip']", remarks.get("public-holidays", "open")),
        school=cast("Literal['always', 'term', 'holidays']", remarks.get("school", "always")),
        zone=cast("Literal['A', 'B', 'C'] | None", remarks.get("zone")),
        first=_remarked(remarks, "first", text.start),
        last=_remarked(remarks, "last", until),
        except_dates=text.except_dates,
        extra_dates=text.extra_dates,
    )


def _first_day(rhythm: Rhythm, since: date | None, last: date | None) -> date:
    """The first day of the rule that is published, whatever policies and exceptions say."""
    anchor = rhythm.rule.anchor if isinstance(rhythm.rule, EveryWeek) else None
    starts = (rhythm.first, since, anchor and monday(anchor))
    begin = max((start for start in starts if start), default=OPEN_START)
    ahead = min(_LONGEST_GAP, date.max - begin)
    end = min(begin + ahead, last or date.max)
    found = next(rhythm.rule.days(begin, end), None)
    if found is None:
        raise InputError([Fault(code="never_happens", value=rhythm.text())])
    return found


def _rule_text(rule: DayRule) -> str:
    match rule:
        case EveryWeek():
            interval = f"INTERVAL={rule.interval};" if rule.interval > 1 else ""
            return f"FREQ=WEEKLY;{interval}BYDAY={_codes(rule.weekdays)};WKST=MO"
        case IsoWeeks():
            weeks = ",".join(map(str, _PARITIES[rule.parity]))
            return f"FREQ=YEARLY;BYWEEKNO={weeks};BYDAY={_codes(rule.weekdays)};WKST=MO"
        case MonthlyWeekday():
            code = _codes((rule.weekday,))
            return f"FREQ=MONTHLY;BYDAY={','.join(f'{n}{code}' for n in rule.nth)}"
        case LastDay():
            return "FREQ=MONTHLY;BYMONTHDAY=-1"


def _codes(weekdays: Sequence[int]) -> str:
    return ",".join(DAY_CODES[index].upper() for index in weekdays)


def _remarks(rhythm: Rhythm, start: date, last: date | None) -> Iterator[tuple[str, object]]:
    if rhythm.first != start:
        yield "first", rhythm.first or _NONE
    if rhythm.last != last:
        yield "last", rhythm.last or _NONE
    if isinstance(rhythm.rule, EveryWeek):
        told = start if rhythm.rule.interval > 1 else None
        if rhythm.rule.anchor != told:
            yield "anchor", rhythm.rule.anchor
    if rhythm.public_holidays != "open":
        yield "public-holidays", rhythm.public_holidays
    if rhythm.school != "always":
        yield "school", rhythm.school
        yield "zone", rhythm.zone


def _split(text: str, mark: str, faults: Faults) -> dict[str, str]:
    """``NAME=value`` parts by name."""
    parts = [part.partition("=") for part in text.split(mark) if part]
    for name, equals, value in parts:
        if not (equals and value):
            faults.add("rrule_part", value=name)
    return {name: value for name, _, value in parts if value}


def _check_parts(parts: Mapping[str, str]) -> None:
    """Refuse every part that no rule of ours has."""
    frequency = parts.get("FREQ", "")
    if frequency not in _PARTS_OF:
        raise _refusal("FREQ", frequency)
    known = {"FREQ", "UNTIL", "WKST", *_PARTS_OF[frequency]}
    with Faults() as faults:
        for name, value in parts.items():
            if name not in known and (name, value) != ("INTERVAL", "1"):
                faults.found.extend(_refusal(name, value).faults)
        counted_by_week = frequency == "YEARLY" or parts.get("INTERVAL", "1") != "1"
        if counted_by_week and parts.get("WKST", "MO") != "MO":
            faults.found.extend(_refusal("WKST", parts["WKST"]).faults)


def _rule(parts: Mapping[str, str], start: date, remarks: Mapping[str, str]) -> DayRule:
    match parts["FREQ"]:
        case "WEEKLY":
            interval = _whole(parts, "INTERVAL", "1")
            told = start if interval > 1 else None
            return EveryWeek(
                weekdays=_weekdays(parts, _codes((start.weekday(),))),
                interval=interval,
                anchor=_remarked(remarks, "anchor", told),
            )
        case "YEARLY":
            return IsoWeeks(weekdays=_weekdays(parts), parity=_parity(parts))
        case _ if parts.get("BYMONTHDAY") == "-1" and "BYDAY" not in parts:
            return LastDay()
        case _:
            return _monthly(parts)


def _weekdays(parts: Mapping[str, str], otherwise: str = "") -> tuple[int, ...]:
    codes = parts.get("BYDAY", otherwise)
    if not re.fullmatch(r"(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*", codes):
        raise _refusal("BYDAY", codes)
    return day_numbers(codes)


def _parity(parts: Mapping[str, str]) -> Literal["odd", "even"]:
    given = parts.get("BYWEEKNO", "")
    for parity, weeks in _PARITIES.items():
        if sorted(given.split(",")) == sorted(map(str, weeks)):
            return cast("Literal['odd', 'even']", parity)
    raise _refusal("BYWEEKNO", given)


def _monthly(parts: Mapping[str, str]) -> MonthlyWeekday:
    if "BYMONTHDAY" in parts:
        raise _refusal("BYMONTHDAY", parts["BYMONTHDAY"])
    given = parts.get("BYDAY", "")
    found = [re.fullmatch(r"([+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)", code) for code in given.split(",")]
    numbers = {int(match[1]) for match in found if match}
    codes = {match[2] for match in found if match}
    if None in found or len(codes) > 1 or min(numbers) < -1:
        raise _refusal("BYDAY", given)
    return MonthlyWeekday(
        weekday=DAY_CODES.index(codes.pop().lower()),
        nth=tuple(sorted(numbers, key=lambda n: (n < 0, n))),
    )


def _until_text(day: date) -> str:
    return day.isoformat().replace("-", "")  # strftime writes early years short on some systems


def _until(parts: Mapping[str, str], faults: Faults) -> date | None:
    if "UNTIL" not in parts:
        return None
    try:
        return datetime.strptime(parts["UNTIL"], "%Y%m%d").date()  # noqa: DTZ007 - a local date
    except ValueError:
        faults.found.extend(_refusal("UNTIL", parts["UNTIL"]).faults)
        return None


def _whole(parts: Mapping[str, str], name: str, otherwise: str) -> int:
    text = parts.get(name, otherwise)
    if not re.fullmatch(r"\d{1,3}", text):
        raise _refusal(name, text)
    return int(text)


def _remarked(remarks: Mapping[str, str], name: str, otherwise: date | None) -> date | None:
    """The date of a remark; with no remark, what the rest of the text tells."""
    if name not in remarks:
        return otherwise
    return None if remarks[name] == _NONE else day(remarks[name])


def _refusal(name: str, value: str) -> InputError:
    return InputError([Fault(code="rrule_part", value=f"{name}={value}")])
