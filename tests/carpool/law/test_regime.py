"""The tables of transport of social utility and of cost sharing, a row each, with the article."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.carpool.law import (
    Regime,
    RideFacts,
    Territory,
    classify_ride,
    failing_of_carpool,
    failing_of_tus,
)
from msap_mobility.carpool.law.regime import Kind
from msap_mobility.errors import InputError
from msap_mobility.wording import LANGUAGES
from tests.carpool.law.facts import (
    DAY,
    HOSPITAL,
    LIFT,
    SMALL_TOWN,
    STATION,
    TOWN,
    VILLAGE,
    errand,
    lift,
)

if TYPE_CHECKING:
    from msap_mobility.carpool.law import Condition


def codes(failing: tuple[Condition, ...]) -> list[str]:
    return [condition.code for condition in failing]


TUS_TABLE = [
    # article, ride, conditions not met
    ("L3133-1", errand(), []),
    ("L3133-1", errand(association=False), ["tus_not_an_association"]),
    ("décret 2019-850", errand(lent_without_profit=False), ["tus_vehicle_for_profit"]),
    ("décret 2019-850", errand(seats=9), []),
    ("décret 2019-850", errand(seats=10), ["tus_too_many_seats"]),
    ("R3133-1", errand(residence=SMALL_TOWN), []),
    ("R3133-1", errand(residence=TOWN), ["tus_not_eligible"]),
    ("R3133-1", errand(residence=TOWN, by_resources=True), []),
    ("R3133-3", errand(asked_cents=1_600), []),
    ("R3133-3", errand(asked_cents=1_601), ["tus_contribution_too_high"]),
    ("R3133-3", errand(distance_m=50_000, driven_m=100_000, asked_cents=3_200), []),
    ("R3133-3", errand(distance_m=50_000, driven_m=100_000, asked_cents=3_300),
     ["tus_contribution_too_high"]),
    ("R3133-3", lift(asked_cents=800), []),  # of another's own trip, the passenger's part counts
    ("R3133-3", lift(asked_cents=801), ["tus_contribution_too_high"]),
    ("R3133-4", errand(distance_m=100_000, driven_m=200_000), []),
    ("R3133-4", errand(distance_m=100_001, driven_m=200_000), ["tus_too_far"]),
    ("R3133-4", errand(distance_m=101_000, driven_m=202_000), ["tus_too_far"]),
    ("R3133-4", errand(end=SMALL_TOWN), []),
    ("R3133-4", errand(end=TOWN), ["tus_outside_territory"]),
    ("R3133-4", errand(end=HOSPITAL), ["tus_outside_territory"]),
    ("R3133-4", errand(end=HOSPITAL, by_resources=True), []),
    ("R3133-4", errand(end=STATION), []),
    ("R3133-4", errand(start=STATION), []),
    ("R3133-4", errand(start=HOSPITAL), ["tus_outside_territory"]),
    ("R3133-4", errand(start=HOSPITAL, end=STATION), ["tus_outside_territory"]),
    ("R3133-4", errand(start=STATION, end=STATION), ["tus_outside_territory"]),
]  # fmt: skip


@pytest.mark.parametrize(("article", "ride", "expected"), TUS_TABLE)
def test_transport_of_social_utility(article: str, ride: RideFacts, expected: list[str]) -> None:
    failing = failing_of_tus(ride)
    assert codes(failing) == expected
    assert all(article in condition.article for condition in failing)


CARPOOL_TABLE = [
    ("L3132-1", lift(), []),
    ("L3132-1", errand(), ["carpool_not_own_account"]),
    ("L3132-1", lift(driven_m=31_250), []),
    ("L3132-1", lift(driven_m=31_251), ["carpool_detour_too_long"]),
    ("L3132-1", lift(driven_m=24_000, distance_m=20_000), []),  # quicker roads may be shorter
    ("R3132-1", lift(received_cents=1_590), []),
    ("R3132-1", lift(received_cents=1_591), ["carpool_over_costs"]),
    ("L3132-1", lift(association=False, seats=30, end=HOSPITAL), []),
]


@pytest.mark.parametrize(("article", "ride", "expected"), CARPOOL_TABLE)
def test_cost_sharing_carpool(article: str, ride: RideFacts, expected: list[str]) -> None:
    failing = failing_of_carpool(ride)
    assert codes(failing) == expected
    assert all(article in condition.article for condition in failing)


REGIME_TABLE = [
    # Ayen -> Brive hospital, by residence only: a carpool, but no drop-off of an association
    (lift(end=HOSPITAL), "carpool", ["tus_outside_territory"]),
    (errand(end=HOSPITAL), "neither", ["carpool_not_own_account", "tus_outside_territory"]),
    (errand(end=HOSPITAL, by_resources=True), "tus", ["carpool_not_own_account"]),
    (errand(), "tus", ["carpool_not_own_account"]),
    (lift(), "carpool", []),
    (lift(received_cents=1_600, shareable_cents=1_500), "tus", ["carpool_over_costs"]),
    (errand(association=False), "neither", ["carpool_not_own_account", "tus_not_an_association"]),
]


@pytest.mark.parametrize(("ride", "kind", "failing"), REGIME_TABLE)
def test_regime(ride: RideFacts, kind: str, failing: list[str]) -> None:
    regime = classify_ride(ride)
    assert (regime.kind, codes(regime.failing)) == (kind, failing)


def test_every_failing_condition_is_told_at_once() -> None:
    ride = errand(
        association=False,
        lent_without_profit=False,
        seats=30,
        residence=TOWN,
        end=HOSPITAL,
        distance_m=130_000,
        driven_m=260_000,
        asked_cents=9_000,
        received_cents=9_000,
    )
    assert codes(classify_ride(ride).failing) == [
        "carpool_not_own_account",
        "carpool_over_costs",
        "tus_not_an_association",
        "tus_vehicle_for_profit",
        "tus_too_many_seats",
        "tus_not_eligible",
        "tus_too_far",
        "tus_contribution_too_high",
    ]


def test_the_scheme_says_how_long_a_detour_may_be() -> None:
    ride = lift(driven_m=30_000)
    assert classify_ride(ride, detour_percent=20).against("carpool") == ()
    (condition,) = classify_ride(ride, detour_percent=19).against("carpool")
    assert (condition.code, condition.value, condition.limit) == ("carpool_detour_too_long", 20, 19)


def test_a_limit_passed_by_a_metre_looks_passed() -> None:
    (condition,) = failing_of_tus(errand(distance_m=100_001, driven_m=200_000))
    assert "100.001 km" in condition.text("en")
    assert "100,001 km" in condition.text("fr")
    assert "100 km" in condition.text("en")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("ride", [ride for ride, _, _ in REGIME_TABLE])
def test_words_and_articles_in_both_languages(ride: RideFacts, lang: str) -> None:
    regime = classify_ride(ride)
    lines = regime.text(lang).splitlines()  # type: ignore[arg-type]
    assert len(lines) == 1 + len(regime.failing)
    for line, condition in zip(lines[1:], regime.failing, strict=True):
        assert condition.article in line
        assert "{" not in line


def test_the_detour_is_measured_against_the_drivers_own_trip() -> None:
    assert (lift().own_account, lift().detour_percent) == (True, 8)
    assert lift(driven_m=25_001).detour_percent == 1  # a metre of detour is a detour
    assert lift(driven_m=24_000, distance_m=9_000).detour_percent == 0
    assert (errand().own_account, errand().detour_percent) == (False, 0)


def test_no_rule_is_guessed_backwards() -> None:
    assert classify_ride(lift(on=date(2020, 6, 7))).kind == "carpool"
    with pytest.raises(InputError) as caught:
        classify_ride(lift(on=date(2020, 6, 6)))
    (fault,) = caught.value.faults
    assert fault.code == "law_before_first_rule"
    assert "2020-06-07" in fault.text("en")
    assert "R3132-1" in fault.text("fr")
    with pytest.raises(InputError, match="2019-10-25"):
        failing_of_tus(errand(on=date(2019, 10, 24)))
    assert failing_of_tus(errand(on=date(2019, 10, 25))) == ()


def test_bad_facts_give_every_fault_at_once() -> None:
    with pytest.raises(InputError) as caught:
        RideFacts(
            on="2026-12-01",  # type: ignore[arg-type]
            distance_m=0,
            driven_m=27_000.5,  # type: ignore[arg-type]
            solo_m=-1,
            seats=1,
            association="yes",  # type: ignore[arg-type]
            residence="Ayen",  # type: ignore[arg-type]
            start=VILLAGE,
            end=VILLAGE,
            asked_cents=1.5,  # type: ignore[arg-type]
            received_cents=True,
            shareable_cents=-5,
        )
    assert [(fault.column, fault.code) for fault in caught.value.faults] == [
        ("on", "law_not_a_day"),
        ("distance_m", "out_of_range"),
        ("driven_m", "not_whole"),
        ("solo_m", "out_of_range"),
        ("seats", "out_of_range"),
        ("asked_cents", "not_whole"),
        ("received_cents", "not_whole"),
        ("shareable_cents", "out_of_range"),
        ("association", "not_true_false"),
        ("residence", "law_not_a_place"),
    ]
    for lang in LANGUAGES:
        assert len(caught.value.text(lang).splitlines()) == 10


def test_a_ride_is_no_longer_than_the_trip_it_is_part_of() -> None:
    with pytest.raises(InputError) as caught:
        lift(distance_m=27_001)
    assert [fault.code for fault in caught.value.faults] == ["law_ride_longer_than_trip"]


@pytest.mark.parametrize(
    "fields", [{}, {"rural": True, "urban_unit_people": 5}, {"urban_unit_people": 0}]
)
def test_a_place_is_rural_or_in_an_urban_unit(fields: dict[str, bool | int]) -> None:
    with pytest.raises(InputError):
        Territory(**fields)  # type: ignore[arg-type]


def test_a_detour_share_is_a_percentage() -> None:
    with pytest.raises(InputError):
        classify_ride(LIFT, detour_percent=0.25)  # type: ignore[arg-type]


territories = st.one_of(
    st.just(VILLAGE),
    st.builds(
        Territory,
        urban_unit_people=st.sampled_from((500, 11_999, 12_000, 12_001, 70_000)),
        interchange=st.booleans(),
    ),
)
rides = st.builds(
    RideFacts,
    on=st.just(DAY),
    distance_m=st.integers(1, 150_000),
    driven_m=st.integers(150_000, 400_000),
    solo_m=st.one_of(st.just(0), st.integers(1, 400_000)),
    seats=st.integers(2, 12),
    association=st.booleans(),
    lent_without_profit=st.booleans(),
    residence=territories,
    by_resources=st.booleans(),
    start=territories,
    end=territories,
    asked_cents=st.integers(0, 8_000),
    received_cents=st.integers(0, 30_000),
    shareable_cents=st.integers(0, 30_000),
)


@given(rides, st.integers(0, 100))
def test_the_kind_follows_from_the_failing_conditions(ride: RideFacts, percent: int) -> None:
    regime = classify_ride(ride, detour_percent=percent)
    possible = [kind for kind in ("carpool", "tus") if not regime.against(kind)]  # type: ignore[arg-type]
    assert regime.kind == [*possible, "neither"][0]
    assert regime.kind in get_args(Kind)
    assert (*regime.against("carpool"), *regime.against("tus")) == regime.failing
    assert Regime.from_dict(json.loads(json.dumps(regime.to_dict()))) == regime


@given(rides)
def test_every_condition_told_as_passed_is_passed(ride: RideFacts) -> None:
    for condition in classify_ride(ride).failing:
        if condition.value is not None and condition.code != "tus_not_eligible":
            assert condition.limit is not None
            assert condition.value > condition.limit


@given(rides)
def test_resources_only_widen_what_an_association_may_do(ride: RideFacts) -> None:
    without = set(codes(failing_of_tus(replace(ride, by_resources=False))))
    with_them = set(codes(failing_of_tus(replace(ride, by_resources=True))))
    assert without - with_them <= {"tus_not_eligible", "tus_outside_territory"}
    assert with_them <= without
    assert not with_them & {"tus_not_eligible", "tus_outside_territory"}
