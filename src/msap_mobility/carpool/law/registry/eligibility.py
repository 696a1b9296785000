"""What the registry will say of a ride, told when it is booked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.carpool.law.condition import Condition
from msap_mobility.carpool.law.registry.anomalies import Route, anomalies
from msap_mobility.carpool.law.registry.terms import FRANCE, refusals
from msap_mobility.wording import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, tzinfo

    from msap_mobility.carpool.law.registry.trip import Trip
    from msap_mobility.wording import Lang

__all__ = ["Eligibility", "check_booking"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """What the registry would say of a ride.

    Parameters
    ----------
    refusals
        It refuses the journey for these, under the registry's own labels.
    anomalies
        It sets the journey aside for these, a day or two later.
    """

    refusals: tuple[Condition, ...] = ()
    anomalies: tuple[Condition, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether nothing stands against it."""
        return not self.refusals and not self.anomalies

    def text(self, lang: Lang = "en") -> str:
        """A line for each finding, in `lang`; one line if there is none."""
        found = (*self.refusals, *self.anomalies)
        if not found:
            return say("law.registry.accepted", lang)
        return "\n".join(condition.text(lang) for condition in found)

    def to_dict(self) -> dict[str, Any]:
        """JSON data, words in every language included."""
        return {
            "accepted": self.accepted,
            "refusals": [condition.to_dict() for condition in self.refusals],
            "anomalies": [condition.to_dict() for condition in self.anomalies],
            "text": {lang: self.text(lang) for lang in LANGUAGES},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` gave."""
        return cls(
            refusals=tuple(Condition.from_dict(one) for one in data["refusals"]),
            anomalies=tuple(Condition.from_dict(one) for one in data["anomalies"]),
        )


def check_booking(
    trip: Trip,
    known: Iterable[Trip],
    *,
    sent_at: datetime,
    route: Route | None = None,
    timezone: tzinfo = FRANCE,
) -> Eligibility:
    """What the registry would say of a ride, while it can still be changed.

    Parameters
    ----------
    trip
        The ride to be booked.
    known
        The other rides of that day and around it; those cancelled or refused left out.
    sent_at
        When the registry would receive it: for a paper slip, when the slips are handed in.
    route
        The shortest way by road, if known: for the anomalies only.
    timezone
        Where the ride starts: its days are counted there.

    Raises
    ------
    InputError
        If `sent_at` has no timezone, or the ride is older than the known terms.

    Examples
    --------
    A slip of Tuesday handed in on Friday:

    >>> from datetime import datetime, timezone
    >>> from msap_mobility.carpool.law.registry.trip import Trip
    >>> trip = Trip(
    ...     id="t1", driver="jeanne", passenger="paul", distance_m=25_000,
    ...     start=datetime(2026, 12, 1, 7, 10, tzinfo=timezone.utc),
    ...     end=datetime(2026, 12, 1, 7, 45, tzinfo=timezone.utc),
    ... )
    >>> friday = datetime(2026, 12, 4, 7, 10, tzinfo=timezone.utc)
    >>> print(check_booking(trip, (), sent_at=friday).text("en"))
    The registry would receive it 72 h after the start; it takes a journey within 24 h
    (RPC API v3.3, terms_violation_label).
    """
    others = tuple(known)
    return Eligibility(
        refusals=refusals(trip, others, sent_at=sent_at, timezone=timezone),
        anomalies=anomalies(trip, others, route=route),
    )
