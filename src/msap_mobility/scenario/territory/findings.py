"""What was found in an extract and what had to be assumed, with the counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.wording import Lang

__all__ = ["Findings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The counts behind a territory made of an extract.

    Parameters
    ----------
    extract
        Name of the file.
    radius_m
        How far was looked.
    ends_m
        Sides on which the roads end before that, and where.
    buildings
        Buildings within the radius.
    lived_in
        Buildings and addresses taken for homes.
    with_address
        Those of them that bear an address.
    outbuildings
        Buildings of unknown kind without an address where the neighbours bear one.
    households_found, households
        What the buildings hold, and what was written: as many, unless the people are known.
    people
        Who lives in them.
    asked_people
        Whether that number was given.
    household
        Mean size.
    places
        Points at which the households are told.
    few
        Those with fewer than eleven.
    moved_m, moved_most_m
        How far a household is told from its real place: in the middle, and at most.
    off_road
        Households told at a point from which no road is near.
    communes
        Settlements that name homes.
    named_people
        Population of these as OpenStreetMap tells it, where it does.
    stops, rooms, stops_found
        Candidate stops written, those of them that are rooms, and those to choose from.
    roadside
        Those of the stops where people live and nothing is drawn.
    hours_assumed
        Whether the map does not tell when the maison is open.
    france_services, without_hours
        France services found beside the maison, and those of them whose hours are not known.
    nearby
        Shops and services in ``nearby.csv``.
    """

    extract: str
    radius_m: int
    ends_m: Mapping[str, int] = field(default_factory=dict)
    buildings: int
    lived_in: int
    with_address: int
    outbuildings: int
    households_found: int
    households: int
    people: float
    asked_people: bool
    household: float
    places: int
    few: int
    moved_m: float
    moved_most_m: float
    off_road: int
    communes: int
    named_people: int
    stops: int
    rooms: int
    stops_found: int
    roadside: int
    hours_assumed: bool
    france_services: int
    without_hours: int
    nearby: int

    def text(self, lang: Lang = "en") -> str:
        """All of it, a line for each matter."""
        return "\n".join(self.lines(lang))

    def lines(self, lang: Lang = "en") -> Iterator[str]:
        """A sentence or two for each matter."""
        values = {name: getattr(self, name) for name in self.__slots__}
        for code in self._told():
            yield say(f"territory.found.{code}", lang, **values)
        if self.ends_m:
            sides = [
                say(f"territory.side.{side}", lang, metres=m) for side, m in self.ends_m.items()
            ]
            yield say("territory.found.ends", lang, sides=", ".join(sides), **values)

    def _told(self) -> Iterator[str]:
        """Codes of what is worth telling."""
        yield "homes"
        if self.outbuildings:
            yield "outbuildings"
        yield "known_people" if self.asked_people else "assumed_people"
        if self.named_people and not self.asked_people:
            yield "named_people"
        yield "places"
        if self.off_road:
            yield "off_road"
        yield "communes"
        yield "stops"
        if self.roadside:
            yield "roadside"
        yield "hours_assumed" if self.hours_assumed else "hours_told"
        yield "maisons"
        yield "nearby"
        yield "assumed"
