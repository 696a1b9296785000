"""Event 5: a shop turns what it took in back into euros, out of the fund."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.ledger.scheme.book import heed, refuse
from msap_mobility.ledger.scheme.chart import (
    BACKED,
    BANK,
    FEES,
    FUND,
    account_of,
    check_owner,
    issue_account,
)
from msap_mobility.ledger.scheme.law import no_refund_to_persons
from msap_mobility.ledger.scheme.serials import Serials, found, handed, marks, read_serials
from msap_mobility.ledger.scheme.spend import amount_paid, units_paid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.scheme.amounts import Exact
    from msap_mobility.ledger.scheme.book import Book
    from msap_mobility.ledger.scheme.slip import Asked, Slip

__all__ = ["reconvert"]


def reconvert(
    book: Book,
    shop: str,
    amount: Exact | None,
    serials: Serials,
    slip: Slip,
) -> Posted:
    """Give a shop euros for currency, or for coupons where shops take these.

    A fee goes from the fund to the maison; its part of a cent is left to the shop.

    Parameters
    ----------
    book
        The scheme.
    shop
        Who asks.
    amount
        What is brought back, euro cents (int) or euros (Decimal, text): as for `spend`.
    serials
        Instead of an amount: numbers of the paper coupons brought back. Who carries a paper coupon
        is believed: it may come from a purchase nobody wrote down.
    slip
        Key, day, slip and actor.

    Raises
    ------
    Refused
        If who asks is a private person (`law.no_refund_to_persons`), holds too little, or a coupon
        is not usable.
    InputError
        If not exactly one amount is given, or it cannot be read.
    """
    check_owner(shop, "shop")
    numbers = read_serials(serials)
    facts: dict[str, str | int] = {"shop": shop, **amount_paid(book, amount, numbers)}
    asked = book.asked(slip, "reconvert", facts, serials=numbers)
    return book.post(asked, lambda: _entries(book, shop, asked))


def _entries(book: Book, shop: str, asked: Asked) -> Sequence[Entry]:
    rules, asset = book.rules, book.rules.shop_asset
    holder = book.holder(shop)
    if holder is None:
        raise refuse("unknown_shop", asked, shop=shop)
    heed(no_refund_to_persons(shop, holder, rules.exemption), asked)
    if holder not in rules.reconverted_by:
        raise refuse("not_reconverted", asked, member=shop)
    if not asked.serials:
        return [_refund(book, shop, units_paid(book, asked), asked)]
    if asset != rules.coupon:
        raise refuse("coupons_not_taken", asked, shop=shop)
    paper = found(book, asked, ("sold", "used"))
    till = account_of(shop, asset)
    out = marks(paper, "exchanged", "used")
    refund = _refund(book, shop, len(paper), asked, marks=out)
    brought = [each for each in paper if each.account != till]
    if not brought:
        return [refund]
    given = {"accounts": book.opened(shop, asset), "marks": marks(brought, "used")}
    return [asked.beside("/handed", "handed", handed(brought, till), **given), refund]


def _refund(book: Book, shop: str, units: int, asked: Asked, **more: Any) -> Entry:
    rules, asset = book.rules, book.rules.shop_asset
    issue = book.edition.issue if asset == rules.coupon else issue_account(asset)
    cents = rules.cents(units, asset)
    fee = cents * book.rules_for(asked).reconversion_fee_bp // 10_000
    legs = {account_of(shop, asset): -units, issue: units, FUND: -cents, BACKED: cents}
    if fee:
        legs |= {BANK: fee, FEES: -fee}
    return asked.entry(legs, **more)
