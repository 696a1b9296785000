"""The still map and the live map show the same things, and neither shows too much."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from msap_mobility.errors import BrokenInvariant
from msap_mobility.render import Sheet, maplibre_style, svg_map
from msap_mobility.render.labels import Box, Name, place_names
from msap_mobility.render.names import names_of, sight_of
from msap_mobility.render.projection import Projection, round_length
from tests.render.strategies import position, sheets

SVG = "{http://www.w3.org/2000/svg}"
SIGNS = {"rect", "circle", "path"}


def drawn(sheet: Sheet) -> ET.Element:
    return ET.fromstring(svg_map(sheet))


def group(svg: ET.Element, layer: str) -> ET.Element:
    found = svg.find(f".//{SVG}g[@data-layer='{layer}']")
    assert found is not None
    return found


@settings(deadline=None, max_examples=60)
@given(sheets())
def test_both_maps_have_every_feature_of_every_layer(sheet):
    svg, style = drawn(sheet), maplibre_style(sheet)
    for layer in sheet.layers:
        named = [title.text for title in group(svg, layer.id).iter(f"{SVG}title")]
        data = style["sources"][layer.id]["data"]["features"]
        assert len(data) == len(layer.features)
        told = [str(feature["properties"].get("name", "")) for feature in data]
        assert named == [name for name in told if name]
        assert any(part["id"] == layer.id for part in style["layers"])


@settings(deadline=None, max_examples=60)
@given(sheets())
def test_both_maps_give_a_layer_the_same_look(sheet):
    svg, style = drawn(sheet), maplibre_style(sheet)
    parts = {part["id"]: part for part in style["layers"]}
    for layer in sheet.layers:
        if layer.kind != "line":
            continue
        line = group(svg, layer.id).findall(f".//{SVG}path")[-1]
        paint = parts[layer.id]["paint"]
        assert line.get("stroke") == paint["line-color"]
        assert float(line.get("stroke-width")) == paint["line-width"]
        dash = [float(length) for length in (line.get("stroke-dasharray") or "").split()]
        assert dash == pytest.approx(
            [length * paint["line-width"] for length in paint.get("line-dasharray", [])]
        )


@settings(deadline=None, max_examples=60)
@given(sheets())
def test_the_live_map_is_json_and_asks_for_nothing(sheet):
    style = maplibre_style(sheet)
    text = json.dumps(style, allow_nan=False)
    assert "http" not in re.sub(r'"(name|label)": "(\\.|[^"\\])*"', "", text)
    assert not {"glyphs", "sprite"} & set(style)
    assert all(source["type"] == "geojson" for source in style["sources"].values())
    assert len({part["id"] for part in style["layers"]}) == len(style["layers"])


@settings(deadline=None, max_examples=60)
@given(sheets())
def test_the_still_map_writes_every_name_that_has_room(sheet):
    names = drawn(sheet).find(f".//{SVG}g[@class='names']")
    placed = names_of(sheet, sight_of(sheet))
    assert [text.text for text in names] == [spot.name.text for spot in placed]
    assert len(maplibre_style(sheet)["sources"]["names"]["data"]["features"]) >= len(placed)


def test_the_still_map_has_a_text_alternative_scale_north_legend_and_attribution():
    sheet = _plain_sheet()
    svg = drawn(sheet)
    assert svg.get("role") == "img"
    labelled = [svg.find(f".//*[@id='{name}']") for name in svg.get("aria-labelledby").split()]
    assert [part.text for part in labelled] == [sheet.title, sheet.description]
    words = {text.text for text in svg.iter(f"{SVG}text")}
    assert {"N", "People", "Stop", "Made up"} <= words
    assert any(re.fullmatch(r"[\d,.]+ k?m", word or "") for word in words)


def _plain_sheet() -> Sheet:
    from msap_mobility.formats import geojson
    from msap_mobility.render import Layer, Look

    people = Layer(
        id="people",
        kind="point",
        legend="People",
        look=Look(fill="#ffffff"),
        features=(geojson.point(1.2, 49.7, label="Ardouval"),),
    )
    stops = Layer(
        id="stops",
        kind="badge",
        legend="Stop",
        look=Look(fill="#1d2730"),
        features=(geojson.point(1.3, 49.8, label="A1"),),
    )
    return Sheet(
        title="Map", description="Two things.", layers=(people, stops), attribution="Made up"
    )


def test_an_empty_map_is_a_fault_of_ours():
    with pytest.raises(BrokenInvariant):
        svg_map(Sheet(title="", description="", layers=(), attribution=""))


@given(st.lists(position, min_size=1, max_size=20), st.floats(200, 1000))
def test_the_projection_keeps_all_in_sight_and_north_up(positions, width):
    sight = Projection.fit(positions, width=width, margin=20, least_height=200, most_height=900)
    for lon, lat in positions:
        x, y = sight.pixel(lon, lat)
        assert 19.9 <= x <= width - 19.9
        assert 19.9 <= y <= sight.height - 19.9
    assert sight.pixel(1.3, 49.8)[1] < sight.pixel(1.3, 49.7)[1]


def test_the_projection_is_true_to_scale_against_proj():
    pyproj = pytest.importorskip("pyproj")
    corners = [(1.0, 49.5), (1.5, 49.9)]
    sight = Projection.fit(corners, width=760, margin=40, least_height=300, most_height=900)
    geod = pyproj.Geod(ellps="WGS84")
    for a, b in [
        ((1.1, 49.7), (1.4, 49.7)),
        ((1.2, 49.6), (1.2, 49.85)),
        ((1.1, 49.6), (1.4, 49.8)),
    ]:
        _, _, metres = geod.inv(*a, *b)
        (ax, ay), (bx, by) = sight.pixel(*a), sight.pixel(*b)
        pixels = ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5
        assert pixels / sight.scale == pytest.approx(metres, rel=0.01)


@given(st.floats(1, 1e6))
@example(999_999.9999999999)
def test_a_scale_bar_has_a_round_length(most):
    length = round_length(most)
    assert most / 2.51 <= length <= most
    assert str(length).strip("0.")[0] in "125"


@given(
    st.lists(
        st.builds(
            Name,
            text=st.text("abc", min_size=1, max_size=12),
            x=st.floats(0, 400),
            y=st.floats(0, 300),
            gap=st.floats(2, 20),
        ),
        max_size=25,
    ),
    st.lists(st.tuples(st.floats(0, 380), st.floats(0, 280)), max_size=4),
)
def test_placed_names_keep_apart_in_the_frame_and_off_what_is_taken(names, corners):
    frame = Box(0, 0, 400, 300)
    taken = [Box(x, y, x + 20, y + 20) for x, y in corners]
    placed = place_names(names, size=12, frame=frame, taken=taken)
    boxes = []
    for spot in placed:
        width = 12 * 0.56 * len(spot.name.text)
        left = {"right": spot.x, "left": spot.x - width}.get(spot.side, spot.x - width / 2)
        boxes.append(Box(left, spot.y - 9.6, left + width, spot.y + 3.0))
    assert all(box.within(frame) for box in boxes)
    assert not any(a.meets(b) for n, a in enumerate(boxes) for b in (*taken, *boxes[:n]))
