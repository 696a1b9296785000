"""Find points whose longitude and latitude are exchanged, or that lie far from all the others.

The rule. Every file has a middle, the median of its points; in a European time zone a middle
outside Europe whose exchange lies inside is exchanged first. The centre of the scenario is the
middle that is nearest to all the others, so that one file that is wrong from top to bottom moves
nothing. A point is *far* if it is more than 3 degrees (some 300 km), and more than 10 times the
usual distance from the centre, away from it. A far point that is not far once exchanged is
``swapped_lon_lat``; any other one is ``far_from_the_rest`` (a digit or a minus sign too much).
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.errors import Faults
    from msap_mobility.formats.tables import Table

__all__ = ["check_coordinates"]

Point = tuple[float, float]
LEAST_FAR_DEG = 3.0
FAR_TIMES_USUAL = 10.0
_EUROPE = ((-32.0, 45.0), (27.0, 72.0))  # Azores to the Caucasus, Canaries to the North Cape


def check_coordinates(tables: Mapping[str, Table], tz: str, faults: Faults) -> None:
    """Note the points that cannot be where they say.

    Parameters
    ----------
    tables
        Those that have the columns ``lon`` and ``lat`` are looked at.
    tz
        Time zone of the scenario.
    faults
        Receives ``swapped_lon_lat`` and ``far_from_the_rest``.
    """
    located = {
        file: list(table.each("lon", "lat"))
        for file, table in tables.items()
        if {"lon", "lat"} <= set(table.columns)
    }
    files = [[(lon, lat) for _, lon, lat in rows] for rows in located.values() if rows]
    if not files:
        return
    middles = [_unswapped(_middle(points), tz) for points in files]
    centre = min(middles, key=lambda middle: sum(_apart(middle, other) for other in middles))
    usual = median(_spread(points) for points in files)
    far = max(LEAST_FAR_DEG, FAR_TIMES_USUAL * usual)
    for file, rows in located.items():
        for row, lon, lat in rows:
            if _apart((lon, lat), centre) > far:
                swapped = _apart((lat, lon), centre) <= far
                faults.add(
                    "swapped_lon_lat" if swapped else "far_from_the_rest",
                    file=file,
                    row=row,
                    column="lon",
                    value=lon,
                    lat=lat,
                )


def _middle(points: list[Point]) -> Point:
    lons, lats = zip(*points, strict=True)
    return median(lons), median(lats)


def _spread(points: list[Point]) -> float:
    centre = _middle(points)
    return median(_apart(point, centre) for point in points)


def _apart(a: Point, b: Point) -> float:
    """Degrees between two points, the greater of the two differences."""
    return max(abs(a[0] - b[0]), abs(a[1] - b[1]))


def _unswapped(middle: Point, tz: str) -> Point:
    exchanged = (middle[1], middle[0])
    if tz.startswith("Europe/") and _in_europe(exchanged) and not _in_europe(middle):
        return exchanged
    return middle


def _in_europe(point: Point) -> bool:
    return all(least <= value <= most for value, (least, most) in zip(point, _EUROPE, strict=True))
