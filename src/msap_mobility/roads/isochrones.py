"""Isochrones: the minutes of every cell around some places, and outlines of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.formats import geojson
from msap_mobility.formats.kinds import LATITUDE, LONGITUDE, NUMBER, TEXT
from msap_mobility.formats.tables import Column, write_table
from msap_mobility.roads.asked import check_cell, check_one_each
from msap_mobility.roads.contours import low_areas
from msap_mobility.roads.room import check_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely import MultiPolygon

    from msap_mobility.model import Points
    from msap_mobility.roads.reach import Reach
    from msap_mobility.roads.snap import Snapper
    from msap_mobility.roads.terrain import Terrain

__all__ = ["Isochrones", "isochrones", "searched_s"]

_CELLS = 250_000
"""About so many cover what is within reach, unless their side is given."""

_FINEST_M, _COARSEST_M = 5.0, 500.0
_CELL_BYTES = 60

_COLUMNS = (
    Column(name="lon", kind=LONGITUDE, example="1.324"),
    Column(name="lat", kind=LATITUDE, example="45.254"),
    Column(name="minutes", kind=NUMBER, required=False, example="12.5"),
)
_NAME = Column(name="name", kind=TEXT, example="Ayen")

Floats2 = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Isochrones:
    """How soon each cell around some places is reached, and what lies within each limit.

    Parameters
    ----------
    limits_s
        In ascending order.
    areas
        For each limit, whatever is reached within it: valid, in WGS84 degrees rounded to their
        sixth decimal. Empty where nothing is.
    seconds
        float32 (rows, columns), of cells' middles, the first in the south-west; ``inf`` beyond the
        last limit or too far from any road.
    lon, lat
        float64 (rows, columns), WGS84 degrees of cells' middles.
    cell_m
        Side of a cell, metres. The narrower limits have been outlined on finer ones, unless it was
        given.
    reach
        What it was drawn from; asked by `at`.
    """

    limits_s: tuple[float, ...]
    areas: tuple[MultiPolygon, ...]
    seconds: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    lon: Floats2
    lat: Floats2
    cell_m: float
    reach: Reach

    def at(self, points: Points) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        """float32 seconds of any points, exact; ``inf`` beyond the last limit or off the roads."""
        seconds: np.ndarray[tuple[int], np.dtype[np.float32]] = self.reach.at(points)[0]
        seconds[seconds > self.limits_s[-1]] = np.inf
        return seconds

    def cells(self) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
        """The cells within the last limit as columns ``lon``, ``lat`` (middles) and ``minutes``.

        The first is the one furthest south-west, row after row; `pandas.DataFrame` takes them as
        they are.
        """
        there = np.isfinite(self.seconds)
        minutes = self.seconds[there].astype(np.float64) / 60
        return {"lon": self.lon[there], "lat": self.lat[there], "minutes": minutes}

    def to_csv(self, points: Points | None = None, names: Sequence[str] | None = None) -> str:
        """A table of minutes, to go with the outlines: of `cells`, or of points of your own.

        Parameters
        ----------
        points
            A row each; ``minutes`` is empty beyond the last limit or off the roads. None: the
            cells.
        names
            Of the points, in a first column.
        """
        if points is None:
            columns, found = self.cells(), None
        else:
            minutes = self.at(points).astype(np.float64) / 60
            columns, found = {"lon": points.lon, "lat": points.lat, "minutes": minutes}, names
        rounded = {"lon": 6, "lat": 6, "minutes": 2}
        told = {name: np.round(columns[name], digits).tolist() for name, digits in rounded.items()}
        told["minutes"] = [one if np.isfinite(one) else None for one in told["minutes"]]
        if found is not None:
            check_one_each(points=len(told["minutes"]), names=len(found))
            told = {"name": list(found), **told}
        rows = (dict(zip(told, row, strict=True)) for row in zip(*told.values(), strict=True))
        return write_table(rows, _COLUMNS if found is None else (_NAME, *_COLUMNS))

    def features(self) -> list[geojson.Feature]:
        """A GeoJSON feature for each limit, the widest first, so that the others lie on it."""
        told = zip(self.limits_s[::-1], self.areas[::-1], strict=True)
        return [
            geojson.Feature(
                geometry="MultiPolygon", coordinates=_coordinates(area), properties={"seconds": s}
            )
            for s, area in told
        ]

    def to_geojson(self) -> str:
        """A GeoJSON document of `features`."""
        return geojson.write(self.features())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Field:
    """Seconds at points of a grid, metres in the network's projection."""

    seconds: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    west: float
    south: float
    side: float


def isochrones(
    terrain: Terrain, reach: Reach, limits_s: Sequence[float], cell_m: float | None
) -> Isochrones:
    """What lies within some limits of the places of a reach, taken as one.

    Parameters
    ----------
    terrain
        Roads and the ways to them.
    reach
        One row, up to `searched_s` of the last limit.
    limits_s
        Ascending.
    cell_m
        Side of a cell; by default such that some 250,000 cover what is within each limit.
    """
    check_cell(cell_m)
    fields = {s: _field(terrain, reach, s, cell_m) for s in limits_s}
    last = limits_s[-1]
    field = fields[last]
    x, y = np.meshgrid(
        field.west + field.side * np.arange(field.seconds.shape[1]),
        field.south + field.side * np.arange(field.seconds.shape[0]),
    )
    lon, lat = terrain.snapper.unproject(x, y)
    return Isochrones(
        limits_s=tuple(limits_s),
        areas=tuple(_area(terrain.snapper, field, s) for s, field in fields.items()),
        seconds=np.where(field.seconds <= last, field.seconds, np.float32(np.inf)),
        lon=lon,
        lat=lat,
        cell_m=field.side,
        reach=reach,
    )


def searched_s(limit_s: float) -> float:
    """How far to search, that outlines can run between what is within the limit and what is not."""
    return 1.25 * limit_s + 60


def _field(terrain: Terrain, reach: Reach, limit_s: float, side: float | None) -> _Field:
    """Exact seconds at points of a grid, over whatever lies within the limit."""
    west, south, east, north = reach.extent(limit_s)
    if side is None:
        side = float(np.sqrt((east - west) * (north - south) / _CELLS))
        side = min(max(side, _FINEST_M), _COARSEST_M)
    columns, rows = (int(np.ceil(wide / side)) + 1 for wide in (east - west, north - south))
    check_room(rows, columns, cell_bytes=_CELL_BYTES)
    x, y = np.meshgrid(west + side * np.arange(columns), south + side * np.arange(rows))
    snapper = terrain.snapper
    points = snapper.snap_projected(x.ravel(), y.ravel(), most_m=snapper.max_snap_m)
    seconds = reach.at_snapped(points)[0].reshape(rows, columns)
    return _Field(seconds=seconds, west=west, south=south, side=side)


def _area(snapper: Snapper, field: _Field, limit_s: float) -> MultiPolygon:
    import shapely  # noqa: PLC0415 - heavy

    at = {"west": field.west, "south": field.south, "side": field.side}
    area = low_areas(field.seconds, limit_s, **at)
    told: Any = shapely.transform(area, lambda xy: np.column_stack(snapper.unproject(*xy.T)))
    told = shapely.set_precision(told, 10.0**-geojson.DECIMALS)
    return told if told.geom_type == "MultiPolygon" else shapely.MultiPolygon([told])


def _coordinates(area: MultiPolygon) -> tuple[Any, ...]:
    from shapely.geometry import mapping  # noqa: PLC0415 - heavy

    return tuple(mapping(area)["coordinates"])
