"""The slow truth about tiny routing problems: every choice, every order, every window.

`plans` chooses who is served and shares them among vehicles, `orders` lists every order of a route
with its loadings, `itineraries` every window and every place of a break in it, `timing` finds the
best times of what is left: a system of differences, or a linear program where hours cost.
"""

from __future__ import annotations

from tests.optimise.routing.brute_force.plans import best, value
from tests.optimise.routing.brute_force.timing import timed, times_hold

__all__ = ["best", "timed", "times_hold", "value"]
