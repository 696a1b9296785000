"""A queue of nodes by key: a heap of four children in two arrays, whose size the caller keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64

__all__ = ["pop", "push"]


@kernel("int64(int64[::1], int32[::1], int64, int64, int64)")
def push(keys: Int64, nodes: Int32, size: int, key: int, node: int) -> int:
    """Put a node in; the new size. The arrays must have room."""
    at = size
    while at > 0:
        up = (at - 1) >> 2
        if keys[up] <= key:
            break
        keys[at], nodes[at] = keys[up], nodes[up]
        at = up
    keys[at], nodes[at] = key, node
    return size + 1


@kernel("int64(int64[::1], int32[::1], int64)")
def pop(keys: Int64, nodes: Int32, size: int) -> int:
    """Take out what is first, ``keys[0]`` and ``nodes[0]``; the new size."""
    size -= 1
    key, node = keys[size], nodes[size]
    at = 0
    while True:
        first = 4 * at + 1
        if first >= size:
            break
        least = first
        for child in range(first + 1, min(first + 4, size)):
            if keys[child] < keys[least]:
                least = child
        if keys[least] >= key:
            break
        keys[at], nodes[at] = keys[least], nodes[least]
        at = least
    keys[at], nodes[at] = key, node
    return size
