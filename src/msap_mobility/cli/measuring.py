"""``msap coverage`` and ``msap compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from msap_mobility.cli.printing import print_comparison, print_coverage, print_json, row_names
from msap_mobility.wording import say

if TYPE_CHECKING:
    from pathlib import Path

    from msap_mobility.scenario import Scenario
    from msap_mobility.wording import Lang

__all__ = ["compare", "coverage"]


def coverage(scenario: str, tour: Path | None, lang: Lang, as_json: bool) -> None:
    """Print who reaches what, when."""
    from msap_mobility.scenario import Scenario

    territory = _with(Scenario.load(scenario), tour)
    table = territory.coverage().table(threshold=territory.disclosure_homes)
    if as_json:
        print_json({"schema": "msap.coverage/1", "coverage": table.to_dict()})
    else:
        print_coverage(table, lang, row_names(territory, lang))


def compare(
    scenario: str, before: Path | None, after: Path | None, lang: Lang, as_json: bool
) -> None:
    """Print who gains and who loses from `before` (none) to `after` (the scenario's own tour)."""
    from msap_mobility.coverage import compare as compare_coverages
    from msap_mobility.scenario import Scenario

    territory = Scenario.load(scenario)
    if after is None and not territory.tour:
        click.echo(say("cli.no_own_tour", lang), err=True)
    earlier = territory.without_tour() if before is None else _with(territory, before)
    one, other = earlier.coverage(), _with(territory, after).coverage()
    comparisons = [
        compare_coverages(one, other, optimistic=open_, threshold=territory.disclosure_homes)
        for open_ in ((False,) if one.certain and other.certain else (False, True))
    ]
    if as_json:
        found = [comparison.to_dict() for comparison in comparisons]
        if_open = found[1] if len(found) > 1 else None
        print_json({"schema": "msap.comparison/1", "comparison": found[0], "if_open": if_open})
        return
    for comparison in comparisons:
        print_comparison(comparison, lang, row_names(territory, lang))


def _with(territory: Scenario, tour: Path | None) -> Scenario:
    """The scenario with the tour of a file in the place of its own."""
    from msap_mobility.scenario import read_tour

    return territory if tour is None else territory.with_tour(read_tour(tour, territory))
