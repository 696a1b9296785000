"""What the page rests on: sources, how the plan was found, what is assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.render import Child, Markup, element
from msap_mobility.report.phrases import listed
from msap_mobility.report.tables import data_table, paragraph, section
from msap_mobility.wording import count, say, share

if TYPE_CHECKING:
    from msap_mobility.provenance import Provenance, Source
    from msap_mobility.report.story import Story
    from msap_mobility.wording import Lang

__all__ = ["making_section", "sources_section", "standing_tag"]


def standing_tag(standing: str, lang: Lang) -> Markup:
    """The word observed, estimated or assumed, set apart."""
    return element("span", say(f"report.standing.{standing}", lang), class_=f"tag {standing}")


def sources_section(story: Story, lang: Lang) -> Markup:
    """Every input and figure, and whether it is observed, estimated or assumed."""
    columns = [
        say(f"report.sources.{column}", lang)
        for column in ("name", "standing", "origin", "licence", "note")
    ]
    rows = [*(_source(source, lang) for source in story.sources), *_figures(lang)]
    return section(
        "sources",
        say("report.sources.title", lang),
        _meanings(lang),
        data_table("sources-table", say("report.sources.caption", lang), columns, rows),
    )


def _meanings(lang: Lang) -> Markup:
    told: list[Child] = []
    for standing in ("observed", "estimated", "assumed"):
        told.append(element("dt", standing_tag(standing, lang)))
        told.append(element("dd", say(f"report.standing.{standing}_meaning", lang)))
    return element("dl", *told, class_="meanings")


def _source(source: Source, lang: Lang) -> list[Child]:
    origin = ", ".join(part for part in (source.origin, source.date) if part)
    name, note = source.name.told(lang), source.note.told(lang)
    return [name, standing_tag(source.standing, lang), origin, source.licence, note]


def _figures(lang: Lang) -> list[list[Child]]:
    """The page's own figures: all computed, so estimated at best."""
    return [
        [
            say(f"report.figure.{figure}.name", lang),
            standing_tag("estimated", lang),
            say("report.figure.origin", lang),
            "",
            say(f"report.figure.{figure}.note", lang),
        ]
        for figure in ("rounds", "reach", "left_out")
    ]


def making_section(story: Story, lang: Lang) -> Markup:
    """How the plan was found and how far from the best it can be, said plainly."""
    made = story.provenance
    facts = {
        "engine": made.engine,
        "seed": made.seed,
        "starts": made.starts,
        "iterations": listed([count(number, lang) for number in made.iterations], lang),
        "version": made.version,
        "inputs": made.inputs_hash[:16],
    }
    told: list[Child] = []
    for fact, value in facts.items():
        if value not in {None, ""}:
            told.append(element("dt", say(f"report.making.{fact}", lang)))
            told.append(element("dd", str(value)))
    return section(
        "making",
        say("report.making.title", lang),
        paragraph(bound_text(made, lang)),
        element("dl", *told, class_="facts"),
    )


def bound_text(made: Provenance, lang: Lang) -> str:
    """How good the plan is known to be.

    Examples
    --------
    >>> from msap_mobility.provenance import Provenance
    >>> bound_text(Provenance(verb="plan_tour", inputs_hash=""), "en")
    'No bound is known: ...'
    """
    if made.bound is None or made.objective is None or made.gap is None:
        return say("report.bound.none", lang)
    values = {"objective": made.objective, "bound": made.bound, "gap": share(made.gap, lang)}
    return say("report.bound.best" if made.gap == 0 else "report.bound.gap", lang, **values)
