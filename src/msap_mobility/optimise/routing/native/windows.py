"""When a task may begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays.problem import (
    EARLY,
    LATE,
    NEVER,
    WINDOW_FROM,
    WINDOWS,
)

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64

__all__ = ["closes", "opens", "slack"]


@kernel("int64(int64[::1], int64[:,::1], int64)")
def opens(node: Int64, window: Int64, time: int) -> int:
    """The first moment from `time` on at which a node may begin, or `NEVER`."""
    if time > node[LATE]:
        return NEVER
    if node[WINDOWS] <= 1:
        return int(max(time, node[EARLY]))
    for row in range(node[WINDOW_FROM], node[WINDOW_FROM] + node[WINDOWS]):
        if time <= window[row, 1]:
            return int(max(time, window[row, 0]))
    return NEVER


@kernel("int64(int64[::1], int64[:,::1], int64)")
def closes(node: Int64, window: Int64, time: int) -> int:
    """The last moment up to `time` at which a node may begin, or −1."""
    if time < node[EARLY]:
        return -1
    if node[WINDOWS] <= 1:
        return int(min(time, node[LATE]))
    for row in range(node[WINDOW_FROM] + node[WINDOWS] - 1, node[WINDOW_FROM] - 1, -1):
        if time >= window[row, 0]:
            return int(min(time, window[row, 1]))
    return -1


@kernel("int64(int64[::1], int64[:,::1], int64)")
def slack(node: Int64, window: Int64, time: int) -> int:
    """How much later than `time`, at which a node may begin, the same window lets it begin."""
    if node[WINDOWS] <= 1:
        return int(node[LATE] - time)
    for row in range(node[WINDOW_FROM], node[WINDOW_FROM] + node[WINDOWS]):
        if time <= window[row, 1]:
            return int(window[row, 1] - time)
    return 0
