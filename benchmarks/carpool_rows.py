"""Rows of the carpool benchmark: beside what we promise, a bound, or a simpler rule."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["bar", "beside", "plain", "skipped", "timed"]


def timed(action: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and the seconds it takes."""
    begun = time.perf_counter()
    found = action()
    return found, time.perf_counter() - begun


def bar(case: str, metric: str, unit: str, ours: float, most: float) -> Row:
    """A measure beside the most that we promise."""
    return beside(case, metric, unit, ours, "bar", most, ratio=most / max(ours, 1e-9))


def beside(
    case: str,
    metric: str,
    unit: str,
    ours: float,
    peer: str,
    peer_value: float,
    *,
    ratio: float | None = None,
    same: bool | None = None,
) -> Row:
    """A value beside another one; the ratio is ours by the other's unless it is given."""
    if ratio is None and peer_value:
        ratio = ours / peer_value
    return Row(
        case=case,
        metric=metric,
        unit=unit,
        ours=ours,
        peer=peer,
        peer_value=peer_value,
        ratio=ratio,
        same_value=same,
        seconds=ours if unit == "s" and metric.endswith("seconds") else None,
    )


def plain(case: str, metric: str, unit: str, ours: float) -> Row:
    """A measure without a peer."""
    return Row(case=case, metric=metric, unit=unit, ours=ours)


def skipped(name: str, why: object) -> None:
    """Name what is not in the table."""
    print(f"# skipped: {name} ({why})", file=sys.stderr)
