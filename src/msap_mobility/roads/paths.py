"""Kernels that follow shortest-path trees."""

from __future__ import annotations

from typing import Any

import numpy as np

from msap_mobility.compiled import kernel

__all__ = ["metres_along"]

Array = np.ndarray[Any, np.dtype[Any]]


@kernel("void(int32[::1], int32[::1], float64[::1], int32[:, ::1], int32[::1], float64[:, ::1])")
def metres_along(
    indptr: Array, heads: Array, metres: Array, before: Array, targets: Array, out: Array
) -> None:
    """Length of the path to each target in each of several shortest-path trees.

    Every node of a tree is walked once, however many paths share it.

    Parameters
    ----------
    indptr, heads, metres
        The graph the trees were grown in, as CSR without parallel arcs.
    before
        Per tree (row) and node, the node before it on its path; negative at the root and where
        there is no path.
    targets
        Nodes asked for, reached or not.
    out
        Filled with float64 metres, shape (trees, targets); 0 for a root and for the unreached.
    """
    nodes = before.shape[1]
    length = np.empty(nodes, np.float64)
    known = np.empty(nodes, np.bool_)
    pending = np.empty(nodes, np.int32)
    for tree in range(before.shape[0]):
        known[:] = False
        for column in range(targets.shape[0]):
            node = targets[column]
            waiting = 0
            while not known[node] and before[tree, node] >= 0:
                pending[waiting] = node
                waiting += 1
                node = before[tree, node]
            if not known[node]:
                known[node] = True
                length[node] = 0.0
            while waiting > 0:
                waiting -= 1
                tail, node = node, pending[waiting]
                arc = indptr[tail]
                while heads[arc] != node:
                    arc += 1
                length[node] = length[tail] + metres[arc]
                known[node] = True
            out[tree, column] = length[node]
