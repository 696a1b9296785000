"""Why an offer cannot take a caller, by the arithmetic that says who can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.model import Reason
from msap_mobility.wording import Lang, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.model import Leg

__all__ = ["Refusal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An offer that cannot.

    Parameters
    ----------
    offer, driver
        Ids.
    leg
        The way that stands in the way.
    reason
        Why.
    """

    offer: str
    driver: str
    leg: Leg
    reason: Reason

    def text(self, lang: Lang = "en") -> str:
        """One sentence or two."""
        who = say(f"carpool.who.refused_{self.leg}", lang, driver=self.driver, offer=self.offer)
        return f"{who} {self.reason.text(lang)}"

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "offer": self.offer,
            "driver": self.driver,
            "leg": self.leg,
            "reason": self.reason.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(**{**data, "reason": Reason.from_dict(data["reason"])})
