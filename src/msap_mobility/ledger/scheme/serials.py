"""Numbered paper coupons: their numbers as given, and what the journal knows of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.ledger.checks import check_id, usable
from msap_mobility.ledger.entry import Mark
from msap_mobility.ledger.scheme.book import refuse
from msap_mobility.ledger.scheme.chart import account_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.scheme.book import Book
    from msap_mobility.ledger.scheme.slip import Asked

__all__ = ["Coupon", "Serials", "coupon", "found", "handed", "marks", "one_serial", "read_serials"]

Serials = Iterable[str] | str
"""Numbers one by one, or as a text of numbers and series: ``"A001..A050, A077"``."""

MOST = 100_000
"""Coupons in one request."""

_NUMBERED = re.compile(r"(.*?)([0-9]{1,15})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """A numbered coupon as it stands.

    Parameters
    ----------
    serial
        The number printed on it.
    state
        ``printed``, ``sold``, ``used``, ``exchanged``, ``lost`` or ``cancelled``.
    account
        Where its value is kept: ``paper/KM`` once sold, the driver's or the shop's account once
        used; empty before and after.
    key
        Of the entry that moved it last.
    """

    serial: str
    state: str
    account: str
    key: str

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "serial": self.serial,
            "state": self.state,
            "account": self.account,
            "key": self.key,
        }


def read_serials(serials: Serials, column: str = "serials") -> tuple[str, ...]:
    """The numbers meant, in their order.

    Raises
    ------
    InputError
        With every fault: a series that does not count up, a number given twice, too many.

    Examples
    --------
    >>> read_serials("A098..A101, B7")
    ('A098', 'A099', 'A100', 'A101', 'B7')
    """
    if not isinstance(serials, Iterable):
        raise InputError([Fault(code="not_a_series", column=column, value=serials)])
    given: Sequence[object] = serials.split(",") if isinstance(serials, str) else list(serials)
    read: dict[str, None] = {}
    with Faults() as faults:
        for part in given:
            if not usable(part.strip() if isinstance(part, str) else part):
                faults.add("not_a_name", column=column, value=part)
                continue
            check_id(faults, column, str(part).strip())
            for serial in _series(faults, str(part).strip(), column):
                if serial in read:
                    faults.add("serial_twice", column=column, value=serial)
                read[serial] = None
        if len(read) > MOST:
            faults.add("too_many_serials", column=column, value=len(read), most=MOST)
    return tuple(read)


def one_serial(serial: str) -> str:
    """The one number meant.

    Raises
    ------
    InputError
        If it is none, or a series.
    """
    numbers = read_serials([serial], "serial")
    if len(numbers) != 1:
        raise InputError([Fault(code="not_one_serial", column="serial", value=serial)])
    return numbers[0]


def _series(faults: Faults, text: str, column: str) -> Sequence[str]:
    first, dots, last = (part.strip() for part in text.partition(".."))
    if not dots:
        return (text,)
    start, end = _NUMBERED.fullmatch(first), _NUMBERED.fullmatch(last)
    if start is None or end is None or start[1] != end[1] or len(start[2]) != len(end[2]):
        faults.add("not_a_series", column=column, value=text)
        return ()
    low, high, width = int(start[2]), int(end[2]), len(start[2])
    if low > high:
        faults.add("not_a_series", column=column, value=text)
        return ()
    if high - low >= MOST:
        faults.add("too_many_serials", column=column, value=high - low + 1, most=MOST)
        return ()
    return [f"{start[1]}{number:0{width}d}" for number in range(low, high + 1)]


def coupon(book: Book, serial: str) -> Coupon | None:
    """What the journal knows of a coupon; None if its number was never seen."""
    trail = book.reader.trail(serial)
    if not trail:
        return None
    seq, state = trail[-1]
    written = book.reader.numbered(seq)
    if written is None:
        return None
    asset = book.rules.coupon
    account = account_of("paper", asset) if state == "sold" else ""
    if state == "used":
        account = _taker(written.entry, asset)
    return Coupon(serial=serial, state=state, account=account, key=written.entry.key)


def found(book: Book, asked: Asked, usable: Sequence[str]) -> list[Coupon]:
    """The coupons of a request, each in a state it may be used from.

    Raises
    ------
    Refused
        For the first that is unknown or in another state, with the reason.
    """
    coupons = []
    for serial in asked.serials:
        known = coupon(book, serial)
        if known is None:
            raise refuse("coupon_unknown", asked, serial=serial)
        if known.state not in usable:
            raise refuse(f"coupon_{known.state}", asked, serial=serial, first=known.key)
        coupons.append(known)
    return coupons


def marks(coupons: Sequence[Coupon], after: str, before: str = "") -> tuple[Mark, ...]:
    """The coupons' change to `after`, from the state they are in unless another is given."""
    return tuple(
        Mark(serial=each.serial, before=before or each.state, after=after) for each in coupons
    )


def handed(coupons: Sequence[Coupon], taker: str) -> dict[str, int]:
    """Legs that bring the value of coupons from where it is kept to the account `taker`."""
    legs: dict[str, int] = {}
    for each in coupons:
        if each.account != taker:
            legs[each.account] = legs.get(each.account, 0) - 1
            legs[taker] = legs.get(taker, 0) + 1
    return legs


def _taker(entry: Entry, asset: str) -> str:
    """The account that got coupons by an entry."""
    ending = account_of("", asset)
    takers = [name for name, amount in entry.legs.items() if amount > 0 and name.endswith(ending)]
    return takers[0] if takers else ""
