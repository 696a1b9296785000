"""How one cell of a table is read and written: texts, numbers, lengths of time, lists of ids.

A text that begins with ``=``, ``+``, ``-`` or ``@`` would be run as a formula by a spreadsheet, so
it is written behind an apostrophe, which is taken off again on reading. Numbers are never touched.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from msap_mobility import units
from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "DURATION",
    "LATITUDE",
    "LONGITUDE",
    "NAMES",
    "NUMBER",
    "TEXT",
    "WHOLE",
    "YES_NO",
    "Kind",
]

_FORMULA = re.compile("'*[=+\\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_YES = ("yes", "oui", "true", "1")
_NO = ("no", "non", "false", "0")


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


def _read_degrees(cell: str, *, most: int) -> float:
    number = _read_number(cell)
    if not -most <= number <= most:
        details = {"least": -most, "most": most}
        raise InputError([Fault(code="out_of_range", value=number, details=details)])
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
LONGITUDE = Kind(id="longitude", read=partial(_read_degrees, most=180), write=_write_number)
LATITUDE = Kind(id="latitude", read=partial(_read_degrees, most=90), write=_write_number)
WHOLE = Kind(id="whole", read=_read_whole, write=str)
DURATION = Kind(id="duration", read=_read_duration, write=_write_duration)
YES_NO = Kind(id="yes_no", read=_read_yes_no, write=_write_yes_no)
NAMES = Kind(id="names", read=_read_names, write=";".join)
