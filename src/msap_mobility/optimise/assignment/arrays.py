"""The arrays all of these solvers take, and how they are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Edges", "Int8", "Int32", "Int64", "whole"]

Int8 = NDArray[np.int8]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

GAIN_LIMIT = 1 << 40
"""Gains and costs lie strictly within: sums over millions of people stay in int64."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edges:
    """Who may ride with whom, and what it is worth: three arrays of one length.

    Parameters
    ----------
    driver, rider
        Indices from 0, as int64. The same pair may stand twice: the better one counts.
    gain
        int64: what the ride is worth, in any one unit. A ride worth nothing or less is never
        chosen.

    Raises
    ------
    InputError
        ``array_shape``, ``array_not_whole`` or ``array_outside``.

    Examples
    --------
    >>> edges = Edges.of(driver=[0, 0, 1], rider=[0, 1, 1], gain=[5, 3, 2])
    >>> len(edges)
    3
    """

    driver: Int64
    rider: Int64
    gain: Int64

    def __post_init__(self) -> None:
        with Faults() as faults:
            size = len(self.driver)
            for name in ("driver", "rider", "gain"):
                least, most = (-GAIN_LIMIT, GAIN_LIMIT) if name == "gain" else (0, 2**31 - 1)
                whole(faults, name, getattr(self, name), (size,), least=least, most=most)

    def __len__(self) -> int:
        return len(self.driver)

    @classmethod
    def of(cls, *, driver: Any, rider: Any, gain: Any) -> Edges:
        """From any sequences of whole numbers."""
        return cls(driver=as_int64(driver), rider=as_int64(rider), gain=as_int64(gain))


def as_int64(values: Any) -> Int64:
    """`values` as a contiguous int64 array if that changes none of them, else as they are."""
    array = np.asarray(values)
    if array.size == 0 or array.dtype.kind in "iub":
        return np.ascontiguousarray(array, dtype=np.int64)
    return array  # `whole` will tell


def whole(
    faults: Faults,
    name: str,
    array: NDArray[Any],
    shape: Sequence[int],
    *,
    least: int = -GAIN_LIMIT,
    most: int = GAIN_LIMIT,
) -> bool:
    """Note what is wrong with an array of whole numbers; whether it is right.

    Parameters
    ----------
    faults
        Where faults are noted: ``array_shape``, ``array_not_whole``, ``array_outside``.
    name
        Of the array, as the caller knows it.
    array
        Any array.
    shape
        Its lengths; −1 for any length.
    least, most
        Of its values, both allowed.

    Examples
    --------
    >>> with Faults() as faults:
    ...     whole(faults, "seats", np.array([2, 3]), (2,), least=0)
    True
    """
    shape = tuple(shape)
    fits = len(shape) == array.ndim and all(
        there in (-1, here) for here, there in zip(array.shape, shape, strict=True)
    )
    if not fits:
        expected = " × ".join("n" if length < 0 else str(length) for length in shape)
        found = " × ".join(map(str, array.shape))
        faults.add("array_shape", column=name, value=found, expected=expected)
        return False
    if array.dtype.kind not in "iu":
        faults.add("array_not_whole", column=name, value=str(array.dtype))
        return False
    outside = (array < least) | (array > most)
    if outside.any():
        value = int(array[outside][0])
        faults.add("array_outside", column=name, value=value, least=least, most=most)
        return False
    return True
