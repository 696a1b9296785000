"""The rounds, circuit by circuit, and the calendar of a cycle."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msap_mobility.render import Child, Markup, element, join, round_look, swatch
from msap_mobility.report.phrases import circuit_name, listed, unbroken
from msap_mobility.report.tables import data_table, paragraph, section
from msap_mobility.wording import clock, distance, duration, say, weekday
from msap_mobility.wording import day as date_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.report.circuits import Call, Circuit
    from msap_mobility.report.story import Story
    from msap_mobility.wording import Lang

__all__ = ["calendar_section", "rounds_section"]

_COLUMNS = ("order", "place", "arrive", "open", "close", "way", "drive")


def rounds_section(story: Story, lang: Lang) -> Markup:
    """One table a circuit: where, when, how far."""
    return section(
        "rounds",
        say("report.rounds.title", lang),
        paragraph(say("report.rounds.lead", lang)),
        *(_circuit(tour, story.cycle.weeks, lang) for tour in story.circuits),
    )


def _circuit(tour: Circuit, weeks: int, lang: Lang) -> Markup:
    name = circuit_name(tour, weeks, lang)
    line = swatch("line", round_look(tour.weekday, tour.weeks[0] - 1), 0.0, 7.0)
    sign = element("svg", line, viewBox="0 0 36 14", class_="swatch", aria_hidden="true")
    return element(
        "div",
        element("h3", sign, name),
        paragraph(unbroken(say("report.rounds.day", lang, **_day(tour, lang))), "day"),
        data_table(
            f"circuit-{tour.letter}",
            say("report.rounds.caption", lang, letter=tour.letter),
            [say(f"report.rounds.{column}", lang) for column in _COLUMNS],
            _rows(tour, lang),
            numbers=(0, 2, 3, 4, 5, 6),
        ),
        class_="circuit",
        data_circuit=tour.letter,
        data_days=" ".join(map(str, tour.days)),
    )


def _day(tour: Circuit, lang: Lang) -> dict[str, object]:
    """What is told of a circuit as a whole."""
    lunch = tour.lunch and say(
        "report.rounds.lunch", lang, start_s=tour.lunch.start_s, end_s=tour.lunch.end_s
    )
    dates = [date_text(date, lang) for date in tour.dates]
    return {
        "depot": tour.depot.name,
        "depart_s": tour.depart_s,
        "return_s": tour.return_s,
        "drive_m": tour.drive_m,
        "drive_s": tour.drive_s,
        "lunch": lunch or say("report.rounds.no_lunch", lang),
        "dates": say("report.rounds.dates", lang, n=len(tour.dates), dates=listed(dates, lang)),
    }


def _rows(tour: Circuit, lang: Lang) -> Iterator[list[Child]]:
    for call in tour.calls:
        yield [
            f"{tour.letter}{call.order}",
            _place(call, lang),
            clock(call.arrive_s, lang),
            *(clock(time_s, lang) if call.serves else "" for time_s in (call.open_s, call.close_s)),
            distance(call.leg_m, lang),
            duration(call.leg_s, lang),
        ]
    home = say("report.rounds.back", lang, depot=tour.depot.name)
    way = distance(tour.home_m, lang), duration(tour.home_s, lang)
    yield ["", home, clock(tour.return_s, lang), "", "", *way]


def _place(call: Call, lang: Lang) -> Markup:
    """The name of a stop; the script makes it a button that finds the stop on the map."""
    name = element("span", call.place.name, class_="place", data_place=call.place.id)
    return name if call.serves else join([name, " ", say("report.rounds.supply", lang)])


def calendar_section(story: Story, lang: Lang) -> Markup:
    """The weeks of a cycle as rows, the weekdays as columns."""
    weekdays = sorted({*range(5), *(tour.weekday for tour in story.circuits)})
    columns = [say("report.calendar.week", lang), *(weekday(day, lang) for day in weekdays)]
    rows = [
        [_week(story, week, lang), *(_cell(story, 7 * week + day, lang) for day in weekdays)]
        for week in range(story.cycle.weeks)
    ]
    return section(
        "calendar",
        say("report.calendar.title", lang),
        paragraph(say("report.calendar.lead", lang, n=story.cycle.weeks, start=story.cycle.start)),
        data_table("weeks", say("report.calendar.caption", lang), columns, rows),
    )


def _week(story: Story, week: int, lang: Lang) -> Markup:
    monday = story.cycle.start + timedelta(days=7 * week)
    from_date = element("small", say("report.calendar.from", lang, start=monday))
    return join([str(week + 1), " ", from_date])


def _cell(story: Story, day: int, lang: Lang) -> Markup:
    """What is driven on one day of the cycle."""
    driven = [
        element(
            "li",
            element("b", f"{tour.letter}{call.order}"),
            f" {call.place.name}, ",
            element("span", hours_text(call, lang), class_="hours"),
        )
        for tour in story.circuits
        if day in tour.days
        for call in tour.calls
    ]
    nothing = element("span", say("report.calendar.idle", lang), class_="idle")
    return element("ul", *driven) if driven else nothing


def hours_text(call: Call, lang: Lang) -> str:
    """When people are received, or that nobody is."""
    if not call.serves:
        return say("report.rounds.supply", lang)
    hours = say("report.calendar.hours", lang, start_s=call.open_s, end_s=call.close_s)
    return unbroken(hours)
