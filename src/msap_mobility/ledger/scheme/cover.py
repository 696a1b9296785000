"""What circulates, and what covers it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from msap_mobility.ledger.scheme.chart import FUND, issue_account
from msap_mobility.ledger.scheme.law import cover_at_least_whole

if TYPE_CHECKING:
    from datetime import datetime

    from msap_mobility.ledger.outcome import Refusal
    from msap_mobility.ledger.scheme.book import Book

__all__ = ["Cover", "cover"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Coupons and currency out among people, and the fund behind them.

    Parameters
    ----------
    coupons
        Coupons sold and not yet exchanged.
    coupons_cents, currency_cents
        Value in euro cents of the coupons, and of the currency.
    fund_cents
        Euros in the guarantee fund, cents.
    """

    coupons: int
    coupons_cents: int
    currency_cents: int
    fund_cents: int

    @property
    def total_cents(self) -> int:
        """Value of all that circulates, euro cents."""
        return self.coupons_cents + self.currency_cents

    @property
    def objection(self) -> Refusal | None:
        """What the law has against it, see `law.cover_at_least_whole`."""
        return cover_at_least_whole(self.fund_cents, self.total_cents)

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return asdict(self)


def cover(book: Book, at: datetime | None) -> Cover:
    """What circulates now, or did once everything recorded until `at` was written."""
    coupons = coupons_cents = currency_cents = 0
    for issue, cents in book.issues.items():
        issued = -book.journal.balance(issue, at=at).posted
        coupons += issued
        coupons_cents += issued * cents
    if book.rules.currency is not None:
        issue = issue_account(book.rules.currency)
        currency_cents = -book.journal.balance(issue, at=at).posted
    return Cover(
        coupons=coupons,
        coupons_cents=coupons_cents,
        currency_cents=currency_cents,
        fund_cents=book.journal.balance(FUND, at=at).posted,
    )
