"""Who rides with whom: one car on its way, where it stops, and what each passenger rides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NoReturn, Self, get_args

from msap_mobility.calendar.checks import check_choice
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.model.ride_stop import RideStop
from msap_mobility.model.sharing import Leg, check_count, check_ids, check_person, check_tuple
from msap_mobility.model.written import (
    metres_of,
    read_record,
    seconds_of,
    told,
    tuple_from,
    veiled,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from msap_mobility.model.offer import Offer
    from msap_mobility.model.request import Request
    from msap_mobility.model.written import Distance, Duration

__all__ = ["Fare", "Ride"]

_MOST_M, _MOST_S = 2_000_000, 7 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Fare:
    """What one passenger's ride is to the ledger: who rode with whom, and how far.

    Parameters
    ----------
    id
        Unique; it makes the ledger's keys ``id/promised``, ``id/settled`` and ``id/cancelled``.
    rider, driver
        Member ids.
    km
        Kilometres ridden, exact to the metre.
    ways
        2 if they are those there and back, the driver having waited.
    """

    id: str
    rider: str
    driver: str
    km: Decimal
    ways: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ride:
    """One car on its way with one passenger or several.

    `repr` and `str` show places by their id alone: most of them are homes, and a ride says when
    nobody is in. `to_dict` tells all of it: it belongs in the maison's own files.

    Parameters
    ----------
    id
        Unique.
    offer, driver
        Ids of the offer and of its driver.
    requests, riders, legs, shared_m
        In one order: ids of the requests and of their riders, each once; which way (see `Leg`);
        metres ridden in the car, both ways of a ``"round"`` together.
    stops
        In driving order, from where the car sets out to where it ends. Whoever is picked up is set
        down later; a ``"round"`` twice.
    driven_m
        Metres the car drives in all.
    detour_s, detour_m
        More than the driver's solo trip; the whole of it for a volunteer. Metres may be below zero:
        the fastest way is not always the shortest.
    pair
        Id of the ride that brings the riders back, or that took them there; empty if there is none.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> from msap_mobility.model import Place
    >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
    >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
    >>> ride = Ride(
    ...     id="o1+r1", offer="o1", driver="jeanne", requests=("r1",), riders=("paul",),
    ...     legs=("out",), shared_m=(25_000,), driven_m=25_000, detour_s=0, detour_m=0,
    ...     stops=(RideStop.of(ayen, "2026-12-01 08:10", picks_up=["r1"]),
    ...            RideStop.of(brive, "2026-12-01 08:45", sets_down=["r1"])))
    >>> ride.rider, ride.km, ride.fares()[0].id
    ('paul', Decimal('25'), 'o1+r1')
    """

    id: str
    offer: str
    driver: str
    requests: tuple[str, ...]
    riders: tuple[str, ...]
    legs: tuple[Leg, ...]
    shared_m: tuple[int, ...]
    stops: tuple[RideStop, ...]
    driven_m: int
    detour_s: int
    detour_m: int
    pair: str = ""

    def __post_init__(self) -> None:
        with Faults() as faults:
            for column in ("id", "offer", "driver"):
                check_person(faults, column, getattr(self, column))
            lists = (
                check_ids(faults, "requests", self.requests),
                check_ids(faults, "riders", self.riders),
                check_tuple(faults, "legs", self.legs, str),
                check_tuple(faults, "shared_m", self.shared_m, int),
            )
            if all(lists):
                self._check_riders(faults)
            check_count(faults, "driven_m", self.driven_m, 0, _MOST_M)
            check_count(faults, "detour_s", self.detour_s, -_MOST_S, _MOST_S)
            check_count(faults, "detour_m", self.detour_m, -_MOST_M, _MOST_M)
            if self.pair != "":
                check_person(faults, "pair", self.pair)
            if check_tuple(faults, "stops", self.stops, RideStop):
                self._check_stops(faults)

    @classmethod
    def of(
        cls,
        *,
        offer: Offer,
        requests: Sequence[Request],
        stops: Sequence[RideStop],
        shared: Sequence[Distance],
        driven: Distance,
        detour: Duration = 0,
        detour_distance: Distance = 0,
        legs: Sequence[Leg] = (),
        id: str | None = None,  # noqa: A002 - the field is called so
        pair: str = "",
    ) -> Self:
        """Read a ride as people write it.

        Parameters
        ----------
        offer, requests
            The records themselves; several rides of one regular offer have occurrences of it.
        stops, pair
            See the class.
        shared, driven, detour, detour_distance
            "25 km" and "12 min", or metres and seconds.
        legs
            By default all ``"out"``.
        id
            By default the ids of the offer and the requests, joined by ``+``: the same car with the
            same passengers has the same id, in whatever order they were found.

        Raises
        ------
        InputError
            With every fault.
        """
        names = tuple(request.id for request in requests)
        with Faults() as faults:
            lengths: dict[str, Any] = {}
            with faults.also(column="shared_m"):
                lengths["shared_m"] = tuple(metres_of(each) for each in shared)
            for column, distance in (("driven_m", driven), ("detour_m", detour_distance)):
                with faults.also(column=column):
                    lengths[column] = metres_of(distance)
            with faults.also(column="detour_s"):
                lengths["detour_s"] = seconds_of(detour)
        return cls(
            id="+".join((offer.id, *sorted(names))) if id is None else id,
            offer=offer.id,
            driver=offer.driver,
            requests=names,
            riders=tuple(request.rider for request in requests),
            legs=tuple(legs) or tuple("out" for _ in names),
            stops=tuple(stops),
            pair=pair,
            **lengths,
        )

    def __repr__(self) -> str:
        return veiled(self)

    @property
    def rider(self) -> str:
        """The only rider.

        Raises
        ------
        InputError
            ``ride_of_several``: then `fares` tells each rider's part.
        """
        return self.riders[0] if len(self.riders) == 1 else self._several()

    @property
    def km(self) -> Decimal:
        """Kilometres of the only rider, exact.

        Raises
        ------
        InputError
            ``ride_of_several``.
        """
        return _km(self.shared_m[0]) if len(self.riders) == 1 else self._several()

    def fares(self) -> tuple[Fare, ...]:
        """What the ledger settles: one for each rider.

        The fare of an only rider has the id of the ride. Among several, a fare is named after the
        offer and the request, so that its name stays when another passenger joins.
        """
        alone = len(self.requests) == 1
        return tuple(
            Fare(
                id=self.id if alone else f"{self.offer}+{request}",
                rider=rider,
                driver=self.driver,
                km=_km(metres),
                ways=2 if leg == "round" else 1,
            )
            for request, rider, leg, metres in zip(
                self.requests, self.riders, self.legs, self.shared_m, strict=True
            )
        )

    def of_those(self, requests: Collection[str]) -> Self:
        """The ride with these passengers only, at the hours and lengths it was promised with.

        Parameters
        ----------
        requests
            Ids; at least one that is aboard.

        Raises
        ------
        InputError
            If nobody is left.
        """
        if set(requests).issuperset(self.requests):
            return self
        kept = [number for number, name in enumerate(self.requests) if name in requests]
        stops = [
            replace(
                stop,
                picks_up=tuple(name for name in stop.picks_up if name in requests),
                sets_down=tuple(name for name in stop.sets_down if name in requests),
            )
            for stop in self.stops
        ]
        inner = [stop for stop in stops[1:-1] if stop.picks_up or stop.sets_down]
        return replace(
            self,
            requests=tuple(self.requests[number] for number in kept),
            riders=tuple(self.riders[number] for number in kept),
            legs=tuple(self.legs[number] for number in kept),
            shared_m=tuple(self.shared_m[number] for number in kept),
            stops=(*stops[:1], *inner, *stops[-1:]),
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON data, places with their coordinates included: not for publication."""
        return {name: told(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back.

        Raises
        ------
        InputError
            With every fault.
        """
        return read_record(cls, data, _RIDE_READERS)

    def _several(self) -> NoReturn:
        raise InputError([Fault(code="ride_of_several", value=self.id)])

    def _check_riders(self, faults: Faults) -> None:
        lengths = [len(self.requests), len(self.riders), len(self.legs), len(self.shared_m)]
        if len(set(lengths)) > 1 or not self.requests:
            faults.add("ride_lists_differ", column="riders", value=", ".join(map(str, lengths)))
        for request in sorted({each for each in self.requests if self.requests.count(each) > 1}):
            faults.add("named_twice", column="requests", value=request)
        if self.driver in self.riders:
            faults.add("own_passenger", column="driver", value=self.driver)
        for leg in self.legs:
            check_choice(faults, "legs", leg, get_args(Leg))
        for metres in self.shared_m:
            check_count(faults, "shared_m", metres, 0, _MOST_M)

    def _check_stops(self, faults: Faults) -> None:
        for earlier, later in pairwise(self.stops):
            if later.at < earlier.at:
                faults.add(
                    "stops_out_of_order",
                    column="stops",
                    value=later.at.isoformat(" "),
                    before=earlier.at.isoformat(" "),
                )
        moves: dict[str, list[str]] = {}
        for stop in self.stops:
            for request in stop.sets_down:
                moves.setdefault(request, []).append("down")
            for request in stop.picks_up:
                moves.setdefault(request, []).append("up")
        for request, leg in zip(self.requests, self.legs, strict=False):
            if moves.pop(request, []) != ["up", "down"] * (2 if leg == "round" else 1):
                faults.add("not_up_and_down", column="stops", value=request)
        for request in moves:
            faults.add("not_aboard", column="stops", value=request)


def _km(metres: int) -> Decimal:
    """Metres as kilometres, exact and without trailing zeros.

    >>> _km(25_000), _km(1_250)
    (Decimal('25'), Decimal('1.25'))
    """
    whole, rest = divmod(metres, 1000)
    return Decimal(f"{whole}.{rest:03d}".rstrip("0").rstrip(".") if rest else whole)


_RIDE_READERS: Mapping[str, Callable[[Any], Any]] = {
    "requests": tuple_from,
    "riders": tuple_from,
    "legs": tuple_from,
    "shared_m": tuple_from,
    "stops": lambda data: tuple(RideStop.from_dict(each) for each in tuple_from(data)),
}
