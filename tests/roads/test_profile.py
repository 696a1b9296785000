"""What vehicles and a person on foot make of a road's tags."""

from __future__ import annotations

import pytest

from msap_mobility.roads import BICYCLE, CAR, VAN, WALK, Profile
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
        ({"highway": "secondary", "surface": "sand"}, (20, 20)),
        ({"highway": "secondary", "surface": "asphalt", "smoothness": "bad"}, (40, 40)),
        ({"highway": "secondary", "smoothness": "impassable"}, (0, 0)),
        ({"highway": "residential", "surface": "gravel"}, (25, 25)),
        ({"highway": "residential", "maxheight": "1.9"}, (0, 0)),
        ({"highway": "residential", "maxheight": "2,1 m"}, (25, 25)),
        ({"highway": "residential", "maxheight": "default"}, (25, 25)),
        ({"highway": "residential", "maxweight": "1.5 t"}, (0, 0)),
        ({"highway": "residential", "oneway": "reversible"}, (0, 0)),
        ({"highway": "residential", "oneway": "yes", "oneway:motor_vehicle": "no"}, (25, 25)),
        ({"highway": "residential", "oneway": "yes", "cycleway": "opposite"}, (25, 0)),
        ({"highway": "primary", "motorroad": "yes"}, (65, 65)),
        ({"highway": "service", "service": "emergency_access"}, (0, 0)),
        ({"highway": "service", "service": "driveway"}, (15, 15)),
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
        ({"highway": "primary", "motorroad": "yes"}, 0),
    ],
)
def test_walk_is_the_same_both_ways(tags: dict[str, str], km_per_h: float) -> None:
    assert WALK.speeds_km_per_h(tags) == (km_per_h, km_per_h)


@pytest.mark.parametrize(
    ("tags", "speeds"),
    [
        ({"highway": "motorway", "maxspeed": "130"}, (72, 0)),
        ({"highway": "trunk", "maxspeed": "110"}, (72, 72)),
        ({"highway": "secondary", "maxspeed": "90"}, (64, 64)),
        ({"highway": "secondary", "maxspeed": "50"}, (40, 40)),
        ({"highway": "residential"}, (25, 25)),
        ({"highway": "residential", "hgv": "no"}, (0, 0)),
        ({"highway": "residential", "hgv": "no", "motor_vehicle": "yes"}, (0, 0)),
        ({"highway": "residential", "motor_vehicle": "no", "goods": "yes"}, (25, 25)),
        ({"highway": "residential", "maxweight": "3.5"}, (0, 0)),
        ({"highway": "residential", "maxlength": "7"}, (0, 0)),
        ({"highway": "track"}, (0, 0)),
        ({"highway": "track", "tracktype": "grade1"}, (15, 15)),
    ],
)
def test_van(tags: dict[str, str], speeds: tuple[float, float]) -> None:
    assert VAN.speeds_km_per_h(tags) == pytest.approx(speeds)


@pytest.mark.parametrize(
    ("tags", "speeds"),
    [
        ({"highway": "cycleway"}, (15, 15)),
        ({"highway": "secondary", "maxspeed": "80"}, (15, 15)),
        ({"highway": "trunk"}, (0, 0)),
        ({"highway": "trunk", "bicycle": "yes"}, (15, 15)),
        ({"highway": "footway"}, (4, 4)),
        ({"highway": "footway", "access": "yes"}, (4, 4)),
        ({"highway": "footway", "bicycle": "designated"}, (15, 15)),
        ({"highway": "residential", "bicycle": "dismount"}, (4, 4)),
        ({"highway": "secondary", "bicycle": "use_sidepath"}, (0, 0)),
        ({"highway": "residential", "oneway": "yes"}, (15, 0)),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, (15, 15)),
        ({"highway": "residential", "oneway": "yes", "cycleway": "opposite_lane"}, (15, 15)),
        ({"highway": "residential", "oneway": "-1", "cycleway:left": "opposite"}, (15, 15)),
        ({"highway": "residential", "oneway": "yes", "cycleway": "lane"}, (15, 0)),
        ({"highway": "residential", "surface": "cobblestone"}, (7, 7)),
        ({"highway": "track", "tracktype": "grade5"}, (6, 6)),
        ({"highway": "steps"}, (2, 2)),
        ({"highway": "motorway"}, (0, 0)),
        ({"highway": "primary", "motorroad": "yes"}, (0, 0)),
    ],
)
def test_bicycle(tags: dict[str, str], speeds: tuple[float, float]) -> None:
    assert BICYCLE.speeds_km_per_h(tags) == pytest.approx(speeds)


@pytest.mark.parametrize("profile", [CAR, VAN, BICYCLE, WALK])
def test_all_keys_that_matter_are_named(profile: Profile) -> None:
    """Speeds do not change with a tag whose key is not among `way_keys`."""
    asked: set[str] = set()

    class Asked(dict[str, str]):
        def get(self, key: str, default: str = "") -> str:
            asked.add(key)
            return super().get(key, default)

        def __contains__(self, key: object) -> bool:
            asked.add(str(key))
            return super().__contains__(key)

    for highway in ("motorway", "residential", "track", "footway"):
        profile.speeds_km_per_h(Asked(highway=highway))
    profile.ferry_s(Asked(route="ferry"))
    assert len(asked) > 5
    assert asked <= profile.way_keys
