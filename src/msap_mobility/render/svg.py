"""The still map: one SVG, readable without a script, in print and by a screen reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.render.layers import stacked
from msap_mobility.render.legend import legend
from msap_mobility.render.marks import mark, paint
from msap_mobility.render.markup import Markup, element, join
from msap_mobility.render.names import (
    BADGE_SIZE,
    NAME_SIZE,
    WIDTH,
    badge_box,
    names_of,
    radius_of,
    sight_of,
)
from msap_mobility.render.palette import CASING, GROUND, INK, PAPER
from msap_mobility.render.projection import round_length
from msap_mobility.wording import distance

if TYPE_CHECKING:
    from msap_mobility.formats.geojson import Feature
    from msap_mobility.render.labels import PlacedName
    from msap_mobility.render.layers import Layer, Sheet
    from msap_mobility.render.projection import Projection
    from msap_mobility.wording import Lang

__all__ = ["svg_map"]


def svg_map(sheet: Sheet, *, lang: Lang = "en", id: str = "map") -> Markup:  # noqa: A002 - XML's own word
    """A map as one ``<svg>`` element, its legend, scale, north and attribution inside.

    Parameters
    ----------
    sheet
        What to draw.
    lang
        Of the scale bar; the sheet brings its other words.
    id
        Prefix of the ids of title and description, unique in the page.

    Examples
    --------
    >>> from msap_mobility.formats import geojson
    >>> from msap_mobility.render import Layer, Look, Sheet
    >>> here = geojson.point(1.24, 49.72, label="Bellencombre")
    >>> villages = Layer(id="villages", kind="point", legend="Village", look=Look(fill="#1d2730"),
    ...                  features=(here,))
    >>> sheet = Sheet(title="Map", description="One village.", layers=(villages,), attribution="")
    >>> svg_map(sheet)[:23]
    '<svg xmlns="http://www.'
    """
    sight = sight_of(sheet)
    key = legend(sheet, top=sight.height + 14.0, width=WIDTH)
    height = sight.height + key.height + 34.0
    return element(
        "svg",
        element("title", sheet.title, id=f"{id}-title"),
        element("desc", sheet.description, id=f"{id}-desc"),
        element("rect", width=WIDTH, height=sight.height, rx=6, fill=GROUND),
        *(_drawn(layer, sight) for layer in stacked(sheet.layers)),
        element("g", *map(_name, names_of(sheet, sight)), class_="names"),
        _scale(sight, lang),
        _north(sheet.north),
        key.markup,
        _text(sheet.attribution, x=0.0, y=height - 8.0, size=10.0),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {round(height)}",
        role="img",
        aria_labelledby=f"{id}-title {id}-desc",
        font_family="system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
        fill=INK,
    )


def _drawn(layer: Layer, sight: Projection) -> Markup:
    draw = {"area": _area, "line": _line, "point": _point, "badge": _badge}[layer.kind]
    return element(
        "g",
        *(draw(layer, feature, sight) for feature in layer.features),
        class_="layer",
        data_layer=layer.id,
    )


def _area(layer: Layer, feature: Feature, sight: Projection) -> Markup:
    path = "".join(_path(ring, sight) + "Z" for ring in feature.coordinates)
    return element("path", _told(feature), d=path, **paint(layer.look))


def _line(layer: Layer, feature: Feature, sight: Projection) -> Markup:
    path = _path(feature.coordinates, sight)
    look = layer.look
    shared = {"d": path, "fill": "none", "stroke_linejoin": "round"}
    casing = None
    if look.cased:
        casing = element("path", **shared, stroke=PAPER, stroke_width=look.width + CASING)
    drawn = element("path", _told(feature), **shared, **paint(look, outline=True))
    return element("g", casing, drawn, transform="translate({:g} {:g})".format(*look.shift))


def _path(pairs: tuple[tuple[float, float], ...], sight: Projection) -> str:
    return "M" + "L".join("{:.1f} {:.1f}".format(*sight.pixel(*pair[:2])) for pair in pairs)


def _point(layer: Layer, feature: Feature, sight: Projection) -> Markup:
    x, y = sight.pixel(*feature.coordinates[:2])
    return mark(layer.look, x, y, radius=radius_of(layer, feature), told=_told(feature))


def _badge(layer: Layer, feature: Feature, sight: Projection) -> Markup:
    x, y = sight.pixel(*feature.coordinates[:2])
    label = str(feature.properties["label"])
    box = badge_box(label, x, y)
    plate = element(
        "rect",
        _told(feature),
        x=box.left,
        y=box.top,
        width=box.right - box.left,
        height=box.bottom - box.top,
        rx=9,
        **paint(layer.look),
    )
    words = _text(
        label, x=x, y=y + 4.0, size=BADGE_SIZE, anchor="middle", fill=PAPER, font_weight="700"
    )
    return join([plate, words])


def _told(feature: Feature) -> Markup | None:
    name = feature.properties.get("name")
    return element("title", str(name)) if name else None


def _name(placed: PlacedName) -> Markup:
    anchors = {"right": "start", "left": "end", "above": "middle", "below": "middle"}
    return _text(
        placed.name.text,
        x=placed.x,
        y=placed.y,
        size=NAME_SIZE,
        anchor=anchors[placed.side],
        stroke=GROUND,
        stroke_width=3.5,
        stroke_linejoin="round",
        paint_order="stroke",
    )


def _scale(sight: Projection, lang: Lang) -> Markup:
    length = round_length(150.0 / sight.scale)
    x, y, pixels = 16.0, sight.height - 14.0, length * sight.scale
    bar = element(
        "path",
        d=f"M{x:.1f} {y - 6:.1f}V{y:.1f}H{x + pixels:.1f}V{y - 6:.1f}",
        fill="none",
        stroke=INK,
        stroke_width=1.5,
    )
    words = _text(distance(length, lang), x=x + 5, y=y - 5, size=11.0)
    return element("g", bar, words, class_="scale")


def _north(letter: str) -> Markup:
    arrow = element("path", d="M738 20l6 18-6-4-6 4Z", fill=INK)
    return element("g", arrow, _text(letter, x=738.0, y=50.0, size=11.0, anchor="middle"))


def _text(
    text: str,
    *,
    x: float,
    y: float,
    size: float,
    anchor: str = "start",
    **more: str | float,
) -> Markup:
    return element(
        "text",
        text,
        x=x,
        y=y,
        font_size=size,
        text_anchor=None if anchor == "start" else anchor,
        **more,
    )
