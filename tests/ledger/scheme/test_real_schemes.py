"""The schemes as they run: Ayen, Argences, a centre. One code, other rules; all three stores."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.ledger.scheme.ledgers import (
    ARGENCES,
    AYEN,
    CENTRE,
    DAY,
    begun,
    changed,
    check_books,
    held,
    in_memory,
    refused,
    ride,
    serials,
)
from tests.ledger.stores import NOON, Clock

if TYPE_CHECKING:
    from tests.ledger.stores import Store


def test_ayen_from_the_booklet_to_the_baker_s_euros(store: Store) -> None:
    """3 euros in, a return to Brive, the desk, the bakery, 3 euros out: the fund ends at zero."""
    ledger = begun(store)
    ledger.add_shop("bakery")
    sold = ledger.sell_booklet("paul", km=50)
    assert sold.balances == {
        "issue/KM": -50,
        "fund/EUR": 300,
        "backed/EUR": -300,
        "paul/KM": 50,
    }
    check_books(ledger)
    assert ledger.settle(ride("there")).balances == {"paul/KM": 25, "jeanne/KM": 25}
    assert ledger.settle(ride("back")).balances == {"paul/KM": 0, "jeanne/KM": 50}
    check_books(ledger)
    assert ledger.exchange("jeanne", km=50).balances["jeanne/YACA"] == 300
    check_books(ledger)
    ledger.spend("jeanne", "bakery", "3.00", price="3.00")
    check_books(ledger)
    assert ledger.cover().fund_cents == 300
    assert ledger.reconvert("bakery", "3.00").balances["fund/EUR"] == 0
    check_books(ledger)
    assert {each.terms.id: each.posted for each in ledger.journal.accounts() if each.posted} == {}


def test_ayen_on_paper(store: Store) -> None:
    """The same with numbered coupons; the second ride nobody wrote down."""
    ledger = begun(store)
    ledger.add_shop("bakery")
    ledger.print_coupons(serials(1, 100))
    sold = ledger.sell_booklet("paul", km=50, serials=serials(1, 50))
    assert sold.balances["paper/KM"] == 50
    assert "paul/KM" not in sold.balances
    ledger.settle(ride("there"), serials=serials(1, 25))
    assert held(ledger, "jeanne/KM") == 25
    exchanged = ledger.exchange("jeanne", serials=serials(1, 50))
    assert exchanged.balances["jeanne/YACA"] == 300
    assert held(ledger, "paper/KM") == held(ledger, "jeanne/KM") == 0
    coupon = ledger.coupon("A050")
    assert coupon is not None
    assert coupon.to_dict() == {
        "serial": "A050",
        "state": "exchanged",
        "account": "",
        "key": "exchange/A001",
    }
    ledger.spend("jeanne", "bakery", 300)
    ledger.reconvert("bakery", 300)
    check_books(ledger)
    assert ledger.cover().fund_cents == 0


def test_argences_spends_the_coupons_in_the_shop(store: Store) -> None:
    """A sheet of 4 coupons of 5 km is one euro; there is no currency and no desk."""
    ledger = begun(store, ARGENCES)
    ledger.add_shop("grocer")
    assert ledger.sell_booklet("rose", km=20).balances["fund/EUR"] == 100
    assert ledger.settle(ride(km=18, rider="rose", driver="marc")).balances["marc/KM"] == 4
    with refused("no_desk_exchange", ledger):
        ledger.exchange("marc", coupons=4)
    assert ledger.spend("marc", "grocer", "1.00", price="1.00").balances == {
        "marc/KM": 0,
        "grocer/KM": 4,
    }
    check_books(ledger)
    with refused("refund_to_person", ledger):
        ledger.reconvert("marc", 25)
    assert ledger.reconvert("grocer", "1,00").balances["fund/EUR"] == 0
    check_books(ledger)


def test_argences_on_paper_the_shop_brings_what_it_took(store: Store) -> None:
    """Nobody wrote the rides or the purchases: the grocer's coupons tell enough."""
    ledger = begun(store, ARGENCES)
    ledger.add_shop("grocer")
    ledger.print_coupons(serials(1, 8))
    ledger.sell_booklet("rose", km=20, serials=serials(1, 4))
    ledger.sell_booklet("rose", km=20, serials=serials(5, 8))
    ledger.settle(ride(km=5, rider="rose", driver="marc"), serials="A001")
    ledger.spend("marc", "grocer", serials="A001,A002")
    assert held(ledger, "grocer/KM") == 2
    ledger.reconvert("grocer", serials=serials(1, 8))
    assert ledger.cover().fund_cents == 0
    with refused("coupon_exchanged", ledger):
        ledger.reconvert("grocer", serials="A008")
    check_books(ledger)


def test_a_centre_has_members_only(store: Store) -> None:
    """Its currency pays its own activities: the centre is the one shop."""
    ledger = begun(store, CENTRE)
    ledger.add_shop("centre-social")
    with refused("dues_unpaid", ledger) as no:
        ledger.sell_booklet("lea", km=20)
    assert "2026" in no.said("fr")
    ledger.pay_dues("lea", 2026)
    ledger.sell_booklet("lea", km=20)
    with refused("dues_unpaid", ledger):
        ledger.settle(ride(km=20, rider="lea", driver="omar"))
    ledger.pay_dues("omar", 2026)
    ledger.settle(ride(km=20, rider="lea", driver="omar"))
    ledger.exchange("omar", km=20)
    ledger.spend("omar", "centre-social", "1,00")
    ledger.reconvert("centre-social", "1,00")
    check_books(ledger)
    assert held(ledger, "bank/EUR") == 1000
    assert held(ledger, "dues/EUR") == -1000


@pytest.mark.parametrize("amount", ["0.50", "0,5", Decimal("0.50"), 50])
def test_where_shops_take_coupons_amounts_are_euros_all_the_same(amount) -> None:
    ledger = in_memory(ARGENCES)
    ledger.add_shop("grocer")
    ledger.sell_booklet("rose", km=20)
    assert ledger.spend("rose", "grocer", amount).balances == {"rose/KM": 2, "grocer/KM": 2}
    assert ledger.reconvert("grocer", amount).balances["fund/EUR"] == 50
    check_books(ledger)


def test_an_amount_that_cuts_a_coupon_is_told_the_nearest_ones() -> None:
    ledger = in_memory(ARGENCES)
    ledger.add_shop("grocer")
    ledger.sell_booklet("rose", km=20)
    with refused("part_of_coupon_paid", ledger) as no:
        ledger.spend("rose", "grocer", "0.60")
    assert "0.50 € or 0.75 €" in no.said("en")
    with refused("part_of_coupon_paid", ledger):
        ledger.reconvert("grocer", 76)
    with refused("less_than_a_coupon", ledger) as no:
        ledger.spend("rose", "grocer", 24)
    assert "0,25\u202f€" in no.said("fr")


def test_dues_of_another_year_do_not_count(store: Store) -> None:
    clock = Clock(NOON - 365 * DAY)
    ledger = begun(store, CENTRE, clock)
    ledger.pay_dues("lea", 2025)
    clock.now += 365 * DAY
    with refused("dues_unpaid", ledger):
        ledger.sell_booklet("lea", km=20)
    slip = {"effective": date(2025, 12, 31), "ref": "slip-7"}
    assert ledger.sell_booklet("lea", km=20, **slip).balances["lea/KM"] == 4


def test_dues_taken_back_do_not_count() -> None:
    ledger = in_memory(CENTRE)
    ledger.pay_dues("lea", 2026)
    ledger.reverse("dues/2026/lea")
    with refused("dues_unpaid", ledger):
        ledger.sell_booklet("lea", km=20)
    with refused("key_of_its_own", ledger):
        ledger.pay_dues("lea", 2026, key="another")
    ledger.pay_dues("lea", 2026, key="dues/2026/lea/2")
    assert ledger.sell_booklet("lea", km=20).balances["lea/KM"] == 4


def test_a_fee_stays_with_the_maison(store: Store) -> None:
    """2 % of 1.51 is 3.02 cents: 3 for the maison, the rest of a cent for the shop."""
    ledger = begun(store, changed(AYEN, reconversion_fee_bp=200))
    ledger.add_shop("bakery")
    ledger.sell_booklet("paul", km=50)
    ledger.exchange("paul", km=50)
    ledger.spend("paul", "bakery", 151)
    assert ledger.reconvert("bakery", 151).balances == {
        "bakery/YACA": 0,
        "issue/YACA": -149,
        "fund/EUR": 149,
        "backed/EUR": -149,
        "bank/EUR": 3,
        "fees/EUR": -3,
    }
    check_books(ledger)


@pytest.mark.parametrize(("km", "topped"), [(25, 750 - 150), ("12.5", 375 - 13 * 6), ("0.05", 0)])
def test_a_driver_s_payout_is_topped_up(store: Store, km: object, topped: int) -> None:
    """30 cents per km for the driver, 6 a coupon from the passenger: the maison adds the rest."""
    rules = changed(AYEN, payout_cents_per_km=30, rounding="up")
    ledger = begun(store, rules)
    ledger.sell_booklet("paul", km=50)
    ledger.settle(ride(km=km))
    assert held(ledger, "jeanne/YACA") == topped
    assert held(ledger, "subsidy/EUR") == topped == -held(ledger, "bank/EUR")
    check_books(ledger)
    ledger.reverse("r1/settled")
    assert held(ledger, "subsidy/EUR") == held(ledger, "jeanne/YACA") == 0
    check_books(ledger)
