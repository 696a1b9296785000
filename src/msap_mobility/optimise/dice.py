"""Random whole numbers, and the rule of annealing in them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.compiled import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int64

__all__ = ["CHANCES", "CHANCE_UNIT", "chance_table", "draw"]

CHANCES = 4096
CHANCE_UNIT = 1 << 16
"""Entries of `chance_table`, and what they are told in: 1/65536."""


@cache
def chance_table() -> Int64:
    """−ln(u) for u evenly spread over (0, 1), in 1/65536."""
    u = (np.arange(CHANCES) + 0.5) / CHANCES
    table: Int64 = np.round(-np.log(u) * CHANCE_UNIT).astype(np.int64)
    return table


@kernel("int64(uint64[::1], int64)")
def draw(dice: NDArray[np.uint64], faces: int) -> int:
    """A whole number from 0 to ``faces − 1`` (xorshift64, Marsaglia 2003)."""
    state = dice[0]
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    dice[0] = state
    return int((state >> np.uint64(33)) % np.uint64(faces))
