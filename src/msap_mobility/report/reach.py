"""Coverage before and after the tour: everybody, by group, by commune; and who is left out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msap_mobility.render import Child, Markup, element, join
from msap_mobility.report.tables import data_table, paragraph, section
from msap_mobility.wording import count, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.report.story import Gain, Reached, Story
    from msap_mobility.tours.tour import Unserved
    from msap_mobility.wording import Lang

__all__ = ["left_out_section", "reach_section", "value_text"]


def reach_section(story: Story, lang: Lang) -> Markup:
    """Two tables: by group of people, and by commune."""
    return section(
        "reach",
        say("report.reach.title", lang),
        paragraph(say("report.reach.lead", lang)),
        _meanings(story, lang),
        _table("by-group", story, story.by_group, lang),
        *_rounding(story, lang),
        _table("by-commune", story, story.by_commune, lang),
        paragraph(say("report.reach.withheld", lang, n=story.threshold), "note"),
    )


def _rounding(story: Story, lang: Lang) -> list[Markup]:
    """What the sign of a rounded value means, if there are any."""
    if not any(gain.rounded for gain in story.by_group):
        return []
    return [paragraph(say("coverage.rounded", lang, n=story.threshold), "note")]


def _meanings(story: Story, lang: Lang) -> Markup:
    """What each measure counts, before the figures are read."""
    told = []
    for measure in story.everybody.measures:
        told.append(element("dt", say(f"report.measure.{measure.measure}.name", lang)))
        told.append(element("dd", say(f"report.measure.{measure.measure}.meaning", lang)))
    return element("dl", *told, class_="meanings")


def _table(id: str, story: Story, gains: Sequence[Gain], lang: Lang) -> Markup:  # noqa: A002 - HTML's own word
    code = id.replace("-", "_")
    measures = [measure.measure for measure in story.everybody.measures]
    columns = [
        say(f"report.reach.{code}.head", lang),
        say("report.reach.people", lang),
        *(say(f"report.measure.{measure}.column", lang) for measure in measures),
        say("report.reach.newly", lang),
        say("report.reach.sooner", lang),
        say("report.reach.later", lang),
    ]
    rows = [_row(gain, lang) for gain in (story.everybody, *gains)]
    caption = say(f"report.reach.{code}.caption", lang)
    return data_table(id, caption, columns, rows, numbers=range(1, len(columns)))


def _row(gain: Gain, lang: Lang) -> list[Child]:
    return [
        gain.name,
        count(gain.people, lang),
        *(_change(measure, gain.rounded, lang) for measure in gain.measures),
        *(_counted(part, gain.rounded, lang) for part in (gain.newly, gain.sooner, gain.later)),
    ]


def _change(measure: Reached, rounded: bool, lang: Lang) -> Markup:
    before = value_text(measure.measure, measure.before, lang, rounded=rounded)
    after = value_text(measure.measure, measure.after, lang, rounded=rounded)
    before = say("report.reach.before", lang, before=before)
    return join([element("span", before, class_="before"), " ", element("b", after)])


def value_text(
    measure: str, value: tuple[float, float] | None, lang: Lang, *, rounded: bool = False
) -> str:
    """A measure in words: one value, or from … to … where opening hours are unknown.

    Examples
    --------
    >>> value_text("share_reached", (0.25, 0.25), "en"), value_text("share_reached", None, "en")
    ('25.0%', 'withheld')
    >>> value_text("share_reached", (0.25, 0.25), "en", rounded=True)
    '≈ 25%'
    """
    if value is None:
        return say("report.withheld", lang)
    form = "rounded" if rounded else "value"
    least, most = (
        say(f"report.measure.{measure}.{form}", lang, value=part)
        if math.isfinite(part)
        else say("report.never", lang)
        for part in value
    )
    return least if least == most else say("report.range", lang, least=least, most=most)


def _counted(people: float | None, rounded: bool, lang: Lang) -> str:
    if people is None:
        return say("report.withheld", lang)
    return say("report.reach.about", lang, n=people) if rounded else count(people, lang)


def left_out_section(story: Story, lang: Lang) -> Markup:
    """Who the tour does not reach, why, and the smallest change that would."""
    title = say("report.left_out.title", lang)
    if not story.unserved:
        return section("left-out", title, paragraph(say("report.left_out.nobody", lang)))
    columns = [
        say(f"report.left_out.{column}", lang) for column in ("commune", "homes", "people", "why")
    ]
    rows = [_left_out(row, story, lang) for row in story.unserved]
    caption = say("report.left_out.caption", lang)
    return section(
        "left-out",
        title,
        paragraph(say("report.left_out.lead", lang, n=story.threshold)),
        data_table("left-out-table", caption, columns, rows, numbers=(1, 2)),
    )


def _left_out(row: Unserved, story: Story, lang: Lang) -> list[Child]:
    """One row; without households it tells of a stop that had to be visited."""
    where = story.names.get(row.reason.where, row.reason.where)
    why = row.reason.text(lang, where=where)
    if row.homes == 0:
        return [where, "", "", why]
    several = say("report.left_out.several", lang)
    commune = story.names.get(row.commune, row.commune) or several
    return [commune, count(row.homes, lang), count(row.people, lang), why]
