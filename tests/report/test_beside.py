"""Two tables side by side: what each may tell alone, they may not tell by subtraction."""

from __future__ import annotations

import numpy as np

from msap_mobility.coverage import Coverage, Indicators, compare
from msap_mobility.model import Group, Home, Homes, Limit
from msap_mobility.provenance import Provenance

EVERYBODY = Group(
    id="all", age="65_plus", car=False, alone=True, limits=(Limit(mode="walk", max_m=800),)
)


def coverage(homes: Homes, reached: np.ndarray) -> Coverage:
    values = Indicators(
        reached=reached,
        space_time=np.where(reached, 0.2, 0.0),
        wait_s=np.where(reached, 3600.0, np.inf),
        visits_per_week=np.where(reached, 2.0, 0.0),
    )
    return Coverage(
        homes=homes,
        low=values,
        high=values,
        services=(),
        stay_s=0,
        provenance=Provenance(verb="coverage", inputs_hash=""),
    )


def test_a_commune_is_told_with_another_where_the_difference_would_tell_of_five_homes():
    rows = [
        Home(id=f"{code}-{n}", lon=1.2, lat=49.7, people=2, group="all", commune=code)
        for code in ("ayen", "objat", "segonzac")
        for n in range(60)
    ]
    homes = Homes.of(rows, groups=(EVERYBODY,))
    number = np.arange(60)
    by_tour = np.tile(number < 30, 3)
    by_maison = np.concatenate([number >= 55, number >= 45, np.zeros(60, dtype=bool)])
    before = coverage(homes, np.zeros(180, dtype=bool))
    after = coverage(homes, by_tour | by_maison)

    apart = compare(before, after)
    assert [row.keys for row in apart.by("commune")] == [("ayen",), ("objat",), ("segonzac",)]
    ayen = apart.after.by("commune")[0]
    assert 2 * 30 - ayen.low.people_never == 2 * 5, "thirty left out, and five of them reached"

    beside = compare(before, after, beside=~by_tour)
    assert [row.keys for row in beside.by("commune")] == [("segonzac",), ("ayen", "objat")]
    assert beside.total == apart.total
