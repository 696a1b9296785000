"""What is answered: amounts for people, data for programs, exceptions that travel."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import LedgerError, MsapError
from msap_mobility.ledger import outcome
from msap_mobility.ledger.outcome import Amount, Balance, Posted, Refusal, Refused
from msap_mobility.wording.quantities import money
from tests.ledger.core.test_refusals import hold, void
from tests.ledger.stores import NOON, ride, sale

if TYPE_CHECKING:
    from msap_mobility.ledger.journal import Journal

PARTS = ("what", "remedy")


@pytest.mark.parametrize(
    ("units", "decimals", "text"),
    [
        (0, 0, "0 KM"),
        (-25, 0, "-25 KM"),
        (0, 2, "0.00 KM"),
        (5, 2, "0.05 KM"),
        (-5, 2, "-0.05 KM"),
        (-100, 2, "-1.00 KM"),
        (123456, 3, "123.456 KM"),
        (9007199254740991, 2, "90071992547409.91 KM"),
    ],
)
def test_an_amount_is_told_to_the_last_digit(units: int, decimals: int, text: str) -> None:
    assert str(Amount(units, "KM", decimals)) == text


@given(units=st.integers(-(10**18), 10**18), decimals=st.integers(0, 6))
def test_the_words_of_an_amount_lose_no_digit(units: int, decimals: int) -> None:
    amount = Amount(units, "EUR", decimals)
    english = money(amount, "en")
    assert english.replace(",", "").replace(" €", " EUR") == str(amount)
    assert int(str(amount).split()[0].replace(".", "")) == units
    french = money(amount, "fr")
    assert "." not in french
    assert [digit for digit in french if digit.isdigit()] == [
        digit for digit in english if digit.isdigit()
    ]


def test_an_answer_is_data(journal: Journal) -> None:
    answer = journal.post(sale())
    assert json.loads(json.dumps(answer.to_dict())) == {
        "key": "sale",
        "seq": 2,
        "recorded": NOON,
        "hash": answer.hash,
        "balances": {"issue/KM": -50, "paul/KM": 50, "fund/EUR": 300, "backed/EUR": -300},
        "replayed": False,
    }
    assert journal.post(sale()).to_dict() == {**answer.to_dict(), "replayed": True}
    assert pickle.loads(pickle.dumps(answer)) == copy.deepcopy(answer) == answer
    assert answer.hash == answer.hash.lower()
    assert len(answer.hash) == 64
    assert isinstance(answer, Posted)


def test_a_refusal_is_data_with_its_amounts() -> None:
    values = {"account": "a", "available": Amount(-350, "EUR", 2), "most": 5}
    refusal = Refusal(code="below_floor", key="k", values=values)
    assert refusal.to_dict() == {
        "code": "below_floor",
        "key": "k",
        "values": {"account": "a", "available": {"units": -350, "asset": "EUR"}, "most": 5},
    }
    assert Refusal(code="x", key="k").values == {}


def test_words_are_filled_with_the_key_and_the_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """And English is spoken unless another language is asked for."""
    monkeypatch.setattr(outcome, "say", lambda code, lang, **values: f"{code} {lang} {values}")
    refusal = Refusal(code="x", key="k", values={"account": "a"})
    for lang in ("en", "fr"):
        filled = {part: f"refusal.x.{part} {lang} {{'key': 'k', 'account': 'a'}}" for part in PARTS}
        assert (refusal.what(lang), refusal.remedy(lang)) == (filled["what"], filled["remedy"])
        assert refusal.text(lang) == f"{filled['what']} {filled['remedy']}"
        assert Refused(refusal).text(lang) == refusal.text(lang)
    assert refusal.what() == refusal.what("en")
    assert refusal.remedy() == refusal.remedy("en")
    assert refusal.text() == refusal.text("en")
    assert Refused(refusal).text() == refusal.text("en")


def test_a_refused_posting_is_an_error_of_the_ledger() -> None:
    refusal = Refusal(code="unknown_account", key="k", values={"account": "a\nb'{x}"})
    refused = Refused(refusal)
    assert isinstance(refused, LedgerError)
    assert isinstance(refused, MsapError)
    assert not isinstance(refused, ValueError)
    assert refused.refusal is refusal
    assert str(refused) == refused.text("en") == refusal.text("en")
    assert refused.text("fr") == f"{refusal.what('fr')} {refusal.remedy('fr')}"
    again = pickle.loads(pickle.dumps(refused))
    assert (again.refusal, str(again)) == (refusal, str(refused))
    assert "{x}" in str(refused)


def test_what_is_available_is_what_no_hold_keeps_back(journal: Journal) -> None:
    journal.post_each([sale(), hold(units=20), ride(km=5)])
    assert journal.balance("paul/KM") == Balance(
        account="paul/KM", asset="KM", posted=45, outgoing=20, incoming=0
    )
    assert journal.balance("paul/KM").available == 25
    assert journal.balance("jeanne/KM").available == 5
    journal.post(void("hold"))
    assert journal.balance("paul/KM").available == 45


def test_a_journal_is_closed_at_the_end_of_its_block(journal: Journal) -> None:
    closed: list[bool] = []
    close = journal.engine.close
    journal.engine.close = lambda: closed.append(True)  # type: ignore[method-assign]
    with journal as same:
        assert same is journal
        journal.post(sale())
        assert closed == []
    assert closed == [True]
    with pytest.raises(ZeroDivisionError), journal:
        raise ZeroDivisionError
    assert closed == [True, True]
    journal.engine.close = close  # type: ignore[method-assign]
