"""The model without roads: the published formula, nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.model import Place, Points, Reached
from msap_mobility.roads import CalibratedTimes
from msap_mobility.roads.crow import crow_m, row_slices

ONE_DEGREE_M = 6_371_008.8 * np.pi / 180


def north_of_ayen(*km: float) -> Points:
    lat = 45.254 + np.array(km) * 1000 / ONE_DEGREE_M
    return Points(np.full(len(km), 1.324), lat)


@pytest.mark.parametrize(
    ("km", "minutes"),
    [(1, 4.46), (8, 4.46 * 3.5554), (20, 4.46 * 6.2171)],  # 8^0.61 = 3.5554, 20^0.61 = 6.2171
)
def test_car_minutes_by_hand(km: float, minutes: float) -> None:
    table = CalibratedTimes(mode="car").table(north_of_ayen(0), north_of_ayen(km))
    assert table.seconds[0, 0] == pytest.approx(60 * minutes, rel=1e-4)


@pytest.mark.parametrize(
    ("km", "factor"),
    # 2.25 and 11 km lie half way between two measured points
    [(0.3, 1.65), (0.8, 1.65), (1.5, 1.47), (2.25, 1.435), (6, 1.4), (11, 1.365), (40, 1.28)],
)
@pytest.mark.parametrize("mode", ["car", "walk"])
def test_metres_by_hand(km: float, factor: float, mode: str) -> None:
    table = CalibratedTimes(mode=mode).table(north_of_ayen(0), north_of_ayen(km))
    assert table.metres[0, 0] == pytest.approx(1000 * km * factor, rel=1e-5)


def test_walking_one_kilometre_of_road_takes_800_seconds() -> None:
    times = CalibratedTimes(mode="walk")
    table = times.table(north_of_ayen(0), north_of_ayen(0.5))
    assert table.seconds[0, 0] == pytest.approx(500 * 1.65 / 1.25, rel=1e-5)


@pytest.mark.parametrize("mode", ["car", "walk"])
def test_no_distance_takes_no_time(mode: str) -> None:
    table = CalibratedTimes(mode=mode).table(north_of_ayen(3), north_of_ayen(3))
    assert table.seconds[0, 0] == table.metres[0, 0] == 0


@given(st.lists(st.floats(0, 60), min_size=2, max_size=30))
def test_further_is_longer_and_never_shorter_than_the_crow(km: list[float]) -> None:
    distances = sorted(km)
    for mode in ("car", "walk"):
        table = CalibratedTimes(mode=mode).table(north_of_ayen(0), north_of_ayen(*distances))
        assert (np.diff(table.seconds[0]) >= 0).all()
        assert (np.diff(table.metres[0]) >= 0).all()
        crow = crow_m(north_of_ayen(0), north_of_ayen(*distances))
        assert (table.metres >= crow * (1 - 1e-6)).all()


def test_the_limit_is_reachable_and_one_second_less_is_not() -> None:
    times = CalibratedTimes(mode="car")
    here, there = north_of_ayen(0), north_of_ayen(5)
    exact = float(times.table(here, there).seconds[0, 0])
    assert times.table(here, there, limit_s=exact).status[0, 0] == Reached.OK
    beyond = times.table(here, there, limit_s=exact - 1)
    assert beyond.status[0, 0] == Reached.OVER_LIMIT
    assert np.isinf(beyond.seconds[0, 0])
    assert np.isinf(beyond.metres[0, 0])


def test_empty_lists_give_empty_tables() -> None:
    times = CalibratedTimes()
    assert times.table(north_of_ayen(), north_of_ayen(1, 2)).shape == (0, 2)
    assert times.table(north_of_ayen(1, 2), north_of_ayen()).shape == (2, 0)


def test_slices_change_nothing() -> None:
    """A table filled in many slices is the table filled in one."""
    rng = np.random.default_rng(0)
    origins = Points(rng.uniform(1, 2, 1500), rng.uniform(45, 46, 1500))
    destinations = Points(rng.uniform(1, 2, 2000), rng.uniform(45, 46, 2000))
    table = CalibratedTimes().table(origins, destinations)
    last = CalibratedTimes().table(Points(origins.lon[-1:], origins.lat[-1:]), destinations)
    assert len(list(row_slices(1500, 2000))) > 1
    np.testing.assert_array_equal(table.seconds[-1], last.seconds[0])


def test_route_is_the_table_and_a_straight_line() -> None:
    a = Place(id="a", name="A", lon=1.324, lat=45.254)
    b = Place(id="b", name="B", lon=1.41, lat=45.263)
    times = CalibratedTimes(mode="walk")
    route, table = times.route(a, b), times.table(Points.of([a]), Points.of([b]))
    assert route.seconds == pytest.approx(table.seconds[0, 0], rel=1e-6)
    assert route.metres == pytest.approx(table.metres[0, 0], rel=1e-6)
    assert route.line == ((1.324, 45.254), (1.41, 45.263))


def test_error_and_sources_are_told() -> None:
    car, walk = CalibratedTimes(mode="car"), CalibratedTimes(mode="walk")
    assert car.error == (0.11, 0.14)
    assert walk.error is None
    assert [source.standing for source in car.sources()] == ["estimated", "estimated"]
    assert [source.standing for source in walk.sources()] == ["assumed", "estimated"]
    assert "11.0% to 14.0%" in car.sources()[0].note.en


def test_an_unknown_mode_is_a_fault() -> None:
    with pytest.raises(InputError) as caught:
        CalibratedTimes(mode="bicycle")
    assert caught.value.faults[0].code == "unknown_mode"


def test_crow_agrees_with_the_geodesic() -> None:
    from pyproj import Geod

    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(-5, 9, 500), rng.uniform(41.3, 51.1, 500)
    geodesic = Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    crow = np.diag(crow_m(Points(lon[:-1], lat[:-1]), Points(lon[1:], lat[1:])))
    np.testing.assert_allclose(crow, geodesic, rtol=0.0045)
