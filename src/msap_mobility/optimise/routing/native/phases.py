"""What a start does, one phase after the other."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.native.arrays.plan import MISSING, USED
from msap_mobility.optimise.routing.native.start import STRETCHES

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.allotment import Allotment
    from msap_mobility.optimise.routing.native.start import Start

__all__ = ["build", "complete", "cool", "cool_with_fewer", "save_vehicles"]

_TEPID = STRETCHES // 2
"""The stretch at whose temperature room is sought for those who are missing."""
_PARTS = 50
"""A phase without an end of its own asks the clock so often."""


def build(start: Start, allotment: Allotment, stop: threading.Event) -> None:  # noqa: ARG001
    """One iteration, whatever the limits: whoever can, enters."""
    start.cool(_TEPID, 1, threading.Event())


def complete(start: Start, allotment: Allotment, stop: threading.Event) -> None:
    """Find room for everybody who must be served."""
    start.heat(cycle=1)
    while start.best.total[MISSING] > 0 and not stop.is_set():
        length = start.next_length(allotment, _PARTS)
        if length == 0:
            return
        start.cool(_TEPID, length, stop, until_complete=True)


def save_vehicles(start: Start, allotment: Allotment, stop: threading.Event) -> None:
    """Do with one vehicle less, as often as that succeeds."""
    while start.best.total[MISSING] == 0 and start.best.total[USED] > 1 and not stop.is_set():
        used = start.best.total[USED]
        start.heat(cycle=1)
        start.give_up_route()
        while start.best.total[USED] == used and not stop.is_set():
            length = start.next_length(allotment, _PARTS)
            if length == 0:
                break
            start.cool(_TEPID, length, stop, until_complete=True)
        if start.best.total[USED] == used:
            break
    start.keep_fleet()


def cool(start: Start, allotment: Allotment, stop: threading.Event, *, cycle: int) -> None:
    """One cycle of cooling, from the best plan; the first from the one just built."""
    if cycle != 0:
        start.restart()
    _cool_on(start, allotment, stop, cycle)


def cool_with_fewer(
    start: Start, allotment: Allotment, stop: threading.Event, *, cycle: int
) -> None:
    """One cycle of cooling with one vehicle less than the best plan has, if all are then served.

    Where homes are covered, fewer routes of other stops may be cheaper, and the way there leads
    through plans in which somebody is missing.
    """
    start.restart()
    start.heat(cycle)
    if start.best.total[USED] > 1:
        start.give_up_route()
        _fill_up(start, allotment.first_half(start.iterations), stop)
    if start.accepted.total[MISSING] > 0:
        start.allow_all()
        start.restart()
    _cool_on(start, allotment, stop, cycle)
    start.allow_all()


def _fill_up(start: Start, allotment: Allotment, stop: threading.Event) -> None:
    """Find room for everybody in the plan that is accepted."""
    while start.accepted.total[MISSING] > 0 and not stop.is_set():
        length = start.next_length(allotment, _PARTS)
        if length == 0:
            return
        start.cool(_TEPID, length, stop, until_complete=True)


def _cool_on(start: Start, allotment: Allotment, stop: threading.Event, cycle: int) -> None:
    """One cycle of cooling from the plan that is accepted."""
    start.heat(cycle)
    for part in range(STRETCHES):
        length = start.next_length(allotment, STRETCHES - part)
        if length == 0 or stop.is_set():
            return
        start.cool(part, length, stop)
