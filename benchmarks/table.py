"""The rows every benchmark prints: case, metric, ours, the peer's, and their ratio."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

__all__ = ["Row", "machine", "median_of", "show"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure; a ratio above 1 says that ours is better.

    Parameters
    ----------
    case, metric, unit
        What was measured.
    ours, peer, peer_value, ratio
        Our value, the peer's name and value, and how many times better ours is (None = no peer).
    same_value
        Whether both computed the same answer (None = not comparable).
    seconds, peak_mb
        Of our side.
    """

    case: str
    metric: str
    unit: str
    ours: float
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    same_value: bool | None = None
    seconds: float | None = None
    peak_mb: float | None = None


def median_of(measure: Callable[[], float], runs: int = 5) -> float:
    """Median of several runs after one that is not counted."""
    measure()
    return statistics.median(measure() for _ in range(runs))


def machine() -> str:
    """The class of the machine, without its name."""
    python = platform.python_version()
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {python}"


def show(
    rows: Iterable[Row],
    *,
    json_file: Path | None = None,
    skipped: Mapping[str, str] | None = None,
) -> None:
    """Print a table to stdout and, if asked, the rows as JSON to a file.

    `skipped` are peers or cases that were not measured, and why.
    """
    listed = list(rows)
    print(f"# {machine()}")
    for what, why in (skipped or {}).items():
        print(f"# skipped: {what} ({why})")
    print(
        f"{'case':<28}{'metric':<14}{'ours':>12} {'unit':<6}{'peer':<22}{'value':>12}{'ratio':>8}"
    )
    for row in listed:
        peer_value = "" if row.peer_value is None else f"{row.peer_value:.4g}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        print(
            f"{row.case:<28}{row.metric:<14}{row.ours:>12.4g} {row.unit:<6}"
            f"{row.peer:<22}{peer_value:>12}{ratio:>8}",
        )
    if json_file is not None:
        document = {"machine": machine(), "rows": [asdict(row) for row in listed]}
        if skipped:
            document["skipped"] = dict(skipped)
        json_file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    sys.stdout.flush()
