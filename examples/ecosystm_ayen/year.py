"""The year before it happens: all that chance decides, drawn once from the seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

import numpy as np

from msap_mobility.calendar.french_days import is_public_holiday

from .money import purchases, returning_shops
from .offers import CALLED_OFF, DECLINES, errands, regular_offers, some_drivers
from .people import people
from .wishes import wishes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.model import Offer

    from .money import Purchase
    from .offers import Errand
    from .people import Person
    from .wishes import Wish

__all__ = ["FIRST", "Year"]

FIRST = date(2026, 1, 5)
"""The first day: a Monday."""

RIDES_A_REQUEST = 1.16
"""Rides that come of a request, as found: a way back in another car is a ride of its own, and not
everybody finds a driver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Members, offers and requests of some weeks.

    Parameters
    ----------
    people, days
        Members; working days, on which the desk is open.
    regular
        Offers that come back.
    errands, declines, called_off
        By day: offers of that day alone; drivers who say no when phoned; who will not come after
        all.
    wishes
        Requests by day.
    purchases, returning
        By day: who goes to which shop with Y'ACA; shops that bring theirs back.
    """

    people: tuple[Person, ...]
    days: tuple[date, ...]
    regular: tuple[Offer, ...]
    errands: Mapping[date, list[Errand]]
    declines: Mapping[date, Mapping[str, list[str]]]
    called_off: Mapping[date, Mapping[str, list[str]]]
    wishes: tuple[Wish, ...]
    purchases: Mapping[date, list[Purchase]]
    returning: Mapping[date, list[str]]

    @classmethod
    def drawn(cls, *, seed: int, rides: int, weeks: int) -> Self:
        """The year of a seed.

        Parameters
        ----------
        seed
            The same seed, the same year.
        rides
            About how many rides are to be given.
        weeks
            How many, from `FIRST` on.
        """
        draw = np.random.default_rng(seed)
        every = (FIRST + timedelta(days=n) for n in range(7 * weeks))
        days = tuple(day for day in every if day.weekday() < 5 and not is_public_holiday(day))
        members = people(draw)
        regular = regular_offers(members, FIRST, draw)
        asked = wishes(members, days, round(rides / RIDES_A_REQUEST), draw)
        eves = dict(zip(days[1:], days, strict=False))
        told = {day: errands(members, day, eve, draw) for day, eve in eves.items()}
        no = {day: some_drivers(regular, told[day], day, DECLINES, draw) for day in eves}
        off = {day: some_drivers(regular, told[day], day, CALLED_OFF, draw) for day in eves}
        return cls(
            people=members,
            days=days,
            regular=regular,
            errands=told,
            declines=no,
            called_off=off,
            wishes=tuple(asked),
            purchases=purchases(members, days, draw),
            returning=returning_shops(days, draw),
        )

    @property
    def last(self) -> date:
        """The last working day."""
        return self.days[-1]
