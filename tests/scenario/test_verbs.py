"""The verbs of a scenario pass its parts on, and a tour goes out to a file and comes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from msap_mobility.calendar import Cycle
from msap_mobility.coverage import compare
from msap_mobility.errors import InputError
from msap_mobility.model import Points
from msap_mobility.scenario import (
    Scenario,
    bundled_names,
    read_saved_plan,
    read_tour,
    write_timetable,
)
from msap_mobility.tours.tour import TourPlan
from tests.real_data import real_data
from tests.scenario.folders import SMALL, bundled, changed, write_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def small(tmp_path: Path) -> Scenario:
    return Scenario.load(write_folder(tmp_path / "small"))


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, TourPlan]:
    scenario = Scenario.load(write_folder(tmp_path_factory.mktemp("planned")))
    return scenario, scenario.plan_tour(budget="50 it", seed=3)


def test_a_plan_holds_repeats_itself_and_reaches_more(planned: tuple[Scenario, TourPlan]) -> None:
    scenario, plan = planned
    assert scenario.check_plan(plan) == ()
    assert scenario.plan_tour(budget="50 it", seed=3).to_dict() == plan.to_dict()
    assert plan.provenance.inputs_hash == scenario.inputs_hash
    assert set(scenario.sources) <= set(plan.provenance.sources)
    before, after = scenario.without_tour().coverage(), scenario.coverage(plan)
    assert after.low.reached.sum() >= before.low.reached.sum()
    assert compare(before, after, threshold=1).total.people == scenario.homes.total


def test_a_plan_becomes_the_given_tour(planned: tuple[Scenario, TourPlan]) -> None:
    scenario, plan = planned
    touring = scenario.with_tour(plan)
    assert {presence.place for presence in touring.tour} == set(plan.places)
    assert touring.inputs_hash != scenario.inputs_hash
    assert np.array_equal(touring.coverage().low.reached, scenario.coverage(plan).low.reached)


def test_a_timetable_goes_out_and_comes_back(
    planned: tuple[Scenario, TourPlan], tmp_path: Path
) -> None:
    scenario, plan = planned
    tour = scenario.with_tour(plan).tour
    file = tmp_path / "timetable.csv"
    file.write_text(write_timetable(tour, scenario), encoding="utf-8")
    assert read_tour(file, scenario) == tour
    again = Scenario.load(
        write_folder(tmp_path / "again", {**SMALL, "timetable.csv": file.read_bytes()})
    )
    assert again.tour == tour


def test_a_saved_plan_is_read_back(planned: tuple[Scenario, TourPlan], tmp_path: Path) -> None:
    scenario, plan = planned
    file = tmp_path / "plan.json"
    saved = {"schema": "msap.plan/1", "plan": plan.to_dict(), "run": {"scenario": "here"}}
    file.write_text(json.dumps(saved), encoding="utf-8")
    assert read_saved_plan(file).scenario == "here"
    assert read_tour(file, scenario) == plan


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("plan.json", "", "not_a_plan"),
        ("plan.json", '{"schema": "msap.plan/1"}', "not_a_plan"),
        ("plan.json", '{"schema": "msap.coverage/1", "plan": {}}', "not_a_plan"),
        ("plan.json", '{"schema": "msap.plan/1", "plan": {"cycle": 3}}', "not_a_plan"),
        ("plan.json", "[1, 2]", "not_a_plan"),
        ("t.csv", "place,rhythm,services\nnowhere,Tu 9:00-12:00,grocery\n", "unknown_place"),
        ("t.csv", "place,rhythm,services\nhall,Tu 9:00-12:00,baskets\n", "unknown_service"),
        ("t.csv", "place,rhythm,services\nhall,sometimes,grocery\n", "not_a_rhythm"),
        ("t.csv", "place,rhythm,services,audience\nhall,Tu 9h-12h,grocery,x\n", "unknown_group"),
        ("t.csv", "place,rhythm,services,capacity\nhall,Tu 9h-12h,grocery,1e9\n", "out_of_range"),
        ("t.csv", None, "missing_tour"),
        ("plan.json", None, "missing_tour"),
    ],
)
def test_a_tour_that_cannot_be_read(
    small: Scenario, tmp_path: Path, name: str, content: str | None, code: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_tour(file, small)
    assert [fault.code for fault in caught.value.faults] == [code]
    assert caught.value.faults[0].file == name
    assert caught.value.faults[0].text("fr")


def test_unknown_hours_stay_unknown_and_are_told(small: Scenario) -> None:
    timetable = small.timetable()
    names = [place.id for place in timetable.places]
    uncertain = {names[number] for number in timetable.place[~timetable.certain]}
    assert uncertain == {"antenne"}
    told = [source for source in small.coverage().provenance.sources if "Antenne" in source.note.en]
    assert [source.standing for source in told] == ["assumed"]
    known = small.coverage().low.reached.sum()
    assert small.coverage().high.reached.sum() >= known


def test_a_timetable_lists_only_places_where_something_opens(small: Scenario) -> None:
    assert [place.id for place in small.timetable().places] == ["centre", "antenne", "hall"]
    without = small.without_tour().timetable()
    assert [place.id for place in without.places] == ["centre", "antenne"]


def test_modes_that_no_group_uses_cost_nothing(tmp_path: Path) -> None:
    files = changed("settings", 'limits = { walk = "2 km", car = "10 min" }', "limits = {}")
    scenario = Scenario.load(write_folder(tmp_path, files))
    assert [mode.id for mode in scenario.problem().modes] == ["walk"]


def test_a_span_of_dates_cannot_be_planned() -> None:
    with pytest.raises(InputError) as caught:
        bundled("rurali_indre").problem()
    assert [fault.code for fault in caught.value.faults] == ["no_cycle"]


def test_places_are_found_by_id(small: Scenario) -> None:
    assert small.place("garage").name == "Garage"
    assert small.place("centre").name == "Centre"
    with pytest.raises(InputError):
        small.place("nowhere")


@pytest.mark.parametrize("name", bundled_names())
def test_the_bundled_examples_are_measured(name: str) -> None:
    scenario = bundled(name)
    coverage = scenario.coverage()
    assert 0 < coverage.low.reached.sum() < len(scenario.homes)
    assert coverage.certain == (name == "bellencombre")


def test_the_bellencombre_problem_is_on_a_cycle_and_can_be_planned() -> None:
    problem = bundled("bellencombre").problem()
    assert isinstance(problem.cycle, Cycle)
    assert problem.services == ("grocery", "paperwork")
    assert [depot.id for depot in problem.depots] == ["caravelles"]


def test_real_roads_lie_in_the_folder(tmp_path: Path) -> None:
    network = real_data("roads/meuse_montiers_lite.osm.gz").read_bytes()
    text = SMALL["scenario.toml"].replace("[title]", 'roads = "r.osm.gz"\n[title]', 1)
    scenario = Scenario.load(
        write_folder(tmp_path, {**SMALL, "scenario.toml": text, "r.osm.gz": network})
    )
    with pytest.raises(InputError) as caught:
        scenario.coverage()
    assert [fault.code for fault in caught.value.faults] == ["roads_elsewhere"]
    times = scenario.travel_times("car")
    assert scenario.travel_times("car") is times
    here = Points(np.array([5.27]), np.array([48.55]))
    assert times.table(here, here).shape == (1, 1)
    assert scenario.travel_times("walk") is not times
