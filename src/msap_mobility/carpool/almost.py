"""The one change of a request that would open a choice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

from msap_mobility.carpool.why_not import shifted
from msap_mobility.wording import Lang, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.model import Request
    from msap_mobility.model.reason import Unit

__all__ = ["Almost", "Change"]

Change = Literal["all", "out", "back", "walk", "longer_ride"]
"""Both ways at another hour; the way there; the way back; a walk to a meeting point; a longer ride.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Almost:
    """One change that opens a choice.

    Parameters
    ----------
    change
        See `Change`.
    amount
        Seconds later (earlier if below zero) or longer; metres that the rider would walk at most.
    where
        Name of the meeting point that opens it; empty for another change.
    """

    change: Change
    amount: int
    where: str = ""

    @property
    def unit(self) -> Unit:
        """Of the amount."""
        return "m" if self.change == "walk" else "s"

    def apply(self, request: Request) -> Request:
        """The changed request.

        Raises
        ------
        InputError
            If the record allows no such change.
        """
        if self.change == "walk":
            return replace(request, walk_limit_m=self.amount)
        if self.change == "longer_ride":
            return replace(request, max_ride_s=(request.max_ride_s or 0) + self.amount)
        if self.change == "all":
            return shifted(request, self.amount)
        if self.change == "out":
            back = request.returns
            return replace(shifted(replace(request, back=None), self.amount), back=back)
        back = request.returns
        return request if back is None else replace(request, back=back.later(self.amount))

    def text(self, lang: Lang = "en") -> str:
        """One sentence."""
        key: str = self.change
        if self.change in ("all", "out", "back"):
            key += "_later" if self.amount > 0 else "_earlier"
        return say(f"carpool.who.almost_{key}", lang, amount=abs(self.amount), where=self.where)

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "change": self.change,
            "amount": self.amount,
            "unit": self.unit,
            "where": self.where,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(change=data["change"], amount=data["amount"], where=data["where"])
