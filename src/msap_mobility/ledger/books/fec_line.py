"""A line of the FEC: eighteen zones, in the order and spelling of the law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.ledger.books.figures import figure

if TYPE_CHECKING:
    from datetime import date

__all__ = ["FEC_COLUMNS", "FecLine"]

FEC_COLUMNS = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)
"""Article A47 A-1 VII of the Livre des procédures fiscales."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FecLine:
    """One line of one entry.

    Parameters
    ----------
    journal, journal_label
        Code and label of the journal.
    number
        Of the entry, from 1 and without a gap.
    day, piece_day, valid_day
        When it is booked, the day of its voucher, when it was written in the ledger.
    account, account_label, auxiliary, auxiliary_label
        General account, third party.
    piece, label
        The voucher, and what happened. Never empty.
    cents
        Euro cents, debit positive, never zero.
    units, asset
        Coupons behind the amount, never negative, and their code; empty where none are.
    """

    journal: str
    journal_label: str
    number: int
    day: date
    account: str
    account_label: str
    auxiliary: str = ""
    auxiliary_label: str = ""
    piece: str
    piece_day: date
    label: str
    cents: int
    valid_day: date
    units: str = ""
    asset: str = ""

    def cells(self) -> tuple[str, ...]:
        """The eighteen zones as text.

        Examples
        --------
        >>> from datetime import date
        >>> day = date(2026, 12, 1)
        >>> line = FecLine(
        ...     journal="ML", journal_label="Monnaie locale", number=1, day=day, piece="c1",
        ...     piece_day=day, label="Carnet", account="512200", account_label="Fonds", cents=300,
        ...     valid_day=day,
        ... )
        >>> line.cells()[2:5], line.cells()[11:13]
        (('1', '20261201', '512200'), ('3,00', '0,00'))
        """
        return (
            _clean(self.journal),
            _clean(self.journal_label),
            str(self.number),
            _date(self.day),
            _clean(self.account),
            _clean(self.account_label),
            _clean(self.auxiliary),
            _clean(self.auxiliary_label),
            _clean(self.piece),
            _date(self.piece_day),
            _clean(self.label),
            figure(max(self.cents, 0), 2, "fr"),
            figure(max(-self.cents, 0), 2, "fr"),
            "",
            "",
            _date(self.valid_day),
            self.units,
            _clean(self.asset),
        )


def _date(day: date) -> str:
    return day.strftime("%Y%m%d")


def _clean(text: str) -> str:
    """The text without what would end its zone or its line: tabs, line ends, other controls."""
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return text.strip()
