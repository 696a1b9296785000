"""What the law asks to know about one ride of one passenger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.carpool.law.checks import check_day, check_flag, check_whole
from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from datetime import date

__all__ = ["RideFacts", "Territory"]

_MOST_M = 2_000_000
_MOST_CENTS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """A place as the rules of transport of social utility see it (C. transports R3133-1, R3133-4).

    Parameters
    ----------
    rural
        Whether its commune belongs to no urban unit (INSEE).
    urban_unit_people
        Inhabitants of the urban unit its commune belongs to; 0 for a rural commune.
    interchange
        Whether it is a multimodal interchange of a neighbouring urban unit: a station where coaches
        and trains meet.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> Territory.village().rural, Territory(urban_unit_people=70_000).rural
    (True, False)
    """

    rural: bool = False
    urban_unit_people: int = 0
    interchange: bool = False

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_flag(faults, "rural", self.rural)
            check_flag(faults, "interchange", self.interchange)
            least, most = (0, 0) if self.rural is True else (1, 20_000_000)
            check_whole(faults, "urban_unit_people", self.urban_unit_people, least, most)

    @classmethod
    def village(cls) -> Territory:
        """A place in a rural commune."""
        return cls(rural=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RideFacts:
    """One passenger's ride, as far as the law looks at it.

    Parameters
    ----------
    on
        The day of the ride, in France.
    distance_m
        The passenger's ride, metres.
    driven_m
        The driver's whole trip with the passenger, metres: from home to home for a trip made for
        the passenger.
    solo_m
        What the driver would have driven anyway, alone, metres; 0 = would have stayed at home.
    seats
        Of the vehicle, the driver's included.
    association
        Whether an association organises the ride (of the law of 1901, or of local law in Alsace
        and Moselle).
    lent_without_profit
        Whether the vehicle is the association's, or lent to it without profit.
    residence
        Where the passenger lives.
    by_resources
        Whether the passenger has the complementary health cover (formerly CMU-C), resources under
        its ceiling, or one of the benefits that R3133-1, 2° lists (RSA, ASPA, AAH …).
    start, end
        Of the passenger's ride.
    asked_cents
        Asked of this passenger, euro cents.
    received_cents
        What the driver gets for the whole trip, from all passengers and authorities, euro cents.
    shareable_cents
        What may be shared at most, euro cents: see `costs.shareable_ceiling`.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    Jeanne drives from Ayen to Brive and takes Paul along to the hospital, for 1.50 euros:

    >>> from datetime import date
    >>> ride = RideFacts(
    ...     on=date(2026, 12, 1), distance_m=25_000, driven_m=27_000, solo_m=25_000, seats=5,
    ...     association=True, residence=Territory.village(), start=Territory.village(),
    ...     end=Territory(urban_unit_people=70_000), asked_cents=150, received_cents=150,
    ...     shareable_cents=1_636,
    ... )
    >>> ride.own_account, ride.detour_percent
    (True, 8)
    """

    on: date
    distance_m: int
    driven_m: int
    solo_m: int = 0
    seats: int
    association: bool
    lent_without_profit: bool = True
    residence: Territory
    by_resources: bool = False
    start: Territory
    end: Territory
    asked_cents: int
    received_cents: int
    shareable_cents: int

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_day(faults, "on", self.on)
            check_whole(faults, "distance_m", self.distance_m, 1, _MOST_M)
            check_whole(faults, "driven_m", self.driven_m, 1, _MOST_M)
            check_whole(faults, "solo_m", self.solo_m, 0, _MOST_M)
            check_whole(faults, "seats", self.seats, 2, 100)
            for column in ("asked_cents", "received_cents", "shareable_cents"):
                check_whole(faults, column, getattr(self, column), 0, _MOST_CENTS)
            for column in ("association", "lent_without_profit", "by_resources"):
                check_flag(faults, column, getattr(self, column))
            for column in ("residence", "start", "end"):
                if type(getattr(self, column)) is not Territory:
                    faults.add("law_not_a_place", column=column, value=getattr(self, column))
            if not faults.found and self.distance_m > self.driven_m:
                faults.add(
                    "law_ride_longer_than_trip",
                    column="distance_m",
                    value=self.distance_m,
                    driven=self.driven_m,
                )

    @property
    def own_account(self) -> bool:
        """Whether the driver makes the trip for themselves too (C. transports L3132-1)."""
        return self.solo_m > 0

    @property
    def detour_percent(self) -> int:
        """Metres added for the passenger, in percent of the driver's own trip, rounded up."""
        added = max(0, self.driven_m - self.solo_m)
        return -(-100 * added // self.solo_m) if self.own_account else 0
