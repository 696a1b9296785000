"""The pool of arcs that a contraction works on: what its columns are, and what it keeps."""

from __future__ import annotations

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
]

TAIL, HEAD, MIDDLE, HOPS, NEXT_OUT, NEXT_IN = range(6)
"""Columns of the pool. `MIDDLE` is the node a shortcut leads over, −1 for a real arc."""

STAGE, ARCS, QUEUED = range(3)
"""What `contract` keeps between calls: nodes taken out, arcs in the pool, nodes in the queue."""
