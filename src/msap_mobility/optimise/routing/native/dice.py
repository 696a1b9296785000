"""Random whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.compiled import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["draw"]


@kernel("int64(uint64[::1], int64)")
def draw(dice: NDArray[np.uint64], faces: int) -> int:
    """A whole number from 0 to ``faces − 1`` (xorshift64, Marsaglia 2003)."""
    state = dice[0]
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    dice[0] = state
    return int((state >> np.uint64(33)) % np.uint64(faces))
