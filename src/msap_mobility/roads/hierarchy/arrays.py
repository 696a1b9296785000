"""Names of the arrays that kernels take."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Int32", "Int64", "Room", "Searched"]

Int32 = np.ndarray[Any, np.dtype[np.int32]]
Int64 = np.ndarray[Any, np.dtype[np.int64]]

Searched = tuple[Int32, Int32, Int64]
"""A half of a hierarchy: start, above, weight."""

Room = tuple[Int64, Int32, Int64, Int32]
"""Room of a search: label, stamp, keys, queue."""
