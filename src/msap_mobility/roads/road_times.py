"""Travel times on a road network."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from msap_mobility.errors import Fault, InputError
from msap_mobility.model import Points, Reached, Route, TimesTable
from msap_mobility.provenance import Source
from msap_mobility.roads.cache import RoadCache
from msap_mobility.roads.calibration.exposure import SecondsByKind, seconds_by_kind
from msap_mobility.roads.calibration.speeds import fit_speeds
from msap_mobility.roads.closest import Nearest, NearestOfAll, nearest_in_table
from msap_mobility.roads.crow import row_slices
from msap_mobility.roads.detours import detours, paired
from msap_mobility.roads.factors import factors_source, with_factors
from msap_mobility.roads.isochrones import Isochrones, isochrones, searched_s
from msap_mobility.roads.network import FEW, Network
from msap_mobility.roads.profile import CAR
from msap_mobility.roads.reach import Reach
from msap_mobility.roads.room import check_room
from msap_mobility.roads.snap import Snapped, Snapper
from msap_mobility.roads.snap_report import SnapReport, snap_report
from msap_mobility.roads.steps import Directions, Step, off_road_step, road_step, steps_of
from msap_mobility.roads.terrain import Terrain, neighbours
from msap_mobility.roads.turn_network import TurnNetwork
from msap_mobility.roads.way_lines import legs_between, without_repeats
from msap_mobility.roads.weights import NEVER, metres_of, most_of, seconds_of
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from msap_mobility.model import Place
    from msap_mobility.roads.calibration.speed_fit import SpeedFit
    from msap_mobility.roads.calibration.trips import Trips
    from msap_mobility.roads.graph import RoadGraph
    from msap_mobility.roads.hierarchy.arrays import Int64
    from msap_mobility.roads.profile import Profile

__all__ = ["RoadTimes"]

_CELLS_AT_ONCE = 1_000_000  # of the table: some 50 bytes each while they are filled

_CELL_BYTES = 9
"""Of a table: seconds, metres and status."""

_MOST_LABELS = 32
"""So many nearest are looked for by labels of nodes; more, in a table."""

Floats2 = np.ndarray[Any, np.dtype[np.float64]]


class RoadTimes:
    """Fastest ways on a `RoadGraph`.

    Places meet the network at the nearest point of its sections; the straight way there counts at
    the off-road speed of the graph's profile. Times are exact to the millisecond, and metres are of
    the same way; a few searches are done at once, more build a contraction hierarchy first.

    Parameters
    ----------
    graph
        Road network.
    turns
        Whether turns cost what the graph's profile says, and banned ones are not made: some three
        times as much to search.
    max_snap_m
        A place further from the network than this is `Reached.TOO_FAR_TO_SNAP`.
    main_only
        Snap only to sections of the largest strongly connected component, where every place can be
        left and come back to; otherwise to any, and some places will be `Reached.UNREACHABLE`.

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
        self,
        graph: RoadGraph,
        *,
        turns: bool = False,
        max_snap_m: float = 1000,
        main_only: bool = True,
    ) -> None:
        self.graph = graph
        self.main_only = main_only
        self._max_snap_m = max_snap_m
        self._off_road_m_per_s = graph.profile.off_road_km_per_h / 3.6
        self._network = TurnNetwork(graph) if turns else Network(graph)
        self._changes: tuple[Source, ...] = ()
        self._is_fitted = False

    @classmethod
    def from_osm(
        cls,
        path: Path | str,
        profile: Profile = CAR,
        *,
        turns: bool = False,
        max_snap_m: float = 1000,
        main_only: bool = True,
        folder: Path | None = None,
        watch: Callable[[float], object] | None = None,
    ) -> Self:
        """An OpenStreetMap extract made ready for many questions, now and in later processes.

        What is read and built is kept on disk; the next process that asks for the same file and
        profile maps it into memory.

        Parameters
        ----------
        path, profile
            As in `RoadGraph.from_osm`.
        turns, max_snap_m, main_only
            As in the class.
        folder
            Where to keep it; ``roads`` in `compiled.cache_folder` if not given.
        watch
            Told from time to time which part of a hierarchy has been built, 0 to 1.

        Raises
        ------
        InputError, MissingExtra
            As `RoadGraph.from_osm`.
        """
        kept = RoadCache(Path(path), profile, folder)
        times = cls(kept.graph(), turns=turns, max_snap_m=max_snap_m, main_only=main_only)
        times._network.hierarchy = kept.hierarchy(times._network, watch)
        return times

    @cached_property
    def _snapper(self) -> Snapper:
        sections, component = self.graph.sections, self.graph.component
        allowed = np.isfinite(np.minimum(sections.along_s, sections.against_s))
        if self.main_only:
            allowed &= (component[sections.tail] == 0) & (component[sections.head] == 0)
        return Snapper(self.graph, np.flatnonzero(allowed).astype(np.int32), self._max_snap_m)

    @cached_property
    def _terrain(self) -> Terrain:
        return Terrain(self._network, self._snapper, self._off_road_m_per_s)

    def sources(self) -> tuple[Source, ...]:
        """What the times rest on, to be told with every figure drawn from them."""
        profile = self.graph.profile
        known = self.graph.slope_known
        told = "fitted" if self._is_fitted else "hills" if known else "note"
        note = Words.saying(
            f"roads.source.speeds.{told}",
            profile=profile.id,
            off_road_km_per_h=profile.off_road_km_per_h,
            share=known,
        )
        name = Words.saying("roads.source.speeds.name")
        speeds = Source(name=name, standing="estimated", note=note)
        return (*self.graph.sources, speeds, *self._changes)

    def with_factors(
        self, factors: Mapping[str, float], *, fitted: tuple[Source, ...] = ()
    ) -> RoadTimes:
        """The same at another hour or in another season; see `factors.with_factors`.

        Parameters
        ----------
        factors
            By kind of road, what its speeds are multiplied by.
        fitted
            What they rest on, if they were fitted to observed times (`SpeedFit.on`); otherwise
            `sources` tells them as assumed.
        """
        times = RoadTimes(
            with_factors(self.graph, factors),
            turns=not self._network.searches_nodes,
            max_snap_m=self._max_snap_m,
            main_only=self.main_only,
        )
        times._changes = (*self._changes, *(fitted or factors_source(factors)))
        times._is_fitted = self._is_fitted or bool(fitted)
        return times

    def seconds_by_kind(self, origins: Points, destinations: Points) -> SecondsByKind:
        """On which kinds of road the time of some trips is spent.

        Parameters
        ----------
        origins, destinations
            WGS84 degrees, of one length: each goes to the destination of its own row.
        """
        seconds = paired(self, origins, destinations).seconds.astype(np.float64)
        start, end = self.snap(origins), self.snap(destinations)
        return seconds_by_kind(self._network, start, end, seconds)

    def fit_speeds(
        self,
        trips: Trips,
        *,
        by_kind: bool = True,
        least: float = 0.5,
        greatest: float = 1.6,
        most: int = 1000,
    ) -> SpeedFit:
        """Factors for the speeds of kinds of road by observed trips, and what they mend.

        Parameters
        ----------
        trips
            At least 30 from 5 origins.
        by_kind
            Whether kinds of road may differ.
        least, greatest
            Between which a factor lies.
        most
            Of more trips so many are drawn, the same each time.

        Raises
        ------
        InputError
            ``fit_too_few``, ``fit_bounds``.
        """
        return fit_speeds(self, trips, by_kind=by_kind, least=least, greatest=greatest, most=most)

    def snap(self, points: Points) -> Snapped:
        """Where `points` meet the network."""
        return self._snapper.snap(points)

    def snap_report(self, points: Points) -> SnapReport:
        """Where `points` meet the network, which are too far from it or on a piece cut off."""
        return snap_report(self.graph, self._snapper, points)

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
        `seconds` and `metres` are of the same way.
        """
        start, end = self.snap(origins), self.snap(destinations)
        shape = (len(start), len(end))
        check_room(*shape, cell_bytes=_CELL_BYTES)
        table = TimesTable(
            seconds=np.empty(shape, np.float32),
            metres=np.empty(shape, np.float32),
            status=np.empty(shape, np.uint8),
        )
        # Cut short, a search cannot tell the unreachable from what lies over the limit
        cut = bool(np.isfinite(limit_s)) and self._network.all_joined(start, end)
        most = most_of(limit_s) if cut else NEVER - 1
        ways = self._network.ways_to(end, most, origins=len(start))
        for rows in row_slices(len(start), len(end), cells=_CELLS_AT_ONCE):
            here = start.part(np.arange(len(start))[rows])
            self._write(table, rows, (here, end), ways(here), limit_s, is_cut=cut)
        return table

    def route(self, a: Place, b: Place) -> Route:
        """The fastest way from `a` to `b`, with the points it runs through."""
        table = self.table(Points.of([a]), Points.of([b]))
        inner = [point for piece in self._pieces(a, b) for point in piece.line]
        line = ((a.lon, a.lat), *inner, (b.lon, b.lat))
        return Route(
            seconds=float(table.seconds[0, 0]),
            metres=float(table.metres[0, 0]),
            line=without_repeats(line),
            status=Reached(int(table.status[0, 0])),
        )

    def directions(self, a: Place, b: Place) -> Directions:
        """The fastest way from `a` to `b`, step by step.

        Examples
        --------
        >>> from msap_mobility.model import Place
        >>> from msap_mobility.roads import RoadGraph
        >>> graph = RoadGraph.of_arcs(
        ...     node_id=[7, 8, 9], lon=[1.0, 1.01, 1.01], lat=[45.0, 45.0, 45.01],
        ...     tails=[0, 1], heads=[1, 2], seconds=[60, 60], metres=[800, 1100])
        >>> a, b = Place(id="a", name="A", lon=1.0, lat=45.0), Place(id="b", name="B", lon=1.01,
        ...                                                          lat=45.01)
        >>> print(RoadTimes(graph, main_only=False).directions(a, b).text())
        Set out along the road: 800 m, 1 min.
        Turn left into the road: 1.1 km, 1 min.
        """
        status = Reached(int(self.table(Points.of([a]), Points.of([b])).status[0, 0]))
        return Directions(status=status, steps=steps_of(self._pieces(a, b)))

    def _pieces(self, a: Place, b: Place) -> list[Step]:
        """The way from door to door, a piece for each section; none if there is no way."""
        start, end = self.snap(Points.of([a])), self.snap(Points.of([b]))
        if not (start.is_near[0] and end.is_near[0]):
            return []
        here, there = (a.lon, a.lat), (b.lon, b.lat)
        if self._is_straight(start, end):
            straight = float(np.hypot(start.x - end.x, start.y - end.y)[0])
            return [off_road_step((here, there), straight, self._off_road_m_per_s)]
        legs = legs_between(self._network, start, end)
        roads = [road_step(self.graph.sections, *leg) for leg in legs]
        if not roads and seconds_of(self._network.ways_to(end, origins=1)(start))[0, 0] == np.inf:
            return []
        out, home = (float(place.metres[0]) for place in (start, end))
        door = roads[0].line[0] if roads else there
        gate = roads[-1].line[-1] if roads else here
        speed = self._off_road_m_per_s
        return [
            off_road_step((here, door), out, speed),
            *roads,
            off_road_step((gate, there), home, speed),
        ]

    def detour(self, a: Points, via: Points, b: Points) -> TimesTable:
        """What it takes more to go from each `a` to its `b` by way of each place between.

        Parameters
        ----------
        a, b
            Of one length: the ways, one a row.
        via
            The places between, one a column.

        Returns
        -------
        TimesTable
            `seconds` are not negative, `metres` may be: the fastest way is not always the shortest.
            `status` is that of the first of the three ways that there is not.

        Raises
        ------
        InputError
            ``too_big_for_memory``.

        Notes
        -----
        With turns, a stop may save one, for one may turn round there; that is told as 0 seconds.
        """
        return detours(self, a, via, b)

    def nearest(
        self, origins: Points, facilities: Points, k: int = 1, *, limit_s: float = np.inf
    ) -> Nearest:
        """The `k` facilities that each origin reaches soonest.

        Parameters
        ----------
        origins, facilities
            WGS84 degrees.
        k
            How many, at least 1.
        limit_s
            Facilities further away do not count.

        Raises
        ------
        InputError
            ``too_big_for_memory``.

        Examples
        --------
        >>> from msap_mobility.model import Points
        >>> from msap_mobility.roads import RoadGraph
        >>> graph = RoadGraph.of_arcs(
        ...     node_id=[7, 8], lon=[1.0, 1.01], lat=[45.0, 45.0],
        ...     tails=[0, 1], heads=[1, 0], seconds=[60, 60], metres=[800, 800])
        >>> both = Points(graph.lon, graph.lat)
        >>> found = RoadTimes(graph).nearest(both, both, k=2)
        >>> found.facility.tolist(), found.seconds.tolist()
        ([[0, 1], [1, 0]], [[0.0, 60.0], [0.0, 60.0]])
        """
        if min(len(origins), len(facilities)) > FEW and k <= _MOST_LABELS:
            return self.nearest_of_all(facilities, k, limit_s=limit_s).at(origins)
        table = self.table(origins, facilities, limit_s=limit_s)
        return nearest_in_table(table, k, self.snap(origins).is_near, limit_s)

    def nearest_of_all(
        self, facilities: Points, k: int = 1, *, limit_s: float = np.inf
    ) -> NearestOfAll:
        """The `k` nearest facilities of every node of the graph, and of any point, by one search.

        Parameters
        ----------
        facilities, k, limit_s
            As in `nearest`.

        Raises
        ------
        InputError
            ``too_big_for_memory``.
        """
        return NearestOfAll(self._terrain, self.snap(facilities), k=k, limit_s=limit_s)

    def reach(
        self,
        places: Points,
        *,
        to: bool = False,
        limit_s: float = np.inf,
        as_one: bool = False,
    ) -> Reach:
        """How soon every node and any point is reached from each place, or reaches it.

        Parameters
        ----------
        places
            WGS84 degrees.
        to
            The ways *to* the places rather than those *from* them.
        limit_s
            Whatever takes longer is infinitely far, and not searched.
        as_one
            The best of all places only, in one row.

        Raises
        ------
        InputError
            ``too_big_for_memory``.

        Examples
        --------
        >>> from msap_mobility.model import Points
        >>> from msap_mobility.roads import RoadGraph
        >>> graph = RoadGraph.of_arcs(
        ...     node_id=[7, 8], lon=[1.0, 1.01], lat=[45.0, 45.0],
        ...     tails=[0, 1], heads=[1, 0], seconds=[60, 60], metres=[800, 800])
        >>> reach = RoadTimes(graph).reach(Points(graph.lon[:1], graph.lat[:1]))
        >>> reach.node_s.tolist(), reach.at(Points(np.array([1.005]), np.array([45.0]))).round(0)
        ([[0.0, 60.0]], array([[30.]], dtype=float32))
        """
        return Reach(self._terrain, self.snap(places), to=to, limit_s=limit_s, as_one=as_one)

    def isochrones(
        self,
        places: Points,
        limits_s: Sequence[float],
        *,
        to: bool = False,
        cell_m: float | None = None,
    ) -> Isochrones:
        """What lies within each limit of some places, as outlines and by cells.

        Parameters
        ----------
        places
            WGS84 degrees; what is near any of them counts.
        limits_s
            Seconds, ascending.
        to
            Whence the places are reached rather than what is reached from them.
        cell_m
            Side of a cell, metres; by default such that some 250,000 cells cover what is within
            reach, 5 to 500 m.

        Raises
        ------
        InputError
            ``isochrone_limits`` or ``too_big_for_memory``.
        """
        limits = [float(limit) for limit in limits_s]
        if not limits or not all(0 < a < b < np.inf for a, b in pairwise([*limits, 1e9])):
            raise InputError([Fault(code="isochrone_limits", value=list(limits_s))])
        far = searched_s(limits[-1])
        reach = self.reach(places, to=to, limit_s=far, as_one=True)
        return isochrones(self._terrain, reach, limits, cell_m)

    def _write(
        self,
        table: TimesTable,
        rows: slice,
        places: tuple[Snapped, Snapped],
        ways: Int64,
        limit_s: float,
        *,
        is_cut: bool,
    ) -> None:
        """Some rows of cells, from place to place."""
        start, end = places
        access = start.metres[:, None] + end.metres
        seconds = seconds_of(ways) + access / self._off_road_m_per_s
        metres = metres_of(ways) + access
        self._go_straight(start, end, seconds, metres)
        status = np.full(seconds.shape, Reached.OK, np.uint8)
        status[seconds > limit_s] = Reached.OVER_LIMIT
        if not is_cut:
            status[np.isinf(seconds)] = Reached.UNREACHABLE
        status[~start.is_near] = Reached.TOO_FAR_TO_SNAP
        status[:, ~end.is_near] = Reached.TOO_FAR_TO_SNAP
        absent = status != Reached.OK
        seconds[absent] = np.inf
        metres[absent] = np.inf
        table.seconds[rows], table.metres[rows], table.status[rows] = seconds, metres, status

    def _go_straight(self, start: Snapped, end: Snapped, seconds: Floats2, metres: Floats2) -> None:
        """Between neighbours by one section, straight: no further than both are from the road."""
        row, column, straight = neighbours(start, end)
        sooner = straight / self._off_road_m_per_s < seconds[row, column]
        row, column, straight = row[sooner], column[sooner], straight[sooner]
        seconds[row, column] = straight / self._off_road_m_per_s
        metres[row, column] = straight

    def _is_straight(self, start: Snapped, end: Snapped) -> bool:
        """Whether the way between two places leaves the road out."""
        _, _, straight = neighbours(start, end)
        if not len(straight):
            return False
        way = self._network.ways_to(end, origins=1)(start)
        by_road = seconds_of(way)[0, 0] + (start.metres + end.metres)[0] / self._off_road_m_per_s
        return bool(straight[0] / self._off_road_m_per_s < by_road)
