"""The FEC as a file: its name, its bytes, its hash, the description that goes with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from msap_mobility.errors import Fault
from msap_mobility.ledger.books.fec_line import FEC_COLUMNS
from msap_mobility.ledger.books.fec_notice import fec_notice

if TYPE_CHECKING:
    from msap_mobility.errors import Faults
    from msap_mobility.ledger.books.fec_line import FecLine
    from msap_mobility.ledger.books.period import Period
    from msap_mobility.wording import Lang

__all__ = ["Encoding", "Fec", "LineEnd", "check_siren", "check_writing"]

Encoding = Literal["utf-8", "iso-8859-15"]
LineEnd = Literal["crlf", "lf"]

_ENDS = {"crlf": "\r\n", "lf": "\n"}
_ENCODINGS = ("utf-8", "iso-8859-15")


@dataclass(frozen=True, kw_only=True)
class Fec:
    """The FEC of a fiscal year.

    Parameters
    ----------
    siren
        Nine digits.
    period
        The year.
    lines
        In the order of the file.
    encoding, line_end
        How it is written.
    read_at
        Number of the last entry of the journal that counted: the same number, the same file.
    """

    siren: str
    period: Period
    lines: tuple[FecLine, ...]
    encoding: Encoding = "utf-8"
    line_end: LineEnd = "crlf"
    read_at: int = 0

    @property
    def file_name(self) -> str:
        """SIREN, "FEC", closing day (article A47 A-1 IX)."""
        return f"{self.siren}FEC{self.period.last_day:%Y%m%d}.txt"

    @cached_property
    def text(self) -> str:
        """The file as text: a header line, then a line each, zones parted by tabs."""
        rows = [FEC_COLUMNS, *(line.cells() for line in self.lines)]
        return "".join("\t".join(row) + _ENDS[self.line_end] for row in rows)

    @cached_property
    def content(self) -> bytes:
        """The bytes to be written."""
        return self.text.encode(self.encoding, errors="replace")

    @property
    def sha256(self) -> str:
        """Hash of the bytes, for the log of exports: it tells later which file was handed out."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def entries(self) -> int:
        """How many entries it holds, the opening entry included."""
        return self.lines[-1].number if self.lines else 0

    @property
    def debit(self) -> int:
        """Sum of all debits, euro cents; the same as of all credits."""
        return sum(line.cents for line in self.lines if line.cents > 0)

    @cached_property
    def replaced(self) -> tuple[Fault, ...]:
        """The zones that hold a character the encoding has not, written ``?`` in its place."""
        return tuple(
            Fault(
                code="fec_character",
                file=self.file_name,
                row=row,
                column=column,
                value=cell,
                details={"encoding": self.encoding},
            )
            for row, line in enumerate(self.lines, start=2)
            for column, cell in zip(FEC_COLUMNS, line.cells(), strict=True)
            if not _fits(cell, self.encoding)
        )

    def notice(self, lang: Lang = "fr") -> str:
        """The description that must go with the file (article A47 A-1 XI)."""
        return fec_notice(
            lang,
            file_name=self.file_name,
            sha256=self.sha256,
            siren=self.siren,
            period=self.period.told(lang),
            lines=len(self.lines),
            entries=self.entries,
            encoding=self.encoding.upper(),
            line_end=self.line_end,
            journals={line.journal: line.journal_label for line in self.lines},
            assets=sorted({line.asset for line in self.lines} - {""}),
        )

    def to_dict(self) -> dict[str, Any]:
        """What a log of exports keeps of it; JSON data."""
        return {
            "file": self.file_name,
            "sha256": self.sha256,
            "period": self.period.to_dict(),
            "lines": len(self.lines),
            "entries": self.entries,
            "debit": self.debit,
            "encoding": self.encoding,
            "line_end": self.line_end,
            "read_at": self.read_at,
            "replaced": [fault.to_dict() for fault in self.replaced],
        }


def check_siren(siren: object, faults: Faults) -> None:
    """Note a SIREN that cannot be: not nine digits, or a wrong last one (Luhn).

    Examples
    --------
    >>> from msap_mobility.errors import Faults
    >>> faults = Faults()
    >>> check_siren("732829320", faults), check_siren("732829321", faults)
    (None, None)
    >>> [fault.value for fault in faults.found]
    ['732829321']
    """
    text = siren if isinstance(siren, str) else ""
    digits = [int(sign) for sign in text if sign.isascii() and sign.isdigit()]
    doubled = [sum(divmod(digit * (1 + place % 2), 10)) for place, digit in enumerate(digits)]
    if len(text) != 9 or len(digits) != 9 or sum(doubled) % 10:
        faults.add("not_a_siren", column="siren", value=siren)


def check_writing(encoding: object, line_end: object, faults: Faults) -> None:
    """Note an encoding or a line end there is not."""
    for column, value, known in (
        ("encoding", encoding, _ENCODINGS),
        ("line_end", line_end, tuple(_ENDS)),
    ):
        if value not in known:
            faults.add("not_one_of", column=column, value=value, known=known)


def _fits(cell: str, encoding: str) -> bool:
    try:
        cell.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
