"""What passengers ask for in a year, and how it turns out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

from msap_mobility.model import Request
from msap_mobility.roads import CalibratedTimes

from .territory import AYEN, BRIVE, OBJAT, communes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import numpy as np

    from msap_mobility.model import Place

    from .people import Person

__all__ = ["LONGEST_KM", "TIMES", "Fate", "Wish", "wishes"]

TIMES = CalibratedTimes(mode="car")
"""Without a road network: the library's estimate from the distance as the crow flies."""

LONGEST_KM = 25
"""Longest ride (busetcar.com 619726, at launch): what is further the desk does not take."""

MONTHS = (9, 8, 9, 9, 8, 9, 8, 5, 9, 9, 9, 8)
WEEKDAYS = (2, 4, 3, 5, 4, 0, 0)
"""How much is asked, beside each other: little in August, most on Thursdays. Assumed."""

REGULAR = 0.2
"""Part of the requests that come from a standing wish: mostly one-off requests are served
(agevillage.com 15295); the share is assumed."""

SAME_DAY, CANCELLED, MISSED = 0.12, 0.05, 0.03
"""Who calls on the morning of the day, who cancels on the eve, who is not there: assumed."""

WEEKLY_SLIPS = 0.5
"""How often a slip is handed in on Friday, not on the next working day: assumed."""

Fate = Literal["kept", "cancelled", "missed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What people go to town for: doctor, shops, hospital, station (agevillage.com, busetcar.com).

    How often, when and how long is assumed. Hours are those of the appointment.
    """

    weight: float
    elderly: float
    towns: Mapping[str, float]
    hours: tuple[float, ...]
    stay_min: int
    early_min: int
    patience_min: int


PURPOSES = (
    Purpose(  # doctor
        weight=2,
        elderly=4,
        towns={AYEN: 1, OBJAT: 3, BRIVE: 3},
        hours=(9.5, 10, 10.5, 11, 14.5, 15, 15.5),
        stay_min=60,
        early_min=45,
        patience_min=75,
    ),
    Purpose(  # shops
        weight=2,
        elderly=3,
        towns={AYEN: 1, OBJAT: 3, BRIVE: 5},
        hours=(10, 10.5, 14.5, 15),
        stay_min=60,
        early_min=90,
        patience_min=120,
    ),
    Purpose(  # hospital
        weight=1,
        elderly=5,
        towns={BRIVE: 1},
        hours=(8.5, 9, 9.5, 10, 14, 14.5, 15),
        stay_min=90,
        early_min=75,
        patience_min=150,
    ),
    Purpose(  # station, work, training
        weight=4,
        elderly=1,
        towns={BRIVE: 1},
        hours=(8.5, 9, 14.5),
        stay_min=0,
        early_min=90,
        patience_min=0,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A request, when it is made, and what becomes of it if somebody takes it.

    Parameters
    ----------
    day
        Of the ride.
    request
        What is asked for.
    asked
        When the passenger calls, on the clock of Ayen.
    fate
        Whether they come.
    slip
        When the slip of the ride is handed in.
    """

    day: date
    request: Request
    asked: datetime
    fate: Fate
    slip: datetime


def wishes(
    people: Sequence[Person], days: Sequence[date], count: int, draw: np.random.Generator
) -> list[Wish]:
    """So many requests over the working days, by day.

    Parameters
    ----------
    people
        All members.
    days
        The working days; those who call for the first of them call on it.
    count
        How many.
    draw
        Where chance comes from.
    """
    riders = [each for each in people if each.part == "rider"]
    weights = [MONTHS[day.month - 1] * WEEKDAYS[day.weekday()] for day in days]
    likely = [weight / sum(weights) for weight in weights]
    asks = [each.asks / sum(one.asks for one in riders) for each in riders]
    planned: list[tuple[int, Person, Purpose | None]] = []
    standing = [riders[int(each)] for each in draw.choice(len(riders), 4, replace=False, p=asks)]
    for _ in range(round(count * REGULAR)):
        planned.append((int(draw.choice(len(days), p=likely)), standing[len(planned) % 4], None))
    for _ in range(count - len(planned)):
        rider = riders[int(draw.choice(len(riders), p=asks))]
        planned.append((int(draw.choice(len(days), p=likely)), rider, _purpose(rider, draw)))
    usual = {rider.id: _purpose(rider, draw) for rider in standing}
    seen: set[tuple[int, str]] = set()
    found: list[Wish] = []
    for number, rider, purpose in sorted(planned, key=lambda each: (each[0], each[1].id)):
        if (number, rider.id) not in seen:  # one appointment a day
            seen.add((number, rider.id))
            found.append(_wish(number, rider, purpose or usual[rider.id], days, draw))
    return found


def _purpose(rider: Person, draw: np.random.Generator) -> Purpose:
    weights = [each.elderly if rider.elderly else each.weight for each in PURPOSES]
    return PURPOSES[int(draw.choice(len(PURPOSES), p=[each / sum(weights) for each in weights]))]


def _wish(
    number: int, rider: Person, purpose: Purpose, days: Sequence[date], draw: np.random.Generator
) -> Wish:
    day = days[number]
    late = number == 0 or bool(draw.random() < SAME_DAY)
    ahead = 0 if late else min(number, int(draw.integers(1, 6)))
    hours = [each for each in purpose.hours if each >= 14 or not late]
    hour = float(draw.choice(hours))
    asked = _at(days[number - ahead], 9 * 60 + int(draw.integers(0, 25 if late else 170)))
    slip_day = days[min(number + 1, len(days) - 1)]
    if draw.random() < WEEKLY_SLIPS:
        later = [each for each in days[number + 1 : number + 7] if each.weekday() == 4]
        slip_day = later[0] if later else slip_day
    chance = float(draw.random())
    fate: Fate = "missed" if chance < MISSED else "kept"
    if chance > 1 - CANCELLED and not late:
        fate = "cancelled"
    return Wish(
        day=day,
        request=_request(day, rider, purpose, round(60 * hour), draw),
        asked=asked,
        fate=fate,
        slip=_at(slip_day, 19 * 60 + 30 if slip_day == day else 10 * 60),
    )


def _request(
    day: date, rider: Person, purpose: Purpose, minute: int, draw: np.random.Generator
) -> Request:
    town = _town(rider, purpose, draw)
    there = communes()[town].centre
    at, stay = _at(day, minute), timedelta(minutes=purpose.stay_min)
    back = None
    if purpose.stay_min:
        latest = at + stay + timedelta(minutes=purpose.patience_min)
        back = (f"{at + stay}", f"{latest}")
    return Request.of(
        id=f"r{day.isoformat()}-{rider.id}",
        rider=rider.id,
        start=rider.home,
        end=there,
        arrive=(f"{at - timedelta(minutes=purpose.early_min)}", f"{at}"),
        back=back,
        stay=f"{purpose.stay_min} min" if back else None,
        party=2 if draw.random() < 0.08 else 1,  # somebody comes along: assumed
    )


def _town(rider: Person, purpose: Purpose, draw: np.random.Generator) -> str:
    """Where to: of the towns near enough, and Objat if none of them is; nobody rides next door."""
    near = {
        town: weight
        for town, weight in purpose.towns.items()
        if 2 <= _km(rider.home, communes()[town].centre) <= LONGEST_KM
    }
    if not near:
        return OBJAT
    whole = sum(near.values())
    return list(near)[int(draw.choice(len(near), p=[each / whole for each in near.values()]))]


@cache
def _km(start: Place, end: Place) -> float:
    return TIMES.route(start, end).metres / 1000


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60))
