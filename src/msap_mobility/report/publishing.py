"""The page alone, or all that is handed out of a plan together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from msap_mobility.files import write_whole
from msap_mobility.report import handouts
from msap_mobility.report.document import document
from msap_mobility.report.telling import story_of, told_comparison
from msap_mobility.scenario import write_timetable
from msap_mobility.tours.presences import presences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.coverage import Comparison, Coverage
    from msap_mobility.scenario import Scenario
    from msap_mobility.tours.tour import TourPlan
    from msap_mobility.wording import Lang

__all__ = ["exports", "page", "write_report"]


def page(
    scenario: Scenario, plan: TourPlan, before: Coverage, after: Coverage, *, lang: Lang = "fr"
) -> str:
    """One self-contained HTML page: map, rounds, calendar, who is reached, who is left out.

    It makes no request: opened from a disk without network it shows everything. It holds no home
    and no figure of fewer households than the scenario's threshold.

    Parameters
    ----------
    scenario, plan
        The territory and its tour.
    before, after
        Coverage without the tour and with it.
    lang
        ``"fr"`` or ``"en"``.
    """
    comparison = told_comparison(scenario, plan, before, after)
    return document(story_of(scenario, plan, comparison, lang), lang)


def write_report(
    path: str | Path,
    scenario: Scenario,
    plan: TourPlan,
    before: Coverage,
    after: Coverage,
    *,
    lang: Lang = "fr",
) -> None:
    """Write the `page` to a file, whole or not at all.

    Parameters
    ----------
    path
        Where; missing folders are made.
    scenario, plan, before, after, lang
        As of `page`.
    """
    write_whole(Path(path), page(scenario, plan, before, after, lang=lang))


def exports(
    scenario: Scenario,
    plan: TourPlan,
    comparison: Comparison,
    *,
    run: Mapping[str, Any],
    lang: Lang = "fr",
) -> dict[str, str | bytes]:
    """Everything handed out of a plan, by file name, for `files.publish`.

    All tables and maps in it are made of this comparison and one list of circuits. What lies under
    ``private/`` names homes and is not to be published; nothing else does.

    Parameters
    ----------
    scenario, plan, lang
        As of `page`.
    comparison
        `told_comparison` of the plan.
    run
        What the making took (seconds, machine, date): kept in ``plan.json`` beside the plan, and
        nowhere else, so that all other files of two equal plans are equal.
    """
    from msap_mobility.tours.reasons import left_out_homes  # noqa: PLC0415 - loads numba

    story = story_of(scenario, plan, comparison, lang)
    openings = presences(plan, scenario.stops)
    left_out = left_out_homes(plan, scenario.problem())
    return {
        "report.html": document(story, lang),
        "timetable.csv": write_timetable(openings, scenario),
        "tour.geojson": handouts.tour_geojson(story),
        "tour.ics": handouts.tour_calendar(scenario, plan, openings, lang),
        "plan.json": handouts.plan_json(plan, run),
        "coverage.json": handouts.comparison_json(comparison),
        "private/unserved_homes.csv": handouts.left_out_csv(left_out, story.names, lang),
    }
