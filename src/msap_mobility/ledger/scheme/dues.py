"""Membership: dues of a calendar year, and the rule that they come before use."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.journal import instant_of
from msap_mobility.ledger.scheme.book import refuse
from msap_mobility.ledger.scheme.chart import BANK, DUES, check_owner

if TYPE_CHECKING:
    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.scheme.book import Book
    from msap_mobility.ledger.scheme.slip import Asked, Slip

__all__ = ["dues_key", "pay_dues", "require_dues"]


def dues_key(member: str, year: int) -> str:
    """Key under which a member pays for a year: dues are paid once.

    Examples
    --------
    >>> dues_key("paul", 2026)
    'dues/2026/paul'
    """
    return f"dues/{year}/{member}"


def pay_dues(book: Book, member: str, year: int, slip: Slip) -> Posted:
    """A member pays the dues of a calendar year to the maison; the fund has no part in it.

    Raises
    ------
    Refused
        If the scheme has no dues.
    InputError
        If the id cannot be used or the year is no year.
    """
    check_owner(member, "member")
    if type(year) is not int or not 1970 <= year <= 9999:
        raise InputError([Fault(code="not_a_year", column="year", value=year)])
    facts: dict[str, str | int] = {"member": member, "year": year}
    asked = book.asked(slip, "dues", facts, identity=dues_key(member, year))
    return book.post(asked, lambda: [_payment(book, asked)])


def _payment(book: Book, asked: Asked) -> Entry:
    cents = book.rules_for(asked).dues_cents
    if not cents:
        raise refuse("no_dues", asked)
    return asked.entry({BANK: cents, DUES: -cents})


def require_dues(book: Book, asked: Asked, *members: str) -> None:
    """Refuse a request of persons who did not pay for the year in which it happens.

    Raises
    ------
    Refused
        For the first who did not, where the scheme asks for dues before use.
    """
    if not book.rules.dues_required:
        return
    instant = book.now() if asked.effective is None else instant_of(asked.effective)
    year = instant.astimezone(ZoneInfo(book.rules.timezone)).year
    for member in members:
        paid = book.journal.entry(book.keys_of(dues_key(member, year))[-1])
        if paid is None and book.holder(member) != "shop":
            raise refuse("dues_unpaid", asked, member=member, year=year)
