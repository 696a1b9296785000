"""What a car and a person on foot make of a road's tags."""

from __future__ import annotations

import pytest

from msap_mobility.roads import CAR, WALK
from msap_mobility.roads.maxspeed import max_speed_km_h


@pytest.mark.parametrize(
    ("tag", "km_per_h"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("30 mph", 30 * 1.609344),
        ("walk", 6),
        ("FR:rural", 80),
        ("FR:urban", 50),
        ("FR:motorway", 130),
        ("FR:zone30", 30),
        ("FR:zone:30", 30),
        ("FR:30", 30),
        ("DE:zone30", 30),
        ("80; 50", 50),
        ("5000", None),  # a slip of the hand
        ("100 mph", None),
        ("FR:zone300", None),
        ("500; 50", 50),
        ("150", 150),
        ("DE:rural", None),  # another country's law
        ("none", None),
        ("signals", None),
        ("", None),
    ],
)
def test_maxspeed(tag: str, km_per_h: float | None) -> None:
    assert max_speed_km_h(tag) == (None if km_per_h is None else pytest.approx(km_per_h))


@pytest.mark.parametrize(
    ("tags", "speeds"),
    [
        ({"highway": "secondary"}, (55, 55)),
        ({"highway": "secondary", "maxspeed": "90"}, (72, 72)),
        ({"highway": "secondary", "maxspeed": "5000"}, (55, 55)),
        ({"highway": "secondary", "source:maxspeed": "FR:rural"}, (64, 64)),
        ({"highway": "primary", "maxspeed:forward": "50", "maxspeed": "100"}, (40, 80)),
        ({"highway": "residential", "oneway": "yes"}, (25, 0)),
        ({"highway": "residential", "oneway": "-1"}, (0, 25)),
        ({"highway": "residential", "junction": "roundabout"}, (25, 0)),
        ({"highway": "residential", "junction": "roundabout", "oneway": "-1"}, (0, 25)),
        ({"highway": "motorway"}, (90, 0)),
        ({"highway": "motorway", "oneway": "no"}, (90, 90)),
        ({"highway": "track"}, (10, 10)),
        ({"highway": "track", "tracktype": "grade1", "maxspeed": "80"}, (20, 20)),
        ({"highway": "track", "tracktype": "grade5"}, (5, 5)),
        ({"highway": "service", "access": "private"}, (0, 0)),
        ({"highway": "service", "access": "private", "motor_vehicle": "yes"}, (15, 15)),
        ({"highway": "service", "motor_vehicle": "agricultural;forestry"}, (0, 0)),
        ({"highway": "service", "motor_vehicle": "agricultural;destination"}, (15, 15)),
        ({"highway": "residential", "access": "destination"}, (25, 25)),
        ({"highway": "service", "area": "yes"}, (0, 0)),
        ({"highway": "footway"}, (0, 0)),
        ({"building": "yes"}, (0, 0)),
    ],
)
def test_car(tags: dict[str, str], speeds: tuple[float, float]) -> None:
    assert CAR.speeds_km_per_h(tags) == pytest.approx(speeds)
    assert CAR.admits(tags) == (max(speeds) > 0)


@pytest.mark.parametrize(
    ("tags", "km_per_h"),
    [
        ({"highway": "primary", "oneway": "yes", "maxspeed": "80"}, 4.5),
        ({"highway": "path"}, 4.5),
        ({"highway": "track", "tracktype": "grade5"}, 4.5),
        ({"highway": "steps"}, 2.25),
        ({"highway": "motorway"}, 0),
        ({"highway": "trunk"}, 0),
        ({"highway": "service", "access": "private"}, 0),
        ({"highway": "service", "access": "private", "foot": "yes"}, 4.5),
        ({"highway": "path", "foot": "no"}, 0),
    ],
)
def test_walk_is_the_same_both_ways(tags: dict[str, str], km_per_h: float) -> None:
    assert WALK.speeds_km_per_h(tags) == (km_per_h, km_per_h)
