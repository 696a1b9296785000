"""The compact text of a rhythm, for a column of a spreadsheet.

A rhythm is *days*, *hours* and any of the limits, in this order. Reading also takes the words of
`vocabulary` (``jeudi 13h30-16h30``, ``sem. impaires``, ``04/01/2027``); writing gives the form of
this table, which reads back to an equal rhythm.

=================  =============================================  ================================
part               written                                        also read, for example
=================  =============================================  ================================
days               ``Th`` · ``Mo,We`` · ``Mo-Fr``                 ``jeudi`` · ``lundi et mercredi``
every n-th week    ``every 2 weeks from 2027-01-04 Th``           ``un jeudi sur deux à partir du
                                                                  04/01/2027``
ISO weeks          ``odd weeks Tu`` · ``even weeks Mo,We``        ``semaines impaires Ma``
n-th of the month  ``2nd Th`` · ``1st,3rd We`` · ``last Fr``      ``le 2e jeudi du mois``
end of the month   ``last day``                                   ``dernier jour du mois``
hours              ``13:30-16:30`` · ``09:00-12:00,14:00-17:00``  ``de 13 h 30 à 16 h 30``
public holidays    ``not on public holidays``                     ``hors jours fériés``
school             ``school term zone B`` ·                       ``période scolaire zone B`` ·
                   ``school holidays zone B``                     ``vacances scolaires zone B``
validity           ``from 2027-01-04`` · ``until 2027-12-31``     ``du 04/01/2027 au 31/12/2027``
dates taken out    ``except 2027-05-06,2027-05-13``               ``sauf le 06/05/2027``
dates put in       ``also 2027-05-08``                            ``et aussi le 08/05/2027``
=================  =============================================  ================================

``from`` before the hours is the week from which every n-th week is counted; after them it is the
first day of validity.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NotRequired, TypedDict, cast

from msap_mobility.calendar.hours import Hours
from msap_mobility.calendar.rules import LAST, EveryWeek, IsoWeeks, LastDay, MonthlyWeekday
from msap_mobility.calendar.vocabulary import DAY_CODES, plain
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.units import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from typing import Literal

    from msap_mobility.calendar.rhythm import Rhythm
    from msap_mobility.calendar.rules import DayRule

__all__ = ["RhythmFields", "day_codes", "day_numbers", "read", "write"]

ORDINALS = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": LAST}


class RhythmFields(TypedDict):
    """The arguments of `Rhythm`, for the readers of its texts."""

    rule: DayRule
    hours: tuple[Hours, ...]
    public_holidays: NotRequired[Literal["open", "skip"]]
    school: NotRequired[Literal["always", "term", "holidays"]]
    zone: NotRequired[Literal["A", "B", "C"] | None]
    first: NotRequired[date | None]
    last: NotRequired[date | None]
    except_dates: NotRequired[tuple[date, ...]]
    extra_dates: NotRequired[tuple[date, ...]]


def write(rhythm: Rhythm) -> str:
    """The compact text of a rhythm."""
    return " ".join(_parts(rhythm))


def read(text: str) -> RhythmFields:
    """The fields of the rhythm that a compact text describes.

    Raises
    ------
    InputError
        Every fault found: ``not_a_rhythm`` with the part not understood, ``not_a_date``, and
        those of `Hours` and of the rules.

    Examples
    --------
    >>> read("lundi et mercredi 9h-12h")["rule"]
    EveryWeek(weekdays=(0, 2), interval=1, anchor=None)
    """
    reader = _Reader(text)
    rule: DayRule | None = None
    with Faults() as faults:
        with faults.also():
            rule = reader.rule()
        hours = reader.hours(faults)
        limits = reader.limits(faults)
        if reader.rest and not faults.found:
            faults.add("not_a_rhythm", value=text, part=reader.rest)
    return cast("RhythmFields", {"rule": rule, "hours": hours, **limits})


def day_codes(weekdays: Sequence[int]) -> str:
    """Weekdays as codes, three or more in a row as a range.

    Examples
    --------
    >>> day_codes((0, 1, 2, 4))
    'Mo-We,Fr'
    """
    codes = [code.capitalize() for code in DAY_CODES]
    return ",".join(
        f"{codes[start]}-{codes[end]}" if end - start > 1 else ",".join(codes[start : end + 1])
        for start, end in _runs(weekdays)
    )


def day_numbers(codes: str) -> tuple[int, ...]:
    """The weekdays that `day_codes` wrote, in any order and any case.

    Examples
    --------
    >>> day_numbers("Mo-We,Fr"), day_numbers("sa-mo")
    ((0, 1, 2, 4), (0, 5, 6))
    """
    days: set[int] = set()
    for run in codes.lower().split(","):
        start, end = (DAY_CODES.index(code) for code in (run[:2], run[-2:]))
        days.update((start + ahead) % 7 for ahead in range((end - start) % 7 + 1))
    return tuple(sorted(days))


def _parts(rhythm: Rhythm) -> Iterator[str]:
    yield _rule_text(rhythm.rule)
    yield ",".join(hours.text() for hours in rhythm.hours)
    if rhythm.public_holidays == "skip":
        yield "not on public holidays"
    if rhythm.school != "always":
        yield f"school {rhythm.school} zone {rhythm.zone}"
    if rhythm.first:
        yield f"from {rhythm.first}"
    if rhythm.last:
        yield f"until {rhythm.last}"
    if rhythm.except_dates:
        yield f"except {','.join(map(str, rhythm.except_dates))}"
    if rhythm.extra_dates:
        yield f"also {','.join(map(str, rhythm.extra_dates))}"


def _rule_text(rule: DayRule) -> str:
    match rule:
        case EveryWeek():
            return _every_text(rule) + day_codes(rule.weekdays)
        case IsoWeeks():
            return f"{rule.parity} weeks {day_codes(rule.weekdays)}"
        case MonthlyWeekday():
            names = {number: name for name, number in ORDINALS.items()}
            return f"{','.join(names[n] for n in rule.nth)} {day_codes((rule.weekday,))}"
        case LastDay():
            return "last day"


def _every_text(rule: EveryWeek) -> str:
    if rule.interval == 1 and rule.anchor is None:
        return ""
    weeks = "every week " if rule.interval == 1 else f"every {rule.interval} weeks "
    return weeks + (f"from {rule.anchor} " if rule.anchor else "")


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each unbroken run."""
    start = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] != numbers[place - 1] + 1:
            yield numbers[start], numbers[place - 1]
            start = place


def _list(item: str) -> str:
    return rf"({item}(?:,{item})*)"


_DAY = f"(?:{'|'.join(DAY_CODES)})"
_DAYS = _list(f"{_DAY}(?:-{_DAY})?")
_NTHS = _list(f"(?:{'|'.join(ORDINALS)})")
_CLOCK = r"\d{1,2}[:h](?:\d{2}(?::\d{2})?)?"
_HOURS = _list(f"{_CLOCK}-{_CLOCK}")
_DATES = _list(r"\d[\d-]+")


class _Reader:
    """Takes one part after the other from the front of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rest = plain(text)

    def take(self, pattern: str) -> re.Match[str] | None:
        """The part at the front, if it has this form; then the text goes on after it."""
        match = re.match(rf"[ ,;]*{pattern}(?![a-z0-9])", self.rest)
        if match:
            self.rest = self.rest[match.end() :].strip(" ,;")
        return match

    def rule(self) -> DayRule:
        """The days, with what stands before them."""
        if every := self.take(r"every (?:(\d{1,3}) )?weeks?"):
            return self._every_week(int(every[1] or 1))
        if parity := self.take(r"(odd|even) weeks?"):
            return IsoWeeks(weekdays=self._days(), parity=cast("Literal['odd', 'even']", parity[1]))
        if self.take("last day"):
            return LastDay()
        if nths := self.take(_NTHS):
            return self._monthly(nths[1])
        return EveryWeek(weekdays=self._days())

    def hours(self, faults: Faults) -> tuple[Hours, ...]:
        """The intervals, in order of time."""
        found: list[Hours] = []
        if match := self.take(_HOURS):
            for text in match[1].split(","):
                with faults.also():
                    found.append(Hours.of(text))
        elif not faults.found:
            faults.add("not_a_rhythm", value=self.text, part=self.rest)
        return tuple(sorted(found))

    def limits(self, faults: Faults) -> dict[str, object]:
        """Everything after the hours, in any order."""
        found: dict[str, object] = {}
        while before := self.rest:
            with faults.also():
                fields = self._limit()
                if not fields:
                    break
                if found.keys() & fields.keys():
                    self._refuse(before)
                found |= fields
        return found

    def _limit(self) -> dict[str, object]:
        if self.take("not on public holidays"):
            return {"public_holidays": "skip"}
        if school := self.take("school (term|holidays)(?: zone ([abc]))?"):
            return {"school": school[1], "zone": school[2].upper() if school[2] else None}
        if limit := self.take(rf"(from|until) {_DATES}"):
            return {"first" if limit[1] == "from" else "last": day(limit[2])}
        if dates := self.take(rf"(except|also) {_DATES}"):
            column = "except_dates" if dates[1] == "except" else "extra_dates"
            return {column: _dates(dates[2].split(","))}
        return {}

    def _every_week(self, interval: int) -> EveryWeek:
        before = self.take(rf"from {_DATES}")
        weekdays = self._days()
        anchor = before or self.take(rf"from {_DATES}")
        return EveryWeek(
            weekdays=weekdays, interval=interval, anchor=day(anchor[1]) if anchor else None
        )

    def _monthly(self, nths: str) -> MonthlyWeekday:
        weekdays = self._days()
        if len(weekdays) > 1:
            self._refuse(day_codes(weekdays))
        numbers = sorted({ORDINALS[name] for name in nths.split(",")}, key=lambda n: (n < 0, n))
        return MonthlyWeekday(weekday=weekdays[0], nth=tuple(numbers))

    def _days(self) -> tuple[int, ...]:
        match = self.take(_DAYS)
        return day_numbers(match[1]) if match else self._refuse(self.rest)

    def _refuse(self, part: str) -> tuple[int, ...]:
        raise InputError([Fault(code="not_a_rhythm", value=self.text, details={"part": part})])


def _dates(texts: Iterable[str]) -> tuple[date, ...]:
    with Faults() as faults:
        found: set[date] = set()
        for text in texts:
            with faults.also():
                found.add(day(text))
    return tuple(sorted(found))
