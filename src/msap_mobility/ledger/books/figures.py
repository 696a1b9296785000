"""Amounts and texts as they stand in the cells of a table."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from msap_mobility.wording import has, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from msap_mobility.wording import Lang

__all__ = ["cell", "figure", "kind_name", "table_text"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def figure(units: int, decimals: int, lang: Lang = "en") -> str:
    """Minor units as a plain number, with the decimal sign of `lang` and nothing else.

    Examples
    --------
    >>> figure(-150, 2), figure(1000000, 2, "fr"), figure(25, 0)
    ('-1.50', '10000,00', '25')
    """
    digits = str(abs(units)).zfill(decimals + 1)
    whole, part = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    mark = "," if lang == "fr" else "."
    return f"{'-' if units < 0 else ''}{whole}{mark if part else ''}{part}"


def cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> cell("=1+1"), cell("slip 12")
    ("'=1+1", 'slip 12')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def kind_name(kind: str, lang: Lang) -> str:
    """What happened, in `lang`; the scheme's own word where we have none.

    Examples
    --------
    >>> kind_name("ride", "fr"), kind_name("fête", "en")
    ('Trajet', 'fête')
    """
    code = f"books.kind.{kind}"
    return say(code, lang) if has(code, lang) else kind


def table_text(rows: Iterable[Sequence[str]], lang: Lang) -> str:
    """CSV as the spreadsheets of `lang` open it: semicolons in French, commas in English."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";" if lang == "fr" else ",", lineterminator="\n").writerows(rows)
    return out.getvalue()
