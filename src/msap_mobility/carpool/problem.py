"""A day of carpooling as arrays: who may ride with whom, and why not.

Times become whole seconds once, rounded up, in `ways`; the rest is exact. What a matcher needs is
in `CarpoolProblem.pairs`; whoever is not there has a reason, found by the same arithmetic.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.company import Company
from msap_mobility.carpool.pairs import FASTEST_M_PER_S, Pairs, compatible_pairs
from msap_mobility.carpool.passages import LEGS, Passages
from msap_mobility.carpool.rows import OfferRows
from msap_mobility.carpool.walks import Walks
from msap_mobility.carpool.ways import Ways
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.model import Offer, Place, Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.carpool.ways import Int64
    from msap_mobility.model import Leg, Reason, TravelTimes

__all__ = ["CarpoolProblem", "check_kind", "tell_faults"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CarpoolProblem:
    """Offers, requests and the ways between them; made by `build`.

    Parameters
    ----------
    offers, requests, meeting_points
        As given, in this order everywhere.
    ways
        The places, each once, and the ways between them.
    walks
        Who is met where.
    rows
        The offers as columns.
    passages
        What the requests ask, as columns: their legs, and the ways of serving each.
    pairs
        Every offer and leg that fit.

    Examples
    --------
    >>> from msap_mobility.model import Offer, Place, Request
    >>> from msap_mobility.roads import CalibratedTimes
    >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
    >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
    >>> perpezac = Place(id="perpezac", name="Perpezac-le-Blanc", lon=1.33, lat=45.22)
    >>> jeanne = Offer.of(id="o1", driver="jeanne", start=ayen, end=brive,
    ...                   depart="2026-12-01 08:10", max_detour="12 min")
    >>> paul = Request.of(id="r1", rider="paul", start=perpezac, end=brive,
    ...                   depart=("2026-12-01 07:50", "2026-12-01 08:40"))
    >>> late = Request.of(id="r2", rider="lucie", start=perpezac, end=brive,
    ...                   depart="2026-12-01 09:00-09:30")
    >>> problem = CarpoolProblem.build([jeanne], [paul, late], CalibratedTimes(mode="car"))
    >>> len(problem.pairs), problem.why_not("o1", "r1")
    (1, None)
    >>> print(problem.why_not("o1", "r2").text("en"))
    The car passes too early. If the rider could leave 36 min earlier, it would fit.
    """

    offers: tuple[Offer, ...]
    requests: tuple[Request, ...]
    meeting_points: tuple[Place, ...]
    ways: Ways
    walks: Walks
    rows: OfferRows
    passages: Passages
    pairs: Pairs

    @classmethod
    def build(
        cls,
        offers: Sequence[Offer],
        requests: Sequence[Request],
        times: TravelTimes,
        *,
        meeting_points: Sequence[Place] = (),
        walk_times: TravelTimes | None = None,
        fastest_m_per_s: float = FASTEST_M_PER_S,
    ) -> CarpoolProblem:
        """Put a problem together.

        Parameters
        ----------
        offers, requests
            Of any days; regular ones are laid on a day first, with `on`.
        times
            Of the car, between any places.
        meeting_points
            Where riders who walk may be met.
        walk_times
            Of people on foot, from doors to meeting points; without it everybody is met at the
            door.
        fastest_m_per_s
            See `pairs.compatible_pairs`.

        Raises
        ------
        InputError
            With every fault: ids that occur twice, a rhythm that is not laid on a day, somebody who
            walks to meeting points without `walk_times`; ``times_faster_than_bound``.
        """
        tell_faults(offers, requests, meeting_points, walk_times)
        doors = [place for request in requests for place in (request.start, request.end)]
        ends = [place for offer in offers for place in (offer.origin, offer.destination)]
        ways = Ways([*doors, *ends, *meeting_points], times)
        walkers = [request for request in requests if request.walk_limit_m]
        walked = [place for request in walkers for place in (request.start, request.end)]
        walks = Walks(ways, walked, meeting_points, walk_times)
        rows = OfferRows.of(offers, ways)
        passages = Passages.of(requests, ways, walks)
        company = Company(offers, requests)
        return cls(
            offers=tuple(offers),
            requests=tuple(requests),
            meeting_points=tuple(meeting_points),
            ways=ways,
            walks=walks,
            rows=rows,
            passages=passages,
            pairs=compatible_pairs(rows, passages, ways, company, fastest_m_per_s=fastest_m_per_s),
        )

    def offer_number(self, offer: str) -> int:
        """Number of the offer with this id.

        Raises
        ------
        InputError
            ``unknown_offer``.
        """
        return _number(self.offers, offer, "unknown_offer")

    def request_number(self, request: str) -> int:
        """Number of the request with this id.

        Raises
        ------
        InputError
            ``unknown_request``.
        """
        return _number(self.requests, request, "unknown_request")

    def leg_number(self, request: str, leg: Leg = "out") -> int:
        """Number of a leg of the request with this id.

        Raises
        ------
        InputError
            ``unknown_request``, or ``no_such_leg`` if no return is wanted.
        """
        number = self.request_number(request)
        first = int(np.searchsorted(self.passages.leg_request, number))
        kind = LEGS.index(leg)
        if kind and not self.requests[number].wants_return:
            details = {"request": request}
            raise InputError([Fault(code="no_such_leg", column="leg", value=leg, details=details)])
        return first + kind

    def returns_in_time(
        self, out: Int64, back: Int64
    ) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether pairs there and pairs back can follow one another: the stay fits in between.

        Parameters
        ----------
        out, back
            Rows of `pairs`, of one length: each the way there and the way back of one request.
        """
        pairs, passages = self.pairs, self.passages
        there, home = pairs.passage[out], pairs.passage[back]
        stay = np.array([request.stay_s or 0 for request in self.requests], dtype=np.int64)
        between = passages.end_walk_s[there] + passages.end_walk_s[home]
        over = pairs.drop_from[out] + between + stay[passages.request[there]]
        follows: np.ndarray[tuple[int], np.dtype[np.bool_]] = over <= pairs.pick_to[back]
        return follows

    def why_not(self, offer: str, request: str, leg: Leg = "out") -> Reason | None:
        """Why an offer does not fit a leg of a request; None if it does, see `why_not`.

        Raises
        ------
        InputError
            ``unknown_offer``, ``unknown_request``, ``no_such_leg``.
        """
        from msap_mobility.carpool.why_not import why_not  # noqa: PLC0415 - it builds problems

        return why_not(self, self.offer_number(offer), self.leg_number(request, leg))


def _number(records: Sequence[Offer | Request], name: str, code: str) -> int:
    for number, record in enumerate(records):
        if record.id == name:
            return number
    raise InputError([Fault(code=code, value=name)])


def tell_faults(
    offers: Sequence[Offer],
    requests: Sequence[Request],
    meeting_points: Sequence[Place],
    walk_times: TravelTimes | None,
) -> None:
    """Raise if records do not make a problem, see `CarpoolProblem.build`.

    Raises
    ------
    InputError
        With every fault.
    """
    with Faults() as faults:
        if check_kind(faults, "offers", offers, Offer):
            _check_records(faults, "offers", offers)
        points = check_kind(faults, "meeting_points", meeting_points, Place)
        if not check_kind(faults, "requests", requests, Request):
            return
        _check_records(faults, "requests", requests)
        walks = any(request.walk_limit_m for request in requests)
        if walks and points and meeting_points and walk_times is None:
            faults.add("walk_without_times", column="walk_times")


def check_kind(faults: Faults, column: str, records: object, kind: type) -> bool:
    """Note ``not_all_of_a_kind`` unless `records` are some of `kind`; say whether they are.

    What is none is not quoted: it may tell where somebody lives.
    """
    wrong: list[object] = [records]
    if isinstance(records, Collection) and not isinstance(records, str | bytes):
        wrong = [each for each in records if not isinstance(each, kind)]
    if wrong:
        value = type(wrong[0]).__name__
        faults.add("not_all_of_a_kind", column=column, value=value, sort=kind.__name__)
    return not wrong


def _check_records(faults: Faults, column: str, records: Sequence[Offer | Request]) -> None:
    seen: dict[str, int] = {}
    for number, record in enumerate(records, 1):
        if record.id in seen:
            first = seen[record.id]
            faults.add("duplicate_id", column=column, value=record.id, first_row=first)
        seen.setdefault(record.id, number)
        if record.rhythm is not None:
            faults.add("not_laid_on_a_day", column=column, value=record.id)
