"""Ayen on 2 December 2026: who drives, who asks, and the rides they could agree on.

The clock of the tests stands at noon of the day before (`tests.ledger.stores.NOON`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msap_mobility.carpool.ride_refused import EventRefused
from msap_mobility.desk import DeskRefused
from msap_mobility.model import Offer, Place, Request, Ride, RideStop
from msap_mobility.model.member import Member

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msap_mobility.desk import Desk

DAY = date(2026, 12, 2)
BY = "agent"

AYEN = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
OBJAT = Place(id="objat", name="Objat", lon=1.409, lat=45.263)
BRIVE = Place(id="brive", name="Brive", lon=1.533, lat=45.159)

DRIVERS = ("jeanne", "marc")
RIDERS = ("paul", "lucie", "ines")


def driver(name: str, **more: Any) -> Member:
    given = {"charter_signed": "2026-03-02", "licence_seen": "2026-03-02", "badge": "12", **more}
    return Member.of(id=name, roles="driver", **given)


def rider(name: str, **more: Any) -> Member:
    return Member.of(id=name, roles="rider", **{"charter_signed": "2026-03-02", **more})


def offer(name: str = "o1", who: str = "jeanne", **more: Any) -> Offer:
    """From Ayen to Objat at ten past eight."""
    given = {"depart": "2026-12-02 08:10", "max_detour": "5 min", "seats": 1, **more}
    return Offer.of(id=name, driver=who, start=AYEN, end=OBJAT, **given)


def homeward(name: str = "o2", who: str = "marc", **more: Any) -> Offer:
    """From Objat to Ayen at eleven."""
    given = {"depart": "2026-12-02 11:00", "max_detour": "5 min", "seats": 1, **more}
    return Offer.of(id=name, driver=who, start=OBJAT, end=AYEN, **given)


def request(name: str = "r1", who: str = "paul", **more: Any) -> Request:
    """From Ayen to Objat, about eight."""
    given = {"depart": "2026-12-02 08:00-08:30", **more}
    return Request.of(id=name, rider=who, start=AYEN, end=OBJAT, **given)


def there_and_back(name: str = "r1", who: str = "paul", **more: Any) -> Request:
    """To Objat about eight and back about eleven."""
    return request(name, who, **{"back": "2026-12-02 10:30-11:30", **more})


def leaves(by: Offer, minutes: int = 0) -> datetime:
    """So many minutes after the car of an offer sets out."""
    assert by.depart is not None
    return by.depart.earliest.astimezone(ZoneInfo("Europe/Paris")) + timedelta(minutes=minutes)


def ride(by: Offer, *asked: Request, **more: Any) -> Ride:
    """From Ayen to Objat, 8 km with each passenger."""
    names = [each.id for each in asked]
    given = {"shared": ["8 km"] * len(asked), "driven": "8 km", **more}
    return Ride.of(
        offer=by,
        requests=asked,
        stops=[
            RideStop.of(AYEN, leaves(by), picks_up=names),
            RideStop.of(OBJAT, leaves(by, 10), sets_down=names),
        ],
        **given,
    )


def ride_home(by: Offer, *asked: Request) -> Ride:
    """From Objat to Ayen, 8 km with each passenger."""
    names = [each.id for each in asked]
    return Ride.of(
        offer=by,
        requests=asked,
        shared=["8 km"] * len(asked),
        driven="8 km",
        legs=["back"] * len(asked),
        stops=[
            RideStop.of(OBJAT, leaves(by), picks_up=names),
            RideStop.of(AYEN, leaves(by, 10), sets_down=names),
        ],
    )


def round_trip(by: Offer, asked: Request) -> Ride:
    """There and back in one car whose driver waits: 16 km."""
    return Ride.of(
        offer=by,
        requests=[asked],
        shared=["16 km"],
        driven="16 km",
        legs=["round"],
        stops=[
            RideStop.of(AYEN, leaves(by), picks_up=[asked.id]),
            RideStop.of(OBJAT, leaves(by, 10), sets_down=[asked.id]),
            RideStop.of(OBJAT, leaves(by, 170), picks_up=[asked.id]),
            RideStop.of(AYEN, leaves(by, 180), sets_down=[asked.id]),
        ],
    )


@dataclass(frozen=True)
class Pair:
    """A way out and a way back, as an agent chooses them."""

    out: Ride
    back: Ride | None = None


def people(desk: Desk) -> None:
    """Two drivers, three riders."""
    for name in DRIVERS:
        desk.register(driver(name), by=BY)
    for name in RIDERS:
        desk.register(rider(name), by=BY)


def opened(desk: Desk, *records: Offer | Request) -> None:
    """Everybody, and these offers and requests."""
    people(desk)
    for each in records:
        if isinstance(each, Offer):
            done(desk.add_offer(each, by=BY))
        else:
            done(desk.ask(each, by=BY))


def done(answer: Any) -> Any:
    """What was answered, which is no refusal."""
    assert not isinstance(answer, DeskRefused | EventRefused), answer.text("en")
    return answer


def refused(answer: Any, code: str) -> DeskRefused | EventRefused:
    """A refusal with this code, which two languages tell in words of their own."""
    assert isinstance(answer, DeskRefused | EventRefused), answer
    assert answer.code == code
    told = answer.to_dict()
    assert told["code"] == code
    assert told["text"] == {"en": answer.text("en"), "fr": answer.text("fr")}
    assert answer.text("fr") != answer.text("en")
    assert "{" not in answer.text("fr") + answer.text("en")
    return answer


def stages(desk: Desk, *rides: str) -> list[str | None]:
    """Where rides stand, by their events and by the row that is looked up alike."""
    found: list[str | None] = []
    for each in rides:
        state = desk.state(each)
        rows = [] if state is None else desk.lives(each.removesuffix("-back"))
        looked_up = {row.ride: row.stage for row in rows}
        assert looked_up.get(each) == (state.stage if state else None)
        found.append(state.stage if state else None)
    return found


def kinds(desk: Desk, name: str) -> list[str]:
    """What happened to a ride."""
    return [event.kind for event in desk.events(name)]


def names(found: Iterable[Any]) -> list[str]:
    """Their ids."""
    return [each.id for each in found]
