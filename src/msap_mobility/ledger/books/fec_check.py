"""An independent checker of FEC files, ours or another's.

It follows the rules of article A47 A-1 of the Livre des procédures fiscales and of the tax
office's own tool (Test Compta Démat), and shares no code with the export.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.errors import Fault

__all__ = ["check_fec"]

_ZONES = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit"),
    *("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
)
_SIGNED = tuple({"Debit": "Montant", "Credit": "Sens"}.get(name, name) for name in _ZONES)

_MAY_BE_EMPTY = (
    *("CompAuxNum", "CompAuxLib", "EcritureLet", "DateLet", "Montantdevise", "Idevise"),
)
_DATES = ("EcritureDate", "PieceDate", "DateLet", "ValidDate")
_AMOUNTS = ("Debit", "Credit", "Montant", "Montantdevise")
_TOGETHER = (
    ("CompAuxNum", "CompAuxLib"),
    ("Montantdevise", "Idevise"),
    ("EcritureLet", "DateLet"),
)
_AMOUNT = re.compile(r"[+-]?\d+(,\d+)?")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NAME = re.compile(r"\d{9}FEC(\d{8})\.txt", re.IGNORECASE)
_SENSES = {"D": 1, "C": -1, "+1": 1, "-1": -1}
_OPENING = ("AN", "RAN")


def check_fec(
    text: str, *, name: str = "", first_day: str = "", last_day: str = ""
) -> tuple[Fault, ...]:
    """Every fault of a FEC.

    Parameters
    ----------
    text
        The whole file, decoded.
    name
        Of the file; empty if it is not to be checked.
    first_day, last_day
        Of the fiscal year, AAAAMMJJ; empty if days are not to be held against it. The last is
        taken from `name` where it is not given.

    Returns
    -------
    tuple of Fault
        Empty if the file will do. Rows are lines of the file, the header being row 1.

    Examples
    --------
    >>> [fault.code for fault in check_fec("JournalCode;JournalLib")]
    ['fec_separator']
    """
    faults = Faults(file=name)
    named = _NAME.fullmatch(name)
    if name and not (named and _is_day(named[1])):
        faults.add("fec_name", value=name)
    elif named:
        last_day = last_day or named[1]
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()  # the end of the last line, not a line
    separator = _separator(lines[0] if lines else "")
    if not separator:
        faults.add("fec_separator", row=1)
        return tuple(faults.found)
    zones = _header(lines[0].split(separator), faults)
    if zones:
        reading = _Reading(faults, zones, first_day, last_day)
        for row, line in enumerate(lines[1:], start=2):
            reading.line(row, line.split(separator))
        reading.end()
    return tuple(faults.found)


def _separator(header: str) -> str:
    return next((sign for sign in ("\t", "|") if sign in header), "")


def _header(cells: Sequence[str], faults: Faults) -> Sequence[str]:
    """The zones in their order; none if they are not those of the law."""
    zones = _SIGNED if "Montant" in cells else _ZONES
    for wanted, there in zip(zones, [*cells, *[""] * len(zones)], strict=False):
        if wanted != there:
            faults.add("fec_header", row=1, column=wanted, value=there, wanted=wanted)
            return ()
    if len(cells) != len(zones):
        faults.add("fec_zones", row=1, value=len(cells), wanted=len(zones))
        return ()
    return zones


@dataclass
class _Entry:
    """The lines of one entry, while they are read."""

    row: int
    journal: str
    number: str
    day: str
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)


@dataclass
class _Reading:
    """What must be remembered from line to line."""

    faults: Faults
    zones: Sequence[str]
    first_day: str
    last_day: str
    entry: _Entry | None = None
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    numbers: list[tuple[int, str, str]] = field(default_factory=list)

    def line(self, row: int, cells: Sequence[str]) -> None:
        if len(cells) != len(self.zones):
            self.faults.add("fec_zones", row=row, value=len(cells), wanted=len(self.zones))
            return
        line = dict(zip(self.zones, cells, strict=True))
        self._cells(row, line)
        self._account(row, line)
        self._days(row, line)
        self._join(row, line)
        self._sides(row, line)

    def end(self) -> None:
        self._close()
        self._sequence()

    def _cells(self, row: int, line: dict[str, str]) -> None:
        """Zones on their own: filled in, well written."""
        for column, cell in line.items():
            if not cell.strip():
                if column not in _MAY_BE_EMPTY:
                    self.faults.add("fec_empty", row=row, column=column, value=cell)
            elif column in _DATES and not _is_day(cell):
                self.faults.add("fec_date", row=row, column=column, value=cell)
            elif column in _AMOUNTS and not _AMOUNT.fullmatch(cell):
                self.faults.add("fec_amount", row=row, column=column, value=cell)
            elif _CONTROL.search(cell):
                self.faults.add("fec_control", row=row, column=column, value=cell)
        for first, second in _TOGETHER:
            for column, other in ((first, second), (second, first)):
                if line[column] and not line[other]:
                    value = line[column]
                    self.faults.add("fec_half", row=row, column=column, value=value, other=other)

    def _account(self, row: int, line: dict[str, str]) -> None:
        account, third = line["CompteNum"], line["CompAuxNum"]
        if account and not re.match(r"[0-9]{3}", account):
            self.faults.add("fec_account", row=row, column="CompteNum", value=account)
        if third and not account.startswith("4"):
            column = "CompAuxNum"
            self.faults.add("fec_auxiliary", row=row, column=column, value=third, account=account)

    def _days(self, row: int, line: dict[str, str]) -> None:
        day = line["EcritureDate"]
        first, last = self.first_day or "00000000", self.last_day or "99999999"
        if _is_day(day) and not first <= day <= last:
            column = "EcritureDate"
            self.faults.add(
                "fec_outside", row=row, column=column, value=day, first=first, last=last
            )

    def _join(self, row: int, line: dict[str, str]) -> None:
        """The entry a line belongs to: the one being read, or a new one."""
        key = line["JournalCode"], line["EcritureNum"]
        now = self.entry
        if now is not None and (now.journal, now.number) == key:
            if now.day != line["EcritureDate"]:
                self.faults.add("fec_scattered", row=row, column="EcritureDate", value=key[1])
            return
        self._close()
        if key in self.seen:
            self.faults.add("fec_scattered", row=row, column="EcritureNum", value=key[1])
        elif key[0] in _OPENING and any(journal not in _OPENING for journal, _ in self.seen):
            self.faults.add("fec_opening", row=row, column="JournalCode", value=key[0])
        self.seen.setdefault(key, row)
        self.numbers.append((row, *key))
        self.entry = _Entry(row, *key, line["EcritureDate"])

    def _sides(self, row: int, line: dict[str, str]) -> None:
        if "Sens" in line:
            sense = _SENSES.get(line["Sens"].strip().upper(), 0)
            if line["Sens"] and not sense:
                self.faults.add("fec_sense", row=row, column="Sens", value=line["Sens"])
            amount = _amount(line["Montant"])
            debit, credit = (amount, Decimal(0)) if sense > 0 else (Decimal(0), amount)
        else:
            debit, credit = _amount(line["Debit"]), _amount(line["Credit"])
        if bool(debit) == bool(credit):
            value = line.get("Debit", line.get("Montant"))
            self.faults.add("fec_sides", row=row, column="Debit", value=value)
        if self.entry is not None:
            self.entry.debit += debit
            self.entry.credit += credit

    def _close(self) -> None:
        now, self.entry = self.entry, None
        if now is not None and now.debit != now.credit:
            self.faults.add(
                "fec_unbalanced",
                row=now.row,
                column="EcritureNum",
                value=now.number,
                debit=now.debit,
                credit=now.credit,
            )

    def _sequence(self) -> None:
        """Numbers follow one another without a gap, in the file or in each journal."""
        whole = _gaps(self.numbers)
        journals = {journal for _, journal, _ in self.numbers}
        by_journal = [
            gap
            for journal in journals
            for gap in _gaps([number for number in self.numbers if number[1] == journal])
        ]
        for row, before, value in sorted(by_journal if len(by_journal) < len(whole) else whole):
            column = "EcritureNum"
            self.faults.add("fec_number", row=row, column=column, value=value, before=before)


def _gaps(numbers: Sequence[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """Row, number before and number, where the second does not follow the first."""
    gaps = []
    for (_, _, before), (row, _, number) in pairwise(numbers):
        first, second = re.search(r"\d+$", before), re.search(r"\d+$", number)
        if first is None or second is None or int(second[0]) != int(first[0]) + 1:
            gaps.append((row, before, number))
    return gaps


def _amount(cell: str) -> Decimal:
    return Decimal(cell.replace(",", ".")) if _AMOUNT.fullmatch(cell) else Decimal(0)


def _is_day(cell: str) -> bool:
    if not re.fullmatch(r"[0-9]{8}", cell):
        return False
    try:
        datetime.strptime(cell, "%Y%m%d")  # noqa: DTZ007 - a day has no timezone
    except ValueError:
        return False
    return True
