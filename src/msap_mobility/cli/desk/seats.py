"""A passenger's seat in a car: where and when they get in and out, and whose times have moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.cli.desk.telling import clock_s, day_of, spoken

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

    def text(self, opened: Opened, agent: Agent, driver: str, offer: str) -> str:
        """When and where it begins and ends, and with whom; the day of the end if it is another."""
        began, ended = (day_of(each.at, opened.zone) for each in (self.up, self.down))
        return agent.say(
            "cli.desk.seat" if began == ended else "cli.desk.seat_overnight",
            leg=agent.say(f"cli.desk.leg.{self.leg}"),
            day=began,
            start=spoken(self.up.place),
            leaves=clock_s(self.up.at, opened.zone),
            end=spoken(self.down.place),
            day_after=ended,
            arrives=clock_s(self.down.at, opened.zone),
            driver=driver,
            offer=offer,
        )


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

    def text(self, opened: Opened, agent: Agent, who: str) -> str:
        """Whom to tell; both days if they are two."""
        before, after = (day_of(each, opened.zone) for each in (self.was, self.now))
        return agent.say(
            "cli.desk.moved" if before == after else "cli.desk.moved_overnight",
            who=who,
            day=after,
            now=clock_s(self.now, opened.zone),
            day_before=before,
            was=clock_s(self.was, opened.zone),
        )

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
