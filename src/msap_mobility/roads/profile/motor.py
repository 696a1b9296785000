"""Motor vehicles."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from types import MappingProxyType

from msap_mobility.roads.profile.rules import Profile
from msap_mobility.roads.profile.turning import Turning

__all__ = ["CAR", "VAN"]

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
    # OSRM's likewise, who judged them by the photographs of OpenStreetMap's wiki
    surface_km_per_h=MappingProxyType(
        dict.fromkeys(("cement", "compacted", "fine_gravel"), 80.0)
        | dict.fromkeys(("paving_stones", "metal", "bricks"), 60.0)
        | dict.fromkeys(
            (
                *("grass", "wood", "sett", "grass_paver", "gravel", "unpaved", "ground", "dirt"),
                *("pebblestone", "tartan"),
            ),
            40.0,
        )
        | dict.fromkeys(("cobblestone", "clay"), 30.0)
        | dict.fromkeys(("earth", "stone", "rocky", "sand"), 20.0)
        | {"mud": 10.0}
    ),
    smoothness_km_per_h=MappingProxyType(
        {
            "intermediate": 80.0,
            "bad": 40.0,
            "very_bad": 20.0,
            "horrible": 10.0,
            "very_horrible": 5.0,
            "impassable": 0.0,
        }
    ),
    access_tags=("motorcar", "motor_vehicle", "vehicle", "access"),
    closed=frozenset(
        (
            *("no", "private", "permit", "delivery", "agricultural", "forestry"),
            *("emergency", "psv", "bus", "military"),
        )
    ),
    closing_tags=MappingProxyType({"area": "yes", "service": "emergency_access"}),  # OSRM's
    share_of_limit=0.8,  # likewise OSRM's: nobody drives at the limit all along
    size=MappingProxyType({"maxheight": 2.0, "maxwidth": 1.9, "maxweight": 2.0}),  # OSRM's
    oneway_tags=("oneway:motor_vehicle", "oneway"),
    ferry_km_per_h=15.0,  # assumed
    boarding_s=600.0,  # assumed
    ferry_must_allow=True,  # many carry people only
    # Which ones stop a car, and 60 s at a gate: OSRM's
    barrier_s=MappingProxyType(
        {"": inf}
        | dict.fromkeys(("gate", "lift_gate"), 60.0)
        | dict.fromkeys(
            (
                *("no", "entrance", "cattle_grid", "border_control", "toll_booth", "sally_port"),
                *("arch", "height_restrictor"),
            ),
            0.0,
        )
    ),
    stop_s=MappingProxyType({"traffic_signals": 2.0, "stop": 2.0, "give_way": 1.0}),  # OSRM's
    bound_by=("motorcar", "motor_vehicle", "vehicle"),
    # Our own formula, set by eye against OSRM's: 2 s and 6 s at 90° (its 2.1 and 7.3), 27.5 s back.
    # How near times then are to its own: `python -m benchmarks.roads --case quality`
    turning=Turning(right_s=8.0, left_s=12.0, back_s=27.5),
    off_road_km_per_h=10.0,  # assumed: a farm track
)
"""A private car. Traffic, hours and hills are not modelled."""

VAN = replace(
    CAR,
    id="van",
    access_tags=("hgv", "goods", "motor_vehicle", "vehicle", "access"),
    bound_by=("hgv", "goods", "motor_vehicle", "vehicle"),
    # Code de la route R413-8, for 3.5 to 12 t; trunk roads are taken to have two carriageways.
    # Driven at the same part of it as a car drives of its own.
    own_limit_km_per_h=MappingProxyType({"motorway": 90.0, "trunk": 90.0, "": 80.0}),
    # Assumed: a delivery van or a small lorry
    size=MappingProxyType({"maxheight": 3.2, "maxwidth": 2.4, "maxlength": 7.5, "maxweight": 5.0}),
    track_km_per_h=MappingProxyType({"grade1": 15.0}),  # assumed: no soft ground
)
"""A van or small lorry over 3.5 t, at a car's speeds where the law and the road allow them."""
