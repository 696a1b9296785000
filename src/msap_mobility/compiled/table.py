"""Named arrays that go to kernels as one pointer.

A tuple of arrays is passed to a kernel by value, a hundred words at each call, and numba counts
references to each of its arrays atomically. A `Table` is passed as one address, opened by name
(``plan.length[slot]``), and has nothing to count: its owner, the Python caller, holds the arrays.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

__all__ = ["Table", "tables"]

WORDS = 5
"""Of each array the kernel finds an address and up to four lengths."""

_declared: dict[str, type[Table]] = {}
"""By the name kernels call it: no two may share one, wherever they stand."""


class Table:
    """Base of classes whose fields are arrays. Kernels name the class in their signature.

    A field is declared by its numba type in `columns` and annotated for the reader. Only whole
    arrays in C order of exactly that type are taken: a kernel would misread any other.

    Examples
    --------
    >>> class Stock(Table):
    ...     columns = {"left": "int64[::1]"}
    ...     left: np.ndarray
    >>> Stock(left=np.array([3, 4])).left.sum()
    np.int64(7)
    >>> Stock(left=np.array([3.5]))
    Traceback (most recent call last):
    TypeError: Stock.left is float64[1], not int64[::1]
    """

    columns: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls) -> None:
        known = _declared.get(cls.__name__, cls)
        if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(
                f"{cls.__module__}.{cls.__qualname__} cannot be declared: kernels already know "
                f"{known.__module__}.{known.__qualname__} by the name {cls.__name__}"
            )
        _declared[cls.__name__] = cls  # the same class may come again: its module was reloaded

    def __init__(self, **arrays: Any) -> None:
        words = np.zeros((len(self.columns), WORDS), dtype=np.int64)
        for row, (name, kind) in enumerate(self.columns.items()):
            array = arrays.pop(name)
            axes = ",".join([":"] * (array.ndim - 1) + ["::1"])
            if f"{array.dtype.name.replace('bool', 'boolean')}[{axes}]" != kind or not (
                array.ndim and array.dtype.isnative and array.flags.carray
            ):
                shape = ", ".join(map(str, array.shape))
                found = f"{array.dtype.name}[{shape}]"
                raise TypeError(f"{type(self).__name__}.{name} is {found}, not {kind}")
            setattr(self, name, array)
            words[row, 0] = array.ctypes.data
            words[row, 1 : 1 + array.ndim] = array.shape
        if arrays:
            raise TypeError(f"{type(self).__name__} has no {', '.join(arrays)}")
        self._words = words
        self.address = int(words.ctypes.data)

    def __reduce__(self) -> tuple[Any, ...]:
        # The address holds here only: whoever unpickles or copies a table makes one of its arrays.
        return _of_arrays, (type(self), {name: getattr(self, name) for name in self.columns})

    def copy(self, **changed: Any) -> Self:
        """The same table with arrays of its own, those `changed` as they are given."""
        own = {name: getattr(self, name).copy() for name in self.columns if name not in changed}
        return type(self)(**own, **changed)


def _of_arrays(table: type[Table], arrays: dict[str, Any]) -> Table:
    return table(**arrays)


def tables() -> dict[str, type[Table]]:
    """Every class declared so far, by name."""
    return dict(_declared)
