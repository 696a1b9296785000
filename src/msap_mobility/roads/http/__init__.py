"""Routing servers of others, asked over HTTP: only when somebody makes one of these, never else."""

from msap_mobility.roads.http.osrm import OsrmTimes
from msap_mobility.roads.http.valhalla import ValhallaTimes

__all__ = ["OsrmTimes", "ValhallaTimes"]
