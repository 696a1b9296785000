"""Nobody sits in two cars at once: whoever drives and rides, or does either several times a day."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

import numpy as np

from msap_mobility.carpool.in_cars import in_cars
from msap_mobility.carpool.rows import FAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from msap_mobility.carpool.problem import CarpoolProblem
    from msap_mobility.carpool.promises import Promised
    from msap_mobility.carpool.trips import Trips
    from msap_mobility.carpool.ways import Int64

__all__ = ["Spans", "certain", "planned", "promised_spans"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spans:
    """When a person sits in a car, a row each; seconds.

    Parameters
    ----------
    person
        Number of the person.
    role
        What for: number of the offer they drive, or −1 less the number of the request they ride.
    trip
        Number of the trip; −1 for what is promised.
    since, until
        From when to when.
    """

    person: Int64
    role: Int64
    trip: Int64
    since: Int64
    until: Int64

    def __len__(self) -> int:
        return len(self.person)

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int, int, int]]) -> Self:
        """Rows in the order of the columns."""
        table = np.array(list(rows), dtype=np.int64).reshape(-1, len(fields(cls)))
        return cls(**dict(zip((field.name for field in fields(cls)), table.T, strict=True)))

    def some(self, rows: NDArray[np.bool_]) -> Self:
        """These rows only."""
        return type(self)(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def joined(self, *others: Self) -> Self:
        """These rows and others."""
        return type(self)(
            **{
                field.name: np.concatenate([getattr(part, field.name) for part in (self, *others)])
                for field in fields(self)
            }
        )

    def meeting(self, other: Self) -> NDArray[np.bool_]:
        """Which rows are of somebody who in another role sits in a car of `other` meanwhile."""
        meets = np.zeros(len(self), dtype=np.bool_)
        for row in range(len(other)):
            meets |= (
                (self.person == other.person[row])
                & (self.role != other.role[row])
                & (self.since < other.until[row])
                & (other.since[row] < self.until)
            )
        return meets

    def at_once(self) -> Iterator[Int64]:
        """The rows of each largest set of which every two meet, where several roles do.

        Intervals of which every two meet have an instant in common, so one sweep finds all.
        """
        for person in np.unique(self.person).tolist():
            rows = np.flatnonzero((self.person == person) & (self.since < self.until))
            since, until, role = self.since[rows], self.until[rows], self.role[rows]
            ends = np.sort(until)
            starts = np.unique(since)
            following = np.append(starts[1:], ends[-1:] + 1)
            for start, after in zip(starts.tolist(), following.tolist(), strict=True):
                now = (since <= start) & (start < until)
                over = ends[np.searchsorted(ends, start, side="right")]
                if over <= after and (role[now] != role[now][0]).any():
                    yield rows[now]


class _Persons:
    """Whoever has several roles on a day, by number."""

    def __init__(self, problem: CarpoolProblem) -> None:
        self.problem = problem
        names = [offer.driver for offer in problem.offers]
        names += [request.rider for request in problem.requests]
        known, code, count = np.unique(names, return_inverse=True, return_counts=True)
        code = np.where(count[code] > 1, code, -1)
        self.number = {name: row for row, name in enumerate(known.tolist()) if count[row] > 1}
        self.driver = code[: len(problem.offers)].astype(np.int64)
        self.rider = code[len(problem.offers) :].astype(np.int64)


def planned(problem: CarpoolProblem, trips: Trips, promised: Sequence[Promised]) -> Spans:
    """When whoever has several roles sits in the cars of some trips, as these are timed.

    Parameters
    ----------
    problem, trips
        The trips.
    promised
        Rides that stay as they were wherever a trip takes the same passengers: then both times
        count.
    """
    persons = _Persons(problem)
    passages = problem.passages
    there = np.maximum(trips.leg, 0)
    riders = np.where(trips.leg >= 0, persons.rider[passages.leg_request[there]], -1)
    rows = np.flatnonzero((persons.driver[trips.offer] >= 0) | (riders >= 0).any(axis=1))
    cars = trips.some(rows).itineraries(problem)
    times, boarded, request = cars.times(), cars.boarded, passages.request[cars.passage]
    of, out = np.nonzero((boarded >= 0) & (persons.rider[request] >= 0))
    who = request[of, out]
    riding = Spans(
        person=persons.rider[who],
        role=-1 - who,
        trip=rows[of],
        since=times[of, boarded[of, out]],
        until=times[of, out],
    )
    driving = Spans(
        person=persons.driver[cars.offer],
        role=cars.offer,
        trip=rows,
        since=cars.depart,
        until=times[:, -1],
    )
    spans = driving.some(driving.person >= 0).joined(riding)
    again = [
        span
        for each in promised
        for row in np.flatnonzero(trips.offer == each.offer).tolist()
        if tuple(leg for leg in trips.leg[row].tolist() if leg >= 0) == each.legs
        for span in _of_promise(persons, each, row)
    ]
    return spans.joined(Spans.of(again))


def promised_spans(problem: CarpoolProblem, promised: Iterable[Promised]) -> Spans:
    """When whoever has several roles sits in the cars of promised rides."""
    persons = _Persons(problem)
    return Spans.of(span for each in promised for span in _of_promise(persons, each, -1))


def _of_promise(
    persons: _Persons, each: Promised, trip: int
) -> Iterator[tuple[int, int, int, int, int]]:
    numbers = {persons.problem.requests[number].id: number for number, _ in each.requests}
    for name, span in in_cars(each.ride):
        person = persons.number.get(name)
        if person is not None:
            role = -1 - numbers[span.request] if span.request else each.offer
            yield person, role, trip, span.since, span.until


def certain(problem: CarpoolProblem, offer: Int64, leg: Int64) -> Spans:
    """When whoever has several roles sits in a car whatever the times of some trips are.

    A driver from the latest departure to the earliest arrival that their windows and their own way
    allow, a rider from the latest pick-up to the earliest set-down.

    Parameters
    ----------
    problem
        The problem.
    offer
        Number of the offer of each trip.
    leg
        int64 (trips, …): its legs, −1 where there is none.
    """
    persons, rows, passages = _Persons(problem), problem.rows, problem.passages
    trip = np.arange(len(offer))
    driving = Spans(
        person=persons.driver[offer],
        role=offer,
        trip=trip,
        since=rows.depart_to[offer],
        until=np.maximum(rows.arrive_from, rows.depart_from + rows.solo_s)[offer],
    )
    count = len(passages.leg_kind)
    latest, earliest = np.full(count, -2 * FAR), np.full(count, 2 * FAR)
    np.maximum.at(latest, passages.leg, passages.pick_to)
    np.minimum.at(earliest, passages.leg, passages.drop_from)
    of, column = np.nonzero(leg >= 0)
    what = leg[of, column]
    who = passages.leg_request[what]
    riding = Spans(
        person=persons.rider[who],
        role=-1 - who,
        trip=trip[of],
        since=latest[what],
        until=earliest[what],
    )
    spans = driving.joined(riding)
    return spans.some((spans.person >= 0) & (spans.since < spans.until))
