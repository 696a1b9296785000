"""The books of a scheme kept through the verbs of the ledger, paper coupons and all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from msap_mobility.ledger.books.circulation import circulation
from msap_mobility.ledger.books.fec import fec
from msap_mobility.ledger.books.fec_check import check_fec
from msap_mobility.ledger.books.period import Period
from msap_mobility.ledger.books.trial_balance import trial_balance
from msap_mobility.ledger.ledger import Ledger
from msap_mobility.ledger.scheme.editions import first_entry
from msap_mobility.ledger.scheme.ride import DrivenRide
from msap_mobility.ledger.scheme.rules import SchemeRules
from tests.ledger.books.scenes import DAY, at
from tests.ledger.stores import Clock

AYEN = replace(
    SchemeRules.ayen(),
    payout_cents_per_km=10,
    dues_cents=500,
    reconversion_fee_bp=200,
    expiry_months=6,
)


def begun(store, rules, clock):
    return Ledger(store.create(first=first_entry(rules), clock=clock), clock)


def ride(ledger, number, rider, km, **more):
    there = DrivenRide(id=f"r{number}", rider=rider, driver="jeanne", km=km)
    return ledger.settle(there, **more)


def lived(ledger, clock):
    """Every verb that moves something."""
    ledger.add_shop("bakery")
    ledger.pay_dues("paul", 2026)
    ledger.sell_booklet("paul", km=50)
    ledger.print_coupons("A001..A100")
    ledger.sell_booklet("anne", km=100, serials="A001..A100")
    clock.now += DAY
    ledger.promise_ride(DrivenRide(id="r1", rider="paul", driver="jeanne", km=25))
    ride(ledger, 1, "paul", 25)
    ride(ledger, 2, "anne", 3, serials="A001..A003", effective=date(2026, 3, 2))
    ledger.lose_coupons("A004..A010")
    ledger.lose_coupons("A011", member="anne")
    ledger.exchange("jeanne", serials="A001..A003, A012")
    ledger.exchange("jeanne", km=25)
    ledger.spend("jeanne", "bakery", "1.50")
    ledger.reverse("r1/settled/topped-up")
    ledger.reconvert("bakery", "1.00")
    clock.now += 250 * DAY
    ledger.expire_units()


def trial(ledger, until=None):
    return {row.number: row.cents for row in trial_balance(ledger.journal, until).by_account()}


@pytest.fixture
def clock():
    return Clock(at(2026, 3, 2, 9))


def test_the_books_of_ayen(store, clock):
    ledger = begun(store, AYEN, clock)
    lived(ledger, clock)
    told = trial(ledger)
    assert told["512200"] == ledger.cover().fund_cents
    assert told["756000"] == -500
    assert told["706000"] == -2
    assert told["758000"] < 0
    exported = fec(ledger.journal, Period.year(2026), siren="732829320")
    assert check_fec(exported.text, name=exported.file_name, first_day="20260101") == ()
    sums: dict[str, int] = {}
    for line in exported.lines:
        sums[line.account] = sums.get(line.account, 0) + line.cents
    assert {account: cents for account, cents in sums.items() if cents} == told
    report = circulation(
        ledger.journal, since=Period.year(2026).since, until=Period.year(2026).until
    )
    assert report.cover == 1.0
    assert report.lapsed == -told["758000"]
    assert report.owed == report.issued - report.reconverted - report.lapsed
    assert [(each.owner, each.cents) for each in report.shops] == [("bakery", 150)]


def test_argences_where_shops_take_coupons(memory, clock):
    ledger = begun(memory, SchemeRules.argences(), clock)
    ledger.add_shop("bakery")
    ledger.sell_booklet("paul", km=20)
    ride(ledger, 1, "paul", 20)
    ledger.spend("jeanne", "bakery", "1.00")
    assert trial(ledger) == {"467200": -100, "512200": 100}
    ledger.reconvert("bakery", "1.00")
    assert trial(ledger) == {}


def test_after_a_new_price_old_entries_keep_their_value(memory, clock):
    rules = SchemeRules.argences()
    ledger = begun(memory, rules, clock)
    ledger.add_shop("bakery")
    ledger.sell_booklet("paul", km=20)
    ledger.spend("paul", "bakery", "1.00")
    ledger.reconvert("bakery", "1.00")
    clock.now = at(2027, 2, 1)
    ledger.amend(replace(rules, cents_per_coupon=30))
    ledger.sell_booklet("paul", km=20)
    assert trial(ledger) == {"467100": -120, "512200": 120}
    old, new = (fec(ledger.journal, Period.year(y), siren="732829320") for y in (2026, 2027))
    assert (old.debit, new.debit) == (300, 120)
    assert check_fec(old.text) == check_fec(new.text) == ()
