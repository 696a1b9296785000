"""Event 4: a member pays a shop: in currency, or in coupons where shops take these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.outcome import Amount
from msap_mobility.ledger.scheme.amounts import Exact, told_of, units_of
from msap_mobility.ledger.scheme.book import heed, refuse
from msap_mobility.ledger.scheme.chart import account_of, check_owner
from msap_mobility.ledger.scheme.dues import require_dues
from msap_mobility.ledger.scheme.law import no_euro_change
from msap_mobility.ledger.scheme.serials import Serials, found, handed, marks, read_serials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.scheme.book import Book
    from msap_mobility.ledger.scheme.slip import Asked, Slip

__all__ = ["amount_paid", "spend", "units_paid"]


def spend(
    book: Book,
    member: str,
    shop: str,
    amount: Exact | None,
    serials: Serials,
    price: Exact | None,
    slip: Slip,
) -> Posted:
    """Pay a shop.

    Parameters
    ----------
    book
        The scheme.
    member, shop
        Who pays whom; the shop is registered.
    amount
        What is paid: euro cents (int) or euros (Decimal, text), in currency or, where shops take
        coupons, in whole coupons.
    serials
        Instead of an amount: numbers of the paper coupons handed over.
    price
        Price of the purchase in euros, if it is known: more than it cannot be paid, as there is no
        change in euros; what is missing is paid in euros, outside the ledger.
    slip
        Key, day, slip and actor.

    Raises
    ------
    Refused
        If the member has too little, the shop is not registered, the amount is no whole number of
        coupons where shops take these, change would be due, or a paper coupon cannot be used.
    InputError
        If an amount cannot be read.
    """
    for column, owner in (("member", member), ("shop", shop)):
        check_owner(owner, column)
    if member == shop:
        raise InputError([Fault(code="own_customer", column="shop", value=shop)])
    numbers = read_serials(serials)
    facts: dict[str, str | int] = {"member": member, "shop": shop}
    facts |= amount_paid(book, amount, numbers)
    if price is not None:
        facts["price"] = units_of(price, 2, "price")
    asked = book.asked(slip, "spend", facts, serials=numbers)
    return book.post(asked, lambda: [_purchase(book, member, shop, asked)])


def amount_paid(book: Book, amount: Exact | None, numbers: Sequence[str]) -> dict[str, int]:
    """What a shop is paid or brings back, as facts: an amount in euros, or coupons by number.

    Raises
    ------
    InputError
        If not exactly one of the two is given, or the amount cannot be read.
    """
    if (amount is None) != bool(numbers):
        given = told_of(amount, ", ".join(numbers))
        raise InputError([Fault(code="amount_or_serials", column="amount", value=given)])
    if amount is None:
        return {}
    rules = book.rules
    name = "cents" if rules.shop_asset == rules.coupon else "units"
    return {name: units_of(amount, 2)}


def units_paid(book: Book, asked: Asked) -> int:
    """What a shop is paid or brings back, minor units of what shops take.

    Raises
    ------
    Refused
        If it would be coupons and no whole number of them.
    """
    if "units" in asked.facts:
        return int(asked.facts["units"])
    cents, each = int(asked.facts["cents"]), book.rules.cents_per_coupon
    coupons, rest = divmod(cents, each)
    if rest:
        worth = {"amount": cents, "each": each, "below": each * coupons}
        told = {name: Amount(value, "EUR", 2) for name, value in worth.items()}
        above = Amount(each * (coupons + 1), "EUR", 2)
        code = "part_of_coupon_paid" if coupons else "less_than_a_coupon"
        raise refuse(code, asked, **told, above=above, coupons=coupons)
    return coupons


def _purchase(book: Book, member: str, shop: str, asked: Asked) -> Entry:
    rules, asset = book.rules, book.rules.shop_asset
    if book.holder(shop) != "shop":
        raise refuse("unknown_shop", asked, shop=shop)
    require_dues(book, asked, member)
    if asked.serials and asset != rules.coupon:
        raise refuse("coupons_not_taken", asked, shop=shop)
    units = len(asked.serials) or units_paid(book, asked)
    price = int(asked.facts.get("price", rules.cents(units, asset)))
    heed(no_euro_change(rules.cents(units, asset), price), asked)
    taker, opened = account_of(shop, asset), book.opened(shop, asset)
    if not asked.serials:
        legs = {account_of(member, asset): -units, taker: units}
        return asked.entry(legs, accounts=(*book.opened(member, asset), *opened))
    paper = found(book, asked, ("sold", "used"))
    mine = account_of(member, asset)
    for each in paper:
        if each.state == "used" and each.account != mine:
            raise refuse("coupon_of_other", asked, serial=each.serial, first=each.key)
    return asked.entry(handed(paper, taker), accounts=opened, marks=marks(paper, "used"))
