"""What the kernels work on: a table of arrays for the problem, one for a plan, one for memory.

Rows of their columns are numbered by the constants below. A **node** is a task or, behind all
tasks, the **loading** of a vehicle type; who passes it begins another trip. A **slot** may
hold one route; the slots of a vehicle type stand together. A **unit** is what is served as a whole:
a request, a group, or a customer of patterns. It is served by one of its **options**, which has one
or more **parts**: requests, all of which are then served. A **home** is a customer of `Covering`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from msap_mobility.compiled import Table

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int32, Int64

__all__ = ["Memory", "Plan", "Problem", "empty_plan", "fresh_memory"]

UInt32 = NDArray[np.uint32]

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
    ABILITIES,
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
) = range(24)
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


class Plan(Table):
    """Routes, with what must be known to change them fast.

    Position 0 of a route is its start, 1 … length are its tasks and loadings, length + 1 its end.

    Parameters
    ----------
    sequence
        int32 (slots, positions): nodes.
    place
        uint32 (slots, positions): places, both ends too.
    edge
        int64 (slots, positions): cost of driving to the next position.
    leave
        int64 (slots, positions): earliest leaving.
    latest
        int64 (slots, positions): latest beginning for which the rest keeps its windows.
    aboard
        int64 (slots, positions, 3, D): load when leaving, the most up to here, the most from here,
        both within the trip.
    trip
        int64 (slots, positions, columns), see `TRIP_FROM` …; one row where nobody loads again or
        waits for a release.
    span
        int64 (slots, positions, 6): shortest duration of what is up to here and from here on, each
        with the first and last moment to begin it so; one row where no vehicle is `TIMED`.
    route
        int64 (slots, columns), see `LENGTH` …
    where
        int32 (N, 2): slot and position of each task, −1 = in none.
    served
        int32 (U,): the option chosen, or −1.
    covered
        int32 (H,): how many requests that are served reach a home.
    total
        int64, see `ARCS` …
    """

    columns: ClassVar = {
        "sequence": "int32[:,::1]",
        "place": "uint32[:,::1]",
        "edge": "int64[:,::1]",
        "leave": "int64[:,::1]",
        "latest": "int64[:,::1]",
        "aboard": "int64[:,:,:,::1]",
        "span": "int64[:,:,::1]",
        "trip": "int64[:,:,::1]",
        "route": "int64[:,::1]",
        "where": "int32[:,::1]",
        "served": "int32[::1]",
        "covered": "int32[::1]",
        "total": "int64[::1]",
    }

    sequence: Int32
    place: UInt32
    edge: Int64
    leave: Int64
    latest: Int64
    aboard: Int64
    span: Int64
    trip: Int64
    route: Int64
    where: Int32
    served: Int32
    covered: Int32
    total: Int64


LENGTH, DRIVEN, FAR, DURATION, RIDES, CHOICES, LOADINGS, STAMP = range(8)
"""Columns of `Plan.route`: tasks and loadings, cost of driving, distance, shortest duration (if
`TIMED`), rules that only the schedule tells (longest rides, times since loading, breaks), tasks
with several windows or a release, loadings, number of the last change."""

TRIP_FROM, OPEN, RELEASED, TO_RELEASE, PICKED = range(5)
"""Columns of `Plan.trip`, all within the trip that goes on here: position of its loading, pairs
aboard when leaving, last release up to here, last release after here; from `PICKED` on what single
visits loaded up to here, by dimension."""

ROUTES_COST, MISSED, MISSING, USED, SERVING = range(5)
"""Columns of `Plan.total`: cost of all routes, gains not made, units and homes that must be served
and are not, routes, requests served."""


def empty_plan(problem: Problem) -> Plan:
    """A plan without routes; `labels.refresh` fills in the labels of each slot."""
    slots, positions = problem.slots, int(problem.setting[STOPS]) + 2
    timed = bool(problem.vehicle[:, TIMED].any())
    trips, dimensions = bool(problem.setting[TRIPS]), problem.load.shape[1]
    units, homes = problem.unit, problem.home
    total = np.zeros(5, dtype=np.int64)
    total[MISSED] = problem.setting[ALL_PRIZES]
    total[MISSING] = units[:, MUST].sum() + homes[:, NEEDED].sum()
    return Plan(
        sequence=np.zeros((slots, positions), dtype=np.int32),
        place=np.zeros((slots, positions), dtype=np.uint32),
        edge=np.zeros((slots, positions), dtype=np.int64),
        leave=np.zeros((slots, positions), dtype=np.int64),
        latest=np.zeros((slots, positions), dtype=np.int64),
        aboard=np.zeros((slots, positions, 3, dimensions), dtype=np.int64),
        span=np.zeros((slots if timed else 1, positions if timed else 1, 6), dtype=np.int64),
        trip=np.zeros(
            (slots if trips else 1, positions if trips else 1, PICKED + dimensions), dtype=np.int64
        ),
        route=np.zeros((slots, 8), dtype=np.int64),
        where=np.full((problem.tasks, 2), -1, dtype=np.int32),
        served=np.full(len(units), -1, dtype=np.int32),
        covered=np.zeros(len(homes), dtype=np.int32),
        total=total,
    )


class Memory(Table):
    """What one search remembers besides its plans.

    Parameters
    ----------
    draft
        int32 (positions,): a sequence under trial.
    times
        int64 (4, positions): its earliest and latest beginnings, drives with breaks and without.
    kept
        int32 (positions,): the draft without breaks; int64 (B,) `stand`: of each break the place
        under trial, or −1; int64 (columns,) `driver`: the vehicle who takes them.
    at
        int32 (N + V,): position of a node in the draft.
    entering
        int32 (U + H,): units and homes (home h as U + h) to be inserted, in order.
    sort
        int64 (U + H,): what they are sorted by; what units are worth while some are selected.
    offer
        int64, see `ADDED` …
    held
        int64 (2, columns): offers that are held while others are looked for, of an option and of a
        stop.
    quote
        int64 (Q, columns): the best offer of each part, see `ADDED` … and `AS_OF` …
    nearby
        int32 (slots,): routes near the request that is looked at; `is_nearby` tells of each slot.
    touched
        int32 (slots,): slots changed in this iteration; `is_touched` tells of each slot, `has_gap`
        whether tasks that are gone still stand in its sequence.
    is_doubtful
        bool (U,): whether a unit is on the list of stops that may be needed no more.
    changed
        int32 (U,): units that left or entered in this iteration; `is_changed` of each unit.
    absent
        int32 (U,): units not served in the accepted plan.
    absence
        int64 (U + H,): how often a unit or home was left out.
    added
        int64 (positions,): cost a delivery adds at each position, and at it or any later one.
    high
        int64 (V,): slots from here on were never used.
    dice
        uint64 (1,): state of the random numbers.
    control
        int64, see `ITERATION` …
    """

    columns: ClassVar = {
        "draft": "int32[::1]",
        "times": "int64[:,::1]",
        "kept": "int32[::1]",
        "stand": "int64[::1]",
        "driver": "int64[::1]",
        "at": "int32[::1]",
        "entering": "int32[::1]",
        "sort": "int64[::1]",
        "offer": "int64[::1]",
        "held": "int64[:,::1]",
        "quote": "int64[:,::1]",
        "nearby": "int32[::1]",
        "is_nearby": "boolean[::1]",
        "touched": "int32[::1]",
        "is_touched": "boolean[::1]",
        "has_gap": "boolean[::1]",
        "is_doubtful": "boolean[::1]",
        "changed": "int32[::1]",
        "is_changed": "boolean[::1]",
        "absent": "int32[::1]",
        "absence": "int64[::1]",
        "added": "int64[:,::1]",
        "high": "int64[::1]",
        "dice": "uint64[::1]",
        "control": "int64[::1]",
    }

    draft: Int32
    times: Int64
    kept: Int32
    stand: Int64
    driver: Int64
    at: Int32
    entering: Int32
    sort: Int64
    offer: Int64
    held: Int64
    quote: Int64
    nearby: Int32
    is_nearby: NDArray[np.bool_]
    touched: Int32
    is_touched: NDArray[np.bool_]
    has_gap: NDArray[np.bool_]
    is_doubtful: NDArray[np.bool_]
    changed: Int32
    is_changed: NDArray[np.bool_]
    absent: Int32
    absence: Int64
    added: Int64
    high: Int64
    dice: NDArray[np.uint64]
    control: Int64


ADDED, SLOT, POSITION, SECOND_POSITION, CHOSEN, RELOADS = range(6)
"""Of `Memory.offer`: cost, slot, position after which to put the visit or pickup, position in the
old sequence after which to put the delivery, request, which loadings to put around a visit."""

LOADED_BEFORE, LOADED_AFTER = 1, 2
"""Of `RELOADS`; 0 for none, the sum for both."""

AS_OF, ASKED = 6, 7
"""Of `Memory.quote` besides: the stamp of its route then; the number of the question."""

(
    ITERATION,
    ENTERING_COUNT,
    TOUCHED_COUNT,
    CHANGED_COUNT,
    ABSENT_COUNT,
    BLINK,
    ROUTE_LIMIT,
    STAMPS,
    REMOVED,
    LONGEST_STRING,
    FAVOURED,
    SHARE,
    NEARBY_COUNT,
    GENEROSITY,
    PRICE,
    QUESTION,
    BY_NEED,
    KEEPS_DAYS,
) = range(18)
"""Of `Memory.control`: iterations done, lengths of the lists, blinks in 1/10,000, most routes
allowed, last stamp given out, units removed on average, longest string removed, the vehicle type
whose fixed cost is charged by share of the load, or −1, and how much of that in hundredths, length
of the list of routes near by, what prizes are multiplied by to decide who enters, what a unit of
prize was worth when somebody was last selected, questions asked so far, by what power of the homes
they newly cover the cost of stops is divided, whether those who leave keep their option."""


def fresh_memory(problem: Problem, dice: int, *, stops: int = 0) -> Memory:
    """A memory that remembers nothing; `dice` is its random state, not 0.

    It has room for routes of `stops` tasks where that is more than the problem allows.
    """
    units, homes = len(problem.unit), len(problem.home)
    positions = max(stops, int(problem.setting[STOPS])) + 4 + len(problem.rest)
    control = np.zeros(18, dtype=np.int64)
    control[BLINK], control[ROUTE_LIMIT] = 100, problem.slots
    control[REMOVED], control[LONGEST_STRING] = 10, 10
    control[ABSENT_COUNT], control[FAVOURED], control[GENEROSITY] = units, -1, 1
    control[PRICE] = 1 << 16
    return Memory(
        draft=np.zeros(positions, dtype=np.int32),
        times=np.zeros((4, positions), dtype=np.int64),
        kept=np.zeros(positions, dtype=np.int32),
        stand=np.zeros(len(problem.rest), dtype=np.int64),
        driver=np.zeros(problem.vehicle.shape[1], dtype=np.int64),
        at=np.zeros(len(problem.node), dtype=np.int32),
        entering=np.zeros(units + homes, dtype=np.int32),
        sort=np.zeros(units + homes, dtype=np.int64),
        offer=np.zeros(6, dtype=np.int64),
        held=np.zeros((2, 6), dtype=np.int64),
        quote=np.zeros((len(problem.request), 8), dtype=np.int64),
        nearby=np.zeros(problem.slots, dtype=np.int32),
        is_nearby=np.zeros(problem.slots, dtype=np.bool_),
        touched=np.zeros(problem.slots, dtype=np.int32),
        is_touched=np.zeros(problem.slots, dtype=np.bool_),
        has_gap=np.zeros(problem.slots, dtype=np.bool_),
        is_doubtful=np.zeros(units, dtype=np.bool_),
        changed=np.zeros(units, dtype=np.int32),
        is_changed=np.zeros(units, dtype=np.bool_),
        absent=np.arange(units, dtype=np.int32),
        absence=np.ones(units + homes, dtype=np.int64),
        added=np.zeros((2, positions), dtype=np.int64),
        high=problem.vehicle[:, SLOT_FROM].copy(),
        dice=np.array([dice], dtype=np.uint64),
        control=control,
    )
