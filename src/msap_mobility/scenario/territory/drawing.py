"""From a survey to a scenario: homes, communes, candidate stops, the maison and its van."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.model import Homes, Maison, Place, Stop
from msap_mobility.scenario.commune import Commune
from msap_mobility.scenario.folder import bundled_names
from msap_mobility.scenario.scenario import Scenario
from msap_mobility.scenario.schema import SETTINGS, read_rhythms
from msap_mobility.scenario.settings import read_settings
from msap_mobility.scenario.territory.dwellings import dwellings
from msap_mobility.scenario.territory.findings import Findings
from msap_mobility.scenario.territory.households import homes_of, households_for
from msap_mobility.scenario.territory.neighbourhoods import neighbourhoods
from msap_mobility.scenario.territory.pitches import pitches
from msap_mobility.scenario.territory.services import hours_of, is_france_services, nearby
from msap_mobility.scenario.territory.settlements import ELSEWHERE, code_at, settlements
from msap_mobility.scenario.territory.sources import sources_of
from msap_mobility.scenario.territory.survey import survey
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.scenario.synthetic import Share
    from msap_mobility.scenario.territory.around import Around
    from msap_mobility.scenario.territory.dwellings import Dwellings
    from msap_mobility.scenario.territory.neighbourhoods import Ints, Neighbourhoods
    from msap_mobility.scenario.territory.pitches import Pitch
    from msap_mobility.scenario.territory.survey import Feature, Survey

__all__ = ["Drawn", "draw"]

ROOM_HOURS = "Mo-Fr 09:00-17:00"
"""When a village hall is lent: our assumption, the one of the bundled example too."""

SAME_PLACE_M = 100.0
"""A France services nearer to the maison than this is the maison."""


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
        As `survey`, ``extract_without_homes`` if nobody seems to live there, ``unknown_scenario``
        if there is no such template.
    MissingExtra
        If osmium is needed and not installed.
    """
    template = Scenario.load(around.template)
    found = survey(around)
    homes = dwellings(found.features)
    if not len(homes):
        details = {"radius": around.reach_m, "buildings": homes.buildings}
        file, value = around.extract.name, f"{around.lon},{around.lat}"
        fault = Fault(code="extract_without_homes", file=file, value=value, details=details)
        raise InputError([fault])
    taken = {(round(one.lon, 5), round(one.lat, 5)) for one in found.features}
    told = neighbourhoods(homes, found.plane, taken)
    return _Drawing(around, template, found, homes, told).drawn(name)


class _Drawing:
    """The parts of one territory, each made once."""

    def __init__(
        self,
        around: Around,
        template: Scenario,
        found: Survey,
        homes: Dwellings,
        told: Neighbourhoods,
    ) -> None:
        self.around = around
        self.template = template
        self.found = found
        self.homes = homes
        self.told = told
        self.named = settlements(found.settlements)
        self.codes = code_at(told.east_m, told.north_m, self.named)

    def drawn(self, name: str) -> Drawn:
        household = self.template.demand.people_per_household
        households = households_for(self.told.households, self.around.people, household)
        people = self.around.people or int(households.sum()) * household
        rows = homes_of(self.told, households, self.codes, _shares(self.template), people)
        communes = self._communes(households, people / int(households.sum()))
        chosen, stops_found = pitches(self._on_roads(), self.told)
        maisons = self._maisons()
        beside = nearby(self.found.features)
        findings = Findings(
            extract=self.around.extract.name,
            radius_m=self.around.reach_m,
            ends_m=self.found.ends_m,
            buildings=self.homes.buildings,
            lived_in=len(self.homes),
            with_address=self.homes.with_address,
            outbuildings=self.homes.outbuildings,
            households_found=int(self.told.households.sum()),
            households=len(rows),
            people=people,
            asked_people=self.around.people is not None,
            household=household,
            places=len(self.told),
            few=self.told.few,
            moved_m=float(np.median(self.told.moved_m)),
            moved_most_m=float(self.told.moved_m.max()),
            off_road=self._off_road(households),
            communes=sum(one.insee != ELSEWHERE for one in communes),
            named_people=self._named_people(communes),
            stops=len(chosen),
            rooms=sum(pitch.kind == "room" for pitch in chosen),
            stops_found=stops_found,
            france_services=len(maisons) - 1,
            without_hours=sum(one.hours is None for one in maisons[1:]),
            nearby=len(beside),
        )
        title = self.named_here or name
        scenario = replace(
            self.template,
            id=name,
            title={lang: say("territory.title", lang, place=title) for lang in ("en", "fr")},
            homes=Homes.of(rows, groups=self.template.groups),
            communes=communes,
            stops=self._stops(chosen),
            depots=(),
            maisons=maisons,
            vehicles=tuple(replace(van, depot="maison") for van in self.template.vehicles),
            tour=(),
            roads=self.around.extract.name,
            sources=sources_of(findings, self.around.template),
        )
        return Drawn(scenario=scenario, findings=findings, nearby=tuple(beside))

    @property
    def named_here(self) -> str:
        """Name of the settlement at the maison, if it lies in one."""
        return self._name_at(0.0, 0.0)

    def _name_at(self, east_m: float, north_m: float) -> str:
        (code,) = code_at(np.array([east_m]), np.array([north_m]), self.named)
        return next((one.name for one in self.named if one.code == code), "")

    def _communes(self, households: Ints, household: float) -> tuple[Commune, ...]:
        """The settlements that name a home, each with the people told there."""
        people = dict.fromkeys(self.codes, 0.0)
        for code, count in zip(self.codes, households.tolist(), strict=True):
            people[code] += count * household
        communes = [
            Commune(
                insee=one.code,
                name=one.name,
                lon=one.lon,
                lat=one.lat,
                population=round(people[one.code]),
            )
            for one in self.named
            if people.get(one.code)
        ]
        if people.get(ELSEWHERE):
            name = say("territory.elsewhere", self.around.lang)
            lon, lat = self._middle_of_elsewhere(households)
            rest = round(people[ELSEWHERE])
            communes.append(Commune(insee=ELSEWHERE, name=name, lon=lon, lat=lat, population=rest))
        return tuple(communes)

    def _middle_of_elsewhere(self, households: Ints) -> tuple[float, float]:
        there = np.array([code == ELSEWHERE for code in self.codes])
        most = int(np.where(there, households, -1).argmax())
        return float(self.told.lon[most]), float(self.told.lat[most])

    def _off_road(self, households: Ints) -> int:
        near = self.found.is_near_road(self.told.lon, self.told.lat)
        return int(households[~near].sum())

    def _named_people(self, communes: Sequence[Commune]) -> int:
        told = {one.code: one.people or 0 for one in self.named}
        return sum(told.get(commune.insee, 0) for commune in communes)

    def _on_roads(self) -> list[Feature]:
        features = self.found.features
        near = self.found.is_near_road([one.lon for one in features], [one.lat for one in features])
        return [one for one, is_near in zip(features, near.tolist(), strict=True) if is_near]

    def _stops(self, chosen: Sequence[Pitch]) -> tuple[Stop, ...]:
        names = _told_apart([self._stop_name(pitch) for pitch in chosen])
        return tuple(
            Stop(
                place=self._place(pitch.feature, name),
                kind=pitch.kind,
                hours=read_rhythms(ROOM_HOURS) if pitch.kind == "room" else None,
            )
            for pitch, name in zip(chosen, names, strict=True)
        )

    def _stop_name(self, pitch: Pitch) -> str:
        name = pitch.feature.tags.get("name") or say(
            f"territory.stop.{pitch.sort}", self.around.lang
        )
        village = self._name_at(pitch.feature.east_m, pitch.feature.north_m)
        return f"{name}, {village}" if village and village not in name else name

    def _place(self, feature: Feature, name: str) -> Place:
        east, north = np.array([feature.east_m]), np.array([feature.north_m])
        (code,) = code_at(east, north, self.named)
        return Place(
            id=feature.id,
            name=name,
            lon=round(feature.lon, 5),
            lat=round(feature.lat, 5),
            commune=code if code in self.codes else "",
        )

    def _maisons(self) -> tuple[Maison, ...]:
        """The maison, with the hours of a France services that stands there, and the others."""
        others = [one for one in self.found.features if is_france_services(one)]
        here = [one for one in others if np.hypot(one.east_m, one.north_m) <= SAME_PLACE_M]
        offered = self.template.maisons[0].services if self.template.maisons else ()
        name = say("territory.maison", self.around.lang)
        at_home = _told_name(here, f"{name}, {self.named_here}" if self.named_here else name)
        (code,) = code_at(np.zeros(1), np.zeros(1), self.named)
        place = Place(
            id="maison",
            name=at_home,
            lon=self.around.lon,
            lat=self.around.lat,
            commune=code if code in self.codes else "",
        )
        hours = next((found for one in here if (found := hours_of(one)) is not None), None)
        return (
            Maison(place=place, services=offered, hours=hours),
            *(
                Maison(
                    place=self._place(one, one.tags["name"]), services=offered, hours=hours_of(one)
                )
                for one in others
                if one not in here
            ),
        )


def _told_name(here: Sequence[Feature], otherwise: str) -> str:
    return here[0].tags["name"] if here else otherwise


def _told_apart(names: Sequence[str]) -> list[str]:
    """The names, with a number behind each that stands there already."""
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told


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
