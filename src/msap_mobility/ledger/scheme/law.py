"""Guards of the law, each a named rule with its article and the day it was read.

Who may issue a local currency is for the law to say and for the scheme's lawyer to check: a body of
the social economy whose sole object it is (Code monétaire et financier, CMF, L311-5), under banking
and payment law where it offers payment services or electronic money (L311-6). A maison with other
objects issues through such a partner, or within a limited network (L521-3). This module is no legal
advice; it holds what a ledger can hold.

Each guard gives None, or the `Refusal` (with values, without a key) that the verbs answer with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.ledger.outcome import Amount, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.ledger.entry import Holder

__all__ = [
    "ARTICLES",
    "DECLARED_ABOVE_CENTS",
    "Article",
    "cover_at_least_whole",
    "declaration_due",
    "no_euro_change",
    "no_refund_to_persons",
    "peg_one_to_one",
]

DECLARED_ABOVE_CENTS = 100_000_000
"""1 000 000 euros of payments in twelve months (CMF L521-3; L525-6 for electronic money)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Where a guard stands in the law.

    Parameters
    ----------
    text
        The article, or the authority whose practice it is.
    source
        Where it was read.
    read
        When (year and month): the law may have changed since.
    """

    text: str
    source: str
    read: str


ARTICLES: Mapping[str, Article] = {
    "no_refund_to_persons": Article(
        text="CMF L311-5, L311-6; ACPR",
        source="monnaie-locale-complementaire-citoyenne.net (ACPR)",
        read="2026-11",
    ),
    "no_euro_change": Article(
        text="CMF L311-6; ACPR",
        source="monnaie-locale-complementaire-citoyenne.net (ACPR)",
        read="2026-11",
    ),
    "peg_one_to_one": Article(text="CMF L311-5", source="adml63.org/cadre-legal", read="2026-11"),
    "cover_at_least_whole": Article(
        text="CMF L311-5, L311-6",
        source="adml63.org/cadre-legal",
        read="2026-11",
    ),
    "declaration_due": Article(
        text="CMF L521-3, L525-6",
        source="legifrance.gouv.fr, CMF L521-3",
        read="2026-11",
    ),
}
"""The article of each guard, by its name."""


def no_refund_to_persons(member: str, holder: Holder, exemption: str = "") -> Refusal | None:
    """Private persons do not get euros back; shops and other providers may.

    Practice of the ACPR on CMF L311-5 and L311-6: paper currency stays outside payment law if
    private users are not refunded in euros. Beyond that the scheme needs an exemption (L521-3).

    Parameters
    ----------
    member, holder
        Who asks, and whose account it is.
    exemption
        Number and date of the scheme's exemption; empty if it has none.

    Examples
    --------
    >>> no_refund_to_persons("jeanne", "person").code
    'refund_to_person'
    >>> no_refund_to_persons("bakery", "shop") is None
    True
    """
    if holder == "shop" or exemption:
        return None
    return _no("refund_to_person", "no_refund_to_persons", member=member)


def no_euro_change(paid_cents: int, price_cents: int) -> Refusal | None:
    """No change is given in euros: nobody pays more in coupons or currency than the price.

    Practice of the ACPR on CMF L311-6. The rest of a price may be paid in euros.

    Examples
    --------
    >>> no_euro_change(500, 430).code
    'euro_change'
    """
    if paid_cents <= price_cents:
        return None
    return _no("euro_change", "no_euro_change", paid=_euros(paid_cents), price=_euros(price_cents))


def peg_one_to_one(cents_per_unit: int) -> Refusal | None:
    """One unit of the local currency is one euro.

    CMF L311-5 and the practice of every scheme under it: the currency is a title for euros held in
    guarantee, not a currency with a rate of its own.

    Examples
    --------
    >>> peg_one_to_one(100) is None, peg_one_to_one(95).code
    (True, 'peg_not_one')
    """
    if cents_per_unit == 100:
        return None
    return _no("peg_not_one", "peg_one_to_one", unit=_euros(cents_per_unit))


def cover_at_least_whole(fund_cents: int, circulating_cents: int) -> Refusal | None:
    """The guarantee fund covers all coupons and currency that circulate.

    CMF L311-5 and L311-6 as practised: a euro is held for every unit, on an account of its own.

    Examples
    --------
    >>> cover_at_least_whole(300, 300) is None, cover_at_least_whole(299, 300).code
    (True, 'cover_not_whole')
    """
    if fund_cents >= circulating_cents:
        return None
    return _no(
        "cover_not_whole",
        "cover_at_least_whole",
        fund=_euros(fund_cents),
        circulating=_euros(circulating_cents),
    )


def declaration_due(payments_cents: int) -> Refusal | None:
    """Payments of the last twelve months above a million euros are declared to the ACPR.

    CMF L521-3 (limited network) and L525-6 (electronic money). It stops no payment: the report
    tells it.

    Examples
    --------
    >>> declaration_due(42_000) is None, declaration_due(100_000_001).code
    (True, 'declaration_due')
    """
    if payments_cents <= DECLARED_ABOVE_CENTS:
        return None
    return _no(
        "declaration_due",
        "declaration_due",
        payments=_euros(payments_cents),
        above=_euros(DECLARED_ABOVE_CENTS),
    )


def objections(
    cents_per_unit: int, reconverted_by: Sequence[Holder], exemption: str
) -> Refusal | None:
    """What the law has against a set of rules; the first of it.

    Examples
    --------
    >>> objections(100, ("shop", "person"), "").code
    'refund_to_person'
    """
    refusals = [peg_one_to_one(cents_per_unit)]
    refusals += [no_refund_to_persons(holder, holder, exemption) for holder in reconverted_by]
    return next((refusal for refusal in refusals if refusal is not None), None)


def _no(code: str, guard: str, **values: object) -> Refusal:
    return Refusal(code=code, key="", values={**values, "article": ARTICLES[guard].text})


def _euros(cents: int) -> Amount:
    return Amount(cents, "EUR", 2)
