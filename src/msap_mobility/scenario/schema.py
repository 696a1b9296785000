"""What each table of a scenario folder holds: declared once, read, written and documented from.

The meaning of a column, in words, is `wording`'s ``scenario.column.<table>.<column>``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from msap_mobility.calendar import (
    EveryWeek,
    Hours,
    Rhythm,
    opening_hours_text,
    weekly_hours,
)
from msap_mobility.errors import Fault, InputError
from msap_mobility.formats.kinds import (
    DURATION,
    LATITUDE,
    LONGITUDE,
    NAMES,
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Kind,
)
from msap_mobility.formats.tables import Column
from msap_mobility.model import StopKind
from msap_mobility.units import DAY_S

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "DEPOT",
    "SETTINGS",
    "TABLES",
    "Table",
    "read_rhythms",
    "read_weekdays",
    "write_rhythms",
    "write_weekdays",
]

SETTINGS = "scenario.toml"
DEPOT = "depot"
"""A kind of place beside those of a stop: vans sleep there, nobody is served."""

_ALL_DAY = Hours(0, DAY_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a scenario folder.

    Parameters
    ----------
    columns
        In the order in which they are written.
    required
        Whether a folder without it is at fault.
    key
        The column whose values must differ, empty if there is none.

    Examples
    --------
    >>> [column.name for column in TABLES["homes.csv"].columns if column.required]
    ['id', 'lon', 'lat', 'people', 'group']
    """

    columns: Sequence[Column]
    required: bool = True
    key: str = "id"


def read_rhythms(text: str) -> tuple[Rhythm, ...]:
    """Rhythms from OpenStreetMap's ``opening_hours``, or from our own notation.

    In ours, several are parted by ``;``, or by ``&`` where OpenStreetMap would read them otherwise
    (there a later rule replaces an earlier one on its days).

    Raises
    ------
    InputError
        The faults of our notation, if the text is neither.

    Examples
    --------
    >>> [rhythm.text() for rhythm in read_rhythms("Mo-Fr 09:00-12:00; PH off")]
    ['Mo-Fr 09:00-12:00 not on public holidays']
    >>> [rhythm.text() for rhythm in read_rhythms("last day of the month 9h-12h")]
    ['last day 09:00-12:00']
    """
    if "&" in text:
        return tuple(Rhythm.of(part) for part in text.split("&"))
    try:
        return weekly_hours(text)
    except InputError:
        return tuple(Rhythm.of(part) for part in text.split(";") if part.strip())


def write_rhythms(rhythms: tuple[Rhythm, ...]) -> str:
    """The text that `read_rhythms` reads back to equal rhythms.

    Examples
    --------
    >>> write_rhythms(read_rhythms("Mo-Fr 09:00-12:00; 2nd Th 13:30-16:30"))
    'Mo-Fr 09:00-12:00, Th[2] 13:30-16:30'
    """
    try:
        text = opening_hours_text(rhythms)
        if weekly_hours(text) == rhythms:
            return text
    except InputError:
        pass
    return " & ".join(rhythm.text() for rhythm in rhythms)


def read_weekdays(text: str) -> tuple[int, ...]:
    """Weekdays, 0 = Monday, from a text like ``Tu-Fr`` or ``mardi,jeudi``.

    Raises
    ------
    InputError
        ``not_weekdays``.

    Examples
    --------
    >>> read_weekdays("Tu-Fr")
    (1, 2, 3, 4)
    """
    try:
        rule = Rhythm.of(f"{text} {_ALL_DAY.text()}").rule
    except InputError:
        rule = None
    if not isinstance(rule, EveryWeek) or rule.interval != 1:
        raise InputError([Fault(code="not_weekdays", value=text)])
    return rule.weekdays


def write_weekdays(weekdays: tuple[int, ...]) -> str:
    """The text that `read_weekdays` reads.

    Examples
    --------
    >>> write_weekdays((1, 2, 3, 4))
    'Tu-Fr'
    """
    rhythm = Rhythm(rule=EveryWeek(weekdays=weekdays), hours=(_ALL_DAY,))
    return rhythm.text().removesuffix(_ALL_DAY.text()).strip()


def _read_place_kind(text: str) -> str:
    known = (*get_args(StopKind), DEPOT)
    if text not in known:
        details = {"known": ", ".join(known)}
        raise InputError([Fault(code="not_one_of", value=text, details=details)])
    return text


_RHYTHMS = Kind(id="rhythms", read=read_rhythms, write=write_rhythms)
_RHYTHM = Kind(id="rhythm", read=Rhythm.of, write=Rhythm.text)
_HOURS = Kind(id="hours", read=Hours.of, write=Hours.text)
_WEEKDAYS = Kind(id="weekdays", read=read_weekdays, write=write_weekdays)
_PLACE_KIND = Kind(id="place_kind", read=_read_place_kind, write=str)


def _point(id_example: str, name_example: str) -> tuple[Column, ...]:
    return (
        Column(name="id", kind=TEXT, example=id_example),
        Column(name="name", kind=TEXT, example=name_example),
        Column(name="lon", kind=LONGITUDE, example="1.23964"),
        Column(name="lat", kind=LATITUDE, example="49.71907"),
        _COMMUNE,
    )


_COMMUNE = Column(name="commune", kind=TEXT, required=False, default="", example="76070")

TABLES: Mapping[str, Table] = {
    "communes.csv": Table(
        required=False,
        key="insee",
        columns=(
            Column(name="insee", kind=TEXT, example="76070"),
            Column(name="name", kind=TEXT, example="Bellencombre"),
            Column(name="lon", kind=LONGITUDE, example="1.23964"),
            Column(name="lat", kind=LATITUDE, example="49.71907"),
            Column(name="population", kind=WHOLE, example="564"),
            Column(name="area_km2", kind=NUMBER, required=False, example="12.93"),
            Column(name="homes", kind=YES_NO, required=False, default=True, example="yes"),
        ),
    ),
    "homes.csv": Table(
        columns=(
            Column(name="id", kind=TEXT, example="76070-0001"),
            Column(name="lon", kind=LONGITUDE, example="1.24012"),
            Column(name="lat", kind=LATITUDE, example="49.71851"),
            Column(name="people", kind=NUMBER, example="2"),
            Column(name="group", kind=TEXT, example="senior_car"),
            _COMMUNE,
        ),
    ),
    "places.csv": Table(
        required=False,
        columns=(
            *_point("room_76070", "Salle des fêtes"),
            Column(name="kind", kind=_PLACE_KIND, required=False, default="parked", example="room"),
            Column(
                name="hours", kind=_RHYTHMS, required=False, example="Mo-Fr 09:00-12:00,14:00-17:00"
            ),
            Column(name="dwell_min", kind=DURATION, required=False, default=1800, example="30 min"),
            Column(name="dwell_max", kind=DURATION, required=False, default=10800, example="3 h"),
            Column(name="every_weeks", kind=WHOLE, required=False, default=2, example="2"),
            Column(name="must", kind=YES_NO, required=False, default=False, example="no"),
        ),
    ),
    "maisons.csv": Table(
        required=False,
        columns=(
            *_point("caravelles", "Centre social Caravelles"),
            Column(name="services", kind=NAMES, example="paperwork;grocery"),
            Column(
                name="hours", kind=_RHYTHMS, required=False, example="Mo-Th 09:15-12:30,13:30-17:00"
            ),
        ),
    ),
    "vehicles.csv": Table(
        required=False,
        columns=(
            Column(name="id", kind=TEXT, example="van"),
            Column(name="name", kind=TEXT, example="Le camion"),
            Column(name="depot", kind=TEXT, example="caravelles"),
            Column(name="capacity", kind=WHOLE, example="60"),
            Column(name="setup", kind=DURATION, required=False, default=600, example="10 min"),
            Column(name="packing", kind=DURATION, required=False, default=600, example="10 min"),
        ),
    ),
    "crew.csv": Table(
        required=False,
        columns=(
            Column(name="id", kind=TEXT, example="agent"),
            Column(name="name", kind=TEXT, example="L'agente et un bénévole"),
            Column(name="vehicle", kind=TEXT, example="van"),
            Column(name="services", kind=NAMES, example="grocery;paperwork"),
            Column(name="days", kind=_WEEKDAYS, example="Tu-Fr"),
            Column(name="shift", kind=_HOURS, example="08:30-17:00"),
            Column(name="lunch", kind=DURATION, required=False, default=2700, example="45 min"),
            Column(
                name="lunch_window",
                kind=_HOURS,
                required=False,
                default=Hours(41400, 50400),
                example="11:30-14:00",
            ),
        ),
    ),
    "timetable.csv": Table(
        required=False,
        key="",
        columns=(
            Column(name="place", kind=TEXT, example="room_76070"),
            Column(
                name="rhythm", kind=_RHYTHM, example="every 2 weeks from 2027-01-05 Tu 09:30-11:00"
            ),
            Column(name="services", kind=NAMES, example="grocery;paperwork"),
            Column(name="certain", kind=YES_NO, required=False, default=True, example="yes"),
            Column(name="tour", kind=TEXT, required=False, default="", example="van"),
            Column(name="capacity", kind=WHOLE, required=False, example="12"),
            Column(name="notice", kind=DURATION, required=False, default=0, example="24 h"),
            Column(name="audience", kind=NAMES, required=False, default=(), example="senior_car"),
        ),
    ),
}
