"""Random problems of vehicles that load again, waiting for releases."""

from __future__ import annotations

import numpy as np

from msap_mobility.optimise.routing.problem import Requests, RoutingProblem, Tasks, Vehicles

__all__ = ["trips"]


def trips(
    seed: int, visits: int = 24, *, trips_each: int = 4, capacity: int = 7, timed: bool = True
) -> RoutingProblem:
    """Small vehicles of two types; what is brought was released during the day."""
    rng = np.random.default_rng(seed)
    spots = rng.integers(0, 60, size=(visits + 1, 2))
    way = abs(spots[:, None] - spots[None]).sum(axis=2)
    opens = rng.integers(0, 400, size=visits)
    return RoutingProblem(
        distance=way,
        duration_s=way + seed % 2,
        tasks=Tasks.of(
            place=range(1, visits + 1),
            service_s=rng.integers(0, 9, size=visits),
            load=rng.choice([-3, -2, -1, 2], size=visits),
            windows=[[(int(early), int(early) + 400)] for early in opens],
        ),
        requests=Requests.of(
            task=range(visits),
            prize=rng.choice([-1, -1, 40], size=visits),
            release_s=np.where(rng.random(visits) < 0.5, opens // 2, 0),
        ),
        vehicles=Vehicles.of(
            count=[2, 3],
            capacity=[capacity, capacity + 2],
            fixed=[0, 20],
            per_s=[1, 2] if timed and seed % 2 else 0,
            reload=[0, 1],
            reload_s=[4, 7],
            max_trips=trips_each,
        ),
    )
