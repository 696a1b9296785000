"""Trips of cars as rows of stops: when each stop is made, whether all limits hold, and as rides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from msap_mobility.carpool.passages import LEGS, ROUND
from msap_mobility.carpool.rows import FAR
from msap_mobility.errors import BrokenInvariant
from msap_mobility.model import Ride, RideStop

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.carpool.problem import CarpoolProblem
    from msap_mobility.carpool.ways import Int64

__all__ = ["Itineraries"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Itineraries:
    """Some trips, a row each; stops beyond a trip's last one are −1.

    Parameters
    ----------
    problem
        The problem.
    offer
        Number of the offer of each trip.
    stop
        int64 (trips, stops): 2p where the rider of passage p gets in, 2p + 1 where they get out; of
        a round twice.
    depart
        POSIX seconds.
    """

    problem: CarpoolProblem
    offer: Int64
    stop: Int64
    depart: Int64

    def __len__(self) -> int:
        return len(self.offer)

    @property
    def there(self) -> NDArray[np.bool_]:
        """Which stops there are."""
        return self.stop >= 0

    @property
    def passage(self) -> Int64:
        """Passage of each stop; 0 where there is none."""
        return np.where(self.there, self.stop >> 1, 0)

    @property
    def down(self) -> NDArray[np.bool_]:
        """Where somebody gets out."""
        down: NDArray[np.bool_] = self.there & (self.stop & 1 == 1)
        return down

    @property
    def again(self) -> NDArray[np.bool_]:
        """Stops of a round on the way back."""
        seen = np.zeros(self.stop.shape, dtype=np.bool_)
        for later in range(1, self.stop.shape[1]):
            seen[:, later] = (self.stop[:, :later] == self.stop[:, [later]]).any(axis=1)
        return seen & self.there

    @property
    def boarded(self) -> Int64:
        """For each stop where somebody gets out, the stop where they got in; else −1."""
        found = np.full(self.stop.shape, -1, dtype=np.int64)
        for later in range(1, self.stop.shape[1]):
            for earlier in range(later):
                mine = self.down[:, later] & (self.stop[:, earlier] == self.stop[:, later] - 1)
                found[mine, later] = earlier
        return found

    def places(self) -> Int64:
        """Number of the place of each stop; behind the last one the destination."""
        passages, row = self.problem.passages, self.passage
        turn = (passages.kind[row] == ROUND) & (self.down != self.again)
        place = np.where(self.down, passages.drop[row], passages.pick[row])
        place = np.where(turn, passages.turn[row], place)
        ends = self.problem.rows.destination[self.offer][:, np.newaxis]
        return np.where(self.there, place, ends)

    def ways(self) -> tuple[Int64, Int64]:
        """Seconds and metres to each stop from the one before, and from the last to the end."""
        place, rows = self.places(), self.problem.rows
        origin, end = rows.origin[self.offer], rows.destination[self.offer]
        path = np.column_stack([origin, place, end])
        seconds, metres = self.problem.ways.between(path[:, :-1].ravel(), path[:, 1:].ravel())
        shape = (len(self), path.shape[1] - 1)
        return seconds.reshape(shape), metres.reshape(shape)

    def windows(self) -> tuple[Int64, Int64]:
        """From when to when each stop may be made."""
        passages, row, again = self.problem.passages, self.passage, self.again
        turn = (passages.kind[row] == ROUND) & (self.down != again)
        opens = np.where(self.down, passages.drop_from[row], passages.pick_from[row])
        closes = np.where(self.down, passages.drop_to[row], passages.pick_to[row])
        at_turn = np.where(again, passages.leave_from[row], passages.down_from[row])
        opens, closes = np.where(turn, at_turn, opens), np.where(turn, FAR, closes)
        return np.where(self.there, opens, -FAR), np.where(self.there, closes, FAR)

    def longest(self) -> Int64:
        """Longest ride that ends at each stop."""
        requests = self.problem.requests
        most = np.array([request.max_ride_s or FAR for request in requests], dtype=np.int64)
        return most[self.problem.passages.request[self.passage]]

    def times(self) -> Int64:
        """When each stop is made, each as early as the departure allows; then the arrival.

        A ride that would take too long puts its pick-up off.
        """
        seconds, _ = self.ways()
        opens, _ = self.windows()
        again, boarded, longest = self.again & ~self.down, self.boarded, self.longest()
        stay = np.where(again, self.problem.passages.gap_s[self.passage], 0)
        count = self.stop.shape[1]
        times = np.full((len(self), count + 1), -FAR, dtype=np.int64)
        each = np.arange(len(self))
        for _ in range(count + 1):
            ready = self.depart
            for number in range(count):
                ready = ready + seconds[:, number] + stay[:, number]
                ready = np.maximum(np.maximum(ready, opens[:, number]), times[:, number])
                times[:, number] = ready
            before = times.copy()
            for number in range(count):
                mate = boarded[:, number]
                least = np.where(mate >= 0, times[:, number] - longest[:, number], -FAR)
                times[each, mate] = np.maximum(times[each, mate], least)
                times[:, count] = -FAR  # where those without a mate wrote
            before[:, count] = -FAR
            if (times == before).all():
                break
        earliest = self.problem.rows.arrive_from[self.offer]
        times[:, count] = np.maximum(ready + seconds[:, count], earliest)
        return times

    def fit(self, times: Int64) -> NDArray[np.bool_]:
        """Whether each trip keeps every limit of its driver and of all who are aboard."""
        rows, offer = self.problem.rows, self.offer
        _, metres = self.ways()
        _, closes = self.windows()
        arrive, boarded = times[:, -1], self.boarded
        rode = np.take_along_axis(times, np.maximum(boarded, 0), axis=1)
        rode = np.where(boarded >= 0, times[:, :-1] - rode, 0)
        return (  # type: ignore[no-any-return]
            (self.depart >= rows.depart_from[offer])
            & (self.depart <= rows.depart_to[offer])
            & (arrive <= rows.arrive_to[offer])
            & (arrive - self.depart <= rows.most_s[offer])
            & (metres.sum(axis=1) <= rows.most_m[offer])
            & (times[:, :-1] <= closes).all(axis=1)
            & (rode <= self.longest()).all(axis=1)
            & (self._aboard().max(axis=1, initial=0) <= self._seats())
        )

    def rides(self, zone: str) -> list[Ride]:
        """The trips as rides, each looked at once more as a whole.

        Parameters
        ----------
        zone
            IANA zone in which the stops are told.

        Raises
        ------
        BrokenInvariant
            If a trip breaks a limit.
        """
        times = self.times()
        wrong = np.flatnonzero(~self.fit(times))
        if len(wrong):
            offer = self.problem.offers[int(self.offer[wrong[0]])].id
            raise BrokenInvariant("every ride keeps all limits", offer=offer)
        _, metres = self.ways()
        place, tz = self.places(), ZoneInfo(zone)
        return [
            self._ride(row, place[row].tolist(), times[row].tolist(), metres[row].tolist(), tz)
            for row in range(len(self))
        ]

    def _aboard(self) -> Int64:
        """Seats taken after each stop."""
        party = np.array([request.party for request in self.problem.requests], dtype=np.int64)
        change = party[self.problem.passages.request[self.passage]]
        change = np.where(self.down, -change, change)
        return np.cumsum(np.where(self.there, change, 0), axis=1)

    def _seats(self) -> Int64:
        offers = self.problem.offers
        return np.array([offers[offer].seats for offer in self.offer.tolist()], dtype=np.int64)

    def _ride(
        self, row: int, places: list[int], times: list[int], metres: list[int], tz: ZoneInfo
    ) -> Ride:
        problem, passages = self.problem, self.problem.passages
        number = int(self.offer[row])
        offer, known = problem.offers[number], problem.ways.places
        stops: list[tuple[int, int, list[str], list[str]]] = []
        riders: dict[int, list[int]] = {}
        ridden: dict[int, int] = {}
        path = 0
        for column, stop in enumerate(each for each in self.stop[row].tolist() if each >= 0):
            leg = int(passages.leg[stop >> 1])
            who = int(passages.leg_request[leg])
            path += metres[column]
            here, at = places[column], times[column]
            if not stops or stops[-1][:2] != (here, at):
                stops.append((here, at, [], []))
            if stop & 1:
                stops[-1][3].append(problem.requests[who].id)
                ridden[who] += path
            else:
                stops[-1][2].append(problem.requests[who].id)
                riders.setdefault(who, []).append(int(passages.leg_kind[leg]))
                ridden[who] = ridden.get(who, 0) - path
        origin, end = int(problem.rows.origin[number]), int(problem.rows.destination[number])
        ends: list[tuple[int, int, list[str], list[str]]] = [
            (origin, int(self.depart[row]), [], []),
            (end, times[-1], [], []),
        ]
        duration = times[-1] - int(self.depart[row])
        driven = sum(metres)
        return Ride.of(
            offer=offer,
            requests=[problem.requests[who] for who in riders],
            legs=[LEGS[kinds[0] if len(kinds) == 1 else ROUND] for kinds in riders.values()],
            stops=[
                RideStop(
                    place=known[here],
                    at=datetime.fromtimestamp(at, tz=UTC).astimezone(tz),
                    picks_up=tuple(up),
                    sets_down=tuple(out),
                )
                for here, at, up, out in (ends[0], *stops, ends[1])
            ],
            shared=[ridden[who] for who in riders],
            driven=driven,
            detour=duration - int(problem.rows.solo_s[number]),
            detour_distance=driven - int(problem.rows.solo_m[number]),
        )
