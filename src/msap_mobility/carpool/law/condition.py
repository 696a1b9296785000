"""A condition that is not met, as data: its article, what was found, what is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from msap_mobility.wording import LANGUAGES, say
from msap_mobility.wording.quantities import money, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.wording import Lang

__all__ = ["Condition", "Unit"]

Unit = Literal["", "cents", "metres", "percent", "seconds"]
"""What `Condition.value` and `Condition.limit` count; empty: things (seats, trips, people)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of the law, or of the registry, that is not met.

    Parameters
    ----------
    code
        Stable code; ``law.condition.<code>`` are its words.
    article
        Where it stands.
    value, limit
        What was found and what is allowed; None where nothing is counted.
    unit
        What both count.
    about
        Whom or what it is about besides: roles, ids of trips.

    Examples
    --------
    >>> far = Condition(
    ...     code="tus_too_far", article="C. transports R3133-4",
    ...     value=101_000, limit=100_000, unit="metres",
    ... )
    >>> print(far.text("en"))
    The ride is 101 km long; transport of social utility ends at 100 km (C. transports R3133-4).
    >>> Condition.from_dict(far.to_dict()) == far
    True
    """

    code: str
    article: str
    value: int | None = None
    limit: int | None = None
    unit: Unit = ""
    about: tuple[str, ...] = ()

    def text(self, lang: Lang = "en") -> str:
        """The condition and its article, in `lang`."""
        return say(
            f"law.condition.{self.code}",
            lang,
            article=self.article,
            value=_shown(self.value, self.unit, lang),
            limit=_shown(self.limit, self.unit, lang),
            about=", ".join(self.about),
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON data, words in every language included."""
        return {
            "code": self.code,
            "article": self.article,
            "value": self.value,
            "limit": self.limit,
            "unit": self.unit or None,
            "about": list(self.about),
            "text": {lang: self.text(lang) for lang in LANGUAGES},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` gave."""
        return cls(
            code=data["code"],
            article=data["article"],
            value=data["value"],
            limit=data["limit"],
            unit=data["unit"] or "",
            about=tuple(data["about"]),
        )


class _Euros(NamedTuple):
    """Cents, as `wording` tells money."""

    units: int
    asset: str = "EUR"
    decimals: int = 2


def _shown(value: int | None, unit: Unit, lang: Lang) -> str:
    """`value` without any rounding: a limit passed by a metre must look passed."""
    match unit:
        case _ if value is None:
            return ""
        case "cents":
            return money(_Euros(value), lang)
        case "metres":
            return _metres(value, lang)
        case "seconds":
            return _seconds(value)
        case _:
            return number(value, lang)


def _metres(value: int, lang: Lang) -> str:
    if value < 1000:
        return f"{value} m"
    digits = next(digits for digits in (0, 1, 2, 3) if value * 10**digits % 1000 == 0)
    return f"{number(value / 1000, lang, digits)} km"


def _seconds(value: int) -> str:
    hours, rest = divmod(value, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"
