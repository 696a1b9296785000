"""The live map: the same layers as a MapLibre GL style, with all data inside.

No glyphs, sprites or tiles are named, for nothing may be fetched. Words and shapes are images the
page draws when the map misses them; their names say what to draw: ``text:Bellencombre``,
``badge:#1d2730:A1``, ``shape:#1d2730:#ffffff:1.5:M-6 -6…``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.formats import geojson
from msap_mobility.render.layers import stacked
from msap_mobility.render.names import names_of, sight_of, wanted_names
from msap_mobility.render.palette import CASING, GROUND, PAPER, SHAPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.render.labels import Side
    from msap_mobility.render.layers import Layer, Look, Sheet

__all__ = ["maplibre_style"]

_SMALLER_FAR_OFF = ["interpolate", ["linear"], ["zoom"], 8, 0.7, 9.5, 1]

NAMES = "names"
"""Source and layer of the names beside points."""

_ANCHORS: Mapping[Side, tuple[str, tuple[int, int]]] = {
    "right": ("left", (1, 0)),
    "left": ("right", (-1, 0)),
    "above": ("bottom", (0, -1)),
    "below": ("top", (0, 1)),
}
"""By side of the point: the edge of the name that touches it, and the way it is moved off."""

_NAMES_LAYER: Mapping[str, Any] = {
    "id": NAMES,
    "type": "symbol",
    "source": NAMES,
    "layout": {
        "icon-image": ["concat", "text:", ["get", "label"]],
        "icon-anchor": ["get", "anchor"],
        "icon-offset": ["get", "offset"],
        "icon-padding": 0,
        "symbol-sort-key": ["get", "rank"],
    },
}


def maplibre_style(sheet: Sheet) -> dict[str, Any]:
    """A style of version 8 (MapLibre Style Specification) that draws `sheet`.

    Every layer of the sheet is a source of its own name; every style layer carries that name in
    ``metadata.layer``.

    Examples
    --------
    >>> from msap_mobility.render import Layer, Look, Sheet
    >>> road = Layer(id="road", kind="line", legend="", look=Look(stroke="#0a63a8", width=3),
    ...              features=(geojson.line([(1.2, 49.7), (1.3, 49.7)]),))
    >>> sheet = Sheet(title="Map", description="A road.", layers=(road,), attribution="")
    >>> [layer["id"] for layer in maplibre_style(sheet)["layers"]]
    ['ground', 'road-casing', 'road', 'names']
    """
    ground = {"id": "ground", "type": "background", "paint": {"background-color": GROUND}}
    drawn = [part for layer in stacked(sheet.layers) for part in _drawn(layer)]
    badges = [part for part in drawn if part["metadata"]["kind"] == "badge"]
    below = [part for part in drawn if part["metadata"]["kind"] != "badge"]
    return {
        "version": 8,
        "name": sheet.title,
        "sources": {**{layer.id: _source(layer) for layer in sheet.layers}, NAMES: _names(sheet)},
        "layers": [ground, *below, _NAMES_LAYER, *badges],
    }


def _source(layer: Layer) -> dict[str, Any]:
    return {"type": "geojson", "data": geojson.to_dict(layer.features)}


def _drawn(layer: Layer) -> list[dict[str, Any]]:
    if layer.kind == "line":
        return _lines(layer)
    if layer.kind == "area":
        return [_part(layer, "fill", paint=_fill(layer.look))]
    if layer.kind == "badge":
        return [_image(layer, ["concat", f"badge:{layer.look.fill}:", ["get", "label"]])]
    if layer.look.shape:
        return [_image(layer, _shape(layer.look))]
    return [_part(layer, "circle", paint=_circle(layer.look))]


def _part(layer: Layer, kind: str, suffix: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": layer.id + suffix,
        "type": kind,
        "source": layer.id,
        "metadata": {"layer": layer.id, "kind": layer.kind},
        **more,
    }


def _lines(layer: Layer) -> list[dict[str, Any]]:
    look = layer.look
    shift = {"line-translate": list(look.shift)}
    paint: dict[str, Any] = {"line-color": look.stroke, "line-width": look.width, **shift}
    if look.dash:
        paint["line-dasharray"] = [length / look.width for length in look.dash]
    casing = {"line-color": PAPER, "line-width": look.width + CASING, **shift}
    shape = {"line-join": "round"}
    line = _part(layer, "line", layout=shape, paint=paint)
    if not look.cased:
        return [line]
    return [_part(layer, "line", "-casing", layout=shape, paint=casing), line]


def _fill(look: Look) -> dict[str, Any]:
    paint = {"fill-color": look.fill, "fill-opacity": look.opacity}
    return {**paint, "fill-outline-color": look.stroke} if look.stroke else paint


def _circle(look: Look) -> dict[str, Any]:
    paint: dict[str, Any] = {
        "circle-radius": ["coalesce", ["get", "radius"], look.radius],
        "circle-color": look.fill or "rgba(0,0,0,0)",
        "circle-opacity": look.opacity,
    }
    if look.stroke:
        paint |= {"circle-stroke-color": look.stroke, "circle-stroke-width": look.width}
    return paint


def _image(layer: Layer, name: Any) -> dict[str, Any]:
    layout = {"icon-image": name, "icon-allow-overlap": True, "icon-size": _SMALLER_FAR_OFF}
    return _part(layer, "symbol", layout=layout)


def _shape(look: Look) -> str:
    return f"shape:{look.fill}:{look.stroke}:{look.width:g}:{SHAPES[look.shape]}"


def _names(sheet: Sheet) -> dict[str, Any]:
    """Every name with its side, those of the still map first; the others wait for a zoom."""
    sight = sight_of(sheet)
    placed = {spot.name: spot.side for spot in names_of(sheet, sight)}
    names = sorted(wanted_names(sheet, sight), key=lambda name: name not in placed)
    features = []
    for rank, name in enumerate(names):
        anchor, (right, down) = _ANCHORS[placed.get(name, "above")]
        offset = [right * name.gap, down * name.gap]
        features.append(
            geojson.point(
                name.lon, name.lat, label=name.text, rank=rank, anchor=anchor, offset=offset
            )
        )
    return {"type": "geojson", "data": geojson.to_dict(features)}
