"""Extracts of OpenStreetMap: what is in them, and what a bad one says."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np
import pytest

from msap_mobility.errors import InputError, MissingExtra
from msap_mobility.formats import osm
from tests.real_data import real_data

UNSORTED = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="by hand">
  <bounds minlat="45" minlon="1" maxlat="46" maxlon="2"/>
  <way id="50">
    <nd ref="3"/><nd ref="1"/><nd ref="99"/><nd ref="2"/>
    <tag k="highway" v="tertiary"/><tag k="name" v="Rue de l'Église"/>
  </way>
  <relation id="7"><member type="way" ref="50" role=""/><tag k="type" v="route"/></relation>
  <way id="51"><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="4"/>
    <tag k="building" v="yes"/></way>
  <way id="52"><nd ref="4"/><nd ref="5"/><tag k="building" v="no"/></way>
  <node id="3" lat="45.3" lon="1.3"/>
  <node id="1" lat="45.1" lon="1.1"/>
  <node id="2" lat="45.2" lon="1.2"/>
  <node id="2" lat="45.2" lon="1.2"/>
  <node id="4" lat="45.0" lon="1.0"/>
  <node id="5" lat="45.0" lon="1.0004"/>
  <node id="6" lat="45.0002" lon="1.0004"/>
  <node id="7" lat="45.0002" lon="1.0"/>
  <node id="8" lat="45.5" lon="1.5"><tag k="building" v="hut"/></node>
  <node id="9"/>
</osm>
"""


def is_road(tags: dict[str, str]) -> bool:
    return "highway" in tags


@pytest.fixture(params=[".osm", ".osm.gz"])
def unsorted_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"by_hand{request.param}"
    content = UNSORTED.encode("utf-8")
    path.write_bytes(gzip.compress(content) if request.param.endswith("gz") else content)
    return path


def test_ways_before_their_nodes(unsorted_file: Path) -> None:
    ways = osm.read_ways(unsorted_file, is_road)
    assert ways.way_id.tolist() == [50]
    assert ways.tags == ({"highway": "tertiary", "name": "Rue de l'Église"},)
    assert ways.refs.tolist() == [3, 1, 99, 2]
    assert ways.starts.tolist() == [0, 4]
    assert ways.node_id.tolist() == [1, 2, 3]
    assert ways.lon.tolist() == [1.1, 1.2, 1.3]
    assert ways.lat.tolist() == [45.1, 45.2, 45.3]
    known, row = ways.node_rows()
    assert known.tolist() == [True, True, False, True]
    assert row[known].tolist() == [2, 0, 1]


def test_buildings_are_centroids(unsorted_file: Path) -> None:
    found = osm.buildings(unsorted_file)
    assert found.id == ("n8", "w51")
    np.testing.assert_allclose(found.lon, [1.5, 1.0002])
    np.testing.assert_allclose(found.lat, [45.5, 45.0001])
    assert found.tags == ({"building": "hut"}, {"building": "yes"})


def test_centroid_of_an_l_shape_and_of_a_line(tmp_path: Path) -> None:
    corners = [(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)]
    nodes = "".join(
        f'<node id="{i}" lon="{1 + x / 1e4}" lat="{45 + y / 1e4}"/>'
        for i, (x, y) in enumerate(corners)
    )
    ways = (
        '<way id="1">' + "".join(f'<nd ref="{i % 6}"/>' for i in range(7)) + "{}</way>"
        '<way id="2"><nd ref="0"/><nd ref="1"/>{}</way>'
    ).replace("{}", '<tag k="building" v="farm"/>')
    path = tmp_path / "shapes.osm"
    path.write_text(f"<osm>{nodes}{ways}</osm>", encoding="utf-8")
    found = osm.buildings(path)
    # Three unit squares centred on (½, ½), (1½, ½), (½, 1½)
    np.testing.assert_allclose((found.lon - 1) * 1e4, [5 / 6, 1], atol=1e-6)
    np.testing.assert_allclose((found.lat - 45) * 1e4, [5 / 6, 0], atol=1e-6)


def test_both_formats_of_the_same_extract_agree() -> None:
    binary = real_data("roads/meuse_montiers.osm.pbf")
    text = real_data("roads/meuse_montiers.osm.gz")
    ours, theirs = osm.read_ways(text, is_road), osm.read_ways(binary, is_road)
    by_id = np.argsort(ours.way_id), np.argsort(theirs.way_id)
    np.testing.assert_array_equal(ours.way_id[by_id[0]], theirs.way_id[by_id[1]])
    np.testing.assert_array_equal(ours.node_id, theirs.node_id)
    np.testing.assert_allclose(ours.lon, theirs.lon, atol=1e-9)
    np.testing.assert_allclose(ours.lat, theirs.lat, atol=1e-9)
    assert [ours.tags[i] for i in by_id[0]] == [theirs.tags[i] for i in by_id[1]]
    houses = osm.buildings(text), osm.buildings(binary)
    assert sorted(houses[0].id) == sorted(houses[1].id)
    assert len(houses[0]) == 795


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.osm.pbf", b"", "osm_file_empty"),
        ("empty.osm", b"", "osm_file_empty"),
        ("empty.osm.gz", gzip.compress(b"", mtime=0), "osm_file_damaged"),
        ("noise.osm.pbf", b"\x00\x00\x00\x0dnot a pbf at all", "osm_file_damaged"),
        ("noise.osm.gz", b"not gzip", "osm_file_damaged"),
        (
            "latin.osm",
            b"<osm><way id='1'><tag k='highway' v='\xe9'/></way></osm>",
            "osm_file_damaged",
        ),
        ("cut.osm", UNSORTED[:600].encode(), "osm_file_damaged"),
        ("cut.osm.gz", gzip.compress(UNSORTED.encode(), mtime=0)[:200], "osm_file_damaged"),
        ("gpx.osm", b"<gpx></gpx>", "osm_file_damaged"),
        ("letters.osm", b'<osm><node id="x" lon="1" lat="45"/></osm>', "osm_file_damaged"),
        ("number.osm", UNSORTED.replace('id="3"', f'id="{10**30}"').encode(), "osm_file_damaged"),
        ("off.osm", UNSORTED.replace('lat="45.3"', 'lat="4530"').encode(), "osm_file_damaged"),
        ("nan.osm", UNSORTED.replace('lon="1.3"', 'lon="nan"').encode(), "osm_file_damaged"),
        ("roads.shp", b"anything", "osm_unknown_ending"),
    ],
)
def test_a_bad_file_is_one_fault(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        osm.read_ways(path, is_road)
    (fault,) = caught.value.faults
    assert fault.code == code
    assert fault.file == str(path)
    assert name in fault.what("fr")
    assert fault.remedy("fr") != fault.remedy("en")


def test_a_missing_file_is_one_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        osm.buildings(tmp_path / "nowhere.osm.pbf")
    assert [fault.code for fault in caught.value.faults] == ["osm_file_missing"]


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_pbf_is_a_fault(tmp_path: Path, share: float) -> None:
    whole = real_data("roads/meuse_montiers.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError) as caught:
        osm.read_ways(path, is_road)
    assert [fault.code for fault in caught.value.faults] == ["osm_file_damaged"]


def test_without_osmium_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "some.osm.pbf"
    path.write_bytes(b"x")
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(MissingExtra) as caught:
        osm.read_ways(path, is_road)
    assert caught.value.extra == "osm"


KEYS = osm.NetworkKeys(
    ways=("highway",), marks=("barrier", "highway"), relations={"type": "restriction"}
)
NETWORK = """<osm version="0.6">
  <node id="1" lat="45.1" lon="1.1"/><node id="2" lat="45.2" lon="1.2"/>
  <node id="3" lat="45.3" lon="1.3"><tag k="barrier" v="gate"/></node>
  <node id="4" lat="45.4" lon="1.4"><tag k="name" v="Ici"/></node>
  <node id="5" lat="45.5" lon="1.5"><tag k="barrier" v="gate"/></node>
  <way id="50"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="tertiary"/></way>
  <way id="51"><nd ref="3"/><nd ref="99"/><nd ref="4"/><tag k="highway" v="tertiary"/></way>
  <way id="52"><nd ref="3"/><tag k="highway" v="tertiary"/></way>
  <way id="53"><nd ref="5"/><nd ref="4"/><tag k="name" v="Rue"/></way>
  <way id="54"><nd ref="5"/><nd ref="4"/><tag k="highway" v="steps"/></way>
  <relation id="7">
    <member type="way" ref="50" role="from"/><member type="node" ref="3" role="via"/>
    <member type="way" ref="51" role="to"/>
    <tag k="type" v="restriction"/><tag k="restriction" v="no_u_turn"/>
  </relation>
  <relation id="8"><member type="way" ref="50" role=""/><tag k="type" v="route"/></relation>
</osm>"""


def check_network(path: Path) -> None:
    network = osm.read_network(path, lambda tags: tags["highway"] == "tertiary", KEYS)
    ways = network.ways
    assert ways.way_id.tolist() == [50, 51, 52]
    assert ways.refs.tolist() == [1, 2, 3, 3, 99, 4, 3]
    assert ways.node_id.tolist() == [1, 2, 3, 4]
    assert ways.lon.tolist() == [1.1, 1.2, 1.3, 1.4]
    assert ways.lat.tolist() == [45.1, 45.2, 45.3, 45.4]
    assert network.marks == {3: {"barrier": "gate"}}
    (relation,) = network.relations
    assert relation.id == 7
    assert relation.members == (("w", 50, "from"), ("n", 3, "via"), ("w", 51, "to"))
    assert relation.ids("to", "w") == (51,)
    assert relation.ids("to", "n") == ()


@pytest.mark.parametrize("ending", [".osm", ".osm.gz"])
def test_a_network_as_text(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"network{ending}"
    content = NETWORK.encode()
    path.write_bytes(gzip.compress(content) if ending.endswith("gz") else content)
    check_network(path)


@pytest.mark.parametrize("nodes_first", [True, False])
def test_a_network_in_binary(tmp_path: Path, nodes_first: bool) -> None:
    """Ways torn by the border or before their nodes are as whole as the others."""
    osmium = pytest.importorskip("osmium")
    text, path = tmp_path / "network.osm", tmp_path / "network.osm.pbf"
    text.write_text(NETWORK, encoding="utf-8")
    kinds = osmium.osm.NODE, osmium.osm.WAY | osmium.osm.RELATION
    with osmium.SimpleWriter(path) as writer:
        for some in kinds if nodes_first else kinds[::-1]:
            for element in osmium.FileProcessor(text, some):
                writer.add(element)
    check_network(path)
    check_network(path.rename(tmp_path / "NETWORK.OSM.PBF"))


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_network_is_a_fault(tmp_path: Path, share: float) -> None:
    whole = real_data("roads/meuse_montiers.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError) as caught:
        osm.read_network(path, is_road, KEYS)
    assert [fault.code for fault in caught.value.faults] == ["osm_file_damaged"]
