"""Maps from plain features: a still one (SVG) and a live one (MapLibre GL style), told once."""

from msap_mobility.render.layers import Kind, Layer, Look, Sheet, radius, round_look
from msap_mobility.render.maplibre import maplibre_style
from msap_mobility.render.marks import swatch
from msap_mobility.render.markup import Child, Markup, element, join
from msap_mobility.render.svg import svg_map

__all__ = [
    "Child",
    "Kind",
    "Layer",
    "Look",
    "Markup",
    "Sheet",
    "element",
    "join",
    "maplibre_style",
    "radius",
    "round_look",
    "svg_map",
    "swatch",
]
