"""Coupons lapse after their term: the first in is the first out, and nothing lapses twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.ledger.journal import instant_of
from msap_mobility.ledger.scheme.expiry import months_before
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
from tests.ledger.stores import Clock

LAPSING = changed(AYEN, expiry_months=12, booklets_km=[])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(store, clock: Clock):
    ledger = begun(store, LAPSING, clock)
    yield ledger
    check_books(ledger)


def test_the_first_in_is_the_first_out(ledger, clock: Clock) -> None:
    """50 in the first year, 30 spent since: 20 of the old are left to lapse; the new stay."""
    ledger.sell_booklet("paul", km=50)
    clock.now += 200 * DAY
    ledger.sell_booklet("paul", km=40)
    clock.now += 100 * DAY
    for name, km in (("r1", 25), ("r2", 5)):
        ledger.settle(ride(name, km=km))
    clock.now += 70 * DAY
    (posted,) = ledger.expire_units()
    assert held(ledger, "paul/KM") == 40
    assert held(ledger, "jeanne/KM") == 30
    assert held(ledger, "expired/EUR") == -120 == -held(ledger, "bank/EUR")
    assert ledger.expire_units() == ()
    assert ledger.journal.entry(posted.key).entry.kind == "lapse"


def test_not_a_day_too_early(ledger, clock: Clock) -> None:
    ledger.sell_booklet("paul", km=50)
    sold = ledger._book.now().date()
    clock.now += 800 * DAY
    year_later = date(sold.year + 1, sold.month, sold.day)
    assert ledger.expire_units(year_later) == ()
    assert len(ledger.expire_units(year_later + timedelta(days=1))) == 1


def test_what_is_held_back_stays(ledger, clock: Clock) -> None:
    ledger.sell_booklet("paul", km=50)
    ledger.promise_ride(ride())
    clock.now += 400 * DAY
    ledger.expire_units()
    assert held(ledger, "paul/KM") == 25
    ledger.settle(ride())
    assert held(ledger, "jeanne/KM") == 25


def test_paper_lapses_too(ledger, clock: Clock) -> None:
    ledger.print_coupons(serials(1, 30))
    ledger.sell_booklet("paul", km=10, serials=serials(1, 10))
    ledger.settle(ride(km=2), serials=serials(1, 2))
    ledger.lose_coupons("A003")
    clock.now += 200 * DAY
    ledger.sell_booklet("paul", km=10, serials=serials(11, 20))
    clock.now += 200 * DAY
    ledger.expire_units()
    assert held(ledger, "paper/KM") == 10
    assert held(ledger, "lost/KM") == 0
    assert ledger.coupon("A004").state == "cancelled"
    assert ledger.coupon("A011").state == "sold"
    with refused("coupon_cancelled", ledger):
        ledger.settle(ride("r2", km=1), serials="A004")


def test_shops_currency_and_the_day_ahead() -> None:
    clock = Clock()
    ledger = in_memory(LAPSING, clock)
    ledger.add_shop("bakery")
    ledger.sell_booklet("paul", km=50)
    ledger.exchange("paul", km=50)
    ledger.spend("paul", "bakery", 100)
    clock.now += 4000 * DAY
    assert ledger.expire_units() == ()
    assert held(ledger, "bakery/YACA") == 100
    ledger.sell_booklet("paul", km=50)
    ahead = (instant_of(clock.now) + timedelta(days=400)).date()
    (refusal,) = ledger.expire_units(ahead)
    assert refusal.code == "effective_in_future"
    with wrong("not_a_day"):
        ledger.expire_units("2027-01-01")


@given(st.dates(min_value=date(1970, 1, 1)), st.integers(0, 240))
def test_months_before(day: date, months: int) -> None:
    earlier = months_before(day, months)
    apart = 12 * (day.year - earlier.year) + day.month - earlier.month
    assert apart == months
    assert earlier.day <= day.day
    assert earlier.day == day.day or (earlier + timedelta(days=1)).day == 1


def test_before_all_time() -> None:
    assert months_before(date(1, 1, 1), 1) == date.min
