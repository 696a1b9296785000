"""All that is handed out of one real plan, together, seen by someone who looks for homes."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache

import numpy as np
import pytest

from msap_mobility.coverage import Changes, Comparison, coarsen, compare
from msap_mobility.formats import geojson, ical
from msap_mobility.report import exports, page, told_comparison, write_report
from msap_mobility.scenario import Scenario
from msap_mobility.tours.presences import presences
from msap_mobility.tours.reasons import left_out_homes
from msap_mobility.tours.tour import TourPlan

THRESHOLD = 11
PUBLIC = ("report.html", "timetable.csv", "tour.geojson", "tour.ics", "plan.json", "coverage.json")
PRIVATE = "private/unserved_homes.csv"
RUN = {"seconds": 1.5, "machine": "any", "date": "2027-01-04T08:00:00+01:00"}


@cache
def told():
    scenario = Scenario.load("bellencombre")
    plan = scenario.plan_tour(budget="300 it")
    before, after = scenario.without_tour().coverage(), scenario.coverage(plan)
    return scenario, plan, before, after


@cache
def files() -> dict[str, str]:
    scenario, plan, before, after = told()
    made = exports(scenario, plan, told_comparison(scenario, plan, before, after), run=RUN)
    return {
        name: content.decode() if isinstance(content, bytes) else content
        for name, content in made.items()
    }


def test_the_files_are_those_promised():
    assert set(files()) == {*PUBLIC, PRIVATE}
    assert all(content.endswith("\n") for content in files().values())


def test_only_run_differs_between_two_writings():
    scenario, plan, before, after = told()
    comparison = told_comparison(scenario, plan, before, after)
    again = exports(scenario, plan, comparison, run={"seconds": 9.0})
    for name, content in files().items():
        same = again[name].decode() if isinstance(again[name], bytes) else again[name]
        if name == "plan.json":
            assert json.loads(same)["plan"] == json.loads(content)["plan"]
        else:
            assert same == content


# -- attack: find a home ------------------------------------------------------------------------


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w.-]+", text))


@pytest.mark.parametrize("name", PUBLIC)
def test_no_public_file_names_a_home(name):
    assert not words(files()[name]) & set(told()[0].homes.ids.tolist())


def test_the_attack_finds_homes_where_there_are_some():
    assert words(files()[PRIVATE]) & set(told()[0].homes.ids.tolist())


NUMBER = r"(-?\d{1,3}\.\d+)"


def positions(text: str) -> set[tuple[float, float]]:
    """All (lon, lat) pairs: of JSON arrays, and of calendars, which write the latitude first."""
    arrays = re.findall(rf"\[{NUMBER},\s*{NUMBER}\]", text)
    events = [(lon, lat) for lat, lon in re.findall(rf"GEO:{NUMBER};{NUMBER}", text)]
    return {(round(float(lon), 5), round(float(lat), 5)) for lon, lat in (*arrays, *events)}


@pytest.mark.parametrize("name", PUBLIC)
def test_no_public_file_holds_the_point_of_a_home(name):
    scenario = told()[0]
    public = points((*scenario.places, *scenario.communes))
    homes = set(zip(scenario.homes.lon.round(5), scenario.homes.lat.round(5), strict=True))
    found = positions(files()[name])
    assert not found & (homes - public)
    if name in {"report.html", "tour.geojson", "tour.ics"}:
        assert found & public, "the attack reads the points that are there"


def points(places) -> set[tuple[float, float]]:
    return {(round(place.lon, 5), round(place.lat, 5)) for place in places}


def _cells():
    return coarsen(told()[0].homes).cells


# -- attack: count a few households -------------------------------------------------------------


def households(mask: np.ndarray) -> int:
    return len(np.unique(told()[0].homes.ids[mask]))


def members(row) -> np.ndarray:
    """Which homes a published row holds."""
    homes = told()[0].homes
    by = {
        "age": np.array([group.age for group in homes.groups]),
        "car": np.array(["yes" if group.car else "no" for group in homes.groups]),
        "alone": np.array(["yes" if group.alone else "no" for group in homes.groups]),
        "group": np.array([group.id for group in homes.groups]),
    }
    if row.dimension == "all":
        return np.ones(len(homes), dtype=bool)
    if row.dimension == "commune":
        return np.isin(np.array(homes.communes)[homes.commune], row.keys)
    return np.isin(by[row.dimension][homes.group], row.keys)


def comparison() -> Comparison:
    return Comparison.from_dict(json.loads(files()["coverage.json"])["comparison"])


def telling_rows(published: Comparison) -> list[tuple[str, ...]]:
    """Exact rows in which a class holds some households, and fewer than the threshold."""
    _, _, before, after = told()
    changes = Changes(before=before.low, after=after.low)
    classes = [changes.gained, changes.lost, changes.kept, ~after.low.reached]
    classes += [changes.wait == sign for sign in (-1, 0, 1)]
    return [
        (row.dimension, *row.keys)
        for row in published.rows
        if row.step == 0
        for told_class in classes
        if 0 < households(members(row) & told_class) < THRESHOLD
    ]


def test_no_row_of_the_comparison_tells_of_a_few_households():
    assert telling_rows(comparison()) == []


def test_the_page_tells_of_every_group_and_marks_what_is_rounded():
    table = re.search(r'<table id="by-group">.*?</table>', files()["report.html"], re.DOTALL)[0]
    heads = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', table)
    assert "65 ans et plus, sans voiture, vivant seuls" in heads
    assert len(heads) == 1 + 2 + 2 + 2 + 5
    marked = [row for row in table.split("<tr>") if "≈" in row]
    assert len(marked) == sum(row.step > 0 for row in comparison().rows) > 0
    assert files()["report.html"].count("≈ : valeur arrondie") == 1


def test_without_the_threshold_the_attack_would_find_some():
    _, _, before, after = told()
    assert telling_rows(compare(before, after, threshold=1))


def test_no_row_of_the_left_out_tells_of_a_few_households():
    for row in told()[1].unserved:
        assert row.homes == 0 or row.homes >= THRESHOLD


def betrayed(published: Comparison) -> list[tuple[str, ...]]:
    """Rows by commune whose difference from the plan's left-out tells of a few households.

    Those are the homes the tour leaves out and a maison reaches, where all communes of the row
    stand alone among the left-out.
    """
    scenario, plan, _, after = told()
    problem = scenario.problem()
    number = {stop.place.id: index for index, stop in enumerate(problem.stops)}
    by_tour = problem.homes_reached([number[place] for place in plan.places])
    alone = {row.commune for row in plan.unserved}
    return [
        row.keys
        for row in published.by("commune")
        if set(row.keys) <= alone
        and 0 < households(members(row) & ~by_tour & after.low.reached) < THRESHOLD
    ]


def test_the_left_out_and_the_coverage_do_not_betray_one_another():
    assert betrayed(comparison()) == []


def test_every_cell_of_the_map_holds_enough_homes():
    data = json.loads(re.search(r'id="map-data">(.*?)</script>', files()["report.html"])[1])
    squares = data["style"]["sources"]["cells"]["data"]["features"]
    assert len(squares) == sum(len(cell.rings) for cell in _cells())
    assert all(feature["properties"] == {} for feature in squares)


# -- the files agree ----------------------------------------------------------------------------


def test_the_saved_plan_and_comparison_come_back():
    saved = json.loads(files()["plan.json"])
    assert (saved["schema"], saved["run"]) == ("msap.plan/1", RUN)
    assert TourPlan.from_dict(saved["plan"]) == told()[1]
    assert json.loads(files()["coverage.json"])["schema"] == "msap.comparison/1"
    assert comparison().threshold == THRESHOLD


def test_timetable_calendar_and_plan_tell_the_same_openings():
    scenario, plan, _, _ = told()
    wanted = [(opening.place, opening.rhythm.text()) for opening in presences(plan, scenario.stops)]
    rows = csv.DictReader(io.StringIO(files()["timetable.csv"]))
    assert [(row["place"], row["rhythm"]) for row in rows] == wanted
    events = ical.read(files()["tour.ics"].encode())
    names = {place.id: place.name for place in scenario.places}
    assert sorted(event.location for event in events) == sorted(names[id_] for id_, _ in wanted)
    assert len({event.uid for event in events}) == len(wanted)


def test_the_layer_has_circuits_stops_and_communes():
    scenario, plan, _, _ = told()
    features = geojson.read(files()["tour.geojson"])
    kinds = {feature.properties["kind"] for feature in features}
    assert kinds == {"commune", "circuit", "stop", "maison", "depot"}
    stops = {
        f.properties["place"]: f.properties for f in features if f.properties["kind"] == "stop"
    }
    assert set(stops) == set(plan.places)
    opens = {
        (day, place, call["opens"])
        for place, told_of in stops.items()
        for call in told_of["calls"]
        for day in call["days"]
        if call["opens"]
    }
    planned = {
        (tour.day, visit.place, f"{visit.open_s // 3600:02d}:{visit.open_s // 60 % 60:02d}")
        for tour in plan.rounds
        for visit in tour.visits
        if visit.place != "food_bank"
    }
    assert opens == planned
    assert {f.properties["code"] for f in features if f.properties["kind"] == "commune"} == {
        commune.insee for commune in scenario.communes if commune.homes
    }


def test_the_private_list_has_every_home_left_out():
    scenario, plan, _, _ = told()
    rows = list(csv.DictReader(io.StringIO(files()[PRIVATE])))
    assert [row["home"] for row in rows] == [
        home for home, _ in left_out_homes(plan, scenario.problem())
    ]
    assert all(row["why"] for row in rows)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_report_is_written_whole_in_both_languages(tmp_path, lang):
    scenario, plan, before, after = told()
    path = tmp_path / "deep" / "report.html"
    write_report(path, scenario, plan, before, after, lang=lang)
    text = path.read_bytes().decode()
    assert text == page(scenario, plan, before, after, lang=lang)
    assert f'<html lang="{lang}">' in text
    assert [file.name for file in path.parent.iterdir()] == ["report.html"]
