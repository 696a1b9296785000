"""What is kept of an iteration: its changes go into the accepted plan, or are taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays.memory import (
    ABSENT_COUNT,
    CHANGED_COUNT,
    TOUCHED_COUNT,
)
from msap_mobility.optimise.routing.native.arrays.plan import LENGTH, STAMP

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan

__all__ = ["copy_changes", "copy_plan", "forget_changes", "list_absent", "restart"]


@kernel("void(Plan, Plan, int64)")
def _copy_loads(source: Plan, target: Plan, slot: int) -> None:
    """What is aboard, and the labels of trips."""
    count = source.route[slot, LENGTH]
    for position in range(count + 1):
        for label in range(3):
            for dimension in range(source.aboard.shape[3]):
                load = source.aboard[slot, position, label, dimension]
                target.aboard[slot, position, label, dimension] = load
    if source.trip.shape[1] > 1:
        for position in range(count + 1):
            for column in range(source.trip.shape[2]):
                target.trip[slot, position, column] = source.trip[slot, position, column]


@kernel("void(Plan, Plan, int64)")
def _copy_slot(source: Plan, target: Plan, slot: int) -> None:
    """Make a route of `target` that of `source`, labels and all."""
    count = source.route[slot, LENGTH]
    where, sequence = target.where, source.sequence
    for position in range(count + 2):
        target.sequence[slot, position] = sequence[slot, position]
        target.place[slot, position] = source.place[slot, position]
        target.edge[slot, position] = source.edge[slot, position]
        target.leave[slot, position] = source.leave[slot, position]
        target.latest[slot, position] = source.latest[slot, position]
    _copy_loads(source, target, slot)
    if source.span.shape[1] > 1:
        for position in range(count + 2):
            for bound in range(6):
                target.span[slot, position, bound] = source.span[slot, position, bound]
    for column in range(source.route.shape[1]):
        target.route[slot, column] = source.route[slot, column]
    for position in range(1, count + 1):
        task = sequence[slot, position]
        if task < len(where):
            where[task, 0], where[task, 1] = slot, position


@kernel("void(Plan, Plan, Memory)")
def copy_changes(source: Plan, target: Plan, memory: Memory) -> None:
    """Make `target` equal to `source` in all that this iteration touched."""
    control = memory.control
    for row in range(control[TOUCHED_COUNT]):
        slot = memory.touched[row]
        for position in range(1, target.route[slot, LENGTH] + 1):
            task = target.sequence[slot, position]
            if task < len(target.where):
                target.where[task, 0] = -1
    for row in range(control[TOUCHED_COUNT]):
        _copy_slot(source, target, memory.touched[row])
    for row in range(control[CHANGED_COUNT]):
        unit = memory.changed[row]
        target.served[unit] = source.served[unit]
    target.covered[:] = source.covered
    target.total[:] = source.total


@kernel("void(Plan, Plan)")
def copy_plan(source: Plan, target: Plan) -> None:
    """Make `target` equal to `source`; only slots that differ are copied."""
    target.where[:] = -1
    for slot in range(len(source.route)):
        if source.route[slot, STAMP] != target.route[slot, STAMP]:
            _copy_slot(source, target, slot)
    for slot in range(len(source.route)):
        for position in range(1, source.route[slot, LENGTH] + 1):
            task = source.sequence[slot, position]
            if task < len(target.where):
                target.where[task, 0], target.where[task, 1] = slot, position
    target.served[:] = source.served
    target.covered[:] = source.covered
    target.total[:] = source.total


@kernel("void(Plan, Memory)")
def list_absent(accepted: Plan, memory: Memory) -> None:
    """List who is not served in the accepted plan after units changed."""
    control, absent = memory.control, memory.absent
    count = 0
    for row in range(control[ABSENT_COUNT]):
        unit = absent[row]
        if accepted.served[unit] < 0 and not memory.is_changed[unit]:
            absent[count] = unit
            count += 1
    for row in range(control[CHANGED_COUNT]):
        unit = memory.changed[row]
        if accepted.served[unit] < 0:
            absent[count] = unit
            count += 1
    control[ABSENT_COUNT] = count


@kernel("void(Memory)")
def forget_changes(memory: Memory) -> None:
    """Begin a new iteration."""
    control = memory.control
    for row in range(control[TOUCHED_COUNT]):
        memory.is_touched[memory.touched[row]] = False
    for row in range(control[CHANGED_COUNT]):
        memory.is_changed[memory.changed[row]] = False
    control[TOUCHED_COUNT], control[CHANGED_COUNT] = 0, 0


@kernel("void(Plan, Plan, Plan, Memory)")
def restart(plan: Plan, accepted: Plan, best: Plan, memory: Memory) -> None:
    """Go on from the best plan."""
    copy_plan(best, plan)
    copy_plan(best, accepted)
    count = 0
    for unit in range(len(best.served)):
        if best.served[unit] < 0:
            memory.absent[count] = unit
            count += 1
    memory.control[ABSENT_COUNT] = count
