"""Travel times of an OSRM server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from msap_mobility.model import Points, Reached, Route, TimesTable
from msap_mobility.provenance import Source
from msap_mobility.roads.http.batches import NoWayError, cells, joined_table, line_between
from msap_mobility.roads.http.polyline import decoded
from msap_mobility.roads.http.server import RoutingServer
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from datetime import datetime

    from msap_mobility.errors import InputError
    from msap_mobility.model import Place

__all__ = ["OsrmTimes"]

_NO_WAY = {
    "NoRoute": Reached.UNREACHABLE,
    "NoTable": Reached.UNREACHABLE,
    "NoSegment": Reached.TOO_FAR_TO_SNAP,
}


class OsrmTimes:
    """Fastest ways as an OSRM server finds them (its HTTP API, version 1).

    The coordinates of every place asked for are sent to that server: for homes, let it be your own.
    The way from a place to its road takes no time there. Nothing is sent before a question.

    Parameters
    ----------
    url
        Of the server, ``http://localhost:5000``.
    profile
        In the path of its requests; most servers know one only, whatever it is called.
    mode
        What the times are by, in words for the sources.
    max_snap_m
        A place further from the server's network than this is `Reached.TOO_FAR_TO_SNAP`.
    places_at_once
        Origins and destinations of one request together; 100 is what a server allows by default
        (its option ``--max-table-size``).
    timeout_s
        For each request.

    Raises
    ------
    InputError
        ``routing_server_address``; and by the methods: ``routing_server_down``, ``…_busy``,
        ``…_refused``, ``…_too_big`` or ``…_unreadable``; ``too_big_for_memory``.

    Examples
    --------
    >>> OsrmTimes("http://localhost:5000").sources()[0].origin
    'OSRM'
    """

    def __init__(
        self,
        url: str,
        *,
        profile: str = "driving",
        mode: str = "car",
        max_snap_m: float = 1000,
        places_at_once: int = 100,
        timeout_s: float = 30,
    ) -> None:
        self.profile = profile
        self.mode = mode
        self.max_snap_m = max_snap_m
        self._side = max(1, places_at_once // 2)
        self._server = RoutingServer(url, timeout_s)

    def sources(self) -> tuple[Source, ...]:
        """What the times rest on; where the server is stays with whoever asks it."""
        name = Words.saying("roads.source.server.name", mode=self.mode)
        note = Words.saying("roads.source.server.note", engine="OSRM")
        return (Source(name=name, standing="estimated", origin="OSRM", note=note),)

    def table(
        self,
        origins: Points,
        destinations: Points,
        *,
        limit_s: float = np.inf,
        at: datetime | None = None,  # noqa: ARG002 - OSRM knows no hours
    ) -> TimesTable:
        """Times from every origin to every destination, within `limit_s`.

        Parameters
        ----------
        origins, destinations
            WGS84 degrees.
        limit_s
            Cells over it are ``inf`` with the status `Reached.OVER_LIMIT`.
        at
            Ignored.
        """
        return joined_table(self._part, origins, destinations, side=self._side, limit_s=limit_s)

    def route(self, a: Place, b: Place) -> Route:
        """The fastest way from `a` to `b`, with the points it runs through."""
        ends = ((a.lon, a.lat), (b.lon, b.lat))
        path = self._path("route", Points.of([a, b]))
        try:
            answer = self._ask(f"{path}?overview=full&geometries=polyline6")
            far = self._far(answer.get("waypoints")).any()
        except NoWayError as refusal:
            return Route(seconds=np.inf, metres=np.inf, line=ends, status=refusal.status)
        if far:
            return Route(seconds=np.inf, metres=np.inf, line=ends, status=Reached.TOO_FAR_TO_SNAP)
        try:
            found = answer["routes"][0]
            way = decoded(found["geometry"], decimals=6)
            seconds, metres = float(found["duration"]), float(found["distance"])
        except (KeyError, IndexError, TypeError, ValueError):
            raise self._unreadable() from None
        return Route(
            seconds=seconds,
            metres=metres,
            line=line_between(ends[0], way, ends[1]),
            status=Reached.OK,
        )

    def _part(self, origins: Points, destinations: Points) -> TimesTable:
        """The answer to one request."""
        rows, columns = len(origins), len(destinations)
        places = Points(
            np.append(origins.lon, destinations.lon), np.append(origins.lat, destinations.lat)
        )
        sources = ";".join(map(str, range(rows)))
        targets = ";".join(map(str, range(rows, rows + columns)))
        answer = self._ask(
            f"{self._path('table', places)}?sources={sources}&destinations={targets}"
            "&annotations=duration,distance"
        )
        try:
            seconds = cells(answer["durations"], (rows, columns))
            metres = cells(answer["distances"], (rows, columns))
        except (KeyError, ValueError):
            raise self._unreadable() from None
        status = np.full((rows, columns), Reached.OK, np.uint8)
        status[np.isinf(seconds) | np.isinf(metres)] = Reached.UNREACHABLE
        status[self._far(answer.get("sources"))] = Reached.TOO_FAR_TO_SNAP
        status[:, self._far(answer.get("destinations"))] = Reached.TOO_FAR_TO_SNAP
        return TimesTable(
            seconds=seconds.astype(np.float32), metres=metres.astype(np.float32), status=status
        )

    def _path(self, service: str, places: Points) -> str:
        pairs = zip(places.lon.tolist(), places.lat.tolist(), strict=True)
        listed = ";".join(f"{lon:.7f},{lat:.7f}" for lon, lat in pairs)
        return f"{service}/v1/{quote(self.profile, safe='')}/{listed}"

    def _ask(self, path: str) -> dict[str, Any]:
        answer = self._server.ask(path)
        code = answer.get("code") if isinstance(answer, dict) else None
        if not isinstance(code, str):
            raise self._unreadable()
        if code == "Ok":
            return dict(answer)
        if code in _NO_WAY:
            raise NoWayError(_NO_WAY[code])
        if code == "TooBig":
            raise self._server.fault("routing_server_too_big", code)
        raise self._server.fault(
            "routing_server_refused", f"{code}: {answer.get('message', '')}".rstrip(": ")
        )

    def _far(self, waypoints: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which of the places lie too far from the point of a road they were moved to."""
        try:
            return np.array([float(one["distance"]) > self.max_snap_m for one in waypoints], bool)
        except (KeyError, TypeError, ValueError):
            raise self._unreadable() from None

    def _unreadable(self) -> InputError:
        return self._server.fault("routing_server_unreadable", "OSRM, HTTP API 1")
