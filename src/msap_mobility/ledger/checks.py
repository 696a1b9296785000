"""Checks that what the journal is asked to write share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import is_normalized

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msap_mobility.errors import Faults

__all__ = [
    "LONGEST",
    "MOST_UNITS",
    "check_data",
    "check_id",
    "check_name",
    "check_text",
    "check_units",
    "usable",
]

MOST_UNITS = 2**53 - 1
"""Largest amount and balance: what JavaScript and JSON readers still hold exactly."""

LONGEST = 200
"""Most characters of an id or a key."""

# Control characters, line ends, signs without width or that turn the direction of reading (two
# names could look the same), and halves of a surrogate pair, which no file can hold. Written out:
# `str.isprintable` follows the Unicode of the Python at hand; a journal is read for decades.
_UNUSABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]",
)
_UNUSABLE_DATA = re.compile("[\x00\ud800-\udfff]")


def usable(text: object, longest: int = LONGEST) -> bool:
    """Whether `text` can name something: not empty, not too long, nothing unseen, no outer space.

    Examples
    --------
    >>> usable("paul/KM"), usable(" paul"), usable(""), usable(3)
    (True, False, False, False)
    """
    return (
        type(text) is str
        and 0 < len(text) <= longest
        and text[0] != " " != text[-1]
        and ((text.isascii() and text.isprintable()) or not _UNUSABLE.search(text))
    )


def check_name(faults: Faults, column: str, value: object, longest: int = LONGEST) -> None:
    """Note what is wrong unless `value` can name something."""
    if not isinstance(value, str) or not value or value != value.strip(" "):
        faults.add("not_a_name", column=column, value=value)
    else:
        check_text(faults, column, value, longest)


def check_id(faults: Faults, column: str, value: object, longest: int = LONGEST) -> None:
    """Note what is wrong unless `value` can name somebody, and in one way only.

    A letter with its accent may be written as one sign or as two, and looks the same. Ids are
    written with one (Unicode normal form C); readers of typed text bring it into that form.

    Examples
    --------
    >>> from msap_mobility.errors import Faults
    >>> faults = Faults()
    >>> check_id(faults, "member", "Zoe" + chr(0x308))
    >>> faults.found[0].code
    'not_composed'
    """
    check_name(faults, column, value, longest)
    if isinstance(value, str) and not is_normalized("NFC", value):
        faults.add("not_composed", column=column, value=value)


def check_text(faults: Faults, column: str, value: object, longest: int = LONGEST) -> None:
    """Note what is wrong unless `value` is a text of one line that is not too long."""
    if not isinstance(value, str):
        faults.add("not_a_text", column=column, value=value)
    elif _UNUSABLE.search(value):
        faults.add("not_printable", column=column, value=value)
    elif len(value) > longest:
        faults.add("text_too_long", column=column, value=value[:20], longest=longest)


def check_units(faults: Faults, column: str, value: object) -> None:
    """Note what is wrong unless `value` is an integer that every reader holds exactly."""
    if type(value) is not int:  # True is not an amount either
        faults.add("not_whole", column=column, value=value)
    elif abs(value) > MOST_UNITS:
        faults.add("too_many_units", column=column, value=value, most=MOST_UNITS)


def check_data(faults: Faults, data: Iterable[tuple[object, object]]) -> None:
    """Note what is wrong with further facts: texts and whole numbers under usable names."""
    for name, value in data:
        check_name(faults, "data", name)
        if not isinstance(value, str):
            check_units(faults, str(name), value)
        elif _UNUSABLE_DATA.search(value):
            faults.add("not_printable", column=str(name), value=value)
