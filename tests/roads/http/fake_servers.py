"""Servers that answer as OSRM and Valhalla do, on a small world that is wholly known.

Written after their documentation (osrm-backend docs/http.md, valhalla docs/docs/api) and compared
with what osrm-routed 26.10 and valhalla_service 3.9 answer.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np

from msap_mobility.model import Place, Points

Reply = tuple[int, Any]


@dataclass
class World:
    """Some places; the way between each two of them, or none (inf)."""

    seconds: np.ndarray[Any, Any]
    metres: np.ndarray[Any, Any]
    off_road_m: list[float] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    most: int = 100
    region: list[int] = field(default_factory=list)

    @property
    def places(self) -> list[Place]:
        return [
            Place(id=str(i), name="", lon=round(1 + i * 0.0123457, 7), lat=45.0 - i / 1000)
            for i in range(len(self.seconds))
        ]

    def points(self, rows: list[int]) -> Points:
        return Points.of([self.places[row] for row in rows])

    def row(self, lon: float, lat: float) -> int:
        return next(
            i for i, p in enumerate(self.places) if abs(p.lon - lon) + abs(p.lat - lat) < 1e-9
        )

    def is_parted(self, rows: list[int]) -> bool:
        """Whether some of the places lie on another island than others."""
        return bool(self.region) and len({self.region[row] for row in rows}) > 1

    def off(self, row: int) -> float:
        return self.off_road_m[row] if self.off_road_m else 0.0


def told(number: float) -> float | None:
    """JSON's word for it."""
    return None if np.isinf(number) else float(number)


def encoded(pairs: list[tuple[float, float]], decimals: int) -> str:
    """A polyline of (lon, lat) pairs, written letter by letter as Google describes it."""
    text, before = "", (0, 0)
    for lon, lat in pairs:
        now = (round(lat * 10**decimals), round(lon * 10**decimals))
        for step in (now[0] - before[0], now[1] - before[1]):
            bits = ~(step << 1) if step < 0 else step << 1
            while bits >= 32:
                text += chr((32 | bits & 31) + 63)
                bits >>= 5
            text += chr(bits + 63)
        before = now
    return text


def osrm(world: World) -> Callable[[str, Any], Reply]:
    """``/table/v1`` and ``/route/v1``."""

    def waypoint(row: int) -> dict[str, Any]:
        place = world.places[row]
        return {
            "hint": "",
            "location": [place.lon, place.lat],
            "name": "",
            "distance": world.off(row),
        }

    def answer(path: str, _: Any) -> Reply:
        parts = urlsplit(path)
        service, version, _profile, coordinates = unquote(parts.path).strip("/").split("/")
        assert version == "v1"
        asked = parse_qs(parts.query)
        rows = [world.row(*map(float, pair.split(","))) for pair in coordinates.split(";")]
        if service == "route":
            assert (asked["overview"], asked["geometries"]) == (["full"], ["polyline6"])
            return route(rows)
        if len(rows) > world.most:
            return 400, {"code": "TooBig", "message": "Too many table coordinates"}
        start, end = ([rows[int(i)] for i in asked[side][0].split(";")]
                      for side in ("sources", "destinations"))  # fmt: skip
        assert asked["annotations"] == ["duration,distance"]
        return 200, {
            "code": "Ok",
            "durations": [[told(world.seconds[i, j]) for j in end] for i in start],
            "distances": [[told(world.metres[i, j]) for j in end] for i in start],
            "sources": [waypoint(i) for i in start],
            "destinations": [waypoint(j) for j in end],
        }

    def route(rows: list[int]) -> Reply:
        i, j = rows
        if np.isinf(world.seconds[i, j]):
            return 400, {"code": "NoRoute", "message": "Impossible route between points"}
        way = [(world.places[k].lon, world.places[k].lat) for k in (i, j)]
        middle = ((way[0][0] + way[1][0]) / 2, 45.5)
        found = {
            "geometry": encoded([way[0], middle, way[1]], 6),
            "duration": told(world.seconds[i, j]),
            "distance": told(world.metres[i, j]),
        }
        return 200, {"code": "Ok", "routes": [found], "waypoints": [waypoint(i), waypoint(j)]}

    return answer


def refusal(code: int, words: str) -> Reply:
    """As Valhalla says no."""
    told_so = {"error_code": code, "error": words, "status_code": 400, "status": "Bad Request"}
    return 400, told_so


NO_EDGE = refusal(171, "No suitable edges near location")
PARTED = refusal(170, "Locations are in unconnected regions. Go check/edit the map at osm.org")


def valhalla(world: World, *, compact: bool = True) -> Callable[[str, Any], Reply]:
    """``/locate``, ``/sources_to_targets`` and ``/route``."""

    def row_of(location: dict[str, float]) -> int | None:
        row = world.row(location["lon"], location["lat"])
        return row if world.off(row) <= location.get("search_cutoff", 35_000) else None

    def rows_of(locations: list[dict[str, float]]) -> list[int] | None:
        rows = [row for location in locations if (row := row_of(location)) is not None]
        return rows if len(rows) == len(locations) else None

    def locate(question: Any) -> Reply:
        found = [[] if row_of(one) is None else [{"way_id": 1}] for one in question["locations"]]
        return 200, [{"edges": edges, "nodes": []} for edges in found]

    def matrix(question: Any) -> Reply:
        assert question["verbose"] is False
        start, end = rows_of(question["sources"]), rows_of(question["targets"])
        if start is None or end is None or world.is_parted([*start, *end]):
            return PARTED
        if len(start) * len(end) > (world.most // 2) ** 2:
            return refusal(150, "Exceeded max locations: 2500.000000")
        return 200, {
            "algorithm": "costmatrix",
            "units": "kilometers",
            "sources_to_targets": valhalla_rows(world, start, end, compact),
        }

    def route(question: Any) -> Reply:
        rows = rows_of(question["locations"])
        return NO_EDGE if rows is None else valhalla_route(world, *rows)

    actions = {"/locate": locate, "/sources_to_targets": matrix, "/route": route}

    def answer(path: str, question: Any) -> Reply:
        assert question["units"] == "kilometers"
        return actions[path](question)

    return answer


def valhalla_rows(world: World, start: list[int], end: list[int], compact: bool) -> Any:
    """As a new server says it, or pair by pair as an old one."""
    times = [[told(world.seconds[i, j]) for j in end] for i in start]
    lengths = [[told(world.metres[i, j] / 1000) for j in end] for i in start]
    if compact:
        return {"durations": times, "distances": lengths}
    return [
        [
            {"from_index": a, "to_index": b, "time": times[a][b], "distance": lengths[a][b]}
            for b in range(len(end))
        ]
        for a in range(len(start))
    ]


def valhalla_route(world: World, i: int, j: int) -> Reply:
    """A way with one point in between."""
    if np.isinf(world.seconds[i, j]):
        return refusal(442, "No path could be found for input")
    way = [(world.places[k].lon, world.places[k].lat) for k in (i, j)]
    middle = ((way[0][0] + way[1][0]) / 2, 45.5)
    summary = {"time": world.seconds[i, j].item(), "length": world.metres[i, j].item() / 1000}
    leg = {"summary": summary, "shape": encoded([way[0], middle, way[1]], 6)}
    return 200, {"trip": {"legs": [leg], "summary": summary, "status": 0}}


@contextmanager
def serving(answer: Callable[[str, Any], Reply], seen: list[str] | None = None) -> Iterator[str]:
    """The address of a server that answers so; a body of bytes is sent as it is."""
    requests = [] if seen is None else seen

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(None)

        def do_POST(self) -> None:
            self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def reply(self, question: Any) -> None:
            requests.append(self.path)
            status, body = answer(self.path, question)
            if status == 0:  # hang up without a word
                self.close_connection = True
                return
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
