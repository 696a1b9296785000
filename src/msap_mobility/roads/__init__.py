"""Who is how far from what: travel times with a road network or, for want of one, without."""

from msap_mobility.roads.calibrated import CalibratedTimes

__all__ = ["CalibratedTimes"]
