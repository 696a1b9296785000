"""Travel times of a scenario from a table or a server: the answers are the engine's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from msap_mobility.errors import InputError
from msap_mobility.model import Place, Points, Reached
from msap_mobility.roads import CalibratedTimes, MatrixTimes
from msap_mobility.scenario import Scenario
from tests.roads.http.fake_servers import World, osrm, serving, valhalla
from tests.scenario.folders import SETTINGS, SMALL, write_folder

TABLE = '[[times]]\nmode = "car"\ntable = "car.csv"\ntime_column = "minutes"\n'


def settings(*sections: str) -> str:
    return SETTINGS.replace("[[sources]]", "\n".join((*sections, "[[sources]]")), 1)


def everywhere(scenario: Scenario) -> list[Place]:
    homes = scenario.homes
    rows = zip(homes.ids.tolist(), homes.lon.tolist(), homes.lat.tolist(), strict=True)
    return [*(Place(id=i, name="", lon=x, lat=y) for i, x, y in rows), *scenario.places]


def car_table(scenario: Scenario, path: Path, **options: Any) -> MatrixTimes:
    """Twice the calibrated times, of all pairs, written for the scenario to read."""
    places = everywhere(scenario)
    table = CalibratedTimes().table(Points.of(places), Points.of(places))
    table.seconds[:] *= 2
    times = MatrixTimes.of_times(table, places, places, **options)
    from msap_mobility.roads.exchange import OdColumns

    times.write(path, columns=OdColumns(time="minutes"))
    return times


@pytest.fixture
def plain(tmp_path: Path) -> Scenario:
    return Scenario.load(write_folder(tmp_path / "plain"))


def scenario_of(tmp_path: Path, *sections: str, **files: str | bytes) -> Scenario:
    folder = write_folder(
        tmp_path / "given", {**SMALL, "scenario.toml": settings(*sections), **files}
    )
    return Scenario.load(folder)


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".npz", ".parquet", ".Parquet"])
def test_times_are_those_of_the_table(tmp_path: Path, plain: Scenario, ending: str) -> None:
    import gzip

    if ending.lower() == ".parquet":
        pytest.importorskip("pyarrow")
    path = tmp_path / f"car{ending.removesuffix('.gz')}"
    known = car_table(plain, path)
    content = path.read_bytes()
    given = scenario_of(
        tmp_path,
        TABLE.replace("car.csv", f"car{ending}"),
        **{f"car{ending}": gzip.compress(content) if ending == ".csv.gz" else content},
    )
    places = Points.of(everywhere(given))
    np.testing.assert_allclose(
        given.travel_times("car").table(places, places).seconds,
        known.table(places, places).seconds,
        rtol=1e-6,
    )
    walk = given.travel_times("walk").table(places, places)
    np.testing.assert_array_equal(
        walk.seconds, CalibratedTimes(mode="walk").table(places, places).seconds
    )
    assert given.travel_times("car") is given.travel_times("car")


def test_a_scenario_plans_and_measures_on_a_table(tmp_path: Path, plain: Scenario) -> None:
    path = tmp_path / "car.csv"
    car_table(plain, path)
    given = scenario_of(tmp_path, TABLE, **{"car.csv": path.read_bytes()})
    assert Scenario.check(Path(str(given.folder))) == ()
    plan = given.plan_tour(budget="50 it")
    assert given.check_plan(plan) == ()
    told = [source.name.en for source in given.coverage(plan).provenance.sources]
    assert "travel times from a given table (car)" in told
    assert "travel times by car" not in told
    car = next(mode for mode in given.problem().modes if mode.id == "car")
    usual = next(mode for mode in plain.problem().modes if mode.id == "car")
    both = (car.times.status == Reached.OK) & (usual.times.status == Reached.OK)
    assert both.any()
    np.testing.assert_allclose(car.times.seconds[both], 2 * usual.times.seconds[both], rtol=1e-5)


def test_saved_and_read_back_it_is_the_same(tmp_path: Path, plain: Scenario) -> None:
    path = tmp_path / "car.csv"
    car_table(plain, path)
    section = TABLE + 'max_snap = "250 m"\nunit = "s"\n'
    given = scenario_of(tmp_path, section, **{"car.csv": path.read_bytes()})
    assert given.inputs_hash != plain.inputs_hash
    again = write_folder(tmp_path / "again", {"car.csv": path.read_bytes()})
    given.save(again)
    assert Scenario.load(again).times == given.times
    assert Scenario.load(again).inputs_hash == given.inputs_hash
    (again / "car.csv").write_bytes(path.read_bytes() + b"\n")
    assert Scenario.load(again).inputs_hash != given.inputs_hash


def test_a_server_is_asked_for_its_mode_only(tmp_path: Path, plain: Scenario) -> None:
    by_spot = {(place.lon, place.lat): place for place in everywhere(plain)}
    where = list(by_spot.values())

    class Here(World):
        places = where

    seconds = np.random.default_rng(0).integers(60, 900, (len(where),) * 2).astype(float)
    world = Here(seconds, seconds * 10)
    points = Points.of(where)
    for key, engine in (("osrm", osrm), ("valhalla", valhalla)):
        with serving(engine(world)) as address:
            section = f'[[times]]\nmode = "car"\n{key} = "{address}"\n'
            given = scenario_of(tmp_path / key, section)
            table = given.travel_times("car").table(points, points)
            np.testing.assert_allclose(table.seconds, world.seconds, rtol=1e-6)
            assert isinstance(given.travel_times("walk"), CalibratedTimes)


def test_a_server_that_is_down_is_told_with_the_line_that_names_it(tmp_path: Path) -> None:
    given = scenario_of(tmp_path, '[[times]]\nmode = "car"\nosrm = "http://127.0.0.1:9"\n')
    with pytest.raises(InputError) as caught:
        given.coverage()
    fault = caught.value.faults[0]
    row = settings("[[times]]\nmode\nosrm").splitlines().index("osrm") + 1
    assert (fault.code, fault.file, fault.row, fault.column) == (
        "routing_server_down",
        "scenario.toml",
        row,
        "times.osrm",
    )
    assert "scenario.toml, row" in fault.text("en")
    assert fault.remedy("fr")


@pytest.mark.parametrize(
    ("section", "code", "line", "column"),
    [
        ('mode = "car"\ntable = "none.csv"', "missing_file", 2, "times.table"),
        ('mode = "car"\ntable = "car.xlsx"', "od_unknown_ending", 2, "times.table"),
        ('mode = "boat"\ntable = "car.csv"', "not_one_of", 1, "times.mode"),
        ('mode = "car"\nosrm = "localhost"', "routing_server_address", 2, "times.osrm"),
        ('mode = "car"', "times_unclear", 0, "times"),
        ('mode = "car"\ntable = "car.csv"\nosrm = "http://a"', "times_unclear", 3, "times.osrm"),
        ('mode = "car"\ntable = "car.csv"\nunit = "h"', "not_one_of", 3, "times.unit"),
        ('mode = "car"\ntable = "car.csv"\nmax_snap = "far"', None, 3, "times.max_snap"),
        ('table = "car.csv"', "missing_key", 0, "times.mode"),
        ('mode = "car"\ntabel = "car.csv"', "unknown_key", 2, "times.tabel"),
        (
            'mode = "car"\ntable = "car.csv"\n[[times]]\nmode = "car"\ntable = "car.csv"',
            "times_mode_twice",
            4,
            "times.mode",
        ),
    ],
)
def test_faults_are_told_with_their_line_and_a_remedy(
    tmp_path: Path, section: str, code: str | None, line: int, column: str
) -> None:
    text = settings("[[times]]", section)
    first = text.splitlines().index("[[times]]") + 1
    files = {**SMALL, "scenario.toml": text, "car.csv": "from_id,to_id,travel_time_p50\n"}
    found = Scenario.check(write_folder(tmp_path, files))
    assert found
    fault = found[0]
    if code:
        assert fault.code == code
    assert (fault.file, fault.row, fault.column) == ("scenario.toml", first + line, column)
    for lang in ("en", "fr"):
        assert fault.remedy(lang)


def test_faults_of_the_table_are_told_with_its_own_rows(tmp_path: Path) -> None:
    rows = "from_id,to_id,minutes\nh1,hall,5\nh9,hall,7\nh2,hall,soon\n"
    files = {**SMALL, "scenario.toml": settings(TABLE), "car.csv": rows}
    found = Scenario.check(write_folder(tmp_path, files))
    assert [(fault.file, fault.row, fault.code) for fault in found] == [
        ("car.csv", 3, "od_unknown_id"),
        ("car.csv", 4, "not_a_number"),
    ]


def test_a_table_of_another_territory_is_refused(tmp_path: Path) -> None:
    rows = "from_id,to_id,minutes\nh1,hall,5\nhall,h2,5\n"
    files = {**SMALL, "scenario.toml": settings(TABLE), "car.csv": rows}
    found = Scenario.check(write_folder(tmp_path, files))
    assert [fault.code for fault in found] == ["times_without_homes"]
    assert "1 of 4 homes" in found[0].what("en")
    assert found[0].column == "times.table"


def test_an_id_of_a_home_and_a_place_is_refused(tmp_path: Path) -> None:
    homes = SMALL["homes.csv"].replace("h1,", "hall,")
    rows = "from_id,to_id,minutes\nhall,hall,5\n"
    files = {**SMALL, "scenario.toml": settings(TABLE), "car.csv": rows, "homes.csv": homes}
    assert [fault.code for fault in Scenario.check(write_folder(tmp_path, files))] == [
        "id_in_two_files"
    ]


def test_a_table_named_as_roads_is_told_where_it_belongs(tmp_path: Path) -> None:
    text = SETTINGS.replace("[title]", 'roads = "car.csv"\n[title]', 1)
    found = Scenario.check(write_folder(tmp_path, {**SMALL, "scenario.toml": text}))
    assert [(fault.code, fault.row) for fault in found] == [("roads_unknown", 2)]
    assert "[[times]]" in found[0].remedy("en")


def test_a_changed_table_is_read_again(tmp_path: Path, plain: Scenario) -> None:
    import os

    path = tmp_path / "car.csv"
    car_table(plain, path)
    given = scenario_of(tmp_path, TABLE, **{"car.csv": path.read_bytes()})
    before = given.travel_times("car")
    file = Path(str(given.folder.joinpath("car.csv")))
    os.utime(file, ns=(1, 1))
    assert given.travel_times("car") is not before
