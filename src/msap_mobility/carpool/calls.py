"""Whom to ring first, and what is left if they decline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.wording import Lang, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Call", "call_order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One driver to ring.

    Parameters
    ----------
    driver
        Member id.
    falls
        Numbers of the choices, from 1, that fall away if they decline; none for a driver who could
        be asked when nobody of the choices can.
    remains
        Numbers of the choices that remain then.
    """

    driver: str
    falls: tuple[int, ...]
    remains: tuple[int, ...]

    def text(self, lang: Lang = "en") -> str:
        """One sentence or two."""
        about = {
            "driver": self.driver,
            "falls": _told(self.falls),
            "remains": _told(self.remains),
        }
        if not self.falls:
            return say("carpool.who.call_further", lang, **about)
        key = "call" if self.remains else "call_last"
        return say(f"carpool.who.{key}", lang, **about)

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {"driver": self.driver, "falls": list(self.falls), "remains": list(self.remains)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(
            driver=data["driver"], falls=tuple(data["falls"]), remains=tuple(data["remains"])
        )


def call_order(choices: Sequence[Sequence[str]], drivers: Sequence[str]) -> tuple[Call, ...]:
    """Every driver once: by the best choice they take part in, then who could be asked besides.

    Of two drivers of one choice the one on whom more choices hang is rung first: if they decline,
    the other call is spared.

    Parameters
    ----------
    choices
        The drivers of each choice, best choice first.
    drivers
        Everybody who could drive, best first.

    Examples
    --------
    >>> [(call.driver, call.falls, call.remains) for call in call_order(
    ...     [("anna", "ben"), ("chloe", "ben")], ["anna", "ben", "chloe", "dora"])]
    [('ben', (1, 2), ()), ('anna', (1,), (2,)), ('chloe', (2,), (1,)), ('dora', (), (1, 2))]
    """
    every = range(1, len(choices) + 1)
    falls = {
        driver: tuple(number for number in every if driver in choices[number - 1])
        for driver in drivers
    }
    named = sorted(
        (driver for driver in drivers if falls[driver]),
        key=lambda driver: (falls[driver][0], -len(falls[driver]), driver),
    )
    further = [driver for driver in drivers if not falls[driver]]
    return tuple(
        Call(
            driver=driver,
            falls=falls[driver],
            remains=tuple(number for number in every if number not in falls[driver]),
        )
        for driver in (*named, *further)
    )


def _told(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
