"""What a profile is, and what it makes of tags."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import inf, nan
from typing import TYPE_CHECKING

from msap_mobility.roads.maxspeed import FRANCE_80, max_speed_km_h
from msap_mobility.roads.profile.measures import duration_s, measure, slope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.roads.profile.climbing import Climbing
    from msap_mobility.roads.profile.turning import Turning

__all__ = ["Profile"]

_LIMIT_TAGS = ("maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed")
_FORWARD_ONLY = ("yes", "true", "1")
_BACKWARD_ONLY = ("-1", "reverse")
_FERRY_TAGS = ("route", "duration")
_ROAD_TAGS = ("highway", "junction", "tracktype", "surface", "smoothness")
_SEVERAL = re.compile(r"\s*;\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one way of travelling makes of the tags of roads, of points on them and of restrictions.

    Parameters
    ----------
    id
        Name ("car").
    km_per_h
        Speed by ``highway`` class; a class not named here is closed.
    access_tags
        Keys that may forbid, the most telling first: the first one present decides.
    closed
        Values of these keys that forbid. Several joined by ``;`` forbid if all do.
    off_road_km_per_h
        From a home to its road.
    closing_tags
        Tags that close a road whatever else it has.
    km_per_h_if_allowed
        Speed by class where one of `access_tags` but ``access`` allows.
    km_per_h_if_tagged
        Speed where the deciding tag has this value (``dismount``).
    track_km_per_h
        Speed on a ``highway=track`` by its ``tracktype``, ``""`` where it has none.
    surface_km_per_h, smoothness_km_per_h
        The most that such a surface lets one drive; 0 closes.
    share_of_limit
        Part of a tagged ``maxspeed`` that is driven, None = limits do not matter.
    limits
        What words such as ``FR:rural`` stand for, km/h: `maxspeed.FRANCE_80` or `FRANCE_90`, by
        what the département has decided.
    own_limit_km_per_h
        The law's limit for this vehicle by class, ``""`` for the others; empty if it has none.
    size
        Metres and tonnes by ``maxheight``, ``maxwidth``, ``maxlength``, ``maxweight``: roads that
        bear less are closed.
    oneway_tags
        Keys that make a road one-way, the most telling first; with ``oneway`` among them so do
        roundabouts and motorways.
    contraflow_tags
        Keys whose value ``opposite…`` lifts that.
    ferry_km_per_h
        Speed of a ferry that does not tell its ``duration``; 0 = no ferries.
    boarding_s
        Seconds to get on a ferry, half of them at each end.
    ferry_must_allow
        Whether a ferry is closed unless one of `access_tags` but ``access`` allows.
    barrier_s
        Seconds by ``barrier`` of a point on a road, infinite = closed, ``""`` for the others. A
        tag of access on the point decides before it.
    stop_s
        Seconds by ``highway`` of a point on a road: traffic lights and the like.
    bound_by
        As which vehicles turn restrictions bind it, as ``except`` and ``restriction:…`` name them;
        empty = not at all.
    turning
        What turns cost where they are modelled; None = nothing.
    climbing
        What slopes do to its speed where they are known; None = nothing.

    Examples
    --------
    >>> from msap_mobility.roads import CAR
    >>> CAR.speeds_km_per_h({"highway": "tertiary", "maxspeed": "FR:rural", "oneway": "yes"})
    (64.0, 0.0)
    """

    id: str
    km_per_h: Mapping[str, float]
    access_tags: tuple[str, ...]
    closed: frozenset[str]
    off_road_km_per_h: float
    closing_tags: Mapping[str, str] = field(default_factory=lambda: {"area": "yes"})
    km_per_h_if_allowed: Mapping[str, float] = field(default_factory=dict)
    km_per_h_if_tagged: Mapping[str, float] = field(default_factory=dict)
    track_km_per_h: Mapping[str, float] = field(default_factory=dict)
    surface_km_per_h: Mapping[str, float] = field(default_factory=dict)
    smoothness_km_per_h: Mapping[str, float] = field(default_factory=dict)
    share_of_limit: float | None = None
    limits: Mapping[str, float] = field(default_factory=lambda: FRANCE_80)
    own_limit_km_per_h: Mapping[str, float] = field(default_factory=dict)
    size: Mapping[str, float] = field(default_factory=dict)
    oneway_tags: tuple[str, ...] = ("oneway",)
    contraflow_tags: tuple[str, ...] = ()
    ferry_km_per_h: float = 0.0
    boarding_s: float = 0.0
    ferry_must_allow: bool = False
    barrier_s: Mapping[str, float] = field(default_factory=dict)
    stop_s: Mapping[str, float] = field(default_factory=dict)
    bound_by: tuple[str, ...] = ()
    turning: Turning | None = None
    climbing: Climbing | None = None

    @property
    def way_keys(self) -> frozenset[str]:
        """Keys of ways that are looked at: ways alike in these are alike to the profile."""
        limits = (*_LIMIT_TAGS, "maxspeed:forward", "maxspeed:backward")
        keys = (
            *self.access_tags,
            *self.oneway_tags,
            *self.contraflow_tags,
            *self.size,
            *self.closing_tags,
        )
        hills = () if self.climbing is None else ("incline",)
        return frozenset((*_ROAD_TAGS, *_FERRY_TAGS, *limits, *keys, *hills))

    def admits(self, tags: Mapping[str, str]) -> bool:
        """Whether a way with these tags can be used in at least one direction."""
        return max(self.speeds_km_per_h(tags)) > 0

    def speeds_km_per_h(self, tags: Mapping[str, str]) -> tuple[float, float]:
        """Speed along and against the way's direction; 0 where it is closed."""
        shut = any(tags.get(key) == value for key, value in self.closing_tags.items())
        if shut or self._is_forbidden(tags) or self._is_too_narrow(tags):
            return 0.0, 0.0
        along, against = self._open_directions(tags)
        return (
            self._speed(tags, "forward") if along else 0.0,
            self._speed(tags, "backward") if against else 0.0,
        )

    def ferry_s(self, tags: Mapping[str, str]) -> float | None:
        """Seconds a ferry says that it takes; None if it does not, or is none."""
        return duration_s(tags.get("duration", "")) if is_ferry(tags) else None

    def slope(self, tags: Mapping[str, str]) -> float:
        """Rise over run along a way that tells it; NaN for others, and where it does not matter."""
        return nan if self.climbing is None else slope(tags.get("incline", ""))

    def point_s(self, tags: Mapping[str, str]) -> float:
        """Seconds lost at a point of a road with these tags, infinite where nobody gets by."""
        stop = self.stop_s.get(tags.get("highway", ""), 0.0)
        if self._deciding(tags) is not None and tags.get("highway") != "crossing":
            return inf if self._is_forbidden(tags) else stop
        if "barrier" not in tags or tags.get("bollard") == "rising":
            return stop
        usual = self.barrier_s.get("", 0.0)
        return stop + self.barrier_s.get(tags["barrier"], usual)

    def _deciding(self, tags: Mapping[str, str]) -> str | None:
        return next((tags[key] for key in self.access_tags if key in tags), None)

    def _is_forbidden(self, tags: Mapping[str, str]) -> bool:
        value = self._deciding(tags)
        return value is not None and all(one in self.closed for one in _SEVERAL.split(value))

    def _is_allowed(self, tags: Mapping[str, str]) -> bool:
        """Whether this kind of vehicle is named and let in."""
        own = any(key in tags for key in self.access_tags if key != "access")
        return own and not self._is_forbidden(tags)

    def _is_too_narrow(self, tags: Mapping[str, str]) -> bool:
        return any((measure(tags.get(key, "")) or inf) < own for key, own in self.size.items())

    def _takes(self, ferry: Mapping[str, str]) -> bool:
        return self._is_allowed(ferry) or not self.ferry_must_allow

    def _open_directions(self, tags: Mapping[str, str]) -> tuple[bool, bool]:
        oneway = next((tags[key] for key in self.oneway_tags if key in tags), "")
        if oneway == "reversible":  # now this way, now that
            return False, False
        if oneway in _BACKWARD_ONLY:
            return self._against_allowed(tags), True
        implied = "oneway" in self.oneway_tags and (
            tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
        )
        if oneway in _FORWARD_ONLY or (implied and oneway != "no"):
            return True, self._against_allowed(tags)
        return True, True

    def _against_allowed(self, tags: Mapping[str, str]) -> bool:
        return any(tags.get(key, "").startswith("opposite") for key in self.contraflow_tags)

    def _speed(self, tags: Mapping[str, str], direction: str) -> float:
        if is_ferry(tags):
            return self.ferry_km_per_h if self._takes(tags) else 0.0
        speed = self._speed_by_class(tags, direction)
        speed = min(speed, self.surface_km_per_h.get(tags.get("surface", ""), inf))
        speed = min(speed, self.smoothness_km_per_h.get(tags.get("smoothness", ""), inf))
        if self.own_limit_km_per_h and self.share_of_limit:
            others = self.own_limit_km_per_h.get("", inf)
            own = self.own_limit_km_per_h.get(tags.get("highway", ""), others)
            speed = min(speed, own * self.share_of_limit)
        return speed

    def _speed_by_class(self, tags: Mapping[str, str], direction: str) -> float:
        kind = tags.get("highway", "")
        if (value := self._deciding(tags)) in self.km_per_h_if_tagged:
            return self.km_per_h_if_tagged[value or ""]
        if kind == "track":
            of_grade = self.track_km_per_h
            return of_grade.get(tags.get("tracktype", ""), of_grade.get("", 0.0))
        usual = self.km_per_h.get(kind, 0.0)
        if self._is_allowed(tags):
            usual = self.km_per_h_if_allowed.get(kind, usual)
        if usual == 0 or self.share_of_limit is None:
            return usual
        for key in (f"maxspeed:{direction}", *_LIMIT_TAGS):
            limit = max_speed_km_h(tags.get(key, ""), self.limits)
            if limit:
                return limit * self.share_of_limit
        return usual


def is_ferry(tags: Mapping[str, str]) -> bool:
    """Whether a way is a ferry's."""
    return tags.get("route") == "ferry"
