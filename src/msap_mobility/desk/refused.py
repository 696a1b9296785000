"""Why a desk did not do what it was asked, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from msap_mobility.wording import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.ledger import Refusal
    from msap_mobility.wording import Lang

__all__ = ["DeskRefused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRefused:
    """A rule of the desk stands in the way. Nothing was changed.

    Parameters
    ----------
    code
        Stable code; ``desk.refused.<code>`` are its words:

        - ``not_a_member``, ``member_lacks``: who is named is not registered, or not for this;
        - ``offer_unknown``, ``offer_withdrawn``, ``offer_in_use``, ``offer_differs``;
        - ``request_unknown``, ``request_differs``;
        - ``not_sought``: the passenger has a seat, or the ride is over;
        - ``rode_already``: the passenger of a request that is asked again was taken;
        - ``seat_taken``, ``offer_changed``: others were booked meanwhile, or are gone;
        - ``in_two_cars``: a driver or a passenger is promised to be in another car meanwhile;
        - ``return_or_nothing``: the choice holds one way of two;
        - ``other_request``: the choice is one for another request;
        - ``rider_differs``: the choice names another passenger than the request;
        - ``ledger``: the ledger refuses, see `refusal`.
    subject
        Id of what it is about.
    values
        What the words need besides.
    refusal
        The ledger's own reason, if it is the one that refuses.

    Examples
    --------
    >>> no = DeskRefused(code="seat_taken", subject="o1", values={"seats": 1})
    >>> print(no.text("en"))
    The seats of the offer 'o1' (1 in all) are taken meanwhile. Look again who can take the
    passenger.
    """

    code: str
    subject: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    refusal: Refusal | None = None

    def text(self, lang: Lang = "en") -> str:
        """The reason and what to do about it, in `lang`."""
        if self.refusal is not None:
            return self.refusal.text(lang)
        values: dict[str, Any] = dict(self.values)
        if "lacks" in values:
            named = (say(f"desk.lacks.{name}", lang) for name in str(values["lacks"]).split(";"))
            values["lacks"] = ", ".join(named)
        if "stage" in values:
            values["stage"] = say(f"ride.stage.{values['stage']}", lang)
        return say(f"desk.refused.{self.code}", lang, subject=self.subject, **values)

    def to_dict(self) -> dict[str, Any]:
        """JSON data, words in every language included."""
        return {
            "code": self.code,
            "subject": self.subject,
            "values": dict(self.values),
            "refusal": None if self.refusal is None else self.refusal.to_dict(),
            "text": {lang: self.text(lang) for lang in LANGUAGES},
        }
