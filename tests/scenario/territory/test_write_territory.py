"""One extract in, one folder out: whole, the same each time, or not there."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest

from msap_mobility.errors import InputError
from msap_mobility.scenario import Scenario
from msap_mobility.scenario.territory import Around, write_territory
from tests.real_data import real_data
from tests.scenario.territory.extracts import MAISON, Extract, village


def around(extract: Path, **asked: Any) -> Around:
    return Around(**{"extract": extract, "lon": MAISON[0], "lat": MAISON[1], **asked})


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    return village().write(tmp_path / "bourg.osm")


def refused(folder: Path, asked: Around) -> str:
    """The code of the one fault; nothing is written."""
    before = sorted(path.name for path in folder.parent.iterdir())
    with pytest.raises(InputError) as error:
        write_territory(folder, asked)
    assert sorted(path.name for path in folder.parent.iterdir()) == before
    for lang in ("en", "fr"):
        assert error.value.text(lang)
    (fault,) = error.value.faults
    return fault.code


def test_a_village_becomes_a_scenario_without_a_fault(tmp_path: Path, extract: Path) -> None:
    found = write_territory(tmp_path / "bourg", around(extract))
    scenario = Scenario.load(tmp_path / "bourg")
    assert Scenario.check(tmp_path / "bourg") == ()
    assert scenario.roads == "bourg.osm"
    assert scenario.title["fr"] == "Autour de Bourg"
    assert found.buildings == 34
    assert found.lived_in == len(scenario.homes) == 31
    assert scenario.homes.total == pytest.approx(31 * 2.2, abs=0.01)
    assert {commune.name for commune in scenario.communes} == {"Bourg"}
    assert {stop.place.name for stop in scenario.stops} >= {"Mairie, Bourg"}
    assert scenario.vehicles[0].depot == scenario.maisons[0].place.id
    assert found.named_people == 60
    assert {"estimated", "assumed", "observed"} == {one.standing for one in scenario.sources}


def test_what_was_found_is_told_in_both_languages(tmp_path: Path, extract: Path) -> None:
    found = write_territory(tmp_path / "bourg", around(extract))
    english, french = found.text("en"), found.text("fr")
    assert "34 buildings" in english
    assert "34 bâtiments" in french
    assert len(english.splitlines()) == len(french.splitlines())
    assert "{" not in english + french
    assert "34 bâtiments" in (tmp_path / "bourg/README.md").read_text(encoding="utf-8")


def test_twice_the_same(tmp_path: Path, extract: Path) -> None:
    for name in ("a/bourg", "b/bourg"):
        write_territory(tmp_path / name, around(extract))
    files = sorted(path.name for path in (tmp_path / "a/bourg").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "b/bourg").iterdir())
    for name in files:
        assert (tmp_path / "a/bourg" / name).read_bytes() == (
            tmp_path / "b/bourg" / name
        ).read_bytes()


def test_the_people_known_to_live_there(tmp_path: Path, extract: Path) -> None:
    found = write_territory(tmp_path / "bourg", around(extract, people=500))
    scenario = Scenario.load(tmp_path / "bourg")
    assert scenario.homes.total == pytest.approx(500, abs=0.05)
    assert len(scenario.homes) == round(500 / 2.2)
    assert found.asked_people


def test_no_home_is_exact_and_few_live_alone(tmp_path: Path, extract: Path) -> None:
    write_territory(tmp_path / "bourg", around(extract))
    homes = Scenario.load(tmp_path / "bourg").homes
    points = set(zip(homes.lon.tolist(), homes.lat.tolist(), strict=True))
    assert len(points) == 2  # the village and, apart from it, the farm
    assert min(homes.lon) < 5.272
    assert max(homes.lon) > 5.29


def test_the_order_of_longitude_and_latitude(tmp_path: Path, extract: Path) -> None:
    asked = around(extract, lon=MAISON[1], lat=MAISON[0])
    assert refused(tmp_path / "bourg", asked) == "maison_swapped"


def test_a_maison_elsewhere(tmp_path: Path, extract: Path) -> None:
    assert refused(tmp_path / "bourg", around(extract, lon=2.35)) == "extract_elsewhere"


def test_a_maison_far_from_every_road(tmp_path: Path, extract: Path) -> None:
    asked = around(extract, lon=MAISON[0] + 0.03, lat=MAISON[1] + 0.02)
    assert refused(tmp_path / "bourg", asked) == "no_road_at_maison"


def test_a_radius_no_side_reaches(tmp_path: Path, extract: Path) -> None:
    assert refused(tmp_path / "bourg", around(extract, radius_m=9000)) == "extract_too_small"
    found = write_territory(tmp_path / "bourg", around(extract))  # up to 15 km, as far as it goes
    assert set(found.ends_m) == {"west", "south", "east", "north"}
    assert "3.0 km to the west" in found.text("en")


def test_a_radius_leaves_out_what_lies_beyond(tmp_path: Path, extract: Path) -> None:
    assert write_territory(tmp_path / "bourg", around(extract, radius_m=2000)).lived_in == 30


def test_an_extract_without_roads(tmp_path: Path) -> None:
    made = Extract()
    made.building(0, 0)
    path = made.write(tmp_path / "bare.osm")
    assert refused(tmp_path / "bare", around(path)) == "osm_without_roads"


def test_an_extract_without_homes(tmp_path: Path) -> None:
    made = Extract()
    made.road((-3000, 0), (0, 0), (3000, 10), (0, 3000), (0, -3000))
    made.building(0, 100, building="garage")
    path = made.write(tmp_path / "bare.osm")
    assert refused(tmp_path / "bare", around(path)) == "extract_without_homes"


def test_an_extract_with_hardly_a_home(tmp_path: Path) -> None:
    """Nothing could be published about fewer than eleven households."""
    made = Extract()
    made.road((-3000, 0), (0, 0), (3000, 10), (0, 3000), (0, -3000))
    for number in range(10):
        made.building(30 * number, 100, building="house")
    asked = around(made.write(tmp_path / "bare.osm"))
    assert refused(tmp_path / "bare", asked) == "extract_without_homes"
    made.building(600, 100, building="house")
    found = write_territory(tmp_path / "full", around(made.write(tmp_path / "full.osm")))
    assert found.households == 11


def test_a_file_cut_short(tmp_path: Path, extract: Path) -> None:
    packed = gzip.compress(extract.read_bytes())
    path = tmp_path / "cut.osm.gz"
    path.write_bytes(packed[: len(packed) // 2])
    assert refused(tmp_path / "cut", around(path)) == "osm_file_damaged"


def test_a_pbf_cut_short(tmp_path: Path) -> None:
    whole = real_data("roads/meuse_montiers.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(whole[: len(whole) // 2])
    assert refused(tmp_path / "cut", around(path)) == "osm_file_damaged"


def test_no_file_and_no_such_format(tmp_path: Path) -> None:
    assert refused(tmp_path / "a", around(tmp_path / "none.osm")) == "osm_file_missing"
    (tmp_path / "b.shp").write_text("x", encoding="utf-8")
    assert refused(tmp_path / "a", around(tmp_path / "b.shp")) == "osm_unknown_ending"


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, extract: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("kept", encoding="utf-8")
    assert refused(tmp_path / "mine", around(extract)) == "folder_not_empty"
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path, extract: Path) -> None:
    (tmp_path / "mine").mkdir()
    write_territory(tmp_path / "mine", around(extract))
    assert Scenario.load(tmp_path / "mine").id == "mine"


def test_stopped_while_copying_nothing_stands_there(
    tmp_path: Path, extract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copyfile", stop)
    with pytest.raises(KeyboardInterrupt):
        write_territory(tmp_path / "bourg", around(extract))
    assert [path.name for path in tmp_path.iterdir()] == ["bourg.osm"]


def test_the_maison_is_the_france_services_that_stands_there(tmp_path: Path) -> None:
    made = village()
    office = {"office": "government", "name": "France services de Bourg"}
    made.point(30, 0, opening_hours="Mo-Th 09:15-12:30", **office)
    made.point(2000, 30, office="government", name="France services d'Ailleurs")
    write_territory(tmp_path / "bourg", around(made.write(tmp_path / "bourg.osm")))
    here, other = Scenario.load(tmp_path / "bourg").maisons
    assert here.place.name == "France services de Bourg"
    assert here.hours is not None
    assert [rhythm.text() for rhythm in here.hours] == ["Mo-Th 09:15-12:30"]
    assert other.place.name == "France services d'Ailleurs"
    assert other.hours is None


def test_a_template_of_dates_has_no_van(tmp_path: Path, extract: Path) -> None:
    write_territory(tmp_path / "bourg", around(extract, template="rurali_indre"))
    assert Scenario.check(tmp_path / "bourg") == ()
    assert refused(tmp_path / "other", around(extract, template="none")) == "unknown_scenario"


def test_every_fault_of_what_is_asked_at_once() -> None:
    with pytest.raises(InputError) as error:
        around(Path("x.osm"), lon=500, radius_m=3, people=0)
    assert [fault.column for fault in error.value.faults] == ["lon", "radius", "people"]
