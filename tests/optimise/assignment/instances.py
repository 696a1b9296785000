"""Random small cases for the solvers of who goes with whom."""

from __future__ import annotations

import numpy as np

from msap_mobility.optimise.assignment.edges import Edges
from msap_mobility.optimise.assignment.trips import TripsProblem


def random_edges(rng: np.random.Generator, drivers: int, riders: int, *, most: int = 30) -> Edges:
    """About half of all pairs, some twice, some worth nothing or less."""
    count = int(rng.integers(0, drivers * riders + 1))
    return Edges.of(
        driver=rng.integers(0, drivers, count),
        rider=rng.integers(0, riders, count),
        gain=rng.integers(-3, most, count),
    )


def ways(rng: np.random.Generator, places: int, *, side: int = 900) -> np.ndarray:
    """Whole seconds between random points, rounded up: they obey the triangle inequality."""
    points = rng.integers(0, side, (places, 2))
    across = points[:, np.newaxis] - points[np.newaxis]
    return np.ceil(np.hypot(across[..., 0], across[..., 1])).astype(np.int32)


def random_trips(
    rng: np.random.Generator, drivers: int, riders: int, *, places: int = 9, loose: float = 1.0
) -> TripsProblem:
    """Windows, ride limits and detours of which some bind and some do not."""

    def between(low: float, high: float, count: int) -> np.ndarray:
        return rng.integers(int(low), int(high) + 1, count)

    seconds = ways(rng, places)
    metres = rng.integers(1, 1200, (places, places)).astype(np.int32)  # no triangle inequality
    if rng.random() < 0.5:
        metres = 2 * seconds
    start, end = between(0, places - 1, drivers), between(0, places - 1, drivers)
    depart = between(0, 1500, drivers)
    driver = np.stack(
        [
            start,
            end,
            depart,
            depart + between(0, 900, drivers),
            depart + between(900, 5000 * loose, drivers),
            between(1, 4, drivers),
            between(200, 2500 * loose, drivers),
            between(200, 4000 * loose, drivers),
        ],
        axis=1,
    )
    pick_up, set_down = between(0, places - 1, riders), between(0, places - 1, riders)
    opens, due = between(0, 2000, riders), between(0, 2500, riders)
    rider = np.stack(
        [
            pick_up,
            set_down,
            opens,
            due,
            opens + between(100, 2500 * loose, riders),
            due + between(500, 3000 * loose, riders),
            between(0, 60, riders),
            between(0, 60, riders),
            between(1, 2, riders),
            seconds[pick_up, set_down] + between(0, 900 * loose, riders),
        ],
        axis=1,
    )
    allowed = rng.random((drivers, riders)) < 0.9
    by, candidate = np.nonzero(allowed)
    problem = TripsProblem(
        seconds=seconds,
        metres=metres,
        driver=driver,
        rider=rider,
        candidate_start=np.concatenate([[0], np.cumsum(np.bincount(by, minlength=drivers))]),
        candidate=candidate,
        worth=rng.integers(0, 900, len(candidate)),
        price=rng.integers(0, 3, 2),
        kept=rng.random(riders) < 0.3,
    )
    if rng.random() < 0.5:
        return problem
    whenever = np.where(rng.random(drivers) < 0.3, -(1 << 60), depart + between(0, 3000, drivers))
    earliest = np.minimum(whenever, driver[:, 4])  # some may not arrive before an hour
    return problem._replace(driver=np.column_stack([driver, earliest]))
