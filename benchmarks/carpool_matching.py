"""The best rides of a day: how long they take, whether they are proven, what they gain."""

from __future__ import annotations

import resource
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.carpool_day import Country, Day, day_of
from benchmarks.carpool_rows import bar, beside, plain, timed
from msap_mobility.carpool.check import check_rides
from msap_mobility.carpool.match import match
from msap_mobility.carpool.problem import CarpoolProblem
from msap_mobility.optimise.assignment.edges import Edges
from msap_mobility.optimise.assignment.flow import assign
from msap_mobility.roads import CalibratedTimes, RoadGraph, RoadTimes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.table import Row
    from msap_mobility.carpool.matching import Match
    from msap_mobility.carpool.terms import Objective
    from msap_mobility.model import TravelTimes

__all__ = ["exact_small", "groups_1k", "match_10k", "match_10k_road", "road_country", "road_day"]

PLACES, SEEDS = 2_000, (1, 2)
OBJECTIVES: tuple[Objective, ...] = ("riders", "saving")


def match_10k() -> list[Row]:
    """10,000 drivers and as many riders, one in a car, between 2,000 places."""
    car = CalibratedTimes(mode="car")
    day = day_of(Country.made_up(PLACES, car, SEEDS[0]), 10_000, SEEDS[1])
    rows: list[Row] = []
    for objective in OBJECTIVES:
        case = f"match-10k {objective}"
        found, seconds = timed(
            lambda objective=objective: match(
                day.offers, day.requests, car, objective=objective, together=1
            )
        )
        rows.append(bar(case, "seconds", "s", seconds, 5.0))
        if not rows[1:]:
            rows.append(bar(case, "memory", "MB", _peak_mb(), 1024.0))
        rows += _worth(case, found)
        rows += _checked(case, found, day, car)
    problem, seconds = timed(lambda: CarpoolProblem.build(day.offers, day.requests, car))
    rows.append(plain("match-10k", "pairs", "1", len(problem.pairs)))
    rows.append(plain("match-10k", "candidates", "s", seconds))
    return rows


def match_10k_road(roads: Path) -> list[Row]:
    """The same with times on a road network, every door at a place of its own."""
    times, country = road_country(roads, 10_000)
    day = road_day(country, 10_000)
    case = f"match-10k-road {roads.name.partition('.')[0]}"
    found, seconds = timed(lambda: match(day.offers, day.requests, times, together=1))
    places = {(p.lon, p.lat) for r in (*day.offers, *day.requests) for p in (r.start, r.end)}
    return [
        plain(case, "seconds", "s", seconds),
        plain(case, "places", "1", len(places)),
        *_worth(case, found),
        *_checked(case, found, day, times),
    ]


def road_country(roads: Path, count: int) -> tuple[RoadTimes, Country]:
    """Twice as many points as people of one sort, all distinct, near the nodes of a network."""
    if not roads.exists():
        raise FileNotFoundError(f"no file {roads.name}")
    graph = RoadGraph.from_osm(roads)
    times = RoadTimes(graph)
    draw = np.random.default_rng(SEEDS[0])
    node = draw.choice(np.flatnonzero(graph.component == 0), 2 * count + 100)
    metre = 1 / 111_000
    lon = graph.lon[node] + draw.uniform(-50, 50, len(node)) * metre
    lat = graph.lat[node] + draw.uniform(-50, 50, len(node)) * metre
    return times, Country.at(lon, lat, times)


def road_day(country: Country, count: int) -> Day:
    """A day on roads: in a small country, as dense as the made-up one.

    Hours scatter more and detours are shorter.
    """
    return day_of(country, count, SEEDS[1], spread_s=7200.0, detour_s=300)


def groups_1k() -> list[Row]:
    """1,000 riders, up to three in a car: of 1,000 drivers, and of 300, when cars are scarce."""
    car = CalibratedTimes(mode="car")
    whole = day_of(Country.made_up(PLACES, car, SEEDS[0]), 1_000, SEEDS[1])
    rows: list[Row] = []
    for drivers in (1_000, 300):
        day = replace(whole, offers=whole.offers[:drivers])
        for objective in OBJECTIVES:
            rows += _groups(f"groups-1k {drivers} {objective}", day, car, objective)
    return rows


def _groups(case: str, day: Day, car: TravelTimes, objective: Objective) -> Iterator[Row]:
    found, seconds = timed(
        lambda: match(day.offers, day.requests, car, objective=objective, together=3, budget="15 s")
    )
    single = match(day.offers, day.requests, car, objective=objective, together=1)
    yield bar(case, "seconds", "s", seconds, 15.0)
    yield from _worth(case, found)
    yield beside(case, "value", "s", found.value, "one in a car", single.value)
    yield beside(case, "riders", "1", len(found.served), "one in a car", len(single.served))
    yield from _checked(case, found, day, car)


def _worth(case: str, found: Match) -> Iterator[Row]:
    """Value beside bound and best gain first."""
    yield beside(
        case, "value", "s", found.value, "bound", found.bound, same=found.value == found.bound
    )
    yield beside(case, "value", "s", found.value, "best gain first", found.greedy)
    yield plain(case, "riders", "1", len(found.served))


def _checked(case: str, found: Match, day: Day, times: TravelTimes) -> Iterator[Row]:
    broken, seconds = timed(lambda: check_rides(found.rides, day.offers, day.requests, times))
    yield plain(case, "check", "s", seconds)
    yield beside(case, "broken rules", "1", len(broken), "none", 0.0, same=not broken)


def exact_small(peer: bool) -> list[Row]:
    """Small days, one in a car: networkx's blossom algorithm on the same pairs as the reference."""
    if not peer:
        return []
    car = CalibratedTimes(mode="car")
    country = Country.made_up(PLACES, car, SEEDS[0])
    rows: list[Row] = []
    for count in (100, 1_000):
        case, days = f"exact-small {count}", 20 if count < 1_000 else 1
        ours = theirs = 0.0
        same = 0
        for seed in range(days):
            day = day_of(country, count, seed)
            found = match(day.offers, day.requests, car, together=1, objective="saving")
            problem = CarpoolProblem.build(day.offers, day.requests, car)
            driver, rider, gain = _savings(problem)
            best, seconds = timed(
                lambda driver=driver, rider=rider, gain=gain, count=count: assign(
                    Edges.of(driver=driver, rider=rider, gain=gain), drivers=count, riders=count
                )
            )
            ours += seconds
            reference, seconds = _blossom(driver, rider, gain)
            theirs += seconds
            same += found.value == best.value == reference
        rows.append(
            beside(
                case, "seconds", "s", ours / days, "networkx", theirs / days,
                ratio=theirs / ours, same=same == days,
            )
        )  # fmt: skip
        rows.append(beside(case, "days alike", "1", same, "days", days, same=same == days))
    return rows


def _savings(problem: CarpoolProblem) -> tuple[Any, Any, Any]:
    """Driver, rider and driving saved of each pair that saves any."""
    pairs, ways = problem.pairs, problem.ways
    rider = problem.passages.leg_request[pairs.leg]
    start = ways.numbers(request.start for request in problem.requests)
    end = ways.numbers(request.end for request in problem.requests)
    gain = ways.between(start, end)[0][rider] - pairs.detour_s
    saves = gain > 0
    return pairs.offer[saves], rider[saves], gain[saves]


def _blossom(driver: Any, rider: Any, gain: Any) -> tuple[int, float]:
    import networkx as nx  # noqa: PLC0415 - the reference, wanted here alone

    graph = nx.Graph()
    for one, other, weight in zip(driver.tolist(), rider.tolist(), gain.tolist(), strict=True):
        graph.add_edge(("driver", one), ("rider", other), weight=weight)
    chosen, seconds = timed(lambda: nx.max_weight_matching(graph))
    return sum(graph.edges[edge]["weight"] for edge in chosen), seconds


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
