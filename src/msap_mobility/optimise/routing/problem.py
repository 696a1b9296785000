"""What is asked of the routing engine: five tables of arrays.

A **task** is something done at a place: so long, within these windows, this much loaded or
unloaded. A **request** is one task, or a pickup and its delivery. A **group** holds requests of
which at most one, or exactly one, is served. A **vehicle type** is a row with a count.

All numbers are whole. Distances and costs are in any unit of the caller's, times in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.errors import Faults
from msap_mobility.optimise.arrays import LIMIT, Int32, Int64, as_int64, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ANYWHERE",
    "MANDATORY",
    "NONE",
    "UNLIMITED",
    "Groups",
    "Objective",
    "Requests",
    "RoutingProblem",
    "Tasks",
    "Vehicles",
]

MANDATORY = -1
"""The prize of a request that must be served."""
NONE = -1
"""No delivery (a single visit), no group."""
ANYWHERE = -1
"""The end of a vehicle whose route is open: it stops after its last task."""
UNLIMITED = LIMIT
"""No limit of time, distance, load or stops."""

_TIMES = 2**31 - 1
_MOST_ROWS = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tasks:
    """N things to do.

    Parameters
    ----------
    place
        int32 (N,): row of the matrices.
    service_s
        int64 (N,): how long it takes.
    load
        int64 (N, D): what comes aboard (above 0) or leaves (below) in each of D dimensions. What
        a single visit unloads was loaded where the route starts; what it loads stays aboard to
        the end.
    window_start, window_s
        CSR: task t begins within one of the rows ``window_start[t]:window_start[t + 1]`` of
        `window_s`, int64 (W, 2), both ends allowed, sorted and disjoint. No row: at any time.
    """

    place: Int32
    service_s: Int64
    load: Int64
    window_start: Int64
    window_s: Int64

    @classmethod
    def of(
        cls, *, place: Any, service_s: Any = None, load: Any = None, windows: Any = None
    ) -> Tasks:
        """From sequences; what is left out takes no time, weighs nothing, is free of windows.

        Parameters
        ----------
        place, service_s, load
            As the fields; `load` of one dimension may be flat.
        windows
            For each task a sequence of (earliest, latest), maybe empty.

        Examples
        --------
        >>> tasks = Tasks.of(place=[1, 2], load=[-3, -1], windows=[[(0, 60), (90, 99)], []])
        >>> tasks.load.shape, tasks.window_start.tolist()
        ((2, 1), [0, 2, 2])
        """
        count = len(place)
        weights = np.zeros((count, 1), dtype=np.int64) if load is None else as_int64(load)
        rows = [[]] * count if windows is None else [list(listed) for listed in windows]
        flat = [pair for listed in rows for pair in listed]
        return cls(
            place=_int32(place),
            service_s=as_int64(np.zeros(count, dtype=np.int64) if service_s is None else service_s),
            load=weights[:, None] if weights.ndim == 1 else weights,
            window_start=np.cumsum([0, *(len(listed) for listed in rows)], dtype=np.int64),
            window_s=as_int64(flat).reshape(-1, 2) if flat else np.zeros((0, 2), dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Requests:
    """Q requests: what is served as a whole or not at all.

    Parameters
    ----------
    task
        int32 (Q,): the single visit, or the pickup.
    delivery
        int32 (Q,): the task after it in the same route, or `NONE`.
    prize
        int64 (Q,): what not serving it costs, or `MANDATORY`.
    max_ride_s
        int64 (Q,): most time from the end of the pickup's service to the beginning of the
        delivery's, or `UNLIMITED` (Cordeau & Laporte 2003, doi 10.1016/S0191-2615(02)00045-0).
    skills
        int64 (Q,): bits a vehicle must have, all of them.
    group
        int32 (Q,): row of `Groups`, or `NONE`.
    """

    task: Int32
    delivery: Int32
    prize: Int64
    max_ride_s: Int64
    skills: Int64
    group: Int32

    @classmethod
    def of(
        cls,
        *,
        task: Any,
        delivery: Any = None,
        prize: Any = None,
        max_ride_s: Any = None,
        skills: Any = None,
        group: Any = None,
    ) -> Requests:
        """From sequences; what is left out asks nothing: single visits that must be served.

        Examples
        --------
        >>> Requests.of(task=[0, 1]).prize.tolist()
        [-1, -1]
        """
        count = len(task)
        return cls(
            task=_int32(task),
            delivery=_int32(_filled(delivery, count, NONE)),
            prize=_filled(prize, count, MANDATORY),
            max_ride_s=_filled(max_ride_s, count, UNLIMITED),
            skills=_filled(skills, count, 0),
            group=_int32(_filled(group, count, NONE)),
        )

    def __len__(self) -> int:
        return len(self.task)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """G groups of alternatives: at most one request of each is served.

    Parameters
    ----------
    must
        bool (G,): whether exactly one is. Its requests have no `MANDATORY` prize: which one is
        served is the engine's choice.
    """

    must: np.ndarray[Any, np.dtype[np.bool_]]

    def __len__(self) -> int:
        return len(self.must)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vehicles:
    """V types of vehicle.

    Parameters
    ----------
    count
        int64 (V,): how many there are.
    start, end
        int32 (V,): places; `end` may be `ANYWHERE`.
    capacity
        int64 (V, D): most aboard at any time, or `UNLIMITED`.
    earliest_s, latest_s
        int64 (V,): it leaves no sooner, is back no later.
    shift_s, overtime_s
        int64 (V,): longest time from departure to return, and how much longer it may last at
        `per_overtime_s`.
    max_distance, max_stops
        int64 (V,): of one route; a stop is a task.
    skills
        int64 (V,): bits it has.
    profile
        int32 (V,): which of the K matrices it drives by.
    fixed
        int64 (V,): cost of using one at all.
    per_distance, per_s, per_overtime_s
        int64 (V,): cost of each unit of distance, of each second from departure to return, and
        what a second beyond `shift_s` costs besides.
    """

    count: Int64
    start: Int32
    end: Int32
    capacity: Int64
    earliest_s: Int64
    latest_s: Int64
    shift_s: Int64
    overtime_s: Int64
    max_distance: Int64
    max_stops: Int64
    skills: Int64
    profile: Int32
    fixed: Int64
    per_distance: Int64
    per_s: Int64
    per_overtime_s: Int64

    @classmethod
    def of(cls, *, count: Any, capacity: Any = None, **columns: Any) -> Vehicles:
        """From sequences or single numbers; what is left out is free and without limit.

        Parameters
        ----------
        count
            A number of each type.
        capacity
            (V, D), or flat for one dimension.
        **columns
            The other fields. Left out: both ends at place 0, cost 1 for each unit of distance.

        Examples
        --------
        >>> Vehicles.of(count=[2, 1], capacity=[10, 20], fixed=[0, 5]).per_distance.tolist()
        [1, 1]
        """
        counts = np.atleast_1d(as_int64(count))
        types = len(counts)
        limits = _filled(capacity, types, UNLIMITED)
        rows: dict[str, Any] = {"count": counts}
        rows["capacity"] = limits[:, None] if limits.ndim == 1 else limits
        for column in fields(cls):
            if column.name not in rows:
                given = columns.pop(column.name, None)
                filled = _filled(given, types, _LEFT_OUT.get(column.name, UNLIMITED))
                rows[column.name] = _int32(filled) if column.name in _INT32 else filled
        if columns:
            raise TypeError(f"Vehicles.of() has no {', '.join(columns)}")  # as Python says it
        return cls(**rows)

    def __len__(self) -> int:
        return len(self.count)


_INT32 = ("start", "end", "profile")
_LEFT_OUT: Mapping[str, int] = {
    "start": 0,
    "end": 0,
    "earliest_s": 0,
    "overtime_s": 0,
    "skills": 0,
    "profile": 0,
    "fixed": 0,
    "per_distance": 1,
    "per_s": 0,
    "per_overtime_s": 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What is best besides the costs of `Vehicles` and the prizes of `Requests`.

    Parameters
    ----------
    vehicles_first
        Fewer routes beat any cost.
    balance
        Cost of each route's time from departure to return, squared, in square hours, rounded
        down: long days are shared among vehicles.
    """

    vehicles_first: bool = False
    balance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoutingProblem:
    """Places, tasks, requests and vehicles.

    Parameters
    ----------
    distance
        int64 (K, P, P) or (P, P): from row to column, by profile. Need not be symmetric.
    duration_s
        int32 (K, P, P) or (P, P).
    tasks, requests, groups, vehicles, objective
        See there. Without `groups` there are none.

    Raises
    ------
    InputError
        ``array_shape``, ``array_not_whole``, ``array_outside``, and ``routing_windows``,
        ``routing_task_twice``, ``routing_pair_load``, ``routing_group_mandatory``: every fault at
        once.

    Examples
    --------
    >>> line = np.abs(np.subtract.outer([0, 3, 5], [0, 3, 5]))
    >>> problem = RoutingProblem(
    ...     distance=line,
    ...     duration_s=line.astype(np.int32),
    ...     tasks=Tasks.of(place=[1, 2], load=[-1, -1]),
    ...     requests=Requests.of(task=[0, 1]),
    ...     vehicles=Vehicles.of(count=1, capacity=2),
    ... )
    >>> problem.places, problem.profiles, problem.dimensions
    (3, 1, 1)
    """

    distance: Int64
    duration_s: Int32
    tasks: Tasks
    requests: Requests
    vehicles: Vehicles
    groups: Groups = field(default_factory=lambda: Groups(must=np.zeros(0, dtype=np.bool_)))
    objective: Objective = Objective()

    def __post_init__(self) -> None:
        for name, dtype in (("distance", np.int64), ("duration_s", np.int32)):
            matrix = np.asarray(getattr(self, name))
            if matrix.ndim == 2:
                matrix = matrix[None]
            if matrix.dtype.kind in "iu" and (dtype != np.int32 or matrix.max(initial=0) <= _TIMES):
                matrix = np.ascontiguousarray(matrix, dtype=dtype)
            object.__setattr__(self, name, matrix)
        with Faults() as faults:
            if self._check_arrays(faults):
                self._check_sense(faults)

    @property
    def places(self) -> int:
        """Number of places."""
        return int(self.distance.shape[1])

    @property
    def profiles(self) -> int:
        """Number of matrices."""
        return int(self.distance.shape[0])

    @property
    def dimensions(self) -> int:
        """Number of load dimensions."""
        return int(self.tasks.load.shape[1])

    def _check_arrays(self, faults: Faults) -> bool:
        """Shapes and ranges; whether they are right."""
        places = self.distance.shape[-1]
        square = (-1, places, places)
        right = whole(faults, "distance", self.distance, square, least=0)
        profiles = (len(self.distance), places, places)
        right &= whole(faults, "duration_s", self.duration_s, profiles, least=0, most=_TIMES)
        for table, columns in (
            ("tasks", _task_columns(self, places)),
            ("requests", _request_columns(self)),
            ("vehicles", _vehicle_columns(self, places)),
        ):
            for name, (shape, least, most) in columns.items():
                array = getattr(getattr(self, table), name)
                right &= whole(faults, f"{table}.{name}", array, shape, least=least, most=most)
        return right

    def _check_sense(self, faults: Faults) -> None:
        """What the arrays say together."""
        tasks, requests = self.tasks, self.requests
        _check_windows(faults, tasks)
        used = np.concatenate([requests.task, requests.delivery[requests.delivery >= 0]])
        times_used = np.bincount(used, minlength=len(tasks))
        for task in np.flatnonzero(times_used != 1):
            faults.add("routing_task_twice", row=int(task), value=int(times_used[task]))
        paired = np.flatnonzero(requests.delivery >= 0)
        aboard, left = tasks.load[requests.task[paired]], tasks.load[requests.delivery[paired]]
        for row in paired[((aboard < 0) | (aboard + left != 0)).any(axis=1)]:
            faults.add("routing_pair_load", row=int(row), value=int(requests.task[row]))
        in_group = requests.group >= 0
        for row in np.flatnonzero(in_group & (requests.prize == MANDATORY)):
            faults.add("routing_group_mandatory", row=int(row), value=int(requests.group[row]))


Columns = dict[str, tuple[tuple[int, ...], int, int]]


def _task_columns(problem: RoutingProblem, places: int) -> Columns:
    """Shape, least and most of each column of the tasks."""
    count, rows = len(problem.tasks), len(problem.tasks.window_s)
    return {
        "place": ((count,), 0, places - 1),
        "service_s": ((count,), 0, _TIMES),
        "load": ((count, -1), -LIMIT, LIMIT),
        "window_start": ((count + 1,), 0, rows),
        "window_s": ((rows, 2), 0, LIMIT),
    }


def _request_columns(problem: RoutingProblem) -> Columns:
    """Shape, least and most of each column of the requests."""
    count, tasks = len(problem.requests), len(problem.tasks)
    return {
        "task": ((count,), 0, tasks - 1),
        "delivery": ((count,), NONE, tasks - 1),
        "prize": ((count,), MANDATORY, LIMIT),
        "max_ride_s": ((count,), 0, LIMIT),
        "skills": ((count,), 0, 2**62),
        "group": ((count,), NONE, len(problem.groups) - 1),
    }


def _vehicle_columns(problem: RoutingProblem, places: int) -> Columns:
    """Shape, least and most of each column of the vehicles."""
    types = (len(problem.vehicles),)
    columns: Columns = {column.name: (types, 0, LIMIT) for column in fields(problem.vehicles)}
    columns["count"] = (types, 0, _MOST_ROWS)
    columns["start"] = (types, 0, places - 1)
    columns["end"] = (types, ANYWHERE, places - 1)
    columns["profile"] = (types, 0, problem.profiles - 1)
    columns["capacity"] = ((*types, problem.dimensions), 0, LIMIT)
    columns["skills"] = (types, 0, 2**62)
    return columns


def _check_windows(faults: Faults, tasks: Tasks) -> None:
    """Windows of each task: the first no later than the last, one after the other."""
    start, rows = tasks.window_start, tasks.window_s
    if len(start) and (start[0] != 0 or start[-1] != len(rows) or (np.diff(start) < 0).any()):
        faults.add("routing_windows", value="window_start")
        return
    turned = rows[:, 0] > rows[:, 1]
    overlaps = np.zeros(len(rows), dtype=np.bool_)
    overlaps[1:] = rows[1:, 0] <= rows[:-1, 1]
    firsts = start[:-1][start[:-1] < len(rows)]
    overlaps[firsts] = False
    for row in np.flatnonzero(turned | overlaps):
        task = int(np.searchsorted(start, row, side="right")) - 1
        faults.add("routing_windows", row=task, value=f"{rows[row, 0]}–{rows[row, 1]}")


def _filled(values: Any, count: int, default: int) -> Int64:
    """`values` as int64, or `count` times the default; a single number is repeated."""
    given = default if values is None else values
    return as_int64(np.full(count, given) if np.ndim(given) == 0 else given)


def _int32(values: Any) -> Int32:
    """`values` as int32 if none changes, else as they are: the check tells."""
    array = np.asarray(values)
    fits = array.dtype.kind in "iub" and (array.size == 0 or abs(array).max() <= _TIMES)
    return np.ascontiguousarray(array, dtype=np.int32) if fits or array.size == 0 else array
