"""The same answers in a process where numba checks every index."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from msap_mobility.budget import Budget
from msap_mobility.optimise.assignment.flow import assign
from msap_mobility.optimise.assignment.greedy import best_first
from msap_mobility.optimise.assignment.groups import groups, times_of_stops
from msap_mobility.optimise.assignment.insertion import simulate_day
from msap_mobility.optimise.assignment.packing import pack
from msap_mobility.optimise.assignment.stable import stable
from tests.optimise.assignment.instances import random_edges, random_trips
from tests.optimise.assignment.test_insertion import random_day
from tests.optimise.bounds import checks_bounds


def answers() -> list[int]:
    """Something of every kernel, arrays at their fullest included."""
    rng = np.random.default_rng(1)
    said = []
    for people in (1, 30):
        edges = random_edges(rng, people, people)
        seats = rng.integers(0, 3, people)
        said.append(assign(edges, drivers=people, riders=people, seats=seats).bound)
        said.append(best_first(edges, drivers=people, riders=people, seats=seats)[1])
        chosen = stable(edges, edges.gain, drivers=people, riders=people, seats=seats)
        said.append(int(chosen.sum()))
    problem = random_trips(rng, 9, 14, places=12, loose=4.0)
    for cap in (100_000, 20, 1):
        found = groups(problem, most=4, cap=cap)
        said += [len(found), int(found.gain.sum())]
    everything = groups(problem, most=4)
    last = len(everything) - 1
    said += times_of_stops(problem, int(everything.driver[last]), everything.stops(last)) or []
    both = [[0, 1], [2, 3]]
    packing = pack(everything, drivers=9, riders=14, both=both, budget=Budget(iterations=100))
    said.append(packing.value)
    for seed in range(8):
        fleet, requests, _, _ = random_day(seed)
        tight = fleet.copy(stop=fleet.stop[:, :4].copy())
        said.append(int(simulate_day(tight, requests).added_s.sum()))
    return said


@checks_bounds
def test_kernels_stay_within_their_arrays() -> None:
    code = "from tests.optimise.assignment.test_bounds import answers; print(*answers())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NUMBA_BOUNDSCHECK": "1"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == list(map(str, answers()))
