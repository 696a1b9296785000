"""Travel times on a road network."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.errors import Fault, InputError
from msap_mobility.model import Points, Reached, Route, TimesTable
from msap_mobility.roads.calibration.exposure import SecondsByKind, seconds_by_kind
from msap_mobility.roads.calibration.speeds import fit_speeds
from msap_mobility.roads.closest import Nearest, NearestOfAll, nearest_in_table
from msap_mobility.roads.detours import detours, paired
from msap_mobility.roads.door_to_door import pieces_between, table_between
from msap_mobility.roads.factors import factors_source, with_factors
from msap_mobility.roads.isochrones import Isochrones, isochrones, searched_s
from msap_mobility.roads.network import FEW
from msap_mobility.roads.reach import Reach
from msap_mobility.roads.ready_roads import ReadyRoads
from msap_mobility.roads.steps import Directions, Step, steps_of
from msap_mobility.roads.way_lines import without_repeats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from msap_mobility.model import Place
    from msap_mobility.provenance import Source
    from msap_mobility.roads.calibration.speed_fit import SpeedFit
    from msap_mobility.roads.calibration.trips import Trips

__all__ = ["RoadTimes"]

_MOST_LABELS = 32
"""So many nearest are looked for by labels of nodes; more, in a table."""


class RoadTimes(ReadyRoads):
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
        return table_between(self._terrain, self.snap(origins), self.snap(destinations), limit_s)

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
        """The way from door to door."""
        start, end = self.snap(Points.of([a])), self.snap(Points.of([b]))
        return pieces_between(self._terrain, start, end, ((a.lon, a.lat), (b.lon, b.lat)))

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
            ``nearest_how_many``, ``limit_not_a_number`` or ``too_big_for_memory``.

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
            ``isochrone_limits``, ``isochrone_cell`` or ``too_big_for_memory``.
        """
        limits = [float(limit) for limit in limits_s]
        if not limits or not all(0 < a < b < np.inf for a, b in pairwise([*limits, 1e9])):
            raise InputError([Fault(code="isochrone_limits", value=list(limits_s))])
        far = searched_s(limits[-1])
        reach = self.reach(places, to=to, limit_s=far, as_one=True)
        return isochrones(self._terrain, reach, limits, cell_m)
