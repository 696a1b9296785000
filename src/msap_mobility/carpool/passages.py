"""What a car must do for a request: pick up here, set down there, when, and how long it takes.

A request is one leg (``"out"``), or three where a return is wanted: there, back, and ``"round"``,
both in one car whose driver waits. A rider who walks has several passages for a leg: from the door
or from a meeting point within the limit, and likewise at the other end. A round is a passage too:
from the pick-up to the last set-down, the stay within. So one arithmetic serves all (`fit`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from msap_mobility.carpool.rows import FAR, bounds
from msap_mobility.carpool.ways import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from msap_mobility.carpool.walks import Walks
    from msap_mobility.carpool.ways import Int64, Ways
    from msap_mobility.model import Leg, Request

__all__ = ["BACK", "LEGS", "OUT", "ROUND", "Passages"]

LEGS: tuple[Leg, ...] = ("out", "back", "round")
OUT, BACK, ROUND = range(3)
"""What `Passages.leg_kind` counts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Passages:
    """One row per passage, in order of legs; times are POSIX seconds.

    Parameters
    ----------
    leg_request, leg_kind
        Per leg: number of its request, and `OUT`, `BACK` or `ROUND`. Legs are in order of requests.
    leg
        Number of the leg of each passage, rising.
    pick, drop
        Numbers of the places where the rider gets in first and out last.
    turn
        For a round, where they get out and in again; −1 else.
    pick_from, pick_to, drop_from, drop_to
        When each may happen, all that the request alone demands taken together: windows, walks,
        time in the car.
    lasts_s
        Least time from getting in to getting out: the way, in a round with stay and walks.
    forced_s
        As `lasts_s`, and at least as long as the windows force it to be.
    ride_m
        Metres in the car.
    walk_m, end_walk_s
        Metres on foot in all; seconds of the walk between `Request.end` and the car.
    over_s
        By how much the way is longer than the longest ride allowed; 0 or less if it is not.
    own_miss_s
        By how much the request's own windows cannot be kept; 0 or less if they can.
    out_s, down_from, gap_s, leave_from
        Of a round: seconds of the way there; earliest set-down; from set-down to pick-up at least,
        walks and stay; earliest pick-up for the way back. Of another leg the way, and zeros.
    """

    leg_request: Int64
    leg_kind: NDArray[np.int8]
    leg: Int64
    pick: Int64
    drop: Int64
    turn: Int64
    pick_from: Int64
    pick_to: Int64
    drop_from: Int64
    drop_to: Int64
    lasts_s: Int64
    forced_s: Int64
    ride_m: Int64
    walk_m: Int64
    end_walk_s: Int64
    over_s: Int64
    own_miss_s: Int64
    out_s: Int64
    down_from: Int64
    gap_s: Int64
    leave_from: Int64

    def __len__(self) -> int:
        return len(self.leg)

    @property
    def request(self) -> Int64:
        """Number of the request of each passage."""
        return self.leg_request[self.leg]

    @property
    def kind(self) -> NDArray[np.int8]:
        """Kind of the leg of each passage."""
        return self.leg_kind[self.leg]

    @classmethod
    def of(cls, requests: Sequence[Request], ways: Ways, walks: Walks) -> Passages:
        """The passages of some requests, none of them regular."""
        legs: list[tuple[int, int]] = []
        options: list[_Option] = []
        for number, request in enumerate(requests):
            for kind in (OUT, BACK, ROUND) if request.wants_return else (OUT,):
                options += _options(len(legs), kind, request, walks)
                legs.append((number, kind))
        of_leg = np.array(legs, dtype=np.int64).reshape(-1, 2)
        rows = np.array(options, dtype=np.int64).reshape(-1, len(_Option._fields))
        request_of = of_leg[rows[:, 0], 0]
        timed = _timed(_Columns(*rows.T), of_leg[rows[:, 0], 1], request_of, requests, ways)
        return cls(
            leg_request=of_leg[:, 0], leg_kind=of_leg[:, 1].astype(np.int8), leg=rows[:, 0], **timed
        )

    def of_leg(self, leg: int) -> Int64:
        """Numbers of the passages of one leg."""
        first, last = np.searchsorted(self.leg, (leg, leg + 1))
        return np.arange(first, last)

    def some(self, rows: Int64) -> Passages:
        """These passages only; legs stay."""
        per_leg = ("leg_request", "leg_kind")
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        chosen = {
            name: values if name in per_leg else values[rows] for name, values in columns.items()
        }
        return Passages(**chosen)


class _Option(NamedTuple):
    """Where somebody gets in and out for a leg, and the walks: seconds at each end, metres."""

    leg: int
    near_start: int
    near_end: int
    start_walk_s: int
    end_walk_s: int
    walk_m: int


class _Columns(NamedTuple):
    """The options as columns."""

    leg: Int64
    near_start: Int64
    near_end: Int64
    start_walk_s: Int64
    end_walk_s: Int64
    walk_m: Int64


def _options(leg: int, kind: int, request: Request, walks: Walks) -> Iterator[_Option]:
    """Door or meeting point at the start and at the end; a round walks each way twice."""
    times = 2 if kind == ROUND else 1
    for start in walks.points_near(request.start, request.walk_limit_m):
        for end in walks.points_near(request.end, request.walk_limit_m):
            if start.place != end.place:
                walk_m = times * (start.metres + end.metres)
                yield _Option(leg, start.place, end.place, start.seconds, end.seconds, walk_m)


def _timed(
    option: _Columns,
    kind: Int64,
    request_of: Int64,
    requests: Sequence[Request],
    ways: Ways,
) -> dict[str, Int64]:
    """All columns but those of the legs."""
    depart = _column(bounds([request.depart for request in requests]), request_of)
    arrive = _column(bounds([request.arrive for request in requests]), request_of)
    returns = _column(bounds([request.returns for request in requests]), request_of)
    stay = np.array([request.stay_s or 0 for request in requests], dtype=np.int64)[request_of]
    most = np.array([request.max_ride_s or FAR for request in requests], dtype=np.int64)[request_of]
    there_s, there_m = ways.between(option.near_start, option.near_end)
    back_s, back_m = np.zeros_like(there_s), np.zeros_like(there_m)
    home = kind != OUT
    back_s[home], back_m[home] = ways.between(option.near_end[home], option.near_start[home])
    back, whole = kind == BACK, kind == ROUND
    first_s = np.where(back, back_s, there_s)
    # What the windows ask of getting in and out, the walk before and after taken off.
    pick_from = np.where(back, returns[0] + option.end_walk_s, depart[0] + option.start_walk_s)
    pick_to = np.where(back, returns[1] + option.end_walk_s, depart[1] + option.start_walk_s)
    drop_from = np.where(back, -FAR, arrive[0] - option.end_walk_s)
    drop_to = np.where(back, FAR, arrive[1] - option.end_walk_s)
    # One after the other: what getting out asks of getting in, and the other way round.
    pick_from = np.maximum(pick_from, drop_from - most)
    down_from = np.maximum(drop_from, pick_from + first_s)
    gap = 2 * option.end_walk_s + stay
    leave_from, leave_to = returns[0] + option.end_walk_s, returns[1] + option.end_walk_s
    leave_from = np.maximum(leave_from, down_from + gap)
    down_to = np.where(whole, np.minimum(drop_to, leave_to - gap), drop_to)
    pick_to = np.minimum(pick_to, down_to - first_s)
    down_to = np.minimum(down_to, pick_to + most)
    drop_from = np.where(whole, leave_from + back_s, down_from)
    drop_to = np.where(whole, leave_to + most, down_to)
    lasts = np.where(whole, there_s + gap + back_s, first_s)
    longest = np.where(whole, np.maximum(there_s, back_s), first_s)
    miss = np.maximum(pick_from - pick_to, down_from - down_to)
    miss = np.where(whole, np.maximum(miss, leave_from - leave_to), miss)
    return {
        "pick": np.where(back, option.near_end, option.near_start),
        "drop": np.where(kind == OUT, option.near_end, option.near_start),
        "turn": np.where(whole, option.near_end, -1),
        "pick_from": pick_from,
        "pick_to": pick_to,
        "drop_from": drop_from,
        "drop_to": drop_to,
        "lasts_s": lasts,
        "forced_s": np.maximum(lasts, drop_from - pick_to),
        "ride_m": np.where(whole, there_m + back_m, np.where(back, back_m, there_m)),
        "walk_m": option.walk_m,
        "end_walk_s": option.end_walk_s,
        "over_s": np.where(longest >= NEVER, NEVER, longest - most),
        "own_miss_s": miss,
        "out_s": first_s,
        "down_from": down_from,
        "gap_s": np.where(whole, gap, 0),
        "leave_from": np.where(whole, leave_from, 0),
    }


def _column(pair: tuple[Int64, Int64], request_of: Int64) -> tuple[Int64, Int64]:
    return pair[0][request_of], pair[1][request_of]
