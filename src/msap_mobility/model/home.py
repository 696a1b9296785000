"""Who lives where, and what each group of people can do to reach a service."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from msap_mobility.errors import Faults
from msap_mobility.model.checks import (
    check_amount,
    check_column,
    check_id,
    check_point,
    check_whole,
)
from msap_mobility.model.place import Points
from msap_mobility.units import DAY_S

if TYPE_CHECKING:
    from msap_mobility.calendar import Hours

__all__ = ["MOST_PEOPLE", "Age", "Group", "Home", "Homes", "Limit"]

MOST_PEOPLE = 1_000_000_000
"""In a home, and in all homes of a territory together."""

MOST_NEED = 1000
"""Of one person beside another: then the need of `MOST_PEOPLE` can still be counted exactly."""

_MOST = {"max_m": 1_000_000, "max_s": DAY_S}

Age = Literal["under_65", "65_plus"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How far a group goes by one mode: metres, seconds, or both.

    Parameters
    ----------
    mode
        ``"walk"`` or ``"car"``, or another that a `Mode` has for its id.
    max_m, max_s
        Whole metres, 1 to 1,000,000; whole seconds, 1 to a day.

    Examples
    --------
    >>> Limit(mode="walk", max_m=800).max_s is None
    True
    """

    mode: str
    max_m: float | None = None
    max_s: float | None = None

    def __post_init__(self) -> None:
        with Faults() as faults:
            for name in ("max_m", "max_s"):
                value = getattr(self, name)
                if value is not None:
                    check_amount(faults, name, value, 1, _MOST[name])
                    if not faults.found and value != int(value):
                        faults.add("not_whole", column=name, value=value)
            if self.max_m is None and self.max_s is None:
                faults.add("limit_without_value", column="limits", value=self.mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People alike in how they move and when they can come.

    Parameters
    ----------
    id
        Stable name, as in ``homes.csv``.
    age, car, alone
        The three dimensions results are told by: age class, car at hand, living alone.
    limits
        One per mode the group can use, each mode once; a mode not listed is not used.
    hours
        Weekly hours when members can come: (weekday, hours) pairs in order, 0 = Monday, none
        overlapping; empty = always.
    need
        Weight of one person's need beside another's (1 = ordinary), at most `MOST_NEED`.

    Examples
    --------
    >>> frail = Group(id="frail", age="65_plus", car=False, alone=True,
    ...               limits=(Limit(mode="walk", max_m=800),))
    >>> frail.need
    1.0
    """

    id: str
    age: Age
    car: bool
    alone: bool
    limits: tuple[Limit, ...]
    hours: tuple[tuple[int, Hours], ...] = ()
    need: float = 1.0

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_id(faults, self.id)
            check_amount(faults, "need", self.need, 0, MOST_NEED)
            if not faults.found and self.need == 0:
                faults.add("not_positive", column="need", value=self.need)
            modes = [limit.mode for limit in self.limits]
            for mode in sorted({mode for mode in modes if modes.count(mode) > 1}):
                faults.add("two_limits", column="limits", value=mode)
            self._check_hours(faults)

    def _check_hours(self, faults: Faults) -> None:
        for weekday, _ in self.hours:
            check_whole(faults, "hours", weekday, 0, 6)
        for earlier, later in pairwise(self.hours):
            if later <= earlier:
                faults.add("not_in_order", column="hours", value=later[1].text())
            elif later[0] == earlier[0] and later[1].start_s < earlier[1].end_s:
                value, other = later[1].text(), earlier[1].text()
                faults.add("hours_overlap", column="hours", value=value, other=other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One home (or one hamlet, one grid cell) and the people of one group in it.

    Parameters
    ----------
    id
        Its name, never published.
    lon, lat
        WGS84 degrees.
    people
        0 to `MOST_PEOPLE`; parts of a person are those of an estimate.
    group
        Id of the group.
    commune
        INSEE code of its commune, or empty.

    Examples
    --------
    >>> Home(id="h1", lon=1.2, lat=49.7, people=2, group="frail").commune
    ''
    """

    id: str
    lon: float
    lat: float
    people: float
    group: str
    commune: str = ""

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_point(faults, self.lon, self.lat)
            check_amount(faults, "people", self.people, 0, MOST_PEOPLE)


FloatArray = np.ndarray[tuple[int], np.dtype[np.float64]]
IntArray = np.ndarray[tuple[int], np.dtype[np.int32]]
TextArray = np.ndarray[tuple[int], np.dtype[np.str_]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Homes:
    """Many homes as arrays, one row per home and group.

    Parameters
    ----------
    ids
        Text array.
    lon, lat
        WGS84 degrees, float64.
    people
        Persons in the row, float64, ≥ 0; in all rows together at most `MOST_PEOPLE`.
    group
        Index into `groups`, int32.
    groups
        The groups, each once.
    commune
        Index into `communes`, int32.
    communes
        INSEE codes (or other names of areas), each once.

    Examples
    --------
    >>> frail = Group(id="frail", age="65_plus", car=False, alone=True,
    ...               limits=(Limit(mode="walk", max_m=800),))
    >>> rows = [Home(id="h1", lon=1.2, lat=49.7, people=2, group="frail", commune="76070")]
    >>> homes = Homes.of(rows, groups=(frail,))
    >>> len(homes), homes.total
    (1, 2.0)
    """

    ids: TextArray
    lon: FloatArray
    lat: FloatArray
    people: FloatArray
    group: IntArray
    groups: tuple[Group, ...]
    commune: IntArray
    communes: tuple[str, ...]

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_column(faults, "lon", self.lon, -180, 180)
            check_column(faults, "lat", self.lat, -90, 90)
            check_column(faults, "people", self.people, 0, MOST_PEOPLE)
            if not faults.found and self.total > MOST_PEOPLE:
                faults.add("too_many_people", column="people", value=self.total, most=MOST_PEOPLE)

    @classmethod
    def of(cls, rows: list[Home], *, groups: tuple[Group, ...]) -> Homes:
        """A table from records.

        Raises
        ------
        InputError
            If a row names a group that is not in `groups`, and as the constructor.
        """
        number = {group.id: index for index, group in enumerate(groups)}
        with Faults() as faults:
            for row in rows:
                if row.group not in number:
                    faults.add(
                        "unknown_group", column="group", value=row.group, known=", ".join(number)
                    )
        communes = tuple(sorted({row.commune for row in rows}))
        commune_number = {code: index for index, code in enumerate(communes)}
        return cls(
            ids=np.array([row.id for row in rows], dtype=np.str_),
            lon=np.array([row.lon for row in rows], dtype=np.float64),
            lat=np.array([row.lat for row in rows], dtype=np.float64),
            people=np.array([row.people for row in rows], dtype=np.float64),
            group=np.array([number[row.group] for row in rows], dtype=np.int32),
            groups=groups,
            commune=np.array([commune_number[row.commune] for row in rows], dtype=np.int32),
            communes=communes,
        )

    def __len__(self) -> int:
        return len(self.people)

    @property
    def points(self) -> Points:
        """Where the homes are."""
        return Points(self.lon, self.lat)

    @property
    def total(self) -> float:
        """All people."""
        return float(self.people.sum())
