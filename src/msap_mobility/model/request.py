"""A place in a car that somebody needs: there, and perhaps back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.errors import Faults
from msap_mobility.model.place import Place
from msap_mobility.model.sharing import (
    check_count,
    check_flags,
    check_names,
    check_person,
    check_places,
    check_times,
    check_window,
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

__all__ = ["PATIENCE_S", "Request"]

PATIENCE_S = 3_600
"""How long after an appointment of known length one may wait to be fetched: our assumption."""

_MOST_PARTY = 8
_MOST_WALK_M = 20_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    """A ride asked for, on one day or again and again.

    A return is wanted if `back` or `stay_s` is given. Then it is both or nothing: nobody is taken
    to the doctor and left there.

    The start of a request is nearly always a home, its end often a doctor's. `repr` and `str` show
    both by their id alone, neither coordinates nor names, and faults never quote a place.
    `to_dict` tells all of it: it belongs in the maison's own files.

    Parameters
    ----------
    id, rider
        Unique id; member id of the passenger.
    start, end
        Where from and where to.
    depart, arrive
        When the rider can leave `start`, and when they must be at `end`; at least one, unless there
        is a rhythm. Both count at the door, the walk to a meeting point included.
    party
        Seats needed, the rider's and those of companions, 1 to 8.
    wheelchair
        Whether one of them sits in a wheelchair; it takes a seat, and no walk.
    luggage
        Whether there is luggage.
    tags
        What the rider has or is ("member", "pets").
    wants
        Tags an offer must have.
    not_with
        Member ids of persons the rider does not travel with.
    only_with
        Member ids of the only drivers the rider goes with; empty = any.
    walk_limit_m
        How far the rider walks to a meeting point, and from one, each time; 0 = from door to door.
    max_ride_s
        Longest time in the car, each way; None = no limit.
    stay_s
        Length of the appointment, which begins at `arrive.latest`, or on arrival where no time of
        arrival is given.
    back
        When the rider can leave `end` again. Without it, `stay_s` and `arrive` say when: then the
        rider waits up to `PATIENCE_S`.
    rhythm, rhythm_of
        As in an `Offer`. A regular return is said by `stay_s`, with hours of arrival.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> perpezac = Place(id="perpezac", name="Perpezac-le-Blanc", lon=1.33, lat=45.22)
    >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
    >>> Request.of(id="r1", rider="paul", start=perpezac, end=brive,
    ...            depart=("2026-12-01 07:50", "2026-12-01 08:40"))
    Request(id='r1', rider='paul', start=<perpezac>, end=<brive>,
            depart=('2026-12-01 07:50:00+01:00', '2026-12-01 08:40:00+01:00'))
    >>> doctor = Request.of(id="r2", rider="paul", start=perpezac, end=brive,
    ...                     arrive="2026-12-01 09:40-10:00", stay="1 h")
    >>> doctor.returns.earliest.isoformat()
    '2026-12-01T11:00:00+01:00'
    """

    id: str
    rider: str
    start: Place
    end: Place
    depart: Window | None = None
    arrive: Window | None = None
    party: int = 1
    wheelchair: bool = False
    luggage: bool = False
    tags: frozenset[str] = frozenset()
    wants: frozenset[str] = frozenset()
    not_with: frozenset[str] = frozenset()
    only_with: frozenset[str] = frozenset()
    walk_limit_m: int = 0
    max_ride_s: int | None = None
    stay_s: int | None = None
    back: Window | None = None
    rhythm: Rhythm | None = None
    rhythm_of: RhythmOf = "depart"

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_person(faults, "id", self.id)
            check_person(faults, "rider", self.rider)
            check_places(faults, start=self.start, end=self.end)
            if same_place(self.start, self.end):
                faults.add("request_to_its_start", column="end")
            check_times(faults, self.depart, self.arrive, self.rhythm, self.rhythm_of)
            check_count(faults, "party", self.party, 1, _MOST_PARTY)
            check_flags(faults, wheelchair=self.wheelchair, luggage=self.luggage)
            check_names(faults, tags=self.tags, wants=self.wants)
            if check_names(faults, not_with=self.not_with, only_with=self.only_with):
                self._check_company(faults)
            self._check_limits(faults)
            self._check_return(faults)

    @classmethod
    def of(
        cls,
        *,
        id: str,  # noqa: A002 - the field is called so
        rider: str,
        start: Place | str,
        end: Place | str,
        depart: Moments | None = None,
        arrive: Moments | None = None,
        party: int = 1,
        wheelchair: bool = False,
        luggage: bool = False,
        tags: Names = (),
        wants: Names = (),
        not_with: Names = (),
        only_with: Names = (),
        walk_limit: Distance = 0,
        max_ride: Duration | None = None,
        stay: Duration | None = None,
        back: Moments | None = None,
        rhythm: str | Rhythm | None = None,
        rhythm_of: RhythmOf = "depart",
        zone: str = PARIS,
        now: datetime | None = None,
        places: Mapping[str, Place] | None = None,
    ) -> Self:
        """Read a request as people make it.

        Parameters
        ----------
        id, rider, party, wheelchair, luggage, rhythm_of
            See the class.
        start, end
            Places, or ids of `places`.
        depart, arrive, back
            As `Window.of` reads them.
        walk_limit, max_ride, stay
            "500 m", "40 min", "1 h 30"; or metres and seconds.
        tags, wants, not_with, only_with
            Names, or one text of names parted by semicolons.
        rhythm
            A rhythm, or its text: "2nd Th 9:30-10:00".
        zone
            IANA zone of the clock on the wall.
        now
            If given, a request whose time has passed is refused.
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
                "rider": rider,
                "party": party,
                "wheelchair": wheelchair,
                "luggage": luggage,
                "rhythm_of": rhythm_of,
            },
            {
                "start": lambda: place_of(start, known),
                "end": lambda: place_of(end, known),
                "depart": lambda: window_of(depart, zone),
                "arrive": lambda: window_of(arrive, zone),
                "tags": lambda: names_of(tags),
                "wants": lambda: names_of(wants),
                "not_with": lambda: names_of(not_with),
                "only_with": lambda: names_of(only_with),
                "walk_limit_m": lambda: metres_of(walk_limit),
                "max_ride_s": lambda: seconds_of(max_ride),
                "stay_s": lambda: seconds_of(stay),
                "back": lambda: window_of(back, zone),
                "rhythm": lambda: read_rhythm(rhythm),
            },
            now,
        )

    def __repr__(self) -> str:
        return veiled(self)

    @property
    def wants_return(self) -> bool:
        """Whether the rider wants to be brought back, or not to be taken at all."""
        return self.back is not None or self.stay_s is not None

    @property
    def returns(self) -> Window | None:
        """When the rider can leave `end` again, the appointment over; None without a return.

        Where no time of arrival is given the way back also waits until `stay_s` after arrival,
        which is known with the ride only.
        """
        if self.back is None:
            if self.arrive is None or self.stay_s is None:
                return None
            over = Window.of(self.arrive.latest).later(self.stay_s)
            return Window(over.earliest, over.later(PATIENCE_S).latest)
        if self.arrive is None or self.stay_s is None:
            return self.back
        over = Window.of(self.arrive.latest).later(self.stay_s)
        return Window(max(self.back.earliest, over.earliest), self.back.latest)

    def on(self, day: date, zone: str = PARIS) -> Self | None:
        """What a regular request is on one day; None if it is not one of its days.

        See `Offer.on`.

        Examples
        --------
        >>> from datetime import date
        >>> perpezac = Place(id="perpezac", name="Perpezac-le-Blanc", lon=1.33, lat=45.22)
        >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
        >>> weekly = Request.of(id="r1", rider="paul", start=perpezac, end=brive, stay="2 h",
        ...                     rhythm="Th 9:30-10:00", rhythm_of="arrive")
        >>> thursday = weekly.on(date(2026, 12, 3))
        >>> thursday.id, thursday.returns.earliest.hour
        ('r1@2026-12-03', 12)
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

    def _check_company(self, faults: Faults) -> None:
        both = self.not_with & self.only_with
        for name in sorted(both):
            faults.add("with_and_not_with", column="only_with", value=name)
        if self.only_with == {self.rider}:
            faults.add("own_passenger", column="only_with", value=self.rider)

    def _check_limits(self, faults: Faults) -> None:
        check_count(faults, "walk_limit_m", self.walk_limit_m, 0, _MOST_WALK_M)
        if self.max_ride_s is not None:
            check_count(faults, "max_ride_s", self.max_ride_s, 1, DAY_S)
        if self.wheelchair is True and self.walk_limit_m != 0:
            faults.add("walk_in_a_wheelchair", column="walk_limit_m", value=self.walk_limit_m)

    def _check_return(self, faults: Faults) -> None:
        if self.stay_s is not None:
            check_count(faults, "stay_s", self.stay_s, 0, DAY_S)
            arrives = self.arrive is not None or (self.rhythm and self.rhythm_of == "arrive")
            if self.back is None and not arrives:
                faults.add("return_without_time", column="back")
        if self.back is None or not check_window(faults, "back", self.back):
            return
        if self.rhythm is not None:
            faults.add("rhythm_and_window", column="back", value="back")
        elif type(self.stay_s or 0) is int:
            self._check_back(faults, self.back)

    def _check_back(self, faults: Faults, back: Window) -> None:
        """Note it if the way back would have to begin before the way there can be over."""
        here = self.arrive or self.depart
        if not isinstance(here, Window):
            return
        begins = self.arrive is not None and self.stay_s is not None  # as `returns` reckons
        start_s = here.latest_s if begins else here.earliest_s
        if back.latest_s < start_s + (self.stay_s or 0):
            over = here.later(start_s + (self.stay_s or 0) - here.earliest_s).earliest
            latest = back.latest.isoformat(" ")
            faults.add("back_too_soon", column="back", value=latest, over=over.isoformat(" "))


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "start": Place.from_dict,
    "end": Place.from_dict,
    "depart": Window.of,
    "arrive": Window.of,
    "tags": names_from,
    "wants": names_from,
    "not_with": names_from,
    "only_with": names_from,
    "back": Window.of,
    "rhythm": rhythm_from,
}
