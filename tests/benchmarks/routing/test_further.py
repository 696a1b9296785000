"""What further engines will be given: covering, periodic, several trips a day."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.routing.covering import covering, covering_runs
from benchmarks.routing.periodic import periodic
from benchmarks.routing.references import routes_of
from benchmarks.routing.reloading import Reloading, reloading
from benchmarks.routing.text import Malformed
from tests.real_data import ROOT, real_data

if TYPE_CHECKING:
    from pathlib import Path

INSTANCES = ROOT / "instances"


def of(family: str, ending: str) -> list[str]:
    return [f"{family}/{file.name}" for file in sorted((INSTANCES / family).glob(f"*{ending}"))]


@pytest.mark.parametrize("name", of("pvrp", ".res"))
def test_a_periodic_solution_is_worth_what_is_told(name: str) -> None:
    file = real_data(f"instances/{name}")
    read = periodic(file.with_suffix(".txt"))
    (told,), *rows = [line.split() for line in file.read_text().splitlines() if line.strip()]
    total, days = 0.0, defaultdict(list)
    vehicles: defaultdict[int, int] = defaultdict(int)
    customer = {node: row for row, node in enumerate(read.node.tolist())}
    for words in rows:
        day, nodes = int(words[0]) - 1, [int(word) for word in words[4:]]
        length = float(read.lengths[nodes[:-1], nodes[1:]].sum())
        served = [customer[node] for node in nodes[1:-1]]
        total += length
        vehicles[day] += 1
        assert (nodes[0], nodes[-1]) == (0, 0)
        assert read.demand[served].sum() <= read.capacity[0, day]
        assert length + read.service[served].sum() <= read.duration[0, day] + 0.01
        for row in served:
            days[row].append(day)
    assert total == pytest.approx(float(told), abs=0.5)
    assert max(vehicles.values()) <= read.vehicles
    for row, patterns in enumerate(read.patterns):
        if not days[row] and not read.lengths[0, read.node[row]]:  # p01: a full load, at the depot
            assert min(vehicles[day] for day in patterns[0]) < read.vehicles
            continue
        assert tuple(sorted(days[row])) in patterns


@pytest.mark.parametrize("name", of("mdpvrp", ".txt"))
def test_several_depots_and_days_are_read(name: str) -> None:
    read = periodic(real_data(f"instances/{name}"))
    assert read.duration.shape == read.capacity.shape == (len(read.depots), read.days)
    assert len(read.node) == len(read.patterns) == len(read.demand)
    assert not set(read.depots.tolist()) & set(read.node.tolist())


def broken_by(read: Reloading, trips: list[tuple[int, ...]]) -> list[str]:
    """Rules that the trips of one vehicle break, driven as soon as they can be."""
    ground, fleet = read.ground, read.ground.fleet
    task = {node: row for row, node in enumerate(ground.visits.node.tolist())}
    clock, found = float(fleet.earliest[0]), []
    for trip in trips:
        rows = [task[node] for node in trip]
        clock = max(clock, max(read.release[rows], default=0.0))
        here = int(fleet.start[0])
        for row in rows:
            node = int(ground.visits.node[row])
            start = max(clock + ground.lengths[here, node], ground.visits.earliest[row])
            if start > ground.visits.latest[row]:
                found.append(f"{node} begins {start - ground.visits.latest[row]} too late")
            clock, here = start + ground.visits.service[row], node
        clock += ground.lengths[here, int(fleet.start[0])]
        if -ground.visits.load[rows].sum() > fleet.capacity[0]:
            found.append(f"{trip} is too much")
    if clock > fleet.latest[0]:
        found.append(f"is back {clock - fleet.latest[0]} too late")
    return found


def trips_of(route: tuple[int, ...]) -> list[tuple[int, ...]]:
    trips: list[list[int]] = [[]]
    for node in route:
        if node == 0:
            trips.append([])
        else:
            trips[-1].append(node)
    return [tuple(trip) for trip in trips]


@pytest.mark.parametrize("name", of("mtvrptw_reload", ".sol"))
def test_several_trips_a_day_keep_releases_at_the_cost_told(name: str) -> None:
    file = real_data(f"instances/{name}")
    read, told = reloading(file.with_suffix(".vrp")), routes_of(file)
    assert read.reloads == (0,)
    routes = [trips_of(route) for route in told.routes if route]
    assert len(routes) <= read.ground.fleet.count[0]
    assert [words for trips in routes for words in broken_by(read, trips)] == []
    served = sorted(node for trips in routes for trip in trips for node in trip)
    assert served == read.ground.visits.node.tolist()
    paths = [[0, *trip, 0] for trips in routes for trip in trips]
    total = sum(float(read.ground.lengths[path[:-1], path[1:]].sum()) for path in paths)
    assert total == told.cost


def test_releases_bind() -> None:
    """The published plans would not keep later ones: releases are read, not passed over."""
    file = real_data("instances/mtvrptw_reload/C201R0.25.sol")
    read = reloading(file.with_suffix(".vrp"))
    assert read.release.max() > 0
    late = Reloading(ground=read.ground, release=read.release + 1e5, reloads=(0,))
    trips = [trips_of(route) for route in routes_of(file).routes]
    assert all(broken_by(late, route) for route in trips)


def test_every_run_of_the_covering_tours_is_there_once() -> None:
    folder = real_data("instances/mctp")
    runs = covering_runs(folder)
    assert len({run.name for run in runs}) == len(runs) == 144
    assert sum(math.isfinite(run.length) for run in runs) == 96
    for name in {run.network for run in runs}:
        network = covering(folder / f"{name}.txt")
        assert len(network.covers) == len(network.lengths)
        assert not any(network.covers[: network.mandatory])


def test_covering_lists_follow_from_the_rule_of_their_generator() -> None:
    """A vertex covers what is within the radius: each customer has two, each vertex has one."""
    file = real_data("instances/mctp/A1-1-25-75.txt")
    network = covering(file)
    rows = [line.split() for line in file.read_text().splitlines()]
    begin = [row[:1] for row in rows].index(["CUSTOMER_COORD"])
    there = [row[:1] for row in rows].index(["VERTEX_COORD"])
    vertices = np.array(rows[there + 1 : there + 26], dtype=float)[:, 1:]
    customers = np.array(rows[begin + 1 : begin + 76], dtype=float)[:, 1:]
    apart = np.rint(np.hypot(*(vertices[:, None] - customers[None]).transpose(2, 0, 1)))[1:]
    radius = max(apart.min(axis=1).max(), np.sort(apart, axis=0)[1].max())
    expected = [tuple(np.flatnonzero(row <= radius).tolist()) for row in apart]
    assert list(network.covers[1:]) == expected


SMALL_PERIODIC = """\
1 1 2 3
0 10
50 10
0 0
0 0 0 0 0 0 0
1 3 4 1 2 2 2 5 3
2 0 9 1 2 1 3 1 2 4
"""

SMALL_COVERING = """\
# small
VERTICES 3
MANDATORY 1
CUSTOMERS 2
METRIC EUC_2D rounded to nearest integer
VERTEX_COORD
0 0 0
1 3 4
2 6 8
CUSTOMER_COORD
0 1 1
1 2 2
COVERS  # vertex : customers it covers
1 : 0
2: 0 1
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "small.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_leftmost_bit_is_the_first_day(tmp_path: Path) -> None:
    read = periodic(written(tmp_path, SMALL_PERIODIC))
    assert read.patterns == (((0, 2), (1, 2)), ((2,), (1,), (0,)))
    assert read.duration.tolist() == [[math.inf, 50, math.inf]]
    assert read.capacity.tolist() == [[10, 10, math.inf]]
    assert read.node.tolist() == [1, 2]


def test_a_covering_network_is_read_with_or_without_a_blank(tmp_path: Path) -> None:
    read = covering(written(tmp_path, SMALL_COVERING))
    assert read.covers == ((), (0,), (0, 1))
    assert read.lengths[0].tolist() == [0, 5, 10]


@pytest.mark.parametrize(
    ("reader", "text", "old", "new", "told"),
    [
        (periodic, SMALL_PERIODIC, "2 2 5 3", "2 2 8 3", "line 6: pattern 8 is none of 3 days"),
        (periodic, SMALL_PERIODIC, "2 2 5 3", "2 2 1 3", "line 6: pattern 1 has 1 days"),
        (periodic, SMALL_PERIODIC, "2 2 5 3", "2 3 5 3", "line 6: pattern is missing"),
        (periodic, SMALL_PERIODIC, "1 1 2 3\n", "6 1 2 3\n", "line 1: neither `1 m n t`"),
        (periodic, SMALL_PERIODIC, "0 0 0 0 0 0 0\n", "0 0 0 0 0 1 1 4\n", "0 nodes without"),
        (covering, SMALL_COVERING, "2: 0 1", "2: 0 2", "line 15: a customer is outside"),
        (covering, SMALL_COVERING, "2: 0 1", "2: 0", "nothing covers customer 1"),
        (covering, SMALL_COVERING, "1 : 0", "0 : 0", "line 14: vertex 0 is there twice or"),
        (covering, SMALL_COVERING, "MANDATORY 1\n", "", "MANDATORY is missing"),
    ],
)
def test_a_wrong_file_is_told(
    tmp_path: Path, reader: object, text: str, old: str, new: str, told: str
) -> None:
    with pytest.raises(Malformed, match=told):
        reader(written(tmp_path, text.replace(old, new, 1)))  # type: ignore[operator]
