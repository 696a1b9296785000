"""Homes told together: nobody lost, nobody exact, eleven or more where it can be."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.scenario.territory.dwellings import Dwellings
from msap_mobility.scenario.territory.neighbourhoods import (
    FEWEST,
    JOINED_M,
    SIDES_M,
    neighbourhoods,
)
from msap_mobility.scenario.territory.plane import Plane

PLANE = Plane(lon=5.27, lat=48.53)
METRES = st.integers(-4000, 4000)
HOMES = st.lists(st.tuples(METRES, METRES, st.integers(1, 9)), min_size=1, max_size=60)


def dwellings_at(listed: list[tuple[int, int, int]]) -> Dwellings:
    east, north, households = zip(*listed, strict=True)
    return Dwellings(
        east_m=np.array(east, np.float64),
        north_m=np.array(north, np.float64),
        households=np.array(households, np.int64),
        buildings=len(listed),
        with_address=0,
        without_address=len(listed),
        outbuildings=0,
    )


@given(HOMES)
def test_every_household_is_told_once_and_near(listed: list[tuple[int, int, int]]) -> None:
    told = neighbourhoods(dwellings_at(listed), PLANE)
    assert told.households.sum() == sum(households for _, _, households in listed)
    assert (told.households > 0).all()
    assert len(told.moved_m) == told.households.sum()
    assert told.moved_m.max() <= np.hypot(SIDES_M[-1], SIDES_M[-1]) + 2 * JOINED_M


@given(HOMES)
def test_few_are_told_only_where_no_others_are(listed: list[tuple[int, int, int]]) -> None:
    """At most one neighbourhood of a few households comes from each of the largest squares."""
    told = neighbourhoods(dwellings_at(listed), PLANE)
    side = SIDES_M[-1]
    squares = {(int(x / side + 10.5), int(y / side + 10.5)) for x, y, _ in listed}
    assert told.few <= len(squares)
    assert told.few == (told.households < FEWEST).sum()


@given(HOMES)
def test_no_neighbourhood_stands_where_something_real_does(
    listed: list[tuple[int, int, int]],
) -> None:
    homes = dwellings_at(listed)
    free = neighbourhoods(homes, PLANE)
    taken = set(zip(free.lon.tolist(), free.lat.tolist(), strict=True))
    lon, lat = PLANE.degrees(homes.east_m, homes.north_m)
    taken |= set(zip(lon.tolist(), lat.tolist(), strict=True))
    told = neighbourhoods(homes, PLANE, taken)
    assert not taken & set(zip(told.lon.tolist(), told.lat.tolist(), strict=True))
    assert sorted(told.households) == sorted(free.households)


def test_a_lonely_farm_is_not_counted_into_the_village() -> None:
    village = [(20 * number, 0, 1) for number in range(-5, 6)]
    told = neighbourhoods(dwellings_at([*village, (700, 0, 1)]), PLANE)
    assert told.households.tolist() == [11, 1]
    assert told.east_m.tolist() == [0, 600]


def test_a_house_at_the_edge_of_the_village_is() -> None:
    village = [(18 * number, 0, 1) for number in range(-5, 6)]
    told = neighbourhoods(dwellings_at([*village, (250, 0, 1)]), PLANE)
    assert told.households.tolist() == [12]
