"""Points in the order of a Z-shaped curve: what lies close together mostly comes close together."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["morton_codes"]

Codes = np.ndarray[Any, np.dtype[np.uint64]]


def morton_codes(x: Any, y: Any) -> Codes:
    """Position of each point on the curve, uint64; 65,536 steps each way.

    Examples
    --------
    >>> morton_codes([0, 1, 0, 1], [0, 0, 1, 1]).argsort().tolist()
    [0, 1, 2, 3]
    """
    return _spread(x) | (_spread(y) << np.uint64(1))


def _spread(values: Any) -> Codes:
    """Values as steps, a zero before every bit."""
    values = np.asarray(values, np.float64)
    low, high = (values.min(), values.max()) if len(values) else (0.0, 0.0)
    steps = (values - low) / (high - low or 1.0) * 65_535
    bits: Codes = steps.astype(np.uint64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits
