"""The offers of some days, made ready once, so that many callers are answered at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.asked import AskedWays
from msap_mobility.carpool.company import FewPairs
from msap_mobility.carpool.in_cars import InCar, in_cars
from msap_mobility.carpool.pairs import FASTEST_M_PER_S, check_speed, pairs_within
from msap_mobility.carpool.passages import Passages
from msap_mobility.carpool.problem import CarpoolProblem, tell_faults
from msap_mobility.carpool.promises import read_promises
from msap_mobility.carpool.rows import OfferRows
from msap_mobility.carpool.walks import Walks
from msap_mobility.carpool.ways import DENSE
from msap_mobility.files import content_hash

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.carpool.ways import Int64
    from msap_mobility.model import Offer, Place, Request, Ride, TravelTimes

__all__ = ["Board"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Board:
    """Offers, what is promised of them, and all that does not depend on who asks; made by `of`.

    Parameters
    ----------
    offers
        In order of the earliest departure, then by id.
    rides
        What is promised, by offer id.
    requests
        Of those aboard, by id.
    meeting_points, walk_times
        Where riders who walk may be met; times on foot.
    ways
        The places, and the ways between them that were asked for.
    rows
        The offers as columns.
    rank
        int64 per offer: its place in the order of ids.
    speed
        See `pairs.pairs_within`.
    busy
        Per member id, when they sit in the car of a promised ride.
    fingerprint
        Hash of all this.

    Examples
    --------
    >>> from msap_mobility.model import Offer, Place
    >>> from msap_mobility.roads import CalibratedTimes
    >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
    >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
    >>> jeanne = Offer.of(id="o1", driver="jeanne", start=ayen, end=brive,
    ...                   depart="2026-12-01 08:10", max_detour="12 min")
    >>> len(Board.of([jeanne], CalibratedTimes(mode="car")))
    1
    """

    offers: tuple[Offer, ...]
    rides: Mapping[str, Ride]
    requests: Mapping[str, Request]
    meeting_points: tuple[Place, ...]
    walk_times: TravelTimes | None
    ways: AskedWays
    rows: OfferRows
    rank: Int64
    speed: float | None
    busy: Mapping[str, tuple[InCar, ...]]
    fingerprint: str

    def __len__(self) -> int:
        return len(self.offers)

    @classmethod
    def of(
        cls,
        offers: Sequence[Offer],
        times: TravelTimes,
        *,
        rides: Sequence[Ride] = (),
        requests: Sequence[Request] = (),
        meeting_points: Sequence[Place] = (),
        walk_times: TravelTimes | None = None,
    ) -> Board:
        """Make offers ready.

        Parameters
        ----------
        offers
            Laid on days; their order does not matter.
        times
            Of the car.
        rides, requests
            Rides of these offers that are promised, and the requests of those aboard.
        meeting_points, walk_times
            Where riders who walk may be met; times on foot.

        Raises
        ------
        InputError
            With every fault, as `CarpoolProblem.build` and `promises.read_promises`.
        """
        tell_faults(offers, requests, meeting_points, walk_times)
        doors = [place for each in requests for place in (each.start, each.end)]
        ends = [place for each in offers for place in (each.origin, each.destination)]
        ways = AskedWays([*ends, *doors, *meeting_points], times)
        by_time = _by_time(offers, OfferRows.of(offers, ways))
        rows = OfferRows.of(by_time, ways)
        speed = FASTEST_M_PER_S if len(ways) > DENSE else None
        if speed is not None:
            check_speed(ways, rows.origin[rows.trip], rows.destination[rows.trip], speed)
        ids = [offer.id for offer in by_time]
        board = cls(
            offers=by_time,
            rides={ride.offer: ride for ride in rides},
            requests={each.id: each for each in requests},
            meeting_points=tuple(meeting_points),
            walk_times=walk_times,
            ways=ways,
            rows=rows,
            rank=np.argsort(sorted(range(len(ids)), key=ids.__getitem__)),
            speed=speed,
            busy=_busy(rides),
            fingerprint=_fingerprint(by_time, rides, requests, rows),
        )
        board._check_promises(rides)
        return board

    def walks(self, ways: AskedWays, requests: Sequence[Request]) -> Walks:
        """Who of some requests is met where."""
        walkers = [each for each in requests if each.walk_limit_m]
        doors = [place for each in walkers for place in (each.start, each.end)]
        return Walks(ways, doors, self.meeting_points, self.walk_times)

    def problem(
        self, ways: AskedWays, requests: Sequence[Request], offer: int | None = None
    ) -> CarpoolProblem:
        """Some requests and the offers, or one of them, as if nothing were promised.

        Parameters
        ----------
        ways
            Those of the board and of the places of the requests.
        requests
            Those who ask, and those aboard who count.
        offer
            Number of the only offer; None = all of them.
        """
        walks = self.walks(ways, requests)
        offers = self.offers if offer is None else (self.offers[offer],)
        rows = self.rows if offer is None else OfferRows.of(offers, ways)
        passages = Passages.of(requests, ways, walks)
        company = FewPairs(offers, requests)
        return CarpoolProblem(
            offers=offers,
            requests=tuple(requests),
            meeting_points=self.meeting_points,
            ways=ways,
            walks=walks,
            rows=rows,
            passages=passages,
            pairs=pairs_within(rows, passages, ways, company, self.speed),
        )

    def aboard(self, offer: str) -> tuple[Request, ...]:
        """The requests of those who are promised a seat of an offer."""
        ride = self.rides.get(offer)
        return () if ride is None else tuple(self.requests[name] for name in ride.requests)

    def _check_promises(self, rides: Sequence[Ride]) -> None:
        """Raise if rides are not of these offers and requests; look up the ways they need."""
        if not rides:
            return
        requests = tuple(self.requests.values())
        named = {ride.offer for ride in rides}
        offers = tuple(offer for offer in self.offers if offer.id in named)
        ways, walks = self.ways, self.walks(self.ways, requests)
        rows, passages = OfferRows.of(offers, ways), Passages.of(requests, ways, walks)
        pairs = pairs_within(rows, passages, ways, FewPairs(offers, requests), None)
        problem = CarpoolProblem(
            offers=offers,
            requests=requests,
            meeting_points=self.meeting_points,
            ways=ways,
            walks=walks,
            rows=rows,
            passages=passages,
            pairs=pairs,
        )
        read_promises(problem, rides, None)
        for ride in rides:
            stops = [self.ways.find(stop.place.lon, stop.place.lat) for stop in ride.stops]
            self.ways.among(np.unique([stop for stop in stops if stop >= 0]))


def _by_time(offers: Sequence[Offer], rows: OfferRows) -> tuple[Offer, ...]:
    order = sorted(range(len(offers)), key=lambda row: (int(rows.reach_from[row]), offers[row].id))
    return tuple(offers[row] for row in order)


def _busy(rides: Sequence[Ride]) -> dict[str, tuple[InCar, ...]]:
    found: dict[str, tuple[InCar, ...]] = {}
    for ride in rides:
        for person, span in in_cars(ride):
            found[person] = (*found.get(person, ()), span)
    return found


def _fingerprint(
    offers: Sequence[Offer], rides: Sequence[Ride], requests: Sequence[Request], rows: OfferRows
) -> str:
    promised = [ride.to_dict() for ride in sorted(rides, key=lambda ride: ride.id)]
    aboard = [each.to_dict() for each in sorted(requests, key=lambda each: each.id)]
    arrays = (getattr(rows, name) for name in rows.__slots__)
    return content_hash(
        repr([offer.to_dict() for offer in offers]),
        repr((promised, aboard)),
        *(np.ascontiguousarray(array).tobytes() for array in arrays),
    )
