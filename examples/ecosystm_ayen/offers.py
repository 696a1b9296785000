"""What drivers offer in a year: the way to work, errands, and half-days of volunteers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from msap_mobility.calendar import Rhythm
from msap_mobility.model import Offer

from .territory import BRIVE, OBJAT, communes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from .people import Person

__all__ = ["CALLED_OFF", "DECLINES", "Errand", "errands", "regular_offers", "some_drivers"]

DETOUR, DETOUR_DISTANCE = "10 min", "5 km"
"""Most a driver goes out of their way: assumed."""

WHOLE_WAY, WHOLE_WAY_DISTANCE = "4 h", "40 km"
"""Most a volunteer drives and waits, from home to home: assumed. Brive is further: who is eligible
by residence only may not be driven there by somebody who has no way there (R3133-4)."""

ERRANDS_A_DAY = {BRIVE: 4.5, OBJAT: 1.5}
"""Neighbours who tell the desk that they drive there and back, on a mean working day: assumed."""

DECLINES, CALLED_OFF = 0.06, 0.04
"""How often a driver of a day says no when phoned, or cannot come after all and says so on the eve:
assumed."""

_HALF_DAYS = (
    *("Mo,We,Th 08:30-10:30", "Tu,Fr 08:30-10:30", "Mo,Tu,Th 13:15-15:00", "We,Fr 13:15-15:00"),
    *("Mo,Th 08:30-10:30", "Tu,We,Fr 08:30-10:30", "Tu,Th,Fr 13:15-15:00", "Mo,We 13:15-15:00"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A drive there and back, told to the desk at `told`."""

    told: datetime
    offers: tuple[Offer, ...]


def regular_offers(
    people: Sequence[Person], first: date, draw: np.random.Generator
) -> tuple[Offer, ...]:
    """The list of regular trips (agevillage.com 15295: mostly commuting), and the volunteers' days.

    Nobody drives to work in the first three weeks of August: assumed.
    """
    august = date(first.year, 8, 1)
    away = [august + timedelta(days=n) for n in range(21)]
    off = ",".join(day.isoformat() for day in away if day.weekday() < 5)
    limits = f"not on public holidays except {off}"
    found: list[Offer] = []
    half_days = iter(_HALF_DAYS)
    brive = communes()[BRIVE].centre
    for each in people:
        if each.part == "volunteer":
            rhythm = Rhythm.of(f"{next(half_days)} {limits}")
            found.append(
                Offer.of(
                    id=f"{each.id}-free",
                    driver=each.id,
                    kind="volunteer",
                    start=each.home,
                    rhythm=rhythm,
                    max_detour=WHOLE_WAY,
                    max_detour_distance=WHOLE_WAY_DISTANCE,
                )
            )
        elif each.part == "commuter":
            early = 7 * 60 + 15 * int(draw.integers(0, 5))
            late = 16 * 60 + 30 + 15 * int(draw.integers(0, 7))
            for way, minute in (("work", early), ("home", late)):
                ends = (each.home, brive) if way == "work" else (brive, each.home)
                hours = f"{_clock(minute)}-{_clock(minute + 20)}"
                found.append(
                    Offer.of(
                        id=f"{each.id}-{way}",
                        driver=each.id,
                        start=ends[0],
                        end=ends[1],
                        rhythm=Rhythm.of(f"Mo-Fr {hours} {limits}"),
                        max_detour=DETOUR,
                        max_detour_distance=DETOUR_DISTANCE,
                    )
                )
    return tuple(found)


def errands(
    people: Sequence[Person], day: date, eve: date, draw: np.random.Generator
) -> list[Errand]:
    """Who drives to town on one day and says so at the desk on the working day before."""
    drivers = [each for each in people if each.part == "neighbour"]
    found: list[Errand] = []
    for town, mean in ERRANDS_A_DAY.items():
        count = min(int(draw.poisson(mean)), len(drivers) // 2)
        chosen = draw.choice(len(drivers), count, replace=False)
        for number in sorted(int(each) for each in chosen):
            driver = drivers[number]
            if any(each.offers[0].driver == driver.id for each in found):
                continue
            morning = bool(draw.random() < 0.55)
            out = (8 * 60 + 15 if morning else 13 * 60) + 15 * int(draw.integers(0, 5))
            back = (11 * 60 + 15 if morning else 15 * 60 + 45) + 15 * int(draw.integers(0, 5))
            told = datetime.fromisoformat(f"{eve}T{_clock(14 * 60 + int(draw.integers(0, 60)))}")
            found.append(Errand(told=told, offers=_there_and_back(driver, day, town, out, back)))
    return found


def some_drivers(
    regular: Sequence[Offer],
    found: Sequence[Errand],
    day: date,
    share: float,
    draw: np.random.Generator,
) -> dict[str, list[str]]:
    """A share of those who drive on a day, each with the ids of all their offers of the day."""
    there: dict[str, list[str]] = {}
    laid = [offer.on(day) for offer in regular]
    for offer in (*laid, *(each for errand in found for each in errand.offers)):
        if offer is not None:
            there.setdefault(offer.driver, []).append(offer.id)
    return {driver: there[driver] for driver in sorted(there) if draw.random() < share}


def _there_and_back(driver: Person, day: date, town: str, out: int, back: int) -> tuple[Offer, ...]:
    centre = communes()[town].centre
    ways = (("out", driver.home, centre, out), ("back", centre, driver.home, back))
    return tuple(
        Offer.of(
            id=f"{driver.id}-{day.isoformat()}-{way}",
            driver=driver.id,
            start=start,
            end=end,
            depart=f"{day} {_clock(minute)}-{_clock(minute + 30)}",
            max_detour=DETOUR,
            max_detour_distance=DETOUR_DISTANCE,
        )
        for way, start, end, minute in ways
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
