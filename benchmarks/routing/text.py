"""Instance files as lines and sections; a fault names the file, the line and the reason."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Line", "Malformed", "Sections", "lines", "sections"]

_SECTION = re.compile(r"([A-Za-z_]+_SECTION)\s*:?\s*", re.IGNORECASE)
_HEADER = re.compile(r"([A-Za-z][A-Za-z_ ]*?)\s*:\s*(.*)")
_BARE = re.compile(r"([A-Za-z][A-Za-z_]*)\s+(.*)")


class Malformed(ValueError):  # noqa: N818 - the name says what the file is
    """An instance file says what cannot be.

    Parameters
    ----------
    file, line
        Where; line 0 is the file as a whole.
    reason
        Why it cannot be read.
    """

    def __init__(self, file: Path, line: int, reason: str) -> None:
        self.file, self.line, self.reason = file, line, reason
        super().__init__(f"{file.name}, line {line}: {reason}" if line else f"{file}: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line with something on it: its number in the file and its words."""

    file: Path
    number: int
    words: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.words)

    def bad(self, reason: str) -> Malformed:
        """A fault of this line."""
        return Malformed(self.file, self.number, reason)

    def number_at(self, column: int, name: str) -> float:
        """The finite number in a column."""
        if column >= len(self.words):
            raise self.bad(f"{name} is missing")
        word = self.words[column]
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.bad(f"{name} is no number: {word!r}")
        return value

    def whole_at(self, column: int, name: str) -> int:
        """The whole number in a column; ``3.0`` is one."""
        value = self.number_at(column, name)
        if value != int(value):
            raise self.bad(f"{name} is not whole: {self.words[column]!r}")
        return int(value)

    def positive_at(self, column: int, name: str) -> int:
        """The whole number above 0 in a column."""
        value = self.whole_at(column, name)
        if value < 1:
            raise self.bad(f"{name} is below 1: {value}")
        return value


def lines(file: Path) -> list[Line]:
    """The lines of a file that are neither empty nor a comment (``#``)."""
    text = file.read_bytes().decode("utf-8-sig", errors="replace")
    found = (
        Line(file=file, number=number, words=tuple(line.split()))
        for number, line in enumerate(text.splitlines(), start=1)
    )
    return [line for line in found if line.words and not line.words[0].startswith("#")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """A file of the VRPLIB kind: headers ``KEY : value`` and sections of rows."""

    file: Path
    headers: dict[str, Line]
    rows: dict[str, list[Line]] = field(default_factory=dict)

    def bad(self, reason: str) -> Malformed:
        """A fault of the file as a whole."""
        return Malformed(self.file, 0, reason)

    def text(self, key: str, default: str = "") -> str:
        """What a header says, in capitals."""
        line = self.headers.get(key)
        return default if line is None else " ".join(line.words).upper()

    def number(self, key: str, default: float | None = None) -> float:
        """The number a header says."""
        if key in self.headers:
            return self.headers[key].number_at(0, key)
        if default is None:
            raise self.bad(f"{key} is missing")
        return default

    def count(self, key: str) -> int:
        """The whole number above 0 a header says."""
        if key not in self.headers:
            raise self.bad(f"{key} is missing")
        return self.headers[key].positive_at(0, key)

    def section(self, name: str) -> list[Line]:
        """The rows of a section that must be there."""
        if name not in self.rows:
            raise self.bad(f"{name} is missing")
        return self.rows[name]

    def table(self, name: str, count: int, columns: int) -> NDArray[np.float64]:
        """Rows ``id value…`` with every id of 1…count once, as float64 (count, columns)."""
        found = np.full((count, columns), np.nan)
        for line, row in self.numbered(name, count):
            if len(line) != columns + 1:
                raise line.bad(f"{name}: {len(line) - 1} values instead of {columns}")
            found[row] = [line.number_at(column + 1, name) for column in range(columns)]
        return found

    def numbered(self, name: str, count: int) -> list[tuple[Line, int]]:
        """Rows with every id of 1…count once, and the row from 0 on that each id names."""
        seen: dict[int, Line] = {}
        for line in self.section(name):
            row = line.whole_at(0, f"{name}: id") - 1
            if not 0 <= row < count:
                raise line.bad(f"{name}: id {row + 1} is outside 1…{count}")
            if row in seen:
                raise line.bad(f"{name}: id {row + 1} is there twice")
            seen[row] = line
        if len(seen) < count:
            missing = next(row for row in range(count) if row not in seen)
            raise self.bad(f"{name}: id {missing + 1} is missing")
        return [(line, row) for row, line in seen.items()]

    def ids(self, name: str, count: int) -> list[int]:
        """Ids listed up to −1, as rows from 0 on."""
        found: list[int] = []
        for line in self.section(name):
            for column in range(len(line)):
                value = line.whole_at(column, f"{name}: id")
                if value == -1:
                    return found
                found.append(_row(line, value, name, count))
        return found

    def only(self, known: Iterable[str]) -> None:
        """No section but these: a rule that is not read would be a rule that is not kept."""
        for name, rows in self.rows.items():
            if name not in set(known):
                raise Malformed(
                    self.file, rows[0].number - 1 if rows else 0, f"{name} is not read here"
                )


def _row(line: Line, value: int, name: str, count: int) -> int:
    """An id as a row from 0 on."""
    if not 1 <= value <= count:
        raise line.bad(f"{name}: id {value} is outside 1…{count}")
    return value - 1


def sections(file: Path) -> Sections:
    """Headers and sections of a file, whatever its blanks, tabs, capitals and empty lines.

    Raises
    ------
    Malformed
        A line that belongs nowhere, a header or a section that is there twice.
    """
    headers: dict[str, Line] = {}
    rows: dict[str, list[Line]] = {}
    current: list[Line] | None = None
    for line in lines(file):
        text = " ".join(line.words)
        if text.upper().rstrip(": ") == "EOF":
            break
        if match := _SECTION.fullmatch(text):
            current = _new(rows, match[1].upper(), line)
        elif match := _HEADER.fullmatch(text) or (_BARE.fullmatch(text) if not rows else None):
            key = "_".join(match[1].upper().split())
            if key in headers and key != "COMMENT":
                raise line.bad(f"{key} is there twice")
            headers[key] = Line(file=file, number=line.number, words=tuple(match[2].split()))
        elif current is None or line.words[0][0].isalpha():
            raise line.bad(f"neither a header nor a row: {text[:40]!r}")
        else:
            current.append(line)
    return Sections(file=file, headers=headers, rows=rows)


def _new(rows: dict[str, list[Line]], name: str, line: Line) -> list[Line]:
    """A section begins."""
    if name in rows:
        raise line.bad(f"{name} is there twice")
    return rows.setdefault(name, [])


def numbers(line: Line, first: int, names: Sequence[str]) -> list[float]:
    """The numbers from a column on, one for each name."""
    return [line.number_at(first + column, name) for column, name in enumerate(names)]
