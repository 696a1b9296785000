"""Who can take a passenger, from what the desk knows; and the choice that is booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.carpool.answer import Answer
from msap_mobility.desk.fares import charged_km, price_cents
from msap_mobility.errors import InputError
from msap_mobility.ledger import Ledger, SchemeRules
from msap_mobility.ledger.scheme.ride import DrivenRide
from msap_mobility.roads import CalibratedTimes
from tests.desk.scenes import (
    BY,
    DAY,
    OBJAT,
    done,
    homeward,
    offer,
    opened,
    refused,
    request,
    stages,
    there_and_back,
)

if TYPE_CHECKING:
    from msap_mobility.carpool.answer import Choice
    from msap_mobility.desk import Desk
    from msap_mobility.model import Request
    from tests.ledger.stores import Clock

TIMES = CalibratedTimes(mode="car")
TRIP, OTHER, HOME = offer(), offer("o3", "marc"), homeward()
PAUL, LUCIE, BOTH = request(), request("r2", "lucie"), there_and_back()


def who(desk: Desk, name: str = "r1", **more: Any) -> Answer:
    answer = desk.who(name, TIMES, **more)
    assert isinstance(answer, Answer), answer
    return answer


def drivers(answer: Answer) -> list[str]:
    """Whose car is a choice, and who may be rung at all: the same."""
    chosen = [name for choice in answer.choices for name in choice.drivers]
    assert {call.driver for call in answer.calls} >= set(chosen)
    return chosen


def never_named(answer: Answer, driver: str) -> bool:
    return driver not in drivers(answer) and driver not in {call.driver for call in answer.calls}


def book(desk: Desk, name: str, choice: Choice) -> None:
    done(desk.book(name, choice, by=BY))


def test_a_choice_is_booked_and_the_next_caller_sees_the_seat_taken(desk: Desk) -> None:
    opened(desk, TRIP, PAUL, LUCIE)
    for name in ("r1", "r2"):
        assert drivers(who(desk, name)) == ["jeanne"]
    book(desk, "r1", who(desk).choices[0])
    assert stages(desk, "r1", "r2") == ["promised", "asked"]
    answer = who(desk, "r2")
    assert answer.choices == ()
    assert [each.offer for each in answer.refused] == ["o1"]
    done(desk.cancel("r1", by=BY))
    assert drivers(who(desk, "r2")) == ["jeanne"]


def test_two_who_were_told_the_same_choice(desk: Desk) -> None:
    opened(desk, TRIP, PAUL, LUCIE)
    first, second = who(desk, "r1").choices[0], who(desk, "r2").choices[0]
    book(desk, "r1", first)
    refused(desk.book("r2", second, by=BY), "seat_taken")


def test_who_joins_keeps_those_aboard(desk: Desk) -> None:
    opened(desk, offer(seats=2), PAUL, LUCIE)
    book(desk, "r1", who(desk, "r1").choices[0])
    (choice,) = who(desk, "r2").choices
    assert set(choice.out.requests) == {"r1", "r2"}
    book(desk, "r2", choice)
    assert stages(desk, "r1", "r2") == ["promised", "promised"]
    assert desk.rides(DAY) == (choice.out,)


def test_both_ways_are_chosen_booked_and_told_together(desk: Desk) -> None:
    opened(desk, TRIP, HOME, BOTH)
    (choice,) = who(desk).choices
    assert (choice.kind, choice.drivers) == ("two_drivers", ("jeanne", "marc"))
    book(desk, "r1", choice)
    assert stages(desk, "r1", "r1-back") == ["promised", "promised"]


def test_the_way_back_of_another_day(desk: Desk) -> None:
    """From the hospital the day after; the day between has offers nobody needs."""
    nights = request(back="2026-12-04 10:30-11:30")
    between = homeward("o4", "jeanne", depart="2026-12-03 11:00")
    after = homeward(depart="2026-12-04 11:00")
    opened(desk, TRIP, between, after, nights)
    (choice,) = who(desk).choices
    assert choice.back is not None
    assert (choice.out.offer, choice.back.offer) == ("o1", "o2")


def test_a_car_that_sets_out_before_midnight(desk: Desk) -> None:
    late = offer(depart="2026-12-02 23:55")
    early = request(depart=None, arrive="2026-12-03 00:05-00:30")
    opened(desk, late, early)
    assert drivers(who(desk)) == ["jeanne"]


def test_a_driver_who_is_promised_beyond_midnight_is_not_offered_twice(desk: Desk) -> None:
    late, early = offer(depart="2026-12-02 23:55"), offer("o3", depart="2026-12-03 00:03")
    after = request("r2", "lucie", depart="2026-12-03 00:03")
    opened(desk, late, early, request(depart="2026-12-02 23:55"), after)
    assert "o3" in {choice.out.offer for choice in who(desk, "r2").choices}
    book(desk, "r1", who(desk).choices[0])
    assert who(desk, "r2").choices == ()


@pytest.mark.parametrize("how", ["decline", "expire"])
def test_who_said_no_is_not_named_again(desk: Desk, how: str) -> None:
    opened(desk, TRIP, OTHER, PAUL, LUCIE)
    first = who(desk).choices[0]
    said_no = first.out.driver
    until = datetime(2026, 12, 1, 13, tzinfo=UTC)
    done(desk.propose("r1", first, by=BY, until=until))
    assert said_no in drivers(who(desk)), "a proposal is no answer"
    at = datetime(2026, 12, 1, 14, tzinfo=UTC)
    done(getattr(desk, how)("r1", by=BY, at=at))
    answer = who(desk)
    assert never_named(answer, said_no)
    assert len(answer.choices) == 1
    assert said_no in drivers(who(desk, "r2")), "it was said of the other passenger"
    book(desk, "r1", answer.choices[0])


def test_what_was_said_on_the_telephone_counts_until_it_is_taken_back(desk: Desk) -> None:
    opened(desk, TRIP, OTHER, PAUL)
    done(desk.log_call("r1", "jeanne", "no_answer", by=BY))
    assert sorted(drivers(who(desk))) == ["jeanne", "marc"]
    done(desk.log_call("r1", "jeanne", "declined", by=BY))
    assert never_named(who(desk), "jeanne")
    done(desk.log_call("r1", "jeanne", "agreed", by=BY))
    assert sorted(drivers(who(desk))) == ["jeanne", "marc"]


@pytest.mark.parametrize("why", ["driver", "weather"])
def test_a_driver_who_could_not_come_is_not_asked_again(desk: Desk, why: str) -> None:
    opened(desk, TRIP, OTHER, PAUL)
    let_down = who(desk).choices[0]
    book(desk, "r1", let_down)
    done(desk.ask_again("r1", by=BY, why=why))  # type: ignore[arg-type]
    assert never_named(who(desk, "r1~2"), let_down.out.driver) is (why == "driver")
    done(desk.ask_again("r1~2", by=BY, why="weather"))
    assert never_named(who(desk, "r1~3"), let_down.out.driver) is (why == "driver")


def test_a_driver_who_did_not_come_is_not_asked_again(desk: Desk) -> None:
    opened(desk, TRIP, OTHER, PAUL)
    absent = who(desk).choices[0]
    book(desk, "r1", absent)
    done(desk.no_show("r1", by="paul", absent="driver"))
    done(desk.ask_again("r1", by=BY))
    assert never_named(who(desk, "r1~2"), absent.out.driver)


def test_of_two_drivers_nobody_knows_who_could_not_come(desk: Desk) -> None:
    opened(desk, TRIP, HOME, BOTH)
    book(desk, "r1", who(desk).choices[0])
    done(desk.ask_again("r1", by=BY))
    assert drivers(who(desk, "r1~2")) == ["jeanne", "marc"]


@pytest.mark.parametrize("verbs", [["book"], ["book", "drive"], ["cancel"], ["book", "no_show"]])
def test_nobody_is_sought_who_has_a_seat_or_wants_none(desk: Desk, verbs: list[str]) -> None:
    opened(desk, TRIP, PAUL)
    choice = who(desk).choices[0]
    for verb in verbs:
        more = (choice,) if verb == "book" else ()
        done(getattr(desk, verb)("r1", *more, by=BY))
    answer = refused(desk.who("r1", TIMES), "not_sought")
    assert "{stage}" not in answer.text("fr")
    refused(desk.who("r9", TIMES), "request_unknown")


def test_whose_way_back_alone_is_promised(desk: Desk) -> None:
    """The driver back said yes, the driver out said no: ask again, for both or nothing."""
    opened(desk, TRIP, HOME, BOTH)
    done(desk.propose("r1", who(desk).choices[0], by=BY))
    done(desk.promise("r1-back", by="marc"))
    done(desk.decline("r1", by="jeanne"))
    answer = refused(desk.who("r1", TIMES), "not_sought")
    assert answer.subject == "r1-back"
    done(desk.ask_again("r1", by=BY))
    assert stages(desk, "r1", "r1-back", "r1~2") == ["cancelled", "cancelled", "asked"]
    assert never_named(who(desk, "r1~2"), "jeanne")


def test_regular_offers_count_on_their_days_and_withdrawn_ones_never(desk: Desk) -> None:
    weekly = offer("w1", depart=None, rhythm="Mo-Fr 8:10-8:20")
    opened(desk, weekly, OTHER, PAUL)
    assert {choice.out.offer for choice in who(desk).choices} == {"w1@2026-12-02", "o3"}
    done(desk.withdraw_offer("w1@2026-12-02", by="jeanne"))
    done(desk.withdraw_offer("o3", by="marc"))
    assert who(desk).choices == ()


def test_who_drove_less_this_month_comes_first(desk: Desk) -> None:
    before = [
        replace(request(f"b{n}", "ines"), depart=request(depart=f"2026-12-{n:02} 08:10").depart)
        for n in (3, 4)
    ]
    cars = [offer(f"c{n}", depart=f"2026-12-{n:02} 08:10") for n in (3, 4)]
    opened(desk, TRIP, OTHER, PAUL, *before, *cars)
    for each in before:
        book(desk, each.id, who(desk, each.id).choices[0])
    answer = who(desk)
    assert drivers(answer) == ["marc", "jeanne"]
    assert answer.choices[1].loads == {"jeanne": 2}


def test_no_car_of_the_past_is_named(desk: Desk, clock: Clock) -> None:
    early, late = offer(depart="2026-12-02 08:02"), offer("o3", "marc", depart="2026-12-02 08:25")
    opened(desk, early, late, PAUL)
    assert sorted(drivers(who(desk))) == ["jeanne", "marc"]
    clock.now = int(datetime(2026, 12, 2, 7, 10, tzinfo=UTC).timestamp()) * 1_000_000
    assert drivers(who(desk)) == ["marc"]
    clock.now += 3_600_000_000
    with pytest.raises(InputError) as raised:
        desk.who("r1", TIMES)
    assert [fault.code for fault in raised.value.faults] == ["window_is_past"]


def test_at_most_so_many_choices(desk: Desk) -> None:
    opened(desk, TRIP, OTHER, PAUL)
    assert len(who(desk, k=1).choices) == 1
    with pytest.raises(InputError):
        desk.who("r1", TIMES, k=0)


@pytest.mark.parametrize("asked", [PAUL, BOTH])
@pytest.mark.parametrize("lon", [1.409, 1.412, 1.420])  # 9.4, 9.7 and 10.6 km away
def test_the_price_is_what_the_ledger_takes(
    paying: Desk, ledger: Ledger, asked: Request, lon: float
) -> None:
    """Both ways are rounded each for itself."""
    there = replace(OBJAT, lon=lon)
    cars = replace(TRIP, end=there), replace(HOME, start=there)
    opened(paying, *cars, replace(asked, end=there))
    (choice,) = who(paying).choices
    book(paying, "r1", choice)
    held = ledger.balance("paul")["KM"].outgoing
    assert choice.price_cents == 6 * held > 0


def test_without_a_ledger_there_is_no_price(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    assert who(desk).choices[0].price_cents is None


@settings(max_examples=30)
@given(
    metres=st.integers(0, 25_000),
    rounding=st.sampled_from(["exact", "nearest", "up"]),
    km_per_coupon=st.sampled_from([1, 5]),
)
def test_a_price_is_the_ledger_s_price(metres: int, rounding: Any, km_per_coupon: int) -> None:
    rules = replace(
        SchemeRules.ayen(), rounding=rounding, km_per_coupon=km_per_coupon, booklets_km=()
    )
    with Ledger.create(":memory:", rules=rules) as ledger:
        ledger.sell_booklet("paul", km=100)
        before = ledger.balance("paul")["KM"].posted
        km = charged_km(rules, metres)
        ledger.settle(DrivenRide(id="r1", rider="paul", driver="jeanne", km=km))
        taken = before - ledger.balance("paul")["KM"].posted
    assert price_cents(rules, metres) == taken * rules.cents_per_coupon
