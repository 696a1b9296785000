"""From a survey to a scenario: homes, communes, candidate stops, the maison and its van."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.model import Homes
from msap_mobility.scenario.folder import bundled_names
from msap_mobility.scenario.scenario import Scenario
from msap_mobility.scenario.schema import SETTINGS
from msap_mobility.scenario.settings import read_settings
from msap_mobility.scenario.territory.dwellings import dwellings
from msap_mobility.scenario.territory.findings import Findings
from msap_mobility.scenario.territory.households import homes_of, households_for
from msap_mobility.scenario.territory.naming import Naming
from msap_mobility.scenario.territory.neighbourhoods import FEWEST, neighbourhoods
from msap_mobility.scenario.territory.pitches import pitches, stops_of
from msap_mobility.scenario.territory.services import hours_of, is_here, maisons_of, nearby
from msap_mobility.scenario.territory.settlements import settlements
from msap_mobility.scenario.territory.sources import sources_of
from msap_mobility.scenario.territory.survey import survey
from msap_mobility.wording import LANGUAGES, say

if TYPE_CHECKING:
    from msap_mobility.scenario.synthetic import Share
    from msap_mobility.scenario.territory.around import Around
    from msap_mobility.scenario.territory.dwellings import Dwellings
    from msap_mobility.scenario.territory.neighbourhoods import Neighbourhoods
    from msap_mobility.scenario.territory.survey import Feature, Survey

__all__ = ["Drawn", "draw"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """A scenario that lies in no folder yet, and how it came about.

    Parameters
    ----------
    scenario
        Its `roads` names the extract, which is not copied yet.
    findings
        The counts.
    nearby
        Shops and services, each with what it is.
    """

    scenario: Scenario
    findings: Findings
    nearby: tuple[tuple[str, Feature], ...]


def draw(around: Around, name: str) -> Drawn:
    """The territory round a maison, as far as an extract tells it.

    Parameters
    ----------
    around
        What is asked.
    name
        Id of the scenario.

    Raises
    ------
    InputError
        As `survey`; ``extract_without_homes`` if fewer than eleven households seem to live there;
        ``unknown_scenario``, ``template_without_shares``.
    MissingExtra
        If osmium is needed and not installed.
    """
    template = Scenario.load(around.template)
    found = survey(around)
    homes = dwellings(found.features)
    if homes.households.sum() < FEWEST:
        details = {
            "radius": around.reach_m,
            "buildings": homes.buildings,
            "households": int(homes.households.sum()),
            "least": FEWEST,
        }
        file, value = around.extract.name, f"{around.lon},{around.lat}"
        fault = Fault(code="extract_without_homes", file=file, value=value, details=details)
        raise InputError([fault])
    taken = {(round(one.lon, 5), round(one.lat, 5)) for one in found.features}
    told = neighbourhoods(homes, found.plane, taken)
    return _drawn(name, around, template, found, homes, told)


def _drawn(
    name: str,
    around: Around,
    template: Scenario,
    found: Survey,
    homes: Dwellings,
    told: Neighbourhoods,
) -> Drawn:
    household = template.demand.people_per_household
    households = households_for(told.households, around.people, household)
    people = around.people or int(households.sum()) * household
    names = Naming(settlements(found.settlements), told, households)
    rows = homes_of(told, households, names.codes, _shares(template), people)
    communes = names.communes(people / int(households.sum()), around.lang)
    on_road = found.is_near_road(told.lon, told.lat)
    choice = pitches(_on_roads(found), told, on_road)
    offered = template.maisons[0].services if template.maisons else ()
    maisons = maisons_of(around, found.features, offered, names)
    beside = nearby(found.features)
    findings = Findings(
        extract=around.extract.name,
        radius_m=around.reach_m,
        ends_m=found.ends_m,
        buildings=homes.buildings,
        lived_in=len(homes),
        with_address=homes.with_address,
        outbuildings=homes.outbuildings,
        households_found=int(told.households.sum()),
        households=len(rows),
        people=people,
        asked_people=around.people is not None,
        household=household,
        places=len(told),
        few=told.few,
        moved_m=float(np.median(told.moved_m)),
        moved_most_m=float(told.moved_m.max()),
        off_road=int(households[~on_road].sum()),
        communes=names.count,
        named_people=names.told_people,
        stops=len(choice.chosen),
        rooms=sum(pitch.kind == "room" for pitch in choice.chosen),
        stops_found=choice.found,
        roadside=sum(pitch.sort == "roadside" for pitch in choice.chosen),
        hours_assumed=not any(is_here(one) and hours_of(one) for one in found.features),
        france_services=len(maisons) - 1,
        without_hours=sum(one.hours is None for one in maisons[1:]),
        nearby=len(beside),
    )
    at_home = names.name_at(0.0, 0.0) or name
    scenario = replace(
        template,
        id=name,
        title={lang: say("territory.title", lang, place=at_home) for lang in LANGUAGES},
        homes=Homes.of(rows, groups=template.groups),
        communes=communes,
        stops=stops_of(choice.chosen, names, around.lang),
        depots=(),
        maisons=maisons,
        vehicles=tuple(replace(van, depot=maisons[0].place.id) for van in template.vehicles),
        tour=(),
        roads=around.extract.name,
        sources=sources_of(findings, around.template),
    )
    return Drawn(scenario=scenario, findings=findings, nearby=tuple(beside))


def _on_roads(found: Survey) -> list[Feature]:
    """The features that a van can come to."""
    features = found.features
    near = found.is_near_road([one.lon for one in features], [one.lat for one in features])
    return [one for one, is_near in zip(features, near.tolist(), strict=True) if is_near]


def _shares(template: Scenario) -> tuple[Share, ...]:
    """Which part of the people each group of the template is."""
    with Faults() as faults:
        settings = read_settings(template.folder.joinpath(SETTINGS).read_bytes(), faults)
    if settings is None or settings.synthetic is None:
        details = {"known": ", ".join(bundled_names())}
        raise InputError(
            [Fault(code="template_without_shares", value=template.id, details=details)]
        )
    return settings.synthetic.shares
