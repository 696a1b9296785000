"""Which riders fit one joint trip of a driver, in what order, and what that gains."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.errors import Faults
from msap_mobility.optimise.arrays import Int64
from msap_mobility.optimise.assignment.enumeration import (
    DEPART_FIRST,
    DEPART_LAST,
    FIGURES,
    GAIN,
    LASTS,
    LENGTH,
    OF_DRIVER,
    SIZE,
    GroupRows,
    groups_of_driver,
)
from msap_mobility.optimise.assignment.orders import stop_times
from msap_mobility.optimise.assignment.trips import MOST_RIDERS, checked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.optimise.assignment.trips import Trips, TripsProblem

__all__ = ["Groups", "groups", "times_of_stops"]

_ROOM = 1 << 15
"""Rows of a buffer at least, so that several drivers share it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Joint groups, by driver, then number of riders.

    Parameters
    ----------
    driver
        int64 per group.
    start, rider
        int64 CSR: the riders of group g are ``rider[start[g]:start[g + 1]]``, rising.
    gain
        int64 per group: worth of its riders less the cost of the detour.
    stop
        int64: the stops of group g in driving order are ``stop[2 * start[g]:2 * start[g + 1]]``;
        2r is the pick-up of rider r, 2r + 1 the set-down.
    seconds, metres
        int64 per group: least duration from departure to arrival, waiting and service included, and
        way driven.
    depart_first, depart_last
        int64 per group: departures between which the trip takes no longer; their difference is its
        slack.
    cut
        int64: drivers whose groups were cut short by the cap.
    """

    driver: Int64
    start: Int64
    rider: Int64
    gain: Int64
    stop: Int64
    seconds: Int64
    metres: Int64
    depart_first: Int64
    depart_last: Int64
    cut: Int64

    @property
    def complete(self) -> bool:
        """Whether nothing was cut: with these groups the optimum over all groups can be found.

        What was left out because one of its parts does as well does not count, nor do groups missed
        because the seconds do not obey the triangle inequality.
        """
        return len(self.cut) == 0

    def __len__(self) -> int:
        return len(self.driver)

    def riders(self, group: int) -> list[int]:
        """The riders of one group, rising."""
        return list(map(int, self.rider[self.start[group] : self.start[group + 1]]))

    def stops(self, group: int) -> list[int]:
        """The stops of one group in driving order, see `stop`."""
        return list(map(int, self.stop[2 * self.start[group] : 2 * self.start[group + 1]]))


def groups(
    problem: TripsProblem,
    *,
    most: int = 3,
    cap: int = 100_000,
    prune: bool = True,
    workers: int = 1,
) -> Groups:
    """Find every group of riders that a driver can take together.

    Parameters
    ----------
    problem
        See `TripsProblem`.
    most
        Riders in a group, 1 to 4.
    cap
        Groups looked at per driver, smaller groups first, and of these the ones whose riders gain
        most alone. A buffer of about 100 bytes for each is what a worker needs beside the answer.
    prune
        Leave out groups that gain no more than without one of their riders (or, of riders none of
        whom is `kept`, nothing): no assignment needs them. Riders that are `kept` never are the
        reason.
    workers
        Threads. They never change the answer.

    Raises
    ------
    InputError
        ``array_shape``, ``array_not_whole``, ``array_outside``.

    Notes
    -----
    A group is found if every group with one rider less fits but for its metres, which is so
    whenever the seconds obey the triangle inequality.

    Examples
    --------
    >>> from msap_mobility.optimise.assignment.trips import TripsProblem
    >>> far = [[0, 600, 900], [600, 0, 300], [900, 300, 0]]  # seconds, and metres too
    >>> problem = TripsProblem(
    ...     seconds=np.array(far, dtype=np.int32),
    ...     metres=np.array(far, dtype=np.int32),
    ...     driver=np.array([[0, 2, 0, 3600, 7200, 3, 600, 600]]),
    ...     rider=np.array([[1, 2, 0, 0, 7200, 7200, 0, 0, 1, 3600]]),
    ...     candidate_start=np.array([0, 1]),
    ...     candidate=np.array([0]),
    ...     worth=np.array([300]),
    ...     price=np.array([1, 0]),
    ...     kept=np.array([False]),
    ... )
    >>> found = groups(problem)
    >>> found.gain.tolist(), found.seconds.tolist(), found.stops(0), found.complete
    ([300], [900], [0, 1], True)
    """
    trips = checked(problem)
    with Faults() as faults:
        for name, value, top in (("most", most, MOST_RIDERS), ("cap", cap, 10**7)):
            if not 1 <= value <= top:
                faults.add("array_outside", column=name, value=value, least=1, most=top)
    drivers = len(trips.driver)
    cut = np.zeros(drivers, dtype=np.bool_)
    edges = np.linspace(0, drivers, 4 * workers + 1).astype(int)  # uneven drivers even out
    spans = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))

    def run(span: tuple[int, int]) -> list[_Rows]:
        return _of_span(trips, span, most, cap, prune, cut)

    if workers == 1:
        parts = [part for span in spans for part in run(span)]
    else:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            parts = [part for found in pool.map(run, spans) for part in found]
    return _gathered(parts, np.flatnonzero(cut))


_Rows = tuple["NDArray[np.int32]", "NDArray[np.int8]", Int64]


def _of_span(
    trips: Trips,
    span: tuple[int, int],
    most: int,
    cap: int,
    prune: bool,
    cut: NDArray[np.bool_],
) -> list[_Rows]:
    """The groups of the drivers of a span, a buffer full at a time."""
    room = max(cap, _ROOM)
    rows = GroupRows(
        member=np.empty((room, MOST_RIDERS), dtype=np.int32),
        order=np.empty((room, 2 * MOST_RIDERS), dtype=np.int8),
        figure=np.empty((room, FIGURES), dtype=np.int64),
        number=np.empty((room, MOST_RIDERS), dtype=np.int32),
        key=np.empty(room, dtype=np.int64),
    )
    parts: list[_Rows] = []
    filled = 0

    def empty() -> None:
        member, order, figure = rows.member[:filled], rows.order[:filled], rows.figure[:filled]
        parts.append((member.copy(), order.copy(), figure.copy()))

    for driver in range(*span):
        if filled + cap > room:
            empty()
            filled = 0
        filled, cut[driver] = groups_of_driver(
            trips, driver, most, prune, rows, filled, filled + cap
        )
    empty()
    return parts


def _gathered(parts: list[_Rows], cut: Int64) -> Groups:
    none = (
        np.empty((0, MOST_RIDERS), np.int32),
        np.empty((0, 2 * MOST_RIDERS), np.int8),
        np.empty((0, FIGURES), np.int64),
    )
    member, order, figure = map(np.concatenate, zip(none, *parts, strict=True))
    size = figure[:, SIZE]
    own = np.arange(MOST_RIDERS) < size[:, np.newaxis]
    own_stops = np.arange(2 * MOST_RIDERS) < 2 * size[:, np.newaxis]
    who = np.take_along_axis(member, np.where(own_stops, order >> 1, 0).astype(np.intp), axis=1)
    stop = 2 * who.astype(np.int64) + (order & 1)
    return Groups(
        driver=figure[:, OF_DRIVER].copy(),
        start=np.concatenate([[0], np.cumsum(size)]).astype(np.int64),
        rider=member[own].astype(np.int64),
        gain=figure[:, GAIN].copy(),
        stop=stop[own_stops],
        seconds=figure[:, LASTS].copy(),
        metres=figure[:, LENGTH].copy(),
        depart_first=figure[:, DEPART_FIRST].copy(),
        depart_last=figure[:, DEPART_LAST].copy(),
        cut=cut.astype(np.int64),
    )


def times_of_stops(problem: TripsProblem, driver: int, stops: list[int]) -> list[int] | None:
    """Departure, beginning of each stop and arrival if a driver makes these stops; None if not so.

    Of all schedules that take least time, the one in which everything is earliest.

    Parameters
    ----------
    problem
        See `TripsProblem`.
    driver
        Who drives.
    stops
        In driving order: 2r is the pick-up of rider r, 2r + 1 the set-down.
    """
    trips = checked(problem)
    riders = sorted({stop >> 1 for stop in stops})
    order = [2 * riders.index(stop >> 1) + (stop & 1) for stop in stops]
    times = np.zeros(len(stops) + 2, dtype=np.int64)
    members = np.array(riders, dtype=np.int64)
    fits = stop_times(trips, driver, members, np.array(order, dtype=np.int64), times)
    return times.tolist() if fits else None
