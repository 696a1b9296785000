"""Small phrases several parts of a page need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.report.circuits import Circuit
    from msap_mobility.wording import Lang

__all__ = ["circuit_name", "listed", "unbroken", "weeks_phrase"]

_NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=(?:h|min|km|m|am|pm)\b)|(?<=\d h) (?=\d\d\b)")


def listed(parts: Sequence[str], lang: Lang) -> str:
    """Parts joined as people join them.

    Examples
    --------
    >>> listed(["1", "3", "5"], "fr")
    '1, 3 et 5'
    """
    if len(parts) < 2:
        return "".join(parts)
    return say("report.and", lang, first=", ".join(parts[:-1]), last=parts[-1])


def unbroken(text: str) -> str:
    r"""The text with numbers and their units kept on one line.

    Examples
    --------
    >>> unbroken("à 16 h 53, 60,5 km").count("\u00a0")
    3
    """
    return _NUMBER_AND_UNIT.sub("\u00a0", text)


def weeks_phrase(weeks: Sequence[int], of: int, lang: Lang) -> str:
    """In which weeks of the cycle, the first being 1.

    Examples
    --------
    >>> weeks_phrase([1, 3], 4, "en"), weeks_phrase([1, 2], 2, "fr")
    ('weeks 1 and 3', 'chaque semaine')
    """
    if len(weeks) == of:
        return say("report.weeks.all", lang)
    return say("report.weeks", lang, n=len(weeks), weeks=listed([str(k) for k in weeks], lang))


def circuit_name(tour: Circuit, weeks: int, lang: Lang) -> str:
    """Letter, weekday and weeks: "A, Thursday, weeks 1 and 3"."""
    return say(
        "report.circuit.name",
        lang,
        letter=tour.letter,
        weekday=tour.weekday,
        weeks=weeks_phrase(tour.weeks, weeks, lang),
    )
