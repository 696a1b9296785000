"""Why something was not done, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from msap_mobility.wording import Lang, say

__all__ = ["Reason", "Unit"]

Unit = Literal["m", "s", "people", "units", "1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """The rule that stood in the way, by how much, and what would lift it.

    Parameters
    ----------
    code
        Stable code; ``reason.<code>`` is its sentence.
    amount
        By how much the rule is missed, in `unit`.
    unit
        ``"m"``, ``"s"``, ``"people"``, ``"units"`` or ``"1"`` (none).
    relaxation
        Code of the smallest change that would do; ``relaxation.<code>`` is its sentence. Empty
        if no change of one rule suffices.
    where
        Id of the place or day concerned, or empty.

    Examples
    --------
    >>> Reason(code="no_stop_within_reach", amount=1200, unit="m").amount
    1200
    """

    code: str
    amount: float
    unit: Unit
    relaxation: str = ""
    where: str = ""

    def text(self, lang: Lang = "en", **names: Any) -> str:
        """The reason and the change that would lift it, in `lang`."""
        values = {"amount": self.amount, "where": self.where, **names}
        sentence = say(f"reason.{self.code}", lang, **values)
        if self.relaxation:
            sentence += " " + say(f"relaxation.{self.relaxation}", lang, **values)
        return sentence

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "code": self.code,
            "amount": self.amount,
            "unit": self.unit,
            "relaxation": self.relaxation,
            "where": self.where,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Reason:
        """Read `to_dict` back."""
        return cls(**data)
