"""The yearly report: its figures, and which of them anybody may see."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.carpool.law import (
    PrefectReport,
    TusDriver,
    TusPassenger,
    TusRide,
    TusVehicle,
    prefect_report,
)
from msap_mobility.errors import InputError
from msap_mobility.wording import LANGUAGES

if TYPE_CHECKING:
    from msap_mobility.wording import Lang

DRIVERS = [TusDriver(id=f"d{number}", volunteer=number != 0) for number in range(13)]
PASSENGERS = [
    TusPassenger(id=f"p{number}", by_residence=number < 26, by_resources=number >= 13)
    for number in range(39)
]
VEHICLES = [TusVehicle(id=f"v{number}", seats=9 if number == 0 else 5, owned=number == 0)
            for number in range(13)]  # fmt: skip
LISTS: dict[str, Any] = {"drivers": DRIVERS, "passengers": PASSENGERS, "vehicles": VEHICLES}


def ride(number: int, **changes: Any) -> TusRide:
    fields: dict[str, Any] = {
        "on": date(2026, 1, 1) + timedelta(days=number),
        "driver": f"d{number % 13}",
        "passenger": f"p{number}",
        "vehicle": f"v{number % 13}",
        "distance_m": 10_000 + number,
        "asked_cents": 100,
    }
    return TusRide(**{**fields, **changes})


YEAR = [ride(number) for number in range(39)]


def test_what_the_law_asks_for() -> None:
    """C. transports R3133-5; arrêté of 17 October 2019."""
    report = prefect_report(2026, YEAR, **LISTS)
    assert report == PrefectReport(
        year=2026,
        volunteers=12,
        employed=1,
        residence_only=13,
        resources_only=13,
        both=13,
        owned_vehicles=1,
        owned_seats=9,
        lent_vehicles=12,
        lent_seats=60,
        trips=39,
        distance_m=39 * 10_000 + sum(range(39)),
        contribution_cents=3_900,
    )
    assert (report.drivers, report.beneficiaries) == (13, 39)
    assert (report.by_residence, report.by_resources) == (26, 26)  # both conditions count twice
    assert report.mean_distance_m == 10_019
    assert report.to_dict(private=True)["figures"] == {
        "drivers": 13,
        "volunteers": 12,
        "beneficiaries": 39,
        "by_residence": 26,
        "by_resources": 26,
        "owned_vehicles": 1,
        "owned_mean_seats": 90,
        "lent_vehicles": 12,
        "lent_mean_seats": 50,
        "contribution": 3_900,
        "trips": 39,
        "mean_distance": 10_019,
    }


@pytest.mark.parametrize(
    ("year", "due"),
    [(2026, date(2027, 2, 28)), (2027, date(2028, 2, 29)), (2099, date(2100, 2, 28))],
)
def test_due_before_the_first_of_march(year: int, due: date) -> None:
    report = prefect_report(year, [], drivers=[], passengers=[], vehicles=[])
    assert report.due == due
    assert due + timedelta(days=1) == date(year + 1, 3, 1)


def test_only_the_year_and_those_who_rode_in_it() -> None:
    rides = [ride(0), ride(1, on=date(2025, 12, 31)), ride(2, on=date(2027, 1, 1))]
    report = prefect_report(2026, rides, **LISTS)
    assert (report.trips, report.drivers, report.beneficiaries) == (1, 1, 1)


def test_one_driver_too_few_is_not_published() -> None:
    report = prefect_report(2026, [ride(n, driver=f"d{n % 10 + 1}") for n in range(39)], **LISTS)
    assert report.drivers == 10
    published = report.to_dict()
    assert published["figures"]["drivers"] is None
    assert published["figures"]["volunteers"] is None
    assert published["figures"]["beneficiaries"] == 39
    assert report.to_dict(private=True)["figures"]["drivers"] == 10
    assert report.to_dict(private=True)["withheld"] == []


def test_one_employed_driver_is_not_to_be_worked_out() -> None:
    published = prefect_report(2026, YEAR, **LISTS).to_dict()
    assert published["figures"]["drivers"] == 13
    assert published["withheld"] == ["volunteers"]
    assert "counts" not in published


@pytest.mark.parametrize("rare", ["residence_only", "resources_only", "both"])
@pytest.mark.parametrize(("count", "told"), [(0, True), (1, False), (10, False), (11, True)])
def test_no_class_of_beneficiaries_can_be_worked_out(rare: str, count: int, *, told: bool) -> None:
    counts = {"residence_only": 20, "resources_only": 20, "both": 20, rare: count}
    figures = a_report(**counts).to_dict()["figures"]
    assert (figures["by_residence"] is not None) == told
    assert (figures["by_resources"] is not None) == told
    assert figures["beneficiaries"] == 40 + count


def test_what_a_few_people_rode_goes_with_them() -> None:
    report = a_report(residence_only=10, resources_only=0, both=0, trips=400)
    withheld = report.to_dict()["withheld"]
    assert {"beneficiaries", "trips", "mean_distance", "contribution"} <= set(withheld)


def a_report(**changes: int) -> PrefectReport:
    counts = {
        "year": 2026, "volunteers": 20, "employed": 0, "residence_only": 20, "resources_only": 20,
        "both": 20, "owned_vehicles": 1, "owned_seats": 9, "lent_vehicles": 20, "lent_seats": 101,
        "trips": 300, "distance_m": 5_410_000, "contribution_cents": 541_050,
    }  # fmt: skip
    return PrefectReport(**{**counts, **changes})


def test_the_table_in_french_and_english() -> None:
    report = a_report()
    french = list(csv.reader(io.StringIO(report.to_csv("fr")), delimiter=";"))
    english = list(csv.reader(io.StringIO(report.to_csv("en"))))
    assert french[0] == ["Indicateur", "2026"]
    assert dict(french)["Distance moyenne d'un trajet, en km"] == "18,033"
    assert dict(french)["Participation demandée aux bénéficiaires, en euros"] == "5410,50"
    assert dict(english)["Asked of the beneficiaries, euros"] == "5410.50"
    assert dict(english)["their seats, on average"] == "9.0"
    assert len(french) == len(english) == 13
    assert len({row[0] for row in english}) == 13


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_say_which_copy_it_is(lang: Lang) -> None:
    report = a_report(both=3)
    published, private = report.text(lang), report.text(lang, private=True)
    withheld = {"en": "not published", "fr": "non publié"}[lang]
    assert published.count(withheld) == 2
    assert withheld not in private
    assert published.splitlines()[-1] != private.splitlines()[-1]
    assert withheld in report.to_csv(lang)
    assert withheld not in report.to_csv(lang, private=True)
    assert "{" not in published + private


def test_a_year_without_a_ride_is_no_error() -> None:
    empty = prefect_report(2026, [], drivers=[], passengers=[], vehicles=[])
    assert empty.mean_distance_m is None
    assert empty.to_dict()["withheld"] == []
    assert "none" in empty.text("en", private=True)


def test_only_the_private_copy_reads_back() -> None:
    report = a_report(both=4)
    assert PrefectReport.from_dict(json.loads(json.dumps(report.to_dict(private=True)))) == report
    with pytest.raises(InputError) as caught:
        PrefectReport.from_dict(report.to_dict())
    assert [fault.code for fault in caught.value.faults] == ["law_not_a_private_report"]


def test_bad_input_gives_every_fault_at_once() -> None:
    with pytest.raises(InputError) as caught:
        prefect_report(
            2026,
            [ride(0, driver="nobody"), ride(1, passenger="nobody", vehicle="cart")],
            drivers=[*DRIVERS, DRIVERS[0]],
            passengers=PASSENGERS,
            vehicles=VEHICLES,
        )
    assert [(fault.code, fault.column, fault.value) for fault in caught.value.faults] == [
        ("law_given_twice", "drivers", "d0"),
        ("law_not_given", "driver", "nobody"),
        ("law_not_given", "passenger", "nobody"),
        ("law_not_given", "vehicle", "cart"),
    ]
    with pytest.raises(InputError) as caught:
        TusRide(on=date(2026, 1, 1), driver="", passenger="p", vehicle=" ", distance_m=100_001,
                asked_cents=-1)  # fmt: skip
    assert [fault.column for fault in caught.value.faults] == [
        "driver", "vehicle", "distance_m", "asked_cents",
    ]  # fmt: skip
    with pytest.raises(InputError):
        TusPassenger(id="p", by_residence=False, by_resources=False)
    with pytest.raises(InputError):
        TusVehicle(id="bus", seats=10)
    with pytest.raises(InputError):
        TusDriver(id="d", volunteer="yes")  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        a_report(trips=-1, both=1.5)  # type: ignore[arg-type]
    assert len(caught.value.faults) == 2


few = st.sampled_from((0, 1, 3, 10, 11, 12, 25))


@given(few, few, few, few, few, few, few)
def test_no_published_figure_tells_of_a_few(
    volunteers: int, employed: int, residence: int, resources: int, both: int, lent: int, trips: int
) -> None:
    report = a_report(
        volunteers=volunteers,
        employed=employed,
        residence_only=residence,
        resources_only=resources,
        both=both,
        lent_vehicles=lent,
        trips=trips,
    )
    figures = report.to_dict()["figures"]
    persons = ("drivers", "volunteers", "beneficiaries", "by_residence", "by_resources",
               "lent_vehicles", "trips")  # fmt: skip
    for name in persons:
        assert figures[name] is None or figures[name] == 0 or figures[name] >= 11
    for whole, part in (("drivers", "volunteers"), ("beneficiaries", "by_residence"),
                        ("beneficiaries", "by_resources")):  # fmt: skip
        if figures[part] is not None:
            rest = figures[whole] - figures[part]
            assert rest == 0 or rest >= 11
    if figures["by_residence"] is not None and figures["by_resources"] is not None:
        shared = figures["by_residence"] + figures["by_resources"] - figures["beneficiaries"]
        assert shared == 0 or shared >= 11
    assert None not in [
        value for name, value in report.to_dict(private=True)["figures"].items()
        if name in persons
    ]  # fmt: skip
