"""A short sign for a choice: the same as long as the choice is, another as soon as it is not."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.model import Ride

__all__ = ["token"]

_SIGNS = "bcdfghjkmnpqrstvwxz23456789"
"""None that is mistaken for another on the telephone or on paper, and no vowels: no words."""

_LENGTH = 5


def token(rides: Sequence[Ride]) -> str:
    """The sign of a choice: who drives, where and when the cars stop, who gets in and out.

    Examples
    --------
    >>> token(()), len(token(()))
    ('584zm', 5)
    """
    told = [
        (
            ride.offer,
            ride.driver,
            [
                (stop.place.id, stop.at.timestamp(), sorted(stop.picks_up), sorted(stop.sets_down))
                for stop in ride.stops
            ],
        )
        for ride in rides
    ]
    number = int.from_bytes(hashlib.sha256(repr(told).encode()).digest())
    signs = []
    for _ in range(_LENGTH):
        number, sign = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[sign])
    return "".join(signs)
