"""What the entries of a period did to the circulation, in euro cents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msap_mobility.ledger.books.chart import is_issue
from msap_mobility.ledger.books.movements import happened, movements
from msap_mobility.ledger.books.valuation import EURO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.ledger.books.period import Period
    from msap_mobility.ledger.books.valuation import Valuation
    from msap_mobility.ledger.entry import AccountTerms
    from msap_mobility.ledger.reading import Reader
    from msap_mobility.ledger.sight import Written

__all__ = ["Flows", "flows", "owner_of"]

EXPIRED = "expired/EUR"
"""What lapsed becomes income here: it left the circulation, but nobody turned it into euros."""

_NO_PAYMENT = ("lost", "withdraw")
"""Kinds that give the value of paper coupons back to their own holder."""


@dataclass(slots=True)
class Flows:
    """Sums over a period, euro cents; an entry that was reversed counts for nothing.

    Parameters
    ----------
    issued
        Came into circulation: sold, or topped up. An exchange of one asset for another is no
        issue: as much is retired with it.
    retired
        Left it, whether reconverted or lapsed.
    lapsed
        The part of it that lapsed.
    paid
        Passed from holder to holder: rides, purchases, and what shops pay one another.
    received
        The part of it that each shop received.
    recently_paid
        Passed from holder to holder in the last twelve months.
    persons
        Persons whose accounts moved.
    """

    issued: int = 0
    retired: int = 0
    lapsed: int = 0
    paid: int = 0
    received: dict[str, int] = field(default_factory=dict)
    recently_paid: int = 0
    persons: set[str] = field(default_factory=set)

    @property
    def reconverted(self) -> int:
        """What was turned into euros."""
        return self.retired - self.lapsed


def owner_of(account: str) -> str:
    """Whose account it is.

    Examples
    --------
    >>> owner_of("paul/KM")
    'paul'
    """
    return account.rpartition("/")[0]


def flows(
    reader: Reader, valuation: Valuation, period: Period, *, since: int, year: int, top: int
) -> Flows:
    """The flows of a period, and the payments of the twelve months that end with it.

    Parameters
    ----------
    reader, valuation
        Of the scheme.
    period
        Holds both.
    since, year
        When the period and the twelve months begin, microseconds since 1970 UTC.
    top
        Number of the last entry that counts.
    """
    sums = Flows()
    for written in movements(reader, period, top):
        when = happened(written)
        sign, legs = _first_meant(written)
        paid = _payments(written, legs, valuation)
        if when >= year:
            sums.recently_paid += sign * sum(paid.values())
        if when >= since:
            _add(sums, sign, legs, valuation)
            _pay(sums, sign, paid, valuation)
    return sums


def _first_meant(written: Written) -> tuple[int, Mapping[str, int]]:
    """The legs, and whether they count or are taken back: a reversal undoes what it reverses."""
    legs = written.entry.legs
    if written.entry.phase != "reverse":
        return 1, legs
    return -1, {account: -units for account, units in legs.items()}


def _add(sums: Flows, sign: int, legs: Mapping[str, int], valuation: Valuation) -> None:
    terms = {account: valuation.standings[account].terms for account in legs}
    issued = -sum(
        units * terms[account].weight for account, units in legs.items() if is_issue(account)
    )
    sums.issued += sign * max(issued, 0)
    sums.retired += sign * max(-issued, 0)
    sums.lapsed -= sign * legs.get(EXPIRED, 0)
    sums.persons.update(
        owner_of(account) for account, each in terms.items() if each.holder == "person"
    )


def _pay(sums: Flows, sign: int, paid: Mapping[str, int], valuation: Valuation) -> None:
    for account, cents in paid.items():
        sums.paid += sign * cents
        if valuation.standings[account].terms.holder == "shop":
            owner = owner_of(account)
            sums.received[owner] = sums.received.get(owner, 0) + sign * cents


def _payments(written: Written, legs: Mapping[str, int], valuation: Valuation) -> dict[str, int]:
    """What each holder was paid by another, cents: units that came from no issue."""
    if written.entry.kind in _NO_PAYMENT:
        return {}
    terms = {account: valuation.standings[account].terms for account in legs}
    issued = {terms[account].asset for account in legs if is_issue(account)}
    return {
        account: -valuation.cents(account, units, written.seq)
        for account, units in legs.items()
        if units > 0 and _is_unit_of_holder(terms[account]) and terms[account].asset not in issued
    }


def _is_unit_of_holder(terms: AccountTerms) -> bool:
    return terms.holder != "system" and terms.asset != EURO
