"""The lines of the prefect's table, and how few persons a published one may tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.wording import Lang

__all__ = ["THRESHOLD", "Figure", "is_safe", "mean", "plain", "told_in"]

THRESHOLD = 11
"""Fewest persons in a published count: INSEE's own for its gridded data."""


class Figure(NamedTuple):
    """One line of the table.

    Parameters
    ----------
    code
        ``law.prefect.<code>`` are its words.
    value
        Whole number in its smallest unit: euro cents, metres, tenths of a seat. None: withheld,
        or the mean of nothing.
    decimals
        By which it is shifted to be shown: cents as euros, metres as kilometres.
    withheld
        Whether it is not told because it is, or gives away, a figure of a few.
    """

    code: str
    value: int | None
    decimals: int = 0
    withheld: bool = False


def is_safe(*classes: int) -> bool:
    """Whether every class is empty or holds at least `THRESHOLD` persons.

    Examples
    --------
    >>> is_safe(0, 11), is_safe(31, 4)
    (True, False)
    """
    return all(count == 0 or count >= THRESHOLD for count in classes)


def mean(total: int, count: int) -> int | None:
    """The mean, rounded to the nearest whole number, halves up; None of nothing.

    Examples
    --------
    >>> mean(5, 2), mean(0, 0) is None
    (3, True)
    """
    return (2 * total + count) // (2 * count) if count else None


def told_in(lang: Lang, line: Figure, write: Callable[[float, str, int], str]) -> str:
    """A figure as `write` writes numbers, or the word for its absence, in `lang`."""
    if line.value is None:
        return say("law.prefect.withheld" if line.withheld else "law.prefect.none", lang)
    return write(line.value / 10**line.decimals, lang, line.decimals)


def plain(value: float, lang: str, decimals: int) -> str:
    """A number as a spreadsheet reads it: nothing between the thousands.

    Examples
    --------
    >>> plain(5410.5, "fr", 2)
    '5410,50'
    """
    return f"{value:.{decimals}f}".replace(".", "," if lang == "fr" else ".")
