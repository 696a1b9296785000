"""What the registry refuses and sets aside: its table, a row each, and what lies beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.carpool.law import Condition
from msap_mobility.carpool.law.registry import (
    Eligibility,
    Route,
    Trip,
    anomalies,
    check_booking,
    refusals,
)
from msap_mobility.errors import InputError
from msap_mobility.wording import LANGUAGES

START = datetime(2026, 12, 1, 8, 10, tzinfo=ZoneInfo("Europe/Paris"))
SOON = START + timedelta(hours=2)


def trip(id_: str = "t", *, after: float = 0, minutes: float = 35, **changes: object) -> Trip:
    """A ride of 25 km that starts `after` minutes after eight ten and takes `minutes`."""
    start = START + timedelta(minutes=after)
    made = Trip(
        id=id_,
        driver="jeanne",
        passenger="paul",
        start=start,
        end=start + timedelta(minutes=minutes),
        distance_m=25_000,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def codes(found: tuple[Condition, ...]) -> list[str]:
    return [condition.code for condition in found]


@pytest.mark.parametrize(
    ("delay", "expected"),
    [
        (timedelta(hours=-1), []),
        (timedelta(hours=24), []),
        (timedelta(hours=24, microseconds=1), ["expired"]),
        (timedelta(hours=24, minutes=1), ["expired"]),
        (timedelta(days=7), ["expired"]),  # the paper slips of a week
    ],
)
def test_expired(delay: timedelta, expected: list[str]) -> None:
    """RPC: received more than 24 h after the start."""
    assert codes(refusals(trip(), (), sent_at=START + delay)) == expected


@pytest.mark.parametrize(("metres", "expected"), [(1_999, ["distance_too_short"]), (2_000, [])])
def test_distance_too_short(metres: int, expected: list[str]) -> None:
    """RPC: less than 2 000 m."""
    assert codes(refusals(trip(distance_m=metres), (), sent_at=SOON)) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(-60, ["too_close_trips"]), (0, ["too_close_trips"]), (29, ["too_close_trips"]),
     (30, []), (31, [])],
)  # fmt: skip
@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("before", [False, True])
def test_too_close_trips(minutes: int, expected: list[str], *, swapped: bool, before: bool) -> None:
    """RPC: another trip of the same pair within 30 min before or after."""
    way_back = trip("back", after=35 + minutes)
    if swapped:
        way_back = replace(way_back, driver="paul", passenger="jeanne")
    asked, known = (way_back, trip("out")) if before else (trip("out"), way_back)
    found = refusals(asked, [known], sent_at=SOON)
    assert codes(found) == expected
    if expected:
        assert (found[0].value, found[0].limit) == (max(0, minutes) * 60, 1_800)
        assert found[0].about == (known.id,)


def test_a_trip_inside_another_one_is_too_close() -> None:
    known = trip("long", after=-60, minutes=180)
    assert codes(refusals(trip(), [known], sent_at=SOON)) == ["too_close_trips"]


@pytest.mark.parametrize(
    "known",
    [trip("o", after=40, driver="luc"), trip("o", after=40, passenger="zoe"), trip("t", after=40)],
)
def test_half_an_hour_is_asked_of_the_same_pair_in_another_trip(known: Trip) -> None:
    assert refusals(trip(), [known], sent_at=SOON) == ()


def day_of(person: str, role: str, count: int, *, hour: int = 12) -> list[Trip]:
    """`count` trips of `person` in `role`, an hour apart, each with somebody else."""
    other = "passenger" if role == "driver" else "driver"
    base = datetime(2026, 12, 1, hour, 0, tzinfo=UTC)
    return [
        trip(
            f"{person}{number}",
            start=base + timedelta(hours=number),
            end=base + timedelta(hours=number, minutes=20),
            **{role: person, other: f"somebody{number}"},
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("role", ["driver", "passenger"])
@pytest.mark.parametrize(("person", "others"), [("jeanne", 3), ("jeanne", 4), ("paul", 4)])
def test_the_fifth_trip_of_a_day(person: str, others: int, role: str) -> None:
    """RPC: either person already has 4 distinct trips that day, in any role."""
    found = refusals(trip(), day_of(person, role, others), sent_at=SOON)
    assert codes(found) == (["too_many_trips_by_day"] if others == 4 else [])
    if found:
        assert (found[0].value, found[0].limit, found[0].about) == (4, 4, (person,))


def test_the_day_of_each_is_counted_apart() -> None:
    """Three trips of his and three of hers are not six of anybody's."""
    known = day_of("jeanne", "driver", 3) + day_of("paul", "passenger", 3)
    assert refusals(trip(), known, sent_at=SOON) == ()
    full = day_of("jeanne", "passenger", 5) + day_of("paul", "driver", 4)
    found = refusals(trip(), full, sent_at=SOON)
    assert [(one.about, one.value) for one in found] == [(("jeanne",), 5), (("paul",), 4)]


def test_passengers_of_one_trip_are_one_trip() -> None:
    known = day_of("jeanne", "driver", 3)
    known += [replace(known[0], passenger=name) for name in ("zoe", "luc")]
    known += [trip("t", passenger="ana")]  # she rides along in the very trip that is asked about
    assert refusals(trip(), known, sent_at=SOON) == ()


def test_a_day_is_a_day_where_the_ride_starts() -> None:
    """At half past eleven at night UTC it is already tomorrow in Paris."""
    known = [
        replace(one, start=one.start.replace(hour=23, minute=number),
                end=one.end.replace(hour=23, minute=number + 30))
        for number, one in enumerate(day_of("jeanne", "driver", 4))
    ]  # fmt: skip
    tomorrow = trip(after=24 * 60)
    assert refusals(trip(), known, sent_at=SOON) == ()
    sent_at = tomorrow.start
    assert codes(refusals(tomorrow, known, sent_at=sent_at)) == ["too_many_trips_by_day"]
    assert refusals(tomorrow, known, sent_at=sent_at, timezone=UTC) == ()


def test_all_refusals_at_once() -> None:
    known = [*day_of("jeanne", "driver", 4), trip("back", after=45)]
    ride = trip(distance_m=900)
    found = refusals(ride, known, sent_at=START + timedelta(days=3))
    assert codes(found) == [
        "expired", "distance_too_short", "too_many_trips_by_day", "too_close_trips",
    ]  # fmt: skip
    for lang in LANGUAGES:
        told = Eligibility(refusals=found).text(lang).splitlines()
        assert len(told) == 4
        assert not any("{" in line for line in told)


def test_a_doctors_return_too_soon_is_told_at_booking() -> None:
    """Ten minutes at the doctor's: the way back of the same two would be refused."""
    out = trip("out")
    back = trip("back", after=45)
    said = check_booking(back, [out], sent_at=SOON)
    assert not said.accepted
    assert "10 min" in said.text("en")
    later = check_booking(trip("back", after=65), [out], sent_at=SOON)
    assert later.accepted
    assert later.text("fr") != later.text("en")


def test_before_the_known_terms_nothing_is_said() -> None:
    old = trip(
        start=datetime(2024, 10, 29, 8, tzinfo=UTC), end=datetime(2024, 10, 29, 9, tzinfo=UTC)
    )
    with pytest.raises(InputError, match="2024-10-30"):
        check_booking(old, (), sent_at=old.end)


ROUTE = Route(distance_m=10_000, duration_s=1_000)
ANOMALIES = [  # sent metres, sent seconds, route, found
    (299, 600, None, ["anomaly_distance_below"]),
    (300, 600, None, []),
    (10_000, 59, None, ["anomaly_duration_below"]),
    (10_000, 60, None, []),
    (10_000, 1_000, Route(distance_m=299, duration_s=1_000),
     ["anomaly_distance_below", "anomaly_sent_longer"]),
    (10_000, 400, ROUTE, []),
    (10_000, 399, ROUTE, ["anomaly_road_slower"]),
    (4_000, 1_000, ROUTE, []),
    (3_999, 1_000, ROUTE, ["anomaly_road_longer"]),
    (40_000, 1_000, ROUTE, []),
    (40_001, 1_000, ROUTE, ["anomaly_sent_longer"]),
    (10_000, 7_000, ROUTE, []),
    (10_000, 7_001, ROUTE, ["anomaly_sent_slower"]),
]  # fmt: skip


@pytest.mark.parametrize(("metres", "seconds", "route", "expected"), ANOMALIES)
def test_anomalies_of_distance_and_duration(
    metres: int, seconds: int, route: Route | None, expected: list[str]
) -> None:
    """RPC: distance_duration_anomaly."""
    ride = trip(minutes=seconds / 60, distance_m=metres)
    found = anomalies(ride, route=route)
    assert codes(found) == expected
    assert all("distance_duration_anomaly" in one.text("fr") for one in found)


@pytest.mark.parametrize(
    ("after", "expected"), [(0, [100]), (29, [71]), (30, [70]), (31, []), (-30, [70]), (-31, [])]
)
def test_two_rides_of_a_passenger_at_once(after: int, expected: list[int]) -> None:
    """RPC: temporal_overlap_anomaly from 70 % on."""
    other = trip("o", after=after, minutes=100, driver="luc")
    found = anomalies(trip(minutes=100), [other])
    assert [one.value for one in found] == expected
    assert anomalies(trip(minutes=100), [replace(other, passenger="zoe")]) == ()


def test_a_ride_does_not_overlap_itself() -> None:
    assert anomalies(trip(), [trip()]) == ()


def test_bad_trips_give_every_fault_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Trip(
            id=" ",
            driver="jeanne",
            passenger="jeanne",
            start=datetime(2026, 12, 1, 8),  # noqa: DTZ001 - no zone is the fault
            end=date(2026, 12, 1),  # type: ignore[arg-type]
            distance_m=200_000_000,
        )
    assert [fault.code for fault in caught.value.faults] == [
        "not_a_name",
        "law_same_person",
        "instant_without_zone",
        "law_not_an_instant",
        "out_of_range",
    ]
    with pytest.raises(InputError) as caught:
        trip(end=START)
    assert [fault.code for fault in caught.value.faults] == ["ends_before_start"]
    with pytest.raises(InputError):
        check_booking(trip(), (), sent_at=datetime(2026, 12, 1, 9))  # noqa: DTZ001
    with pytest.raises(InputError) as caught:
        Route(distance_m=-1, duration_s=1.5)  # type: ignore[arg-type]
    assert len(caught.value.faults) == 2


people = st.sampled_from(("jeanne", "paul", "zoe", "luc"))


@st.composite
def trips(draw: st.DrawFn) -> Trip:
    driver = draw(people)
    return trip(
        draw(st.sampled_from("abcdefgh")),
        after=draw(st.integers(-600, 600)),
        minutes=draw(st.integers(1, 90)),
        driver=driver,
        passenger=draw(people.filter(lambda one: one != driver)),
        distance_m=draw(st.integers(1, 60_000)),
    )


@given(trips(), st.lists(trips(), max_size=12), st.integers(0, 40), st.randoms())
def test_order_does_not_matter_and_more_trips_never_help(
    ride: Trip, known: list[Trip], hours: int, random: object
) -> None:
    sent_at = START + timedelta(hours=hours)
    found = check_booking(ride, known, sent_at=sent_at)
    shuffled = list(known)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = check_booking(ride, shuffled, sent_at=sent_at)
    assert again.refusals == found.refusals
    assert set(again.anomalies) == set(found.anomalies)
    fewer = check_booking(ride, known[1:], sent_at=sent_at)
    assert set(codes(fewer.refusals)) <= set(codes(found.refusals))
    assert Eligibility.from_dict(json.loads(json.dumps(found.to_dict()))) == found


@given(trips(), trips(), st.integers(0, 3))
def test_closeness_is_mutual(one: Trip, other: Trip, hours: int) -> None:
    sent_at = START + timedelta(hours=hours)
    there = [
        c.value for c in refusals(one, [other], sent_at=sent_at) if c.code == "too_close_trips"
    ]
    back = [c.value for c in refusals(other, [one], sent_at=sent_at) if c.code == "too_close_trips"]
    assert there == back
