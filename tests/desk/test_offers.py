"""Offers, one-off and regular, taken back or not; members and calls."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from msap_mobility.desk import Call
from msap_mobility.model.member import Contact
from tests.desk.scenes import (
    BY,
    DAY,
    DRIVERS,
    RIDERS,
    done,
    driver,
    names,
    offer,
    opened,
    people,
    refused,
    request,
    ride,
)

if TYPE_CHECKING:
    from msap_mobility.desk import Desk

TRIP, PAUL = offer(), request()
WEEKLY = offer("w1", depart=None, rhythm="Mo-Fr 8:10-8:20")


def test_members_are_registered_and_found(desk: Desk) -> None:
    people(desk)
    assert names(desk.members()) == sorted((*DRIVERS, *RIDERS))
    assert desk.member("jeanne") == driver("jeanne")
    assert desk.member("nobody") is None
    desk.register(driver("jeanne", badge="13"), Contact(phone="05 55 00 00 00"), by=BY)
    assert desk.member("jeanne") == driver("jeanne", badge="13")
    desk.register(driver("jeanne", badge="14"), by=BY)
    assert desk.contact("jeanne") == Contact(phone="05 55 00 00 00")
    assert desk.contact("paul") is None


def test_offers_and_requests_are_found_by_day_and_id(desk: Desk) -> None:
    other_day = offer("o5", "marc", depart="2026-12-03 08:10")
    late = request("r2", "lucie", depart="2026-12-03 08:00-08:30")
    opened(desk, TRIP, other_day, PAUL, late)
    assert desk.offers(DAY) == (TRIP,)
    assert desk.offers(date(2026, 12, 3)) == (other_day,)
    assert desk.offer("o5") == other_day
    assert desk.offer("o9") is None
    assert desk.requests(DAY) == (PAUL,)
    assert desk.requests(DAY, date(2026, 12, 3)) == (PAUL, late)
    assert desk.request("r2") == late
    assert desk.request("r9") is None
    assert [life.ride for life in desk.lives_on(DAY, date(2026, 12, 3))] == ["r1", "r2"]


def test_the_same_offer_and_request_count_once(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    assert done(desk.add_offer(TRIP, by="other")) == TRIP
    assert done(desk.ask(PAUL, by="other")).stage == "asked"
    assert desk.offers(DAY) == (TRIP,)
    assert [event.by for event in desk.events("r1")] == [BY]


def test_an_offer_that_was_taken_back_is_gone(desk: Desk) -> None:
    opened(desk, TRIP)
    for _ in range(2):
        assert done(desk.withdraw_offer("o1", by="jeanne")) == TRIP
    assert desk.offers(DAY) == ()
    refused(desk.add_offer(TRIP, by=BY), "offer_withdrawn")
    refused(desk.withdraw_offer("o9", by="jeanne"), "offer_unknown")


def test_a_regular_offer_is_laid_on_its_days(desk: Desk) -> None:
    opened(desk, WEEKLY, PAUL)
    wednesday = WEEKLY.on(DAY)
    assert wednesday is not None
    assert desk.offers(DAY) == (wednesday,)
    assert desk.offers(date(2026, 12, 5)) == ()
    assert desk.offer("w1") == WEEKLY
    assert desk.offer("w1@2026-12-02") == wednesday
    assert desk.offer("w1@2026-12-05") is None
    assert desk.offer("w1@soon") is None
    done(desk.book("r1", ride(wednesday, PAUL), by=BY))
    assert names(desk.rides(DAY)) == ["w1@2026-12-02+r1"]


def test_the_day_of_a_regular_offer_cannot_be_another_offer(desk: Desk) -> None:
    opened(desk, WEEKLY)
    wednesday = WEEKLY.on(DAY)
    assert wednesday is not None
    assert done(desk.add_offer(wednesday, by=BY)) == wednesday
    refused(desk.add_offer(offer("w1@2026-12-02"), by=BY), "offer_differs")
    assert desk.offers(DAY) == (wednesday,)


def test_one_day_of_a_regular_offer_is_taken_back(desk: Desk) -> None:
    opened(desk, WEEKLY, PAUL)
    wednesday, thursday = WEEKLY.on(DAY), WEEKLY.on(date(2026, 12, 3))
    assert wednesday is not None
    done(desk.withdraw_offer("w1@2026-12-02", by="jeanne"))
    assert desk.offers(DAY) == ()
    assert desk.offers(date(2026, 12, 3)) == (thursday,)
    refused(desk.book("r1", ride(wednesday, PAUL), by=BY), "offer_withdrawn")


def test_a_regular_offer_with_somebody_aboard_stays(desk: Desk) -> None:
    opened(desk, WEEKLY, PAUL)
    wednesday = WEEKLY.on(DAY)
    assert wednesday is not None
    done(desk.book("r1", ride(wednesday, PAUL), by=BY))
    for name in ("w1", "w1@2026-12-02"):
        answer = refused(desk.withdraw_offer(name, by="jeanne"), "offer_in_use")
        assert answer.values == {"rides": "r1"}
    done(desk.withdraw_offer("w1@2026-12-03", by="jeanne"))
    done(desk.cancel("r1", by=BY))
    done(desk.withdraw_offer("w1", by="jeanne"))


def test_who_rode_already_keeps_no_offer_from_being_taken_back(desk: Desk) -> None:
    opened(desk, WEEKLY, PAUL)
    wednesday = WEEKLY.on(DAY)
    assert wednesday is not None
    done(desk.book("r1", ride(wednesday, PAUL), by=BY))
    done(desk.drive("r1", by="jeanne"))
    done(desk.withdraw_offer("w1", by="jeanne"))


def test_ids_that_look_like_patterns_are_ids(desk: Desk) -> None:
    """Underscore and percent stand for themselves."""
    others, odd = offer("wX1", depart=None, rhythm="Mo-Fr 8:10-8:20"), ("w_1", "w%", "W_1")
    alike = [offer(name, "marc", depart=None, rhythm="Mo-Fr 8:10-8:20") for name in odd]
    opened(desk, others, *alike, PAUL)
    of_day = others.on(DAY)
    assert of_day is not None
    done(desk.book("r1", ride(of_day, PAUL), by=BY))
    for name in odd:
        done(desk.withdraw_offer(name, by="marc"))
    refused(desk.withdraw_offer("wX1", by="jeanne"), "offer_in_use")


def test_calls_are_kept_in_order(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    at = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    first = done(desk.log_call("r1", "marc", "no_answer", by=BY, at=at))
    second = done(desk.log_call("r1", "jeanne", "agreed", by=BY))
    assert first == Call(request="r1", member="marc", outcome="no_answer", at=at, by=BY)
    assert first.to_dict()["at"] == "2026-12-01T09:30:00+00:00"
    assert desk.calls("r1") == (first, second)
    assert desk.calls("r9") == ()
    refused(desk.log_call("r9", "marc", "told", by=BY), "request_unknown")
    refused(desk.log_call("r1", "nobody", "told", by=BY), "not_a_member")
