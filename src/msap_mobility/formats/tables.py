"""Tables in CSV files (RFC 4180, UTF-8): read with every fault told, written the same everywhere.

A row's number is the one a spreadsheet shows: the header is row 1, and an empty line counts. Empty
lines and lines of empty cells are passed over. A column whose name begins with ``#`` is a remark;
any other column nobody knows is a fault, for it may be a misspelt one.

A text that begins with ``=``, ``+``, ``-`` or ``@`` would be run as a formula by a spreadsheet, so
it is written behind an apostrophe, which is taken off again on reading. Numbers are never touched.
"""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from msap_mobility import units
from msap_mobility.errors import Fault, Faults, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

__all__ = [
    "DEGREES",
    "DURATION",
    "NAMES",
    "NUMBER",
    "TEXT",
    "WHOLE",
    "YES_NO",
    "Column",
    "Kind",
    "Table",
    "nearest",
    "read_table",
    "write_table",
]

_BROKEN_BYTE = re.compile(
    "[\udc80-\udcff]"
)  # what surrogateescape makes of a byte that is no UTF-8
_FORMULA = re.compile("'*[=+\\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How the cells of a column are read and written.

    Parameters
    ----------
    id
        ``tables.kind.<id>`` names it in the documentation.
    read
        From a cell's text, stripped and not empty; raises `InputError`.
    write
        Back to text.

    Examples
    --------
    >>> WHOLE.read("60"), DURATION.write(5400), YES_NO.read("oui"), NAMES.read("caf; msa")
    (60, '90 min', True, ('caf', 'msa'))
    """

    id: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        In the header.
    kind
        Of its cells.
    required
        Whether the column must be there and no cell may be empty.
    default
        What an empty cell stands for where the column is not required.
    example
        A cell as it may be written.

    Examples
    --------
    >>> Column(name="people", kind=NUMBER).value("2.5")
    2.5
    """

    name: str
    kind: Kind
    required: bool = True
    default: Any = None
    example: str = ""

    def value(self, cell: str) -> Any:
        """What a cell says.

        Raises
        ------
        InputError
            If it cannot be read, or is empty and must not be.
        """
        text = cell.strip()
        if text:
            return self.kind.read(text)
        if self.required:
            raise InputError([Fault(code="empty_cell", value=cell)])
        return self.default

    def text(self, value: Any) -> str:
        """The cell that says `value`, what `value` reads back."""
        return "" if value == self.default and not self.required else self.kind.write(value)


class _Faulty:
    """Stands in the place of a cell that could not be read."""


_FAULTY = _Faulty()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    r"""What was read of a file, column by column.

    Parameters
    ----------
    file
        Its name.
    numbers
        The row number of each record, as a spreadsheet shows it.
    columns
        The values of each known column; a cell with a fault is passed over by `each` and
        `records`.

    Examples
    --------
    >>> columns = (Column(name="id", kind=TEXT), Column(name="people", kind=NUMBER))
    >>> faults = Faults()
    >>> content = b"id,people\nh1,2\nh2,two\n"
    >>> table = read_table(content, columns, file="homes.csv", faults=faults)
    >>> list(table.each("id")), list(table.records())
    ([(2, 'h1'), (3, 'h2')], [(2, {'id': 'h1', 'people': 2.0})])
    >>> faults.found[0].text()
    "homes.csv, row 3, column people: 'two' is not a number. Write digits only, ..."
    """

    file: str
    numbers: Sequence[int]
    columns: Mapping[str, Sequence[Any]]

    def each(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Row number and values of some columns, for the rows in which all of these are sound."""
        for row in zip(self.numbers, *(self.columns[name] for name in names), strict=True):
            if _FAULTY not in row:
                yield row

    def records(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Row number and all values, for the rows without a fault."""
        names = tuple(self.columns)
        for number, *values in self.each(*names):
            yield number, dict(zip(names, values, strict=True))


def read_table(content: bytes, columns: Sequence[Column], *, file: str, faults: Faults) -> Table:
    """Read a CSV file.

    Parameters
    ----------
    content
        The bytes of the file: UTF-8, with or without a byte order mark; commas between the cells.
    columns
        What is expected; the order in the file is free.
    file
        Its name, for the faults.
    faults
        Receives every fault; reading goes on.

    Returns
    -------
    Table
        With all `columns`, those that are missing holding their default or nothing.
    """
    found = Faults(file=file)
    lines = _lines(content, found)
    header = _header(lines.pop(0)[1], found) if lines else []
    if not header:
        found.add("empty_file", value=file)
    elif len(header) == 1 and ";" in header[0]:
        found.add("semicolons", row=1, value=header[0])
    else:
        _check_header(header, columns, found)
    even = list(_even(lines, len(header), found))
    read = {column.name: _read_column(column, header, even, found) for column in columns}
    found.found.sort(key=lambda fault: fault.row or 0)
    faults.found.extend(found.found)
    return Table(file=file, numbers=[number for number, _ in even], columns=read)


def write_table(rows: Iterable[Mapping[str, Any]], columns: Sequence[Column]) -> str:
    r"""The text of a CSV file: every column, lines ended by ``\n``, quotes only where needed.

    Examples
    --------
    >>> columns = (Column(name="id", kind=TEXT), Column(name="lon", kind=DEGREES))
    >>> print(write_table([{"id": "=1+1", "lon": -1.5}], columns), end="")
    id,lon
    '=1+1,-1.5
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerows([column.text(row[column.name]) for column in columns] for row in rows)
    return out.getvalue()


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, or an empty text if none is.

    Examples
    --------
    >>> nearest("peopel", ["id", "people"]), nearest("xyz", ["id", "people"])
    ('people', '')
    """
    names = list(known)
    alike = get_close_matches(name.lower(), [known.lower() for known in names], n=1)
    return next((known for known in names if alike and known.lower() == alike[0]), "")


def _lines(content: bytes, faults: Faults) -> list[tuple[int, list[str]]]:
    """The lines that hold something, with their numbers."""
    text = content.decode("utf-8-sig", errors="surrogateescape")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                lines.append((number, cells))
    except csv.Error:
        faults.add("broken_quotes", row=number + 1)
    return lines


def _header(cells: list[str], faults: Faults) -> list[str]:
    for cell in cells:
        with faults.also(row=1, column=_shown(cell)):
            _sound(cell)
    return [_shown(cell.strip()) for cell in cells]


def _check_header(header: list[str], columns: Sequence[Column], faults: Faults) -> None:
    known = [column.name for column in columns]
    strangers = [name for name in header if name not in known and not name.startswith("#")]
    for column in columns:
        if header.count(column.name) > 1:
            faults.add("duplicate_column", row=1, column=column.name, value=column.name)
        elif column.name not in header and (like := nearest(column.name, strangers)):
            strangers.remove(like)
            faults.add("misnamed_column", row=1, column=like, value=like, meant=column.name)
        elif column.name not in header and column.required:
            there = ", ".join(header)
            faults.add("missing_column", row=1, column=column.name, value=column.name, there=there)
    for name in strangers:
        faults.add("unknown_column", row=1, column=name, value=name, known=", ".join(known))


def _even(
    lines: Iterable[tuple[int, list[str]]], width: int, faults: Faults
) -> Iterator[tuple[int, list[str]]]:
    """The lines with as many cells as the header."""
    for number, cells in lines:
        if len(cells) == width:
            yield number, cells
        else:
            faults.add("wrong_cell_count", row=number, value=len(cells), expected=width)


def _read_column(
    column: Column, header: list[str], lines: list[tuple[int, list[str]]], faults: Faults
) -> list[Any]:
    if column.name not in header:
        return [_FAULTY if column.required else column.default] * len(lines)
    place = header.index(column.name)
    try:
        return [column.value(_sound(cells[place])) for _, cells in lines]
    except InputError:  # read again, slowly, to know which cells
        return [_cell_or_fault(column, cells[place], row, faults) for row, cells in lines]


def _cell_or_fault(column: Column, cell: str, row: int, faults: Faults) -> Any:
    value: Any = _FAULTY
    with faults.also(row=row, column=column.name):
        value = column.value(_sound(cell))
    return value  # noqa: RET504 - the block may have failed on its own


def _sound(cell: str) -> str:
    """The cell itself, if all of its bytes could be decoded."""
    if _BROKEN_BYTE.search(cell):
        raise InputError([Fault(code="undecodable_bytes", value=_shown(cell))])
    return cell


def _shown(cell: str) -> str:
    r"""The cell with ``\xe9`` in the place of a byte that is no UTF-8."""
    return cell.encode("utf-8", errors="surrogateescape").decode("utf-8", "backslashreplace")


def _read_text(cell: str) -> str:
    return cell[1:] if cell[0] == "'" and _FORMULA.match(cell) else cell


def _write_text(value: str) -> str:
    return f"'{value}" if _FORMULA.match(value) else value


def _read_number(cell: str) -> float:
    if _NUMBER.fullmatch(cell) is None:
        raise InputError([Fault(code="not_a_number", value=cell)])
    number = float(cell)
    if not math.isfinite(number):
        raise InputError([Fault(code="not_a_number", value=cell)])
    return number


def _write_number(value: float) -> str:
    return f"{value:.0f}" if value == round(value) else repr(float(value))


def _read_whole(cell: str) -> int:
    number = _read_number(cell)
    if number != int(number):
        raise InputError([Fault(code="not_whole", value=cell)])
    return int(number)


def _read_duration(cell: str) -> int:
    if cell.startswith("-"):
        raise InputError([Fault(code="negative_duration", value=cell)])
    return units.seconds(cell)


def _write_duration(value_s: int) -> str:
    return f"{value_s} s" if value_s % 60 else f"{value_s // 60} min"


_YES = ("yes", "oui", "true", "1")
_NO = ("no", "non", "false", "0")


def _read_yes_no(cell: str) -> bool:
    word = cell.lower()
    if word not in _YES + _NO:
        raise InputError([Fault(code="not_yes_no", value=cell)])
    return word in _YES


def _write_yes_no(value: bool) -> str:
    return _YES[0] if value else _NO[0]


def _read_names(cell: str) -> tuple[str, ...]:
    return tuple(name for part in cell.split(";") if (name := part.strip()))


TEXT = Kind(id="text", read=_read_text, write=_write_text)
NUMBER = Kind(id="number", read=_read_number, write=_write_number)
DEGREES = Kind(id="degrees", read=_read_number, write=_write_number)
WHOLE = Kind(id="whole", read=_read_whole, write=str)
DURATION = Kind(id="duration", read=_read_duration, write=_write_duration)
YES_NO = Kind(id="yes_no", read=_read_yes_no, write=_write_yes_no)
NAMES = Kind(id="names", read=_read_names, write=";".join)
