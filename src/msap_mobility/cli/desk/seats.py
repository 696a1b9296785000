"""A passenger's seat in a car: where and when they get in and out, and whose times have moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msap_mobility.cli.desk.telling import clock_s, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from msap_mobility.cli.desk.asking import Agent, Opened
    from msap_mobility.model import Ride, RideStop

__all__ = ["Moved", "Seat", "moved", "seats_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One way of one passenger in a car.

    Parameters
    ----------
    leg
        ``"out"`` or ``"back"``.
    up, down
        Where they get in and out.
    """

    leg: str
    up: RideStop
    down: RideStop

    def told(self, opened: Opened, agent: Agent) -> dict[str, Any]:
        """What a sentence about it needs."""
        return {
            "leg": agent.say(f"cli.desk.leg.{self.leg}"),
            "day": self.up.at.astimezone(opened.zone).date(),
            "start": spoken(self.up.place),
            "leaves": clock_s(self.up.at, opened.zone),
            "end": spoken(self.down.place),
            "arrives": clock_s(self.down.at, opened.zone),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Somebody aboard already who is fetched at another time now.

    Parameters
    ----------
    request, rider
        Who.
    was, now
        When they were fetched, and are now.
    """

    request: str
    rider: str
    was: datetime
    now: datetime

    def told(self, opened: Opened) -> dict[str, int]:
        """What a sentence about it needs."""
        return {"was": clock_s(self.was, opened.zone), "now": clock_s(self.now, opened.zone)}

    def to_dict(self) -> dict[str, str]:
        """JSON data."""
        times = {"was": self.was.isoformat(), "now": self.now.isoformat()}
        return {"request": self.request, "rider": self.rider, **times}


def seats_of(ride: Ride, request: str) -> list[Seat]:
    """The ways of one passenger in a car: one, or two for a round."""
    leg = ride.legs[ride.requests.index(request)]
    legs = ("out", "back") if leg == "round" else (leg,)
    ups = [stop for stop in ride.stops if request in stop.picks_up]
    downs = [stop for stop in ride.stops if request in stop.sets_down]
    return [Seat(leg=way, up=up, down=down) for way, up, down in zip(legs, ups, downs, strict=True)]


def moved(before: Iterable[Ride], rides: Sequence[Ride], request: str) -> list[Moved]:
    """The others whose way begins at another time than it was promised."""
    now = {ride.offer: ride for ride in rides}
    found = []
    for car in before:
        for name, rider in zip(car.requests, car.riders, strict=True):
            if name == request or name not in now[car.offer].requests:
                continue
            pairs = zip(seats_of(car, name), seats_of(now[car.offer], name), strict=True)
            found += [
                Moved(request=name, rider=rider, was=old.up.at, now=new.up.at)
                for old, new in pairs
                if old.up.at != new.up.at
            ]
    return found
