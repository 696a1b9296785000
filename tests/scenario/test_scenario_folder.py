"""A folder and a scenario are one thing in two forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.calendar import Cycle, Hours, Rhythm, Span
from msap_mobility.errors import InputError
from msap_mobility.model import (
    Crew,
    Group,
    Home,
    Homes,
    Limit,
    Maison,
    Place,
    Presence,
    Service,
    Stop,
    Vehicle,
)
from msap_mobility.provenance import Source
from msap_mobility.scenario import Commune, Scenario, bundled_names
from msap_mobility.scenario.saving import files_of
from msap_mobility.scenario.schema import read_rhythms, write_rhythms
from msap_mobility.tours.demand import Demand
from tests.scenario.folders import SMALL, bundled, write_folder

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), exclude_characters=";")
words = st.text(LETTERS, min_size=1, max_size=8)  # ids: a semicolon parts those of a list
names = st.text("aé'=-+@\",; x\n", max_size=8).map(str.strip).filter(bool)
lons, lats = st.floats(1.0, 1.5), st.floats(49.5, 50.0)
minutes = st.integers(0, 300).map(lambda number: 60 * number)
rhythms = st.sampled_from(
    [
        "Mo-Fr 09:00-12:00,14:00-17:00",
        "2nd Th 13:30-16:30",
        "every 2 weeks from 2027-01-05 Tu 09:30-11:00",
        "odd weeks We 10:00-12:00",
        "last day 09:00-12:00 not on public holidays",
        "Tu 09:00-12:00 school term zone B",
        "Th 08:00-09:00",
    ]
).map(Rhythm.of)
weekly = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([Hours(32400, 43200), Hours(50400, 61200)])),
    unique=True,
).map(lambda pairs: tuple(sorted(pairs)))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A small scenario with every kind of thing in it, or with next to nothing."""
    ids = draw(st.lists(words, min_size=12, max_size=12, unique=True))
    service, group, insee = ids[:3]
    points = [Place(id=name, name=draw(names), lon=draw(lons), lat=draw(lats)) for name in ids[3:7]]
    groups = (
        Group(
            id=group,
            age=draw(st.sampled_from(["under_65", "65_plus"])),
            car=draw(st.booleans()),
            alone=draw(st.booleans()),
            limits=draw(
                st.sampled_from(
                    [
                        (),
                        (Limit(mode="walk", max_m=800),),
                        (Limit(mode="car", max_s=90, max_m=9000),),
                        (Limit(mode="car", max_s=3601.0, max_m=1), Limit(mode="walk", max_m=2e5)),
                    ]
                )
            ),
            hours=draw(weekly),
            need=draw(st.floats(0.1, 9)),
        ),
    )
    homes = [
        Home(
            id=name,
            lon=draw(lons),
            lat=draw(lats),
            people=draw(st.floats(0, 1e6)),
            group=group,
            commune=draw(st.sampled_from(["", insee])),
        )
        for name in draw(st.lists(words, min_size=1, max_size=4, unique=True))
    ]
    stop = Stop(
        place=points[0],
        kind=draw(st.sampled_from(["parked", "doorstep", "room", "supply"])),
        hours=draw(st.none() | st.lists(rhythms, min_size=1, max_size=3, unique=True).map(tuple)),
        dwell_min_s=draw(minutes),
        dwell_max_s=18000,
        every_weeks=draw(st.integers(1, 53)),
        must=draw(st.booleans()),
    )
    maison = Maison(
        place=points[1], services=(service,), hours=draw(st.none() | st.tuples(rhythms))
    )
    crew = Crew(
        id=ids[8],
        name=draw(names),
        vehicle=ids[7],
        services=(service,),
        weekdays=draw(st.lists(st.integers(0, 6), min_size=1, unique=True).map(sorted).map(tuple)),
        lunch_s=draw(st.sampled_from([0, 1800, 2701])),
    )
    vehicle = Vehicle(
        id=ids[7],
        name=draw(names),
        depot=draw(st.sampled_from(points)).id,
        capacity=draw(st.integers(1, 99)),
        setup_s=draw(minutes),
    )
    full: dict[str, Any] = {
        "communes": (
            Commune(
                insee=insee,
                name=draw(names),
                lon=1.2,
                lat=49.7,
                population=draw(st.integers(0, 10**6)),
                area_km2=draw(st.none() | st.floats(0.1, 99)),
                homes=draw(st.booleans()),
            ),
        ),
        "stops": (stop,),
        "maisons": (maison,),
        "depots": (points[2], points[3]),
        "vehicles": (vehicle,),
        "crews": (crew,),
        "tour": tuple(
            Presence(
                place=points[0].id,
                services=(service,),
                rhythm=rhythm,
                channel="tour",
                certain=draw(st.booleans()),
                source=draw(st.just("") | words),
                capacity=draw(st.none() | st.integers(0, 10**6)),
                notice_s=draw(st.integers(0, 10**6)),
                audience=draw(st.sampled_from([(), (group,)])),
            )
            for rhythm in draw(st.lists(rhythms, max_size=2))
        ),
    }
    return Scenario(
        id=draw(words),
        title={"en": draw(names), "fr": draw(names)},
        horizon=draw(
            st.sampled_from(
                [
                    Cycle(weeks=2),
                    Cycle(weeks=4, start=date(2026, 12, 28), tz="Europe/Vaduz"),
                    Span(first=date(2024, 1, 1), last=date(2024, 12, 31)),
                ]
            )
        ),
        services=(Service(id=service, name=draw(names), operator=draw(st.just("") | names)),),
        homes=Homes.of(homes, groups=groups),
        demand=Demand(base_s=draw(minutes), participation=draw(st.floats(0, 1))),
        disclosure_homes=draw(st.integers(1, 99)),
        sources=(Source.of(name=draw(names), standing="assumed", note=draw(st.text(max_size=9))),),
        **(full if draw(st.booleans()) else {}),
    )


@settings(max_examples=40, deadline=None)
@given(scenarios())
def test_what_is_saved_is_loaded_again(scenario: Scenario) -> None:
    with TemporaryDirectory() as folder:
        scenario.save(folder)
        again = Scenario.load(folder)
    for field in (
        *("id", "title", "horizon", "services", "groups", "communes", "stops", "depots"),
        *("maisons", "vehicles", "crews", "tour", "demand", "disclosure_homes", "sources"),
    ):
        assert getattr(again, field) == getattr(scenario, field), field
    assert files_of(again) == files_of(scenario)
    assert again.inputs_hash == scenario.inputs_hash


@pytest.mark.parametrize("name", bundled_names())
def test_a_bundled_example_is_saved_and_loaded_again(name: str, tmp_path: Path) -> None:
    scenario = bundled(name)
    scenario.save(tmp_path)
    again = Scenario.load(tmp_path)
    assert files_of(again) == files_of(scenario)
    assert again.inputs_hash == scenario.inputs_hash


def test_the_hash_is_of_the_inputs_not_of_how_they_are_written(tmp_path: Path) -> None:
    plain = Scenario.load(write_folder(tmp_path / "a"))
    dressed = {
        **{name: "\ufeff" + text.replace("\n", "\r\n") for name, text in SMALL.items()},
        "scenario.toml": "# a remark\n" + SMALL["scenario.toml"],
        "vehicles.csv": "# mine,capacity,depot,name,id\nold,60,garage,Camion,van\n",
    }
    assert Scenario.load(write_folder(tmp_path / "b", dressed)).inputs_hash == plain.inputs_hash
    assert replace(plain, disclosure_homes=12).inputs_hash != plain.inputs_hash
    assert plain.without_tour().inputs_hash != plain.inputs_hash


@pytest.mark.parametrize(
    "change",
    [{"capacity": 1}, {"notice_s": 86_400}, {"audience": ("frail",)}, {"source": "other"}],
)
def test_whatever_a_tour_says_counts_in_the_hash_and_is_saved(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    plain = Scenario.load(write_folder(tmp_path / "a"))
    other = plain.with_tour([replace(presence, **change) for presence in plain.tour])
    assert other.inputs_hash != plain.inputs_hash
    other.save(tmp_path / "b")
    assert Scenario.load(tmp_path / "b").tour == other.tour
    assert Scenario.load(tmp_path / "b").inputs_hash == other.inputs_hash


def test_the_groups_of_a_scenario_are_those_of_its_homes(tmp_path: Path) -> None:
    plain = Scenario.load(write_folder(tmp_path))
    assert [group.id for group in plain.groups] == ["frail", "adult"]
    dearer = tuple(replace(group, need=2.0) for group in plain.groups)
    other = replace(plain, homes=replace(plain.homes, groups=dearer))
    assert other.inputs_hash != plain.inputs_hash
    assert other.problem().need.sum() == 2 * plain.problem().need.sum()
    with pytest.raises(TypeError):
        replace(plain, groups=dearer)  # type: ignore[call-arg]


def test_only_the_presences_of_a_tour_are_a_tour(tmp_path: Path) -> None:
    plain = Scenario.load(write_folder(tmp_path))
    doors = tuple(replace(presence, channel="hub") for presence in plain.tour)
    assert plain.with_tour(doors).tour == plain.tour
    with pytest.raises(InputError) as caught:
        replace(plain, tour=doors)
    assert [fault.code for fault in caught.value.faults] == ["not_of_a_tour"]
    assert caught.value.faults[0].text("fr")


def test_the_hash_of_a_road_network_counts(tmp_path: Path) -> None:
    text = SMALL["scenario.toml"].replace("[title]", 'roads = "r.osm"\n[title]', 1)
    hashes = {
        Scenario.load(
            write_folder(tmp_path / network, {**SMALL, "scenario.toml": text, "r.osm": network})
        ).inputs_hash
        for network in ("a", "b")
    }
    assert len(hashes) == 2


def test_new_writes_a_folder_with_its_homes_and_overwrites_nothing(tmp_path: Path) -> None:
    made = Scenario.new(tmp_path / "mine", template="rurali_indre")
    assert made.inputs_hash == bundled("rurali_indre").inputs_hash
    assert (tmp_path / "mine" / "homes.csv").read_text(encoding="utf-8").count("\n") == 9774
    assert "# " in (tmp_path / "mine" / "scenario.toml").read_text(encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Scenario.new(tmp_path / "mine")
    assert [fault.code for fault in caught.value.faults] == ["folder_not_empty"]


def test_a_folder_comes_before_a_bundled_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "bellencombre")
    monkeypatch.chdir(tmp_path)
    assert Scenario.load("bellencombre").id == "small"


def test_a_folder_that_is_no_scenario_does_not_hide_a_bundled_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bellencombre").mkdir()
    monkeypatch.chdir(tmp_path)
    assert len(Scenario.load("bellencombre").communes) == 47
    (tmp_path / "mine").mkdir()
    assert {fault.code for fault in Scenario.check("mine")} == {"missing_file"}


def test_saving_over_a_folder_leaves_nothing_of_the_old_one(tmp_path: Path) -> None:
    scenario = Scenario.load(write_folder(tmp_path)).without_tour()
    scenario.save(tmp_path)
    again = Scenario.load(tmp_path)
    assert again.tour == ()
    assert again.inputs_hash == scenario.inputs_hash


def test_empty_cells_take_the_documented_defaults(tmp_path: Path) -> None:
    scenario = Scenario.load(write_folder(tmp_path))
    square = scenario.stops[1]
    assert (square.hours, square.dwell_min_s, square.dwell_max_s) == (None, 1800, 10800)
    assert (square.every_weeks, square.must, square.kind) == (1, True, "parked")
    assert [place.id for place in scenario.depots] == ["garage"]
    assert scenario.maisons[1].hours is None
    assert scenario.crews[0].lunch_s == 2700
    assert scenario.demand == Demand()


def test_homes_that_are_given_win_over_the_rule_that_makes_them_up(tmp_path: Path) -> None:
    rule = '[synthetic]\nshares = [{group = "adult", share = 1.0, household = 2.0}]\n'
    both = {**SMALL, "scenario.toml": SMALL["scenario.toml"] + rule}
    assert len(Scenario.load(write_folder(tmp_path / "a", both)).homes) == 4
    del both["homes.csv"]
    made_up = Scenario.load(write_folder(tmp_path / "b", both)).homes
    assert (len(made_up), made_up.total) == (250, 500)


def test_homes_are_not_made_up_for_communes_without_an_area(tmp_path: Path) -> None:
    rule = '[synthetic]\nshares = [{group = "stranger", share = 0.5, household = 2.0}]\n'
    files = {**SMALL, "scenario.toml": SMALL["scenario.toml"] + rule}
    files["communes.csv"] = "insee,name,lon,lat,population\n00001,Alpha,1.2,49.7,500\n"
    del files["homes.csv"]
    codes = {fault.code for fault in Scenario.check(write_folder(tmp_path, files))}
    assert codes == {"shares_not_whole"}
    files["scenario.toml"] = files["scenario.toml"].replace("0.5", "1.0")
    codes = {fault.code for fault in Scenario.check(write_folder(tmp_path, files))}
    assert codes == {"unknown_group", "commune_without_area"}


def test_hours_that_add_to_one_another_are_not_read_as_replacing() -> None:
    """In OpenStreetMap's notation the Thursday hour would replace the others of that day."""
    every_day = Rhythm.of("Mo-Fr 09:00-12:00,14:00-17:00")
    early = Rhythm.of("Th 08:00-09:00")
    assert read_rhythms(write_rhythms((every_day, early))) == (every_day, early)
