"""Bad input: one error that lists everything, in both languages, and nothing written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.desk import Desk
from msap_mobility.errors import InputError
from msap_mobility.model import Offer, Request, Ride, RideStop
from msap_mobility.model.member import Member
from tests.desk.scenes import (
    AYEN,
    BY,
    DAY,
    OBJAT,
    done,
    kinds,
    offer,
    opened,
    people,
    request,
    ride,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
TRIP, PAUL = offer(), request()


def faults(call: Callable[[], Any]) -> list[tuple[str, str]]:
    """Column and code of each fault, which two languages tell."""
    with pytest.raises(InputError) as raised:
        call()
    assert raised.value.text("fr") != raised.value.text("en")
    return [(fault.column, fault.code) for fault in raised.value.faults]


def test_an_offer_with_everything_wrong() -> None:
    wrong = faults(
        lambda: Offer.of(
            id="o1",
            driver="jeanne",
            start="nowhere",
            end=OBJAT,
            depart="2026-11-30 08:10",
            arrive="2026-12-02 09:00-08:00",
            seats=0,
            max_detour="20 min",
            max_detour_distance="200 km",
            places={"ayen": AYEN},
            now=NOON,
        )
    )
    assert sorted(wrong) == [
        ("arrive", "window_closed_before_open"),
        ("depart", "window_is_past"),
        ("max_detour_m", "out_of_range"),
        ("seats", "out_of_range"),
        ("start", "unknown_place"),
    ]


def test_a_request_with_everything_wrong() -> None:
    wrong = faults(
        lambda: Request.of(
            id="r1",
            rider="paul",
            start=AYEN,
            end="nowhere",
            depart="2026-11-30 08:10",
            back="2026-12-02 09:00-08:00",
            party=0,
            only_with="paul",
            places={"ayen": AYEN},
            now=NOON,
        )
    )
    assert sorted(wrong) == [
        ("back", "window_closed_before_open"),
        ("depart", "window_is_past"),
        ("end", "unknown_place"),
        ("only_with", "own_passenger"),
        ("party", "out_of_range"),
    ]


def test_a_driver_is_no_passenger_of_their_own() -> None:
    stops = [
        RideStop.of(AYEN, "2026-12-02 08:10", picks_up=["r1"]),
        RideStop.of(OBJAT, "2026-12-02 08:00", sets_down=["r1"]),
    ]
    wrong = faults(
        lambda: Ride.of(
            offer=TRIP,
            requests=[request("r1", "jeanne")],
            shared=["8 km"],
            driven="8 km",
            stops=stops,
        )
    )
    assert wrong == [("driver", "own_passenger"), ("stops", "stops_out_of_order")]


def test_a_member_with_everything_wrong() -> None:
    wrong = faults(
        lambda: Member.of(
            id="", roles="pilot", charter_signed="2026-13-01", badge="a;b", commune_code="1901"
        )
    )
    assert wrong == [("charter_signed", "not_a_date")]
    wrong = faults(lambda: Member.of(id="", roles="pilot", badge="a;b", commune_code="1901"))
    assert wrong == [
        ("id", "id_not_usable"),
        ("roles", "unknown_choice"),
        ("badge", "id_not_usable"),
        ("commune_code", "not_a_commune_code"),
    ]


NAIVE = datetime(2026, 12, 1, 12)  # noqa: DTZ001 - the fault


@pytest.mark.parametrize(
    ("call", "wrong"),
    [
        (
            lambda desk: desk.cancel("r1", by="", why="mood", at=NAIVE),  # type: ignore[arg-type]
            [("by", "not_a_name"), ("at", "instant_without_zone"), ("why", "unknown_choice")],
        ),
        (
            lambda desk: desk.ask_again("r1", by=" ", why="mood"),
            [("by", "not_a_name"), ("why", "unknown_choice")],
        ),
        (
            lambda desk: desk.no_show("r1", by="", absent="dog"),
            [("by", "not_a_name"), ("absent", "unknown_choice")],
        ),
        (
            lambda desk: desk.drive("r1", by="", distance="8 leagues"),
            [("by", "not_a_name"), ("distance", "not_a_distance")],
        ),
        (lambda desk: desk.drive("r1", by=BY, distance=0), [("distance", "out_of_range")]),
        (lambda desk: desk.drive("r1", by=BY, distance=8.5), [("distance", "not_whole")]),
        (
            lambda desk: desk.propose("r1", ride(TRIP, PAUL), by="", until=NAIVE),
            [("by", "not_a_name"), ("until", "instant_without_zone")],
        ),
        (
            lambda desk: desk.settle("r1", by="", serials="B2..B1", effective="monday"),
            [("by", "not_a_name"), ("serials", "not_a_series"), ("effective", "not_a_date")],
        ),
        (
            lambda desk: desk.log_call("r1", "marc", "busy", by="", at=NAIVE),
            [("by", "not_a_name"), ("at", "instant_without_zone"), ("outcome", "unknown_choice")],
        ),
        (lambda desk: desk.purge(NAIVE), [("before", "instant_without_zone")]),
        (lambda desk: desk.register(Member.of(id="fund", roles="rider"), by=""), None),
        (lambda desk: desk.promise("r1", by="a" * 300), [("by", "text_too_long")]),
    ],
)
def test_a_verb_lists_all_that_is_wrong(
    desk: Desk, call: Callable[[Desk], Any], wrong: list[tuple[str, str]] | None
) -> None:
    opened(desk, TRIP, PAUL)
    found = faults(lambda: call(desk))
    assert found == (wrong or [("by", "not_a_name"), ("id", "member_kept_back")])
    assert kinds(desk, "r1") == ["asked"]
    assert desk.calls("r1") == ()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("r1-back", "request_id_back"),
        ("r" * 181, "text_too_long"),
        ("r\N{ZERO WIDTH SPACE}1", "not_printable"),
        ("e\N{COMBINING ACUTE ACCENT}", "not_composed"),
    ],
)
def test_a_request_has_an_id_that_the_ledger_can_keep(desk: Desk, name: str, code: str) -> None:
    people(desk)
    assert faults(lambda: desk.ask(request(name), by=BY)) == [("id", code)]
    assert desk.requests(DAY) == ()


def test_a_request_is_of_one_day(desk: Desk) -> None:
    people(desk)
    weekly = request("r1-back", depart=None, rhythm="Mo-Fr 8:10-8:20")
    wrong = faults(lambda: desk.ask(weekly, by=BY))
    assert wrong == [("id", "request_id_back"), ("rhythm", "not_laid_on_a_day")]
    thursday = replace(weekly, id="r1").on(date(2026, 12, 3))
    assert thursday is not None
    done(desk.ask(thursday, by=BY))


@pytest.mark.parametrize(
    ("name", "code"),
    [("paul/home", "slash_in_member"), ("fund", "member_kept_back"), ("p" * 200, "text_too_long")],
)
def test_a_member_has_an_id_that_the_ledger_can_keep(desk: Desk, name: str, code: str) -> None:
    assert faults(lambda: desk.register(Member.of(id=name, roles="rider"), by=BY)) == [("id", code)]
    assert desk.members() == ()


def test_a_zone_that_is_none() -> None:
    assert faults(lambda: Desk.create(None, zone="Ayen")) == [("zone", "unknown_time_zone")]
