"""Families, serving time and units, from the figures of domain.md."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.model import Stop
from msap_mobility.tours.demand import Demand
from tests.tours.territory import spot

HALL = Stop(place=spot("hall", 0, 0), dwell_min_s=1800, dwell_max_s=10800)


def test_a_commune_of_the_mean_size_brings_about_eight_families() -> None:
    assert Demand().families(25689 / 46) == pytest.approx(7.6, abs=0.05)


def test_the_stay_is_half_an_hour_and_twelve_minutes_a_family_with_papers() -> None:
    demand = Demand(share_paperwork=1.0)
    assert demand.dwell_s(8, HALL) == (30 + 8 * 12) * 60
    assert demand.dwell_s(8.01, HALL, step_s=300) == 130 * 60


@given(
    st.floats(0, 1e6),
    st.integers(0, 7200),
    st.integers(0, 7200),
    st.sampled_from([1, 60, 300]),
)
def test_a_stop_has_the_last_word(people: float, least_s: int, more_s: int, step_s: int) -> None:
    stop = Stop(place=spot("a", 0, 0), dwell_min_s=least_s, dwell_max_s=least_s + more_s)
    demand = Demand()
    families = demand.families(people)
    assert families <= demand.families_most
    assert least_s <= demand.dwell_s(families, stop, step_s=step_s) <= least_s + more_s
    assert demand.units(families) >= families * demand.units_per_family


def test_every_figure_out_of_range_is_told() -> None:
    with pytest.raises(InputError) as told:
        Demand(participation=1.5, people_per_household=0, base_s=-1)
    columns = {fault.column for fault in told.value.faults}
    assert columns == {"participation", "people_per_household", "base"}
