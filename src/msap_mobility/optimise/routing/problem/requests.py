"""What is served as a whole or not at all, and of what at most one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.problem.columns import MOST_SECONDS, Columns, filled, int32
from msap_mobility.optimise.routing.problem.marks import ANY_DAY, MANDATORY, NONE, UNLIMITED

if TYPE_CHECKING:
    from msap_mobility.errors import Faults
    from msap_mobility.optimise.arrays import Int32, Int64
    from msap_mobility.optimise.routing.problem.tasks import Tasks

__all__ = ["Groups", "Requests", "check_requests", "request_columns"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Requests:
    """Q requests: what is served as a whole or not at all.

    Parameters
    ----------
    task
        int32 (Q,): the single visit, or the pickup.
    delivery
        int32 (Q,): the task after it in the same route and trip, or `NONE`.
    prize
        int64 (Q,): what not serving it costs, or `MANDATORY`.
    max_ride_s
        int64 (Q,): most time from the end of the pickup's service to the beginning of the
        delivery's, or `UNLIMITED` (Cordeau & Laporte 2003, doi 10.1016/S0191-2615(02)00045-0).
    skills
        int64 (Q,): bits a vehicle must have, all of them.
    group
        int32 (Q,): row of `Groups`, or `NONE`.
    day
        int32 (Q,): it is served by vehicles of that day only, or `ANY_DAY`.
    release_s
        int64 (Q,): the trip that serves it leaves where it was loaded (the start, or where the
        vehicle reloads) no sooner (Cattaruzza, Absi, Feillet 2016, doi 10.1287/trsc.2015.0608).
        0 for a pickup and its delivery.
    max_cold_s
        int64 (Q,): most time from when that trip was loaded to the beginning of its task, or
        `UNLIMITED`, as for a pickup and its delivery.
    """

    task: Int32
    delivery: Int32
    prize: Int64
    max_ride_s: Int64
    skills: Int64
    group: Int32
    day: Int32
    release_s: Int64
    max_cold_s: Int64

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
        day: Any = None,
        release_s: Any = None,
        max_cold_s: Any = None,
    ) -> Requests:
        """From sequences; what is left out asks nothing: single visits that must be served.

        Examples
        --------
        >>> Requests.of(task=[0, 1]).prize.tolist()
        [-1, -1]

        Frozen food on Tuesday (day 1), at most two hours away from the plug:

        >>> Requests.of(task=[0], day=1, max_cold_s=7200).day.tolist()
        [1]
        """
        count = len(task)
        return cls(
            task=int32(task),
            delivery=int32(filled(delivery, count, NONE)),
            prize=filled(prize, count, MANDATORY),
            max_ride_s=filled(max_ride_s, count, UNLIMITED),
            skills=filled(skills, count, 0),
            group=int32(filled(group, count, NONE)),
            day=int32(filled(day, count, ANY_DAY)),
            release_s=filled(release_s, count, 0),
            max_cold_s=filled(max_cold_s, count, UNLIMITED),
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


def request_columns(requests: Requests, tasks: int, groups: int) -> Columns:
    """Shape, least and most of each column."""
    count = (len(requests),)
    return {
        "task": (count, 0, tasks - 1),
        "delivery": (count, NONE, tasks - 1),
        "prize": (count, MANDATORY, UNLIMITED),
        "max_ride_s": (count, 0, UNLIMITED),
        "skills": (count, 0, 2**62),
        "group": (count, NONE, groups - 1),
        "day": (count, ANY_DAY, MOST_SECONDS),
        "release_s": (count, 0, UNLIMITED),
        "max_cold_s": (count, 0, UNLIMITED),
    }


def check_requests(faults: Faults, requests: Requests, tasks: Tasks) -> None:
    """Each task in one request, pairs that load what they unload, groups without a must."""
    used = np.concatenate([requests.task, requests.delivery[requests.delivery >= 0]])
    times_used = np.bincount(used, minlength=len(tasks))
    for task in np.flatnonzero(times_used != 1):
        faults.add("routing_task_twice", row=int(task), value=int(times_used[task]))
    paired = np.flatnonzero(requests.delivery >= 0)
    aboard, left = tasks.load[requests.task[paired]], tasks.load[requests.delivery[paired]]
    for row in paired[((aboard < 0) | (aboard + left != 0)).any(axis=1)]:
        faults.add("routing_pair_load", row=int(row), value=int(requests.task[row]))
    at_depot = (requests.release_s > 0) | (requests.max_cold_s < UNLIMITED)
    for row in paired[at_depot[paired]]:
        faults.add("routing_pair_at_depot", row=int(row), value=int(requests.task[row]))
    in_group = requests.group >= 0
    for row in np.flatnonzero(in_group & (requests.prize == MANDATORY)):
        faults.add("routing_group_mandatory", row=int(row), value=int(requests.group[row]))
