"""The ride an agent chooses for a passenger, looked for again at that very moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msap_mobility.carpool.match import match
from msap_mobility.desk import DeskRefused
from msap_mobility.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.carpool.matching import Unserved
    from msap_mobility.cli.desk.asking import Opened
    from msap_mobility.model import Offer, Request, Ride, TravelTimes
    from msap_mobility.wording import Lang

__all__ = ["Chosen", "Unfit", "aboard", "car_times", "with_offers"]

_TOGETHER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A way out, and a way back if it is one of its own."""

    out: Ride
    back: Ride | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """Why the offers that were named do not fit a request.

    Parameters
    ----------
    request
        Its id.
    rows
        The reasons.
    """

    request: str
    rows: tuple[Unserved, ...]

    @property
    def code(self) -> str:
        """Code of the first reason."""
        return self.rows[0].reason.code

    def text(self, lang: Lang = "en") -> str:
        """A line for each reason, in `lang`."""
        return "\n".join(row.text(lang) for row in self.rows)

    def to_dict(self) -> dict[str, Any]:
        """JSON data, words in every language included."""
        text = {lang: self.text(lang) for lang in LANGUAGES}
        return {"code": self.code, "subject": self.request, "text": text}


def car_times(roads: str | None) -> TravelTimes:
    """Times of the car: on the roads of an OpenStreetMap file, or calibrated ones without it."""
    from msap_mobility.roads import CAR, CalibratedTimes, RoadGraph, RoadTimes

    if roads is None:
        return CalibratedTimes(mode="car")
    return RoadTimes(RoadGraph.from_osm(roads, profile=CAR))


def aboard(opened: Opened, offer: Offer) -> Ride | None:
    """The car of an offer with all who are promised a seat; None if nobody is."""
    windows = [window for window in (offer.depart, offer.arrive) if window is not None]
    if not windows:
        return None
    first = min(window.earliest for window in windows).astimezone(opened.zone).date()
    last = max(window.latest for window in windows).astimezone(opened.zone).date()
    return next((car for car in opened.desk.rides(first, last) if car.offer == offer.id), None)


def with_offers(
    opened: Opened, request: str, offers: Sequence[str], times: TravelTimes
) -> Chosen | Unfit | DeskRefused:
    """The best ride of a request with these offers alone, those aboard kept aboard.

    Parameters
    ----------
    opened
        The desk.
    request, offers
        Ids.
    times
        Of the car.
    """
    asked = opened.desk.request(request)
    if asked is None:
        return DeskRefused(code="request_unknown", subject=request)
    cars: dict[str, Offer] = {}
    for name in offers:
        offer = opened.desk.offer(name)
        if offer is None:
            return DeskRefused(code="offer_unknown", subject=name)
        cars[name] = offer
    there = [car for car in (aboard(opened, offer) for offer in cars.values()) if car is not None]
    found = match(
        tuple(cars.values()),
        (asked, *_others(opened, there, request)),
        times,
        together=_TOGETHER,
        promised=there,
        zone=opened.desk.zone,
    )
    rows = tuple(row for row in found.unserved if row.request == request)
    out, back = found.ride_of(request), found.ride_of(request, "back")
    if rows or out is None:
        return Unfit(request=request, rows=rows)
    return Chosen(out=out, back=None if back is out else back)


def _others(opened: Opened, there: Sequence[Ride], request: str) -> list[Request]:
    """The requests of those who are aboard already."""
    names = sorted({name for car in there for name in car.requests} - {request})
    found = (opened.desk.request(name) for name in names)
    return [each for each in found if each is not None]
