"""Arrays of whole numbers: their types, and how they are checked at the door of a solver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.errors import Faults

__all__ = ["LIMIT", "Int8", "Int32", "Int64", "as_int64", "whole"]

Int8 = NDArray[np.int8]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

LIMIT = 1 << 40
"""Gains and costs lie strictly within: sums over millions of people stay in int64."""


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
    least: int = -LIMIT,
    most: int = LIMIT,
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
    >>> from msap_mobility.errors import Faults
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
