"""The rides that were given, as desk and ledger know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.carpool.law.registry.trip import Trip

if TYPE_CHECKING:
    from datetime import datetime

    from msap_mobility.desk import Life
    from msap_mobility.model import Offer, Ride

    from .maison import Maison
    from .year import Year

__all__ = ["Given", "given"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One passenger's ride that took place and was settled.

    Parameters
    ----------
    life, ride, offer
        As the desk keeps them: the passenger's part, the car with all aboard, what was offered.
    coupons, cents
        Paid to the driver, and what they are worth.
    settled
        When the slip was handed in.
    """

    life: Life
    ride: Ride
    offer: Offer
    coupons: int
    cents: int
    settled: datetime

    def ways(self) -> tuple[Trip, ...]:
        """The ride as the registry of carpool proofs sees it: one way, or two.

        A ride there and back is half as long each way.
        """
        up = [each.at for each in self.ride.stops if self.life.request in each.picks_up]
        down = [each.at for each in self.ride.stops if self.life.request in each.sets_down]
        return tuple(
            Trip(
                id=f"{self.ride.offer}/{number}",
                driver=self.life.driver,
                passenger=self.life.rider,
                start=start,
                end=end,
                distance_m=self.life.metres // len(up),
            )
            for number, (start, end) in enumerate(zip(up, down, strict=True))
        )


def given(year: Year, maison: Maison) -> list[Given]:
    """All rides that were settled, by day."""
    desk, ledger = maison.desk, maison.ledger
    found: list[Given] = []
    for day in year.days:
        lives = [each for each in desk.lives_on(day) if each.stage == "settled"]
        rides = {each.offer: each for each in desk.rides(day)} if lives else {}
        for life in lives:
            paid, offer = ledger.journal.entry(f"{life.ride}/settled"), desk.offer(life.offer)
            if paid is not None and offer is not None:
                coupons = paid.entry.legs[f"{life.driver}/{ledger.rules.coupon}"]
                found.append(
                    Given(
                        life=life,
                        ride=rides[life.offer],
                        offer=offer,
                        coupons=coupons,
                        cents=ledger.rules.cents(coupons, ledger.rules.coupon),
                        settled=desk.events(life.ride)[-1].at,
                    )
                )
    return found
