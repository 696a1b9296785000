"""What goes to the registry is what its schema takes, and nothing else can be made."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from msap_mobility.carpool.law.registry import (
    Cancellation,
    Identity,
    Incentive,
    Journey,
    Payment,
    PointInTime,
    proof_class,
    registry_id,
)
from msap_mobility.errors import InputError
from tests.carpool.law.registry_schema import CANCEL, JOURNEY

PARIS = ZoneInfo("Europe/Paris")
START = PointInTime(at=datetime(2026, 12, 1, 8, 10, 30, 999, tzinfo=PARIS), lat=45.254, lon=1.324)
END = PointInTime(at=datetime(2026, 12, 1, 8, 45, tzinfo=PARIS), lat=45.158, lon=1.533)
JEANNE = Identity.of("m1", phone="06 01 02 03 04", last_name="Roche")
PAUL = Identity.of("m2", phone="07 01 02 03 04", last_name="Faure", over_18=True)
SIRET = "21190015500017"

SCHEMA = Draft202012Validator(JOURNEY, format_checker=FormatChecker())


def journey(**changes: Any) -> Journey:
    return replace(
        Journey(
            id=registry_id("ride-17/paul"),
            trip_id=registry_id("ride-17"),
            proof="A",
            start=START,
            end=END,
            distance_m=25_000,
            driver=JEANNE,
            passenger=PAUL,
            revenue_cents=150,
            contribution_cents=150,
        ),
        **changes,
    )


def test_the_payload_word_by_word() -> None:
    made = journey(
        proof="B",
        seats=2,
        payments=(Payment(siret=SIRET, amount_cents=100, means="titre-mobilite"),),
        incentives=(
            Incentive(siret=SIRET, amount_cents=50),
            Incentive(siret=SIRET, amount_cents=0),
        ),
        licence_plate="AB-123-CD",
    ).to_payload()
    SCHEMA.validate(made)
    assert made == {
        "operator_journey_id": registry_id("ride-17/paul"),
        "operator_trip_id": registry_id("ride-17"),
        "operator_class": "B",
        "incentives": [
            {"index": 0, "siret": SIRET, "amount": 50},
            {"index": 1, "siret": SIRET, "amount": 0},
        ],
        "start": {"datetime": "2026-12-01T07:10:30Z", "lat": 45.254, "lon": 1.324},
        "end": {"datetime": "2026-12-01T07:45:00Z", "lat": 45.158, "lon": 1.533},
        "distance": 25_000,
        "driver": {
            "identity": {
                "operator_user_id": "m1",
                "identity_key": JEANNE.key,
                "phone_trunc": "+336010203",
            },
            "revenue": 150,
        },
        "passenger": {
            "identity": {
                "operator_user_id": "m2",
                "identity_key": PAUL.key,
                "phone_trunc": "+337010203",
                "over_18": True,
            },
            "contribution": 150,
            "seats": 2,
            "payments": [{"index": 0, "siret": SIRET, "type": "titre-mobilite", "amount": 100}],
        },
        "licence_plate": "AB-123-CD",
    }


def test_what_is_not_there_is_not_sent() -> None:
    made = journey().to_payload()
    SCHEMA.validate(made)
    assert "licence_plate" not in made
    assert made["incentives"] == []
    assert "over_18" not in made["driver"]["identity"]


def test_the_schema_of_the_tests_refuses_what_the_registry_refuses() -> None:
    made = journey().to_payload()
    for wrong in (
        {**made, "note": "x"},
        {**made, "operator_journey_id": "cb82956e-3833-4925-9891-47d9b2ba0186"},
        {**made, "operator_class": "D"},
        {**made, "distance": 0},
        {**made, "driver": {**made["driver"], "revenue": 1.5}},
        {key: value for key, value in made.items() if key != "incentives"},
    ):
        assert not SCHEMA.is_valid(wrong)


@pytest.mark.parametrize("metres", [1, 1_000_000])
@pytest.mark.parametrize("seats", [1, 8])
@pytest.mark.parametrize("proof", ["A", "B", "C"])
def test_the_ends_of_every_range(metres: int, seats: int, proof: str) -> None:
    items = (Incentive(siret=SIRET, amount_cents=100_000),) * 20
    made = journey(
        distance_m=metres,
        seats=seats,
        proof=proof,
        revenue_cents=1_000_000,
        contribution_cents=0,
        incentives=items,
        payments=(Payment(siret=SIRET, amount_cents=1_000_000, means="x"),) * 20,
    )
    SCHEMA.validate(made.to_payload())


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"distance_m": 0}, ["out_of_range"]),
        ({"distance_m": 1_000_001}, ["out_of_range"]),
        ({"distance_m": 25_000.0}, ["not_whole"]),
        ({"seats": 0}, ["out_of_range"]),
        ({"seats": 9}, ["out_of_range"]),
        ({"proof": "D"}, ["not_one_of"]),
        ({"id": "cb82956e-3833-4925-9891-47d9b2ba0186"}, ["law_not_a_registry_id"]),
        ({"id": "A" * 32}, ["law_not_a_registry_id"]),
        ({"trip_id": "a" * 31}, ["law_not_a_registry_id"]),
        ({"start": END, "end": START}, ["ends_before_start"]),
        ({"start": END}, ["ends_before_start"]),
        ({"passenger": JEANNE}, ["law_same_person"]),
        ({"passenger": replace(PAUL, user_id="m1")}, ["law_same_person"]),
        ({"payments": ("x",)}, ["not_records"]),
        ({"incentives": (Incentive(siret=SIRET, amount_cents=1),) * 21}, ["out_of_range"]),
        ({"licence_plate": " "}, ["not_a_name"]),
        ({"driver": None, "end": "Brive", "revenue_cents": -1, "contribution_cents": None},
         ["law_not_a_record", "law_not_a_record", "out_of_range", "not_whole"]),
    ],
)  # fmt: skip
def test_journeys_that_cannot_be_made(changes: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        journey(**changes)
    assert [fault.code for fault in caught.value.faults] == codes


def test_parts_that_cannot_be_made() -> None:
    with pytest.raises(InputError) as caught:
        PointInTime(at=datetime(2026, 12, 1), lat=91, lon="1.3")  # type: ignore[arg-type]  # noqa: DTZ001
    assert [fault.column for fault in caught.value.faults] == ["at", "lat", "lon"]
    with pytest.raises(InputError):
        PointInTime(at=START.at, lat=float("nan"), lon=1)
    with pytest.raises(InputError) as caught:
        Payment(siret="123", amount_cents=-1, means="")
    assert [fault.column for fault in caught.value.faults] == ["siret", "amount_cents", "means"]
    with pytest.raises(InputError):
        Incentive(siret=SIRET, amount_cents=100_001)


def test_cancelling() -> None:
    schema = Draft202012Validator(CANCEL)
    for code in ("NOT_DRIVEN", "x", "a" * 32):
        schema.validate(Cancellation(code=code).to_payload())
    told = Cancellation(code="FRAUD", message="m" * 512).to_payload()
    schema.validate(told)
    assert told["message"] == "m" * 512
    for code, message in (
        ("", ""),
        ("a" * 33, ""),
        ("non effectué", ""),
        ("x", "m" * 513),
        ("x", 3),
    ):
        with pytest.raises(InputError):
            Cancellation(code=code, message=message)  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        Cancellation(code="é", message=None)  # type: ignore[arg-type]
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("driver", "passenger", "apart", "expected"),
    [(False, False, False, "A"), (False, False, True, "A"), (True, False, True, "B"),
     (False, True, True, "B"), (True, True, False, "B"), (True, True, True, "C")],
)  # fmt: skip
def test_classes(driver: bool, passenger: bool, apart: bool, expected: str) -> None:
    made = proof_class(
        driver_proven=driver, passenger_proven=passenger, identities_told_apart=apart
    )
    assert made == expected


@given(st.text(min_size=1, max_size=255))
def test_every_name_gives_an_id_or_a_fault(name: str) -> None:
    try:
        made = registry_id(name)
    except InputError:
        return
    assert re.fullmatch("[0-9a-f]{32}", made)
    assert registry_id(name) == made


def test_a_uuid_loses_its_dashes() -> None:
    made = registry_id("cb82956e-3833-4925-9891-47d9b2ba0186")
    assert made == "cb82956e38334925989147d9b2ba0186"
    assert registry_id(made) == made


@given(
    st.datetimes(timezones=st.sampled_from((UTC, PARIS)), min_value=datetime(2024, 11, 1)),  # noqa: DTZ001
    st.integers(1, 10**5),
    st.integers(1, 10**6),
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.lists(st.integers(0, 100_000), max_size=20),
)
def test_whatever_can_be_made_is_taken(
    at: datetime, seconds: int, metres: int, lat: float, lon: float, cents: list[int]
) -> None:
    at = min(at.astimezone(UTC), datetime(9990, 1, 1, tzinfo=UTC))
    made = journey(
        start=PointInTime(at=at, lat=lat, lon=lon),
        end=PointInTime(at=at + timedelta(seconds=seconds), lat=lat, lon=lon),
        distance_m=metres,
        incentives=tuple(Incentive(siret=SIRET, amount_cents=amount) for amount in cents),
    )
    SCHEMA.validate(made.to_payload())
