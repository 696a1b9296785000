"""What turning costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Turning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """Seconds lost by turning where roads meet.

    A turn by the angle θ costs ``right_s · q²`` or ``left_s · q`` with ``q = (1 − cos θ) / 2``:
    nothing straight on, all of it turning back. To the right one brakes for sharp turns only; to
    the left one gives way as well. Where traffic keeps left, swap the two.

    Parameters
    ----------
    right_s, left_s
        Seconds of the sharpest turns.
    back_s
        Seconds of turning round in the road.

    Examples
    --------
    >>> turning = Turning(right_s=8.0, left_s=12.0, back_s=20.0)
    >>> turning.seconds([0, 90, -90]).round(1).tolist()  # straight on, left, right
    [0.0, 6.0, 2.0]
    """

    right_s: float
    left_s: float
    back_s: float

    def seconds(self, angle: ArrayLike) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Seconds of turns by some angles: degrees, −180 to 180, to the left positive."""
        degrees = np.asarray(angle, np.float64)
        quarter = (1 - np.cos(np.radians(degrees))) / 2
        return np.where(degrees > 0, self.left_s * quarter, self.right_s * quarter**2)
