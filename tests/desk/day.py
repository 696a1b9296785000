"""A day of bookings and settlements, which whoever is at the desk goes on with where it stands."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.desk.scenes import (
    BY,
    DAY,
    Pair,
    done,
    homeward,
    offer,
    people,
    request,
    ride,
    ride_home,
    round_trip,
    there_and_back,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from msap_mobility.desk import Desk
    from msap_mobility.ledger import Ledger

ONE_WAY = ("settled", "cancelled", "missed", "declined", "again", "paper", "poor")
BOTH_WAYS = ("pair", "round")
LAST = DAY + timedelta(days=len(ONE_WAY) + len(BOTH_WAYS) - 1)
"""Each passenger rides on a day of their own."""


@dataclass(frozen=True)
class Step:
    """What is said of a ride once so many things have happened to it."""

    ride: str
    after: int
    say: Callable[[Desk], Any]


def set_up(desk: Desk, ledger: Ledger) -> None:
    """Everybody, an offer for each request, coupons on account and on paper. Ines has none."""
    for number in range(4):
        ledger.sell_booklet("paul", km=50, key=f"booklet-{number}")
    ledger.print_coupons("A01..A50")
    ledger.sell_booklet("lucie", km=50, serials="A01..A50")
    people(desk)
    riders = {"paper": "lucie", "poor": "ines"}
    for number, name in enumerate((*ONE_WAY, *BOTH_WAYS)):
        day = DAY + timedelta(days=number)
        asked = request if name in ONE_WAY else there_and_back
        hours = {"depart": f"{day} 08:00-08:30"}
        if name in BOTH_WAYS:
            hours["back"] = f"{day} 10:30-11:30"
        done(desk.ask(asked(name, riders.get(name, "paul"), **hours), by=BY))
        done(desk.add_offer(offer(f"{name}-car", depart=f"{day} 08:10"), by=BY))
        if name == "again":
            done(desk.add_offer(offer("again-car2", "marc", depart=f"{day} 08:10"), by=BY))
        if name == "pair":
            done(desk.add_offer(homeward("pair-car2", "marc", depart=f"{day} 11:00"), by=BY))


def steps(seed: str) -> Iterator[Step]:
    """All steps of the day; what becomes of one passenger is in order, the rest is mixed."""
    plans, draw = [list(plan) for plan in PLANS], random.Random(seed)
    while plans:
        plan = draw.choice(plans)
        yield plan.pop(0)
        if not plan:
            plans.remove(plan)


def work(desk: Desk, seed: str) -> None:
    """Say what is still to be said."""
    for step in steps(seed):
        if len(desk.events(step.ride)) == step.after:
            done(step.say(desk))


def _booked(name: str, car: str = "") -> Step:
    def say(desk: Desk) -> Any:
        asked, offered = desk.request(name), desk.offer(car or f"{name}-car")
        assert asked is not None
        assert offered is not None
        choose = round_trip if asked.wants_return else ride
        return desk.book(name, choose(offered, asked), by=BY)

    return Step(name, 1, say)


def _both_booked(desk: Desk) -> Any:
    asked, car, home = desk.request("pair"), desk.offer("pair-car"), desk.offer("pair-car2")
    assert asked is not None
    assert car is not None
    assert home is not None
    return desk.book("pair", Pair(ride(car, asked), ride_home(home, asked)), by=BY)


def _proposed(desk: Desk) -> Any:
    asked, car = desk.request("declined"), desk.offer("declined-car")
    assert asked is not None
    assert car is not None
    return desk.propose("declined", ride(car, asked), by=BY)


def _said(name: str, after: int, verb: str, **more: Any) -> Step:
    return Step(name, after, lambda desk: getattr(desk, verb)(name, by=BY, **more))


def _paid(name: str, after: int = 3, distance: str = "8 km", **slip: Any) -> list[Step]:
    return [
        _said(name, after, "drive", distance=distance),
        _said(name, after + 1, "confirm"),
        _said(name, after + 2, "settle", **slip),
    ]


PLANS = (
    [_booked("settled"), *_paid("settled")],
    [_booked("cancelled"), _said("cancelled", 3, "cancel", why="weather")],
    [_booked("missed"), _said("missed", 3, "no_show", absent="rider")],
    [
        Step("declined", 1, _proposed),
        _said("declined", 2, "decline"),
        Step("declined", 3, _proposed),
        _said("declined", 4, "promise"),
        *_paid("declined", 5, "9 km"),
    ],
    [
        _booked("again"),
        _said("again", 3, "ask_again"),
        _booked("again~2", "again-car2"),
        *_paid("again~2"),
    ],
    [_booked("paper"), *_paid("paper", serials="A01..A08", ref="slip 7")],
    [_booked("poor"), _said("poor", 3, "cancel", why="rider")],
    [Step("pair", 1, _both_booked), *_paid("pair"), *_paid("pair-back")],
    [_booked("round"), _said("round", 3, "drive"), _said("round", 4, "no_show", absent="driver")],
)
