"""One whole number for the time and the length of a way: the fastest, of the fastest the shortest.

Milliseconds stand in the upper half of an int64, centimetres in the lower. Sums of weights are the
weights of sums, and comparing two compares first the times, then the lengths. So one label per node
carries both, both are of the same path, and every answer is exact.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["LONGEST_S", "NEVER", "metres_of", "milliseconds_of", "most_of", "packed", "seconds_of"]

Int64 = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

NEVER = 1 << 62
"""Weight of a way that does not exist. Two of them must not be added."""

_HALF = 32

LONGEST_S = (NEVER >> _HALF) / 1000
"""What takes as long as that, 12 days, does not exist."""

_ANY_LENGTH = (1 << _HALF) - 1


def packed(seconds: Any, metres: Any) -> Int64:
    """Weights, rounded to milliseconds and centimetres; `NEVER` where seconds are too many.

    Parameters
    ----------
    seconds, metres
        Numbers of one shape; a way may last `LONGEST_S` and be 40,000 km long.

    Examples
    --------
    >>> one, other = packed([1.5, 1.5], [20, 10])
    >>> bool(other < one), float(seconds_of(one + other)), float(metres_of(one + other))
    (True, 3.0, 30.0)
    """
    seconds, metres = np.asarray(seconds, np.float64), np.asarray(metres, np.float64)
    there = seconds < LONGEST_S
    whole = np.rint(np.where(there, seconds, 0.0) * 1000).astype(np.int64) << _HALF
    whole += np.rint(np.where(there, metres, 0.0) * 100).astype(np.int64)
    return np.where(there, whole, NEVER)


def most_of(limit_s: float) -> int:
    """The greatest weight within a limit: ways of that time and whatever length."""
    if limit_s >= LONGEST_S:
        return NEVER - 1
    return int(packed(max(limit_s, 0.0), 0.0)) | _ANY_LENGTH


def milliseconds_of(weights: Any) -> Int64:
    """Milliseconds of weights that are not `NEVER`."""
    return np.asarray(weights, np.int64) >> _HALF


def seconds_of(weights: Any) -> Floats:
    """Seconds; infinite for `NEVER` and whatever is longer."""
    weights = np.asarray(weights, np.int64)
    return np.where(weights < NEVER, milliseconds_of(weights) / 1000, np.inf)


def metres_of(weights: Any) -> Floats:
    """Metres; infinite for `NEVER` and whatever is longer."""
    weights = np.asarray(weights, np.int64)
    low = weights & ((1 << _HALF) - 1)
    return np.where(weights < NEVER, low / 100, np.inf)
