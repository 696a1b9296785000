"""A seat in somebody's car: on their own trip, from a volunteer's home, in a minibus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from msap_mobility.calendar.checks import check_choice
from msap_mobility.errors import Faults
from msap_mobility.model.place import Place
from msap_mobility.model.sharing import (
    check_count,
    check_flags,
    check_names,
    check_person,
    check_places,
    check_times,
    occurrence,
    same_place,
)
from msap_mobility.model.window import PARIS, Window
from msap_mobility.model.written import (
    assembled,
    metres_of,
    names_from,
    names_of,
    place_of,
    read_record,
    read_rhythm,
    rhythm_from,
    seconds_of,
    told,
    veiled,
    window_of,
)
from msap_mobility.units import DAY_S

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from msap_mobility.calendar import Rhythm
    from msap_mobility.model.sharing import RhythmOf
    from msap_mobility.model.window import Moments
    from msap_mobility.model.written import Distance, Duration, Names

__all__ = ["MOST_DETOUR_M", "MOST_DETOUR_S", "MOST_SEATS", "Offer", "OfferKind"]

OfferKind = Literal["trip", "volunteer", "minibus"]
"""On the driver's own trip; from home and back for the passenger's sake; a scheduled vehicle."""

MOST_DETOUR_S, MOST_DETOUR_M = 7_200, 100_000
"""Longest detour of a driver on a trip of their own; what is above is taken for a mistake."""

MOST_SEATS: Mapping[OfferKind, int] = {"trip": 8, "volunteer": 8, "minibus": 60}
"""Beside the driver. Nine with the driver are the most a driving licence B allows."""

_LONGEST_WAY_M = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Offer:
    """Places in a car, on one day or again and again.

    A driver on a trip of their own (``"trip"``) goes from `start` to `end` anyway and accepts a
    detour. A volunteer (``"volunteer"``) has no trip: the car leaves home for the passenger, waits
    if need be, and its kilometres count from home to home. A minibus leaves its garage, `start`,
    and comes back there or to `end`.

    Any place of an offer may be a home, and an offer cannot tell which: none is public by its
    nature, and where a car stands at night says whose house is empty by day. So `repr` and `str`
    show places by their id alone, neither coordinates nor names, and faults never quote a place.
    `to_dict` tells all of it: it belongs in the maison's own files.

    Parameters
    ----------
    id, driver
        Unique id; member id of the driver.
    start, end
        Where the car comes from and goes to; for a volunteer `end` is None, for a minibus None is
        back at `start`.
    kind
        See `OfferKind`.
    depart, arrive
        When the car leaves `start`, and when it is at its end; at least one, unless there is a
        rhythm. For a volunteer: when they are free to leave home, and by when they are back.
    home
        Where a volunteer's trip begins, ends and is counted from; None = `start`.
    seats
        Beside the driver, 1 to `MOST_SEATS`.
    max_detour_s
        How much longer than the driver's solo trip it may take, waiting included, however many are
        aboard; needed for a trip, at most `MOST_DETOUR_S`. Without a trip of one's own: how long
        the whole way may take; None = as the windows allow.
    max_detour_m
        How much longer the way may be, likewise; None = no limit.
    wheelchair
        Whether a passenger in a wheelchair can be taken.
    luggage
        Whether there is room for luggage.
    tags
        What the driver offers or allows ("pets", "child_seat").
    wants
        Tags a rider must have.
    not_with
        Member ids of persons the driver does not take.
    rhythm
        For a regular trip: its days, its hours and its exceptions; `depart` and `arrive` are None
        then, see `on`.
    rhythm_of
        Whether the hours of the rhythm are those of departure or of arrival.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
    >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
    >>> Offer.of(id="o1", driver="jeanne", start=ayen, end=brive, depart="2026-12-01 08:10",
    ...          seats=3, max_detour="12 min")
    Offer(id='o1', driver='jeanne', start=<ayen>, end=<brive>,
          depart='2026-12-01 08:10:00+01:00', max_detour_s=720)
    """

    id: str
    driver: str
    start: Place
    end: Place | None = None
    kind: OfferKind = "trip"
    depart: Window | None = None
    arrive: Window | None = None
    home: Place | None = None
    seats: int = 3
    max_detour_s: int | None = None
    max_detour_m: int | None = None
    wheelchair: bool = False
    luggage: bool = True
    tags: frozenset[str] = frozenset()
    wants: frozenset[str] = frozenset()
    not_with: frozenset[str] = frozenset()
    rhythm: Rhythm | None = None
    rhythm_of: RhythmOf = "depart"

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_person(faults, "id", self.id)
            check_person(faults, "driver", self.driver)
            check_choice(faults, "kind", self.kind, tuple(MOST_SEATS))
            self._check_places(faults)
            check_times(faults, self.depart, self.arrive, self.rhythm, self.rhythm_of)
            check_count(faults, "seats", self.seats, 1, MOST_SEATS.get(self.kind, 8))
            self._check_detour(faults)
            check_flags(faults, wheelchair=self.wheelchair, luggage=self.luggage)
            check_names(faults, tags=self.tags, wants=self.wants, not_with=self.not_with)

    @classmethod
    def of(
        cls,
        *,
        id: str,  # noqa: A002 - the field is called so
        driver: str,
        start: Place | str,
        end: Place | str | None = None,
        kind: OfferKind = "trip",
        depart: Moments | None = None,
        arrive: Moments | None = None,
        home: Place | str | None = None,
        seats: int = 3,
        max_detour: Duration | None = None,
        max_detour_distance: Distance | None = None,
        wheelchair: bool = False,
        luggage: bool = True,
        tags: Names = (),
        wants: Names = (),
        not_with: Names = (),
        rhythm: str | Rhythm | None = None,
        rhythm_of: RhythmOf = "depart",
        zone: str = PARIS,
        now: datetime | None = None,
        places: Mapping[str, Place] | None = None,
    ) -> Self:
        """Read an offer as people write it.

        Parameters
        ----------
        id, driver, kind, seats, wheelchair, luggage, rhythm_of
            See the class.
        start, end, home
            Places, or ids of `places`.
        depart, arrive
            As `Window.of` reads them.
        max_detour, max_detour_distance
            "12 min" and "5 km", or seconds and metres.
        tags, wants, not_with
            Names, or one text of names parted by semicolons.
        rhythm
            A rhythm, or its text: "Mo-Fr 8:00-8:20".
        zone
            IANA zone of the clock on the wall.
        now
            If given, an offer whose time has passed is refused.
        places
            The places that ids stand for.

        Raises
        ------
        InputError
            With every fault of what is written and of the record.
        """
        known = places or {}
        return assembled(
            cls,
            {
                "id": id,
                "driver": driver,
                "kind": kind,
                "seats": seats,
                "wheelchair": wheelchair,
                "luggage": luggage,
                "rhythm_of": rhythm_of,
            },
            {
                "start": lambda: place_of(start, known),
                "end": lambda: place_of(end, known),
                "home": lambda: place_of(home, known),
                "depart": lambda: window_of(depart, zone),
                "arrive": lambda: window_of(arrive, zone),
                "max_detour_s": lambda: seconds_of(max_detour),
                "max_detour_m": lambda: metres_of(max_detour_distance),
                "tags": lambda: names_of(tags),
                "wants": lambda: names_of(wants),
                "not_with": lambda: names_of(not_with),
                "rhythm": lambda: read_rhythm(rhythm),
            },
            now,
        )

    def __repr__(self) -> str:
        return veiled(self)

    @property
    def origin(self) -> Place:
        """Where the car really sets out: a volunteer's home, else `start`."""
        return self.home or self.start

    @property
    def destination(self) -> Place:
        """Where the car is when all is done: `end`, or back where it set out."""
        return self.end or self.origin

    def on(self, day: date, zone: str = PARIS) -> Self | None:
        """What a regular offer is on one day; None if it is not one of its days.

        The occurrence has an id of its own and no rhythm. An offer without rhythm is no regular
        one: it gives None.

        Parameters
        ----------
        day
            A date of the clock on the wall.
        zone
            IANA zone of that clock.

        Raises
        ------
        InputError
            As `Rhythm.dates`: a day beyond the known school calendars.

        Examples
        --------
        >>> from datetime import date
        >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
        >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
        >>> commuter = Offer.of(id="o1", driver="jeanne", start=ayen, end=brive, seats=3,
        ...                     max_detour="12 min", rhythm="Mo-Fr 8:00-8:20 except 2026-12-24")
        >>> commuter.on(date(2026, 12, 1)).id, commuter.on(date(2026, 12, 24))
        ('o1@2026-12-01', None)
        """
        return occurrence(self, day, zone)

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
        return read_record(cls, data, _READERS)

    def _check_places(self, faults: Faults) -> None:
        given = {"end": self.end, "home": self.home}
        known = {name: place for name, place in given.items() if place is not None}
        check_places(faults, start=self.start, **known)
        if self.kind == "trip" and self.end is None:
            faults.add("trip_without_end", column="end")
        if self.kind == "trip" and same_place(self.start, self.end):
            faults.add("trip_to_its_start", column="end")
        if self.kind == "volunteer" and self.end is not None:
            faults.add("volunteer_with_end", column="end")
        if self.kind != "volunteer" and self.home is not None:
            faults.add("home_of_no_volunteer", column="home", value=self.kind)

    def _check_detour(self, faults: Faults) -> None:
        own = self.kind == "trip"
        limits = (
            ("max_detour_s", self.max_detour_s, MOST_DETOUR_S if own else DAY_S),
            ("max_detour_m", self.max_detour_m, MOST_DETOUR_M if own else _LONGEST_WAY_M),
        )
        for column, limit, most in limits:
            if limit is not None:
                check_count(faults, column, limit, 0, most)
        if own and self.max_detour_s is None:
            faults.add("trip_without_detour", column="max_detour_s")


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "start": Place.from_dict,
    "end": Place.from_dict,
    "home": Place.from_dict,
    "depart": Window.of,
    "arrive": Window.of,
    "tags": names_from,
    "wants": names_from,
    "not_with": names_from,
    "rhythm": rhythm_from,
}
