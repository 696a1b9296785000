"""People for the neighbourhoods: as many as said, the groups in their proportions."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.scenario.synthetic import Share
from msap_mobility.scenario.territory.households import homes_of, households_for
from msap_mobility.scenario.territory.neighbourhoods import Neighbourhoods

FOUND = st.lists(st.integers(1, 400), min_size=1, max_size=40)
SHARES = (
    Share(group="frail", share=0.1, household=1.0),
    Share(group="senior", share=0.3, household=1.5),
    Share(group="adult", share=0.6, household=2.5),
)


@given(FOUND, st.integers(1, 100_000))
def test_the_people_known_are_spread_as_the_homes_found(found: list[int], people: int) -> None:
    spread = households_for(np.array(found), people, 2.2)
    wanted = max(1, round(people / 2.2))
    assert spread.sum() == wanted
    assert (np.abs(spread - np.array(found) * wanted / sum(found)) < 1).all()
    assert households_for(np.array(found), None, 2.2).tolist() == found


@given(FOUND, st.integers(10, 5000))
def test_groups_keep_their_proportions_everywhere(found: list[int], people: int) -> None:
    households = np.array(found)
    at = np.arange(len(found), dtype=np.float64)
    told = Neighbourhoods(lon=at, lat=at, east_m=at, north_m=at, households=households, moved_m=at)
    codes = [f"c{number}" for number in range(len(found))]
    homes = homes_of(told, households, codes, SHARES, people)
    assert Counter(home.commune for home in homes) == dict(zip(codes, found, strict=True))
    assert sum(home.people for home in homes) == pytest.approx(people, abs=1e-4 * len(homes))
    parts = {share.group: share.share / share.household for share in SHARES}
    whole = sum(parts.values())
    for stop in {len(homes), len(homes) // 2}:
        groups = Counter(home.group for home in homes[:stop])
        for group, part in parts.items():
            assert abs(groups[group] - stop * part / whole) <= 2
    assert len({home.id for home in homes}) == len(homes)
