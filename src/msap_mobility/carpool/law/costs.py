"""What a carpool may cost its passengers: the costs that may be shared, and no more.

C. transports R3132-1: depreciation, repairs, tyres, fuel and insurance, which the tax scale for
mileage may stand for (CGI article 83, 3°; annexe IV, article 6 B), plus tolls and parking. R3132-2:
driver and passengers share them as they like. R3132-3: an authority's allowance stays within the
costs, less what passengers paid. R3132-4: likewise where an offered trip was driven empty.
Décret 2020-678 of 5 June 2020, in force from 7 June 2020.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.carpool.law.checks import check_day, check_flag, check_whole
from msap_mobility.carpool.law.scale import SCALES
from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from datetime import date

__all__ = ["CostSharing", "allowance_ceiling", "over_ceiling", "shareable_ceiling"]

_MOST_CENTS = 1_000_000


def shareable_ceiling(
    *,
    on: date,
    driven_m: int,
    power_cv: int,
    electric: bool = False,
    yearly_km: int = 5_000,
    tolls_cents: int = 0,
    parking_cents: int = 0,
) -> int:
    """The costs of one trip that driver and passengers may share, euro cents, rounded down.

    C. transports R3132-1, with the tax scale in force on that day.

    Parameters
    ----------
    on
        The day of the trip.
    driven_m
        Metres the driver drives with the passengers' trips in it.
    power_cv
        Fiscal power of the car, chevaux: under 3 counts as 3, above 7 as 7.
    electric
        Whether the car is electric only.
    yearly_km
        What the driver drives in a year: up to 5 000 km the rate is the same, beyond it falls.
    tolls_cents, parking_cents
        Paid for this trip.

    Raises
    ------
    InputError
        With every fault, or for a day before R3132-1.

    Examples
    --------
    Ayen to Brive and back, 50 km, in a car of 5 CV: 31.80 euros; a booklet of 50 km costs 3.

    >>> from datetime import date
    >>> shareable_ceiling(on=date(2026, 12, 1), driven_m=50_000, power_cv=5)
    3180
    >>> shareable_ceiling(on=date(2026, 12, 1), driven_m=50_000, power_cv=5, electric=True)
    3816
    """
    with Faults() as faults:
        check_day(faults, "on", on)
        check_whole(faults, "driven_m", driven_m, 1, 2_000_000)
        check_whole(faults, "power_cv", power_cv, 1, 100)
        check_flag(faults, "electric", electric)
        check_whole(faults, "yearly_km", yearly_km, 1, 1_000_000)
        check_whole(faults, "tolls_cents", tolls_cents, 0, _MOST_CENTS)
        check_whole(faults, "parking_cents", parking_cents, 0, _MOST_CENTS)
    scale = SCALES.in_force(on)
    yearly = scale.rates[min(max(power_cv, 3), 7)].yearly(yearly_km)
    percent = 100 + (scale.electric_percent if electric else 0)
    # metres / 1000 × tenths of a cent a year / km a year × percent / 100, ten tenths to the cent
    car = driven_m * yearly * percent // (yearly_km * 1_000_000)
    return car + tolls_cents + parking_cents


def over_ceiling(ceiling_cents: int, payments_cents: int, allowance_cents: int = 0) -> int:
    """By how much the driver gets more than the costs, euro cents; 0 if not.

    C. transports L3132-1, R3132-1 (passengers' payments), R3132-3 (an authority's allowance).

    Parameters
    ----------
    ceiling_cents
        From `shareable_ceiling`.
    payments_cents
        All passengers together.
    allowance_cents
        From authorities.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> over_ceiling(3_180, 300, 2_880), over_ceiling(3_180, 300, 2_881)
    (0, 1)
    """
    sharing = CostSharing(
        ceiling_cents=ceiling_cents,
        payments_cents=payments_cents,
        allowance_cents=allowance_cents,
    )
    return sharing.over_cents


def allowance_ceiling(ceiling_cents: int, payments_cents: int = 0) -> int:
    """The highest allowance an authority may give a driver for a trip, euro cents.

    C. transports R3132-3: the costs less what passengers paid; R3132-4: the whole costs where an
    offered trip was driven without a passenger. The exception that R3132-3 itself makes for short
    trips (L1231-15, seventh paragraph; L1241-1, thirteenth) is not counted here.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> allowance_ceiling(3_180, 300), allowance_ceiling(3_180)
    (2880, 3180)
    """
    sharing = CostSharing(ceiling_cents=ceiling_cents, payments_cents=payments_cents)
    return sharing.driver_share_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSharing:
    """How the costs of one trip are shared (C. transports R3132-2: as they like).

    Parameters
    ----------
    ceiling_cents
        The costs that may be shared, from `shareable_ceiling`.
    payments_cents, allowance_cents
        From all passengers; from authorities.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> sharing = CostSharing(ceiling_cents=3_180, payments_cents=300)
    >>> sharing.driver_share_cents, sharing.over_cents, sharing.is_shared
    (2880, 0, True)
    """

    ceiling_cents: int
    payments_cents: int
    allowance_cents: int = 0

    def __post_init__(self) -> None:
        with Faults() as faults:
            for column in ("ceiling_cents", "payments_cents", "allowance_cents"):
                check_whole(faults, column, getattr(self, column), 0, 10 * _MOST_CENTS)

    @property
    def received_cents(self) -> int:
        """What the driver gets."""
        return self.payments_cents + self.allowance_cents

    @property
    def driver_share_cents(self) -> int:
        """What is left to the driver; 0 if nothing is."""
        return max(0, self.ceiling_cents - self.received_cents)

    @property
    def over_cents(self) -> int:
        """What the driver gets above the costs; 0 if nothing."""
        return max(0, self.received_cents - self.ceiling_cents)

    @property
    def is_shared(self) -> bool:
        """Whether a share is left to the driver.

        R3132-2 lets them share freely and names no least share; a driver who bears nothing hardly
        shares. Schemes had better keep this true; it is not held against a ride.
        """
        return self.driver_share_cents > 0
