"""Travel times of a Valhalla server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.model import Points, Reached, Route, TimesTable
from msap_mobility.provenance import Source
from msap_mobility.roads.http.batches import (
    NoWayError,
    cells,
    far_table,
    joined_table,
    line_between,
)
from msap_mobility.roads.http.polyline import decoded
from msap_mobility.roads.http.server import RoutingServer
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from datetime import datetime

    from msap_mobility.errors import InputError
    from msap_mobility.model import Place

__all__ = ["ValhallaTimes"]

_NO_WAY = {
    170: Reached.UNREACHABLE,  # "Locations are in unconnected regions"
    171: Reached.TOO_FAR_TO_SNAP,  # "No suitable edges near location"
    442: Reached.UNREACHABLE,  # "No path could be found for input"
}
_TOO_BIG = (150,)  # "Exceeded max locations"


class ValhallaTimes:
    """Fastest ways as a Valhalla server finds them.

    The coordinates of every place asked for are sent to that server: for homes, let it be your own.
    The way from a place to its road takes no time there. Nothing is sent before a question.

    Parameters
    ----------
    url
        Of the server, ``http://localhost:8002``.
    costing
        Valhalla's name of the mode: ``auto``, ``pedestrian``, ``bicycle``, …
    costing_options
        Passed on as they are.
    max_snap_m
        A place without a usable road within this is `Reached.TOO_FAR_TO_SNAP`.
    places_at_once
        Origins and destinations of one request together; a server's limit is 2,500 pairs by
        default (``max_matrix_location_pairs``), 50 of each.
    timeout_s
        For each request.

    Raises
    ------
    InputError
        ``routing_server_address``; and by the methods: ``routing_server_down``, ``…_busy``,
        ``…_refused``, ``…_too_big`` or ``…_unreadable``; ``too_big_for_memory``.

    Notes
    -----
    Valhalla refuses a whole table if a single place is off its roads or on an island. So it is
    asked first which places have a road (``/locate``); a table refused all the same is asked by
    halves.
    The same pair may take some seconds more or less in another company of places: that is
    Valhalla's own.

    Examples
    --------
    >>> ValhallaTimes("http://localhost:8002", costing="pedestrian").sources()[0].origin
    'Valhalla'
    """

    def __init__(
        self,
        url: str,
        *,
        costing: str = "auto",
        costing_options: dict[str, Any] | None = None,
        max_snap_m: float = 1000,
        places_at_once: int = 100,
        timeout_s: float = 30,
    ) -> None:
        self.costing = costing
        self.costing_options = dict(costing_options or {})
        self.max_snap_m = max_snap_m
        self._side = max(1, places_at_once // 2)
        self._server = RoutingServer(url, timeout_s)

    def sources(self) -> tuple[Source, ...]:
        """What the times rest on; where the server is stays with whoever asks it."""
        name = Words.saying("roads.source.server.name", mode=self.costing)
        note = Words.saying("roads.source.server.note", engine="Valhalla")
        return (Source(name=name, standing="estimated", origin="Valhalla", note=note),)

    def table(
        self,
        origins: Points,
        destinations: Points,
        *,
        limit_s: float = np.inf,
        at: datetime | None = None,  # noqa: ARG002 - Valhalla allows it in some tables only
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
        table = far_table(len(origins), len(destinations))
        if table.seconds.size:
            rows, columns = (np.flatnonzero(self._near(side)) for side in (origins, destinations))
            some = Points(origins.lon[rows], origins.lat[rows])
            others = Points(destinations.lon[columns], destinations.lat[columns])
            part = joined_table(self._part, some, others, side=self._side, limit_s=limit_s)
            cells_of = np.ix_(rows, columns)
            table.seconds[cells_of] = part.seconds
            table.metres[cells_of] = part.metres
            table.status[cells_of] = part.status
        return table

    def route(self, a: Place, b: Place) -> Route:
        """The fastest way from `a` to `b`, with the points it runs through."""
        ends = ((a.lon, a.lat), (b.lon, b.lat))
        try:
            answer = self._ask("route", locations=self._locations(Points.of([a, b])))
        except NoWayError as refusal:
            return Route(seconds=np.inf, metres=np.inf, line=ends, status=refusal.status)
        try:
            trip = answer["trip"]
            way = [point for leg in trip["legs"] for point in decoded(leg["shape"], decimals=6)]
            seconds = float(trip["summary"]["time"])
            metres = 1000 * float(trip["summary"]["length"])
        except (KeyError, TypeError, ValueError):
            raise self._unreadable() from None
        return Route(
            seconds=seconds,
            metres=metres,
            line=line_between(ends[0], way, ends[1]),
            status=Reached.OK,
        )

    def _part(self, origins: Points, destinations: Points) -> TimesTable:
        """The answer to one request."""
        answer = self._ask(
            "sources_to_targets",
            sources=self._locations(origins),
            targets=self._locations(destinations),
            verbose=False,
        )
        shape = (len(origins), len(destinations))
        try:
            seconds, kilometres = (cells(part, shape) for part in _compact(answer))
        except (KeyError, TypeError, ValueError):
            raise self._unreadable() from None
        status = np.full(shape, Reached.OK, np.uint8)
        status[np.isinf(seconds) | np.isinf(kilometres)] = Reached.UNREACHABLE
        return TimesTable(
            seconds=seconds.astype(np.float32),
            metres=(1000 * kilometres).astype(np.float32),
            status=status,
        )

    def _near(self, places: Points) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which places have a road."""
        near: list[bool] = []
        for start in range(0, len(places), 2 * self._side):
            some = slice(start, start + 2 * self._side)
            asked = self._locations(Points(places.lon[some], places.lat[some]))
            answer = self._answer("locate", locations=asked, verbose=False)
            try:
                found = [bool(one["edges"]) for one in answer]
            except (KeyError, TypeError):
                raise self._unreadable() from None
            if len(found) != len(asked):
                raise self._unreadable()
            near.extend(found)
        return np.array(near, np.bool_)

    def _locations(self, points: Points) -> list[dict[str, float]]:
        near = {"search_cutoff": self.max_snap_m} if np.isfinite(self.max_snap_m) else {}
        return [
            {"lon": lon, "lat": lat, **near}
            for lon, lat in zip(points.lon.tolist(), points.lat.tolist(), strict=True)
        ]

    def _ask(self, action: str, **question: Any) -> dict[str, Any]:
        answer = self._answer(action, **question)
        if not isinstance(answer, dict):
            raise self._unreadable()
        return answer

    def _answer(self, action: str, **question: Any) -> Any:
        question |= {"costing": self.costing, "units": "kilometers"}
        if self.costing_options:
            question["costing_options"] = {self.costing: self.costing_options}
        answer = self._server.ask(action, question)
        if not isinstance(answer, dict) or not {"error", "error_code"} & set(answer):
            return answer
        code = answer.get("error_code")
        if code in _NO_WAY:
            raise NoWayError(_NO_WAY[code])
        name = "routing_server_too_big" if code in _TOO_BIG else "routing_server_refused"
        raise self._server.fault(name, f"{code}: {answer.get('error', '')}")

    def _unreadable(self) -> InputError:
        return self._server.fault("routing_server_unreadable", "Valhalla")


def _compact(answer: dict[str, Any]) -> tuple[Any, Any]:
    """Times and distances as rows; servers that do not know of `verbose` answer pair by pair."""
    found = answer["sources_to_targets"]
    if isinstance(found, dict):
        return found["durations"], found["distances"]
    times = [[pair["time"] for pair in row] for row in found]
    return times, [[pair["distance"] for pair in row] for row in found]
