"""The pool of arcs that a contraction works on: what its columns are, and what it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from msap_mobility.compiled import Table

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64

__all__ = [
    "ARCS",
    "HEAD",
    "HOPS",
    "MIDDLE",
    "NEXT_IN",
    "NEXT_OUT",
    "QUEUED",
    "STAGE",
    "TAIL",
    "Arcs",
    "Witnesses",
]

TAIL, HEAD, MIDDLE, HOPS, NEXT_OUT, NEXT_IN = range(6)
"""Columns of the pool. `MIDDLE` is the node a shortcut leads over, −1 for a real arc."""

STAGE, ARCS, QUEUED = range(3)
"""What `contract` keeps between calls: nodes taken out, arcs in the pool, nodes in the queue."""

_BRANCHES = 4096
"""Room of the queue of a witness search; a full one ends it."""


class Arcs(Table):
    """Arcs, and the lists they are chained into.

    Parameters
    ----------
    pool
        int32 (room, 6): the columns `TAIL` … `NEXT_IN`.
    weight
        int64 (room,), see `roads.weights`.
    first_out, first_in
        int32, per node: its first arc out and in, −1 for none.
    """

    columns: ClassVar = {
        "pool": "int32[:,::1]",
        "weight": "int64[::1]",
        "first_out": "int32[::1]",
        "first_in": "int32[::1]",
    }
    pool: Int32
    weight: Int64
    first_out: Int32
    first_in: Int32

    def with_room(self) -> Arcs:
        """The same arcs with room for twice as many."""
        return self.copy(
            pool=np.concatenate([self.pool, np.full_like(self.pool, -1)]),
            weight=np.concatenate([self.weight, np.zeros_like(self.weight)]),
        )


class Witnesses(Table):
    """What witness searches note.

    Parameters
    ----------
    mark
        int64 (nodes, 4): what the search notes of each node, side by side: one line of memory.
    clock
        int64 (1,): the number of the search.
    keys, queue
        int64 and int32: the queue.
    """

    columns: ClassVar = {
        "mark": "int64[:,::1]",
        "clock": "int64[::1]",
        "keys": "int64[::1]",
        "queue": "int32[::1]",
    }
    mark: Int64
    clock: Int64
    keys: Int64
    queue: Int32

    @classmethod
    def among(cls, nodes: int) -> Witnesses:
        """Nothing searched yet."""
        return cls(
            mark=np.zeros((nodes, 4), np.int64),
            clock=np.zeros(1, np.int64),
            keys=np.zeros(_BRANCHES, np.int64),
            queue=np.zeros(_BRANCHES, np.int32),
        )
