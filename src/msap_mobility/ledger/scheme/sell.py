"""Event 1: a booklet is sold. Euros come into the fund, coupons into circulation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.ledger.scheme.amounts import Exact, metres_of
from msap_mobility.ledger.scheme.book import refuse
from msap_mobility.ledger.scheme.chart import BACKED, FUND, account_of, check_owner
from msap_mobility.ledger.scheme.dues import require_dues
from msap_mobility.ledger.scheme.persons import require_persons
from msap_mobility.ledger.scheme.serials import Serials, found, marks, read_serials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.scheme.book import Book
    from msap_mobility.ledger.scheme.slip import Asked, Slip

__all__ = ["sell_booklet"]


def sell_booklet(book: Book, member: str, km: Exact, serials: Serials, slip: Slip) -> Posted:
    """Sell a booklet to a person: coupons on their account, or numbered ones of paper.

    Parameters
    ----------
    book
        The scheme.
    member
        Who buys; their account is opened with their first booklet.
    km
        Size of the booklet, one of the scheme's.
    serials
        Numbers of the paper coupons handed over; empty: the coupons are kept on the account. Paper
        counts for whoever carries it, so its value is kept on the account ``paper``.
    slip
        Key, day, slip and actor.

    Raises
    ------
    Refused
        If there is no booklet of this size, its coupons are not printed or already sold, or dues
        are unpaid.
    InputError
        If the id, the km or the numbers cannot be read.
    """
    check_owner(member, "member")
    metres, numbers = metres_of(km), read_serials(serials)
    asked = book.asked(
        slip,
        "booklet",
        {"member": member, "metres": metres},
        serials=numbers,
    )
    return book.post(asked, lambda: [_sale(book, asked, member, metres)])


def _sale(book: Book, asked: Asked, member: str, metres: int) -> Entry:
    rules, issue = book.rules, book.edition.issue
    coupons, rest = divmod(metres, 1000 * rules.km_per_coupon)
    if rest or (rules.booklets_km and metres not in [1000 * km for km in rules.booklets_km]):
        sizes = rules.booklets_km or (rules.km_per_coupon,)
        raise refuse("no_such_booklet", asked, metres=metres, sizes=_listed(sizes))
    require_persons(book, asked, member)
    require_dues(book, asked, member)
    price = coupons * rules.cents_per_coupon
    legs = {issue: -coupons, FUND: price, BACKED: -price}
    if not asked.serials:
        holding = account_of(member, rules.coupon)
        return asked.entry({**legs, holding: coupons}, accounts=book.opened(member, rules.coupon))
    if len(asked.serials) != coupons:
        raise refuse("serials_count", asked, given=len(asked.serials), needed=coupons)
    sold = marks(found(book, asked, ("printed",)), "sold")
    return asked.entry({**legs, account_of("paper", rules.coupon): coupons}, marks=sold)


def _listed(sizes: Sequence[int]) -> str:
    return ", ".join(map(str, sizes))
