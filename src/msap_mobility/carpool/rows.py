"""Offers as columns: where from and to, when, and how much longer at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from msap_mobility.carpool.ways import Int64, Ways
    from msap_mobility.model import Offer, Window

__all__ = ["FAR", "OfferRows", "bounds"]

FAR = 1 << 40
"""A time without limit, seconds: sums of a few stay exact in int64."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfferRows:
    """One row per offer; times are POSIX seconds, `FAR` and −`FAR` where there is no limit.

    Parameters
    ----------
    origin, destination
        Numbers of the places where the car really sets out and where it ends.
    depart_from, depart_to, arrive_from, arrive_to
        When it may leave the one and be at the other, int64.
    solo_s, solo_m
        The driver's own trip; 0 without one.
    most_s, most_m
        Longest whole trip, waiting included: the solo trip and the detour.
    reach_from
        From when it can have left: ``max(depart_from, arrive_from - most_s)``.
    until
        By when it must be back: ``min(arrive_to, depart_to + most_s)``.
    own_miss_s
        By how much the driver, leaving as late and taking as long as allowed, is there before the
        windows let them; 0 or less if they are not.
    trip
        Whether the driver has a trip of their own, and so does not wait for an appointment.
    """

    origin: Int64
    destination: Int64
    depart_from: Int64
    depart_to: Int64
    arrive_from: Int64
    arrive_to: Int64
    solo_s: Int64
    solo_m: Int64
    most_s: Int64
    most_m: Int64
    reach_from: Int64
    until: Int64
    own_miss_s: Int64
    trip: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.origin)

    @classmethod
    def of(cls, offers: Sequence[Offer], ways: Ways) -> OfferRows:
        """The columns of some offers, none of them regular."""
        origin = ways.numbers(offer.origin for offer in offers)
        destination = ways.numbers(offer.destination for offer in offers)
        depart_from, depart_to = bounds([offer.depart for offer in offers])
        arrive_from, arrive_to = bounds([offer.arrive for offer in offers])
        trip = np.array([offer.kind == "trip" for offer in offers], dtype=np.bool_)
        solo_s, solo_m = (np.where(trip, way, 0) for way in ways.between(origin, destination))
        most_s = solo_s + _limits([offer.max_detour_s for offer in offers])
        return cls(
            origin=origin,
            destination=destination,
            depart_from=depart_from,
            depart_to=depart_to,
            arrive_from=arrive_from,
            arrive_to=arrive_to,
            solo_s=solo_s,
            solo_m=solo_m,
            most_s=most_s,
            most_m=solo_m + _limits([offer.max_detour_m for offer in offers]),
            reach_from=np.maximum(depart_from, arrive_from - most_s),
            until=np.minimum(arrive_to, depart_to + most_s),
            own_miss_s=arrive_from - most_s - depart_to,
            trip=trip,
        )


def bounds(windows: Sequence[Window | None]) -> tuple[Int64, Int64]:
    """First and last second of each window, without limit where there is none."""
    opens = [-FAR if window is None else window.earliest_s for window in windows]
    closes = [FAR if window is None else window.latest_s for window in windows]
    return np.array(opens, dtype=np.int64), np.array(closes, dtype=np.int64)


def _limits(values: Sequence[int | None]) -> Int64:
    return np.array([FAR if value is None else value for value in values], dtype=np.int64)
