"""One caller's question to a board: what there is, and what of it can be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from msap_mobility.carpool.choosing import ranked
from msap_mobility.carpool.joining import agree, joined_lifts
from msap_mobility.carpool.lifts import empty_lifts, rides_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.carpool.asked import AskedWays
    from msap_mobility.carpool.board import Board
    from msap_mobility.carpool.choosing import Options
    from msap_mobility.carpool.itineraries import Itineraries
    from msap_mobility.carpool.lifts import Lifts
    from msap_mobility.carpool.problem import CarpoolProblem
    from msap_mobility.carpool.terms import Terms
    from msap_mobility.model import Request, Ride

__all__ = ["Enquiry"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Enquiry:
    """What is asked.

    Parameters
    ----------
    board, request
        The offers, and the caller's request.
    ways
        Those of the board and of the caller's places.
    most
        How many options are wanted.
    terms
        How much the rides of this month count.
    declined
        Ids of drivers or offers who said no.
    now_s
        No car leaves before; POSIX seconds.
    zone
        IANA zone in which the stops are told.
    """

    board: Board
    request: Request
    ways: AskedWays
    most: int
    terms: Terms
    declined: frozenset[str]
    now_s: int
    zone: str

    @cached_property
    def problem(self) -> CarpoolProblem:
        """The caller and all offers, as if nothing were promised."""
        return self.board.problem(self.ways, (self.request,))

    @cached_property
    def closed(self) -> frozenset[int]:
        """Numbers of offers that were declined."""
        if not self.declined:
            return frozenset()
        return frozenset(
            number
            for number, offer in enumerate(self.board.offers)
            if offer.id in self.declined or offer.driver in self.declined
        )

    @cached_property
    def occupied(self) -> tuple[int, ...]:
        """Numbers of the offers with passengers that would fit if they had none."""
        if not self.board.rides:
            return ()
        near = sorted(set(self.problem.pairs.offer.tolist()) - self.closed)
        return tuple(number for number in near if self.board.offers[number].id in self.board.rides)

    @cached_property
    def found(self) -> tuple[Lifts, tuple[Itineraries, ...]]:
        """What each car can do, and the trips that this is read from."""
        closed = self.closed | set(self.occupied)
        lifts, trips = empty_lifts(self.board, self.problem, closed, self.now_s)
        parts, sources = [], [trips]
        for number in self.occupied:
            part, cars = joined_lifts(
                self.board, self.ways, self.request, number, len(sources), self.now_s
            )
            parts.append(part)
            sources.append(cars)
        return lifts.joined(parts), tuple(sources)

    @cached_property
    def options(self) -> Options:
        """What can be chosen, best first."""
        return ranked(
            self.board,
            self.found[0],
            self.terms,
            self.most,
            self._agree,
            returns=self.request.wants_return,
        )

    def rides(self, rows: Sequence[int]) -> list[Ride]:
        """The rides of some of the lifts, in their order."""
        lifts, sources = self.found
        return rides_of(lifts, rows, sources, self.zone)

    def _agree(self, one: int, other: int) -> bool:
        """Whether two lifts go together for those who are promised a seat in one of them."""
        lifts = self.found[0]
        offers = [self.board.offers[int(lifts.offer[row])] for row in (one, other)]
        people = [
            {offer.driver, *(each.rider for each in self.board.aboard(offer.id))}
            for offer in offers
        ]
        return people[0].isdisjoint(people[1]) or agree(self.board, *self.rides([one, other]))
