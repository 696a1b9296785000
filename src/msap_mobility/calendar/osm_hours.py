"""Opening hours as OpenStreetMap writes them, where they are a weekly or monthly habit.

The package `opening_hours` reads the text and tidies it; what is left is read here by a grammar of
one line a rule, then the rhythms are laid beside the package's own calendar over three years. So a
text that says more than rhythms can (seasons, sunset, exceptions within a rule) is refused, never
bent.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from msap_mobility.calendar.hours import Hours
from msap_mobility.calendar.notation import day_codes, day_numbers
from msap_mobility.calendar.rhythm import Rhythm
from msap_mobility.calendar.rules import EveryWeek, IsoWeeks, LastDay, MonthlyWeekday
from msap_mobility.errors import Fault, Faults, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from opening_hours import OpeningHours

    from msap_mobility.calendar.rules import DayRule

__all__ = ["opening_hours_text", "weekly_hours"]

_PROOF = (date(2026, 1, 1), date(2028, 12, 31))  # has a week 53 and a leap day
_MIDNIGHT = time()
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_RULE = re.compile(
    rf"(?:week(?P<weeks>01-53/2|02-5[23]/2) ?)?"
    rf"(?P<days>{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*)?"
    r"(?:\[(?P<nths>[-\d,]+)\])? ?"
    r"(?P<hours>\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*)?"
)
_CLOSED = re.compile(r"(?P<kinds>(?:PH|SH)(?:,(?:PH|SH))*) closed")

Stretches = list[tuple[datetime, datetime]]


def weekly_hours(text: str, *, zone: Literal["A", "B", "C"] | None = None) -> tuple[Rhythm, ...]:
    """The rhythms of an OpenStreetMap ``opening_hours``, one for each rule of it.

    Parameters
    ----------
    text
        For example ``Mo-Fr 09:00-12:00,14:00-17:00; Th[2] 13:30-16:30; PH off``.
    zone
        French school zone, needed where the text has ``SH off``.

    Raises
    ------
    InputError
        ``opening_hours_unread`` (not in the language), ``opening_hours_beyond`` (in the language,
        beyond what rhythms say), ``zone_needed``.

    Examples
    --------
    >>> [rhythm.text() for rhythm in weekly_hours("Tu 14:00-16:30; Th[1,3] 09:30-11:30; PH off")]
    ['Tu 14:00-16:30 not on public holidays', '1st,3rd Th 09:30-11:30 not on public holidays']
    """
    package = _parsed(text)
    rules = re.split(r"; |, ", str(package.normalize()))
    closed: set[str] = set()
    while rules and (match := _CLOSED.fullmatch(rules[-1])):
        closed.update(match["kinds"].split(","))
        rules.pop()
    if "SH" in closed and zone is None:
        raise InputError([Fault(code="zone_needed", column="zone", value=text)])
    rhythms = tuple(
        _rhythm(rule, text, skip="PH" in closed) for rule in rules if rule not in ("", "closed")
    )
    if _laid_out(rhythms) != _calendar(package):
        raise _beyond(text)
    if "SH" in closed:
        return tuple(replace(rhythm, school="term", zone=zone) for rhythm in rhythms)
    return rhythms


def opening_hours_text(rhythms: Sequence[Rhythm]) -> str:
    """The rhythms of one place as an OpenStreetMap ``opening_hours``.

    ``SH off`` does not name the school zone: OpenStreetMap takes it from the place.

    Raises
    ------
    InputError
        ``not_in_opening_hours`` for each rhythm that the language has no words for, or whose
        policies for holidays differ from those of the first.

    Examples
    --------
    >>> opening_hours_text([Rhythm.of("Mo-Fr 09:00-12:00"), Rhythm.of("2nd Th 13:30-16:30")])
    'Mo-Fr 09:00-12:00, Th[2] 13:30-16:30'
    """
    kinds = _closed_on(rhythms[0]) if rhythms else []
    with Faults() as faults:
        for rhythm in rhythms:
            alike = _closed_on(rhythm) == kinds and rhythm.zone == rhythms[0].zone
            if not (alike and _has_words(rhythm)):
                faults.add("not_in_opening_hours", value=rhythm.text())
    weekdays = [index for rhythm in rhythms for index in _weekdays(rhythm.rule)]
    mark = "; " if len(weekdays) == len(set(weekdays)) else ", "
    rules = mark.join(_rule_text(rhythm) for rhythm in rhythms) or "off"
    return f"{rules}; {','.join(kinds)} off" if kinds else rules


def _parsed(text: str) -> OpeningHours:
    import opening_hours  # noqa: PLC0415 - a Rust library that few rhythms need

    try:
        return opening_hours.OpeningHours(text, country="FR")
    except opening_hours.ParserError:  # type: ignore[attr-defined]  # its stubs forget it
        raise InputError([Fault(code="opening_hours_unread", value=text)]) from None


def _rhythm(rule: str, text: str, *, skip: bool) -> Rhythm:
    """The rhythm of one tidy rule."""
    match = _RULE.fullmatch("" if rule == "24/7" else rule)
    if match is None:
        raise _beyond(text)
    try:
        return Rhythm(
            rule=_day_rule(match),
            hours=tuple(Hours.of(part) for part in (match["hours"] or "00:00-24:00").split(",")),
            public_holidays="skip" if skip else "open",
        )
    except InputError:
        raise _beyond(text) from None


def _day_rule(match: re.Match[str]) -> DayRule:
    weekdays = day_numbers(match["days"] or "Mo-Su")
    if match["nths"]:
        nths = sorted(map(int, match["nths"].split(",")), key=lambda n: (n < 0, n))
        return MonthlyWeekday(weekday=weekdays[0], nth=tuple(nths))
    if match["weeks"]:
        return IsoWeeks(
            weekdays=weekdays, parity="odd" if match["weeks"].startswith("01") else "even"
        )
    return EveryWeek(weekdays=weekdays)


def _laid_out(rhythms: Iterable[Rhythm]) -> Stretches:
    """When the rhythms are open, by our reading."""
    midnights = [
        (datetime.combine(day, _MIDNIGHT), hours)
        for rhythm in rhythms
        for day in rhythm.dates(*_PROOF)
        for hours in rhythm.hours
    ]
    return _joined(
        (day + timedelta(seconds=hours.start_s), day + timedelta(seconds=hours.end_s))
        for day, hours in midnights
    )


def _calendar(package: OpeningHours) -> Stretches:
    """When the text is open, or perhaps open, by the package's reading."""
    first, last = (datetime.combine(day, _MIDNIGHT) for day in _PROOF)
    return _joined(
        (start, end)
        for start, end, state, _ in package.intervals(first, last + timedelta(days=1))
        if str(state) != "closed"
    )


def _joined(stretches: Iterable[tuple[datetime, datetime]]) -> Stretches:
    """In order, those that touch or overlap made one."""
    joined: Stretches = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _has_words(rhythm: Rhythm) -> bool:
    """Whether the language can say it: no anchor, month's end, seconds, limits or single dates."""
    plain = replace(rhythm, public_holidays="open", school="always", zone=None)
    return (
        plain == Rhythm(rule=rhythm.rule, hours=rhythm.hours)
        and rhythm.school != "holidays"
        and not isinstance(rhythm.rule, LastDay)
        and not (isinstance(rhythm.rule, EveryWeek) and _starts_somewhere(rhythm.rule))
        and not any(hours.start_s % 60 or hours.end_s % 60 for hours in rhythm.hours)
    )


def _starts_somewhere(rule: EveryWeek) -> bool:
    return rule.interval > 1 or rule.anchor is not None


def _closed_on(rhythm: Rhythm) -> list[str]:
    public = ["PH"] if rhythm.public_holidays == "skip" else []
    return public + (["SH"] if rhythm.school == "term" else [])


def _weekdays(rule: DayRule) -> tuple[int, ...]:
    if isinstance(rule, MonthlyWeekday):
        return (rule.weekday,)
    return () if isinstance(rule, LastDay) else rule.weekdays


def _rule_text(rhythm: Rhythm) -> str:
    rule = rhythm.rule
    days = day_codes(_weekdays(rule))
    if isinstance(rule, MonthlyWeekday):
        days += f"[{','.join(map(str, rule.nth))}]"
    if isinstance(rule, IsoWeeks):
        days = f"week {'01-53' if rule.parity == 'odd' else '02-52'}/2 {days}"
    return f"{days} {','.join(hours.text() for hours in rhythm.hours)}"


def _beyond(text: str) -> InputError:
    return InputError([Fault(code="opening_hours_beyond", value=text)])
