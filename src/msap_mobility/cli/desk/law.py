"""What the law and the registry of proofs say of a ride, told when it is booked; never a block.

What a desk does not know is taken so that no warning is lost: the car as the one whose costs are
the lowest of the tax scale (3 CV), one journey sent when it is over, both ways of a round equally
long. The maison is taken to be an association, and cars to be lent to it without profit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msap_mobility.carpool.law import (
    Regime,
    RideFacts,
    Territory,
    classify_ride,
    shareable_ceiling,
)
from msap_mobility.carpool.law.registry import TERMS, Eligibility, Trip, check_booking
from msap_mobility.wording import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from msap_mobility.cli.desk.asking import Opened
    from msap_mobility.cli.desk.places import Gazetteer
    from msap_mobility.model import Offer, Request, Ride
    from msap_mobility.wording import Lang

__all__ = ["Advice", "advice", "trips_of"]

_LEAST_POWER_CV = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What is to be known of one passenger's seat in one car.

    Parameters
    ----------
    offer
        Id of the car's offer.
    regime
        Under which law it is.
    places_known
        Whether it is known what communes the places are in.
    registry
        By journey: what the registry of proofs would say.
    until
        Until when the registry takes the first journey.
    """

    offer: str
    regime: Regime
    places_known: bool
    registry: tuple[Eligibility, ...]
    until: datetime

    def lines(self, lang: Lang) -> Iterator[str]:
        """What the agent reads."""
        kind, failing = self.regime.kind, self.regime.failing
        yield say("cli.desk.law", lang, what=say(f"law.regime.{kind}", lang))
        if kind == "neither":
            for condition in failing:
                yield say("cli.desk.warning", lang, what=condition.text(lang))
        if kind != "carpool" and not self.places_known:
            yield say("cli.desk.warning", lang, what=say("cli.desk.territory_unknown", lang))
        found = [one for each in self.registry for one in (*each.refusals, *each.anomalies)]
        for condition in found:
            what = say("cli.desk.registry", lang, what=condition.text(lang))
            yield say("cli.desk.warning", lang, what=what)
        if not found:
            until = self.until
            time_s = until.hour * 3600 + until.minute * 60 + until.second
            yield say("cli.desk.registry_until", lang, day=until.date(), time=time_s)

    def to_dict(self) -> dict[str, Any]:
        """JSON data, words in every language included."""
        return {
            "offer": self.offer,
            "regime": self.regime.to_dict(),
            "places_known": self.places_known,
            "registry": [each.to_dict() for each in self.registry],
            "registry_until": self.until.isoformat(),
            "text": {lang: "\n".join(self.lines(lang)) for lang in LANGUAGES},
        }


def advice(
    opened: Opened,
    places: Gazetteer,
    request: Request,
    rides: Sequence[Ride],
    slips: datetime | None,
) -> tuple[Advice, ...]:
    """What is to be known of the rides of a request.

    Parameters
    ----------
    opened
        The desk, with the other rides around that day.
    places
        What is known of the communes.
    request
        Whose.
    rides
        Its car or its two cars.
    slips
        When slips of paper are handed in; None: each journey is sent when it is over.
    """
    known = list(_others(opened, request, rides))
    found = []
    for ride in rides:
        told = []
        trips = trips_of(ride, request.id)
        for trip in trips:
            sent = slips or max(opened.now, trip.end)
            told.append(check_booking(trip, known, sent_at=sent, timezone=opened.zone))
            known.append(trip)
        day = trips[0].start.astimezone(opened.zone).date()
        latest = timedelta(seconds=TERMS.in_force(day).latest_s)
        regime, places_known = _regime(opened, places, request, ride)
        found.append(
            Advice(
                offer=ride.offer,
                regime=regime,
                places_known=places_known,
                registry=tuple(told),
                until=(trips[0].start + latest).astimezone(opened.zone),
            )
        )
    return tuple(found)


def trips_of(ride: Ride, request: str) -> list[Trip]:
    """The journeys of one passenger in a car: one, or two for a round."""
    number = ride.requests.index(request)
    ups = [stop.at for stop in ride.stops if request in stop.picks_up]
    downs = [stop.at for stop in ride.stops if request in stop.sets_down]
    metres = max(1, -(-ride.shared_m[number] // len(ups)))
    return [
        Trip(
            id=ride.offer if way == 1 else f"{ride.offer}/{way}",
            driver=ride.driver,
            passenger=ride.riders[number],
            start=start,
            end=max(end, start + timedelta(seconds=1)),
            distance_m=metres,
        )
        for way, (start, end) in enumerate(zip(ups, downs, strict=True), start=1)
    ]


def _others(opened: Opened, request: Request, rides: Sequence[Ride]) -> Iterator[Trip]:
    """The journeys of everybody else, and of this passenger's other requests, around these days."""
    days = [stop.at.astimezone(opened.zone).date() for ride in rides for stop in ride.stops]
    first, last = min(days) - timedelta(days=1), max(days) + timedelta(days=1)
    for car in opened.desk.rides(first, last):
        for name in car.requests:
            if name != request.id:
                yield from trips_of(car, name)


def _regime(opened: Opened, places: Gazetteer, request: Request, ride: Ride) -> tuple[Regime, bool]:
    """Under which law, and whether what the law asks about places is known."""
    offer = opened.desk.offer(ride.offer)
    member = opened.desk.member(request.rider)
    start, end = places.territory(request.start), places.territory(request.end)
    home = places.territories.get(member.commune_code) if member is not None else None
    known = start is not None and end is not None
    village = Territory.village()
    number = ride.requests.index(request.id)
    day = ride.stops[0].at.astimezone(opened.zone).date()
    prices = [opened.price_cents(metres) or 0 for metres in ride.shared_m]
    driven = max(1, ride.driven_m, *ride.shared_m)
    facts = RideFacts(
        on=day,
        distance_m=max(1, ride.shared_m[number]),
        driven_m=driven,
        solo_m=_solo_m(offer, ride),
        seats=2 if offer is None else offer.seats + 1,
        association=True,
        residence=home or start or village,
        start=start or village,
        end=end or village,
        asked_cents=prices[number],
        received_cents=sum(prices),
        shareable_cents=shareable_ceiling(on=day, driven_m=driven, power_cv=_LEAST_POWER_CV),
    )
    return classify_ride(facts), known


def _solo_m(offer: Offer | None, ride: Ride) -> int:
    """What the driver would drive alone, metres; 0 who drives for the passengers."""
    own = offer is not None and offer.kind == "trip"
    return max(0, ride.driven_m - ride.detour_m) if own else 0
