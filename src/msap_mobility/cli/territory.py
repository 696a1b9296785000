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

_TOLD = 20
"""Homes off the roads that are told one by one."""


def new(
    *,
    folder: Path,
    template: str,
    osm: Path | None,
    maison: str | None,
    radius: str | None,
    people: int | None,
    lang: Lang,
) -> None:
    """Write a new scenario folder: an example's, or what an extract holds round a maison."""
    from msap_mobility.scenario import Scenario

    if osm is not None:
        _new_from_osm(folder, osm, maison, radius, people, template, lang)
        return
    _refuse_without_osm(maison=maison, radius=radius, people=people)
    Scenario.new(folder, template=template)
    click.echo(say("cli.made", lang, folder=folder))


def _new_from_osm(
    folder: Path,
    osm: Path,
    maison: str | None,
    radius: str | None,
    people: int | None,
    template: str,
    lang: Lang,
) -> None:
    from msap_mobility import units
    from msap_mobility.cli.typed import read_all
    from msap_mobility.errors import Fault, InputError
    from msap_mobility.scenario.territory import Around, point_of, write_territory

    if maison is None:
        raise InputError([Fault(code="maison_missing", column="maison", value=osm.name)])
    readers = {"maison": point_of, "radius": units.metres}
    typed = read_all({"maison": maison, "radius": radius}, readers)
    lon, lat = typed["maison"]
    around = Around(
        extract=osm,
        lon=lon,
        lat=lat,
        radius_m=typed["radius"],
        people=people,
        template=template,
        lang=lang,
    )
    findings = write_territory(folder, around)
    click.echo(say("cli.made", lang, folder=folder))
    click.echo(findings.text(lang))


def _refuse_without_osm(**typed: object) -> None:
    """Tell every option that means something only with an extract."""
    from msap_mobility.errors import Faults

    with Faults() as faults:
        for name, value in typed.items():
            if value is not None:
                faults.add("needs_osm", column=name, value=str(value))


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
        _tell_off_the_roads(territory.off_the_roads(lang), lang)
        if violations:
            tell_violations(violations, lang)
        elif given is not None:
            held = "plan_holds" if isinstance(given, TourPlan) else "timetable_read"
            click.echo(say(f"cli.{held}", lang))
    return Exit.VIOLATIONS if violations else Exit.DONE


def _tell_off_the_roads(lines: tuple[str, ...], lang: Lang) -> None:
    """Name homes and stops that roads do not lead to: a plan can only leave them out."""
    if lines:
        click.echo(say("cli.off_roads", lang, n=len(lines)))
    for line in lines[:_TOLD]:
        click.echo(f"- {line}")
    if len(lines) > _TOLD:
        click.echo(say("cli.off_roads_more", lang, n=len(lines) - _TOLD))


def tell_violations(violations: tuple[Violation, ...], lang: Lang) -> None:
    """List broken rules on stderr."""
    click.echo(say("cli.violations", lang, n=len(violations)), err=True)
    for violation in violations:
        click.echo(f"  {violation.text(lang)}", err=True)
