"""How fast, and whether, one travels on a road: profiles as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from msap_mobility.roads.maxspeed import max_speed_km_h

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CAR", "WALK", "Profile"]

_LIMIT_TAGS = ("maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one way of travelling makes of the tags of a road.

    Parameters
    ----------
    id
        Name ("car").
    km_per_h
        Speed by ``highway`` class; a class not named here is closed.
    track_km_per_h
        Speed on a ``highway=track`` by its ``tracktype``, ``""`` where it has none.
    access_tags
        Keys that may forbid, the most telling first: the first one present decides.
    closed
        Values of these keys that forbid. Several joined by ``;`` forbid if all do.
    share_of_limit
        Part of a tagged ``maxspeed`` that is driven, None = limits do not matter.
    obeys_oneway
        Whether one-way roads are one-way for this profile.
    off_road_km_per_h
        From a home to its road.

    Examples
    --------
    >>> CAR.speeds_km_per_h({"highway": "tertiary", "maxspeed": "FR:rural", "oneway": "yes"})
    (64.0, 0.0)
    """

    id: str
    km_per_h: Mapping[str, float]
    access_tags: tuple[str, ...]
    closed: frozenset[str]
    off_road_km_per_h: float
    track_km_per_h: Mapping[str, float] = field(default_factory=dict)
    share_of_limit: float | None = None
    obeys_oneway: bool = True

    def admits(self, tags: Mapping[str, str]) -> bool:
        """Whether a way with these tags can be used in at least one direction."""
        return max(self.speeds_km_per_h(tags)) > 0

    def speeds_km_per_h(self, tags: Mapping[str, str]) -> tuple[float, float]:
        """Speed along and against the way's direction; 0 where it is closed."""
        if tags.get("area") == "yes" or self._is_forbidden(tags):
            return 0.0, 0.0
        along, against = self._open_directions(tags)
        return (
            self._speed(tags, "forward") if along else 0.0,
            self._speed(tags, "backward") if against else 0.0,
        )

    def _is_forbidden(self, tags: Mapping[str, str]) -> bool:
        for key in self.access_tags:
            if key in tags:
                return all(value.strip() in self.closed for value in tags[key].split(";"))
        return False

    def _open_directions(self, tags: Mapping[str, str]) -> tuple[bool, bool]:
        if not self.obeys_oneway:
            return True, True
        oneway = tags.get("oneway", "")
        if oneway in ("-1", "reverse"):
            return False, True
        implied = tags.get("junction") in ("roundabout", "circular") or (
            tags.get("highway") == "motorway"
        )
        if oneway in ("yes", "true", "1") or (implied and oneway != "no"):
            return True, False
        return True, True

    def _speed(self, tags: Mapping[str, str], direction: str) -> float:
        if tags.get("highway") == "track":
            of_grade = self.track_km_per_h
            return of_grade.get(tags.get("tracktype", ""), of_grade.get("", 0.0))
        usual = self.km_per_h.get(tags.get("highway", ""), 0.0)
        if usual == 0 or self.share_of_limit is None:
            return usual
        for key in (f"maxspeed:{direction}", *_LIMIT_TAGS):
            limit = max_speed_km_h(tags.get(key, ""))
            if limit:
                return limit * self.share_of_limit
        return usual


CAR = Profile(
    id="car",
    # Driven speeds of OSRM's car profile (osrm-backend, profiles/car.lua), for comparison with it
    km_per_h=MappingProxyType(
        {
            "motorway": 90.0,
            "motorway_link": 45.0,
            "trunk": 85.0,
            "trunk_link": 40.0,
            "primary": 65.0,
            "primary_link": 30.0,
            "secondary": 55.0,
            "secondary_link": 25.0,
            "tertiary": 40.0,
            "tertiary_link": 20.0,
            "unclassified": 25.0,
            "residential": 25.0,
            "road": 25.0,
            "living_street": 10.0,
            "service": 15.0,
        }
    ),
    # Assumed: passable, and never a short cut worth taking
    track_km_per_h=MappingProxyType(
        {"": 10.0, "grade1": 20.0, "grade2": 15.0, "grade3": 10.0, "grade4": 5.0, "grade5": 5.0}
    ),
    access_tags=("motorcar", "motor_vehicle", "vehicle", "access"),
    closed=frozenset(
        (
            *("no", "private", "permit", "delivery", "agricultural", "forestry"),
            *("emergency", "psv", "bus", "military"),
        )
    ),
    share_of_limit=0.8,  # likewise OSRM's: nobody drives at the limit all along
    off_road_km_per_h=10.0,  # assumed: a farm track
)
"""A private car. Turns, barriers, ferries, surfaces and hours are not modelled."""

_WALKING_KM_H = 4.5  # assumed, as in `calibrated`

WALK = Profile(
    id="walk",
    km_per_h=MappingProxyType(
        dict.fromkeys(
            (
                *("primary", "primary_link", "secondary", "secondary_link"),
                *("tertiary", "tertiary_link", "unclassified", "residential", "road"),
                *("living_street", "service", "pedestrian", "footway", "path"),
                *("cycleway", "bridleway"),
            ),
            _WALKING_KM_H,
        )
        | {"steps": _WALKING_KM_H / 2}
    ),
    track_km_per_h=MappingProxyType({"": _WALKING_KM_H}),
    access_tags=("foot", "access"),
    closed=frozenset(("no", "private", "military")),
    obeys_oneway=False,
    off_road_km_per_h=_WALKING_KM_H,
)
"""A person on foot: every road but motorways and trunk roads, paths and tracks, both ways."""
