"""Whether an answer has room in memory, asked before any is taken."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from msap_mobility.errors import Fault, InputError

__all__ = ["check_room", "free_bytes"]

_MEMINFO = Path("/proc/meminfo")
_MOST_OF_IT = 0.8
"""Part of the free memory an answer may take: the search needs some, and so do others."""


def check_room(rows: int, columns: int, *, cell_bytes: int) -> None:
    """Refuse an answer that does not fit.

    Parameters
    ----------
    rows, columns
        Its shape.
    cell_bytes
        What a cell takes.

    Raises
    ------
    InputError
        ``too_big_for_memory``, with the numbers and how many rows would fit.

    Examples
    --------
    >>> check_room(1000, 1000, cell_bytes=9)
    """
    needed, free = rows * columns * cell_bytes, free_bytes() * _MOST_OF_IT
    if needed <= free:
        return
    details = {
        "columns": columns,
        "needed_gb": needed / 1e9,
        "free_gb": free / 1e9,
        "fitting": int(free / max(1, columns * cell_bytes)),
    }
    raise InputError([Fault(code="too_big_for_memory", value=rows, details=details)])


def free_bytes() -> float:
    """Memory that can be had without swapping; infinite where the system does not tell."""
    if _MEMINFO.exists():
        for line in _MEMINFO.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return 1024.0 * int(line.split()[1])
    if sys.platform != "win32" and "SC_PHYS_PAGES" in os.sysconf_names:  # of macOS: all there is
        return float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")
    return float("inf")
