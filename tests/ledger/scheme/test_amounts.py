"""What is no exact amount is refused by name, at every verb that takes one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.ledger.entry import MOST_UNITS
from msap_mobility.ledger.scheme.amounts import metres_of, units_of
from tests.ledger.scheme.ledgers import in_memory, wrong

BAD = [
    (1.5, "amount_not_exact"),
    (float("nan"), "amount_not_exact"),
    (True, "amount_not_exact"),
    (None, "amount_not_exact"),
    ("", "amount_not_exact"),
    ("1e2", "amount_not_exact"),
    ("1 000", "amount_not_exact"),
    ("٣", "amount_not_exact"),
    (Decimal("NaN"), "amount_not_exact"),
    (Decimal("Infinity"), "amount_not_exact"),
    (Decimal("1e99999"), "amount_not_exact"),
    (Decimal("1.005"), "amount_too_fine"),
    ("1.005", "amount_too_fine"),
    (0, "amount_not_positive"),
    (-5, "amount_not_positive"),
    ("-5", "amount_not_positive"),
    (Decimal("-0.01"), "amount_not_positive"),
    (MOST_UNITS + 1, "too_many_units"),
    ("90071992547409.92", "too_many_units"),
]


@pytest.mark.parametrize(("value", "code"), BAD, ids=[repr(value) for value, _ in BAD])
def test_no_exact_amount(value, code: str) -> None:
    with wrong(code):
        units_of(value, 2)


@pytest.mark.parametrize(("value", "code"), [bad for bad in BAD if bad[0] is not None])
def test_every_verb_refuses_it(value, code: str) -> None:
    ledger = in_memory()
    ledger.add_shop("bakery")
    with wrong(code):
        ledger.spend("paul", "bakery", value)
    with wrong(code):
        ledger.reconvert("bakery", value)
    with wrong(code):
        ledger.spend("paul", "bakery", 100, price=value)


@given(st.integers(1, MOST_UNITS))
def test_an_int_is_minor_units_and_a_text_is_units(units: int) -> None:
    text = f"{units // 100}.{units % 100:02d}"
    assert units_of(units, 2) == units
    assert units_of(text, 2) == units_of(text.replace(".", ","), 2) == units_of(Decimal(text), 2)
    assert units_of(text + "00", 2) == units
    assert units_of(text, 2) == units


def test_kilometres_are_exact_to_the_metre() -> None:
    assert [metres_of(km) for km in (25, "25", "25.000", Decimal("0.001"))] == [
        25_000,
        25_000,
        25_000,
        1,
    ]


def test_the_fault_names_the_amount() -> None:
    ledger = in_memory()
    with pytest.raises(ValueError, match=r"column price: 1\.5 is not an exact number"):
        ledger.spend("paul", "bakery", 100, price=1.5)


@pytest.mark.parametrize(
    "given",
    [{}, {"km": 1, "coupons": 1}, {"km": 1, "serials": "A1"}, {"coupons": 1, "serials": "A"}],
)
def test_one_amount_is_wanted(given: dict) -> None:
    ledger = in_memory()
    with wrong("one_amount"):
        ledger.exchange("jeanne", **given)


@pytest.mark.parametrize("given", [{}, {"amount": 1, "serials": "A1"}])
def test_an_amount_or_coupons_are_wanted(given: dict) -> None:
    ledger = in_memory()
    with wrong("amount_or_serials"):
        ledger.spend("jeanne", "bakery", **given)
    with wrong("amount_or_serials"):
        ledger.reconvert("bakery", **given)
