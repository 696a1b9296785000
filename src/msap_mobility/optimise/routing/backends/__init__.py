"""Searches that can stand behind `solve`, by one protocol.

`native` is the engine of this library. `pyvrp` (an extra) and `ortools` are other people's. What
one of them cannot express is refused by the name of the rule: by all three the rules of
`rules.further_rules`, and by the other two

=============== =====================================================================
``balance``     `Objective.balance`
``max_ride_s``  a ride limited to less than any route can last
``pair_stops``  `Vehicles.max_stops` where there are pickups and deliveries
``pair_window`` a pickup or a delivery with several windows
``pair_group``  a pickup and its delivery as one of a group of alternatives
``covering``    `Covering` together with pairs, groups or windows (pyvrp), or at all (ortools)
``covering_load``  stops within reach that load or unload (pyvrp)
``covering_stops`` `Vehicles.max_stops` with `Covering` where lengths and times both count (pyvrp)
``magnitude``   costs or times whose sums may leave the range of whole numbers
=============== =====================================================================

No other package is imported before its backend is asked to solve.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, InputError
from msap_mobility.optimise.routing.backends.protocol import Backend, Progress, ShouldStop, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["BACKENDS", "Backend", "Progress", "ShouldStop", "backend_of", "refuse"]

BACKENDS: Mapping[str, tuple[str, str]] = {
    "native": ("msap_mobility.optimise.routing.native.engine", "Native"),
    "pyvrp": ("msap_mobility.optimise.routing.backends.pyvrp", "PyVRP"),
    "ortools": ("msap_mobility.optimise.routing.backends.ortools", "ORTools"),
}
"""Module and class of each, imported when asked for."""


def backend_of(name: str, *, replay: RoutingSolution | None = None) -> Backend:
    """The backend called `name`; the native one can repeat what led to the answer `replay`.

    Raises
    ------
    InputError
        ``routing_no_backend``: nothing is called so.

    Examples
    --------
    >>> backend_of("pyvrp").name
    'pyvrp'
    """
    if name not in BACKENDS:
        raise InputError([Fault(code="routing_no_backend", value=name, details=_KNOWN)])
    module, kind = BACKENDS[name]
    make = getattr(import_module(module), kind)
    backend: Backend = make() if replay is None else make(replay)
    return backend


_KNOWN = {"known": ", ".join(BACKENDS)}
