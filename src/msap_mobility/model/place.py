"""Where things are: places, candidate stops, maisons, and tables of points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from msap_mobility.calendar.rules import MOST_WEEKS
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.model.checks import (
    check_column,
    check_duration,
    check_id,
    check_point,
    check_whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from msap_mobility.calendar import Rhythm

__all__ = ["Maison", "Operator", "Place", "Points", "Service", "Stop", "StopKind"]

StopKind = Literal["parked", "doorstep", "room", "supply"]
"""A pitch on public ground (permit), a call at a door, a lent room with its own hours, or a place
where the van is supplied (a food bank), which serves nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A named point on the map.

    Parameters
    ----------
    id, name
        `id` is unique in a scenario; `name` is what people say.
    lon, lat
        WGS84 degrees.
    commune
        INSEE code of its commune, or empty.

    Examples
    --------
    >>> Place(id="76070", name="Bellencombre", lon=1.23964, lat=49.71907).name
    'Bellencombre'
    """

    id: str
    name: str
    lon: float
    lat: float
    commune: str = ""

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_id(faults, self.id)
            check_point(faults, self.lon, self.lat)

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back.

        Raises
        ------
        InputError
            ``not_a_place``, and as the constructor.

        Examples
        --------
        >>> place = Place(id="76070", name="Bellencombre", lon=1.23964, lat=49.71907)
        >>> Place.from_dict(place.to_dict()) == place
        True
        """
        texts = ("id", "name", "commune")
        try:
            told = {name: data[name] for name in cls.__slots__ if name != "commune"}
            told["commune"] = data.get("commune", "")
        except (TypeError, AttributeError, KeyError):
            raise InputError([Fault(code="not_a_place", value=type(data).__name__)]) from None
        if not all(isinstance(told[name], str) for name in texts):
            raise InputError([Fault(code="not_a_place", value=type(data).__name__)])
        return cls(**told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A body whose services a maison offers (CAF, CPAM, MSA, France Travail, …)."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something a person comes for, offered on behalf of an operator (or of nobody: empty)."""

    id: str
    name: str
    operator: str = ""

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_id(faults, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A place where a van may stop: a candidate, until a plan chooses it.

    Parameters
    ----------
    place
        Where.
    kind
        See `StopKind`.
    hours
        When stopping is possible (the room's hours, the permit's); None = at any time.
    dwell_min_s, dwell_max_s
        Least and longest stay, whole seconds up to a day.
    every_weeks
        A chosen stop is visited every so many weeks, 1 to 53, on the same weekday.
    must
        Whether every plan has to visit it.

    Examples
    --------
    >>> hall = Place(id="h", name="Salle des fêtes", lon=1.2, lat=49.7)
    >>> Stop(place=hall, kind="room").must
    False
    """

    place: Place
    kind: StopKind = "parked"
    hours: tuple[Rhythm, ...] | None = None
    dwell_min_s: int = 1800
    dwell_max_s: int = 10800
    every_weeks: int = 2
    must: bool = False

    @property
    def serves(self) -> bool:
        """Whether people are received here: everywhere but where the van is supplied.

        Examples
        --------
        >>> bank = Place(id="b", name="Banque alimentaire", lon=1.2, lat=49.7)
        >>> Stop(place=bank, kind="supply").serves
        False
        """
        return self.kind != "supply"

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_duration(faults, "dwell_min", self.dwell_min_s)
            check_duration(faults, "dwell_max", self.dwell_max_s)
            if not faults.found and self.dwell_max_s < self.dwell_min_s:
                faults.add(
                    "dwell_max_below_min",
                    column="dwell_max",
                    value=self.dwell_max_s,
                    least=self.dwell_min_s,
                )
            check_whole(faults, "every_weeks", self.every_weeks, 1, MOST_WEEKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maison:
    """A house that offers services at fixed hours.

    Parameters
    ----------
    place
        Where.
    services
        Ids of the services offered.
    hours
        Opening rhythms; None = unknown, which stays unknown in every measure.

    Examples
    --------
    >>> here = Place(id="m", name="Caravelles", lon=1.24, lat=49.72)
    >>> Maison(place=here, services=("caf",), hours=None).hours is None
    True
    """

    place: Place
    services: tuple[str, ...]
    hours: tuple[Rhythm, ...] | None


@dataclass(frozen=True, slots=True)
class Points:
    """Many points as arrays, in WGS84 degrees.

    Parameters
    ----------
    lon, lat
        float64 arrays of one length.

    Examples
    --------
    >>> points = Points.of([Place(id="a", name="A", lon=1.0, lat=45.0)])
    >>> len(points)
    1
    """

    lon: np.ndarray[tuple[int], np.dtype[np.float64]]
    lat: np.ndarray[tuple[int], np.dtype[np.float64]]

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_column(faults, "lon", self.lon, -180, 180)
            check_column(faults, "lat", self.lat, -90, 90)

    @classmethod
    def of(cls, places: Iterable[Place]) -> Points:
        """The coordinates of some places, in their order."""
        listed = list(places)
        return cls(
            np.array([place.lon for place in listed], dtype=np.float64),
            np.array([place.lat for place in listed], dtype=np.float64),
        )

    def __len__(self) -> int:
        return len(self.lon)
