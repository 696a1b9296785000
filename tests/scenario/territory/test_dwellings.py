"""Which buildings are homes."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from msap_mobility.scenario.territory.dwellings import Dwellings, dwellings
from msap_mobility.scenario.territory.survey import Feature

NUMBER = {"addr:housenumber": "7"}


def building(east_m: float, side_m: float = 10.0, **tags: str) -> Feature:
    half = side_m / 2
    outline = shapely.box(east_m - half, -half, east_m + half, half)
    return thing(east_m, outline=outline, **{"building": "yes", **tags})


def thing(east_m: float, *, outline: Any = None, **tags: str) -> Feature:
    return Feature(
        id=f"w{east_m}", lon=0, lat=0, east_m=east_m, north_m=0, tags=tags, outline=outline
    )


def counted(found: Dwellings) -> list[int]:
    return found.households.tolist()


@pytest.mark.parametrize(
    ("tags", "households"),
    [
        ({}, [1]),
        ({"building": "house"}, [1]),
        ({"building": "apartments"}, [6]),
        ({"building": "apartments", "building:flats": "14"}, [14]),
        ({"building": "apartments", "building:flats": "many"}, [6]),
        ({"building": "terrace"}, [4]),
        ({"building": "garage"}, []),
        ({"building": "shed"}, []),
        ({"building": "church"}, []),
        ({"building": "barn"}, []),
        ({"amenity": "townhall"}, []),
        ({"amenity": "townhall", **NUMBER}, []),
        ({"shop": "bakery"}, []),
    ],
)
def test_kinds(tags: dict[str, str], households: list[int]) -> None:
    assert counted(dwellings([building(0, **tags)])) == households


@pytest.mark.parametrize(("side_m", "homes"), [(5, 0), (7, 1), (19, 1), (25, 0)])
def test_a_building_of_unknown_kind_has_the_size_of_a_house(side_m: float, homes: int) -> None:
    assert len(dwellings([building(0, side_m)])) == homes
    assert len(dwellings([building(0, side_m, **NUMBER)])) == 1


def test_addresses_in_and_beside_a_building_are_its_households() -> None:
    found = dwellings([building(0), thing(0, **NUMBER), thing(20, **NUMBER), thing(60, **NUMBER)])
    assert counted(found) == [2, 1]
    assert found.with_address == 2


def test_the_address_of_a_shop_or_of_a_church_is_no_home() -> None:
    church = building(0, building="church")
    assert (
        counted(dwellings([church, thing(1, **NUMBER), thing(90, shop="bakery", **NUMBER)])) == []
    )


def test_among_addresses_the_unaddressed_are_outbuildings() -> None:
    addressed = [building(30 * number, **NUMBER) for number in range(4)]
    plain = [building(30 * number + 200) for number in range(4)]
    house = building(400, building="house")
    found = dwellings([*addressed, *plain, house])
    assert len(found) == 5
    assert found.outbuildings == 4
    assert len(dwellings([addressed[0], *plain, house])) == 6
