"""What is done where: places, times, windows, loads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.arrays import Int32, Int64, as_int64
from msap_mobility.optimise.routing.problem.columns import MOST_SECONDS, Columns, filled, int32
from msap_mobility.optimise.routing.problem.marks import UNLIMITED

if TYPE_CHECKING:
    from msap_mobility.errors import Faults

__all__ = ["Tasks", "check_tasks", "task_columns"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tasks:
    """N things to do.

    Parameters
    ----------
    place
        int32 (N,): row of the matrices.
    service_s
        int64 (N,): how long it takes at least.
    load
        int64 (N, D): what comes aboard (above 0) or leaves (below) in each of D dimensions. What
        a single visit unloads was loaded where the trip starts; what it loads stays aboard to
        the end of the trip.
    window_start, window_s
        CSR: task t begins within one of the rows ``window_start[t]:window_start[t + 1]`` of
        `window_s`, int64 (W, 2), both ends allowed, sorted and disjoint. No row: at any time.
    service_most_s, per_s_less
        int64 (N,): how long it takes at most, and what each second costs by which it is shorter
        (the dwell is chosen between the two).
    wanted_s, off_free_s, per_s_off
        int64 (N,): when it should begin, or `UNLIMITED`; how far from that it may begin for
        nothing, and what each second beyond costs, too early as too late.
    """

    place: Int32
    service_s: Int64
    load: Int64
    window_start: Int64
    window_s: Int64
    service_most_s: Int64
    per_s_less: Int64
    wanted_s: Int64
    off_free_s: Int64
    per_s_off: Int64

    @classmethod
    def of(
        cls,
        *,
        place: Any,
        service_s: Any = None,
        load: Any = None,
        windows: Any = None,
        service_most_s: Any = None,
        per_s_less: Any = None,
        wanted_s: Any = None,
        off_free_s: Any = None,
        per_s_off: Any = None,
    ) -> Tasks:
        """From sequences; what is left out takes no time, weighs nothing, is free of windows.

        Parameters
        ----------
        place, service_s, load, service_most_s, per_s_less, wanted_s, off_free_s, per_s_off
            As the fields; `load` of one dimension may be flat. Without `service_most_s` a task
            takes its `service_s`.
        windows
            For each task a sequence of (earliest, latest), maybe empty.

        Examples
        --------
        >>> tasks = Tasks.of(place=[1, 2], load=[-3, -1], windows=[[(0, 60), (90, 99)], []])
        >>> tasks.load.shape, tasks.window_start.tolist()
        ((2, 1), [0, 2, 2])

        Half an hour to an hour at a stop, each second less than the hour costing 2:

        >>> Tasks.of(
        ...     place=[1], service_s=[1800], service_most_s=[3600], per_s_less=2
        ... ).per_s_less.tolist()
        [2]
        """
        count = len(place)
        weights = np.zeros((count, 1), dtype=np.int64) if load is None else as_int64(load)
        rows = [[]] * count if windows is None else [list(listed) for listed in windows]
        flat = [pair for listed in rows for pair in listed]
        service = filled(service_s, count, 0)
        return cls(
            place=int32(place),
            service_s=service,
            load=weights[:, None] if weights.ndim == 1 else weights,
            window_start=np.cumsum([0, *(len(listed) for listed in rows)], dtype=np.int64),
            window_s=as_int64(flat).reshape(-1, 2) if flat else np.zeros((0, 2), dtype=np.int64),
            service_most_s=service if service_most_s is None else filled(service_most_s, count, 0),
            per_s_less=filled(per_s_less, count, 0),
            wanted_s=filled(wanted_s, count, UNLIMITED),
            off_free_s=filled(off_free_s, count, 0),
            per_s_off=filled(per_s_off, count, 0),
        )

    def __len__(self) -> int:
        return len(self.place)


def task_columns(tasks: Tasks, places: int) -> Columns:
    """Shape, least and most of each column."""
    count, rows = (len(tasks),), len(tasks.window_s)
    return {
        "place": (count, 0, places - 1),
        "service_s": (count, 0, MOST_SECONDS),
        "load": ((*count, -1), -UNLIMITED, UNLIMITED),
        "window_start": ((len(tasks) + 1,), 0, rows),
        "window_s": ((rows, 2), 0, UNLIMITED),
        "service_most_s": (count, -MOST_SECONDS, MOST_SECONDS),  # `check_tasks` tells those below
        "per_s_less": (count, 0, UNLIMITED),
        "wanted_s": (count, 0, UNLIMITED),
        "off_free_s": (count, 0, UNLIMITED),
        "per_s_off": (count, 0, UNLIMITED),
    }


def check_tasks(faults: Faults, tasks: Tasks) -> None:
    """Windows one after the other, and no service longer than its most."""
    _check_windows(faults, tasks)
    for row in np.flatnonzero(tasks.service_most_s < tasks.service_s):
        faults.add(
            "routing_service_most",
            row=int(row),
            value=int(tasks.service_most_s[row]),
            least=int(tasks.service_s[row]),
        )


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
