"""Travel times on a road network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.model import Points, Reached, Route, TimesTable
from msap_mobility.provenance import Source
from msap_mobility.roads.crow import row_slices
from msap_mobility.roads.snap import Snapped, Snapper
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from datetime import datetime

    from msap_mobility.model import Place
    from msap_mobility.roads.graph import Ints, RoadGraph

__all__ = ["RoadTimes"]

_LABELS_AT_ONCE = 2_000_000  # trees × nodes: at most 28 bytes each
_CELLS_AT_ONCE = 1_000_000  # of the table: some 50 bytes each while they are filled

Cells = np.ndarray[tuple[int, int], np.dtype[np.float64]]


class RoadTimes:
    """Fastest ways on a `RoadGraph`, by Dijkstra's algorithm (scipy).

    Places meet the network at its nearest node; the straight way there counts at the off-road
    speed of the graph's profile.

    Parameters
    ----------
    graph
        Road network.
    max_snap_m
        A place further from the network than this is `Reached.TOO_FAR_TO_SNAP`.
    main_only
        Snap only to the largest strongly connected component, where every place can be left and
        come back to; otherwise to any node, and some places will be `Reached.UNREACHABLE`.

    Examples
    --------
    >>> from msap_mobility.model import Place
    >>> from msap_mobility.roads import RoadGraph
    >>> graph = RoadGraph.of_arcs(
    ...     node_id=[7, 8], lon=[1.0, 1.01], lat=[45.0, 45.0],
    ...     tails=[0, 1], heads=[1, 0], seconds=[60, 60], metres=[800, 800])
    >>> route = RoadTimes(graph).route(
    ...     Place(id="a", name="A", lon=1.0, lat=45.0), Place(id="b", name="B", lon=1.01, lat=45.0))
    >>> route.seconds, route.metres, route.line
    (60.0, 800.0, ((1.0, 45.0), (1.01, 45.0)))
    """

    def __init__(
        self, graph: RoadGraph, *, max_snap_m: float = 1000, main_only: bool = True
    ) -> None:
        self.graph = graph
        self.main_only = main_only
        self._reversed = graph.reversed()
        allowed = graph.component == 0 if main_only else np.ones(len(graph), np.bool_)
        self._snapper = Snapper(graph, np.flatnonzero(allowed).astype(np.int32), max_snap_m)
        self._off_road_m_per_s = graph.profile.off_road_km_per_h / 3.6

    def sources(self) -> tuple[Source, ...]:
        """What the times rest on, to be told with every figure drawn from them."""
        profile = self.graph.profile
        note = Words.saying(
            "roads.source.speeds.note",
            profile=profile.id,
            off_road_km_per_h=profile.off_road_km_per_h,
        )
        name = Words.saying("roads.source.speeds.name")
        return (*self.graph.sources, Source(name=name, standing="estimated", note=note))

    def snap(self, points: Points) -> Snapped:
        """Where `points` meet the network."""
        return self._snapper.snap(points)

    def table(
        self,
        origins: Points,
        destinations: Points,
        *,
        limit_s: float = np.inf,
        at: datetime | None = None,  # noqa: ARG002 - these times do not depend on the hour
    ) -> TimesTable:
        """Times from every origin to every destination, within `limit_s`.

        Parameters
        ----------
        origins, destinations
            WGS84 degrees.
        limit_s
            Cells over it are ``inf`` with the status `Reached.OVER_LIMIT`; the search stops there.
        at
            Ignored: these speeds know no hours.

        Notes
        -----
        One search per node on the smaller side. `seconds` and `metres` are of the same path.
        """
        start, end = self.snap(origins), self.snap(destinations)
        shape = (len(start.node), len(end.node))
        table = TimesTable(
            seconds=np.full(shape, np.inf, np.float32),
            metres=np.full(shape, np.inf, np.float32),
            status=np.full(shape, Reached.TOO_FAR_TO_SNAP, np.uint8),
        )
        tails, heads = (np.unique(side.node[side.is_near]) for side in (start, end))
        if len(tails) <= len(heads):
            self._fill(table, self.graph, start, end, limit_s)
        else:
            self._fill(_turned(table), self._reversed, end, start, limit_s)
        return table

    def route(self, a: Place, b: Place) -> Route:
        """The fastest way from `a` to `b`, with the points it runs through."""
        start, end = self.snap(Points.of([a])), self.snap(Points.of([b]))
        table = self.table(Points.of([a]), Points.of([b]))
        status = Reached(int(table.status[0, 0]))
        ends = ((a.lon, a.lat), (b.lon, b.lat))
        inner: tuple[tuple[float, float], ...] = ()
        if status is Reached.OK and start.node[0] != end.node[0]:
            nodes = self._path(int(start.node[0]), int(end.node[0]))
            lon, lat = self.graph.lon[nodes].tolist(), self.graph.lat[nodes].tolist()
            inner = tuple(zip(lon, lat, strict=True))
        return Route(
            seconds=float(table.seconds[0, 0]),
            metres=float(table.metres[0, 0]),
            line=_without_repeats((ends[0], *inner, ends[1])),
            status=status,
        )

    def _fill(
        self, table: TimesTable, graph: RoadGraph, start: Snapped, end: Snapped, limit_s: float
    ) -> None:
        """Write the rows of the places of `start` that are on the network, a few trees at a time.

        Beside the table itself, no array is larger than a slice.
        """
        near = np.flatnonzero(start.is_near)
        near = near[np.argsort(start.node[near], kind="stable")]
        roots, first = np.unique(start.node[near], return_index=True)
        bounds = np.append(first, len(near))
        # A place off the network borrows a node: its cells are never read
        targets, column = np.unique(np.maximum(end.node, 0), return_inverse=True)
        for trees in row_slices(len(roots), len(graph), cells=_LABELS_AT_ONCE):
            seconds, metres = self._search(graph, roots[trees], targets, limit_s)
            rows = near[bounds[trees.start] : bounds[trees.stop]]
            tree = np.searchsorted(roots[trees], start.node[rows])
            for some in row_slices(len(rows), len(column), cells=_CELLS_AT_ONCE):
                cells = np.ix_(tree[some], column)
                here = start.part(rows[some])
                part = self._finished(here, end, seconds[cells], metres[cells], limit_s)
                table.seconds[rows[some]] = part.seconds
                table.metres[rows[some]] = part.metres
                table.status[rows[some]] = part.status

    def _search(
        self, graph: RoadGraph, roots: Ints, targets: Ints, limit_s: float
    ) -> tuple[Cells, Cells]:
        """Seconds and metres in `graph` from each root to each target; inf where no way is."""
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - heavy

        from msap_mobility.roads.paths import metres_along  # noqa: PLC0415 - heavy

        # Cut short, a search cannot tell the unreachable from what lies over the limit
        furthest = max(limit_s, 0.0) if self.main_only else np.inf
        reached, before = dijkstra(
            _matrix(graph), indices=roots, return_predecessors=True, limit=furthest
        )
        seconds = reached[:, targets]
        metres = np.empty((len(roots), len(targets)))
        metres_along(graph.indptr, graph.heads, graph.metres, before, targets, metres)
        metres[np.isinf(seconds)] = np.inf
        return seconds, metres

    def _finished(
        self, start: Snapped, end: Snapped, seconds: Cells, metres: Cells, limit_s: float
    ) -> TimesTable:
        """Cells from place to place, made in place of those from node to node."""
        access = start.metres[:, None] + end.metres
        seconds += access / self._off_road_m_per_s
        metres += access
        self._walk_within_a_node(start, end, seconds, metres)
        status = np.full(seconds.shape, Reached.OK, np.uint8)
        status[seconds > limit_s] = Reached.OVER_LIMIT
        if not self.main_only:
            status[np.isinf(seconds)] = Reached.UNREACHABLE
        status[:, ~end.is_near] = Reached.TOO_FAR_TO_SNAP
        absent = status != Reached.OK
        seconds[absent] = np.inf
        metres[absent] = np.inf
        return TimesTable(
            seconds=seconds.astype(np.float32), metres=metres.astype(np.float32), status=status
        )

    def _path(self, tail: int, head: int) -> list[int]:
        """Nodes of the fastest way from one to another that can be reached."""
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - heavy

        _, trees = dijkstra(_matrix(self.graph), indices=np.array([tail]), return_predecessors=True)
        nodes = [head]
        while nodes[-1] != tail:
            nodes.append(int(trees[0, nodes[-1]]))
        return nodes[::-1]

    def _walk_within_a_node(
        self, start: Snapped, end: Snapped, seconds: Cells, metres: Cells
    ) -> None:
        """Between two places at one node, the straight way: never longer than by the node."""
        row, column = np.nonzero(start.node[:, None] == end.node)
        straight = np.hypot(start.x[row] - end.x[column], start.y[row] - end.y[column])
        seconds[row, column] = straight / self._off_road_m_per_s
        metres[row, column] = straight


def _turned(table: TimesTable) -> TimesTable:
    """The same cells with origins and destinations exchanged; what is written here shows there."""
    return TimesTable(seconds=table.seconds.T, metres=table.metres.T, status=table.status.T)


def _matrix(graph: RoadGraph) -> Any:
    from scipy.sparse import csr_array  # noqa: PLC0415 - heavy

    nodes = len(graph)
    return csr_array((graph.seconds, graph.heads, graph.indptr), shape=(nodes, nodes))


def _without_repeats(line: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """The line without points that repeat the one before, except that it keeps two points."""
    kept = [line[0]]
    kept.extend(point for point in line[1:] if point != kept[-1])
    return tuple(kept) if len(kept) > 1 else (line[0], line[-1])
