"""Whether a passage fits an offer, and by how much it does not: the one arithmetic of a pair.

The car leaves its origin at t0, picks up at p, sets down at d, ends at t3. Each instant has a
window; each way takes at least its driving time, and waiting is allowed anywhere; the whole takes
at most `most_s`; nobody is longer in the car than they said. These are difference constraints, and
such instants exist unless one of few sums is broken (every cycle of the constraint graph):

- what the offer or the passage asks of itself alone (`own_miss_s`, `over_s`);
- a + forced + c ≤ most_s, and depart_from + a + forced + c ≤ arrive_to;
- reach_from + a ≤ pick_to, and drop_from + c ≤ until,

with a and c the driving times to the pick-up and from the set-down. The last two say how much
later, or earlier, the rider would have to be. The shortest trip lasts ``max(a + forced + c,
max(arrive_from, drop_from + c) - min(depart_to, pick_to - a))``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.ways import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from msap_mobility.carpool.passages import Passages
    from msap_mobility.carpool.rows import OfferRows
    from msap_mobility.carpool.ways import Int64

__all__ = ["MISSES", "Legs", "could_fit", "misses", "span"]

MISSES = (
    "carpool_no_way",
    "carpool_ride_too_long",
    "carpool_rider_cannot",
    "carpool_driver_cannot",
    "carpool_detour_too_far",
    "carpool_detour_too_long",
    "carpool_wait_too_long",
    "carpool_driver_too_late",
    "carpool_car_comes_later",
    "carpool_car_comes_earlier",
)
"""Codes of what can be missed, in the order in which one is told."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Legs:
    """The two ways of a car around a passage: to the pick-up, and from the set-down."""

    to_s: Int64
    to_m: Int64
    from_s: Int64
    from_m: Int64


def could_fit(
    rows: OfferRows,
    passages: Passages,
    offer: Int64,
    passage: Int64,
    to_s: NDArray[np.number],
    from_s: NDArray[np.number] | int,
) -> NDArray[np.bool_]:
    """Whether pairs can still fit, these ways being what they are or longer."""
    forced, drop_from = passages.forced_s[passage], passages.drop_from[passage]
    fits: NDArray[np.bool_] = (
        (rows.reach_from[offer] + to_s <= passages.pick_to[passage])
        & (to_s + forced + from_s <= rows.most_s[offer])
        & (drop_from + from_s <= rows.until[offer])
    )
    return fits


def misses(
    rows: OfferRows, passages: Passages, offer: Int64, passage: Int64, legs: Legs
) -> Mapping[str, Int64]:
    """By how much each pair breaks each rule, in seconds or metres; it fits if none is above 0.

    Parameters
    ----------
    rows, passages
        All of them.
    offer, passage
        The pairs, as numbers of rows.
    legs
        The ways of these pairs.
    """
    to_s, from_s = legs.to_s, legs.from_s
    ways = to_s + from_s
    lasts, forced = passages.lasts_s[passage], passages.forced_s[passage]
    most_s, metres = rows.most_s[offer], legs.to_m + passages.ride_m[passage] + legs.from_m
    longest = np.maximum(np.maximum(to_s, from_s), np.maximum(lasts, rows.solo_s[offer]))
    return dict(
        zip(
            MISSES,
            (
                np.where(longest >= NEVER, 1, 0),
                passages.over_s[passage],
                passages.own_miss_s[passage],
                rows.own_miss_s[offer],
                metres - rows.most_m[offer],
                ways + lasts - most_s,
                ways + forced - most_s,
                rows.depart_from[offer] + ways + forced - rows.arrive_to[offer],
                rows.reach_from[offer] + to_s - passages.pick_to[passage],
                passages.drop_from[passage] + from_s - rows.until[offer],
            ),
            strict=True,
        )
    )


def span(
    rows: OfferRows, passages: Passages, offer: Int64, passage: Int64, legs: Legs
) -> Mapping[str, Int64]:
    """Of pairs that fit: the shortest trip, and from when to when each thing can happen.

    Returns
    -------
    mapping
        ``lasts_s`` of the whole trip; ``leave_to``, the latest departure, with which it lasts no
        longer; ``pick_from``, ``pick_to``, ``drop_from``, ``drop_to``.
    """
    to_s, from_s = legs.to_s, legs.from_s
    lasts, most = passages.lasts_s[passage], rows.most_s[offer]
    whole = to_s + lasts + from_s
    drop_from, pick_to = passages.drop_from[passage], passages.pick_to[passage]
    arrive_from, arrive_to = rows.arrive_from[offer], rows.arrive_to[offer]
    shortest = np.maximum(arrive_from, drop_from + from_s)
    shortest = shortest - np.minimum(rows.depart_to[offer], pick_to - to_s)
    first_end = np.maximum(arrive_from, drop_from + from_s)
    first_end = np.maximum(first_end, rows.depart_from[offer] + whole)
    first_start = np.maximum(rows.depart_from[offer], first_end - most)
    first_pick = np.maximum(passages.pick_from[passage], first_start + to_s)
    last_start = np.minimum(rows.depart_to[offer], pick_to - to_s)
    last_start = np.minimum(last_start, arrive_to - whole)
    last_end = np.minimum(arrive_to, last_start + most)
    last_drop = np.minimum(passages.drop_to[passage], last_end - from_s)
    return {
        "lasts_s": np.maximum(to_s + passages.forced_s[passage] + from_s, shortest),
        "leave_to": last_start,
        "pick_from": first_pick,
        "pick_to": np.minimum(pick_to, last_drop - lasts),
        "drop_from": np.maximum(drop_from, first_pick + lasts),
        "drop_to": last_drop,
    }
