"""Numbered paper coupons: each counts once, and whoever carries it is believed only so far."""

from __future__ import annotations

import pytest

from tests.ledger.scheme.ledgers import (
    ARGENCES,
    check_books,
    held,
    in_memory,
    refused,
    ride,
    serials,
    wrong,
)


@pytest.fixture
def ledger():
    """A hundred coupons printed, fifty sold, ten used for a ride with Jeanne."""
    ledger = in_memory()
    ledger.add_shop("bakery")
    ledger.print_coupons(serials(1, 100))
    ledger.sell_booklet("paul", km=50, serials=serials(1, 50))
    ledger.settle(ride(km=10), serials=serials(1, 10))
    yield ledger
    check_books(ledger)
    in_the_drawer = sum(ledger.coupon(f"A{number:03d}").state == "sold" for number in range(1, 101))
    assert held(ledger, "paper/KM") == in_the_drawer


def test_a_coupon_is_used_once(ledger) -> None:
    with refused("coupon_used", ledger) as no:
        ledger.settle(ride("r2", km=2), serials="A010,A011")
    assert "A010" in no.said("en")
    assert "r1/settled" in no.said("fr")


def test_a_coupon_is_exchanged_once(ledger) -> None:
    ledger.exchange("jeanne", serials=serials(1, 10))
    with refused("coupon_exchanged", ledger):
        ledger.exchange("marc", serials="A010")
    with refused("coupon_exchanged", ledger):
        ledger.settle(ride("r2", km=1), serials="A010")


def test_a_coupon_is_sold_once(ledger) -> None:
    with refused("coupon_sold", ledger):
        ledger.sell_booklet("marc", km=50, serials=serials(50, 99))


def test_a_coupon_is_printed_once(ledger) -> None:
    with refused("coupon_known", ledger):
        ledger.print_coupons("A100,A101")


@pytest.mark.parametrize(("number", "code"), [("A060", "coupon_printed"), ("X1", "coupon_unknown")])
def test_a_coupon_nobody_bought_pays_nothing(ledger, number: str, code: str) -> None:
    with refused(code, ledger):
        ledger.settle(ride("r2", km=1), serials=number)
    with refused(code, ledger):
        ledger.exchange("jeanne", serials=number)


def test_a_coupon_handed_to_jeanne_is_not_marc_s(ledger) -> None:
    with refused("coupon_of_other", ledger):
        ledger.exchange("marc", serials="A010")


def test_a_lost_coupon_is_barred_and_its_value_given_back(ledger) -> None:
    ledger.lose_coupons("A020,A021", member="paul")
    assert held(ledger, "paul/KM") == 2
    with refused("coupon_lost", ledger) as no:
        ledger.settle(ride("r2", km=1), serials="A020")
    assert "perdu" in no.said("fr")
    with refused("coupon_lost", ledger):
        ledger.exchange("jeanne", serials="A021")
    with refused("coupon_lost", ledger):
        ledger.lose_coupons("A020", member="marc", key="again")
    ledger.settle(ride("r3", km=2))
    assert held(ledger, "paul/KM") == 0


def test_a_lost_coupon_of_nobody_stays_covered(ledger) -> None:
    ledger.lose_coupons("A020")
    assert held(ledger, "lost/KM") == 1


def test_lost_from_the_stock_or_after_a_ride_moves_nothing(ledger) -> None:
    fund = held(ledger, "fund/EUR")
    assert ledger.lose_coupons("A001,A100").balances == {}
    assert held(ledger, "jeanne/KM") == 10
    assert held(ledger, "fund/EUR") == fund
    assert ledger.exchange("jeanne", coupons=10).balances["jeanne/YACA"] == 60


def test_withdrawn_coupons_go_on_account_never_into_euros(ledger) -> None:
    with refused("coupons_owned", ledger):
        ledger.cancel_coupons("A050,A100")
    ledger.cancel_coupons("A050,A100", member="paul")
    assert held(ledger, "paul/KM") == 1
    with refused("coupon_cancelled", ledger):
        ledger.settle(ride("r2", km=1), serials="A050")
    with refused("coupon_used", ledger):
        ledger.cancel_coupons("A001", member="paul")


def test_as_many_numbers_as_coupons(ledger) -> None:
    with refused("serials_count", ledger):
        ledger.sell_booklet("paul", km=50, serials=serials(51, 99))
    with refused("serials_count", ledger):
        ledger.settle(ride("r2", km=3), serials=serials(11, 12))


def test_shops_of_ayen_take_no_coupons(ledger) -> None:
    with refused("coupons_not_taken", ledger):
        ledger.spend("paul", "bakery", serials="A020")
    with refused("coupons_not_taken", ledger):
        ledger.reconvert("bakery", serials="A020")


def test_paper_and_accounts_do_not_touch(ledger) -> None:
    """Paul's coupons are of paper: there is nothing on his account to ride with."""
    with refused("below_floor", ledger):
        ledger.settle(ride("r2", km=5))
    assert ledger.coupon("nothing") is None


def test_in_argences_a_used_coupon_is_spent_by_its_driver_only() -> None:
    ledger = in_memory(ARGENCES)
    ledger.add_shop("grocer")
    ledger.print_coupons(serials(1, 4))
    ledger.sell_booklet("rose", km=20, serials=serials(1, 4))
    ledger.settle(ride(km=5, rider="rose", driver="marc"), serials="A001")
    with refused("coupon_of_other", ledger):
        ledger.spend("lea", "grocer", serials="A001")
    ledger.spend("marc", "grocer", serials="A001")
    with refused("coupon_of_other", ledger):
        ledger.spend("marc", "grocer", serials="A001", key="again")
    assert held(ledger, "grocer/KM") == 1
    check_books(ledger)


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ("A1..A09", ["not_a_series"]),
        ("A9..A1", ["not_a_series"]),
        ("A1..B3", ["not_a_series"]),
        ("A000000..A999999", ["too_many_serials"]),
        ("A1, A1", ["serial_twice"]),
        ("A1,,A2", ["not_a_name"]),
        ("", ["not_a_name"]),
        ([], ["no_serials"]),
        ([7, "A1\x00"], ["not_a_name", "not_a_name"]),
    ],
)
def test_numbers_that_cannot_be_read(given, codes: list[str]) -> None:
    ledger = in_memory()
    with wrong(*codes):
        ledger.print_coupons(given)
