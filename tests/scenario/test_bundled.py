"""The bundled examples: facts as published, assumptions told as such, and no machine's path."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from typing import TYPE_CHECKING

import pytest

from msap_mobility.calendar import Cycle, LastDay, MonthlyWeekday, Span
from msap_mobility.scenario import Scenario, bundled_names
from msap_mobility.scenario.folder import find_folder
from tests.real_data import real_data
from tests.scenario.folders import bundled

if TYPE_CHECKING:
    from pathlib import Path

ASSUMED_OF = {
    "bellencombre": (
        *("homes", "shares of the groups", "on foot", "by car", "hours when", "candidate stops"),
        *("longueville-sur-scie", "food bank", "the van", "the crew", "demand", "revisit"),
    ),
    "rurali_indre": (
        *("hours of the bus", "public holidays", "where the bus stops", "homes"),
        *("shares of the groups", "on foot", "by car", "hours when"),
    ),
}


@pytest.mark.parametrize("name", bundled_names())
def test_every_assumption_is_told_as_one(name: str) -> None:
    """One label for each input that no source gives; a new one needs its line here and there."""
    scenario = bundled(name)
    assumed = [row.name.en.lower() for row in scenario.sources if row.standing == "assumed"]
    assert [
        topic for topic in ASSUMED_OF[name] if not any(topic in label for label in assumed)
    ] == []
    assert len(assumed) == len(ASSUMED_OF[name])


@pytest.mark.parametrize("name", bundled_names())
def test_every_fact_names_its_origin_and_date(name: str) -> None:
    for row in bundled(name).sources:
        if row.standing == "observed":
            assert row.origin
            assert row.date


@pytest.mark.parametrize("name", bundled_names())
def test_an_example_is_an_ordinary_folder_without_homes_of_real_people(name: str) -> None:
    folder = find_folder(name)
    files = {entry.name for entry in folder.iterdir()}
    assert "homes.csv" not in files
    assert {"README.md", "scenario.toml", "communes.csv"} <= files
    assert Scenario.check(name) == ()


def test_bellencombre_is_the_territory_and_the_fleet_it_says() -> None:
    scenario = bundled("bellencombre")
    assert sum(commune.homes for commune in scenario.communes) == 46
    assert scenario.homes.total == 24_737
    assert scenario.horizon == Cycle(weeks=2, start=date(2027, 1, 4))
    assert [van.capacity for van in scenario.vehicles] == [60]
    assert scenario.crews[0].weekdays == (1, 2, 3, 4)
    must = {stop.place.name: stop for stop in scenario.stops if stop.must}
    assert must["Longueville-sur-Scie"].hours is not None
    assert [rhythm.text() for rhythm in must["Longueville-sur-Scie"].hours] == ["Th 13:30-16:30"]
    assert (must["Banque alimentaire"].kind, must["Banque alimentaire"].every_weeks) == (
        "supply",
        1,
    )


def test_rurali_indre_is_a_given_tour_of_uncertain_hours() -> None:
    scenario = bundled("rurali_indre")
    assert scenario.horizon == Span(first=date(2027, 1, 1), last=date(2027, 12, 31))
    assert len(scenario.tour) == 20
    assert not any(presence.certain for presence in scenario.tour)
    assert {presence.rhythm.public_holidays for presence in scenario.tour} == {"skip"}


def rows_of(path: Path) -> list[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", bundled_names())
def test_communes_are_those_of_the_published_list(name: str) -> None:
    real = {row["insee"]: row for row in rows_of(real_data("communes/communes_fr.csv.gz"))}
    for commune in bundled(name).communes:
        fact = real[commune.insee]
        assert (commune.name, str(commune.population)) == (fact["name"], fact["population"])
        assert (commune.lon, commune.lat) == (float(fact["lon"]), float(fact["lat"]))
        assert commune.area_km2 == float(fact["area_km2"])
        if name == "bellencombre":
            assert commune.homes == (fact["epci"] == "200070068")


def test_the_tour_is_the_published_one() -> None:
    real = [
        row
        for row in rows_of(real_data("france_services/itinerant_tours.csv"))
        if row["tour"] == "2394"
    ]
    scenario = bundled("rurali_indre")
    told = {}
    for presence in scenario.tour:
        rule = presence.rhythm.rule
        if isinstance(rule, MonthlyWeekday):
            told[presence.place] = (f"w{rule.nth[0]}", str(rule.weekday + 1))
        elif isinstance(rule, LastDay):
            told[presence.place] = ("last", "")
    assert told == {f"stop_{row['insee']}": (row["week"], row["weekday"]) for row in real}


@pytest.mark.parametrize("name", bundled_names())
def test_maisons_open_as_published(name: str) -> None:
    real = {
        row["lib_fs"]: row
        for row in rows_of(real_data("france_services/france_services_2024.csv.gz"))
    }
    columns = ("h_lundi", "h_mardi", "h_mercredi", "h_jeudi", "h_vendredi", "h_samedi")
    for maison in bundled(name).maisons:
        published = real[maison.place.name]
        for weekday, column in enumerate(columns):
            open_hours = sorted(
                hours.text()
                for rhythm in maison.hours or ()
                if weekday in rhythm.rule.weekdays  # type: ignore[union-attr] - weekly rules only
                for hours in rhythm.hours
            )
            cells = published[column].replace(" ", "")
            assert open_hours == [cell for cell in cells.split("/") if cell], maison.place.name
