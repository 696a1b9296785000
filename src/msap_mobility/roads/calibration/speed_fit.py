"""Factors for the speeds of a road profile, and how far they mend its times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msap_mobility.provenance import Source
from msap_mobility.wording import Words, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.roads.road_times import RoadTimes
    from msap_mobility.wording import Lang

__all__ = ["SpeedFit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedFit:
    """Factors for the speeds of a profile, and what they mend.

    Parameters
    ----------
    factors
        By kind of road, for `RoadTimes.with_factors`; ferries keep their times.
    overall
        The one factor that suits all roads best.
    by_kind
        Whether kinds differ: only where that is nearer to trips left out of the fit.
    trips_by_kind
        How many of the trips use each kind of road.
    at_bounds
        Kinds whose factor is as far from 1 as was allowed: their times are not explained by speed.
    trips, origins
        How many it rests on.
    unreachable
        Trips left out because an end is off the network, or there is no way.
    without_distance
        Trips left out because they run along no road, or take no time.
    error_before, error_after
        Median relative error of a time, without and with the factors, ways being chosen anew.
    error_left_out
        The same for trips it had not seen: of origins left out of the fit, a fifth at a time, on
        the ways chosen before. How far kinds may differ was chosen by it.
    ratio_before, ratio_after
        Median of computed over observed times: above 1, computed ones are too long.
    profile
        Whose speeds these are factors of.
    sources
        What the observed times rest on.
    """

    factors: Mapping[str, float]
    overall: float
    by_kind: bool
    trips_by_kind: Mapping[str, int]
    at_bounds: tuple[str, ...]
    trips: int
    origins: int
    unreachable: int
    without_distance: int
    error_before: float
    error_after: float
    error_left_out: float
    ratio_before: float
    ratio_after: float
    profile: str
    sources: tuple[Source, ...] = ()

    def on(self, times: RoadTimes) -> RoadTimes:
        """The same roads at the fitted speeds, their sources saying so."""
        here = times.graph.sections.kinds
        own = {kind: factor for kind, factor in self.factors.items() if kind in here}
        return times.with_factors(own, fitted=(*self.sources, self.source()))

    def source(self) -> Source:
        """What times at these speeds rest on, to be told with every figure drawn from them."""
        return Source(
            name=Words.saying("roads.speed_fit.name", profile=self.profile),
            standing="estimated",
            note=Words.saying("roads.speed_fit.summary", **self._told()),
        )

    def summary(self, lang: Lang = "en") -> str:
        """Errors before and after as sentences."""
        return say("roads.speed_fit.summary", lang, **self._told())

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        told = {name: getattr(self, name) for name in self.__slots__}
        told |= {"factors": dict(self.factors), "trips_by_kind": dict(self.trips_by_kind)}
        return {
            **told,
            "at_bounds": list(self.at_bounds),
            "sources": [source.to_dict() for source in self.sources],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SpeedFit:
        """Read what `to_dict` wrote."""
        values = {
            **data,
            "at_bounds": tuple(data["at_bounds"]),
            "sources": tuple(Source.from_dict(source) for source in data["sources"]),
        }
        return cls(**values)

    def _told(self) -> dict[str, Any]:
        return {
            "trips": self.trips,
            "origins": self.origins,
            "before": self.error_before,
            "after": self.error_after,
            "left_out": self.error_left_out,
            "overall": f"{self.overall:.2f}",
            "unreachable": self.unreachable,
            "without_distance": self.without_distance,
        }
