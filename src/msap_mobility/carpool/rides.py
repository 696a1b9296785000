"""A pair of the problem as a ride: where the car stops, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from msap_mobility.carpool.passages import LEGS, ROUND
from msap_mobility.carpool.returns import departures
from msap_mobility.model import Ride, RideStop
from msap_mobility.model.window import PARIS

if TYPE_CHECKING:
    from msap_mobility.carpool.problem import CarpoolProblem

__all__ = ["ride_of_pair"]


def ride_of_pair(problem: CarpoolProblem, pair: int, zone: str = PARIS) -> Ride:
    """The ride of one offer and one request, as short as it can be.

    The car leaves as `returns.departures` says, and goes on as soon as the windows let it.

    Parameters
    ----------
    problem
        The problem.
    pair
        A row of `CarpoolProblem.pairs`.
    zone
        IANA zone in which the stops are told.

    Examples
    --------
    >>> from msap_mobility.carpool.problem import CarpoolProblem
    >>> from msap_mobility.model import Offer, Place, Request
    >>> from msap_mobility.roads import CalibratedTimes
    >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
    >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
    >>> perpezac = Place(id="perpezac", name="Perpezac-le-Blanc", lon=1.33, lat=45.22)
    >>> jeanne = Offer.of(id="o1", driver="jeanne", start=ayen, end=brive,
    ...                   depart="2026-12-01 08:10", max_detour="12 min")
    >>> paul = Request.of(id="r1", rider="paul", start=perpezac, end=brive,
    ...                   depart=("2026-12-01 07:50", "2026-12-01 08:40"))
    >>> ride = ride_of_pair(CarpoolProblem.build([jeanne], [paul], CalibratedTimes(mode="car")), 0)
    >>> ride.id, [f"{stop.at:%H:%M:%S}" for stop in ride.stops]
    ('o1+r1', ['08:10:00', '08:20:06', '08:45:29', '08:45:29'])
    """
    pairs, passages, rows = problem.pairs, problem.passages, problem.rows
    offer = problem.offers[int(pairs.offer[pair])]
    passage = int(pairs.passage[pair])
    leg = int(pairs.leg[pair])
    request = problem.requests[int(passages.leg_request[leg])]
    times = _times(problem, pair)
    places = [int(rows.origin[pairs.offer[pair]]), int(passages.pick[passage])]
    if passages.leg_kind[leg] == ROUND:
        places += [int(passages.turn[passage])] * 2
    places += [int(passages.drop[passage]), int(rows.destination[pairs.offer[pair]])]
    tz = ZoneInfo(zone)
    last = len(places) - 1
    stops = [
        RideStop(
            place=problem.ways.places[place],
            at=datetime.fromtimestamp(at, tz=UTC).astimezone(tz),
            picks_up=(request.id,) if 0 < number < last and number % 2 else (),
            sets_down=(request.id,) if 0 < number < last and number % 2 == 0 else (),
        )
        for number, (place, at) in enumerate(zip(places, times, strict=True))
    ]
    return Ride.of(
        offer=offer,
        requests=[request],
        legs=[LEGS[int(passages.leg_kind[leg])]],
        stops=stops,
        shared=[int(pairs.ride_m[pair])],
        driven=int(pairs.driven_m[pair]),
        detour=int(pairs.detour_s[pair]),
        detour_distance=int(pairs.detour_m[pair]),
    )


def _times(problem: CarpoolProblem, pair: int) -> list[int]:
    """POSIX seconds of the stops, in driving order."""
    pairs, passages, rows, ways = problem.pairs, problem.passages, problem.rows, problem.ways
    offer, passage = pairs.offer[[pair]], pairs.passage[[pair]]
    to_s = int(ways.between(rows.origin[offer], passages.pick[passage])[0][0])
    from_s = int(ways.between(passages.drop[passage], rows.destination[offer])[0][0])
    row = int(passage[0])
    leave = int(departures(problem, np.array([pair]))[0])
    pick = max(int(passages.pick_from[row]), leave + to_s)
    times = [leave, pick]
    if passages.kind[row] == ROUND:
        down = max(int(passages.down_from[row]), pick + int(passages.out_s[row]))
        again = max(int(passages.leave_from[row]), down + int(passages.gap_s[row]))
        times += [down, again]
    drop = max(int(passages.drop_from[row]), pick + int(passages.lasts_s[row]))
    return [*times, drop, max(int(rows.arrive_from[offer[0]]), drop + from_s)]
