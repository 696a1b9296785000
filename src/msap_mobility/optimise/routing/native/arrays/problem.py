"""The problem as kernels take it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msap_mobility.compiled import Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int32, Int64

__all__ = ["Problem"]

NEVER = 1 << 60
"""A cost above every other, a time after every other; two of them still fit int64."""


class Problem(Table):
    """Matrices and tables.

    Parameters
    ----------
    cost, cost_to
        int64 (classes, P, P): cost of driving from row to column, and its transpose, for each
        pair of a profile and a cost of distance.
    time
        int32 (profiles, P, P).
    distance
        int64 (profiles, P, P).
    node
        int64 (N + V + B, columns), see `PLACE` …; a break begins at most so long as `COLD` tells
        after departure, and has no place.
    window
        int64 (W, 2).
    load
        int64 (N + V, D).
    request
        int64 (Q, columns), see `FIRST` …
    takes
        bool (Q, V): whether a vehicle type has the skills and the day of a request.
    option
        int64 (O, columns), see `PARTS` …; `part` lists the requests of each. Option r is request r
        alone, for all requests; patterns follow.
    unit
        int64 (U, columns), see `MEMBERS` …; `member` lists the options of each.
    home
        int64 (H, columns), see `REACH` …; `reach` lists the requests that cover each.
    covers
        int64: the homes within reach of request r are ``covers[cover_start[r] :
        cover_start[r + 1]]``.
    vehicle
        int64 (V, columns), see `START` …
    rest
        int64 (B, columns), see `IF_LONGER` …: breaks, those of a type together.
    capacity
        int64 (V, D).
    type_of
        int64 (slots,): the vehicle type.
    near
        int32 (N, k): the nearest nodes, itself first.
    beside
        int32 (N, k): the nearest nodes of the same day, itself first.
    key
        int64 (keys, U + H): by what units and homes are sorted before they enter.
    order
        int64: rows of `key`, each as often as it is to be chosen; −1 is a random order.
    setting
        int64, see `STOPS` …
    """

    columns: ClassVar = {
        "cost": "int64[:,:,::1]",
        "cost_to": "int64[:,:,::1]",
        "time": "int32[:,:,::1]",
        "distance": "int64[:,:,::1]",
        "node": "int64[:,::1]",
        "window": "int64[:,::1]",
        "load": "int64[:,::1]",
        "request": "int64[:,::1]",
        "takes": "boolean[:,::1]",
        "option": "int64[:,::1]",
        "part": "int64[::1]",
        "unit": "int64[:,::1]",
        "member": "int64[::1]",
        "home": "int64[:,::1]",
        "reach": "int64[::1]",
        "cover_start": "int64[::1]",
        "covers": "int64[::1]",
        "vehicle": "int64[:,::1]",
        "rest": "int64[:,::1]",
        "capacity": "int64[:,::1]",
        "type_of": "int64[::1]",
        "near": "int32[:,::1]",
        "beside": "int32[:,::1]",
        "key": "int64[:,::1]",
        "order": "int64[::1]",
        "setting": "int64[::1]",
    }

    cost: Int64
    cost_to: Int64
    time: Int32
    distance: Int64
    node: Int64
    window: Int64
    load: Int64
    request: Int64
    takes: NDArray[np.bool_]
    option: Int64
    part: Int64
    unit: Int64
    member: Int64
    home: Int64
    reach: Int64
    cover_start: Int64
    covers: Int64
    vehicle: Int64
    rest: Int64
    capacity: Int64
    type_of: Int64
    near: Int32
    beside: Int32
    key: Int64
    order: Int64
    setting: Int64

    @property
    def slots(self) -> int:
        """Most routes there can be."""
        return len(self.type_of)

    @property
    def tasks(self) -> int:
        """How many nodes are tasks; loadings stand behind them."""
        return len(self.near)


(
    PLACE,
    SERVICE,
    EARLY,
    LATE,
    WINDOWS,
    WINDOW_FROM,
    PARTNER,
    RIDE,
    OWNER,
    NODE_REQUEST,
    RELEASE,
    COLD,
) = range(12)
"""Columns of `Problem.node`: place, service time, earliest and latest start over all windows,
number of windows and the first's row; partner in a pair or −1; longest ride to a delivery, or
`NEVER`; unit; request; when its trip may leave the loading, and how long after that it begins at
most, or `NEVER`. Loadings have no unit, −1."""

FIRST, SECOND = range(2)
"""Columns of `Problem.request`: pickup or visit, delivery or −1."""

PARTS, PARTS_END, GAIN = range(3)
"""Columns of `Problem.option`: rows of `part`; what choosing it saves: the prize less the price."""

MEMBERS, MEMBERS_END, MUST, WORTH = range(4)
"""Columns of `Problem.unit`: rows of `member`; whether it must be served; its highest gain."""

REACH, REACH_END, NEEDED, HOME_PRIZE = range(4)
"""Columns of `Problem.home`: rows of `reach`; whether it must be covered; else its prize."""

(
    START,
    END,
    EARLIEST,
    LATEST_END,
    LONGEST,
    SHIFT,
    FARTHEST,
    MOST_STOPS,
    PROFILE,
    CLASS,
    FIXED,
    PER_S,
    PER_OVERTIME,
    BALANCE,
    TIMED,
    PAID,
    SLOT_FROM,
    SLOT_END,
    RATE,
    LOADING,
    MOST_LOADINGS,
    BREAKS,
    BREAKS_END,
) = range(23)
"""Columns of `Problem.vehicle`; `LONGEST` is the shift with overtime, `TIMED` tells whether the
length of a route is limited or costs, `PAID` whether it costs, `RATE` what a unit of distance
costs, 0 where that cannot be said; `LOADING` the node where it loads again, −1 if it never does;
from `BREAKS` to `BREAKS_END` the rows of `Problem.rest`."""

(
    STOPS,
    VEHICLES_FIRST,
    SCORED,
    PRIZE_SCALE,
    FLEET_MATTERS,
    BARGAINS,
    OPTIONAL,
    SELECTS,
    TRIPS,
    ALL_PRIZES,
    SEVERAL_PARTS,
) = range(11)
"""Columns of `Problem.setting`: most tasks and loadings of a route,
whether fewer vehicles beat any cost, whether nothing but prizes counts (then costs only guide),
by how much prizes are multiplied beside costs that only guide, whether vehicles cost anything to
use at all, how often of a hundred times units enter by what they add for their prize, whether some
are served only if it pays, by what routes are limited that `selection` may choose among (0: it
must not), whether somebody loads again, waits for a release or
must not wait long since loading, all prizes together, whether some option has several parts."""

BY_DISTANCE, BY_TIME = 1, 2
"""Of `SELECTS`: what alone limits the routes; with any other rule nobody is selected."""


IF_LONGER, UNPAID_S = range(2)
"""Columns of `Problem.rest`: how long a route may last without it; what is taken off its work."""
