"""Compile modules in several processes at once, each as soon as those it calls are compiled.

Every process loads from the cache what another has left there. Should two of them compile the same
kernel after all, numba writes whole files under other names and then renames them: the later one
replaces the earlier, its like.
"""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from graphlib import TopologicalSorter
from multiprocessing import get_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

__all__ = ["compile_together", "cores"]

_MOST = 4
"""More processes would mostly wait for one another: the modules of one engine stand in a row."""


def cores() -> int:
    """Processes worth starting: one a core we may run on, but few.

    Examples
    --------
    >>> 1 <= cores() <= 4
    True
    """
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(_MOST, ours or 1)


def compile_together(
    needs: Mapping[str, set[str]], compile_one: Callable[[str], float], processes: int
) -> dict[str, float]:
    """What `compile_one` gives for each module, called in `processes` fresh processes.

    Parameters
    ----------
    needs
        Each module, to those that must be compiled before it.
    compile_one
        Compiles one module; a function that processes can be sent.
    processes
        How many.
    """
    order = TopologicalSorter(needs)
    order.prepare()
    waiting: list[str] = []
    running: dict[Future[float], str] = {}
    seconds: dict[str, float] = {}
    rows = {module: _row_behind(module, needs) for module in needs}
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        while order.is_active():
            waiting = sorted((*waiting, *order.get_ready()), key=lambda module: rows[module])
            while waiting and len(running) < processes:
                module = waiting.pop()
                running[pool.submit(compile_one, module)] = module
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                module = running.pop(done)
                seconds[module] = done.result()
                order.done(module)
    return seconds


def _row_behind(module: str, needs: Mapping[str, set[str]]) -> int:
    """Modules in the longest row that waits for this one: who heads a long row goes first."""
    behind = [other for other, needed in needs.items() if module in needed]
    return max((1 + _row_behind(other, needs) for other in behind), default=0)
