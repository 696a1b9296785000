"""The head of the page: what it is about, its figures at a glance, its contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.render import Markup, element
from msap_mobility.report.reach import value_text
from msap_mobility.wording import distance, say

if TYPE_CHECKING:
    from msap_mobility.report.story import Story
    from msap_mobility.wording import Lang

__all__ = ["contents", "heading"]

SECTIONS = ("map", "rounds", "calendar", "reach", "left_out", "sources", "making")


def heading(story: Story, lang: Lang) -> Markup:
    """Title, one sentence, and the figures a council asks for first."""
    lead = say(
        "report.head.lead",
        lang,
        circuits=say("report.head.circuits", lang, n=len(story.circuits)),
        stops=say("report.head.stops", lang, n=len(story.stops)),
        cycle=say("report.head.cycle", lang, n=story.cycle.weeks),
        reached=story.people_reached,
        people=story.people_in_all,
    )
    return element(
        "header",
        element("p", say("report.head.kicker", lang), class_="kicker"),
        element("h1", story.name),
        element("p", lead, class_="lead"),
        element("dl", *_figures(story, lang), class_="figures"),
    )


def _figures(story: Story, lang: Lang) -> list[Markup]:
    """The first two measures before and after, and the road in one cycle."""
    figures = [
        (
            say(f"report.measure.{measure.measure}.column", lang),
            value_text(measure.measure, measure.after, lang),
            say(
                "report.head.before",
                lang,
                before=value_text(measure.measure, measure.before, lang),
            ),
        )
        for measure in story.everybody.measures[:3]
    ]
    driven = [(tour.drive_m, tour.drive_s, len(tour.days)) for tour in story.circuits]
    road = (
        say("report.head.road", lang),
        distance(sum(metres * days for metres, _, days in driven), lang),
        say(
            "report.head.wheel",
            lang,
            drive_s=sum(seconds * days for _, seconds, days in driven),
        ),
    )
    return [_figure(*figure) for figure in (*figures, road)]


def _figure(name: str, value: str, beside: str) -> Markup:
    return element(
        "div",
        element("dt", name),
        element("dd", element("b", value), element("small", beside)),
    )


def contents(lang: Lang) -> Markup:
    """Links to the sections."""
    links = [
        element("li", element("a", say(f"report.{name}.title", lang), href=f"#{_id(name)}"))
        for name in SECTIONS
    ]
    label = say("report.head.contents", lang)
    return element("nav", element("ol", *links), aria_label=label)


def _id(name: str) -> str:
    return name.replace("_", "-")
