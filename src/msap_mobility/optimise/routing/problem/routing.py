"""The tables and matrices together."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from msap_mobility.errors import Faults
from msap_mobility.optimise.arrays import Int32, Int64, whole
from msap_mobility.optimise.routing.problem.breaks import Breaks, break_columns, check_breaks
from msap_mobility.optimise.routing.problem.columns import MOST_SECONDS, check_columns
from msap_mobility.optimise.routing.problem.covering import (
    Covering,
    check_covering,
    covering_columns,
)
from msap_mobility.optimise.routing.problem.patterns import (
    Patterns,
    check_patterns,
    pattern_columns,
)
from msap_mobility.optimise.routing.problem.requests import (
    Groups,
    Requests,
    check_requests,
    request_columns,
)
from msap_mobility.optimise.routing.problem.tasks import Tasks, check_tasks, task_columns
from msap_mobility.optimise.routing.problem.vehicles import Objective, Vehicles, vehicle_columns

__all__ = ["RoutingProblem"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoutingProblem:
    """Places, tasks, requests, who chooses among them, and vehicles.

    Parameters
    ----------
    distance
        int64 (K, P, P) or (P, P): from row to column, by profile. Need not be symmetric.
    duration_s
        int32 (K, P, P) or (P, P).
    tasks, requests, vehicles, groups, patterns, covering, breaks, objective
        See there. Of the last five there are none unless they are given.

    Raises
    ------
    InputError
        ``array_shape``, ``array_not_whole``, ``array_outside``, and ``routing_windows``,
        ``routing_service_most``, ``routing_task_twice``, ``routing_pair_load``,
        ``routing_pair_at_depot``, ``routing_group_mandatory``, ``routing_starts``,
        ``routing_pattern_empty``, ``routing_pattern_twice``, ``routing_pattern_shared``,
        ``routing_pattern_prize``, ``routing_reach_mandatory``, ``routing_break_window``: every
        fault at once.

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
    patterns: Patterns = field(default_factory=Patterns.of)
    covering: Covering = field(default_factory=Covering.of)
    breaks: Breaks = field(default_factory=Breaks.of)
    objective: Objective = field(default_factory=Objective)

    def __post_init__(self) -> None:
        for name, dtype in (("distance", np.int64), ("duration_s", np.int32)):
            matrix = np.asarray(getattr(self, name))
            if matrix.ndim == 2:
                matrix = matrix[None]
            if matrix.dtype.kind in "iu" and (
                dtype != np.int32 or matrix.max(initial=0) <= MOST_SECONDS
            ):
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
        right &= whole(faults, "duration_s", self.duration_s, profiles, least=0, most=MOST_SECONDS)
        fleet = vehicle_columns(
            self.vehicles, places=places, profiles=self.profiles, dimensions=self.dimensions
        )
        requests = len(self.requests)
        for table, columns in (
            ("tasks", task_columns(self.tasks, places)),
            ("requests", request_columns(self.requests, len(self.tasks), len(self.groups))),
            ("vehicles", fleet),
            ("patterns", pattern_columns(self.patterns, requests)),
            ("covering", covering_columns(self.covering, requests)),
            ("breaks", break_columns(self.breaks, len(self.vehicles))),
        ):
            right &= check_columns(faults, table, getattr(self, table), columns)
        return right

    def _check_sense(self, faults: Faults) -> None:
        """What the arrays say together."""
        check_tasks(faults, self.tasks)
        check_requests(faults, self.requests, self.tasks)
        check_patterns(faults, self.patterns, self.requests)
        check_covering(faults, self.covering, self.requests)
        check_breaks(faults, self.breaks)
