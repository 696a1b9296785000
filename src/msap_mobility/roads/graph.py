"""The road network as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.roads.arcs import arcs_of, components_of
from msap_mobility.roads.profile import CAR, Profile
from msap_mobility.roads.sections import Sections

if TYPE_CHECKING:
    from msap_mobility.provenance import Source
    from msap_mobility.roads.exchange import EdgeRule
    from msap_mobility.roads.pieces import Piece

__all__ = ["RoadGraph"]

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int], np.dtype[np.int32]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadGraph:
    """Junctions, the sections between them, and arcs by tail (CSR): no parallel arcs, no loops.

    Sections say where the roads run, and all of them can be set out from; arcs are what a fastest
    way needs of them. Made by `from_osm`, `from_edges` or `from_networkx`, `of_arcs` or
    `of_sections`.

    Parameters
    ----------
    node_id
        What the source calls each node.
    lon, lat
        float64, WGS84 degrees.
    delay_s
        float64, seconds lost by whoever goes on at a node: at traffic lights, say.
    sections
        The roads.
    banned
        int32 (ways, longest): directions of sections, see `arc_way`, that may not all follow one
        another; a turn is a way of two. After the last stands −1.
    indptr, heads
        int32: the arcs out of node `i` are ``indptr[i]:indptr[i + 1]`` and lead to ``heads``, in
        ascending order.
    seconds, metres
        float64, per arc; the delay at its head is in it.
    arc_way
        int32, per arc: twice the number of its section, and one more if it runs against it.
    component
        int32, per node: label of its strongly connected component, 0 being the largest. Within one,
        every node can be left and come back to.
    slope_known
        Part of the length of its roads whose slope is known and counted.
    profile
        Whose speeds `seconds` are.
    sources
        What it was made of.

    Examples
    --------
    >>> graph = RoadGraph.of_arcs(
    ...     node_id=[7, 8, 9], lon=[1.0, 1.1, 1.2], lat=[45.0, 45.0, 45.0],
    ...     tails=[0, 1, 0, 1], heads=[1, 0, 1, 2],
    ...     seconds=[60, 60, 50, 10], metres=[900, 900, 950, 100])
    >>> graph.heads, graph.seconds, graph.component
    (array([1, 0, 2], dtype=int32), array([50., 60., 10.]), array([0, 0, 1], dtype=int32))
    >>> len(graph.sections)
    3
    """

    node_id: np.ndarray[Any, Any]
    lon: Floats
    lat: Floats
    delay_s: Floats
    sections: Sections
    banned: np.ndarray[tuple[int, int], np.dtype[np.int32]]
    indptr: Ints
    heads: Ints
    seconds: Floats
    metres: Floats
    arc_way: Ints
    component: Ints
    slope_known: float = 0.0
    profile: Profile = CAR
    sources: tuple[Source, ...] = ()

    @classmethod
    def of_sections(
        cls,
        *,
        node_id: Any,
        lon: Any,
        lat: Any,
        sections: Sections,
        delay_s: Any = None,
        banned: Any = (),
        slope_known: float = 0.0,
        profile: Profile = CAR,
        sources: tuple[Source, ...] = (),
    ) -> RoadGraph:
        """A graph of sections: of parallel ones the fastest is an arc, then the shortest.

        Parameters
        ----------
        node_id, lon, lat
            Per node.
        sections
            Between them; what takes 12 days is closed, see `Sections.passable`.
        delay_s
            Per node; none if not given.
        banned, slope_known, profile, sources
            As in the class.
        """
        delay = np.zeros(len(node_id)) if delay_s is None else np.asarray(delay_s, np.float64)
        sections = sections.passable()
        arcs = arcs_of(sections, delay)
        return cls(
            node_id=_ids(node_id),
            lon=np.asarray(lon, np.float64),
            lat=np.asarray(lat, np.float64),
            delay_s=delay,
            sections=sections,
            banned=_ways(banned),
            component=components_of(arcs["indptr"], arcs["heads"]),
            **arcs,
            slope_known=slope_known,
            profile=profile,
            sources=sources,
        )

    @classmethod
    def of_arcs(
        cls,
        *,
        node_id: Any,
        lon: Any,
        lat: Any,
        tails: Any,
        heads: Any,
        seconds: Any,
        metres: Any,
        profile: Profile = CAR,
        sources: tuple[Source, ...] = (),
    ) -> RoadGraph:
        """A graph of arcs in any order, each as straight as the crow flies.

        Parameters
        ----------
        node_id, lon, lat
            Per node.
        tails, heads
            Per arc, rows of its nodes.
        seconds, metres
            Per arc.
        profile, sources
            As in the class.
        """
        arcs = {"tails": tails, "heads": heads, "seconds": seconds, "metres": metres}
        return cls.of_sections(
            node_id=node_id,
            lon=lon,
            lat=lat,
            sections=Sections.of_arcs(lon=lon, lat=lat, **arcs),
            profile=profile,
            sources=sources,
        )

    @classmethod
    def from_osm(cls, path: Path | str, profile: Profile = CAR) -> RoadGraph:
        """The roads of an OpenStreetMap extract that `profile` can use.

        Parameters
        ----------
        path
            ``.osm.pbf`` (needs osmium), ``.osm`` or ``.osm.gz``.
        profile
            `CAR`, `VAN`, `BICYCLE`, `WALK` or your own.

        Raises
        ------
        InputError
            If the file is missing or damaged, or holds no such road.
        MissingExtra
            If osmium is needed and not installed.

        Notes
        -----
        Nodes are junctions and ends of roads; the points between are the shape of the sections.
        Where a road merely goes on as another piece of itself, the two are one section.
        """
        from msap_mobility.roads.extract import graph_of_extract  # noqa: PLC0415 - heavy

        return graph_of_extract(path, profile)

    @classmethod
    def from_networkx(cls, graph: Any, profile: Profile = CAR) -> RoadGraph:
        """A networkx graph with OSMnx's names: nodes `x`, `y`; edges `length`, `travel_time`.

        Parameters
        ----------
        graph
            Directed or not, with or without parallel edges. Where `travel_time` (seconds) is
            absent or None, `speed_kph` and `length` give it; of a list of speeds, which OSMnx
            makes where it joins roads, the slowest counts. A list of lengths or times is refused:
            OSMnx keeps each value once, so their sum is lost.
        profile
            Whose speeds these are.

        Raises
        ------
        InputError
            Naming each node without coordinates in degrees, and each edge whose length or time
            is missing, negative or not a plain number.
        """
        from msap_mobility.roads.exchange.networkx_graph import (  # noqa: PLC0415 - heavy
            graph_of_networkx,
        )

        return graph_of_networkx(graph, profile)

    @classmethod
    def from_edges(
        cls,
        edges: Any,
        nodes: Any = None,
        *,
        profile: Profile = CAR,
        rule: EdgeRule | None = None,
        sources: tuple[Source, ...] = (),
    ) -> RoadGraph:
        """Roads one by one: from columns in memory, or from a file.

        Parameters
        ----------
        edges
            Columns by name, as a dict of arrays or lists or as a data frame:

            - ``from``, ``to``: ids of nodes;
            - ``seconds``, the same both ways, or ``km_per_h`` where these are absent or empty;
            - ``metres``: absent or empty, the line is measured;
            - ``climb_m``: metres that its ``to`` lies higher than its ``from``, negative downhill,
              absent or empty where that is not known: speeds are then those on the flat, and the
              profile says what the slope makes of them (`Profile.climbing`; ``seconds`` stay);
            - ``oneway``: true, ``yes`` or 1 = open along its line only, ``-1`` = against it only;
              absent or empty = both ways;
            - ``geometry``: a shapely LineString or (lon, lat) pairs; absent or empty = straight;
            - ``kind`` and ``name``: the class of the road and what it is called.

            Or the path of a GeoJSON or CSV file, see `exchange.graph_of_edges`.
        nodes
            Columns ``id``, ``lon``, ``lat``, WGS84 degrees; not for a file.
        profile
            Whose speeds these are.
        rule
            What the columns of a file mean; not for columns in memory.
        sources
            What the roads rest on; a file is its own.

        Returns
        -------
        RoadGraph
            Its section `i` is edge `i`.

        Raises
        ------
        InputError
            With every fault, each wrong value once; rows of columns count from 1.

        Examples
        --------
        >>> nodes = {"id": ["a", "b", "c"], "lon": [1.0, 1.1, 1.2], "lat": [45.0, 45.0, 45.0]}
        >>> edges = {"from": ["a", "b"], "to": ["b", "c"], "metres": [7900, 8000],
        ...          "km_per_h": [50, 80], "oneway": [False, True]}
        >>> graph = RoadGraph.from_edges(edges, nodes)
        >>> graph.seconds.round().tolist(), graph.component_sizes.tolist()
        ([569.0, 569.0, 360.0], [2, 1])
        """
        if isinstance(edges, str | Path):
            from msap_mobility.roads.exchange import (  # noqa: PLC0415 - heavy
                EdgeColumns,
                graph_of_edges,
            )

            return graph_of_edges(edges, rule or EdgeColumns(profile=profile))
        from msap_mobility.roads.exchange.edge_table import (  # noqa: PLC0415 - heavy
            graph_of_edge_table,
        )

        return graph_of_edge_table(edges, {} if nodes is None else nodes, profile, sources)

    def to_networkx(self) -> Any:
        """A `networkx.DiGraph` with the names `from_networkx` reads: the fastest ways are the same.

        Nodes tell `x` and `y`; edges `length`, `travel_time`, `geometry` unless they are straight,
        and `highway` and `name` where they are known.

        Notes
        -----
        It holds arcs. What these leave out is lost: of parallel roads the slower ones, loops,
        forbidden turns, ids of ways; and the delay at a node can no longer be told from the time
        of the arcs into it. The profile and the sources do not go with it either.
        """
        from msap_mobility.roads.exchange.networkx_graph import (  # noqa: PLC0415 - heavy
            networkx_of_graph,
        )

        return networkx_of_graph(self)

    def pieces(self) -> tuple[Piece, ...]:
        """The pieces that no road joins to one another, the longest first."""
        from msap_mobility.roads.pieces import pieces_of  # noqa: PLC0415 - heavy

        return pieces_of(self)

    def __len__(self) -> int:
        return len(self.lon)

    @property
    def tails(self) -> Ints:
        """Per arc, the row of the node it leaves."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.indptr))

    @property
    def component_sizes(self) -> Ints:
        """Nodes of each strongly connected component, largest first."""
        return np.bincount(self.component).astype(np.int32)


def _ids(node_id: Any) -> np.ndarray[Any, Any]:
    """Ids as int64 where they are whole numbers, else as they are."""
    if isinstance(node_id, np.ndarray) and node_id.dtype == np.int64:
        return node_id
    listed = list(node_id)
    if all(isinstance(one, int | np.integer) and not isinstance(one, bool) for one in listed):
        return np.array(listed, np.int64)
    kept = np.empty(len(listed), object)
    kept[:] = listed
    return kept


def _ways(banned: Any) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """Ways as rows of at least two, −1 where they are at their end."""
    listed = [list(way) for way in banned]
    longest = max(map(len, listed), default=2)
    filled = [way + [-1] * (longest - len(way)) for way in listed]
    return np.array(filled, np.int32).reshape(-1, longest)
