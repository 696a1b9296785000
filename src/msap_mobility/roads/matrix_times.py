"""Travel times that somebody else has computed: a ready table of pairs of places."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from msap_mobility.errors import Fault, InputError
from msap_mobility.files import write_whole
from msap_mobility.model import Points, Reached, Route, TimesTable
from msap_mobility.provenance import Source
from msap_mobility.roads.asked import check_limit, check_shape
from msap_mobility.roads.calibrated import CalibratedTimes
from msap_mobility.roads.crow import EARTH_RADIUS_M
from msap_mobility.roads.exchange.listed_places import ListedPlaces
from msap_mobility.roads.exchange.od_archive import archived_od_table, read_od_archive
from msap_mobility.roads.exchange.od_table import (
    R5,
    OdColumns,
    OdTable,
    read_od_table,
    written_od_table,
)
from msap_mobility.roads.room import check_room
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from msap_mobility.model import Place

__all__ = ["MatrixTimes"]

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]

_CELL_BYTES = 20  # of an answer: two float32, a status, and as much again while it is made

_ENDINGS = (".csv", ".csv.gz", ".parquet", ".npz")


class MatrixTimes:
    """Times of a table, by any mode: this is also how public transport enters.

    Places are found in it by their coordinates. Ids that share a point share its times, the
    fastest of each pair.

    Parameters
    ----------
    pairs
        The table; see `read` and `of_times`.
    mode
        What the times are by ("bus", "car").
    max_snap_m
        A place further than this from every place of the table is `Reached.TOO_FAR_TO_SNAP`.
    source
        What the times rest on; by default that they were given, no more.

    Examples
    --------
    >>> from msap_mobility.model import Place
    >>> ayen = Place(id="19015", name="Ayen", lon=1.324, lat=45.254)
    >>> objat = Place(id="19153", name="Objat", lon=1.41, lat=45.263)
    >>> table = CalibratedTimes(mode="car").table(Points.of([ayen]), Points.of([objat]))
    >>> times = MatrixTimes.of_times(table, [ayen], [objat])
    >>> round(times.route(ayen, objat).seconds / 60)
    14
    >>> times.route(objat, ayen).status
    <Reached.UNREACHABLE: 1>
    """

    def __init__(
        self,
        pairs: OdTable,
        *,
        mode: str = "car",
        max_snap_m: float = 10,
        source: Source | None = None,
    ) -> None:
        self.pairs = pairs
        self.mode = mode
        self.max_snap_m = max_snap_m
        self._source = source
        self._points, point_of = _points(pairs.places.points)
        # By points instead of ids, the fastest of each pair
        merged = OdTable.of_rows(
            pairs.places,
            point_of[pairs.origin],
            point_of[pairs.destination],
            pairs.seconds,
            pairs.metres,
        )
        self._start = np.searchsorted(merged.origin, np.arange(len(self._points) + 1))
        self._merged = merged

    @classmethod
    def read(
        cls,
        path: Path | str,
        ids: Iterable[Place] | Mapping[str, Place] | Path | str | None = None,
        *,
        columns: OdColumns = R5,
        mode: str = "car",
        max_snap_m: float = 10,
        source: Source | None = None,
    ) -> Self:
        """Read a table of r5r, r5py, another program or our own.

        Parameters
        ----------
        path
            ``.csv``, ``.csv.gz``, ``.parquet`` (needs pyarrow) or ``.npz``, as `write` makes it.
        ids
            The places by the ids the table gives them, or a CSV file with the columns ``id``,
            ``lon``, ``lat``. An npz brings its own.
        columns
            What the columns are called and in which unit the times are. An empty time (in R: NA)
            is a pair without a way, as r5py writes it.
        mode, max_snap_m, source
            As in the class.

        Raises
        ------
        InputError
            With every fault, see `roads.exchange.read_od_table`; ``od_unknown_ending``;
            ``od_without_ids``.
        MissingExtra
            If pyarrow is needed and not installed.
        """
        path = Path(path)
        if _ending(path) == ".npz":
            pairs = read_od_archive(path)
        elif ids is None:
            raise InputError([Fault(code="od_without_ids", file=path.name, value=path.name)])
        else:
            pairs = read_od_table(path, ListedPlaces.of(ids), columns)
        return cls(pairs, mode=mode, max_snap_m=max_snap_m, source=source)

    @classmethod
    def of_times(
        cls,
        table: TimesTable,
        origins: Iterable[Place],
        destinations: Iterable[Place],
        *,
        mode: str = "car",
        max_snap_m: float = 10,
        source: Source | None = None,
    ) -> Self:
        """The times that another engine has found, to be written or asked again.

        Parameters
        ----------
        table
            What it answered.
        origins, destinations
            What it was asked: a place that is both counts once.
        mode, max_snap_m, source
            As in the class.

        Raises
        ------
        InputError
            ``duplicate_id``, if two different places have one id; ``table_of_other_shape``.
        """
        starts, ends = list(origins), list(destinations)
        check_shape(table, len(starts), len(ends))
        listed = dict.fromkeys((*starts, *ends))
        places = ListedPlaces.of(list(listed))
        row = {place: number for number, place in enumerate(listed)}
        i, j = np.nonzero(table.status == Reached.OK)
        pairs = OdTable.of_rows(
            places,
            np.array([row[place] for place in starts], np.int64)[i],
            np.array([row[place] for place in ends], np.int64)[j],
            table.seconds[i, j].astype(np.float64),
            table.metres[i, j].astype(np.float64),
        )
        return cls(pairs, mode=mode, max_snap_m=max_snap_m, source=source)

    def write(self, path: Path | str, *, columns: OdColumns = R5) -> None:
        """Write the table for r5r, r5py and R's accessibility to read, or for ourselves.

        Parameters
        ----------
        path
            ``.csv``, ``.parquet`` (needs pyarrow) or ``.npz``. The first two hold no coordinates:
            give the places beside them.
        columns
            What the columns are to be called, and the unit; not in an npz.

        Raises
        ------
        InputError
            ``od_unknown_ending``; ``od_no_metres_known``, if they are asked for and not known.
        MissingExtra
            If pyarrow is needed and not installed.
        """
        path = Path(path)
        kind = _ending(path, _ENDINGS[0], *_ENDINGS[2:])
        if kind == ".npz":
            write_whole(path, archived_od_table(self.pairs))
        else:
            write_whole(path, written_od_table(self.pairs, columns, kind))

    def sources(self) -> tuple[Source, ...]:
        """What the times rest on, to be told with every figure drawn from them."""
        source = self._source or Source(
            name=Words.saying("roads.source.od_table.name", mode=self.mode),
            standing="estimated",
            note=Words.saying(
                "roads.source.od_table.note", pairs=len(self.pairs), repeated=self.pairs.repeated
            ),
        )
        if self.pairs.metres is not None:
            return (source,)
        return (source, CalibratedTimes(mode="walk").sources()[-1])

    def starts_at(self, points: Points) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether the table has any time from each of some points.

        Examples
        --------
        >>> from msap_mobility.model import Place
        >>> a, b = (Place(id=str(lat), name="", lon=1.0, lat=lat) for lat in (45, 46))
        >>> known = CalibratedTimes(mode="car").table(Points.of([a]), Points.of([b]))
        >>> MatrixTimes.of_times(known, [a], [b]).starts_at(Points.of([a, b])).tolist()
        [True, False]
        """
        found = self._found(points)
        count = np.append(np.diff(self._start), 0)
        starts: np.ndarray[Any, np.dtype[np.bool_]] = count[found] > 0
        return starts

    def table(
        self,
        origins: Points,
        destinations: Points,
        *,
        limit_s: float = np.inf,
        at: datetime | None = None,  # noqa: ARG002 - the table is of one hour
    ) -> TimesTable:
        """Times from every origin to every destination, within `limit_s`.

        Parameters
        ----------
        origins, destinations
            WGS84 degrees.
        limit_s
            Cells over it are ``inf`` with the status `Reached.OVER_LIMIT`.
        at
            Ignored: the table says nothing of hours.

        Raises
        ------
        InputError
            ``too_big_for_memory``.

        Notes
        -----
        A pair that is not in the table is `Reached.UNREACHABLE`. Where the table has no distances,
        those of `CalibratedTimes` stand in, and `sources` says so.
        """
        check_limit(limit_s)
        check_room(len(origins), len(destinations), cell_bytes=_CELL_BYTES)
        start, end = self._found(origins), self._found(destinations)
        metres_known = self._merged.metres
        seconds = np.full((len(start), len(end)), np.inf, np.float32)
        metres = seconds.copy()
        if metres_known is None:
            metres = CalibratedTimes(mode="walk").table(origins, destinations).metres
        # One cell more than there are points: what is not found reads it, and it stays infinite
        line = np.full((2, len(self._points) + 1), np.inf)
        for row in np.flatnonzero(start >= 0):
            some = slice(self._start[start[row]], self._start[start[row] + 1])
            reached = self._merged.destination[some]
            line[0, reached] = self._merged.seconds[some]
            seconds[row] = line[0, end]
            if metres_known is not None:
                line[1, reached] = metres_known[some]
                metres[row] = line[1, end]
            line[:, reached] = np.inf
        status = np.full(seconds.shape, Reached.OK, np.uint8)
        status[seconds > limit_s] = Reached.OVER_LIMIT
        status[np.isinf(seconds)] = Reached.UNREACHABLE
        status[start < 0] = Reached.TOO_FAR_TO_SNAP
        status[:, end < 0] = Reached.TOO_FAR_TO_SNAP
        seconds[status != Reached.OK] = np.inf
        metres[status != Reached.OK] = np.inf
        return TimesTable(seconds=seconds, metres=metres, status=status)

    def route(self, a: Place, b: Place) -> Route:
        """Time and distance from `a` to `b`; the line is straight, for the way is not known."""
        table = self.table(Points.of([a]), Points.of([b]))
        return Route(
            seconds=float(table.seconds[0, 0]),
            metres=float(table.metres[0, 0]),
            line=((a.lon, a.lat), (b.lon, b.lat)),
            status=Reached(int(table.status[0, 0])),
        )

    def _found(self, points: Points) -> Ints:
        """The nearest point of the table for each of some points; −1 where none is near."""
        from scipy.spatial import cKDTree  # noqa: PLC0415 - heavy

        if not len(self._points) or not len(points):
            return np.full(len(points), -1, np.int64)
        metres, found = cKDTree(_on_the_globe(self._points)).query(_on_the_globe(points))
        return np.where(metres <= self.max_snap_m, found, -1).astype(np.int64)


def _points(points: Points) -> tuple[Points, Ints]:
    """Each point once, and which one each was."""
    pairs = np.column_stack((points.lon, points.lat))
    once, number = np.unique(pairs, axis=0, return_inverse=True)
    return Points(once[:, 0], once[:, 1]), number.reshape(-1)


def _on_the_globe(points: Points) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Metres from the centre of the Earth: straight distances between them are true nearby."""
    lon, lat = np.radians(points.lon), np.radians(points.lat)
    axes = (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
    return EARTH_RADIUS_M * np.column_stack(axes)


def _ending(path: Path, *known: str) -> str:
    """Which of the known endings the name has."""
    for ending in known or _ENDINGS:
        if path.name.lower().endswith(ending):
            return ending
    details = {"known": ", ".join(known or _ENDINGS)}
    fault = Fault(code="od_unknown_ending", file=path.name, value=path.name, details=details)
    raise InputError([fault])
