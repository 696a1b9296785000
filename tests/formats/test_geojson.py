"""GeoJSON: what is written is read back, strictly, and every fault is told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.formats import geojson

lon = st.floats(-180, 180).map(lambda value: round(value, 6) + 0.0)
lat = st.floats(-90, 90).map(lambda value: round(value, 6) + 0.0)
position = st.tuples(lon, lat)
plain = (
    st.text(st.characters(exclude_categories=["Cs"])) | st.integers() | st.booleans() | st.none()
)
properties = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), plain, max_size=3)


@given(st.lists(st.tuples(position, properties), max_size=5))
def test_points_come_back(rows):
    features = [
        geojson.Feature(geometry="Point", coordinates=where, properties=told, id=str(number))
        for number, (where, told) in enumerate(rows, start=1)
    ]
    assert list(geojson.read(geojson.write(features))) == features


@given(st.lists(position, min_size=2, max_size=6), st.integers(0, 7))
def test_lines_keep_their_order_and_decimals(pairs, decimals):
    written = geojson.to_dict([geojson.line(pairs)], decimals=decimals)
    coordinates = written["features"][0]["geometry"]["coordinates"]
    for (x, y), (a, b) in zip(coordinates, pairs, strict=True):
        assert abs(x - a) <= 0.5 * 10**-decimals + 1e-9
        assert abs(y - b) <= 0.5 * 10**-decimals + 1e-9


SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
HOLE = tuple((0.25 + x / 2, 0.25 + y / 2) for x, y in SQUARE)


@pytest.mark.parametrize("ring", [SQUARE, SQUARE[::-1]])
@pytest.mark.parametrize("hole", [HOLE, HOLE[::-1]])
def test_rings_follow_the_right_hand_rule(ring, hole):
    both = geojson.Feature(geometry="Polygon", coordinates=(ring, hole))
    many = geojson.Feature(geometry="MultiPolygon", coordinates=((ring, hole),))
    for feature in geojson.to_dict([both, many])["features"]:
        rings = feature["geometry"]["coordinates"]
        outer, inner = rings if feature["geometry"]["type"] == "Polygon" else rings[0]
        assert outer == [list(pair) for pair in SQUARE]
        assert inner == [list(pair) for pair in HOLE[::-1]]


def test_what_is_written_is_strict_json():
    feature = geojson.point(-0.0, 1e-9, worst=float("inf"), rows=[float("nan"), {"a": -1.5}])
    text = geojson.write([feature])

    def refuse(name):
        raise AssertionError(name)

    tree = json.loads(text, parse_constant=refuse)
    assert tree["features"][0]["properties"] == {"worst": None, "rows": [None, {"a": -1.5}]}
    assert "-0.0" not in text
    assert text.endswith("\n")
    assert list(tree["features"][0]) == ["type", "geometry", "properties"]


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def shape(kind, coordinates):
    return {
        "type": "Feature",
        "properties": None,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{", [("not_geojson", 1)]),
        ("[1, 2]", [("not_geojson", None)]),
        ('{"type": "Feature"}', [("not_geojson", None)]),
        (
            collection(crs={"properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}),
            [("not_wgs84", None)],
        ),
        (collection({"type": "Feature", "geometry": None}), [("unknown_geometry", 1)]),
        (collection(7), [("unknown_geometry", 1)]),
        (collection({"geometry": "Point"}), [("unknown_geometry", 1)]),
        (collection(shape(["Point"], [1, 2])), [("unknown_geometry", 1)]),
        (collection(shape("Point", ["1", 2])), [("wrong_shape", 1)]),
        (collection(shape("Point", [True, 2])), [("wrong_shape", 1)]),
        (collection(shape("LineString", [1, 2])), [("wrong_shape", 1)]),
        (
            collection(shape("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 1]]])),
            [("ring_not_closed", 1)],
        ),
        (collection(shape("Polygon", [[[0, 0], [1, 0], [0, 0]]])), [("ring_not_closed", 1)]),
        (collection(shape("Point", [1, float("nan")])), [("out_of_range", 1)]),
        (
            collection(
                shape("Point", [1.0, 49.0]),
                shape("Point", [560000.0, 6900000.0]),
                shape("Circle", [1, 2]),
            ),
            [("out_of_range", 2), ("out_of_range", 2), ("unknown_geometry", 3)],
        ),
    ],
)
def test_every_fault_is_told_with_its_place(text, found):
    with pytest.raises(InputError) as caught:
        geojson.read(text, file="layer.geojson")
    assert [(fault.code, fault.row) for fault in caught.value.faults] == found
    assert all(fault.file == "layer.geojson" for fault in caught.value.faults)
    assert caught.value.text("fr") != caught.value.text("en")


def test_wgs84_named_the_old_way_is_welcome():
    text = collection(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}})
    assert geojson.read(text) == ()


def test_utf8_stays_readable():
    assert "Écaquelon" in geojson.write([geojson.point(0, 0, name="Écaquelon")])
