"""Paper slips in a CSV file, as a volunteer types them in a spreadsheet.

Columns, in either language and in any order: ``date``, ``kind``, ``slip``, ``member``, ``driver``,
``shop``, ``km``, ``amount``, ``serials``. Semicolons, commas or tabs part the cells; a byte order
mark and decimal commas are welcome, and so is what a French Excel saves, which is Windows-1252 and
no UTF-8: the answer tells which of the two it was. A column whose name begins with ``#`` is a
remark.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from msap_mobility.errors import Faults
from msap_mobility.wording import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["SLIP_COLUMNS", "SLIP_KINDS", "SlipFile", "SlipRow", "read_slips"]

SLIP_COLUMNS = ("date", "kind", "slip", "member", "driver", "shop", "km", "amount", "serials")
"""``books.slip.column.<name>`` is how a language writes them."""

SLIP_KINDS = ("booklet", "ride", "exchange", "spend", "reconvert")
"""In the order in which slips of one day are posted; ``books.slip.kind.<name>`` in a language."""

_NEEDS = {
    "booklet": ("member", "km"),
    "ride": ("member", "driver", "km"),
    "exchange": ("member",),
    "spend": ("member", "shop"),
    "reconvert": ("shop",),
}
_TAKES = {
    "booklet": ("serials",),
    "ride": ("serials",),
    "exchange": ("km", "serials"),
    "spend": ("amount", "serials"),
    "reconvert": ("amount", "serials"),
}
_EITHER = ("exchange", "spend", "reconvert")  # one of the two, not both
_ALWAYS = ("date", "kind", "slip")

_DASHED = re.compile(r"(?P<lead>.*?)(?P<low>[0-9]+)\s*[-–]\s*(?P=lead)(?P<high>[0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipRow:
    """One slip of paper.

    Parameters
    ----------
    row
        Of the file, the header being row 1.
    day
        Written on the slip.
    kind, slip
        What it is and its number: the two together name it for ever.
    member, driver, shop
        Ids; empty where the kind has none.
    km, amount
        As written, decimal commas and all.
    serials
        Numbers of paper coupons, series as ``A001..A050``.
    """

    row: int
    day: date
    kind: str
    slip: str
    member: str = ""
    driver: str = ""
    shop: str = ""
    km: str = ""
    amount: str = ""
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFile:
    """What was read of a file.

    Parameters
    ----------
    slips
        Those without a fault, in the order they are to be posted: day by day.
    names
        What the file calls each column, for the faults.
    encoding
        ``"utf-8"`` or ``"cp1252"``.
    """

    slips: Sequence[SlipRow]
    names: Mapping[str, str]
    encoding: str


def read_slips(content: bytes, *, file: str, faults: Faults) -> SlipFile:
    """The slips of a file.

    Parameters
    ----------
    content
        UTF-8, with or without a byte order mark, or Windows-1252.
    file
        Its name, for the faults.
    faults
        Receives every fault; reading goes on.
    """
    found = Faults(file=file)
    text, encoding = _decoded(content)
    lines = list(_lines(text, found))
    head = lines[0][1] if lines else []
    columns = _columns(head, found) if head else {}
    names = {column: head[place] for column, place in columns.items()}
    if not head:
        found.add("empty_file", value=file)
    read = [_slip(row, cells, columns, found) for row, cells in lines[1:] if columns]
    slips = [each for each in read if each is not None]
    _check_twice(slips, found)
    found.found = [
        replace(each, column=names.get(each.column, each.column))
        for each in sorted(found.found, key=lambda fault: fault.row or 0)
    ]
    faults.found.extend(found.found)
    slips.sort(key=lambda each: (each.day, SLIP_KINDS.index(each.kind), each.row))
    return SlipFile(slips=slips, names=names, encoding=encoding)


def _decoded(content: bytes) -> tuple[str, str]:
    r"""The text of a file and its encoding: Windows-1252 only where no accent of it is UTF-8.

    Examples
    --------
    >>> _decoded("échange".encode()), _decoded("échange".encode("cp1252"))
    (('échange', 'utf-8'), ('échange', 'cp1252'))
    >>> _decoded("é".encode() + b"\xe9")  # of both: a byte was spoilt
    ('é\udce9', 'utf-8')
    """
    text = content.decode("utf-8-sig", errors="surrogateescape")
    strange = {sign for sign in text if not sign.isascii()}
    if strange and all("\udc80" <= sign <= "\udcff" for sign in strange):
        with suppress(UnicodeDecodeError):  # five bytes stand for nothing in it
            return content.decode("cp1252"), "cp1252"
    return text, "utf-8"


def _lines(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, with their numbers as a spreadsheet shows them."""
    head = text.partition("\n")[0]
    parts = max((";", ",", "\t"), key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parts, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield number, [_sound(cell.strip(), number, faults) for cell in cells]
    except csv.Error:
        faults.add("broken_quotes", row=number + 1)


def _sound(cell: str, row: int, faults: Faults) -> str:
    """The cell, each accent on its letter; a fault if it holds bytes that are no UTF-8."""
    if cell.isascii() or not any("\udc80" <= sign <= "\udcff" for sign in cell):
        return unicodedata.normalize("NFC", cell)
    shown = cell.encode("utf-8", errors="surrogateescape").decode("utf-8", "backslashreplace")
    faults.add("undecodable_bytes", row=row, value=shown)
    return shown


def _columns(head: Sequence[str], faults: Faults) -> dict[str, int]:
    """Where each column stands; none if the header cannot be used."""
    names = _meanings("column", SLIP_COLUMNS)
    columns: dict[str, int] = {}
    before = len(faults.found)
    for place, name in enumerate(head):
        column = names.get(_plain(name))
        if column in columns:
            faults.add("duplicate_column", row=1, column=name, value=name)
        elif column is not None:
            columns[column] = place
        elif name and not name.startswith("#"):
            known = _both("column", SLIP_COLUMNS)
            faults.add("unknown_column", row=1, column=name, value=name, known=known)
    for name in _ALWAYS:
        if name not in columns:
            there = ", ".join(head)
            faults.add("missing_column", row=1, column=name, value=name, there=there)
    return columns if len(faults.found) == before else {}


def _slip(
    row: int, cells: Sequence[str], columns: Mapping[str, int], faults: Faults
) -> SlipRow | None:
    """One slip; None if it has a fault."""
    before = len(faults.found)
    if len(cells) <= max(columns.values()):
        wanted = max(columns.values()) + 1
        faults.add("wrong_cell_count", row=row, value=len(cells), expected=wanted)
        return None
    given = {name: cells[place] for name, place in columns.items()}
    kind = _meanings("kind", SLIP_KINDS).get(_plain(given["kind"]), "")
    day = _day(given["date"])
    if not kind:
        known = _both("kind", SLIP_KINDS)
        faults.add("not_one_of", row=row, column="kind", value=given["kind"], known=known)
    if day is None:
        faults.add("slip_day", row=row, column="date", value=given["date"])
    if not given["slip"]:
        faults.add("empty_cell", row=row, column="slip", value="")
    if kind:
        _check_cells(row, kind, given, faults)
    if day is None or len(faults.found) > before:
        return None
    serials = _series(given.pop("serials", ""))
    rest = {name: cell for name, cell in given.items() if name not in _ALWAYS}
    return SlipRow(row=row, day=day, kind=kind, slip=given["slip"], serials=serials, **rest)


def _check_cells(row: int, kind: str, given: Mapping[str, str], faults: Faults) -> None:
    """A kind of slip fills in its own columns and no other."""
    needed, taken = _NEEDS[kind], _TAKES[kind]
    for column in needed:
        if not given.get(column):
            faults.add("empty_cell", row=row, column=column, value="")
    for column, cell in given.items():
        if cell and column not in (*_ALWAYS, *needed, *taken):
            faults.add("slip_column", row=row, column=column, value=cell, kind=given["kind"])
    if kind in _EITHER and sum(bool(given.get(column)) for column in taken) != 1:
        value = " / ".join(given.get(column, "") for column in taken)
        first, second = taken
        faults.add("slip_either", row=row, column=first, value=value, first=first, second=second)


def _check_twice(slips: Sequence[SlipRow], faults: Faults) -> None:
    first: dict[tuple[str, str], int] = {}
    for each in slips:
        row = first.setdefault((each.kind, each.slip), each.row)
        if row != each.row:
            faults.add("duplicate_id", row=each.row, column="slip", value=each.slip, first_row=row)


def _meanings(what: str, names: Sequence[str]) -> dict[str, str]:
    """What may be written for each name: itself, and its word in each language."""
    written = {name: name for name in names}
    for lang in LANGUAGES:
        written |= {_plain(say(f"books.slip.{what}.{name}", lang)): name for name in names}
    return written


def _both(what: str, names: Sequence[str]) -> str:
    """What may be written, in English and, where it differs, in French."""
    words = {name: say(f"books.slip.{what}.{name}", "fr") for name in names}
    return ", ".join(name if name == word else f"{name} ({word})" for name, word in words.items())


def _plain(text: str) -> str:
    """Small letters without accents: how a word is compared."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _day(cell: str) -> date | None:
    """A day as 2026-12-01 or 01/12/2026.

    Examples
    --------
    >>> _day("01/12/2026"), _day("31/02/2026")
    (datetime.date(2026, 12, 1), None)
    """
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007 - a day has no timezone
        except ValueError:
            continue
    return None


def _series(cell: str) -> tuple[str, ...]:
    """Serials as the ledger reads them: ``A001-A050`` is a series when it counts up so.

    Examples
    --------
    >>> _series("A001-A050, B7 ; C-12")
    ('A001..A050', 'B7', 'C-12')
    """
    parts = [part.strip() for part in re.split(r"[,;+]", cell) if part.strip()]
    read = []
    for part in parts:
        dashed = _DASHED.fullmatch(part)
        lead = dashed["lead"] if dashed else ""
        read.append(f"{lead}{dashed['low']}..{lead}{dashed['high']}" if dashed else part)
    return tuple(read)
