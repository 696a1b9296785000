"""OSRM and Valhalla over HTTP: what they say is what we say, and what they refuse is told once."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.model import Reached
from msap_mobility.roads import room
from msap_mobility.roads.http import OsrmTimes, ValhallaTimes, server
from msap_mobility.roads.http.polyline import decoded
from tests.roads.http.fake_servers import World, encoded, osrm, serving, valhalla

Engine = Callable[..., Any]
ENGINES = [
    pytest.param(osrm, OsrmTimes, id="osrm"),
    pytest.param(valhalla, ValhallaTimes, id="valhalla"),
]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PAUSE_S", 0)


def codes(error: InputError) -> list[str]:
    for lang in ("en", "fr"):
        assert error.text(lang)
    return [fault.code for fault in error.faults]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    size = draw(st.integers(1, 9))
    cell = st.integers(0, 20_000) | st.just(np.inf)
    seconds = draw(st.lists(cell, min_size=size**2, max_size=size**2))
    seconds_of = np.array(seconds, float).reshape(size, size)
    off = draw(st.lists(st.sampled_from([0.0, 1000.0, 1001.0]), min_size=size, max_size=size))
    region = draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    seconds_of[np.not_equal.outer(region, region)] = np.inf
    return World(seconds=seconds_of, metres=seconds_of * 10, off_road_m=off, region=region)


@pytest.mark.parametrize(("fake", "engine"), ENGINES)
@given(world=worlds(), data=st.data())
@settings(max_examples=25)
def test_the_table_is_the_server_s_however_it_is_cut(
    fake: Engine, engine: Engine, world: World, data: st.DataObject
) -> None:
    some = st.lists(st.integers(0, len(world.seconds) - 1), max_size=7)
    rows, columns = data.draw(some), data.draw(some)
    world.most = data.draw(st.sampled_from([2, 4, 6, 100]))
    limit_s = data.draw(st.sampled_from([np.inf, *world.seconds.ravel().tolist()]))
    with serving(fake(world)) as url:
        times = engine(url, places_at_once=world.most)
        table = times.table(world.points(rows), world.points(columns), limit_s=limit_s)
    assert table.shape == (len(rows), len(columns))
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            seconds = world.seconds[row, column]
            far = max(world.off(row), world.off(column)) > 1000
            expected = (
                Reached.TOO_FAR_TO_SNAP if far
                else Reached.UNREACHABLE if np.isinf(seconds)
                else Reached.OVER_LIMIT if seconds > limit_s
                else Reached.OK
            )  # fmt: skip
            assert table.status[i, j] == expected
            there = expected == Reached.OK
            assert table.seconds[i, j] == (seconds if there else np.inf)
            assert table.metres[i, j] == (world.metres[row, column] if there else np.inf)


@pytest.mark.parametrize(("fake", "engine"), ENGINES)
def test_no_more_is_asked_than_needed(fake: Engine, engine: Engine) -> None:
    world = World(seconds=np.ones((101, 101)), metres=np.ones((101, 101)))
    with serving(fake(world), world.requests) as url:
        times = engine(url)
        assert world.requests == []
        assert times.table(world.points([]), world.points([1, 2])).shape == (0, 2)
        assert world.requests == []
        times.table(world.points(list(range(101))), world.points(list(range(50))))
    assert sum("locate" not in path for path in world.requests) == 3
    assert len(world.requests) == (3 if engine is OsrmTimes else 6)


@pytest.mark.parametrize(("fake", "engine"), ENGINES)
def test_what_has_no_room_is_not_asked(
    fake: Engine, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "free_bytes", lambda: 1000.0)
    world = World(seconds=np.ones((10, 10)), metres=np.ones((10, 10)))
    with serving(fake(world), world.requests) as url:
        times = engine(url)
        assert times.table(world.points([0]), world.points([1])).seconds.tolist() == [[1]]
        world.requests.clear()
        with pytest.raises(InputError) as caught:
            times.table(world.points(list(range(10))), world.points(list(range(10))))
        assert codes(caught.value) == ["too_big_for_memory"]
    assert world.requests == []


@pytest.mark.parametrize(("fake", "engine"), ENGINES)
def test_a_route_with_the_points_it_runs_through(fake: Engine, engine: Engine) -> None:
    seconds = np.array([[0.0, 600.0], [np.inf, 0.0]])
    world = World(seconds=seconds, metres=seconds * 10)
    a, b = world.places
    with serving(fake(world)) as url:
        times = engine(url)
        there, back = times.route(a, b), times.route(b, a)
    assert (there.seconds, there.metres, there.status) == (600, 6000, Reached.OK)
    assert there.line[0] == (a.lon, a.lat)
    assert there.line[-1] == (b.lon, b.lat)
    assert any(lat == 45.5 for _, lat in there.line)
    assert (back.seconds, back.metres, back.status) == (np.inf, np.inf, Reached.UNREACHABLE)


@pytest.mark.parametrize(("fake", "engine"), ENGINES)
def test_a_route_from_far_off_the_roads(fake: Engine, engine: Engine) -> None:
    world = World(seconds=np.ones((2, 2)), metres=np.ones((2, 2)), off_road_m=[0.0, 1500.0])
    with serving(fake(world)) as url:
        assert engine(url).route(*world.places).status is Reached.TOO_FAR_TO_SNAP
        assert engine(url, max_snap_m=1500).route(*world.places).status is Reached.OK
        assert engine(url, max_snap_m=np.inf).route(*world.places).status is Reached.OK


def test_a_valhalla_that_answers_pair_by_pair() -> None:
    seconds = np.array([[0.0, 600.0], [np.inf, 0.0]])
    world = World(seconds=seconds, metres=seconds * 10)
    with serving(valhalla(world, compact=False)) as url:
        table = ValhallaTimes(url).table(world.points([0, 1]), world.points([0, 1]))
    assert table.seconds.tolist() == seconds.tolist()
    assert table.metres.tolist() == (10 * seconds).tolist()


PLACES = World(seconds=np.ones((2, 2)), metres=np.ones((2, 2)))


@pytest.mark.parametrize("engine", [OsrmTimes, ValhallaTimes])
@pytest.mark.parametrize(
    ("reply", "code", "requests"),
    [
        ((503, b"starting"), "routing_server_busy", 2),
        ((429, {"message": "Too Many Requests"}), "routing_server_busy", 2),
        ((0, b""), "routing_server_down", 2),
        ((414, b"<html>"), "routing_server_too_big", 1),
        ((400, {"code": "TooBig", "error_code": 150, "error": "x"}), "routing_server_too_big", 1),
        ((400, {"code": "InvalidValue", "error_code": 125, "error": "x"}),
         "routing_server_refused", 1),
        ((404, b"<html>nothing here</html>"), "routing_server_unreadable", 1),
        ((200, b"[1, 2]"), "routing_server_unreadable", 1),
        ((200, b"[]"), "routing_server_unreadable", 1),
        ((200, b"7"), "routing_server_unreadable", 1),
        ((200, b'{"code": "Ok"'), "routing_server_unreadable", 1),
        ((200, b"\xff\xfe"), "routing_server_unreadable", 1),
        ((200, {"code": "Ok"}), "routing_server_unreadable", 1),
    ],
)  # fmt: skip
def test_one_plain_fault(engine: Engine, reply: tuple[int, Any], code: str, requests: int) -> None:
    seen: list[str] = []
    with serving(lambda *_: reply, seen) as url:
        for ask in (
            lambda times: times.table(PLACES.points([0]), PLACES.points([1])),
            lambda times: times.route(*PLACES.places),
        ):
            seen.clear()
            with pytest.raises(InputError) as caught:
                ask(engine(url))
            assert codes(caught.value) == [code]
            assert len(seen) == requests


@pytest.mark.parametrize(
    "durations", [[[1, 2]], [[-1]], [["a"]], [1], None, [[float("nan")]], [[1], [1]], [[{}]]]
)
def test_a_table_of_another_shape_or_kind_is_not_believed(durations: Any) -> None:
    waypoints = [{"distance": 0}]
    there = {"sources": waypoints, "destinations": waypoints}
    for engine, reply in (
        (OsrmTimes, {"code": "Ok", "durations": durations, "distances": [[1]], **there}),
        (ValhallaTimes, {"sources_to_targets": {"durations": durations, "distances": [[1]]}}),
    ):
        with serving(lambda *_, reply=reply: (200, reply)) as url:  # type: ignore[misc]
            with pytest.raises(InputError) as caught:
                engine(url).table(PLACES.points([0]), PLACES.points([1]))
            assert codes(caught.value) == ["routing_server_unreadable"]


@pytest.mark.parametrize(("fake", "engine"), ENGINES)
def test_a_passing_failure_is_forgiven_once(fake: Engine, engine: Engine) -> None:
    sound, failures = fake(PLACES), [(0, b""), (502, b"")]

    def answer(path: str, question: Any) -> Any:
        return failures.pop() if failures and len(seen) % 2 else sound(path, question)

    seen: list[str] = []
    with serving(answer, seen) as url:
        for _ in range(2):
            table = engine(url).table(PLACES.points([0]), PLACES.points([1]))
            assert table.seconds.tolist() == [[1]]
    assert len(seen) == (4 if engine is OsrmTimes else 8)


@pytest.mark.parametrize("engine", [OsrmTimes, ValhallaTimes])
def test_a_server_that_is_not_there_or_never_answers(engine: Engine) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        closed = engine(f"http://user:secret@{address}/key", timeout_s=0.05)
        with pytest.raises(InputError) as caught:
            closed.route(*PLACES.places)
        assert codes(caught.value) == ["routing_server_down"]
        assert address in str(caught.value)
        assert "secret" not in str(caught.value)
        assert "key" not in str(caught.value)
        silent.listen()
        with pytest.raises(InputError) as caught:
            closed.route(*PLACES.places)
        assert codes(caught.value) == ["routing_server_down"]


@pytest.mark.parametrize("engine", [OsrmTimes, ValhallaTimes])
@pytest.mark.parametrize("url", ["localhost:5000", "file:///etc/passwd", "http://", "", "ftp://a"])
def test_only_web_addresses(engine: Engine, url: str) -> None:
    with pytest.raises(InputError) as caught:
        engine(url)
    assert codes(caught.value) == ["routing_server_address"]


@pytest.mark.parametrize("engine", [OsrmTimes, ValhallaTimes])
def test_sources_do_not_say_where_the_server_is(engine: Engine) -> None:
    sources = engine("http://routes.mairie.example:5000/key").sources()
    assert "mairie" not in str([source.to_dict() for source in sources])
    assert [source.standing for source in sources] == ["estimated"]


def degrees(most: int) -> st.SearchStrategy[int]:
    return st.integers(-most * 10**6, most * 10**6)


@given(st.lists(st.tuples(degrees(180), degrees(90))), st.sampled_from([5, 6]))
def test_polylines_are_decoded_to_the_last_digit(
    steps: list[tuple[int, int]], decimals: int
) -> None:
    scale = 10**decimals
    line = [(lon / scale, lat / scale) for lon, lat in steps]
    assert decoded(encoded(line, decimals), decimals=decimals) == tuple(line)


def test_the_line_of_valhalla_s_documentation() -> None:
    line = decoded("e~epoA|jfpOiDaK", decimals=6)
    assert line == ((-8.670911, 42.225139), (-8.670718, 42.225224))


@pytest.mark.parametrize("text", ["e~epoA|jfpOiDa", "e~epoA|jfpOiDaKa", "é", "e~ep oA"])
def test_what_is_no_polyline(text: str) -> None:
    with pytest.raises(ValueError):
        decoded(text, decimals=6)
