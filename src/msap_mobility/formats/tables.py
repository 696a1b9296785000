"""Tables in CSV files (RFC 4180, UTF-8): read with every fault told, written the same everywhere.

A row's number is the one a spreadsheet shows: the header is row 1, and an empty line counts. Empty
lines and lines of empty cells are passed over. A column whose name begins with ``#`` is a remark;
any other column nobody knows is a fault, for it may be a misspelt one.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from msap_mobility.errors import Fault, Faults, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from msap_mobility.formats.kinds import Kind

__all__ = [
    "Column",
    "Table",
    "nearest",
    "read_table",
    "write_table",
]

_BROKEN_BYTE = re.compile(
    "[\udc80-\udcff]"
)  # what surrogateescape makes of a byte that is no UTF-8


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
    >>> from msap_mobility.formats.kinds import NUMBER
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
    >>> from msap_mobility.formats.kinds import NUMBER, TEXT
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
        lines = []  # every row would only say the same
    else:
        _check_header(header, columns, found)
    body = [_line(number, cells, len(header), found) for number, cells in lines]
    read = {column.name: _read_column(column, header, body, found) for column in columns}
    found.found.sort(key=lambda fault: fault.row or 0)
    faults.found.extend(found.found)
    return Table(file=file, numbers=[line.number for line in body], columns=read)


def write_table(rows: Iterable[Mapping[str, Any]], columns: Sequence[Column]) -> str:
    r"""The text of a CSV file: every column, lines ended by ``\n``, quotes only where needed.

    Examples
    --------
    >>> from msap_mobility.formats.kinds import LONGITUDE, TEXT
    >>> columns = (Column(name="id", kind=TEXT), Column(name="lon", kind=LONGITUDE))
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


class _Line(NamedTuple):
    """A row of the body: as many cells as the header has, missing ones empty.

    A row that had more or fewer cells is not `even`: that fault told, its cells make no other.
    """

    number: int
    cells: list[str]
    even: bool


def _line(number: int, cells: list[str], width: int, faults: Faults) -> _Line:
    even = len(cells) == width
    if not even:
        faults.add("wrong_cell_count", row=number, value=len(cells), expected=width)
    return _Line(number, (cells + [""] * width)[:width], even)


def _read_column(
    column: Column, header: list[str], lines: list[_Line], faults: Faults
) -> list[Any]:
    if column.name not in header:
        return [_FAULTY if column.required else column.default] * len(lines)
    place = header.index(column.name)
    try:
        return [column.value(_sound(line.cells[place])) for line in lines]
    except InputError:  # read again, slowly, to know which cells
        return [_cell_or_fault(column, line, place, faults) for line in lines]


def _cell_or_fault(column: Column, line: _Line, place: int, faults: Faults) -> Any:
    try:
        return column.value(_sound(line.cells[place]))
    except InputError as error:
        if line.even:
            faults.found.extend(
                replace(fault, file=faults.file, row=line.number, column=column.name)
                for fault in error.faults
            )
        return _FAULTY


def _sound(cell: str) -> str:
    """The cell itself, if all of its bytes could be decoded."""
    if _BROKEN_BYTE.search(cell):
        raise InputError([Fault(code="undecodable_bytes", value=_shown(cell))])
    return cell


def _shown(cell: str) -> str:
    r"""The cell with ``\xe9`` in the place of a byte that is no UTF-8."""
    return cell.encode("utf-8", errors="surrogateescape").decode("utf-8", "backslashreplace")
