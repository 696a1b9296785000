"""Synthetic homes: every commune keeps its people, and every machine makes the same homes."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from math import cos, hypot, pi, radians, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.files import content_hash
from msap_mobility.scenario import (
    Commune,
    Share,
    SyntheticRule,
    bundled_names,
    synthetic_homes,
)
from msap_mobility.scenario.saving import files_of
from tests.scenario.folders import bundled

RULE = SyntheticRule(
    shares=(
        Share(group="frail", share=0.04, household=1.0),
        Share(group="adult", share=0.96, household=2.4),
    )
)


def village(population: int, area_km2: float = 12.93, insee: str = "76070") -> Commune:
    return Commune(
        insee=insee, name="V", lon=1.24, lat=49.72, population=population, area_km2=area_km2
    )


def metres_away(commune: Commune, lon: float, lat: float) -> float:
    return 111_195 * hypot((lon - commune.lon) * cos(radians(commune.lat)), lat - commune.lat)


@given(
    st.integers(0, 3000), st.lists(st.integers(1, 50), min_size=1, max_size=6), st.integers(0, 9)
)
def test_every_commune_keeps_its_people_and_every_group_its_share(
    population: int, parts: list[int], seed: int
) -> None:
    shares = tuple(
        Share(group=f"g{number}", share=part / sum(parts), household=1 + number / 2)
        for number, part in enumerate(parts)
    )
    homes = synthetic_homes([village(population)], SyntheticRule(shares=shares, seed=seed))
    assert sum(home.people for home in homes) == population
    assert all(home.people >= 1 for home in homes)
    people = Counter[str]()
    for home in homes:
        people[home.group] += int(home.people)
    for share in shares:
        assert abs(people[share.group] - population * share.share) < 1
    assert len({home.id for home in homes}) == len(homes)


def test_homes_lie_within_the_commune_some_in_its_centre_the_others_in_hamlets() -> None:
    commune = village(5000)
    homes = synthetic_homes([commune], RULE)
    away = [metres_away(commune, home.lon, home.lat) for home in homes]
    radius = sqrt(12.93 / pi) * 1000
    assert max(away) < radius + RULE.hamlet_radius_m + 2
    central = sum(distance <= RULE.centre_radius_m + 1 for distance in away) / len(away)
    assert 0.35 < central < 0.45
    # A home outside the centre has neighbours: hamlets, not a lawn of houses.
    outer = [home for home, distance in zip(homes, away, strict=True) if distance > 500]
    nearest = [
        min(
            metres_away(village(1), 1.24 + home.lon - other.lon, 49.72 + home.lat - other.lat)
            for other in outer
            if other is not home
        )
        for home in outer[:100]
    ]
    assert sorted(nearest)[len(nearest) // 2] < RULE.hamlet_radius_m


def test_a_commune_draws_the_same_homes_whoever_its_neighbours_are() -> None:
    alone = synthetic_homes([village(300)], RULE)
    beside = synthetic_homes([village(100, insee="2A004"), village(300)], RULE)
    assert beside[-len(alone) :] == alone


def test_another_seed_makes_other_homes() -> None:
    other = SyntheticRule(shares=RULE.shares, seed=1)
    assert synthetic_homes([village(300)], RULE) != synthetic_homes([village(300)], other)


def test_a_neighbour_gives_no_homes_and_a_commune_without_area_is_refused() -> None:
    neighbour = Commune(insee="1", name="N", lon=1, lat=49, population=9, homes=False)
    assert synthetic_homes([neighbour], RULE) == []
    nowhere = Commune(insee="1", name="N", lon=1, lat=49, population=9)
    with pytest.raises(InputError) as caught:
        synthetic_homes([nowhere], RULE)
    assert caught.value.faults[0].code == "commune_without_area"


def test_a_rule_tells_every_fault() -> None:
    with pytest.raises(InputError) as caught:
        SyntheticRule(shares=RULE.shares[:1], centre_share=2, hamlet_homes=0)
    assert [fault.code for fault in caught.value.faults] == [
        "shares_not_whole",
        "out_of_range",
        "out_of_range",
    ]


@pytest.mark.parametrize("name", bundled_names())
def test_the_bundled_homes_add_up_to_the_population_of_each_commune(name: str) -> None:
    scenario = bundled(name)
    people: dict[str, float] = defaultdict(float)
    for number, count in zip(scenario.homes.commune, scenario.homes.people, strict=True):
        people[scenario.homes.communes[number]] += float(count)
    assert people == {
        commune.insee: commune.population for commune in scenario.communes if commune.homes
    }
    ids = scenario.homes.ids.tolist()
    assert all(earlier < later for earlier, later in pairwise(ids))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("bellencombre", "9c17a16da7cd0457"), ("rurali_indre", "1a5e2b167e3bc2cd")],
)
def test_the_bundled_homes_are_the_same_on_every_machine(name: str, expected: str) -> None:
    """Pinned: a change of these is a change of the example, and of every figure drawn from it."""
    assert content_hash(files_of(bundled(name))["homes.csv"])[:16] == expected
