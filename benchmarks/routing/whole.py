"""The problem in whole numbers that engines are given.

Where a family counts in real numbers everything is multiplied by a power of ten. Times are rounded
up, limits down and lengths that are limited up, so that what keeps the rules in whole numbers keeps
them in doubles; lengths that only cost something are rounded to the nearest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.routing.ground import Aim, Ground
from msap_mobility.optimise.routing.problem import (
    MANDATORY,
    UNLIMITED,
    Groups,
    Objective,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["down", "problem_of", "scale_of", "up"]

_HORIZON = 1 << 30
_EXACT = 1e-7  # a number this near to a whole one is that whole one
_FINEST_TIMED, _FINEST_UNTIMED, _FINEST_LIMITED = 4, 2, 6
_MOST_KINDS = 62


def scale_of(ground: Ground) -> int:
    """How many units of the engine one unit of the instance is."""
    if ground.whole:
        return 1
    largest = max(
        ground.lengths.max(initial=1.0),
        *(
            column[np.isfinite(column)].max(initial=1.0)
            for column in (
                ground.visits.latest,
                ground.fleet.latest,
                ground.fleet.duration,
                ground.fleet.length,
            )
        ),
    )
    power = _finest(ground)
    while power > 0 and largest * 10**power > _HORIZON:
        power -= 1
    return int(10**power)


def _finest(ground: Ground) -> int:
    """Powers of ten: many where rounding may forbid what is allowed, few where it only counts.

    Engines that weigh broken rules against costs lose their measure if costs are told too finely.
    """
    if _limited(ground):
        return _FINEST_LIMITED
    return _FINEST_TIMED if ground.timed else _FINEST_UNTIMED


def _limited(ground: Ground) -> bool:
    """Whether the length of a route has a limit."""
    return bool(np.isfinite(ground.fleet.length).any())


def problem_of(ground: Ground) -> RoutingProblem:
    """What the engines solve; its vehicles, tasks and requests are rows of the instance's own.

    Raises
    ------
    ValueError
        If there are more than 62 kinds of vehicle that may serve different requests.
    """
    scale = scale_of(ground)
    lengths = ground.lengths * scale
    return RoutingProblem(
        distance=up(lengths) if _limited(ground) else np.rint(lengths).astype(np.int64),
        duration_s=(up(lengths) if ground.timed else np.zeros_like(lengths)).astype(np.int32),
        tasks=_tasks(ground, scale),
        requests=_requests(ground, scale),
        groups=Groups(must=ground.must),
        vehicles=_vehicles(ground, scale),
        objective=Objective(vehicles_first=ground.aim is Aim.VEHICLES),
    )


def _tasks(ground: Ground, scale: int) -> Tasks:
    """The visits."""
    visits = ground.visits
    earliest, latest = up(visits.earliest * scale), down(visits.latest * scale)
    windows = [
        [] if first <= 0 and last >= UNLIMITED else [(first, last)]
        for first, last in zip(earliest.tolist(), latest.tolist(), strict=True)
    ]
    return Tasks.of(
        place=visits.node,
        service_s=up(visits.service * scale),
        load=_signed(visits.load * _of_loads(ground)),
        windows=windows,
    )


def _requests(ground: Ground, scale: int) -> Requests:
    """The requests; a prize is in the unit of the cost."""
    asked = ground.asked
    must = np.isinf(asked.prize) & (asked.group < 0)
    prizes = np.where(np.isinf(asked.prize), 0.0, asked.prize) * _of_prizes(ground, scale)
    return Requests.of(
        task=asked.visit,
        delivery=asked.delivery,
        prize=np.where(must, MANDATORY, np.rint(prizes).astype(np.int64)),
        max_ride_s=down(asked.ride * scale),
        skills=_needed(asked.refused),
        group=asked.group,
    )


def _vehicles(ground: Ground, scale: int) -> Vehicles:
    """The fleet; each kind that is refused somewhere lacks one skill of its own."""
    fleet = ground.fleet
    lacking = ground.asked.refused.any(axis=0)
    every = sum(1 << kind for kind in np.flatnonzero(lacking).tolist())
    costs = fleet.fixed * scale
    return Vehicles.of(
        count=fleet.count,
        start=fleet.start,
        end=fleet.end,
        capacity=down(fleet.capacity * _of_loads(ground)),
        earliest_s=up(fleet.earliest * scale),
        latest_s=down(fleet.latest * scale),
        shift_s=down(fleet.duration * scale),
        max_distance=down(fleet.length * scale),
        skills=[every & ~(1 << kind) for kind in range(len(fleet))],
        fixed=np.rint(costs).astype(np.int64),
        per_distance=np.rint(fleet.per_length).astype(np.int64),
    )


def _needed(refused: NDArray[np.bool_]) -> list[int]:
    """Skills of each request: those that the vehicles it refuses lack."""
    kinds = np.flatnonzero(refused.any(axis=0))
    if len(kinds) and kinds[-1] >= _MOST_KINDS:
        raise ValueError(f"more than {_MOST_KINDS} kinds of vehicle that may not serve all")
    return [sum(1 << kind for kind in np.flatnonzero(row).tolist()) for row in refused]


def _of_loads(ground: Ground) -> int:
    """What makes loads whole."""
    return _decimals(ground.visits.load)


def _of_prizes(ground: Ground, scale: int) -> int:
    """What makes prizes whole, and comparable with what driving costs if it costs anything."""
    if ground.fleet.per_length.any() or ground.fleet.fixed.any():
        return scale
    return _decimals(ground.asked.prize)


def _decimals(values: NDArray[np.float64]) -> int:
    """The least power of ten that makes all finite values whole, up to 10⁴."""
    finite = values[np.isfinite(values)]
    for power in range(4):
        if (np.abs(finite * 10**power - np.rint(finite * 10**power)) < _EXACT).all():
            return int(10**power)
    return 10_000


def up(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """The next whole number not below, at most `UNLIMITED`."""
    return _turned(values, np.ceil)


def down(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """The next whole number not above, at most `UNLIMITED`."""
    return _turned(values, np.floor)


def _signed(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Loads: away from 0."""
    return np.asarray(np.sign(values).astype(np.int64) * up(np.abs(values)))


def _turned(values: NDArray[np.float64], turn: np.ufunc) -> NDArray[np.int64]:
    """Turned to whole numbers, those that are nearly whole to these."""
    bounded = np.minimum(values, float(UNLIMITED))
    near = np.rint(bounded)
    exact = np.abs(bounded - near) <= _EXACT * np.maximum(1.0, np.abs(bounded) * 1e-6)
    return np.asarray(np.where(exact, near, turn(bounded)).astype(np.int64))
