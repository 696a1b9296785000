"""The page of a plan, as text or as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msap_mobility.coverage import compare
from msap_mobility.files import write_whole
from msap_mobility.report.document import document
from msap_mobility.report.telling import story_of

if TYPE_CHECKING:
    from msap_mobility.coverage import Coverage
    from msap_mobility.scenario import Scenario
    from msap_mobility.tours.tour import TourPlan
    from msap_mobility.wording import Lang

__all__ = ["page_text", "write_report"]


def page_text(
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
    comparison = compare(before, after, threshold=scenario.disclosure_homes)
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
    """Write `page_text` to a file, whole or not at all.

    Parameters
    ----------
    path
        Where; missing folders are made.
    scenario, plan, before, after, lang
        As of `page_text`.
    """
    write_whole(Path(path), page_text(scenario, plan, before, after, lang=lang))
