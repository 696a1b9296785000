"""Windows, offers, requests and rides read what people write, and check themselves at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from msap_mobility.errors import InputError
from msap_mobility.model import Offer, Place, Request, Ride, RideStop, Window
from msap_mobility.units import instant
from tests.model.carpool_samples import (
    AYEN,
    BRIVE,
    OBJAT,
    PERPEZAC,
    PLACES,
    offers,
    requests,
    windows,
)

MORNING = "2026-12-01 08:10"
OFFER: dict[str, Any] = {
    "id": "o1",
    "driver": "jeanne",
    "start": AYEN,
    "end": BRIVE,
    "depart": MORNING,
    "max_detour": "12 min",
}
REQUEST: dict[str, Any] = {
    "id": "r1",
    "rider": "paul",
    "start": PERPEZAC,
    "end": BRIVE,
    "depart": ("2026-12-01 07:50", "2026-12-01 08:40"),
}


def codes(make: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        make()
    for fault in caught.value.faults:
        assert fault.text("en") != fault.text("fr")
    return [fault.code for fault in caught.value.faults]


# --- instants and windows


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-12-01 08:10", "Europe/Paris", "2026-12-01T07:10:00+00:00"),
        ("2026-12-01T08:10", "Europe/Paris", "2026-12-01T07:10:00+00:00"),
        ("2026-12-01  8 h 10 ", "Europe/Paris", "2026-12-01T07:10:00+00:00"),
        ("2026-07-01 08:10:30", "Europe/Paris", "2026-07-01T06:10:30+00:00"),
        ("2026-07-01 08:10", "America/Guadeloupe", "2026-07-01T12:10:00+00:00"),
        ("2026-07-01 08:10Z", "Europe/Paris", "2026-07-01T08:10:00+00:00"),
        ("2026-07-01T08:10:05-04:00", "Europe/Paris", "2026-07-01T12:10:05+00:00"),
        ("2026-12-01 24:00", "Europe/Paris", "2026-12-01T23:00:00+00:00"),
        ("09/03/2027 08:10", "Europe/Paris", "2027-03-09T07:10:00+00:00"),
        ("9/3/2027 8h10", "Europe/Paris", "2027-03-09T07:10:00+00:00"),
        ("09/03/2027 08:10:30", "Europe/Paris", "2027-03-09T07:10:30+00:00"),
        ("2026-10-25 01:59", "Europe/Paris", "2026-10-24T23:59:00+00:00"),
        ("2026-10-25 03:00", "Europe/Paris", "2026-10-25T02:00:00+00:00"),
        ("2026-10-25 02:30+01:00", "Europe/Paris", "2026-10-25T01:30:00+00:00"),
        ("2026-03-29 03:00", "Europe/Paris", "2026-03-29T01:00:00+00:00"),
    ],
)
def test_an_instant_is_read_on_the_clock_of_its_zone(text: str, zone: str, utc: str) -> None:
    assert instant(text, zone).astimezone(UTC).isoformat() == utc


@pytest.mark.parametrize(
    ("text", "zone", "code"),
    [
        ("2026-10-25 02:30", "Europe/Paris", "clock_shows_instant_twice"),
        ("2026-10-25 02:00", "Europe/Paris", "clock_shows_instant_twice"),
        ("2026-03-29 02:30", "Europe/Paris", "clock_skips_instant"),
        ("2026-03-29 02:00", "Europe/Paris", "clock_skips_instant"),
        ("2026-12-01", "Europe/Paris", "not_an_instant"),
        ("2026-02-30 08:00", "Europe/Paris", "not_an_instant"),
        ("2026-12-01 25:00", "Europe/Paris", "not_an_instant"),
        ("2026-12-01 08:10:61", "Europe/Paris", "not_an_instant"),
        ("8:10", "Europe/Paris", "not_an_instant"),
        ("03/13/2027 08:10", "Europe/Paris", "not_an_instant"),
        ("09/03/27 08:10", "Europe/Paris", "not_an_instant"),
        ("09/03/2027", "Europe/Paris", "not_an_instant"),
        ("9999-12-31 24:00", "Europe/Paris", "not_an_instant"),
        ("2026-12-01 08:10", "Europe/Ayen", "unknown_tz"),
    ],
)
def test_an_instant_that_is_none_is_named(text: str, zone: str, code: str) -> None:
    assert codes(lambda: instant(text, zone)) == [code]


def test_the_two_offers_of_a_remedy_are_read_as_they_stand() -> None:
    for text in ("2026-10-25 02:30", "2026-03-29 02:30"):
        with pytest.raises(InputError) as caught:
            instant(text)
        details = caught.value.faults[0].details
        earlier, later = (instant(str(details[name])) for name in ("earlier", "later"))
        assert earlier.utcoffset() != later.utcoffset()


def test_a_window_is_read_from_what_people_write() -> None:
    expected = Window(
        datetime(2026, 12, 1, 7, 50, tzinfo=ZoneInfo("Europe/Paris")),
        datetime(2026, 12, 1, 8, 40, tzinfo=ZoneInfo("Europe/Paris")),
    )
    assert Window.of(("2026-12-01 07:50", "2026-12-01 08:40")) == expected
    assert Window.of("2026-12-01 7:50 - 8 h 40") == expected
    assert Window.of("2026-12-01 07:50–08:40") == expected
    assert Window.of("01/12/2026 7h50-8h40") == expected
    assert Window.of(("01/12/2026 07:50", "01/12/2026 08:40:00")) == expected
    assert Window.of([expected.earliest, "2026-12-01 08:40"]) == expected
    west = Window.of("2026-12-01T02:50:00-04:00")
    assert (west.earliest, west.length_s) == (expected.earliest, 0)
    assert Window.of(expected) is expected
    assert expected.length_s == 3000
    assert expected.latest_s - expected.earliest_s == 3000


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        (("2026-12-01 08:40", "2026-12-01 07:50"), ["window_closed_before_open"]),
        ("2026-12-01 08:40-07:50", ["window_closed_before_open"]),
        (("2026-12-01 7", "x"), ["not_an_instant", "not_an_instant"]),
        (("2026-12-01 08:40",) * 3, ["not_a_window"]),
        (5, ["not_a_window"]),
        ((), ["not_a_window"]),
        (("2026-12-01 08:40", 5), ["not_an_instant"]),
        (datetime(2026, 12, 1, 8, 40), ["instant_without_zone"] * 2),  # noqa: DTZ001 - the fault
        (datetime(2026, 12, 1, microsecond=1, tzinfo=UTC), ["instant_too_fine"] * 2),
        (datetime(1815, 6, 18, tzinfo=UTC), ["out_of_range"] * 2),
    ],
)
def test_a_window_that_is_none_is_named(moments: Any, expected: list[str]) -> None:
    assert codes(lambda: Window.of(moments)) == expected


def test_a_window_counts_real_seconds_through_the_change_of_the_clocks() -> None:
    night = Window.of(("2026-10-25 01:30", "2026-10-25 03:30"))
    assert night.length_s == 3 * 3600
    assert night.later(3600).earliest == instant("2026-10-25 02:30+02:00")
    paris = ZoneInfo("Europe/Paris")
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=paris)
    assert Window(twice, twice) == Window.of("2026-10-25 02:30+02:00")
    assert Window(twice.replace(fold=1), twice.replace(fold=1)) == Window.of("2026-10-25 01:30Z")


@given(windows())
def test_a_window_comes_back_from_json(window: Window) -> None:
    again = Window.of(json.loads(json.dumps(window.to_list())))
    assert again == window
    assert hash(again) == hash(window)


def test_what_is_wrong_with_a_window_is_told_of_the_field_that_has_it() -> None:
    with pytest.raises(InputError) as error:
        Offer.of(
            id="o1",
            driver="jeanne",
            start=AYEN,
            end=BRIVE,
            depart="2026-12-01 08:40-07:50",
            max_detour="12 min",
        )
    assert [fault.column for fault in error.value.faults] == ["depart"]


# --- offers


def test_the_snippet_of_the_design_works() -> None:
    jeanne = Offer.of(
        id="o1",
        driver="jeanne",
        start=AYEN,
        end=BRIVE,
        depart="2026-12-01 08:10",
        seats=3,
        max_detour="12 min",
    )
    paul = Request.of(
        id="r1",
        rider="paul",
        start=PERPEZAC,
        end=BRIVE,
        depart=("2026-12-01 07:50", "2026-12-01 08:40"),
    )
    assert (jeanne.max_detour_s, jeanne.kind, jeanne.depart) == (720, "trip", Window.of(MORNING))
    assert (paul.party, paul.wants_return, paul.returns) == (1, False, None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"seats": 0}, ["out_of_range"]),
        ({"seats": 9}, ["out_of_range"]),
        ({"seats": True}, ["not_whole"]),
        ({"max_detour": "3 h"}, ["out_of_range"]),
        ({"max_detour_distance": "200 km"}, ["out_of_range"]),
        ({"max_detour": None}, ["trip_without_detour"]),
        ({"max_detour": "12"}, ["not_a_duration"]),
        ({"max_detour": -1}, ["out_of_range"]),
        ({"depart": None}, ["trip_without_time"]),
        ({"depart": "tomorrow"}, ["not_an_instant"]),
        ({"depart": ("2026-12-01 09:00", "2026-12-01 08:00")}, ["window_closed_before_open"]),
        ({"arrive": "2026-12-01 08:10"}, ["arrives_before_departure"]),
        ({"end": None}, ["trip_without_end"]),
        ({"end": AYEN}, ["trip_to_its_start"]),
        ({"end": replace(AYEN, id="elsewhere")}, ["trip_to_its_start"]),
        ({"kind": "bus"}, ["unknown_choice"]),
        ({"kind": "volunteer"}, ["volunteer_with_end"]),
        ({"home": OBJAT}, ["home_of_no_volunteer"]),
        ({"start": "nowhere"}, ["unknown_place"]),
        ({"start": None}, ["not_a_place"]),
        ({"start": 5}, ["not_a_place"]),
        ({"id": "", "driver": "jeanne "}, ["id_not_usable", "id_not_usable"]),
        ({"id": 3}, ["not_a_text"]),
        ({"wheelchair": 1}, ["not_true_false"]),
        ({"tags": [1]}, ["not_a_text"]),
        ({"rhythm": "Mo 8:00-9:00"}, ["rhythm_and_window"]),
        ({"rhythm": "Mo 8:00-9:00,10:00-11:00", "depart": None}, ["rhythm_of_several_hours"]),
        ({"rhythm": "often", "depart": None}, ["not_a_rhythm"]),
        ({"rhythm_of": "stay"}, ["unknown_choice"]),
        ({"now": datetime(2026, 12, 2, tzinfo=UTC)}, ["window_is_past"]),
        (
            {
                "depart": "2026-10-25 02:30",
                "seats": 0,
                "start": "x",
                "max_detour_distance": "200 km",
            },
            ["unknown_place", "clock_shows_instant_twice", "out_of_range", "out_of_range"],
        ),
    ],
)
def test_an_offer_names_every_fault(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(lambda: Offer.of(**{**OFFER, **changes})) == expected


def test_the_constructor_takes_exact_types() -> None:
    made = Offer.of(**OFFER)
    wrong: Any = {"depart": MORNING, "tags": ["a"], "end": "brive", "max_detour_s": 1.5}
    assert sorted(codes(lambda: replace(made, **wrong))) == [
        "not_a_place",
        "not_a_set",
        "not_a_window",
        "not_whole",
    ]


def test_places_by_their_id_and_names_in_one_text() -> None:
    offer = Offer.of(
        **{**OFFER, "start": "ayen", "end": "brive"}, places=PLACES, tags="pets; child_seat"
    )
    assert (offer.start, offer.end) == (AYEN, BRIVE)
    assert offer.tags == {"pets", "child_seat"}


def test_a_volunteer_goes_from_home_to_home() -> None:
    free: dict[str, Any] = {**OFFER, "kind": "volunteer", "end": None, "max_detour": None}
    offer = Offer.of(**free)
    assert (offer.origin, offer.destination, offer.max_detour_s) == (AYEN, AYEN, None)
    offer = Offer.of(**free, home=OBJAT)
    assert (offer.origin, offer.destination) == (OBJAT, OBJAT)
    assert Offer.of(**{**free, "kind": "minibus", "seats": 20}).destination == AYEN


def test_a_regular_offer_happens_on_its_days() -> None:
    offer = Offer.of(
        **{**OFFER, "depart": None},
        rhythm="Mo-Fr 8:00-8:20 not on public holidays except 2026-12-24",
    )
    tuesday = offer.on(date(2026, 12, 1))
    assert tuesday is not None
    assert tuesday.id == "o1@2026-12-01"
    assert tuesday.depart == Window.of("2026-12-01 08:00-08:20")
    assert tuesday.rhythm is None
    assert tuesday.on(date(2026, 12, 1)) is None
    days = [date(2026, 12, 5), date(2026, 12, 24), date(2026, 12, 25)]
    assert [offer.on(day) for day in days] == [None, None, None]
    arriving = replace(offer, rhythm_of="arrive").on(date(2026, 12, 1), zone="Indian/Reunion")
    assert arriving is not None
    assert (arriving.depart, arriving.arrive) == (
        None,
        Window.of("2026-12-01 08:00-08:20", zone="Indian/Reunion"),
    )


def test_a_regular_offer_on_the_nights_when_the_clocks_change() -> None:
    offer = Offer.of(**{**OFFER, "depart": None}, rhythm="Su 2:00-2:30")
    spring, autumn = offer.on(date(2026, 3, 29)), offer.on(date(2026, 10, 25))
    assert spring is not None
    assert autumn is not None
    assert spring.depart == Window.of("2026-03-29 03:00")
    assert autumn.depart == Window.of(("2026-10-25 02:00+02:00", "2026-10-25 02:30+02:00"))


# --- requests


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"party": 0}, ["out_of_range"]),
        ({"party": 9}, ["out_of_range"]),
        ({"end": PERPEZAC}, ["request_to_its_start"]),
        ({"depart": None}, ["trip_without_time"]),
        ({"max_ride": "0 min"}, ["out_of_range"]),
        ({"walk_limit": "25 km"}, ["out_of_range"]),
        ({"walk_limit": "500 m", "wheelchair": True}, ["walk_in_a_wheelchair"]),
        ({"stay": "1 h"}, ["return_without_time"]),
        ({"stay": "25 h", "back": "2026-12-02 12:00"}, ["out_of_range"]),
        ({"back": "2026-12-01 07:00"}, ["back_too_soon"]),
        ({"back": "2026-12-01 09:00", "stay": "2 h"}, ["back_too_soon"]),
        (
            {
                "depart": None,
                "arrive": "2026-12-01 08:00-11:30",
                "stay": "0 min",
                "back": "2026-12-01 10:00-11:00",
            },
            ["back_too_soon"],
        ),
        ({"back": "midday"}, ["not_an_instant"]),
        ({"only_with": "jeanne", "not_with": ["jeanne"]}, ["with_and_not_with"]),
        ({"only_with": "paul"}, ["own_passenger"]),
        ({"rhythm": "Mo 8:00-9:00", "depart": None, "stay": "1 h"}, ["return_without_time"]),
        (
            {"rhythm": "Mo 8:00-9:00", "depart": None, "back": "2026-12-01 12:00"},
            ["rhythm_and_window"],
        ),
        (
            {"party": 0, "start": "nowhere", "depart": ("2026-12-01 09:00", "2026-12-01 08:00")},
            ["unknown_place", "window_closed_before_open", "out_of_range"],
        ),
    ],
)
def test_a_request_names_every_fault(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(lambda: Request.of(**{**REQUEST, **changes})) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"back": "2026-12-01 12:00-13:00"}, "2026-12-01 12:00-13:00"),
        ({"arrive": "2026-12-01 09:30-10:00", "stay": "1 h"}, "2026-12-01 11:00-12:00"),
        (
            {"arrive": "2026-12-01 09:30-10:00", "stay": "1 h", "back": "2026-12-01 10:30-13:00"},
            "2026-12-01 11:00-13:00",
        ),
        ({"stay": "1 h", "back": "2026-12-01 12:00-13:00"}, "2026-12-01 12:00-13:00"),
    ],
)
def test_when_the_way_back_can_begin(written: dict[str, Any], expected: str) -> None:
    request = Request.of(**{**REQUEST, **written})
    assert request.wants_return
    assert request.returns == Window.of(expected)


# --- rides


def ride(**changes: Any) -> Ride:
    stops = (
        RideStop.of(AYEN, "2026-12-01 08:10"),
        RideStop.of(PERPEZAC, "2026-12-01 08:20", picks_up=["r1"]),
        RideStop.of(BRIVE, "2026-12-01 08:50", sets_down=["r1"]),
    )
    given: dict[str, Any] = {
        "offer": Offer.of(**OFFER),
        "requests": [Request.of(**REQUEST)],
        "stops": stops,
        "shared": ["22 km"],
        "driven": "27,5 km",
        "detour": "6 min",
    }
    return Ride.of(**{**given, **changes})


def test_a_ride_is_what_the_ledger_settles() -> None:
    one = ride()
    assert (one.id, one.rider, one.driver, one.km) == ("o1+r1", "paul", "jeanne", Decimal(22))
    (fare,) = one.fares()
    assert (fare.id, fare.rider, fare.driver, fare.km) == (one.id, one.rider, one.driver, one.km)
    two = replace(
        one,
        id="o1+r1+r2",
        requests=("r1", "r2"),
        riders=("paul", "lucie"),
        legs=("out", "out"),
        shared_m=(22_000, 5_050),
        stops=(
            RideStop.of(PERPEZAC, "2026-12-01 08:20", picks_up=["r1", "r2"]),
            RideStop.of(BRIVE, "2026-12-01 08:50", sets_down=["r1", "r2"]),
        ),
    )
    assert [fare.id for fare in two.fares()] == ["o1+r1", "o1+r2"]
    assert [str(fare.km) for fare in two.fares()] == ["22", "5.05"]
    for part in ("rider", "km"):
        assert codes(lambda part=part: getattr(two, part)) == ["ride_of_several"]


def test_a_fare_keeps_its_id_when_a_passenger_joins() -> None:
    alone = ride()
    lucie = Request.of(**{**REQUEST, "id": "r2", "rider": "lucie"})
    names = ["r1", "r2"]
    joined = ride(
        requests=[lucie, Request.of(**REQUEST)],
        shared=["1 km", "22 km"],
        stops=(
            RideStop.of(PERPEZAC, "2026-12-01 08:20", picks_up=names),
            RideStop.of(BRIVE, "2026-12-01 08:50", sets_down=names),
        ),
    )
    assert joined.id == "o1+r1+r2"
    assert alone.fares()[0].id in {fare.id for fare in joined.fares()}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"requests": [Request.of(**{**REQUEST, "rider": "jeanne"})]}, ["own_passenger"]),
        ({"shared": []}, ["ride_lists_differ"]),
        ({"shared": ["x"], "driven": "y"}, ["not_a_distance", "not_a_distance"]),
        ({"requests": [], "shared": [], "stops": ()}, ["ride_lists_differ"]),
        ({"driven": -1}, ["out_of_range"]),
        ({"legs": ["sideways"]}, ["unknown_choice"]),
        ({"legs": ["round"]}, ["not_up_and_down"]),
        ({"stops": ()}, ["not_up_and_down"]),
        ({"stops": (1,)}, ["not_records"]),
        ({"pair": 3}, ["not_a_text"]),
        (
            {
                "stops": (
                    RideStop.of(BRIVE, "2026-12-01 08:50", sets_down=["r1", "r9"]),
                    RideStop.of(PERPEZAC, "2026-12-01 08:20", picks_up=["r1"]),
                )
            },
            ["stops_out_of_order", "not_up_and_down", "not_aboard"],
        ),
    ],
)
def test_a_ride_names_every_fault(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(lambda: ride(**changes)) == expected


def test_a_volunteer_who_waits_picks_up_twice() -> None:
    there_and_back = ride(
        legs=["round"],
        stops=(
            RideStop.of(PERPEZAC, "2026-12-01 08:20", picks_up=["r1"]),
            RideStop.of(BRIVE, "2026-12-01 08:50", sets_down=["r1"]),
            RideStop.of(BRIVE, "2026-12-01 10:50", picks_up=["r1"]),
            RideStop.of(PERPEZAC, "2026-12-01 11:20", sets_down=["r1"]),
        ),
    )
    assert Ride.from_dict(json.loads(json.dumps(there_and_back.to_dict()))) == there_and_back


# --- JSON, and homes


@given(offers())
def test_an_offer_comes_back_from_json(offer: Offer) -> None:
    assert Offer.from_dict(json.loads(json.dumps(offer.to_dict()))) == offer


@given(requests())
def test_a_request_comes_back_from_json(request_: Request) -> None:
    assert Request.from_dict(json.loads(json.dumps(request_.to_dict()))) == request_


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        (Offer, [], ["not_a_record"]),
        (Offer, {"id": "o", "x": 1}, ["record_key_unknown", *["record_key_missing"] * 2]),
        (Offer, {**Offer.of(**OFFER).to_dict(), "start": {"id": "a"}}, ["not_a_place"]),
        (
            Offer,
            {**Offer.of(**OFFER).to_dict(), "start": [1], "tags": "a"},
            ["not_a_place", "not_a_set"],
        ),
        (Offer, {**Offer.of(**OFFER).to_dict(), "rhythm": 5}, ["not_a_text"]),
        (Offer, {**Offer.of(**OFFER).to_dict(), "depart": {"a": 1}}, ["not_a_window"]),
        (Request, {**Request.of(**REQUEST).to_dict(), "back": "x"}, ["not_an_instant"]),
        (Ride, {**ride().to_dict(), "stops": 3, "legs": None}, ["not_a_list"]),
        (Ride, {**ride().to_dict(), "stops": [{"place": AYEN.to_dict()}]}, ["record_key_missing"]),
    ],
)
def test_data_that_is_no_record_is_named(kind: Any, data: Any, expected: list[str]) -> None:
    assert codes(lambda: kind.from_dict(data)) == expected


def test_a_place_comes_back_from_json() -> None:
    assert Place.from_dict(json.loads(json.dumps(PERPEZAC.to_dict()))) == PERPEZAC


def test_nothing_that_prints_itself_tells_where_a_home_is() -> None:
    offer = Offer.of(**{**OFFER, "end": None, "kind": "volunteer"}, home=OBJAT)
    records = (offer, Offer.of(**OFFER), Request.of(**REQUEST), ride(), ride().stops[1])
    for record in records:
        shown = repr(record) + str(record) + f"{record}{[record]}"
        for place in PLACES.values():
            assert str(place.lon) not in shown
            assert str(place.lat) not in shown
            assert place.name not in shown
            assert place.id in shown or place.id not in str(record.to_dict())


def test_no_fault_quotes_a_place() -> None:
    wrong: Any = {"start": {"lon": 1.32417}, "end": AYEN, "home": 45.25439}
    with pytest.raises(InputError) as caught:
        Offer.of(**{**OFFER, **wrong})
    assert "1.32417" not in caught.value.text("en")
    assert "45.25439" not in caught.value.text("en")


def test_rides_are_equal_by_instant_whatever_the_offset() -> None:
    at = datetime(2026, 12, 1, 8, tzinfo=UTC)
    elsewhere = at.astimezone(timezone(timedelta(hours=5)))
    assert RideStop(place=AYEN, at=at) == RideStop(place=AYEN, at=elsewhere)


def test_a_ride_of_those_who_stay_keeps_its_hours_and_lengths() -> None:
    both = ride(
        requests=[Request.of(**REQUEST), Request.of(**{**REQUEST, "id": "r2", "rider": "lucie"})],
        shared=["22 km", "20 km"],
        stops=(
            RideStop.of(AYEN, "2026-12-01 08:10"),
            RideStop.of(PERPEZAC, "2026-12-01 08:20", picks_up=["r1"]),
            RideStop.of(OBJAT, "2026-12-01 08:30", picks_up=["r2"]),
            RideStop.of(BRIVE, "2026-12-01 08:50", sets_down=["r1", "r2"]),
            RideStop.of(BRIVE, "2026-12-01 08:55"),
        ),
    )
    assert both.of_those({"r1", "r2", "r9"}) is both
    alone = both.of_those({"r2"})
    assert (alone.requests, alone.riders, alone.shared_m) == (("r2",), ("lucie",), (20_000,))
    assert alone.driven_m == both.driven_m
    assert [stop.place.id for stop in alone.stops] == ["ayen", "objat", "brive", "brive"]
    assert not any("r1" in (*stop.picks_up, *stop.sets_down) for stop in alone.stops)
    with pytest.raises(InputError):
        both.of_those(())
