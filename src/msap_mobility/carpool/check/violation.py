"""One rule that a ride breaks, as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from msap_mobility.wording import Lang, say

if TYPE_CHECKING:
    from msap_mobility.model.reason import Unit

__all__ = ["RideViolation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RideViolation:
    """One rule a ride breaks, for whom, and by how much.

    Parameters
    ----------
    code
        Stable code; ``ride_violation.<code>`` is its sentence.
    ride
        Id of the ride.
    request
        Id of the passenger's request, empty where it concerns the car or its driver.
    place
        Id of the place, empty where it does not apply; never its name or where it lies.
    other
        What else the sentence names: another ride, a person, a tag.
    amount, unit
        By how much the rule is missed.

    Examples
    --------
    >>> late = RideViolation(code="down_too_late", ride="o1+r1", request="r1", amount=600, unit="s")
    >>> print(late.text("en"))
    o1+r1, r1: the passenger is there 10 min too late.
    """

    code: str
    ride: str
    request: str = ""
    place: str = ""
    other: str = ""
    amount: int = 0
    unit: Unit = "1"

    def text(self, lang: Lang = "en") -> str:
        """The violation as a sentence, in `lang`."""
        where = ", ".join(part for part in (self.ride, self.request, self.place) if part)
        what = say(f"ride_violation.{self.code}", lang, amount=self.amount, other=self.other)
        return say("carpool_check.violation", lang, where=where, what=what)

    def to_dict(self) -> dict[str, str | int]:
        """JSON data."""
        return asdict(self)
