"""Trips: from files, tables and pairs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from msap_mobility.errors import InputError
from msap_mobility.model import Place, Points
from msap_mobility.roads import CalibratedTimes, MatrixTimes, Trips

PLACES = [Place(id=str(n), name="", lon=1 + n / 50, lat=45 + n % 3 / 50) for n in range(6)]
POINTS = Points.of(PLACES)


def test_a_table_its_pairs_and_the_trips_of_both_are_one() -> None:
    table = CalibratedTimes().table(POINTS, POINTS, limit_s=900)
    of_table = Trips.of_table(table, POINTS, POINTS)
    of_pairs = Trips.of_pairs(MatrixTimes.of_times(table, PLACES, PLACES).pairs)
    assert of_table.unreachable == (table.status != 0).sum() > 0
    assert len(of_table) == len(of_pairs) == 36 - of_table.unreachable
    for name in ("origins", "destinations"):
        np.testing.assert_array_equal(getattr(of_table, name).lon, getattr(of_pairs, name).lon)
    np.testing.assert_array_equal(of_table.seconds, of_pairs.seconds)
    np.testing.assert_array_equal(of_table.metres, of_pairs.metres)


def test_of_many_cells_some_are_drawn_the_same_each_time() -> None:
    table = CalibratedTimes().table(POINTS, POINTS)
    one, again = (Trips.of_table(table, POINTS, POINTS, most=10) for _ in range(2))
    assert len(one) == 10
    np.testing.assert_array_equal(one.seconds, again.seconds)
    cells = {*zip(one.origins.lon, one.destinations.lon, one.destinations.lat, strict=True)}
    assert len(cells) == 10


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "trips.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_with_metres_and_remarks(tmp_path: Path) -> None:
    head = "from_lon,from_lat,to_lon,to_lat,time,metres,who\n"
    trips = Trips.read(written(tmp_path, f"{head}1,45,1.1,45,12 min,9000,a\n1,45,1.2,45,1 h,5,b\n"))
    assert trips.seconds.tolist() == [720, 3600]
    assert trips.metres.tolist() == [9000, 5]
    assert trips.destinations.lon.tolist() == [1.1, 1.2]


def test_every_fault_of_a_file_is_told_with_its_row(tmp_path: Path) -> None:
    head = "from_lon,from_lat,to_lon,to_lat,time,metres\n"
    rows = "1,45,1.1,95,12 min,\n1,45,1.1,45,soon,4\n"
    with pytest.raises(InputError) as caught:
        Trips.read(written(tmp_path, head + rows))
    found = [(fault.row, fault.column) for fault in caught.value.faults]
    assert sorted(found) == [(2, "metres"), (2, "to_lat"), (3, "time")]
    assert {fault.file for fault in caught.value.faults} == {"trips.csv"}


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Trips.read(tmp_path / "none.csv")
    assert caught.value.faults[0].code == "od_file_missing"


@pytest.mark.parametrize("seconds", [[-1.0], [np.nan], [np.inf]])
def test_times_that_are_none(seconds: list[float]) -> None:
    one = Points(np.array([1.0]), np.array([45.0]))
    with pytest.raises(InputError) as caught:
        Trips(origins=one, destinations=one, seconds=np.array(seconds))
    assert [fault.code for fault in caught.value.faults] == ["trip_seconds"]


def test_lists_of_other_length_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        Trips(origins=POINTS, destinations=POINTS, seconds=np.zeros(5))
    assert caught.value.faults[0].value == "6, 6, 5"
