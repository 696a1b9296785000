"""Every fault of a folder is told at once, with file, row, column, value and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.errors import Fault, InputError
from msap_mobility.scenario import Scenario
from tests.scenario.folders import SETTINGS, SMALL, changed, write_folder

if TYPE_CHECKING:
    from pathlib import Path


def faults_of(folder: Path, files: dict[str, Any]) -> list[tuple[str, str, int | None, str]]:
    faults = Scenario.check(write_folder(folder, files))
    return [(fault.code, fault.file, fault.row, fault.column) for fault in faults]


# The twelve faults that issue 2 seeds in one folder: code, file, row, column, value.
SEEDED = [
    ("not_a_date", "scenario.toml", 7, "horizon.start", "2027-02-30"),
    ("missing_column", "communes.csv", 1, "population", "population"),
    ("undecodable_bytes", "maisons.csv", 3, "name", "Ann\\xe9e"),
    ("not_a_number", "homes.csv", 2, "people", "one"),
    ("duplicate_id", "homes.csv", 4, "id", "h2"),
    ("swapped_lon_lat", "homes.csv", 5, "lon", 49.72),
    ("negative_duration", "places.csv", 2, "dwell_min", "-30 min"),
    ("ends_before_start", "places.csv", 3, "hours", "09:00"),
    ("out_of_range", "places.csv", 4, "lat", 149.71),
    ("not_yes_no", "places.csv", 4, "must", "maybe"),
    ("unknown_place", "vehicles.csv", 2, "depot", "nowhere"),
    ("out_of_range", "vehicles.csv", 2, "capacity", 0),
    ("missing_file", "crew.csv", None, "", "crew.csv"),
]


def seeded(folder: Path) -> Path:
    """The small folder with the twelve faults, the last but one row of places having two."""
    files: dict[str, Any] = {
        **SMALL,
        "scenario.toml": SETTINGS.replace("2027-01-04", "2027-02-30"),
        "communes.csv": "insee,name,lon,lat\n00001,Alpha,1.2,49.7\n",
        "homes.csv": (
            "id,lon,lat,people,group,commune\n"
            "h1,1.2,49.7,one,frail,00001\n"
            "h2,1.201,49.701,2,adult,00001\n"
            "h2,1.26,49.72,2.5,adult,00001\n"
            "h4,49.72,1.25,1,frail,\n"
        ),
        "places.csv": (
            "id,name,lon,lat,commune,kind,hours,dwell_min,dwell_max,every_weeks,must\n"
            "hall,Salle,1.2,49.7,00001,room,Tu-Fr 09:00-17:00,-30 min,2 h,2,no\n"
            "square,Place,1.25,49.72,,parked,Tu-Fr 17:00-09:00,,,1,yes\n"
            "garage,Garage,1.21,149.71,,depot,,,,,maybe\n"
        ),
        "maisons.csv": SMALL["maisons.csv"].encode().replace(b"Antenne", b"Ann\xe9e"),
        "vehicles.csv": "id,name,depot,capacity\nvan,Camion,nowhere,0\n",
    }
    del files["crew.csv"]
    return write_folder(folder, files)


def test_the_seeded_faults_are_all_told_in_one_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Scenario.load(seeded(tmp_path))
    found = [
        (fault.code, fault.file, fault.row, fault.column, fault.value)
        for fault in caught.value.faults
    ]
    assert sorted(found, key=str) == sorted(SEEDED, key=str)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("row 2, column people", "Write")), ("fr", ("ligne 2, colonne people", "Écrivez"))],
)
def test_the_seeded_faults_read_well_in_both_languages(
    tmp_path: Path, lang: Any, words: tuple[str, str]
) -> None:
    faults = Scenario.check(seeded(tmp_path))
    assert len(faults) == len(SEEDED)
    text = "\n".join(fault.text(lang) for fault in faults)
    assert all(word in text for word in words)
    for fault in faults:
        assert fault.remedy(lang)
        assert fault.file in fault.text(lang)
        assert "{" not in fault.text(lang)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("homes", "frail", "frial", "unknown_group homes.csv 2 group"),
        ("homes", "00001", "00002", "unknown_commune homes.csv 2 commune"),
        ("homes", "h1,1.2,49.7,1", "h1,1.2,49.7,-1", "out_of_range homes.csv 2 people"),
        ("homes", "1.201", "12.01", "far_from_the_rest homes.csv 3 lon"),
        ("homes", "h1,1.2,49.7,1", "h1,1.2,49.7,1e10", "out_of_range homes.csv 2 people"),
        ("vehicles", ",60", ",3000000000", "out_of_range vehicles.csv 2 capacity"),
        (
            "vehicles",
            "capacity\nvan,Camion,garage,60",
            "capacity,setup\nvan,Camion,garage,60,25 h",
            "out_of_range vehicles.csv 2 setup",
        ),
        ("places", "30 min", f"{'9' * 400} min", "not_a_duration places.csv 2 dwell_min"),
        *(
            (
                "settings",
                "[[sources]]",
                f"[demand]\n{key} = {value}\n[[sources]]",
                f"out_of_range scenario.toml 25 demand.{key}",
            )
            for key, value in (
                ("families_most", "1001.0"),
                ("units_per_family", "inf"),
                ("base", '"25 h"'),
                ("per_family", '"25 h"'),
            )
        ),
        ("places", "30 min,2 h", "30 min,25 h", "out_of_range places.csv 2 dwell_max"),
        ("places", "2 h,2,no", "2 h,54,no", "out_of_range places.csv 2 every_weeks"),
        ("places", "hall,Salle", "hall;1,Salle", "id_not_usable places.csv 2 id"),
        ("settings", '"grocery"', '"a;b"', "id_not_usable scenario.toml 9 services.id"),
        (
            "settings",
            "alone = true",
            "alone = true\nneed = inf",
            "out_of_range scenario.toml 16 groups.need",
        ),
        ("settings", "800 m", "0.4 m", "out_of_range scenario.toml 16 groups.limits.walk"),
        ("maisons", "grocery,\n", "baskets,\n", "unknown_service maisons.csv 3 services"),
        ("maisons", "antenne", "hall", "id_in_two_files maisons.csv 3 id"),
        ("places", "room", "rooom", "not_one_of places.csv 2 kind"),
        ("places", "30 min,2 h", "3 h,2 h", "dwell_max_below_min places.csv 2 dwell_max"),
        ("crew", "van", "bus", "unknown_vehicle crew.csv 2 vehicle"),
        ("crew", "van", "bus", "vehicle_without_crew vehicles.csv 2 id"),
        ("crew", "grocery", "post", "unknown_service crew.csv 2 services"),
        ("crew", "Tu-Fr", "sometimes", "not_weekdays crew.csv 2 days"),
        ("crew", "08:30-17:00", "17:00-08:30", "ends_before_start crew.csv 2 shift"),
        ("timetable", "hall", "hal", "unknown_place timetable.csv 2 place"),
        ("timetable", "every 2 weeks", "now and then", "not_a_rhythm timetable.csv 2 rhythm"),
        (
            "settings",
            "[title]",
            'tz = "Europe/Pariis"\n[title]',
            "unknown_time_zone scenario.toml 2 tz",
        ),
        (
            "settings",
            "[title]",
            'roads = "r.osm"\n[title]',
            "missing_file scenario.toml 2 roads",
        ),
        (
            "settings",
            "[title]",
            "disclosure_homes = 0\n[title]",
            "out_of_range scenario.toml 2 disclosure_homes",
        ),
        ("settings", 'id = "small"\n', "", "missing_key scenario.toml None id"),
        ("settings", "[title]", "[titel]", "unknown_key scenario.toml 2 titel"),
        ("settings", "weeks = 2\n", "", "horizon_unclear scenario.toml 5 horizon"),
        ("settings", "2027-01-04", "2027-01-05", "not_a_monday scenario.toml 7 horizon.start"),
        ("settings", "weeks = 2", "weeks = 0", "out_of_range scenario.toml 6 horizon.weeks"),
        ("settings", "weeks = 2", 'weeks = "two"', "not_whole scenario.toml 6 horizon.weeks"),
        ("settings", "65_plus", "old", "not_one_of scenario.toml 13 groups.age"),
        ("settings", "car = false", "car = 0", "not_true_false scenario.toml 14 groups.car"),
        ("settings", "800 m", "far", "not_a_limit scenario.toml 16 groups.limits.walk"),
        ("settings", "walk", "swim", "unknown_limit_mode scenario.toml 16 groups.limits.swim"),
        (
            "settings",
            "Mo-Fr 09:00-17:00",
            "2nd Th 09:00-17:00",
            "not_weekly scenario.toml 17 groups.hours",
        ),
        *(
            ("settings", "Mo-Fr 09:00-17:00", hours, "not_weekly scenario.toml 17 groups.hours")
            for hours in (
                "Mo-Fr 09:00-12:00; PH off",
                "Mo-Fr 09:00-12:00 school term zone B",
                "Mo-Fr 09:00-12:00 until 2020-01-01",
                "Mo-Fr 09:00-12:00 except 2027-01-04",
                "every week from 2027-01-04 Mo-Fr 09:00-12:00",
            )
        ),
        (
            "timetable",
            "services\nhall,every 2 weeks from 2027-01-07 Th 14:00-16:00,grocery",
            "services,audience\nhall,Th 14:00-16:00,grocery,adult;strangers",
            "unknown_group timetable.csv 2 audience",
        ),
        (
            "timetable",
            "services\nhall,every 2 weeks from 2027-01-07 Th 14:00-16:00,grocery",
            "services,capacity\nhall,Th 14:00-16:00,grocery,3000000000",
            "out_of_range timetable.csv 2 capacity",
        ),
        ("settings", '"adult"', '"frail"', "duplicate_id scenario.toml 19 groups.id"),
        ("settings", '"assumed"', '"guessed"', "not_one_of scenario.toml 26 sources.standing"),
        ("settings", 'fr = "Petit"', "fr = 3", "not_a_text scenario.toml 4 title.fr"),
        ("settings", "[[services]]", "[[servces]]", "unknown_key scenario.toml 8 servces"),
        ("settings", "weeks = 2", "weeks = ", "not_toml scenario.toml 6"),
    ],
)
def test_one_fault_and_its_place(
    tmp_path: Path, file: str, old: str, new: str, expected: str
) -> None:
    """Expected: code, file, row and column of the fault that the change makes."""
    found = faults_of(tmp_path, changed(file, old, new))
    assert expected in [" ".join(map(str, fault)).strip() for fault in found]


def test_a_sound_folder_has_no_fault(tmp_path: Path) -> None:
    assert Scenario.check(write_folder(tmp_path)) == ()


def test_a_missing_file_is_one_fault_however_many_rows_refer_to_it(tmp_path: Path) -> None:
    files = dict(SMALL)
    del files["vehicles.csv"]
    assert faults_of(tmp_path, files) == [("missing_file", "vehicles.csv", None, "")]


def test_a_fault_in_one_group_does_not_make_its_homes_strangers(tmp_path: Path) -> None:
    files = changed("settings", "800 m", "far")
    assert [code for code, *_ in faults_of(tmp_path, files)] == ["not_a_limit"]


def test_settings_that_are_no_toml_do_not_hide_the_faults_of_tables(tmp_path: Path) -> None:
    files = {**changed("homes", "h2", "h1"), "scenario.toml": b"id = \xff\n"}
    codes = [code for code, *_ in faults_of(tmp_path, files)]
    assert codes == ["undecodable_bytes", "duplicate_id"]


def test_a_missing_id_of_the_scenario_does_not_hide_unknown_groups(tmp_path: Path) -> None:
    files = {**changed("homes", "frail", "frial"), "scenario.toml": SETTINGS[13:]}
    assert faults_of(tmp_path, files) == [
        ("missing_key", "scenario.toml", None, "id"),
        ("unknown_group", "homes.csv", 2, "group"),
    ]


def test_a_folder_without_homes(tmp_path: Path) -> None:
    files = {**SMALL, "homes.csv": "id,lon,lat,people,group\n"}
    assert faults_of(tmp_path, files) == [("no_homes", "homes.csv", None, "")]


def test_an_unknown_name_lists_the_known_ones() -> None:
    (fault,) = Scenario.check("no_such_scenario")
    assert isinstance(fault, Fault)
    assert fault.details["known"] == "bellencombre, rurali_indre"
    assert "bellencombre" in fault.text("fr")


@pytest.mark.parametrize("wrong", ["homes", "places", "both", "all"])
def test_exchanged_coordinates_are_found_whatever_the_file(tmp_path: Path, wrong: str) -> None:
    """Also where every row of a file, or of all files, is exchanged."""

    def exchanged(name: str) -> str:
        header, *rows = SMALL[name].splitlines()
        lon = header.split(",").index("lon")
        out = [header]
        for row in rows:
            cells = row.split(",")
            cells[lon], cells[lon + 1] = cells[lon + 1], cells[lon]
            out.append(",".join(cells))
        return "\n".join(out) + "\n"

    names = {
        "homes": ["homes.csv"],
        "places": ["places.csv"],
        "both": ["homes.csv", "places.csv"],
        "all": ["communes.csv", "homes.csv", "places.csv", "maisons.csv"],
    }[wrong]
    files = {**SMALL, **{name: exchanged(name) for name in names}}
    found = faults_of(tmp_path, files)
    expected = {
        ("swapped_lon_lat", name, row, "lon")
        for name in names
        for row in range(2, len(SMALL[name].splitlines()) + 1)
    }
    assert set(found) == expected
