"""Offers, requests and places in CSV files: read with every fault of all of them, and written.

The rules are those of `Offer.of` and `Request.of`; here they are given the row and the column.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from msap_mobility.carpool.schema import FIELDS, OFFERS, PLACES, REQUESTS, window_text
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.formats.kinds import TEXT
from msap_mobility.formats.tables import Column, read_table, write_table
from msap_mobility.model import Offer, Place, Request
from msap_mobility.model.sharing import check_past
from msap_mobility.model.window import PARIS, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

__all__ = ["Day", "read_day", "read_places", "write_tables"]

T = TypeVar("T", Offer, Request)
MadeT = TypeVar("MadeT")

_COLUMNS = {field: column for column, field in FIELDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What the tables say of a day.

    Parameters
    ----------
    offers, requests
        Laid on the day, in the order of their rows.
    other_days
        Rows that are of other days.
    """

    offers: tuple[Offer, ...]
    requests: tuple[Request, ...]
    other_days: int


def read_day(
    offers: Path,
    requests: Path,
    places: Path,
    *,
    day: date | None = None,
    now: datetime | None = None,
    zone: str = PARIS,
) -> Day:
    """Read the tables, and lay what is regular on a day.

    Parameters
    ----------
    offers, requests, places
        The files; ``start``, ``end`` and ``home`` of the first two are ids of the third.
    day
        If given, what is of other days is left out; needed if a row has a rhythm.
    now
        If given, what is past is refused.
    zone
        IANA zone of the clock on the wall.

    Raises
    ------
    InputError
        With every fault of all files.
    """
    with Faults() as faults:
        laying = _Laying(known=_Places.read(places, faults), day=day, now=now, zone=zone)
        found_offers = laying.records(offers, OFFERS, Offer, faults)
        found_requests = laying.records(requests, REQUESTS, Request, faults)
    return Day(
        offers=tuple(offer for offer in found_offers if offer is not None),
        requests=tuple(request for request in found_requests if request is not None),
        other_days=found_offers.count(None) + found_requests.count(None),
    )


def read_places(file: Path) -> dict[str, Place]:
    """The places of a table, by id.

    Raises
    ------
    InputError
        With every fault.
    """
    with Faults() as faults:
        known = _Places.read(file, faults)
    return known.places


def write_tables(
    offers: Sequence[Offer], requests: Sequence[Request], zone: str = PARIS
) -> dict[str, str]:
    """The texts of ``offers.csv``, ``requests.csv`` and ``places.csv``, as `read_day` reads them.

    They tell where people live: not for publication.

    Parameters
    ----------
    offers, requests
        Regular ones as they are, not laid on a day.
    zone
        IANA zone in whose clock hours are written.

    Raises
    ------
    InputError
        ``place_differs``: two places of one id.

    Examples
    --------
    >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
    >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
    >>> jeanne = Offer.of(id="o1", driver="jeanne", start=ayen, end=brive,
    ...                   depart="2026-12-01 08:10", max_detour="12 min")
    >>> print(write_tables([jeanne], [])["places.csv"], end="")
    id,name,lon,lat,commune,urban_unit,interchange
    ayen,Ayen,1.324,45.254,,,
    brive,Brive,1.533,45.159,,,
    """
    places: dict[str, Place] = {}
    with Faults() as faults:
        records: tuple[Offer | Request, ...] = (*offers, *requests)
        for record in records:
            for place in (record.start, record.end, getattr(record, "home", None)):
                if place is not None and places.setdefault(place.id, place) != place:
                    faults.add("place_differs", value=place.id)
    unknown = {"urban_unit": None, "interchange": False}
    rows = ({**places[name].to_dict(), **unknown} for name in sorted(places))
    return {
        "offers.csv": _written(offers, OFFERS, zone),
        "requests.csv": _written(requests, REQUESTS, zone),
        "places.csv": write_table(rows, PLACES),
    }


def _written(records: Sequence[T], columns: Sequence[Column], zone: str) -> str:
    rows = []
    for record in records:
        row = {each.name: getattr(record, FIELDS.get(each.name, each.name)) for each in columns}
        for name, value in row.items():
            if isinstance(value, Place):
                row[name] = value.id
            elif isinstance(value, Window):
                row[name] = window_text(value, zone)
        rows.append(row)
    return write_table(rows, columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class _AsWritten(Column):
    """A column whose cells are read with their row, so that one fault hides no other."""

    def value(self, cell: str) -> str:
        """The text of the cell; empty if there is none."""
        return cell.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row of a table: where it stands, and its cells as they are written."""

    file: str
    number: int
    cells: Mapping[str, str]

    def record(
        self, columns: Sequence[Column], make: Callable[..., MadeT], faults: Faults
    ) -> MadeT | None:
        """What the row says, read by `make`; None if something is wrong with it."""
        here, given, amiss = Faults(file=self.file), dict[str, Any](), set[str]()
        for column in columns:
            amiss.add(column.name)
            given[column.name] = "" if column.required else column.default
            with here.also(row=self.number, column=column.name):
                given[column.name] = column.value(self.cells[column.name])
                amiss.remove(column.name)
        made = None
        try:
            made = make(**given)
        except InputError as error:
            for fault in error.faults:
                name = _COLUMNS.get(fault.column, fault.column)
                if name not in amiss:
                    located = replace(fault, file=self.file, row=self.number, column=name)
                    here.found.append(located)
        faults.found += here.found
        return None if here.found else made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """The places that could be read, and the ids that stand in the table.

    Of a table with faults a name that is missing is not told: it may only stand in a bad row.
    """

    places: dict[str, Place]
    named: frozenset[str]
    sound: bool

    @classmethod
    def read(cls, file: Path, faults: Faults) -> _Places:
        """Read the table; its faults join `faults`."""
        found = Faults()
        rows = list(_rows(file, PLACES, found))
        made = [(row.cells["id"], row.record(PLACES, _place, found)) for row in rows]
        faults.found += _in_order(found)
        return cls(
            places={name: place for name, place in made if place is not None},
            named=frozenset(name for name, _ in made),
            sound=not found.found,
        )

    def hides(self, fault: Fault) -> bool:
        """Whether a fault of another table may be one of this table alone."""
        return (
            fault.code == "unknown_place"
            and not self.sound
            and (not self.named or fault.value in self.named)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laying:
    """How rows become offers and requests of a day."""

    known: _Places
    day: date | None
    now: datetime | None
    zone: str

    def records(
        self, file: Path, columns: Sequence[Column], kind: type[T], faults: Faults
    ) -> list[T | None]:
        """The records of a file; None for those of other days."""
        found, laid = Faults(), list[T | None]()
        for row in _rows(file, columns, found):
            record = row.record(columns, partial(kind.of, **self._read_with), found)
            here = Faults(file=file.name)
            if record is not None:
                with here.also(row=row.number), Faults() as faulty:
                    laid.append(self._laid(record, faulty))
            found.found += here.found
        faults.found += [fault for fault in _in_order(found) if not self.known.hides(fault)]
        return laid

    @property
    def _read_with(self) -> dict[str, Any]:
        """What is past is looked for here if the day is not chosen, and else when it is."""
        now = self.now if self.day is None else None
        return {"zone": self.zone, "places": self.known.places, "now": now}

    def _laid(self, record: T, faults: Faults) -> T | None:
        regular = record.rhythm is not None
        if self.day is None:
            if regular:
                faults.add("rhythm_without_day", column="rhythm", value=record.id)
            return record
        of_day = record.on(self.day, self.zone) if regular else record
        if of_day is None or not _touches(of_day, self.day, self.zone):
            return None
        for column in ("depart", "arrive"):
            name = "rhythm" if regular else column
            check_past(faults, name, getattr(of_day, column), self.now)
        return of_day


def _touches(record: Offer | Request, day: date, zone: str) -> bool:
    """Whether the hours of a record are of this day, or of the nights around it."""
    windows = [window for window in (record.depart, record.arrive) if window is not None]
    ends = [
        [at.astimezone(ZoneInfo(zone)).date() for at in (window.earliest, window.latest)]
        for window in windows
    ]
    return any(first <= day <= last for first, last in ends)


def _rows(file: Path, columns: Sequence[Column], faults: Faults) -> Iterator[_Row]:
    """The rows of a file, as far as they can be cut into cells."""
    try:
        content = file.read_bytes()
    except OSError:
        faults.add("table_unreadable", file=file.name, value=str(file))
        return
    written = [
        _AsWritten(name=each.name, kind=TEXT, required=each.required, default="")
        for each in columns
    ]
    found = Faults()
    table = read_table(content, written, file=file.name, faults=found)
    torn = {fault.row for fault in found.found if fault.code == "wrong_cell_count"}
    faults.found += found.found
    first: dict[str, int] = {}
    for number, cells in table.records():
        if number not in torn:
            name = cells["id"]
            if name and name in first:
                faults.add(
                    "duplicate_id",
                    file=file.name,
                    row=number,
                    column="id",
                    value=name,
                    first_row=first[name],
                )
            first.setdefault(name, number)
            yield _Row(file=file.name, number=number, cells=cells)


def _place(**cells: Any) -> Place:
    told = {name: cells[name] for name in Place.__slots__}
    return Place(**{**told, "name": told["name"] or told["id"]})


def _in_order(faults: Faults) -> list[Fault]:
    return sorted(faults.found, key=lambda fault: fault.row or 0)
