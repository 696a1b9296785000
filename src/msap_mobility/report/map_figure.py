"""The map in the page: still at first, live where the browser can, with its key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msap_mobility.render import Layer, Markup, element, maplibre_style, svg_map, swatch
from msap_mobility.report.sheet import sheet_of
from msap_mobility.report.tables import paragraph, section
from msap_mobility.wording import say

if TYPE_CHECKING:
    from msap_mobility.render import Sheet
    from msap_mobility.report.story import Story
    from msap_mobility.wording import Lang

__all__ = ["map_data", "map_section"]

_CONTROLS = (
    "NavigationControl.ZoomIn",
    "NavigationControl.ZoomOut",
    "CooperativeGesturesHandler.WindowsHelpText",
    "CooperativeGesturesHandler.MacHelpText",
    "CooperativeGesturesHandler.MobileHelpText",
    "Map.Title",
    "Popup.Close",
    "ScaleControl.Meters",
    "ScaleControl.Kilometers",
    "AttributionControl.ToggleAttribution",
)
"""Words MapLibre shows, by its own names for them."""


def map_section(story: Story, lang: Lang) -> Markup:
    """The figure: a still map for everybody, and an empty place for the live one."""
    sheet = sheet_of(story, lang)
    still = element("div", svg_map(sheet, lang=lang, id="still-map"), class_="still")
    live = element("div", id="live-map", class_="live")
    north = element("span", "↑ ", sheet.north, class_="north", aria_hidden="true")
    return section(
        "map",
        say("report.map.title", lang),
        paragraph(say("report.map.lead", lang)),
        element(
            "figure",
            still,
            element("div", live, north, class_="frame", hidden=True),
            _key(sheet, lang),
            element("figcaption", say("report.map.caption", lang)),
            id="map-figure",
        ),
    )


def _key(sheet: Sheet, lang: Lang) -> Markup:
    """The live map's legend; a circuit's entry shows and hides it."""
    entries = [_entry(layer) for layer in sheet.layers if layer.legend]
    title = element("legend", say("report.map.key", lang))
    return element("fieldset", title, element("ul", *entries), class_="key", hidden=True)


def _entry(layer: Layer) -> Markup:
    drawn = swatch(layer.kind, layer.look, 0.0, 10.0)
    sign = element("svg", drawn, viewBox="0 0 36 20", class_="swatch", aria_hidden="true")
    if layer.kind != "line":
        return element("li", sign, layer.legend)
    box = element("input", type="checkbox", checked=True, data_layer=layer.id)
    return element("li", element("label", box, sign, layer.legend))


def map_data(story: Story, lang: Lang) -> str:
    """What the script draws, as JSON that is harmless inside ``<script>``."""
    sheet = sheet_of(story, lang)
    words = {name: say(f"report.control.{name.replace('.', '_')}", lang) for name in _CONTROLS}
    positions = list(sheet.positions())
    data = {
        "style": maplibre_style(sheet),
        "bounds": [
            [min(lon for lon, _ in positions), min(lat for _, lat in positions)],
            [max(lon for lon, _ in positions), max(lat for _, lat in positions)],
        ],
        "attribution": sheet.attribution,
        "label": f"{sheet.title}. {say('report.map.keyboard', lang)}",
        "locale": words,
        "find": say("report.map.find", lang),
    }
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
