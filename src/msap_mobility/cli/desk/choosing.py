"""The ride an agent chooses for a passenger, looked for again at that very moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from msap_mobility.cli.desk.tokens import token
from msap_mobility.desk import DeskRefused, No
from msap_mobility.desk.booking import rides_of
from msap_mobility.wording import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from msap_mobility.carpool.answer import Answer
    from msap_mobility.carpool.matching import Unserved
    from msap_mobility.cli.desk.asking import Opened
    from msap_mobility.cli.desk.ground import Ground
    from msap_mobility.model import Offer, Request, Ride
    from msap_mobility.wording import Lang

__all__ = ["Chosen", "Stale", "Unfit", "aboard", "asked", "with_offers", "with_sign"]

_TOGETHER = 4
_MOST_CHOICES = 100


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A choice that is no longer there.

    Parameters
    ----------
    request
        Id of the request it was one for.
    sign
        What was typed.
    """

    request: str
    sign: str

    @property
    def code(self) -> str:
        """Stable code."""
        return "choice_gone"

    def text(self, lang: Lang = "en") -> str:
        """What is the matter and what to do about it, in `lang`."""
        return say("cli.desk.choice_gone", lang, request=self.request, sign=self.sign)

    def to_dict(self) -> dict[str, Any]:
        """JSON data, words in every language included."""
        text = {lang: self.text(lang) for lang in LANGUAGES}
        return {"code": self.code, "subject": self.request, "text": text}


def aboard(opened: Opened, offers: Iterable[Offer]) -> dict[str, Ride]:
    """The cars of some offers with all who are promised a seat, where somebody is, by offer."""
    asked = list(offers)
    windows = [each for offer in asked for each in (offer.depart, offer.arrive) if each is not None]
    if not windows:
        return {}
    first = min(window.earliest for window in windows).astimezone(opened.zone).date()
    last = max(window.latest for window in windows).astimezone(opened.zone).date()
    names = {offer.id for offer in asked}
    return {car.offer: car for car in opened.desk.rides(first, last) if car.offer in names}


def with_offers(
    opened: Opened, request: str, offers: Sequence[str], ground: Ground
) -> Chosen | Unfit | DeskRefused:
    """The best ride of a request with these offers alone, those aboard kept aboard.

    Parameters
    ----------
    opened
        The desk.
    request, offers
        Ids.
    ground
        The ways.
    """
    from msap_mobility.carpool.match import match

    wanted = opened.desk.request(request)
    if wanted is None:
        return DeskRefused(code="request_unknown", subject=request)
    cars: dict[str, Offer] = {}
    for name in offers:
        offer = opened.desk.offer(name)
        if offer is None:
            return DeskRefused(code="offer_unknown", subject=name)
        cars[name] = offer
    there = tuple(aboard(opened, cars.values()).values())
    others = _others(opened, there, request)
    found = match(
        tuple(cars.values()),
        (wanted, *others),
        ground.car,
        together=_TOGETHER,
        promised=there,
        meeting_points=ground.meeting_points,
        walk_times=ground.walk,
        zone=opened.desk.zone,
    )
    rows = tuple(row for row in found.unserved if row.request == request)
    out, back = found.ride_of(request), found.ride_of(request, "back")
    if rows or out is None:
        if any(row.reason.code == "carpool_cars_needed" for row in rows):
            rows = _in_use(wanted, tuple(cars.values()), there, others, ground) or rows
        return Unfit(request=request, rows=rows)
    return Chosen(out=out, back=None if back is out else back)


def _in_use(
    wanted: Request,
    cars: tuple[Offer, ...],
    there: tuple[Ride, ...],
    others: Sequence[Request],
    ground: Ground,
) -> tuple[Unserved, ...]:
    """Why cars that would fit if they were empty do not: their seats, or those aboard."""
    from msap_mobility.carpool.matching import Unserved
    from msap_mobility.carpool.who import who_can_take

    answer = who_can_take(
        wanted,
        cars,
        ground.car,
        rides=there,
        requests=others,
        meeting_points=ground.meeting_points,
        walk_times=ground.walk,
    )
    return tuple(
        Unserved(request=wanted.id, leg=each.leg, reason=each.reason, offer=each.offer)
        for each in answer.refused
    )


def with_sign(opened: Opened, request: str, sign: str, ground: Ground) -> Chosen | Stale | No:
    """The choice that bears a sign, of those there are at this moment.

    What was booked under the sign before is found too, so that the same may be told twice.
    """
    booked = _booked(opened, request)
    if booked is not None and token(rides_of(booked)) == sign:
        return booked
    answer = asked(opened, request, ground, _MOST_CHOICES)
    if isinstance(answer, No):
        return answer
    for choice in answer.choices:
        if token(choice.rides) == sign:
            return Chosen(out=choice.out, back=choice.back)
    return Stale(request=request, sign=sign)


def asked(opened: Opened, request: str, ground: Ground, most: int) -> Answer | No:
    """Who can take a passenger at this moment, as the desk answers."""
    return opened.desk.who(
        request,
        ground.car,
        k=most,
        meeting_points=ground.meeting_points,
        walk_times=ground.walk,
    )


def _booked(opened: Opened, request: str) -> Chosen | None:
    """The cars in which a request is promised a seat."""
    days = [date.fromisoformat(life.day) for life in opened.desk.lives(request)]
    if not days:
        return None
    cars = [car for car in opened.desk.rides(min(days), max(days)) if request in car.requests]
    cars.sort(key=lambda car: car.legs[car.requests.index(request)] == "back")
    return Chosen(out=cars[0], back=cars[1] if len(cars) > 1 else None) if cars else None


def _others(opened: Opened, there: Sequence[Ride], request: str) -> list[Request]:
    """The requests of those who are aboard already."""
    names = sorted({name for car in there for name in car.requests} - {request})
    found = (opened.desk.request(name) for name in names)
    return [each for each in found if each is not None]
