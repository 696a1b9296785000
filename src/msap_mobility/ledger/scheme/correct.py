"""Corrections: an entry made by mistake is undone by its opposite; both stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.errors import Faults
from msap_mobility.ledger.checks import check_name
from msap_mobility.ledger.entry import Mark
from msap_mobility.ledger.scheme.book import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.scheme.book import Book
    from msap_mobility.ledger.scheme.slip import Asked, Slip
    from msap_mobility.ledger.sight import Written

__all__ = ["reverse"]


def reverse(book: Book, key: str, slip: Slip) -> Posted:
    """Undo an entry, and the top-up beside it. For mistakes only: a sale undone is no refund.

    Parameters
    ----------
    book
        The scheme.
    key
        Key of the entry.
    slip
        Key (by default the entry's and ``/reversed``), day, slip and actor.

    Raises
    ------
    Refused
        If there is no such entry, it was undone before, what it moved has gone on, or paper coupons
        went with it that were used or exchanged: these do not come back. Those that were sold are
        in stock again, and may be sold to somebody else.
    """
    with Faults() as faults:
        check_name(faults, "entry", key)
    first = book.journal.entry(key)
    serials = [] if first is None else [mark.serial for mark in first.entry.marks]
    facts = {"entry": key}
    asked = book.asked(slip, "reverse", facts, identity=f"{key}/reversed", serials=serials)
    return book.post(asked, lambda: _opposites(book, key, first, asked))


def _opposites(book: Book, key: str, first: Written | None, asked: Asked) -> Sequence[Entry]:
    if first is None:
        raise refuse("unknown_target", asked, target=key)
    if not first.entry.legs:
        raise refuse("no_reverse", asked, target=key, phase=first.entry.phase)
    if first.entry.phase != "reverse" and any(mark.after != "sold" for mark in first.entry.marks):
        raise refuse("coupons_gone", asked, target=key)
    restored = tuple(
        Mark(serial=mark.serial, before=mark.after, after=mark.before) for mark in first.entry.marks
    )
    legs = _opposite(first.entry)
    entries = [asked.entry(legs, phase="reverse", target=key, marks=restored)]
    beside = book.journal.entry(f"{key}/topped-up")
    if beside is not None:
        again = {"phase": "reverse", "target": beside.entry.key}
        entries.append(asked.beside("/topped-up", "reverse", _opposite(beside.entry), **again))
    return entries


def _opposite(entry: Entry) -> dict[str, int]:
    return {account: -amount for account, amount in entry.legs.items()}
