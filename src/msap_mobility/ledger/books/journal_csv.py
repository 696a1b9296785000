"""The journal as a table: a row for each leg, for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.ledger.books.figures import cell, figure, table_text
from msap_mobility.ledger.books.movements import happened
from msap_mobility.ledger.journal import instant_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.ledger.journal import Journal
    from msap_mobility.ledger.sight import Written
    from msap_mobility.wording import Lang

__all__ = ["JOURNAL_COLUMNS", "journal_csv"]

JOURNAL_COLUMNS = (
    *("seq", "key", "kind", "phase", "effective", "recorded", "ref", "actor", "target"),
    *("account", "asset", "amount", "hash"),
)
"""Names of the columns: those of `Entry` and `Written`, in every language."""


def journal_csv(journal: Journal, lang: Lang = "en") -> Iterator[str]:
    """The journal as lines of CSV, their ends included; entries without legs have one row.

    Parameters
    ----------
    journal
        Where it is read; what is written meanwhile is left out.
    lang
        Decides decimal sign and separator, as the spreadsheets of that language open them.

    Notes
    -----
    The legs of a ``reserve`` are what it holds back; it moves nothing.
    """
    yield table_text([JOURNAL_COLUMNS], lang)
    top = journal.engine.reader.head().seq
    decimals = journal.engine.decimals
    assets = {standing.terms.id: standing.terms.asset for standing in journal.accounts()}
    for written in journal.entries():
        if written.seq > top:
            return
        lead = _lead(written)
        legs = [
            [cell(account), assets[account], figure(units, decimals[assets[account]], lang)]
            for account, units in written.entry.legs.items()
        ]
        yield table_text([[*lead, *leg, written.hash] for leg in legs or [["", "", ""]]], lang)


def _lead(written: Written) -> list[str]:
    entry = written.entry
    return [
        str(written.seq),
        cell(entry.key),
        cell(entry.kind),
        entry.phase,
        instant_of(happened(written)).isoformat(),
        instant_of(written.recorded).isoformat(),
        cell(entry.ref),
        cell(entry.actor),
        cell(entry.target),
    ]
