"""Every guard of the law: its article, what it refuses, where a verb asks it."""

from __future__ import annotations

import pytest

from msap_mobility.ledger import Ledger, Refused
from msap_mobility.ledger.scheme import law
from msap_mobility.wording import LANGUAGES
from tests.ledger.scheme.ledgers import AYEN, changed, in_memory, refused, ride

BROKEN = {
    "no_refund_to_persons": law.no_refund_to_persons("jeanne", "person"),
    "no_euro_change": law.no_euro_change(431, 430),
    "peg_one_to_one": law.peg_one_to_one(99),
    "cover_at_least_whole": law.cover_at_least_whole(299, 300),
    "declaration_due": law.declaration_due(law.DECLARED_ABOVE_CENTS + 1),
}
KEPT = (
    law.no_refund_to_persons("bakery", "shop"),
    law.no_refund_to_persons("jeanne", "person", exemption="ACPR 2026-12"),
    law.no_euro_change(430, 430),
    law.peg_one_to_one(100),
    law.cover_at_least_whole(300, 300),
    law.cover_at_least_whole(301, 300),
    law.declaration_due(law.DECLARED_ABOVE_CENTS),
)


def test_every_guard_has_its_article() -> None:
    assert set(law.ARTICLES) == set(BROKEN)
    for name, article in law.ARTICLES.items():
        assert callable(getattr(law, name))
        assert article.text.split()[0] in (getattr(law, name).__doc__ or "")
        assert article.source
        assert article.read == "2026-11"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_guard_says_its_article(name: str) -> None:
    refusal = BROKEN[name]
    assert refusal is not None
    for lang in LANGUAGES:
        assert law.ARTICLES[name].text in refusal.text(lang)


def test_a_kept_guard_says_nothing() -> None:
    assert [*KEPT] == [None] * len(KEPT)


def test_no_refund_to_persons() -> None:
    ledger = in_memory()
    ledger.sell_booklet("paul", km=50)
    ledger.exchange("paul", km=50)
    with refused("refund_to_person", ledger) as no:
        ledger.reconvert("paul", 100)
    assert "CMF L311-5" in no.said("fr")


def test_an_exemption_and_the_rules_together_let_persons_reconvert() -> None:
    exempt = changed(AYEN, exemption="ACPR 2026-12")
    ledger = in_memory(exempt)
    ledger.sell_booklet("paul", km=50)
    ledger.exchange("paul", km=50)
    with refused("not_reconverted", ledger):
        ledger.reconvert("paul", 100)
    ledger.amend(changed(exempt, reconverted_by=["shop", "person"]))
    assert ledger.reconvert("paul", 100).balances["paul/YACA"] == 200


def test_no_euro_change() -> None:
    ledger = in_memory()
    ledger.add_shop("bakery")
    ledger.sell_booklet("paul", km=50)
    ledger.exchange("paul", km=50)
    with refused("euro_change", ledger):
        ledger.spend("paul", "bakery", 200, price="1.99")
    assert ledger.spend("paul", "bakery", 200, price="2.30").balances["bakery/YACA"] == 200


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({"currency_cents": 95}, "peg_not_one"),
        ({"reconverted_by": ["shop", "person"]}, "refund_to_person"),
    ],
)
def test_rules_against_the_law_are_not_begun_nor_amended(figures: dict, code: str) -> None:
    rules = changed(AYEN, **figures)
    with pytest.raises(Refused) as no:
        Ledger.create(None, rules=rules)
    assert no.value.refusal.code == code
    ledger = in_memory()
    with refused(code, ledger):
        ledger.amend(rules)


def test_the_cover_is_whole_while_coupons_circulate() -> None:
    ledger = in_memory()
    ledger.sell_booklet("paul", km=50)
    ledger.settle(ride())
    cover = ledger.cover()
    assert (cover.coupons, cover.total_cents, cover.fund_cents) == (50, 300, 300)
    assert cover.objection is None
    assert cover.to_dict() == {
        "coupons": 50,
        "coupons_cents": 300,
        "currency_cents": 0,
        "fund_cents": 300,
    }
