"""Kept on disk: the same answers, whatever happens to the files; nothing half-written is read."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from msap_mobility.errors import InputError
from msap_mobility.model import Points
from msap_mobility.roads import CAR, WALK, RoadGraph, RoadTimes
from msap_mobility.roads.array_files import DamagedError, read_arrays, write_arrays
from msap_mobility.roads.network import Network
from tests.real_data import real_data


def a_village(path: Path, *, nodes: int = 30, maxspeed: int = 50) -> Path:
    """A ring of named roads, one of them one-way, and a track off it."""
    spots = [(1 + 0.01 * np.cos(a), 45 + 0.01 * np.sin(a)) for a in np.linspace(0, 6, nodes)]
    rows = [
        f'<node id="{i + 1}" lon="{lon:.6f}" lat="{lat:.6f}"/>'
        for i, (lon, lat) in enumerate(spots)
    ]
    for way, (first, last, tags) in enumerate(
        [
            (1, nodes, {"highway": "residential", "name": "Rue É", "maxspeed": str(maxspeed)}),
            (nodes, 1, {"highway": "tertiary", "ref": "D 54", "oneway": "yes"}),
            (5, 15, {"highway": "track"}),
        ]
    ):
        refs = range(first, last + 1) if first < last and way == 0 else (first, last)
        inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        inner += "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        rows.append(f'<way id="{way + 1}">{inner}</way>')
    path.write_text(f'<osm version="0.6">{"".join(rows)}</osm>', encoding="utf-8")
    return path


@pytest.fixture
def village(tmp_path: Path) -> Path:
    return a_village(tmp_path / "village.osm")


def answers(times: RoadTimes) -> np.ndarray:
    points = Points(times.graph.lon, times.graph.lat)
    return times.table(points, points).seconds


def same(graph: RoadGraph, other: RoadGraph) -> None:
    for field in fields(RoadGraph):
        one, two = getattr(graph, field.name), getattr(other, field.name)
        if field.name == "sections":
            for column in fields(one):
                of_one, of_two = getattr(one, column.name), getattr(two, column.name)
                np.testing.assert_array_equal(of_one, of_two)
                assert type(of_one) is type(of_two)
        elif isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, two)
            assert one.dtype == two.dtype
        else:
            assert one == two


@pytest.mark.parametrize("turns", [False, True])
def test_what_is_kept_is_what_was_made(
    village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, turns: bool
) -> None:
    folder, told = tmp_path / "kept", []
    first = RoadTimes.from_osm(village, turns=turns, folder=folder, watch=told.append)
    assert told[-1] == 1.0
    assert sorted(told) == told
    expected = answers(RoadTimes(RoadGraph.from_osm(village), turns=turns))
    np.testing.assert_array_equal(answers(first), expected)
    forbid_making(monkeypatch)
    second = RoadTimes.from_osm(village, turns=turns, folder=folder)
    same(second.graph, first.graph)
    np.testing.assert_array_equal(answers(second), expected)


def forbid_making(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        message = "made again"
        raise AssertionError(message)

    monkeypatch.setattr(RoadGraph, "from_osm", refuse)
    monkeypatch.setattr(Network, "contract", refuse)


def test_another_content_profile_or_name_is_another_file(village: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    slow = RoadTimes.from_osm(village, folder=folder)
    fast = RoadTimes.from_osm(a_village(village, maxspeed=90), folder=folder)
    assert fast.graph.seconds.sum() < slow.graph.seconds.sum()
    on_foot = RoadTimes.from_osm(village, WALK, folder=folder)
    assert on_foot.graph.profile is WALK
    faster = replace(CAR, share_of_limit=1.0)
    assert RoadTimes.from_osm(village, faster, folder=folder).graph.profile is faster
    renamed = village.rename(tmp_path / "other.osm")
    (source,) = RoadTimes.from_osm(renamed, folder=folder).graph.sources
    assert "other.osm" in source.name.told("en")
    assert len({path.stem for path in folder.iterdir()}) == 5


def test_a_flipped_bit_or_a_lost_byte_anywhere_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    arrays = {"a": np.arange(5, dtype=np.int32), "b": np.zeros((0, 2)), "c": np.array([[1.5]])}
    write_arrays(path, arrays, {"told": ["x"]})
    read, told = read_arrays(path)
    assert told == {"told": ["x"]}
    for name, values in arrays.items():
        np.testing.assert_array_equal(read[name], values)
        assert read[name].dtype == values.dtype
        assert read[name].flags.writeable
    read["a"][:] = 7  # in memory alone
    whole = path.read_bytes()
    assert read_arrays(path)[0]["a"].tolist() == [0, 1, 2, 3, 4]
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        with pytest.raises(DamagedError):
            read_arrays(path)
        path.write_bytes(whole[:at])
        with pytest.raises(DamagedError):
            read_arrays(path)


@pytest.mark.parametrize("harm", ["flip", "half", "empty", "other"])
def test_a_damaged_file_is_made_again(village: Path, tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "kept"
    expected = answers(RoadTimes.from_osm(village, folder=folder))
    kept = sorted(folder.iterdir())
    contents = [path.read_bytes() for path in kept]
    assert len(kept) == 2
    for path, whole in zip(kept, contents, strict=True):
        middle = len(whole) // 2
        flipped = whole[:middle] + bytes([whole[middle] ^ 16]) + whole[middle + 1 :]
        path.write_bytes(
            {"flip": flipped, "half": whole[:middle], "empty": b"", "other": b"PK" * 900}[harm]
        )
        np.testing.assert_array_equal(answers(RoadTimes.from_osm(village, folder=folder)), expected)
        assert path.read_bytes() == whole


def test_where_nothing_can_be_kept_it_is_made_each_time(
    village: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with caplog.at_level(logging.WARNING, "msap_mobility.roads"):
        times = RoadTimes.from_osm(village, folder=in_the_way)
    assert "cannot be kept" in caplog.text
    np.testing.assert_array_equal(answers(times), answers(RoadTimes(RoadGraph.from_osm(village))))


def test_no_such_extract() -> None:
    with pytest.raises(InputError) as caught:
        RoadTimes.from_osm("nowhere.osm.pbf")
    assert caught.value.faults[0].code == "osm_file_missing"


def test_what_is_old_goes(village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "kept"
    monkeypatch.setattr("msap_mobility.roads.cache._KEPT", 3)
    folder.mkdir()
    for name, age_s in [(".x.graph.abc", 90_000), (".y.graph.abc", 60), ("z.graph", 5), ("w", 9)]:
        (folder / name).write_bytes(b"")
        os.utime(folder / name, (time.time() - age_s,) * 2)
    RoadTimes.from_osm(village, folder=folder)
    names = {path.name for path in folder.iterdir()}
    assert {".y.graph.abc", "z.graph"} < names
    assert len(names) == 4


CHILD = """
import sys, time, os
from pathlib import Path
from msap_mobility.roads import RoadTimes
from msap_mobility.model import Points
import numpy as np
extract, folder, ready, slow = sys.argv[1:]
if slow.startswith("slow"):
    fsync, whole = os.fsync, int(slow[4:])
    def wait(handle):
        global whole
        if len([path for path in Path(folder).iterdir() if path.name[0] != "."]) < whole:
            return fsync(handle)
        Path(ready).touch()
        time.sleep(60)
    os.fsync = wait
else:
    Path(ready).touch()
    while not Path(slow).exists():
        time.sleep(0.001)
times = RoadTimes.from_osm(extract, folder=Path(folder))
points = Points(times.graph.lon, times.graph.lat)
np.save(ready + ".npy", times.table(points, points).seconds)
"""


def child(*arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CHILD, *map(str, arguments)])


def wait_for(*paths: Path) -> None:
    while not all(path.exists() for path in paths):
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("whole", [0, 1])
def test_killed_while_it_is_written(village: Path, tmp_path: Path, whole: int) -> None:
    """While the graph is, or the hierarchy once the graph is there."""
    folder, ready = tmp_path / "kept", tmp_path / "ready"
    process = child(village, folder, ready, f"slow{whole}")
    wait_for(ready)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    left, *others = sorted(path.name for path in folder.iterdir())
    assert left.startswith(".")  # written, and never given its name
    assert len(others) == whole
    expected = answers(RoadTimes(RoadGraph.from_osm(village)))
    np.testing.assert_array_equal(answers(RoadTimes.from_osm(village, folder=folder)), expected)


def test_two_that_build_at_once(village: Path, tmp_path: Path) -> None:
    folder, go = tmp_path / "kept", tmp_path / "go"
    ready = [tmp_path / "one", tmp_path / "two"]
    processes = [child(village, folder, path, go) for path in ready]
    wait_for(*ready)
    go.touch()
    assert [process.wait() for process in processes] == [0, 0]
    expected = answers(RoadTimes(RoadGraph.from_osm(village)))
    for path in ready:
        np.testing.assert_array_equal(np.load(f"{path}.npy"), expected)
    assert len(list(folder.iterdir())) == 2


def test_a_real_extract_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = real_data("roads/liechtenstein.osm.pbf")
    first = RoadTimes.from_osm(path, folder=tmp_path)
    forbid_making(monkeypatch)
    second = RoadTimes.from_osm(path, folder=tmp_path)
    same(first.graph, second.graph)
    rows = np.random.default_rng(0).choice(len(first.graph), 40)
    points = Points(first.graph.lon[rows], first.graph.lat[rows])
    np.testing.assert_array_equal(
        first.table(points, points).seconds, second.table(points, points).seconds
    )
