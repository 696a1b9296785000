"""The nearest without roads: what sorting all distances gives, ties and all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.model import Points, Reached
from msap_mobility.roads import CalibratedTimes, calibrated
from msap_mobility.roads.crow import crow_m
from msap_mobility.roads.crow_nearest import nearest_by_crow


def sorted_out(origins: Points, places: Points, k: int) -> tuple[list, list]:
    """Rows and metres of the k nearest, of a table of all."""
    crow = crow_m(origins, places)
    order = np.argsort(crow, axis=1, kind="stable")[:, :k]
    return order.tolist(), np.take_along_axis(crow, order, axis=1).tolist()


@st.composite
def points(draw: st.DrawFn) -> Points:
    """On a coarse grid, so that many lie on one spot or equally far; now and then far away."""
    step = draw(st.sampled_from([1e-6, 0.01, 20]))
    cell = st.tuples(st.integers(-3, 3), st.integers(-3, 3))
    cells = draw(st.lists(cell, max_size=30))
    lon = np.array([1 + step * x for x, _ in cells], np.float64)
    lat = np.array([10 + step * y for _, y in cells], np.float64)
    return Points(lon, lat)


@settings(max_examples=300, deadline=None)
@given(points(), points(), st.integers(1, 8))
def test_the_nearest_are_those_of_a_table(origins: Points, places: Points, k: int) -> None:
    place, metres = nearest_by_crow(origins, places, k)
    rows, distances = sorted_out(origins, places, k)
    there = min(k, len(places))
    assert place.shape == metres.shape == (len(origins), k)
    assert place[:, :there].tolist() == rows
    assert metres[:, :there].tolist() == distances
    assert (place[:, there:] == -1).all()
    assert np.isinf(metres[:, there:]).all()


@pytest.mark.parametrize("mode", ["car", "walk"])
@pytest.mark.parametrize("limit_s", [np.inf, 1500.0])
def test_seconds_and_metres_are_those_of_the_table(mode: str, limit_s: float) -> None:
    rng = np.random.default_rng(2)
    homes = Points(rng.uniform(0, 3, 300), rng.uniform(44, 46, 300))
    houses = Points(rng.uniform(0, 3, 80), rng.uniform(44, 46, 80))
    times = CalibratedTimes(mode=mode)
    found = times.nearest(homes, houses, 4, limit_s=limit_s)
    table = times.table(homes, houses, limit_s=limit_s)
    rows = np.arange(len(homes))[:, None]
    there = found.facility >= 0
    assert (table.seconds[rows, found.facility] == found.seconds)[there].all()
    assert (table.metres[rows, found.facility] == found.metres)[there].all()
    assert (found.seconds == np.sort(table.seconds, axis=1)[:, :4]).all()
    assert (np.isinf(found.seconds) == ~there).all()
    assert (np.isinf(found.metres) == ~there).all()
    nothing = Reached.OK if np.isinf(limit_s) else Reached.OVER_LIMIT
    assert (found.status == np.where(there[:, 0], Reached.OK, nothing)).all()


def test_no_house_at_all() -> None:
    nobody, home = Points(np.empty(0), np.empty(0)), Points(np.ones(1), np.ones(1))
    found = CalibratedTimes().nearest(home, nobody, 2)
    assert found.facility.tolist() == [[-1, -1]]
    assert found.status.tolist() == [Reached.UNREACHABLE]
    assert len(CalibratedTimes().nearest(nobody, home)) == 0


@pytest.mark.parametrize("seed", range(5))
def test_hundreds_of_houses_on_a_few_spots(seed: int) -> None:
    """More equals than the tree is asked for, in an order that it does not keep."""
    rng = np.random.default_rng(seed)
    spot = rng.integers(0, 4, 400)
    houses = Points(np.array([1.3, 0.7, 1.0, 1.2])[spot], np.array([45, 45, 45.2, 44.9])[spot])
    homes = Points(np.array([1.0, 1.0, 1.25]), np.array([45.0, 45.1, 45.0]))
    found = CalibratedTimes().nearest(homes, houses, 150).facility
    assert found.tolist() == sorted_out(homes, houses, 150)[0]


def test_more_than_there_is_room_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("msap_mobility.roads.room.free_bytes", lambda: 100.0)
    home = Points(np.ones(1), np.ones(1))
    with pytest.raises(InputError) as caught:
        calibrated.CalibratedTimes().nearest(home, home, 3)
    assert caught.value.faults[0].code == "too_big_for_memory"
