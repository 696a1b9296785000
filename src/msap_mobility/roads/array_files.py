"""Arrays in a file, as they stand in memory, with a hash over all of it."""

from __future__ import annotations

import hashlib
import json
import mmap
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["DamagedError", "read_arrays", "write_arrays"]

_MARK = b"msap arrays 1\n\0\0"
_LENGTH, _HASH = 8, 32
_LEAD = len(_MARK) + _LENGTH + _HASH
_ALIGNED = 64
"""Bytes on a multiple of which each array begins."""

Arrays = dict[str, np.ndarray[Any, Any]]


class DamagedError(Exception):
    """The file is not what was written: cut short, changed, or another kind of file."""


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray[Any, Any]], told: Any) -> None:
    """Write a file that is whole or absent.

    Parameters
    ----------
    path
        Where; missing folders are made.
    arrays
        Of numbers.
    told
        JSON data that go with them.
    """
    listed, at, parts = [], 0, []
    for name, values in arrays.items():
        data = np.ascontiguousarray(values).tobytes()
        listed.append([name, values.dtype.str, list(values.shape), at])
        parts += [data, bytes(-len(data) % _ALIGNED)]
        at += len(parts[-2]) + len(parts[-1])
    head = json.dumps({"arrays": listed, "told": told, "bytes": at}).encode()
    head += b" " * (-(len(head) + _LEAD) % _ALIGNED)
    length = len(head).to_bytes(_LENGTH, "little")
    digest = hashlib.sha256(_MARK + length + head)
    for part in parts:
        digest.update(part)
    write_whole(path, b"".join((_MARK, length, digest.digest(), head, *parts)))


def read_arrays(path: Path) -> tuple[Arrays, Any]:
    """The arrays of a file, mapped into memory, and what goes with them.

    They may be changed; the file stays as it is.

    Raises
    ------
    DamagedError
        If a single bit is not as it was written.
    OSError
        If there is no such file, or it cannot be read.
    """
    with path.open("rb") as file:
        try:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        except ValueError as error:  # empty
            raise DamagedError from error
    said = _LEAD - _HASH
    with memoryview(mapped) as whole:
        digest = hashlib.sha256(whole[:said])
        digest.update(whole[_LEAD:])
    if not mapped[:said].startswith(_MARK) or digest.digest() != mapped[said:_LEAD]:
        raise DamagedError
    first = _LEAD + int.from_bytes(mapped[len(_MARK) : said], "little")
    head = json.loads(mapped[_LEAD:first])
    arrays = {
        name: np.frombuffer(
            mapped, np.dtype(kind), count=int(np.prod(shape)), offset=first + at
        ).reshape(shape)
        for name, kind, shape, at in head["arrays"]
    }
    return arrays, head["told"]
