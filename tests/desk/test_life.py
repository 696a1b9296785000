"""The life of a ride, verb by verb, on every store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from msap_mobility.carpool.match import match
from msap_mobility.errors import InputError
from msap_mobility.roads import CalibratedTimes
from tests.desk.scenes import (
    BY,
    DAY,
    Pair,
    done,
    homeward,
    kinds,
    names,
    offer,
    opened,
    refused,
    request,
    ride,
    ride_home,
    rider,
    round_trip,
    stages,
    there_and_back,
)

if TYPE_CHECKING:
    from msap_mobility.desk import Desk
    from msap_mobility.ledger import Ledger
    from tests.ledger.stores import Clock

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
TRIP, HOME, PAUL, BOTH = offer(), homeward(), request(), there_and_back()


def test_from_the_call_to_the_settlement(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    assert stages(desk, "r1") == ["asked"]
    (proposed,) = done(desk.propose("r1", ride(TRIP, PAUL), by=BY))
    assert proposed.stage == "proposed"
    assert done(desk.promise("r1", by="jeanne")).stage == "promised"
    assert done(desk.drive("r1", by="jeanne", distance="9 km")).stage == "driven"
    assert done(desk.confirm("r1", by="paul")).stage == "confirmed"
    assert done(desk.settle("r1", by=BY)).stage == "settled"
    assert stages(desk, "r1") == ["settled"]
    assert kinds(desk, "r1") == [
        "asked",
        "proposed",
        "promised",
        "driven",
        "confirmed",
        "settled",
    ]
    assert [event.by for event in desk.events("r1")] == [BY, BY, "jeanne", "jeanne", "paul", BY]
    assert {event.at for event in desk.events("r1")} == {NOON}
    (life,) = desk.lives("r1")
    assert (life.offer, life.driver, life.day, life.metres) == ("o1", "jeanne", "2026-12-02", 9000)


def test_a_driver_who_declines_is_remembered(desk: Desk) -> None:
    opened(desk, TRIP, offer("o3", "marc"), PAUL)
    done(desk.propose("r1", ride(TRIP, PAUL), by=BY))
    assert done(desk.decline("r1", by="jeanne")).turned_down == ("o1",)
    assert stages(desk, "r1") == ["asked"]
    done(desk.propose("r1", ride(offer("o3", "marc"), PAUL), by=BY))
    assert done(desk.promise("r1", by="marc")).turned_down == ("o1",)
    assert names(desk.rides(DAY)) == ["o3+r1"]


def test_a_proposal_ends_with_its_time(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    until = NOON + timedelta(hours=2)
    done(desk.propose("r1", ride(TRIP, PAUL), by=BY, until=until))
    refused(desk.expire("r1", by=BY), "proposal_open")
    late = until + timedelta(seconds=1)
    refused(desk.promise("r1", by="jeanne", at=late), "proposal_over")
    assert stages(desk, "r1") == ["proposed"]
    assert done(desk.expire("r1", by=BY, at=late)).turned_down == ("o1",)
    done(desk.propose("r1", ride(TRIP, PAUL), by=BY))
    refused(desk.expire("r1", by=BY, at=late), "proposal_without_end")
    done(desk.promise("r1", by="jeanne", at=late))
    assert stages(desk, "r1") == ["promised"]


def test_a_proposal_does_not_end_before_it_is_made(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    with pytest.raises(InputError) as raised:
        desk.propose("r1", ride(TRIP, PAUL), by=BY, until=NOON)
    assert [fault.code for fault in raised.value.faults] == ["until_is_past"]
    before = NOON - timedelta(hours=2)
    done(desk.propose("r1", ride(TRIP, PAUL), by=BY, until=NOON, at=before))


def test_a_proposal_holds_no_seat(desk: Desk) -> None:
    lucie = request("r2", "lucie")
    opened(desk, TRIP, PAUL, lucie)
    done(desk.propose("r1", ride(TRIP, PAUL), by=BY))
    done(desk.book("r2", ride(TRIP, lucie), by=BY))
    refused(desk.promise("r1", by="jeanne"), "seat_taken")
    assert stages(desk, "r1", "r2") == ["proposed", "promised"]


def test_out_and_back_are_booked_together(desk: Desk) -> None:
    opened(desk, TRIP, HOME, BOTH)
    out, back = done(desk.book("r1", Pair(ride(TRIP, BOTH), ride_home(HOME, BOTH)), by=BY))
    assert (out.ride, back.ride) == ("r1", "r1-back")
    assert stages(desk, "r1", "r1-back") == ["promised", "promised"]
    assert names(desk.rides(DAY)) == ["o1+r1", "o2+r1"]
    assert [life.leg for life in desk.lives("r1")] == ["out", "back"]


def test_both_or_nothing(desk: Desk) -> None:
    """A way back that cannot be had takes the way out with it."""
    opened(desk, TRIP, HOME, BOTH, there_and_back("r2", "lucie"))
    refused(desk.book("r1", ride(TRIP, BOTH), by=BY), "return_or_nothing")
    done(desk.withdraw_offer("o2", by="marc"))
    pair = Pair(ride(TRIP, BOTH), ride_home(HOME, BOTH))
    refused(desk.book("r1", pair, by=BY), "offer_withdrawn")
    assert stages(desk, "r1", "r1-back") == ["asked", None]
    assert kinds(desk, "r1") == ["asked"]
    assert desk.rides(DAY) == ()


def test_a_driver_who_waits_is_one_ride(desk: Desk) -> None:
    opened(desk, TRIP, BOTH)
    done(desk.book("r1", round_trip(TRIP, BOTH), by=BY))
    (life,) = desk.lives("r1")
    assert (life.leg, life.metres, life.stage) == ("round", 16_000, "promised")


def test_a_day_is_booked_whole_or_not_at_all(desk: Desk) -> None:
    roomy, lucie, ines = offer(seats=2), request("r2", "lucie"), request("r3", "ines")
    opened(desk, roomy, HOME, PAUL, lucie, ines)
    refused(desk.book_rides([ride(roomy, PAUL, lucie, ines)], by=BY), "seat_taken")
    assert stages(desk, "r1", "r2", "r3") == ["asked", "asked", "asked"]
    booked = done(desk.book_rides([ride(roomy, PAUL, lucie)], by=BY))
    assert [state.ride for state in booked] == ["r1", "r2"]
    (together,) = desk.rides(DAY)
    assert together == ride(roomy, PAUL, lucie)


def test_who_joins_later_is_booked_beside_those_aboard(desk: Desk) -> None:
    roomy, lucie = offer(seats=2), request("r2", "lucie")
    opened(desk, roomy, PAUL, lucie)
    done(desk.book("r1", ride(roomy, PAUL), by=BY))
    refused(desk.book("r2", ride(roomy, lucie), by=BY), "offer_changed")
    done(desk.book("r2", ride(roomy, PAUL, lucie), by=BY))
    assert desk.rides(DAY) == (ride(roomy, PAUL, lucie),)
    done(desk.cancel("r1", by=BY))
    (left,) = desk.rides(DAY)
    assert left.requests == ("r2",)
    assert [stop.picks_up for stop in left.stops] == [("r2",), ()]


def test_a_ride_names_the_one_that_brings_all_its_riders_back_now(desk: Desk) -> None:
    roomy, lucie = offer(seats=2), request("r2", "lucie")
    opened(desk, roomy, HOME, BOTH, lucie)
    done(desk.book("r1", Pair(ride(roomy, BOTH), ride_home(HOME, BOTH)), by=BY))
    pairs = [each.pair for each in desk.rides(DAY)]
    assert pairs == ["o2+r1", "o1+r1"]
    done(desk.book("r2", ride(roomy, BOTH, lucie), by=BY))
    assert [each.pair for each in desk.rides(DAY)] == ["", "o1+r1+r2"]
    done(desk.cancel("r2", by=BY))
    assert [each.pair for each in desk.rides(DAY)] == ["o2+r1", "o1+r1"]
    done(desk.cancel("r1-back", by=BY))
    assert [each.pair for each in desk.rides(DAY)] == [""]


def test_a_cancellation_frees_the_seat_and_ends_the_way_back(desk: Desk) -> None:
    lucie = request("r2", "lucie")
    opened(desk, TRIP, HOME, BOTH, lucie)
    done(desk.book("r1", Pair(ride(TRIP, BOTH), ride_home(HOME, BOTH)), by=BY))
    refused(desk.book("r2", ride(TRIP, lucie), by=BY), "seat_taken")
    done(desk.cancel("r1", by=BY, why="weather"))
    assert stages(desk, "r1", "r1-back") == ["cancelled", "cancelled"]
    assert [desk.events(name)[-1].data for name in ("r1", "r1-back")] == [{"why": "weather"}] * 2
    done(desk.book("r2", ride(TRIP, lucie), by=BY))
    refused(desk.cancel("r1", by=BY), "over")


def test_a_way_back_is_cancelled_on_its_own(desk: Desk) -> None:
    opened(desk, TRIP, HOME, BOTH)
    done(desk.book("r1", Pair(ride(TRIP, BOTH), ride_home(HOME, BOTH)), by=BY))
    done(desk.cancel("r1-back", by=BY))
    assert stages(desk, "r1", "r1-back") == ["promised", "cancelled"]


@pytest.mark.parametrize("absent", ["rider", "driver"])
def test_who_did_not_come(desk: Desk, absent: str) -> None:
    opened(desk, TRIP, HOME, BOTH)
    done(desk.book("r1", Pair(ride(TRIP, BOTH), ride_home(HOME, BOTH)), by=BY))
    done(desk.no_show("r1", by=BY, absent=absent))  # type: ignore[arg-type]
    assert stages(desk, "r1", "r1-back") == ["no_show", "cancelled"]
    assert desk.events("r1")[-1].data == {"absent": absent}
    assert desk.events("r1-back")[-1].data == {"why": absent}


def test_a_drive_can_be_denied_until_it_is_confirmed(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    done(desk.drive("r1", by="jeanne"))
    done(desk.no_show("r1", by="paul", absent="driver"))
    assert stages(desk, "r1") == ["no_show"]


def test_asked_again_under_the_next_id(desk: Desk) -> None:
    opened(desk, TRIP, HOME, offer("o3", "marc"), BOTH)
    done(desk.book("r1", Pair(ride(TRIP, BOTH), ride_home(HOME, BOTH)), by=BY))
    again = done(desk.ask_again("r1", by=BY))
    assert (again.ride, again.stage) == ("r1~2", "asked")
    assert stages(desk, "r1", "r1-back") == ["cancelled", "cancelled"]
    second = desk.request("r1~2")
    assert second is not None
    assert second.back == BOTH.back
    pair = Pair(ride(offer("o3", "marc"), second), ride_home(HOME, second))
    done(desk.book("r1~2", pair, by=BY))
    third = done(desk.ask_again("r1~2", by=BY, why="weather"))
    assert third.ride == "r1~3"
    assert desk.events("r1~2")[-1].data == {"why": "weather"}


def test_asked_again_twice_is_asked_again_once(desk: Desk) -> None:
    """A second click on the same button makes no third request."""
    opened(desk, TRIP, PAUL)
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    first = done(desk.ask_again("r1", by=BY))
    assert done(desk.ask_again("r1", by=BY)) == first
    assert names(desk.requests(DAY)) == ["r1", "r1~2"]


@pytest.mark.parametrize(
    "verbs", [("drive",), ("drive", "confirm"), ("drive", "confirm", "settle")]
)
def test_who_rode_is_not_asked_for_again(desk: Desk, verbs: tuple[str, ...]) -> None:
    """A ride that took place is not undone to find another one."""
    opened(desk, TRIP, PAUL)
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    for verb in verbs:
        done(getattr(desk, verb)("r1", by=BY))
    before = stages(desk, "r1")
    refused(desk.ask_again("r1", by=BY), "rode_already")
    assert stages(desk, "r1", "r1~2") == [*before, None]


def test_who_may_not_ask_keeps_what_stands(desk: Desk) -> None:
    """The charter was taken back meanwhile: the promise is not lost for it."""
    opened(desk, TRIP, PAUL)
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    desk.register(rider("paul", charter_signed=None), by=BY)
    refused(desk.ask_again("r1", by=BY), "member_lacks")
    assert stages(desk, "r1", "r1~2") == ["promised", None]


def test_the_best_rides_of_a_day_are_booked_as_they_are(desk: Desk) -> None:
    opened(desk, offer(seats=2), HOME, BOTH, request("r2", "lucie"))
    times = CalibratedTimes(mode="car")
    found = match(desk.offers(DAY), desk.requests(DAY), times)
    assert [ride.offer for ride in found.rides] == ["o1", "o2"]
    booked = done(desk.book_rides(found.rides, by=BY))
    assert {state.stage for state in booked} == {"promised"}
    assert desk.rides(DAY) == found.rides
    later = match(desk.offers(DAY), desk.requests(DAY), times, promised=desk.rides(DAY))
    assert later.rides == found.rides


def test_what_was_never_asked_for(desk: Desk) -> None:
    opened(desk, TRIP)
    for verb in (desk.promise, desk.decline, desk.expire, desk.drive, desk.confirm, desk.settle):
        refused(verb("r9", by=BY), "not_asked")
    for verb in (desk.cancel, desk.no_show):
        refused(verb("r9", by=BY), "not_asked")
    refused(desk.ask_again("r9", by=BY), "request_unknown")
    assert desk.state("r9") is None
    assert desk.lives("r9") == ()
    assert desk.events("r9") == ()


def test_the_same_verb_told_twice_counts_once(paying: Desk, ledger: Ledger, clock: Clock) -> None:
    opened(paying, TRIP, PAUL)
    tell = (
        lambda: paying.ask(PAUL, by=BY),
        lambda: paying.propose("r1", ride(TRIP, PAUL), by=BY),
        lambda: paying.promise("r1", by=BY),
        lambda: paying.book("r1", ride(TRIP, PAUL), by=BY),
        lambda: paying.drive("r1", by=BY),
        lambda: paying.confirm("r1", by=BY),
        lambda: paying.settle("r1", by=BY),
    )
    for verb in tell:
        first, before = done(verb()), kinds(paying, "r1")
        clock.now += 60_000_000
        assert done(verb()) == first
        assert kinds(paying, "r1") == before
    assert kinds(paying, "r1") == [
        "asked",
        "proposed",
        "promised",
        "driven",
        "confirmed",
        "settled",
    ]
    assert ledger.balance("jeanne")["KM"].posted == 8


def test_a_cancellation_told_twice_counts_once(paying: Desk, ledger: Ledger) -> None:
    opened(paying, TRIP, HOME, BOTH)
    done(paying.book("r1", Pair(ride(TRIP, BOTH), ride_home(HOME, BOTH)), by=BY))
    for _ in range(2):
        assert done(paying.cancel("r1", by=BY)).stage == "cancelled"
        assert ledger.balance("paul")["KM"].outgoing == 0
    assert kinds(paying, "r1-back").count("cancelled") == 1


def test_what_is_out_of_turn_is_refused_and_changes_nothing(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    for verb in (desk.decline, desk.expire, desk.drive, desk.confirm, desk.settle, desk.no_show):
        refused(verb("r1", by=BY), "out_of_turn")
    refused(desk.promise("r1", by=BY), "out_of_turn")
    assert kinds(desk, "r1") == ["asked"]
