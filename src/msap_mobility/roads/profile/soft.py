"""Bicycles and feet."""

from __future__ import annotations

from math import inf
from types import MappingProxyType

from msap_mobility.roads.profile.climbing import Hiking, Pedalling
from msap_mobility.roads.profile.rules import Profile
from msap_mobility.roads.profile.turning import Turning

__all__ = ["BICYCLE", "WALK"]

_ROADS = (
    *("primary", "primary_link", "secondary", "secondary_link"),
    *("tertiary", "tertiary_link", "unclassified", "residential", "road"),
    *("living_street", "service"),
)

_WALKING_KM_H = 4.5  # assumed, as in `calibrated`
_CYCLING_KM_H = 15.0  # OSRM's bicycle profile (osrm-backend, profiles/bicycle.lua)
_PUSHING_KM_H = 4.0  # likewise

_WALLS = MappingProxyType({"wall": inf, "fence": inf, "yes": inf})  # OSRM's; nothing else stops

_FOR_MOTORS = MappingProxyType({"area": "yes", "motorroad": "yes"})

BICYCLE = Profile(
    id="bicycle",
    # OSRM's likewise
    km_per_h=MappingProxyType(
        dict.fromkeys((*_ROADS, "cycleway"), _CYCLING_KM_H)
        | dict.fromkeys(("footway", "pedestrian"), _PUSHING_KM_H)
        | {"path": 13.0, "steps": 2.0}
    ),
    km_per_h_if_allowed=MappingProxyType(
        dict.fromkeys(("footway", "pedestrian", "trunk"), _CYCLING_KM_H)
    ),
    km_per_h_if_tagged=MappingProxyType({"dismount": _PUSHING_KM_H}),
    # Assumed below grade 2; OSRM has 12 km/h for all
    track_km_per_h=MappingProxyType(
        {"": 12.0, "grade1": 15.0, "grade2": 12.0, "grade3": 10.0, "grade4": 8.0, "grade5": 6.0}
    ),
    # OSRM's likewise
    surface_km_per_h=MappingProxyType(
        dict.fromkeys(("wood", "metal", "paving_stones", "compacted", "fine_gravel"), 10.0)
        | {"ground": 10.0, "sett": 9.0, "dirt": 8.0, "cobblestone": 7.0, "laterite": 5.0}
        | dict.fromkeys(("unpaved", "gravel", "pebblestone", "grass_paver", "earth", "grass"), 6.0)
        | dict.fromkeys(("mud", "sand"), 3.0)
    ),
    closing_tags=_FOR_MOTORS,
    access_tags=("bicycle", "vehicle", "access"),
    closed=frozenset(
        (
            *("no", "private", "permit", "delivery", "agricultural", "forestry", "military"),
            "use_sidepath",
        )
    ),
    oneway_tags=("oneway:bicycle", "oneway"),
    contraflow_tags=("cycleway", "cycleway:left", "cycleway:right", "cycleway:both"),
    ferry_km_per_h=15.0,  # assumed
    boarding_s=600.0,  # assumed
    barrier_s=_WALLS,
    stop_s=MappingProxyType({"traffic_signals": 2.0, "stop": 2.0, "give_way": 1.0}),  # a car's
    bound_by=("bicycle", "vehicle"),
    # Assumed: as a car turns, half as long, for it stops sooner
    turning=Turning(right_s=4.0, left_s=6.0, back_s=10.0),
    climbing=Pedalling(least=_PUSHING_KM_H / _CYCLING_KM_H),
    off_road_km_per_h=_PUSHING_KM_H,
)
"""A bicycle without a motor; hills count where slopes are known."""

WALK = Profile(
    id="walk",
    km_per_h=MappingProxyType(
        dict.fromkeys(
            (*_ROADS, "pedestrian", "footway", "path", "cycleway", "bridleway"), _WALKING_KM_H
        )
        | {"steps": _WALKING_KM_H / 2}
    ),
    km_per_h_if_allowed=MappingProxyType({"trunk": _WALKING_KM_H}),
    track_km_per_h=MappingProxyType({"": _WALKING_KM_H}),
    closing_tags=_FOR_MOTORS,
    access_tags=("foot", "access"),
    closed=frozenset(("no", "private", "military", "use_sidepath")),
    oneway_tags=("oneway:foot",),
    ferry_km_per_h=15.0,  # assumed
    boarding_s=600.0,  # assumed
    barrier_s=_WALLS,
    climbing=Hiking(),
    off_road_km_per_h=_WALKING_KM_H,
)
"""A person on foot: every road but motorways and trunk roads, paths and tracks, both ways."""
