"""GeoJSON (RFC 7946): feature collections out, and in with every fault told.

Longitude before latitude, outer rings counterclockwise, no `crs` member, and strict JSON: what is
not finite is null. Equal features give equal bytes.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from msap_mobility.errors import Fault, Faults, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Feature", "Geometry", "line", "point", "polygon", "read", "to_dict", "write"]

Geometry = Literal[
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"
]
_DEPTH: Mapping[str, int] = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_WGS84_NAMES = ("CRS84", "EPSG::4326", "EPSG:4326")
DECIMALS = 6
"""Six decimals of a degree are 11 cm at the equator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One thing on the map and what is known about it.

    Parameters
    ----------
    geometry
        Name of the shape, as RFC 7946 spells it.
    coordinates
        Nested tuples with (lon, lat) at the bottom.
    properties
        JSON values, written in the order given.
    id
        Empty = none.

    Examples
    --------
    >>> point(1.23964, 49.71907, name="Bellencombre").coordinates
    (1.23964, 49.71907)
    """

    geometry: Geometry
    coordinates: tuple[Any, ...]
    properties: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""


def point(lon: float, lat: float, *, id: str = "", **properties: Any) -> Feature:  # noqa: A002 - GeoJSON's own word
    """A feature at one point."""
    return Feature(geometry="Point", coordinates=(lon, lat), properties=properties, id=id)


def line(pairs: Iterable[tuple[float, float]], *, id: str = "", **properties: Any) -> Feature:  # noqa: A002
    """A feature along (lon, lat) pairs."""
    return Feature(geometry="LineString", coordinates=tuple(pairs), properties=properties, id=id)


def polygon(ring: Iterable[tuple[float, float]], *, id: str = "", **properties: Any) -> Feature:  # noqa: A002
    """A feature inside one closed ring of (lon, lat) pairs."""
    return Feature(geometry="Polygon", coordinates=(tuple(ring),), properties=properties, id=id)


def to_dict(features: Iterable[Feature], *, decimals: int = DECIMALS) -> dict[str, Any]:
    """A `FeatureCollection` as JSON data.

    Parameters
    ----------
    features
        In the order they are to be drawn.
    decimals
        Of a degree: 5 = 1.1 m, 6 = 0.11 m.

    Examples
    --------
    >>> to_dict([point(1.2396412, 49.7190734, wait_s=float("inf"))])["features"]
    [{'type': 'Feature', 'geometry': {'type': 'Point', 'coordinates': [1.239641, 49.719073]},
      'properties': {'wait_s': None}}]
    """
    return {
        "type": "FeatureCollection",
        "features": [_feature_dict(feature, decimals) for feature in features],
    }


def write(features: Iterable[Feature], *, decimals: int = DECIMALS) -> str:
    """A `FeatureCollection` as text, one feature on each line.

    Examples
    --------
    >>> print(write([point(1.2, 49.7, id="a")]), end="")
    {"type": "FeatureCollection", "features": [
    {"type": "Feature", "id": "a", "geometry": {"type": "Point", ...}, "properties": {}}
    ]}
    """
    rows = (
        json.dumps(feature, ensure_ascii=False, allow_nan=False)
        for feature in to_dict(features, decimals=decimals)["features"]
    )
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(rows) + "\n]}\n"


def read(text: str, *, file: str = "") -> tuple[Feature, ...]:
    """The features of a GeoJSON text.

    Parameters
    ----------
    text
        A `FeatureCollection` in WGS84.
    file
        Its name, for the faults. A fault's `row` is the number of the feature, the first being 1.

    Raises
    ------
    InputError
        With every fault: ``not_geojson``, ``not_wgs84``, ``unknown_geometry``, ``wrong_shape``,
        ``ring_not_closed``, ``out_of_range``.

    Examples
    --------
    >>> [feature.id for feature in read(write([point(1.2, 49.7, id="a")]))]
    ['a']
    """
    features = []
    tree = _collection(text, file)
    with Faults(file=file) as faults:
        _check_crs(tree.get("crs"), faults)
        for row, data in enumerate(tree["features"], start=1):
            with faults.also():
                features.append(_feature(data, row, file))
    return tuple(features)


def _collection(text: str, file: str) -> dict[str, Any]:
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        found = text[error.pos : error.pos + 20]
        fault = Fault(code="not_geojson", file=file, row=error.lineno, value=found)
        raise InputError([fault]) from None
    named = isinstance(tree, dict) and tree.get("type") == "FeatureCollection"
    if not named or not isinstance(tree.get("features"), list):
        raise InputError([Fault(code="not_geojson", file=file, value=text[:20])])
    return dict(tree)


def _feature_dict(feature: Feature, decimals: int) -> dict[str, Any]:
    named = {"id": feature.id} if feature.id else {}
    return {
        "type": "Feature",
        **named,
        "geometry": {
            "type": feature.geometry,
            "coordinates": _rounded(_right_handed(feature), decimals),
        },
        "properties": _strict(dict(feature.properties)),
    }


def _rounded(coordinates: Any, decimals: int) -> Any:
    if isinstance(coordinates, (tuple, list)):
        return [_rounded(part, decimals) for part in coordinates]
    return round(float(coordinates), decimals) + 0.0  # + 0.0: never write -0.0


def _right_handed(feature: Feature) -> tuple[Any, ...]:
    """The coordinates with outer rings counterclockwise and holes clockwise (RFC 7946, 3.1.6)."""
    if feature.geometry == "Polygon":
        return _turned(feature.coordinates)
    if feature.geometry == "MultiPolygon":
        return tuple(_turned(rings) for rings in feature.coordinates)
    return feature.coordinates


def _turned(rings: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        ring if (_doubled_area(ring) > 0) == (number == 0) else tuple(reversed(ring))
        for number, ring in enumerate(rings)
    )


def _doubled_area(ring: tuple[Any, ...]) -> float:
    """Twice the signed area: positive where the ring runs counterclockwise."""
    return math.fsum(
        a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)
    )


def _strict(value: Any) -> Any:
    """`value` with null for what JSON cannot say (unreachable is null)."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {name: _strict(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_strict(part) for part in value]
    return value


def _check_crs(crs: Any, faults: Faults) -> None:
    """Old files name a reference system; ours is WGS84 or none at all."""
    if crs is not None and not any(name in json.dumps(crs) for name in _WGS84_NAMES):
        faults.add("not_wgs84", column="crs", value=json.dumps(crs))


def _feature(data: Any, row: int, file: str) -> Feature:
    shape: Any = data.get("geometry") if isinstance(data, dict) else None
    name: Any = shape.get("type") if isinstance(shape, dict) else None
    if not isinstance(name, str) or name not in _DEPTH:
        fault = Fault(code="unknown_geometry", file=file, row=row, column="geometry", value=name)
        raise InputError([fault])
    coordinates = _tuples(shape.get("coordinates"))
    with Faults(file=file) as faults:
        if not _is_nested(coordinates, _DEPTH[name]):
            faults.add("wrong_shape", row=row, column="coordinates", value=name)
        else:
            _check_degrees(coordinates, _DEPTH[name], row, faults)
            if "Polygon" in name and not _is_closed(coordinates, _DEPTH[name]):
                faults.add("ring_not_closed", row=row, column="coordinates", value=name)
    return Feature(
        geometry=cast("Geometry", name),
        coordinates=coordinates,
        properties=data.get("properties") or {},
        id=str(data.get("id", "")),
    )


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _is_nested(value: Any, depth: int) -> bool:
    """Whether `value` holds positions exactly `depth` levels down."""
    if not isinstance(value, tuple) or not value:
        return False
    if depth:
        return all(_is_nested(part, depth - 1) for part in value)
    return len(value) >= 2 and all(
        isinstance(part, (int, float)) and not isinstance(part, bool) for part in value
    )


def _is_closed(value: Any, depth: int) -> bool:
    """Whether every ring ends where it begins and has room inside."""
    if depth == 1:
        return len(value) >= 4 and value[0] == value[-1]
    return all(_is_closed(part, depth - 1) for part in value)


def _check_degrees(coordinates: tuple[Any, ...], depth: int, row: int, faults: Faults) -> None:
    """One fault for the first longitude and the first latitude that no globe has."""
    positions = list(_positions(coordinates, depth))
    for axis, (column, most) in enumerate((("lon", 180), ("lat", 90))):
        wrong = [position[axis] for position in positions if not abs(position[axis]) <= most]
        if wrong:
            faults.add(
                "out_of_range", row=row, column=column, value=wrong[0], least=-most, most=most
            )


def _positions(coordinates: tuple[Any, ...], depth: int) -> Iterator[tuple[float, ...]]:
    if depth == 0:
        yield coordinates
    else:
        for part in coordinates:
            yield from _positions(part, depth - 1)
