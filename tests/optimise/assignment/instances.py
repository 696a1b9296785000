"""Random small cases for the solvers of who goes with whom."""

from __future__ import annotations

import numpy as np

from msap_mobility.optimise.assignment.arrays import Edges


def random_edges(rng: np.random.Generator, drivers: int, riders: int, *, most: int = 30) -> Edges:
    """About half of all pairs, some twice, some worth nothing or less."""
    count = int(rng.integers(0, drivers * riders + 1))
    return Edges.of(
        driver=rng.integers(0, drivers, count),
        rider=rng.integers(0, riders, count),
        gain=rng.integers(-3, most, count),
    )
