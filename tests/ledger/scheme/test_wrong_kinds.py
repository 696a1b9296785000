"""What is given in the wrong kind is wrong input, told by name: never a traceback of Python's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from msap_mobility.errors import InputError, MsapError
from msap_mobility.ledger import Ledger
from msap_mobility.ledger.proof.verify import verify_file
from tests.ledger.scheme.ledgers import AYEN, in_memory, ride, wrong

HUGE = 10**5000
"""More digits than Python writes out."""

THINGS: list[Any] = [None, 3, -1, HUGE, 2.5, True, "", "paul", b"paul", [], {}, object(), date.max]


@pytest.fixture
def ledger():
    ledger = in_memory()
    ledger.add_shop("bakery")
    ledger.sell_booklet("paul", km=50)
    return ledger


@pytest.mark.parametrize(
    ("code", "ask"),
    [
        ("not_a_ride", lambda ledger: ledger.settle(None)),
        ("not_a_ride", lambda ledger: ledger.settle({"id": "r1", "km": 3})),
        ("not_a_ride", lambda ledger: ledger.promise_ride("r1")),
        ("not_rules", lambda ledger: ledger.amend("ayen")),
        ("not_rules", lambda _: Ledger.create(None, rules="ayen")),
        ("not_a_checkpoint", lambda ledger: ledger.verify("text")),
        ("ledger_missing", lambda _: verify_file("absent.sqlite")),
        ("not_a_name", lambda _: verify_file(7)),
        ("not_a_name", lambda ledger: ledger.backup(7)),
        ("instant_wanted", lambda ledger: ledger.promise_ride(ride(), expires=date(2026, 12, 24))),
        ("instant_wanted", lambda ledger: ledger.balance("paul", at="2026-12-24")),
        ("instant_wanted", lambda ledger: ledger.purge("2026-12-24")),
        ("too_many_units", lambda ledger: ledger.sell_booklet("paul", HUGE)),
        ("amount_not_positive", lambda ledger: ledger.sell_booklet("paul", -HUGE)),
        ("too_many_units", lambda ledger: ledger.exchange("paul", coupons=HUGE)),
        ("not_a_year", lambda ledger: ledger.pay_dues("paul", HUGE)),
        ("not_a_series", lambda ledger: ledger.print_coupons(7)),
    ],
)
def test_told_by_name(ledger, code: str, ask) -> None:
    with wrong(code):
        ask(ledger)


def test_a_number_too_long_to_be_written_out_is_told_by_its_size(ledger) -> None:
    with pytest.raises(InputError, match=r"10\*\*5000") as raised:
        ledger.sell_booklet("paul", HUGE)
    assert raised.value.faults[0].to_dict()["value"] == "~10**5000"


def calls_of(verb: str, thing: Any) -> list[Any]:
    """Calls of a verb with a thing in each of its places."""
    trip = [SimpleNamespace(**{**_TRIP, name: thing}) for name in _TRIP]
    calls: dict[str, list[Any]] = {
        "sell_booklet": [(("paul", thing), {}), ((thing, 50), {})],
        "promise_ride": [((each,), {}) for each in (thing, *trip)],
        "settle": [((each,), {}) for each in (thing, *trip)],
        "cancel_ride": [((thing,), {})],
        "exchange": [((thing,), {"km": 1}), (("paul",), {"km": thing})],
        "spend": [(("paul", thing, 1), {}), (("paul", "bakery", thing), {})],
        "reconvert": [((thing, 1), {}), (("bakery", thing), {})],
        "pay_dues": [((thing, 2026), {}), (("paul", thing), {})],
        "print_coupons": [((thing,), {})],
        "lose_coupons": [((thing,), {}), (("A1",), {"member": thing})],
        "cancel_coupons": [((thing,), {})],
        "coupon": [((thing,), {})],
        "reverse": [((thing,), {})],
        "amend": [((thing,), {})],
        "add_shop": [((thing,), {}), (("grocer",), {"name": thing})],
        "note_member": [((thing, "Paul"), {}), (("paul", thing), {})],
        "export_member": [((thing,), {})],
        "balance": [((thing,), {}), (("paul",), {"at": thing})],
        "verify": [((thing,), {})] if thing is not None else [],
        "receipt": [((thing,), {})],
    }
    return calls[verb]


_TRIP = {"id": "r1", "rider": "paul", "driver": "jeanne", "km": Decimal(1)}
VERBS = (
    *("sell_booklet", "promise_ride", "settle", "cancel_ride", "exchange", "spend", "reconvert"),
    *("pay_dues", "print_coupons", "lose_coupons", "cancel_coupons", "coupon", "reverse", "amend"),
    *("add_shop", "note_member", "export_member", "balance", "verify", "receipt"),
)


@pytest.mark.parametrize("verb", VERBS)
def test_whatever_is_given_the_answer_is_ours(verb: str) -> None:
    answered = 0
    for thing in THINGS:
        for given, named in calls_of(verb, thing):
            ledger = in_memory(AYEN)
            ledger.add_shop("bakery")
            ledger.sell_booklet("paul", km=50)
            try:
                getattr(ledger, verb)(*given, **named)
            except MsapError as no:
                answered += bool(str(no))
    assert answered
