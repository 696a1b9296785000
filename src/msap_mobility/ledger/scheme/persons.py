"""What is for persons only: shops are paid by them, and turn what they took in into euros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.ledger.scheme.book import refuse

if TYPE_CHECKING:
    from msap_mobility.ledger.scheme.book import Book
    from msap_mobility.ledger.scheme.slip import Asked

__all__ = ["require_persons"]


def require_persons(book: Book, asked: Asked, *members: str) -> None:
    """Refuse a booklet, a ride or an exchange at the desk to a shop.

    Coupons on a shop's account could neither be spent nor reconverted where shops take currency;
    and where they take coupons, they would be euros given back for a booklet just bought.

    Raises
    ------
    Refused
        For the first of `members` that is registered as a shop.
    """
    for member in members:
        if book.holder(member) == "shop":
            raise refuse("for_persons_only", asked, member=member)
