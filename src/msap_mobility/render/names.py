"""The names on a map: which are shown, and on which side of their points.

Decided once, at the scale of the still map; the live map keeps the same sides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.render.labels import Box, Name, PlacedName, place_names, text_width
from msap_mobility.render.projection import Projection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.formats.geojson import Feature
    from msap_mobility.render.layers import Layer, Sheet

__all__ = ["BADGE_SIZE", "NAME_SIZE", "badge_box", "names_of", "radius_of", "sight_of"]

WIDTH = 760.0
MARGIN = 48.0
NAME_SIZE = 12.0
BADGE_SIZE = 11.5
"""Pixels: width of the still map, space around its features, font sizes."""


def sight_of(sheet: Sheet) -> Projection:
    """The projection of the still map."""
    return Projection.fit(
        sheet.positions(), width=WIDTH, margin=MARGIN, least_height=360.0, most_height=820.0
    )


def names_of(sheet: Sheet, sight: Projection) -> tuple[PlacedName, ...]:
    """The names that fit: upper layers first, larger points before smaller ones.

    Parameters
    ----------
    sheet
        The map.
    sight
        Its projection.
    """
    frame = Box(4, 4, sight.width - 4, sight.height - 4)
    taken = [Box(0, sight.height - 34, 150, sight.height), Box(720, 0, sight.width, 54)]
    taken += _signs(sheet, sight)
    return place_names(wanted_names(sheet, sight), size=NAME_SIZE, frame=frame, taken=taken)


def wanted_names(sheet: Sheet, sight: Projection) -> list[Name]:
    """Every name beside a point, the most important first."""
    ranked = [
        (rank, -radius_of(layer, feature), _name(layer, feature, sight))
        for rank, layer in enumerate(reversed(sheet.layers))
        if layer.kind == "point"
        for feature in layer.features
        if feature.properties.get("label")
    ]
    return [name for _, _, name in sorted(ranked, key=lambda entry: entry[:2])]


def badge_box(label: str, x: float, y: float) -> Box:
    """The plate a badge's label is written on."""
    half = max(text_width(label, BADGE_SIZE) / 2 + 6.0, 11.0)
    return Box(x - half, y - 10.0, x + half, y + 10.0)


def radius_of(layer: Layer, feature: Feature) -> float:
    """The radius of a point, pixels."""
    return float(feature.properties.get("radius", layer.look.radius))


def _name(layer: Layer, feature: Feature, sight: Projection) -> Name:
    lon, lat = feature.coordinates[:2]
    x, y = sight.pixel(lon, lat)
    gap = radius_of(layer, feature) + 3
    return Name(text=str(feature.properties["label"]), x=x, y=y, gap=gap, lon=lon, lat=lat)


def _signs(sheet: Sheet, sight: Projection) -> Iterator[Box]:
    """Boxes of the badges and shapes, which no name may cover."""
    for layer in sheet.layers:
        for feature in layer.features:
            if layer.kind == "badge":
                x, y = sight.pixel(*feature.coordinates[:2])
                yield badge_box(str(feature.properties["label"]), x, y)
            elif layer.kind == "point" and layer.look.shape:
                x, y = sight.pixel(*feature.coordinates[:2])
                size = layer.look.radius
                yield Box(x - size, y - size, x + size, y + size)
