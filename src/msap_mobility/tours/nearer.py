"""How much nearer a stop would have to be for homes that can come to none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from msap_mobility.model import Reached, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.model import Limit, TimesTable
    from msap_mobility.model.home import FloatArray
    from msap_mobility.model.reason import Unit
    from msap_mobility.tours.problem import TourProblem

    Rows = np.ndarray[tuple[int], np.dtype[np.intp]]
    Ways = np.ndarray[tuple[int, int], np.dtype[np.float64]]

__all__ = ["NEARER", "nothing_within_reach"]

NEARER: Mapping[Unit, str] = {"m": "stop_nearer", "s": "stop_sooner"}
"""The relaxation that tells of metres, and of seconds."""

_UNITS: tuple[Literal["m", "s"], ...] = ("m", "s")
_BLOCK = 8192
"""Homes looked at together: what bounds the memory."""


def nothing_within_reach(problem: TourProblem, rows: Rows) -> dict[int, Reason]:
    """How much farther the people of each home would have to go for the stop nearest to enough.

    Nearest by the share of the limit that is missing, over the modes their group can use.

    Parameters
    ----------
    problem
        Homes, stops and ways.
    rows
        Home rows without any stop within reach.
    """
    stops = np.flatnonzero([stop.serves for stop in problem.stops])
    tables = {mode.id: mode.times for mode in problem.modes}
    reasons: dict[int, Reason] = {}
    for number, group in enumerate(problem.homes.groups):
        members = rows[problem.homes.group[rows] == number]
        usable = [limit for limit in group.limits if limit.mode in tables and len(stops)]
        for first in range(0, len(members), _BLOCK):
            block = members[first : first + _BLOCK]
            told = _reasons(problem, usable, tables, block, stops)
            reasons.update(zip(block.tolist(), told, strict=True))
    return reasons


def _reasons(
    problem: TourProblem,
    usable: list[Limit],
    tables: Mapping[str, TimesTable],
    rows: Rows,
    stops: Rows,
) -> Iterator[Reason]:
    """The reasons of some homes of one group, in their order."""
    over_limit = np.zeros(len(rows), dtype=np.bool_)
    found = [(np.full(len(rows), np.inf), *np.zeros((3, len(rows))))]
    for limit in usable:
        times = tables[limit.mode]
        over_limit |= (times.status[np.ix_(rows, stops)] == Reached.OVER_LIMIT).any(axis=1)
        found.append(_missing(limit, times, rows, stops))
    keys = np.stack([np.stack(columns) for columns in found], axis=1)  # (4, limits, homes)
    best = np.lexsort(keys[::-1], axis=0)[0]
    least = np.take_along_axis(keys, best[None, None, :], axis=1)[:, 0]
    for (share, amount, unit, stop), over in zip(least.T.tolist(), over_limit, strict=True):
        if share < np.inf:
            yield Reason(
                code="no_stop_within_reach",
                amount=amount,
                unit=_UNITS[int(unit)],
                relaxation=NEARER[_UNITS[int(unit)]],
                where=problem.stops[int(stop)].place.id,
            )
        else:
            code = "no_stop_within_reach" if over else "no_way_to_any_stop"
            yield Reason(code=code, amount=0, unit="1")


def _missing(
    limit: Limit, times: TimesTable, rows: Rows, stops: Rows
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """For each home (share of the limit missing, amount rounded up, number of its unit, stop)."""
    over_m, share_m = _over(times.metres[np.ix_(rows, stops)], limit.max_m)
    over_s, share_s = _over(times.seconds[np.ix_(rows, stops)], limit.max_s)
    home = np.arange(len(rows))
    nearest = np.argmin(np.maximum(share_m, share_s), axis=1)
    by_m, by_s = share_m[home, nearest], share_s[home, nearest]
    in_seconds = by_s > by_m
    over = np.where(in_seconds, over_s[home, nearest], over_m[home, nearest])
    return (
        np.maximum(by_m, by_s),
        np.ceil(over),
        in_seconds.astype(np.float64),
        stops[nearest].astype(np.float64),
    )


def _over(
    way: np.ndarray[tuple[int, int], np.dtype[np.float32]], limit: float | None
) -> tuple[Ways, Ways]:
    """By how much each way is over the limit, and that as a share of it; -1 where there is none."""
    if limit is None:
        return np.full(way.shape, -1.0), np.full(way.shape, -1.0)
    over = way.astype(np.float64) - limit
    return over, over / limit
