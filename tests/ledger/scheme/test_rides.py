"""Rides: promised, settled, cancelled; whole coupons; by the rules of their day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger import DrivenRide
from msap_mobility.ledger.books.statement import statement
from msap_mobility.ledger.journal import instant_of
from tests.ledger.scheme.ledgers import (
    AYEN,
    DAY,
    begun,
    changed,
    check_books,
    held,
    in_memory,
    refused,
    ride,
    serials,
    wrong,
)
from tests.ledger.stores import NOON, Clock

HOUR = DAY // 24


@pytest.fixture
def ledger(store):
    """Paul has fifty coupons on account; all three stores."""
    ledger = begun(store)
    ledger.sell_booklet("paul", km=50)
    yield ledger
    check_books(ledger)


def available(ledger, member: str) -> int:
    return ledger.balance(member)["KM"].available


def test_what_is_promised_cannot_be_promised_twice(ledger) -> None:
    ledger.promise_ride(ride("r1"))
    ledger.promise_ride(ride("r2"))
    assert available(ledger, "paul") == 0
    with refused("below_floor", ledger):
        ledger.promise_ride(ride("r3", km=1))
    with refused("below_floor", ledger):
        ledger.settle(ride("r3", km=1))


def test_a_promise_is_captured(ledger) -> None:
    ledger.promise_ride(ride())
    ledger.settle(ride())
    assert ledger.journal.entry("r1/settled").entry.phase == "capture"
    assert (available(ledger, "paul"), held(ledger, "jeanne/KM")) == (25, 25)


def test_less_is_driven_than_promised(ledger) -> None:
    ledger.promise_ride(ride(km=25))
    ledger.settle(ride(km=20))
    assert (available(ledger, "paul"), held(ledger, "jeanne/KM")) == (30, 20)


@pytest.mark.parametrize(("first", "then"), [(10, ride(km=25)), (25, ride(km=25, driver="marc"))])
def test_more_is_driven_than_promised_or_by_another(ledger, first: int, then) -> None:
    ledger.promise_ride(ride(km=first))
    posted = ledger.settle(then)
    assert posted.key == "r1/settled"
    assert ledger.journal.entry("r1/settled/released").entry.phase == "void"
    assert (available(ledger, "paul"), held(ledger, f"{then.driver}/KM")) == (25, 25)


def test_a_promise_paid_on_paper_is_let_go(ledger) -> None:
    ledger.print_coupons(serials(1, 50))
    ledger.sell_booklet("paul", km=50, serials=serials(1, 50))
    ledger.promise_ride(ride(km=3))
    ledger.settle(ride(km=3), serials=serials(1, 3))
    assert (available(ledger, "paul"), held(ledger, "jeanne/KM")) == (50, 3)


def test_a_cancelled_ride_is_let_go_and_not_settled(ledger) -> None:
    ledger.promise_ride(ride())
    ledger.cancel_ride("r1")
    assert available(ledger, "paul") == 50
    with refused("ride_cancelled", ledger):
        ledger.settle(ride())
    with refused("unknown_target", ledger):
        ledger.cancel_ride("r2")


def test_a_settled_ride_is_not_cancelled(ledger) -> None:
    ledger.promise_ride(ride())
    ledger.settle(ride())
    with refused("already_closed", ledger):
        ledger.cancel_ride("r1")


def test_a_promise_ends_by_itself_and_the_ride_is_settled_all_the_same(store) -> None:
    clock = Clock()
    ledger = begun(store, clock=clock)
    ledger.sell_booklet("paul", km=50)
    ledger.promise_ride(ride(), expires=instant_of(clock.now) + timedelta(hours=2))
    clock.now += DAY
    ledger.settle(ride())
    assert ledger.journal.entry("r1/promised/expired") is not None
    assert (available(ledger, "paul"), held(ledger, "jeanne/KM")) == (25, 25)


def test_a_ride_is_paid_once(ledger) -> None:
    first = ledger.settle(ride())
    again = ledger.settle(ride(), actor="someone else")
    assert again.replayed
    assert (again.seq, again.hash, dict(again.balances)) == (
        first.seq,
        first.hash,
        dict(first.balances),
    )
    with refused("key_reused", ledger) as no:
        ledger.settle(ride(km=24))
    assert "km=25" in no.said("en")
    assert "km=24" in no.said("en")
    with refused("key_of_its_own", ledger):
        ledger.settle(ride(), key="another key")
    assert held(ledger, "jeanne/KM") == 25


def test_a_ride_undone_is_settled_again_under_its_next_key(ledger) -> None:
    ledger.promise_ride(ride())
    ledger.settle(ride())
    ledger.reverse("r1/settled")
    with refused("undone", ledger):
        ledger.settle(ride())
    assert held(ledger, "jeanne/KM") == 0
    assert ledger.settle(ride(km=20), key="r1/settled/2").balances["jeanne/KM"] == 20
    with refused("key_of_its_own", ledger):
        ledger.settle(ride(km=20), key="r1/settled/3")


@pytest.mark.parametrize("km", ["12.5", "0.5", "24.999"])
def test_half_a_coupon_is_refused(km: str) -> None:
    ledger = in_memory()
    ledger.sell_booklet("paul", km=50)
    for verb in (ledger.settle, ledger.promise_ride):
        with refused("part_of_coupon", ledger) as no:
            verb(ride(km=km))
        assert "coupon" in no.said("en")
        assert "deux" in no.said("fr")


@pytest.mark.parametrize(
    ("rounding", "km", "coupons"),
    [
        ("up", "10.001", 3),
        ("up", "10", 2),
        ("up", "0.1", 1),
        ("nearest", "12.499", 2),
        ("nearest", "12.5", 3),
        ("nearest", "1", 1),
        ("exact", "15", 3),
    ],
)
def test_rounding(rounding: str, km: str, coupons: int) -> None:
    """Coupons of 5 km; a ride costs one at least."""
    rules = changed(AYEN, km_per_coupon=5, cents_per_coupon=25, rounding=rounding)
    ledger = in_memory(rules)
    ledger.sell_booklet("paul", km=50)
    assert ledger.settle(ride(km=km)).balances["jeanne/KM"] == coupons


def test_the_longest_ride(ledger) -> None:
    with refused("ride_too_long", ledger):
        ledger.settle(ride(km=26))


def test_there_and_back_each_way_may_be_the_longest(ledger) -> None:
    ledger.sell_booklet("paul", km=50)
    waited = {"rider": "paul", "driver": "jeanne", "ways": 2}
    with refused("ride_too_long", ledger):
        ledger.settle(DrivenRide(id="r8", km=51, **waited))
    assert ledger.settle(DrivenRide(id="r9", km=50, **waited)).balances["jeanne/KM"] == 50
    with pytest.raises(InputError) as caught:
        ledger.settle(DrivenRide(id="r10", rider="paul", driver="jeanne", km=9, ways=3))
    assert [fault.code for fault in caught.value.faults] == ["out_of_range"]


def test_a_ride_on_credit_is_refused(ledger) -> None:
    with refused("below_floor", ledger):
        ledger.settle(ride(rider="jeanne", driver="paul", km=1))


def test_a_slip_of_paper_comes_in_later(ledger) -> None:
    posted = ledger.settle(ride(), effective=date(2026, 11, 2), ref="slip-12", actor="a1")
    entry = ledger.journal.entry(posted.key).entry
    assert instant_of(entry.effective).isoformat() == "2026-11-01T23:00:00+00:00"
    assert (entry.ref, entry.actor) == ("slip-12", "a1")
    with refused("effective_in_future", ledger):
        ledger.settle(ride("r2"), effective=date(2026, 12, 2))


def test_a_slip_of_today_stands_behind_what_paid_for_it(store) -> None:
    """By the time things happened, nobody is ever below zero."""
    clock = Clock()
    ledger = begun(store, clock=clock)
    ledger.sell_booklet("paul", km=50)
    clock.now += HOUR
    ledger.settle(ride(), effective=date(2026, 12, 1), ref="slip-12")
    lines = statement(ledger.journal, "paul/KM").lines
    assert [(line.kind, line.balance) for line in lines] == [("booklet", 50), ("ride", 25)]
    assert lines[1].effective == lines[1].recorded


def test_today_is_that_of_the_scheme() -> None:
    """Half past midnight in France, and still the day before in UTC."""
    ledger = in_memory(clock=Clock(NOON + 11 * HOUR + HOUR // 2))
    posted = ledger.sell_booklet("paul", km=50, effective=date(2026, 12, 2))
    assert ledger.journal.entry(posted.key).entry.effective is None
    posted = ledger.sell_booklet("paul", km=50, effective=date(2026, 12, 1))
    assert ledger.journal.entry(posted.key).entry.effective == NOON - 13 * HOUR


def test_the_rules_of_the_day_count() -> None:
    """A slip from before a change is settled by what held then."""
    clock = Clock(NOON - 10 * DAY)
    ledger = in_memory(changed(AYEN, payout_cents_per_km=10), clock)
    ledger.sell_booklet("paul", km=50)
    clock.now = NOON
    ledger.amend(changed(AYEN, payout_cents_per_km=20, longest_ride_km=10))
    ledger.settle(ride("late"), effective=instant_of(NOON - DAY))
    assert held(ledger, "jeanne/YACA") == 25 * 4
    with refused("ride_too_long", ledger):
        ledger.settle(ride("now"))
    ledger.settle(ride("now", km=10))
    assert held(ledger, "jeanne/YACA") == 25 * 4 + 10 * 14


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (ride(km=25.0), ["amount_not_exact"]),
        (ride(km=0), ["amount_not_positive"]),
        (ride(km="1.0001"), ["amount_too_fine"]),
        (ride(rider="jeanne"), ["own_passenger"]),
        (ride("", km=-1, rider="fund", driver="a/b"), None),
    ],
)
def test_rides_that_cannot_be_read(asked, codes) -> None:
    ledger = in_memory()
    all_at_once = ["not_a_name", "member_kept_back", "slash_in_member", "amount_not_positive"]
    with wrong(*(codes or all_at_once)):
        ledger.settle(asked)
