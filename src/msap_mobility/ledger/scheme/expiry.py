"""Coupons that nobody used for so long that they lapse, where the statutes say so."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.outcome import Refusal
from msap_mobility.ledger.scheme.book import heed
from msap_mobility.ledger.scheme.chart import BACKED, BANK, EXPIRED_UNITS, FUND, account_of
from msap_mobility.ledger.scheme.serials import coupon, marks
from msap_mobility.ledger.scheme.slip import Asked, Slip, instant_us

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.scheme.book import Book

__all__ = ["expire_units", "months_before"]

_TOGETHER = 1_000  # paper coupons that lapse in one entry


def expire_units(book: Book, on: date, slip: Slip) -> tuple[Posted | Refusal, ...]:
    """Let lapse what was received before the term and not spent since; the first in is first out.

    Their value goes from the fund to the maison. Only private persons' coupons lapse, those lost
    and given back to nobody, and paper sold before the term and never used. What a hold keeps back
    stays. A coupon counts from the day it was *written*, which is never too early for its holder.
    Running it again lets nothing lapse twice.

    Parameters
    ----------
    book
        The scheme.
    on
        The day, not after today.
    slip
        Slip and actor.

    Returns
    -------
    tuple of Posted or Refusal
        One for each account (and each thousand of paper coupons) of which something lapsed.

    Raises
    ------
    Refused
        If the scheme's coupons do not lapse.
    InputError
        If `on` is no day.
    """
    if type(on) is not date:
        raise InputError([Fault(code="not_a_day", column="on", value=on)])
    asked = book.asked(slip, "lapse", {}, identity=f"lapse/{on.isoformat()}")
    months = book.rules.expiry_months
    if months is None:
        heed(Refusal(code="no_expiry", key=""), asked)
        return ()
    zone = ZoneInfo(book.rules.timezone)
    until = book.reader.seq_at(instant_us(months_before(on, months), zone) - 1)
    effective = instant_us(on, zone)
    entries = [*_accounts(book, asked, until, effective), *_paper(book, asked, until, effective)]
    return book.journal.post_each(entries)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month.

    Examples
    --------
    >>> months_before(date(2028, 3, 31), 1).isoformat()
    '2028-02-29'
    """
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _accounts(book: Book, asked: Asked, until: int, effective: int) -> Iterator[Entry]:
    """An entry for each account of which something lapses."""
    asset = book.rules.coupon
    lost = account_of("lost", asset)
    for standing in book.journal.accounts():
        terms = standing.terms
        if terms.asset != asset or not (terms.holder == "person" or terms.id == lost):
            continue
        spent = book.reader.spent_since(standing.no, until)
        old = book.reader.balance_in(standing.no, until)[0] - spent
        coupons = min(old, standing.posted - standing.outgoing)
        if coupons > 0:  # once more spent, it is another request
            key = f"{asked.key}/{terms.id}/{spent}"
            yield _lapse(book, asked, key, terms.id, coupons, effective)


def _paper(book: Book, asked: Asked, until: int, effective: int) -> Iterator[Entry]:
    """An entry for each lot of paper coupons that lapse."""
    serials = [serial for serial, _ in book.reader.in_state("sold", until)]
    account = account_of("paper", book.rules.coupon)
    for start in range(0, len(serials), _TOGETHER):
        lot = [coupon(book, serial) for serial in serials[start : start + _TOGETHER]]
        known = [each for each in lot if each is not None]
        key = f"{asked.key}/{known[0].serial}"
        out = marks(known, "cancelled")
        yield _lapse(book, asked, key, account, len(known), effective, marks=out)


def _lapse(
    book: Book,
    asked: Asked,
    key: str,
    account: str,
    coupons: int,
    effective: int,
    **more: Any,
) -> Entry:
    """Coupons out of circulation, their euros from the fund to the maison."""
    cents = book.rules.cents(coupons, book.rules.coupon)
    legs = {account: -coupons, book.edition.issue: coupons, FUND: -cents, BACKED: cents}
    legs |= {BANK: cents, EXPIRED_UNITS: -cents}
    return asked.entry(legs, key=key, effective=effective, data=None, **more)
