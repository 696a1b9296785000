"""Trips whose times are known: what models of travel times are fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.formats.kinds import DURATION, LATITUDE, LONGITUDE, NUMBER, TEXT
from msap_mobility.formats.tables import Column, read_table
from msap_mobility.model import Points, Reached
from msap_mobility.roads.asked import check_shape
from msap_mobility.roads.crow import crow_between_m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.model import TimesTable
    from msap_mobility.provenance import Source
    from msap_mobility.roads.exchange.od_table import OdTable

__all__ = ["Trips"]

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

_COLUMNS = (
    Column(name="from_lon", kind=LONGITUDE, example="1.324"),
    Column(name="from_lat", kind=LATITUDE, example="45.254"),
    Column(name="to_lon", kind=LONGITUDE, example="1.41"),
    Column(name="to_lat", kind=LATITUDE, example="45.263"),
    Column(name="time", kind=DURATION, example="14 min"),
    Column(name="metres", kind=NUMBER, required=False, example="9500"),
)

_PARTS = 5
"""Into how many the origins are cut, to try a model on those it has not seen."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trips:
    """Travel times between places, observed or found by another engine; a row each.

    Parameters
    ----------
    origins, destinations
        WGS84 degrees, of one length.
    seconds
        float64, of each trip, 0 or more.
    metres
        float64, or None where they are not known.
    unreachable
        How many pairs were left out because the table has no time for them: no way, or none within
        its limit.
    sources
        What the times rest on: whoever brings them says whether they were observed.

    Raises
    ------
    InputError
        ``trips_of_other_length``; ``trip_seconds`` for the first time that is negative or no
        number.

    Examples
    --------
    >>> here = Points(np.array([1.324]), np.array([45.254]))
    >>> there = Points(np.array([1.41]), np.array([45.263]))
    >>> Trips(origins=here, destinations=there, seconds=np.array([840.0])).crow_m.round()
    array([6805.])
    """

    origins: Points
    destinations: Points
    seconds: Floats
    metres: Floats | None = None
    unreachable: int = 0
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        counts = [len(self.origins), len(self.destinations), len(self.seconds)]
        counts += [] if self.metres is None else [len(self.metres)]
        if len(set(counts)) > 1:
            told = ", ".join(map(str, counts))
            raise InputError([Fault(code="trips_of_other_length", value=told)])
        wrong = np.flatnonzero(~(np.isfinite(self.seconds) & (self.seconds >= 0)))
        if len(wrong):
            row = int(wrong[0])
            fault = Fault(code="trip_seconds", row=row, value=float(self.seconds[row]))
            raise InputError([fault])

    @classmethod
    def of_table(
        cls,
        table: TimesTable,
        origins: Points,
        destinations: Points,
        *,
        most: int = 1_000_000,
        sources: tuple[Source, ...] = (),
    ) -> Self:
        """The cells of a table that any engine has filled.

        Parameters
        ----------
        table, origins, destinations
            What it answered, and what it was asked.
        most
            Of a larger table so many cells are drawn, the same each time.
        sources
            As in the class.

        Raises
        ------
        InputError
            ``table_of_other_shape``.

        Examples
        --------
        >>> from msap_mobility.roads import CalibratedTimes
        >>> places = Points(np.array([1.0, 1.1, 1.3]), np.array([45.0, 45.0, 45.0]))
        >>> table = CalibratedTimes().table(places, places, limit_s=1000)
        >>> trips = Trips.of_table(table, places, places)
        >>> len(trips), trips.unreachable
        (5, 4)
        """
        check_shape(table, len(origins), len(destinations))
        ok = np.flatnonzero(table.status == Reached.OK)
        unreachable = table.status.size - len(ok)
        if len(ok) > most:
            ok = np.sort(np.random.default_rng(0).choice(ok, most, replace=False))
        row, column = np.divmod(ok, max(1, len(destinations)))
        return cls(
            origins=Points(origins.lon[row], origins.lat[row]),
            destinations=Points(destinations.lon[column], destinations.lat[column]),
            seconds=table.seconds[row, column].astype(np.float64),
            metres=table.metres[row, column].astype(np.float64),
            unreachable=unreachable,
            sources=sources,
        )

    @classmethod
    def of_pairs(cls, pairs: OdTable, *, sources: tuple[Source, ...] = ()) -> Self:
        """The pairs of an origin–destination table, as `MatrixTimes.read` keeps them.

        Pairs without a way are not in such a table: how many there were is not known here.

        Parameters
        ----------
        pairs
            `MatrixTimes.pairs`.
        sources
            As in the class; `MatrixTimes.sources`, say.
        """
        points = pairs.places.points
        return cls(
            origins=Points(points.lon[pairs.origin], points.lat[pairs.origin]),
            destinations=Points(points.lon[pairs.destination], points.lat[pairs.destination]),
            seconds=pairs.seconds,
            metres=pairs.metres,
            sources=sources,
        )

    @classmethod
    def read(cls, path: Path | str, *, sources: tuple[Source, ...] = ()) -> Self:
        r"""Trips from a CSV file: ``from_lon``, ``from_lat``, ``to_lon``, ``to_lat``, ``time``.

        Times are written as ``14 min`` or ``1 h 05``. A column ``metres`` may tell distances, of
        all trips or of none; any other column is passed over.

        Raises
        ------
        InputError
            With every fault and its row; ``od_file_missing``; ``trips_some_without_metres``.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "trips.csv")
        ...     _ = path.write_text("from_lon,from_lat,to_lon,to_lat,time\n1,45,1.1,45,12 min\n")
        ...     Trips.read(path).seconds.tolist()
        [720.0]
        """
        path = Path(path)
        try:
            content = path.read_bytes()
        except OSError:
            fault = Fault(code="od_file_missing", file=path.name, value=path.name)
            raise InputError([fault]) from None
        known = {column.name for column in _COLUMNS}
        head = content.decode("utf-8-sig", errors="replace").partition("\n")[0]
        others = sorted({name.strip(' "\r') for name in head.split(",")} - known - {""})
        passed_over = (Column(name=name, kind=TEXT, required=False) for name in others)
        with Faults(file=path.name) as faults:
            table = read_table(content, (*_COLUMNS, *passed_over), file=path.name, faults=faults)
            metres = list(table.columns.get("metres", ()))
            missing = [row for row, told in enumerate(metres) if told is None]
            if missing and len(missing) < len(metres):
                row = next(number for number, told in table.each("metres") if told is None)
                faults.add("trips_some_without_metres", row=row, column="metres", value="")
        columns = {
            column.name: np.array(table.columns[column.name], np.float64)
            for column in _COLUMNS
            if column.required
        }
        return cls(
            origins=Points(columns["from_lon"], columns["from_lat"]),
            destinations=Points(columns["to_lon"], columns["to_lat"]),
            seconds=columns["time"],
            metres=np.array(metres, np.float64) if metres and not missing else None,
            sources=sources,
        )

    def __len__(self) -> int:
        return len(self.seconds)

    @property
    def crow_m(self) -> Floats:
        """float64 metres as the crow flies, of each trip."""
        return crow_between_m(self.origins, self.destinations)

    @property
    def origin_number(self) -> Ints:
        """int64, of each trip: which of the different origins it has, in order of longitude."""
        pairs = np.column_stack((self.origins.lon, self.origins.lat))
        _, number = np.unique(pairs, axis=0, return_inverse=True)
        return number.reshape(-1).astype(np.int64)

    def some(self, rows: Any) -> Self:
        """These trips only; how many pairs had no way stays as it was."""
        metres = None if self.metres is None else self.metres[rows]
        return type(self)(
            origins=Points(self.origins.lon[rows], self.origins.lat[rows]),
            destinations=Points(self.destinations.lon[rows], self.destinations.lat[rows]),
            seconds=self.seconds[rows],
            metres=metres,
            unreachable=self.unreachable,
            sources=self.sources,
        )

    def parts(self) -> Iterator[tuple[Ints, Ints]]:
        """Rows to fit to and rows to try on, five times: origins of a strip of land left out.

        Strips run across the longer side of the territory and have as many origins each. What is
        left out so has no neighbour among what is fitted to, but along the edges of its strip.
        """
        number = self.origin_number
        _, first = np.unique(number, return_index=True)
        lon, lat = self.origins.lon[first], self.origins.lat[first]
        wide = np.ptp(lon) * np.cos(np.radians(lat.mean())) >= np.ptp(lat)
        rank = np.empty(len(first), np.int64)
        rank[np.argsort(lon if wide else lat, kind="stable")] = np.arange(len(first))
        strip = (rank * _PARTS // len(first))[number]
        for left_out in range(_PARTS):
            yield np.flatnonzero(strip != left_out), np.flatnonzero(strip == left_out)
