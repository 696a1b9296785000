"""Candidate stops: few, apart, where people are."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.scenario.territory.neighbourhoods import Neighbourhoods
from msap_mobility.scenario.territory.pitches import MERGED_M, MOST_PITCHES, Choice, pitches
from msap_mobility.scenario.territory.survey import Feature

SORTS = (
    {"amenity": "townhall"},
    {"amenity": "parking"},
    {"shop": "bakery"},
    {"place": "hamlet", "name": "Bas"},
    {"amenity": "bench"},
)
METRES = st.integers(-20_000, 20_000)


def thing(number: int, east_m: float, north_m: float, **tags: str) -> Feature:
    return Feature(id=f"n{number}", lon=0, lat=0, east_m=east_m, north_m=north_m, tags=tags)


def living(*points: tuple[float, float, int]) -> Neighbourhoods:
    east, north, households = (np.array(column) for column in zip(*points, strict=True))
    degrees = np.zeros(len(points))
    moved = np.zeros(int(households.sum()))
    return Neighbourhoods(
        lon=degrees,
        lat=degrees,
        east_m=east.astype(np.float64),
        north_m=north.astype(np.float64),
        households=households,
        moved_m=moved,
    )


def chosen(features: list[Feature], homes: Neighbourhoods) -> Choice:
    return pitches(features, homes, np.ones(len(homes), np.bool_))


@given(
    st.lists(st.tuples(METRES, METRES, st.sampled_from(SORTS)), max_size=90),
    st.lists(st.tuples(METRES, METRES, st.integers(1, 40)), min_size=1, max_size=60),
)
def test_not_many_apart_and_where_people_are(
    things: list[tuple[int, int, dict[str, str]]], points: list[tuple[int, int, int]]
) -> None:
    features = [thing(number, x, y, **tags) for number, (x, y, tags) in enumerate(things)]
    choice = chosen(features, living(*points))
    assert len(choice.chosen) <= min(MOST_PITCHES, choice.found)
    for one, other in combinations([pitch.feature for pitch in choice.chosen], 2):
        apart = math.hypot(one.east_m - other.east_m, one.north_m - other.north_m)
        assert apart >= MERGED_M
    for pitch in choice.chosen:
        here = pitch.feature
        assert any(math.hypot(x - here.east_m, y - here.north_m) <= 800 for x, y, _ in points)
    if choice.found <= MOST_PITCHES:  # then whoever could be served is
        for x, y, households in points:
            if households >= 11:
                served = (pitch.feature for pitch in choice.chosen)
                assert any(math.hypot(x - one.east_m, y - one.north_m) <= 800 for one in served)


def test_a_hall_stands_for_the_car_park_beside_it() -> None:
    features = [thing(1, 0, 0, amenity="parking"), thing(2, 100, 0, amenity="community_centre")]
    (pitch,) = chosen(features, living((0, 0, 20))).chosen
    assert (pitch.sort, pitch.kind) == ("village_hall", "room")


def test_a_private_or_roofed_car_park_is_none() -> None:
    homes = living((0, 0, 5))
    for closed in ({"access": "private"}, {"parking": "underground"}):
        assert chosen([thing(1, 0, 0, amenity="parking", **closed)], homes).chosen == ()
    assert chosen([thing(1, 0, 0, amenity="parking")], homes).found == 1


def test_where_eleven_live_and_nothing_is_drawn_they_are_a_stop_themselves() -> None:
    homes = living((0, 0, 11), (5000, 0, 10))
    (pitch,) = chosen([], homes).chosen
    assert pitch.sort == "roadside"
    assert pitches([], homes, np.zeros(2, np.bool_)).chosen == ()


def test_of_many_those_that_serve_most() -> None:
    squares = [(1000 * x, 1000 * y) for x in range(10) for y in range(8)]
    features = [thing(n, x, y, amenity="parking") for n, (x, y) in enumerate(squares)]
    homes = living(*((x, y, 1 + n) for n, (x, y) in enumerate(squares)))
    choice = chosen(features, homes)
    assert choice.found == 80
    kept = {int(pitch.feature.id[1:]) for pitch in choice.chosen}
    assert kept == set(range(20, 80))
