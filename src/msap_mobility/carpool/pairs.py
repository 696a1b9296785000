"""Which offers fit which legs, without looking at every pair.

Passages are sorted by the latest pick-up, in classes of like width. An offer meets a stretch of
each class: whoever can still be picked up after the car can have left, and can be set down before
it must be back. Those pairs, some two million at a time, are thinned by the way to the pick-up,
then by the way from the set-down, and what is left is judged by `fit`. Where the ways are not all
at hand, distances through the earth thin them first.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.carpool.fit import Legs, could_fit, misses, span
from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from msap_mobility.carpool.company import Company, FewPairs
    from msap_mobility.carpool.passages import Passages
    from msap_mobility.carpool.rows import OfferRows
    from msap_mobility.carpool.ways import Int64, Ways

__all__ = ["FASTEST_M_PER_S", "Pairs", "check_speed", "compatible_pairs", "pairs_within"]

FASTEST_M_PER_S = 130 / 3.6
"""As the crow flies no car is faster: the speed limit on motorways (Code de la route, R413-2)."""

_AT_ONCE = 2_000_000
_SNAP_M = 1_000  # the road of a place may be as far off, and the way counts from there


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """The offers that fit the legs, one row per offer and leg, sorted by offer, then leg.

    Of several passages of a leg the one with the least detour is kept, then the least walk.

    Parameters
    ----------
    start
        The pairs of offer o are the rows ``start[o]`` to ``start[o + 1]``.
    offer, leg, passage
        Numbers.
    driven_m
        Of the whole trip.
    ride_m
        Of the rider in the car.
    detour_s, detour_m
        More than the solo trip; waiting included, and as little as the windows allow.
    leave_to
        Latest departure, POSIX seconds; leaving then is no longer than `detour_s` says.
    pick_from, pick_to, drop_from, drop_to
        When the rider can get in and out, each alone, POSIX seconds.
    """

    start: Int64
    offer: Int64
    leg: Int64
    passage: Int64
    driven_m: Int64
    ride_m: Int64
    detour_s: Int64
    detour_m: Int64
    leave_to: Int64
    pick_from: Int64
    pick_to: Int64
    drop_from: Int64
    drop_to: Int64

    def __len__(self) -> int:
        return len(self.offer)

    def find(self, offer: int, leg: int) -> int | None:
        """The row of an offer and a leg; None if they do not fit."""
        first, last = int(self.start[offer]), int(self.start[offer + 1])
        row = first + int(np.searchsorted(self.leg[first:last], leg))
        return row if row < last and self.leg[row] == leg else None


def compatible_pairs(
    rows: OfferRows,
    passages: Passages,
    ways: Ways,
    company: Company,
    *,
    fastest_m_per_s: float = FASTEST_M_PER_S,
) -> Pairs:
    """Every offer and leg that fit.

    Parameters
    ----------
    rows, passages, ways, company
        The problem.
    fastest_m_per_s
        Speed as the crow flies that no way exceeds; used only where the ways are not all at hand,
        and checked on those that are looked up.

    Raises
    ------
    InputError
        ``times_faster_than_bound``.
    """
    speed = None if ways.dense else fastest_m_per_s
    if speed is not None:
        check_speed(ways, rows.origin[rows.trip], rows.destination[rows.trip], speed)
        check_speed(ways, passages.pick, passages.drop, speed)
    return pairs_within(rows, passages, ways, company, speed)


def pairs_within(
    rows: OfferRows,
    passages: Passages,
    ways: Ways,
    company: Company | FewPairs,
    speed: float | None,
) -> Pairs:
    """As `compatible_pairs`; the ways of the offers and of the passages are checked already.

    Parameters
    ----------
    rows, passages, ways, company
        The problem.
    speed
        Metres a second as the crow flies that no way exceeds; None = nothing is thinned by it.

    Raises
    ------
    InputError
        ``times_faster_than_bound``, of the ways that are looked up.
    """
    found = []
    for offer, passage in _meeting(rows, passages):
        near = slice(None) if speed is None else _near(rows, passages, ways, offer, passage, speed)
        found.append(_judged(rows, passages, ways, company, offer[near], passage[near], speed))
    return _best(rows, passages, found)


def _meeting(rows: OfferRows, passages: Passages) -> Iterator[tuple[Int64, Int64]]:
    """Pairs whose windows meet if no way takes any time; offers in order of time."""
    alive = np.flatnonzero((passages.own_miss_s <= 0) & (passages.over_s <= 0))
    width = np.maximum(passages.pick_to - passages.drop_from, 0)[alive]
    size = np.ceil(np.log2(width + 1.0)).astype(np.int64)
    for number in np.unique(size):
        some = alive[size == number]
        some = some[np.argsort(passages.pick_to[some], kind="stable")]
        latest = passages.pick_to[some]
        widest = int(width[size == number].max())
        order = np.argsort(rows.reach_from, kind="stable")
        first = np.searchsorted(latest, rows.reach_from[order])
        last = np.searchsorted(latest, rows.until[order] + widest, side="right")
        count = np.maximum(last - first, 0)
        for chunk in _chunks(count):
            offer = np.repeat(order[chunk], count[chunk])
            begins = np.cumsum(count[chunk]) - count[chunk]
            shift = np.repeat(first[chunk] - begins, count[chunk])
            passage = some[np.arange(len(offer)) + shift]
            yield offer, passage


def _chunks(count: Int64) -> Iterator[slice]:
    """Stretches of offers with about `_AT_ONCE` pairs together, or one offer with more."""
    total = np.cumsum(count)
    start = 0
    while start < len(count):
        done = total[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(total, done + _AT_ONCE, side="right")))
        if total[end - 1] > done:
            yield slice(start, end)
        start = end


def _near(
    rows: OfferRows,
    passages: Passages,
    ways: Ways,
    offer: Int64,
    passage: Int64,
    speed: float,
) -> NDArray[np.bool_]:
    """Pairs that could still fit if every way were straight and fast."""
    to_m = ways.least_m(rows.origin[offer], passages.pick[passage])
    from_m = ways.least_m(passages.drop[passage], rows.destination[offer])
    to_s, from_s = (np.maximum(metres - _SNAP_M, 0) / speed for metres in (to_m, from_m))
    return could_fit(rows, passages, offer, passage, to_s, from_s)


def _judged(
    rows: OfferRows,
    passages: Passages,
    ways: Ways,
    company: Company | FewPairs,
    offer: Int64,
    passage: Int64,
    speed: float | None,
) -> dict[str, Int64]:
    """The pairs that fit, with their ways and their times."""
    begins, ends = rows.origin[offer], passages.pick[passage]
    to_s, to_m = ways.between(begins, ends)
    if speed is not None:
        _compare(ways.least_m(begins, ends), to_s, speed)
    kept = could_fit(rows, passages, offer, passage, to_s, 0)
    offer, passage, to_s, to_m = offer[kept], passage[kept], to_s[kept], to_m[kept]
    begins, ends = passages.drop[passage], rows.destination[offer]
    from_s, from_m = ways.between(begins, ends)
    if speed is not None:
        _compare(ways.least_m(begins, ends), from_s, speed)
    legs = Legs(to_s=to_s, to_m=to_m, from_s=from_s, from_m=from_m)
    broken = misses(rows, passages, offer, passage, legs)
    fits = np.logical_and.reduce([miss <= 0 for miss in broken.values()])
    fits[fits] = company.together(
        offer[fits], passages.request[passage[fits]], passages.kind[passage[fits]]
    )
    chosen = Legs(to_s=to_s[fits], to_m=to_m[fits], from_s=from_s[fits], from_m=from_m[fits])
    offer, passage = offer[fits], passage[fits]
    times = dict(span(rows, passages, offer, passage, chosen))
    driven = chosen.to_m + passages.ride_m[passage] + chosen.from_m
    return {
        "offer": offer,
        "passage": passage,
        "driven_m": driven,
        "detour_s": times.pop("lasts_s") - rows.solo_s[offer],
        "detour_m": driven - rows.solo_m[offer],
        **times,
    }


def _best(rows: OfferRows, passages: Passages, found: list[dict[str, Any]]) -> Pairs:
    """One row per offer and leg, the best."""
    names = [field.name for field in fields(Pairs) if field.name not in ("start", "leg", "ride_m")]
    nothing = np.zeros(0, dtype=np.int64)
    columns = {name: np.concatenate([nothing, *(part[name] for part in found)]) for name in names}
    passage, offer = columns["passage"], columns["offer"]
    leg = passages.leg[passage]
    order = np.lexsort((passage, passages.walk_m[passage], columns["detour_s"], leg, offer))
    pair = offer[order] * (len(passages.leg_kind) + 1) + leg[order]
    order = order[np.flatnonzero(np.diff(pair, prepend=-1))]
    return Pairs(
        start=np.searchsorted(offer[order], np.arange(len(rows) + 1)),
        leg=leg[order],
        ride_m=passages.ride_m[passage[order]],
        **{name: values[order] for name, values in columns.items()},
    )


def check_speed(ways: Ways, begins: Int64, ends: Int64, speed: float) -> None:
    """Make sure that no way from a place to the one beside it is faster than `speed`.

    Raises
    ------
    InputError
        ``times_faster_than_bound``.
    """
    _compare(ways.least_m(begins, ends), ways.between(begins, ends)[0], speed)


def _compare(least_m: NDArray[np.float64], seconds: Int64, speed: float) -> None:
    """Make sure that what was thinned out by distance could not have been driven."""
    faster = least_m - _SNAP_M > speed * seconds
    if faster.any():
        row = int(np.argmax(faster))
        found = float(least_m[row] / max(int(seconds[row]), 1))
        details = {"bound": round(speed * 3.6)}
        value = round(found * 3.6)
        raise InputError([Fault(code="times_faster_than_bound", value=value, details=details)])
