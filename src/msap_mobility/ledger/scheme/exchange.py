"""Event 3: at the desk, the coupons a driver received become local currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.scheme.amounts import Exact, metres_of, told_of, units_of
from msap_mobility.ledger.scheme.book import refuse
from msap_mobility.ledger.scheme.chart import account_of, check_owner, issue_account
from msap_mobility.ledger.scheme.dues import require_dues
from msap_mobility.ledger.scheme.persons import require_persons
from msap_mobility.ledger.scheme.serials import Serials, found, handed, marks, read_serials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.scheme.book import Book
    from msap_mobility.ledger.scheme.slip import Asked, Slip

__all__ = ["exchange"]


def exchange(
    book: Book,
    member: str,
    km: Exact | None,
    coupons: int | None,
    serials: Serials,
    slip: Slip,
) -> Posted:
    """Exchange coupons for currency at their value, one to one.

    Parameters
    ----------
    book
        The scheme.
    member
        The driver.
    km, coupons, serials
        How much: as kilometres, as a number of coupons, or by the numbers of paper coupons; one of
        the three. Paper from rides nobody wrote down is first credited to the driver.
    slip
        Key, day, slip and actor.

    Raises
    ------
    Refused
        If the desk does not exchange, the driver has too few coupons, or a coupon is not usable or
        came to somebody else.
    InputError
        If not exactly one amount is given, or it cannot be read.
    """
    check_owner(member, "member")
    numbers = read_serials(serials)
    facts: dict[str, str | int] = {"member": member, **_amount(km, coupons, numbers)}
    asked = book.asked(slip, "exchange", facts, serials=numbers)
    return book.post(asked, lambda: _entries(book, member, asked))


def _amount(km: Exact | None, coupons: int | None, numbers: Sequence[str]) -> dict[str, int]:
    """What is asked, as facts."""
    if (km is not None) + (coupons is not None) + bool(numbers) != 1:
        given = told_of(km, coupons, ", ".join(numbers))
        raise InputError([Fault(code="one_amount", column="km", value=given)])
    if km is not None:
        return {"metres": metres_of(km)}
    return {} if coupons is None else {"coupons": units_of(coupons, 0, "coupons")}


def _entries(book: Book, member: str, asked: Asked) -> Sequence[Entry]:
    rules = book.rules
    if not rules.desk_exchange or rules.currency is None:
        raise refuse("no_desk_exchange", asked)
    require_persons(book, asked, member)
    require_dues(book, asked, member)
    if not asked.serials:
        return [_swap(book, member, _coupons(book, asked), asked)]
    mine = account_of(member, rules.coupon)
    paper = found(book, asked, ("sold", "used"))
    for each in paper:
        if each.state == "used" and each.account != mine:
            raise refuse("coupon_of_other", asked, serial=each.serial, first=each.key)
    swap = _swap(book, member, len(paper), asked, marks=marks(paper, "exchanged", "used"))
    fresh = [each for each in paper if each.state == "sold"]
    if not fresh:
        return [swap]
    given = {"accounts": book.opened(member, rules.coupon), "marks": marks(fresh, "used")}
    return [asked.beside("/handed", "handed", handed(fresh, mine), **given), swap]


def _coupons(book: Book, asked: Asked) -> int:
    if "coupons" in asked.facts:
        return int(asked.facts["coupons"])
    metres, each = int(asked.facts["metres"]), 1000 * book.rules.km_per_coupon
    if metres % each:
        each_km = book.rules.km_per_coupon
        raise refuse("part_of_coupon", asked, metres=metres, each=each_km)
    return metres // each


def _swap(book: Book, member: str, coupons: int, asked: Asked, **more: Any) -> Entry:
    """Coupons out of circulation, currency of the same value into it."""
    rules, currency = book.rules, book.rules.currency or ""
    cents = rules.cents(coupons, rules.coupon)
    legs = {
        account_of(member, rules.coupon): -coupons,
        book.edition.issue: coupons,
        issue_account(currency): -cents,
        account_of(member, currency): cents,
    }
    opened = (*book.opened(member, rules.coupon), *book.opened(member, currency))
    return asked.entry(legs, accounts=opened, **more)
