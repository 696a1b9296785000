"""What no plan can beat: covering tours and rounds of village size, proven.

`prove` is the door. `ground` is the problem as its proof sees it. ::

    scope        what can be proven, by the names of rules
    labels       partial routes (kernels)
    ways         routes and ways home of one kind of vehicle
    prices       what stops and customers pay, and the bound that follows
    program      the linear program of routes
    generation   routes join it until none is worth joining
    enumeration  every route a better plan may consist of
    choice       the best plan made of them
"""

from __future__ import annotations

from msap_mobility.optimise.routing.proof.prove import proven
from msap_mobility.optimise.routing.proof.scope import refuse_unprovable, unprovable

__all__ = ["proven", "refuse_unprovable", "unprovable"]
