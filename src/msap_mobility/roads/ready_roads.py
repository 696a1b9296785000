"""A road graph made ready to be asked: what is searched, where places meet it, what it rests on."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from msap_mobility.provenance import Source
from msap_mobility.roads.cache import RoadCache
from msap_mobility.roads.network import Network
from msap_mobility.roads.profile import CAR
from msap_mobility.roads.snap import Snapped, Snapper
from msap_mobility.roads.snap_report import SnapReport, snap_report
from msap_mobility.roads.terrain import Terrain
from msap_mobility.roads.turn_network import TurnNetwork
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.model import Points
    from msap_mobility.roads.graph import RoadGraph
    from msap_mobility.roads.profile import Profile

__all__ = ["ReadyRoads"]


class ReadyRoads:
    """What `RoadTimes` asks; its parameters are told there."""

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
        speed = self.graph.profile.off_road_km_per_h / 3.6
        return Terrain(self._network, self._snapper, speed)

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

    def snap(self, points: Points) -> Snapped:
        """Where `points` meet the network."""
        return self._snapper.snap(points)

    def snap_report(self, points: Points) -> SnapReport:
        """Where `points` meet the network, which are too far from it or on a piece cut off."""
        return snap_report(self.graph, self._snapper, points)
