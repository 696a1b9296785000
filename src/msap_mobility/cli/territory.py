"""``msap new`` and ``msap check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from msap_mobility.cli.endings import Exit
from msap_mobility.cli.printing import print_json
from msap_mobility.wording import say

if TYPE_CHECKING:
    from pathlib import Path

    from msap_mobility.tours.check import Violation
    from msap_mobility.wording import Lang

__all__ = ["check", "new", "tell_violations"]


def new(folder: Path, template: str, lang: Lang) -> None:
    """Write a new scenario folder."""
    from msap_mobility.scenario import Scenario

    Scenario.new(folder, template=template)
    click.echo(say("cli.made", lang, folder=folder))


def check(scenario: str, tour: Path | None, lang: Lang, as_json: bool) -> Exit:
    """Tell every fault of a scenario and, if a tour is given, every rule it breaks.

    A `timetable.csv` says when the van is where, not how it gets there: it is checked for faults.
    """
    from msap_mobility.scenario import Scenario, read_tour
    from msap_mobility.tours.tour import TourPlan

    territory = Scenario.load(scenario)
    territory.check_planning()
    given = None if tour is None else read_tour(tour, territory)
    if given is not None:
        territory.with_tour(given).timetable()  # rhythms that do not fit the horizon are faults
    violations = territory.check_plan(given) if isinstance(given, TourPlan) else ()
    if as_json:
        print_json(
            {
                "schema": "msap.check/1",
                "faults": [],
                "violations": [violation.to_dict() for violation in violations],
            }
        )
    else:
        click.echo(
            say(
                "cli.no_faults",
                lang,
                name=territory.id,
                homes=len(territory.homes),
                people=territory.homes.total,
                stops=len(territory.stops),
            )
        )
        if not territory.has_homes_file:
            click.echo(say("cli.homes_made_up", lang))
        if violations:
            tell_violations(violations, lang)
        elif given is not None:
            held = "plan_holds" if isinstance(given, TourPlan) else "timetable_read"
            click.echo(say(f"cli.{held}", lang))
    return Exit.VIOLATIONS if violations else Exit.DONE


def tell_violations(violations: tuple[Violation, ...], lang: Lang) -> None:
    """List broken rules on stderr."""
    click.echo(say("cli.violations", lang, n=len(violations)), err=True)
    for violation in violations:
        click.echo(f"  {violation.text(lang)}", err=True)
