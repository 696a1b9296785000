"""Numbers with a meaning of their own."""

from __future__ import annotations

from msap_mobility.optimise.arrays import LIMIT

__all__ = ["ANYWHERE", "ANY_DAY", "MANDATORY", "NONE", "RELOAD", "UNLIMITED"]

MANDATORY = -1
"""The prize of what must be served or covered."""
NONE = -1
"""No delivery (a single visit), no group, no place to reload, no pattern chosen."""
ANYWHERE = -1
"""The end of a vehicle whose route is open: it stops after its last task."""
ANY_DAY = -1
"""The day of a request that vehicles of any day may serve."""
RELOAD = -1
"""Stands among the tasks of a route where the vehicle loads again."""
UNLIMITED = LIMIT
"""No limit of time, distance, load or stops; no wanted hour."""
