"""At the desk a refusal speaks of coupons, kilometres and rides, not of floors and accounts."""

from __future__ import annotations

import re

import pytest

from tests.ledger.scheme.ledgers import AYEN, begun, changed, in_memory, refused, ride

INNER = re.compile(
    r"floor|plancher|/KM|/YACA|/promised|\bhold\b|\b[0-9]+\s?KM\b|\baccount\b|\bcomptes?\b"
)


def test_too_few_coupons_for_a_ride(store) -> None:
    ledger = begun(store, changed(AYEN, km_per_coupon=5, cents_per_coupon=25, booklets_km=[]))
    ledger.sell_booklet("paul", km=10)
    with refused("below_floor", ledger) as no:
        ledger.settle(ride(km=25))
    assert no.said("en").startswith(
        "'paul' has too few coupons: 2 left (10 km), 5 needed (25 km). Sell a booklet first"
    )
    assert "il en reste 2 (10 km), il en faut 5 (25 km)" in no.said("fr")
    assert no.refusal.values["account"] == "paul/KM"


@pytest.fixture
def ledger():
    """Paul has five coupons left; Jeanne exchanged hers and spent some of the currency."""
    ledger = in_memory()
    ledger.add_shop("bakery")
    ledger.sell_booklet("paul", km=50)
    ledger.settle(ride(km=25))
    ledger.exchange("jeanne", km=25)
    ledger.spend("jeanne", "bakery", "1.00")
    ledger.settle(ride("r2", km=20, driver="marc"))
    return ledger


ATTEMPTS = {
    "below_floor": [
        lambda ledger: ledger.settle(ride("r3", km=25)),
        lambda ledger: ledger.promise_ride(ride("r3", km=25)),
        lambda ledger: ledger.exchange("jeanne", coupons=30),
        lambda ledger: ledger.spend("jeanne", "bakery", "9.00"),
        lambda ledger: ledger.reconvert("bakery", "9.00"),
        lambda ledger: ledger.reverse("r1/settled"),
    ],
    "unknown_target": [lambda ledger: ledger.cancel_ride("r9")],
    "unknown_account": [lambda ledger: ledger.balance("nobody")],
}


@pytest.mark.parametrize(
    ("code", "attempt"), [(code, each) for code in ATTEMPTS for each in ATTEMPTS[code]]
)
def test_no_inner_words(ledger, code: str, attempt) -> None:
    with refused(code, ledger) as no:
        attempt(ledger)
    for lang in ("en", "fr"):
        assert not INNER.search(no.said(lang)), no.said(lang)


def test_what_was_passed_on_is_not_taken_back(ledger) -> None:
    with refused("below_floor", ledger) as no:
        ledger.reverse("r1/settled")
    assert "no longer has all that this entry brought" in no.said("en")


def test_a_booking_that_is_over_is_not_cancelled(ledger) -> None:
    ledger.promise_ride(ride("r4", km=5))
    ledger.settle(ride("r4", km=5))
    with refused("already_closed", ledger) as no:
        ledger.cancel_ride("r4")
    assert no.said("en").startswith("The booking of the ride 'r4' is over, by 'r4/settled'")


def test_an_account_of_the_journal_is_called_by_its_name(ledger) -> None:
    with refused("unknown_account", ledger) as no:
        ledger.balance("nobody/KM")
    assert "'nobody/KM'" in no.said("fr")
