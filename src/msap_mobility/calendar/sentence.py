"""A rhythm as a sentence for villagers, in French or English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.calendar.rules import EveryWeek, IsoWeeks, LastDay, MonthlyWeekday
from msap_mobility.wording import has, say, weekday

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.calendar.rhythm import Rhythm
    from msap_mobility.calendar.rules import DayRule
    from msap_mobility.wording import Lang

__all__ = ["describe"]


def describe(rhythm: Rhythm, lang: Lang = "en") -> str:
    """Days, hours and limits, parted by commas, with no full stop.

    Examples
    --------
    >>> from msap_mobility.calendar import Rhythm
    >>> rhythm = Rhythm.of("every 2 weeks Th 13:30-16:30")
    >>> print(describe(rhythm, "fr"))
    un jeudi sur deux, de 13 h 30 à 16 h 30
    >>> print(describe(rhythm, "en"))
    every second Thursday, from 1:30 pm to 4:30 pm
    """
    hours = [
        say("calendar.hours", lang, start=hours.start_s, end=hours.end_s) for hours in rhythm.hours
    ]
    return ", ".join([_days(rhythm.rule, lang), _listed(hours, lang), *_limits(rhythm, lang)])


def _days(rule: DayRule, lang: Lang) -> str:
    match rule:
        case EveryWeek():
            return _every_week(rule, lang)
        case IsoWeeks():
            days = _weekdays(rule.weekdays, lang)
            return say(f"calendar.iso_weeks.{rule.parity}", lang, days=days)
        case MonthlyWeekday():
            nths = [say(f"calendar.nth.{'last' if n < 0 else n}", lang) for n in rule.nth]
            return say(
                "calendar.monthly",
                lang,
                nths=_listed(nths, lang),
                weekday=weekday(rule.weekday, lang),
            )
        case LastDay():
            return say("calendar.last_day", lang)


def _every_week(rule: EveryWeek, lang: Lang) -> str:
    days = _weekdays(rule.weekdays, lang)
    if rule.interval == 1:
        if len(rule.weekdays) == 7:
            return say("calendar.every_day", lang)
        return say("calendar.every", lang, days=days)
    number = str(rule.interval)
    if has(f"calendar.number.{number}", lang):
        number = say(f"calendar.number.{number}", lang)
    several = "weeks" if len(rule.weekdays) > 1 else "weekday"
    second = "second" if rule.interval == 2 else "nth"
    return say(f"calendar.{several}.{second}", lang, days=days, number=number)


def _limits(rhythm: Rhythm, lang: Lang) -> Iterator[str]:
    if isinstance(rhythm.rule, EveryWeek) and rhythm.rule.anchor:
        yield say("calendar.anchor", lang, day=rhythm.rule.anchor)
    if rhythm.school != "always":
        yield say(f"calendar.school.{rhythm.school}", lang, zone=rhythm.zone)
    if rhythm.public_holidays == "skip":
        yield say("calendar.not_on_public_holidays", lang)
    for name, limit in (("from", rhythm.first), ("until", rhythm.last)):
        if limit:
            yield say(f"calendar.{name}", lang, day=limit)
    for name, dates in (("except", rhythm.except_dates), ("also", rhythm.extra_dates)):
        if dates:
            days = [say("calendar.on_date", lang, day=day) for day in dates]
            yield say(f"calendar.{name}", lang, days=_listed(days, lang))


def _weekdays(weekdays: Sequence[int], lang: Lang) -> str:
    return _listed([weekday(index, lang) for index in weekdays], lang)


def _listed(items: Sequence[str], lang: Lang) -> str:
    """One, two and three: with commas, and a word before the last."""
    if len(items) == 1:
        return items[0]
    return say("calendar.and", lang, first=", ".join(items[:-1]), last=items[-1])
