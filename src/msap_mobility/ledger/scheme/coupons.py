"""Paper coupons outside the five events: printed, lost, cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.entry import Mark
from msap_mobility.ledger.scheme.book import refuse
from msap_mobility.ledger.scheme.chart import account_of, check_owner
from msap_mobility.ledger.scheme.persons import require_persons
from msap_mobility.ledger.scheme.serials import Serials, coupon, found, handed, marks, read_serials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.scheme.book import Book
    from msap_mobility.ledger.scheme.serials import Coupon
    from msap_mobility.ledger.scheme.slip import Asked, Slip

__all__ = ["cancel_coupons", "lose_coupons", "print_coupons"]


def print_coupons(book: Book, serials: Serials, slip: Slip) -> Posted:
    """Take a printed series into stock. It is worth nothing until it is sold.

    Raises
    ------
    Refused
        If a number was printed before.
    InputError
        If no number is given, or a series cannot be read.

    See Also
    --------
    msap_mobility.ledger.scheme.serials.read_serials : how a series is written.
    """
    asked = _asked(book, "print", serials, {}, slip)
    return book.post(asked, lambda: [_print(book, asked)])


def lose_coupons(book: Book, serials: Serials, member: str | None, slip: Slip) -> Posted:
    """Bar lost coupons. Who finds one cannot use it.

    Parameters
    ----------
    book
        The scheme.
    serials
        Their numbers: in stock, sold or used.
    member
        Whose account is credited with those that were sold (no euros: coupons); None: their value
        stays in the fund, on the account ``lost``. The value of a used one is on the driver's
        account already.
    slip
        Key, day, slip and actor.

    Raises
    ------
    Refused
        If a coupon is unknown, exchanged, cancelled, or barred before.
    """
    facts = _credited(member)
    asked = _asked(book, "lost", serials, facts, slip)
    return book.post(asked, lambda: [_bar(book, asked, "lost", member)])


def cancel_coupons(book: Book, serials: Serials, member: str | None, slip: Slip) -> Posted:
    """Withdraw coupons: spoilt stock, or sold ones a member brings back for coupons on account.

    Parameters
    ----------
    book
        The scheme.
    serials
        Their numbers: in stock or sold.
    member
        Whose account is credited with those that were sold; must be given for these.
    slip
        Key, day, slip and actor.

    Raises
    ------
    Refused
        If a coupon is in another state, or a sold one is to be credited to nobody.
    """
    facts = _credited(member)
    asked = _asked(book, "withdraw", serials, facts, slip)
    return book.post(asked, lambda: [_bar(book, asked, "cancelled", member)])


def _asked(
    book: Book,
    kind: str,
    serials: Serials,
    facts: dict[str, str | int],
    slip: Slip,
) -> Asked:
    numbers = read_serials(serials)
    if not numbers:
        raise InputError([Fault(code="no_serials", column="serials", value=serials)])
    return book.asked(slip, kind, facts, serials=numbers)


def _credited(member: str | None) -> dict[str, str | int]:
    if member is None:
        return {}
    check_owner(member, "member")
    return {"member": member}


def _print(book: Book, asked: Asked) -> Entry:
    for serial in asked.serials:
        known = coupon(book, serial)
        if known is not None:
            raise refuse("coupon_known", asked, serial=serial, first=known.key)
    stock = tuple(Mark(serial=serial, before="", after="printed") for serial in asked.serials)
    return asked.entry({}, marks=stock)


def _bar(book: Book, asked: Asked, after: str, member: str | None) -> Entry:
    usable = ("printed", "sold", "used") if after == "lost" else ("printed", "sold")
    coupons = found(book, asked, usable)
    sold = [each for each in coupons if each.state == "sold"]
    credit: dict[str, Any] = _credit(book, asked, sold, after, member) if sold else {"legs": {}}
    return asked.entry(**credit, marks=marks(coupons, after))


def _credit(
    book: Book,
    asked: Asked,
    sold: Sequence[Coupon],
    after: str,
    member: str | None,
) -> dict[str, Any]:
    """Where the value of sold coupons goes that can be used no more."""
    asset = book.rules.coupon
    if member is not None:
        if asset != book.rules.shop_asset:
            require_persons(book, asked, member)
        opened = book.opened(member, asset)
        return {"legs": handed(sold, account_of(member, asset)), "accounts": opened}
    if after != "lost":
        raise refuse("coupons_owned", asked, serial=sold[0].serial)
    return {"legs": handed(sold, account_of("lost", asset))}
