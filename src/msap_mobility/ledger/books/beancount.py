"""The journal as a beancount file: every leg, and a balance assertion for every account.

Amounts keep the ledger's own signs, in which every entry sums to zero in each asset; that is what
beancount checks. Beancount's names begin with capitals and hold letters, digits and dashes only, so
``paul/KM`` becomes ``Assets:Persons:Paul:KM``; the id itself stands in the metadata ``id``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msap_mobility.ledger.books.figures import figure
from msap_mobility.ledger.books.movements import happened, moved
from msap_mobility.ledger.books.period import day_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.ledger.journal import Journal
    from msap_mobility.ledger.sight import Standing, Written

__all__ = ["beancount"]

_ROOTS = {
    "fund": "Assets",
    "bank": "Assets",
    "backed": "Liabilities",
    "issue": "Liabilities",
    "fees": "Income",
    "dues": "Income",
    "expired": "Income",
    "subsidy": "Expenses",
}
_HOLDERS = {"person": "Assets:Persons", "shop": "Assets:Shops"}

_COMMODITY = re.compile(r"[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]")
"""What beancount takes for a commodity."""


def beancount(journal: Journal) -> Iterator[str]:
    """The journal as the lines of a beancount file, their ends not included.

    Parameters
    ----------
    journal
        Where it is read. It is read twice; what is written meanwhile is left out.

    Notes
    -----
    A transaction is dated by the day it happened, in France; when it was written and its hash are
    metadata. Holds move nothing and are left out. Each account is opened on the day of its first
    transaction, which late paper may put before the day it was opened in the ledger.
    """
    reader = journal.engine.reader
    top = reader.head().seq
    names = _Names.of(journal.accounts(), journal.engine.decimals)
    first, last = _days(journal, top)
    yield f'option "title" "{_quoted(journal.engine.name)}"'
    yield 'option "operating_currency" "EUR"'
    yield ""
    for asset, commodity in names.commodities.items():
        yield f"{min(first.values(), default=last)} commodity {commodity}"
        yield f'  id: "{_quoted(asset)}"'
    yield ""
    for account, day in first.items():
        yield f"{day} open {names.accounts[account]} {names.commodity_of(account)}"
        yield f'  id: "{_quoted(account)}"'
    for written in _until(journal, top):
        yield ""
        yield from _transaction(written, names, journal.engine.decimals)
    yield ""
    for account in first:
        standing = names.standings[account]
        held, _, _ = reader.balance_in(standing.no, top)
        amount = figure(held, journal.engine.decimals[standing.terms.asset])
        day = last + timedelta(days=1)
        yield f"{day} balance {names.accounts[account]} {amount} {names.commodity_of(account)}"


def _until(journal: Journal, top: int) -> Iterator[Written]:
    for written in journal.entries():
        if written.seq > top:
            return
        if moved(written):
            yield written


def _days(journal: Journal, top: int) -> tuple[dict[str, date], date]:
    """The first day of each account that moved, and the last day of all."""
    first: dict[str, date] = {}
    last = date(1970, 1, 1)
    for written in _until(journal, top):
        day = day_of(happened(written))
        last = max(last, day)
        for account in written.entry.legs:
            first[account] = min(day, first.get(account, day))
    return first, last


def _transaction(written: Written, names: _Names, decimals: Mapping[str, int]) -> Iterator[str]:
    entry = written.entry
    yield f'{day_of(happened(written))} * "{_quoted(entry.kind)}" "{_quoted(entry.ref)}"'
    yield f'  key: "{_quoted(entry.key)}"'
    yield f"  seq: {written.seq}"
    yield f"  recorded: {written.recorded}"
    yield f'  hash: "{written.hash}"'
    for account, units in entry.legs.items():
        asset = names.standings[account].terms.asset
        amount = figure(units, decimals[asset])
        yield f"  {names.accounts[account]}  {amount} {names.commodities[asset]}"


@dataclass(frozen=True, slots=True)
class _Names:
    """What accounts and assets are called in beancount; no two the same."""

    standings: Mapping[str, Standing]
    accounts: Mapping[str, str]
    commodities: Mapping[str, str]

    @classmethod
    def of(cls, standings: list[Standing], decimals: Mapping[str, int]) -> _Names:
        by_id = {standing.terms.id: standing for standing in standings}
        assets = _distinct({asset: _commodity(asset) for asset in decimals})
        accounts = _distinct({name: _account(each) for name, each in by_id.items()})
        return cls(by_id, accounts, assets)

    def commodity_of(self, account: str) -> str:
        return self.commodities[self.standings[account].terms.asset]


def _account(standing: Standing) -> str:
    terms = standing.terms
    owner = terms.id.rpartition("/")[0] or terms.id
    root = _HOLDERS.get(terms.holder) or _ROOTS.get(owner.partition(".")[0], "Equity")
    return f"{root}:{_component(owner)}:{_component(terms.asset)}"


def _distinct(names: Mapping[str, str]) -> dict[str, str]:
    """The names, a number behind those that would be the same."""
    taken: set[str] = set()
    found = {}
    for id_, name in names.items():
        free, number = name, 2
        while free in taken:
            free, number = f"{name}-{number}", number + 1
        taken.add(free)
        found[id_] = free
    return found


def _component(text: str) -> str:
    """A part of an account's name: letters, digits, dashes, a capital or a digit first.

    Examples
    --------
    >>> _component("paul"), _component("chez l'Élise"), _component("é!")
    ('Paul', 'Chez-l-Elise', 'E')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")
    return kept[:1].upper() + kept[1:] or "X"


def _commodity(asset: str) -> str:
    kept = re.sub(r"[^A-Z0-9]+", "-", _component(asset).upper()).strip("-")
    if _COMMODITY.fullmatch(kept):
        return kept
    return f"X-{kept or 'X'}"[:24].rstrip("-")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
