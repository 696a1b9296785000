"""Random tiny mixes of all rules: those of `strategies`, and each of `rules.further_rules`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from msap_mobility.optimise.routing.problem import (
    ANY_DAY,
    MANDATORY,
    NONE,
    UNLIMITED,
    Breaks,
    Covering,
    Patterns,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from tests.optimise.routing.strategies import column, limit, problems

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Draw = Any
DAYS = 2


@st.composite
def mixes(draw: Draw, *, most_requests: int = 4) -> RoutingProblem:
    """Any mix of the rules, few of each so that brute force can judge it."""
    plain = draw(problems(most_requests=most_requests))
    vehicles = _vehicles(draw, plain)
    days = draw(st.booleans())
    requests = plain.requests
    if days:
        day = st.integers(ANY_DAY, DAYS - 1)
        requests = replace(requests, day=_ints(draw, day, len(requests), np.int32))
        driven = _ints(draw, st.integers(0, DAYS - 1), len(vehicles), np.int32)
        vehicles = replace(vehicles, day=driven)
    requests = _from_the_depot(draw, requests)
    patterns, requests = _patterns(draw, requests)
    return replace(
        plain,
        tasks=_tasks(draw, plain.tasks),
        requests=requests,
        vehicles=vehicles,
        patterns=patterns,
        covering=_covering(draw, requests),
        breaks=_breaks(draw, len(vehicles)),
    )


def _ints(draw: Draw, values: SearchStrategy[int], count: int, dtype: Any = np.int64) -> Any:
    return np.array(draw(column(values, count)), dtype=dtype)


def _often(draw: Draw) -> bool:
    return bool(draw(st.booleans()))


def _tasks(draw: Draw, tasks: Tasks) -> Tasks:
    """Some dwell as long as it pays, some begin when it is wanted."""
    count = len(tasks)
    if _often(draw):
        longer = _ints(draw, st.sampled_from([0, 3, 9]), count)
        less = _ints(draw, st.integers(0, 4), count)
        tasks = replace(tasks, service_most_s=tasks.service_s + longer, per_s_less=less)
    if _often(draw):
        tasks = replace(
            tasks,
            wanted_s=_ints(draw, st.one_of(st.just(UNLIMITED), st.integers(0, 90)), count),
            off_free_s=_ints(draw, st.sampled_from([0, 5]), count),
            per_s_off=_ints(draw, st.integers(1, 3), count),
        )
    return tasks


def _vehicles(draw: Draw, plain: RoutingProblem) -> Vehicles:
    """Some may load again, and hold so little that they must."""
    vehicles, count = plain.vehicles, len(plain.vehicles)
    if not _often(draw):
        return vehicles
    room = np.minimum(vehicles.capacity, draw(st.sampled_from([3, 3, 5, UNLIMITED])))
    return replace(
        vehicles,
        capacity=room,
        reload=_ints(draw, st.integers(NONE, plain.places - 1), count, np.int32),
        reload_s=_ints(draw, st.integers(0, 6), count),
        max_trips=_ints(draw, st.sampled_from([1, 2, 2]), count),
    )


def _from_the_depot(draw: Draw, requests: Requests) -> Requests:
    """Releases and cold goods, of single visits."""
    single = requests.delivery == NONE
    if _often(draw):
        release = _ints(draw, st.sampled_from([0, 10, 40]), len(requests))
        requests = replace(requests, release_s=np.where(single, release, 0))
    if _often(draw):
        cold = _ints(draw, st.sampled_from([UNLIMITED, 10, 20, 40]), len(requests))
        requests = replace(requests, max_cold_s=np.where(single, cold, UNLIMITED))
    return requests


def _patterns(draw: Draw, requests: Requests) -> tuple[Patterns, Requests]:
    """One customer or two who own some of the requests and choose among sets of them."""
    customers = draw(st.sampled_from([0, 1, 1, 2]))
    owner = draw(column(st.sampled_from([-1, *range(customers), *range(customers)]), len(requests)))
    owned = [[row for row, of in enumerate(owner) if of == c] for c in range(customers)]
    customer: list[int] = []
    members: list[list[int]] = []
    for number, rows in enumerate(owned):
        for _ in range(draw(st.sampled_from([0, 1, 2, 2])) if rows else 0):
            chosen = draw(st.lists(st.sampled_from(rows), min_size=1, unique=True))
            customer.append(number)
            members.append(chosen)
    used = np.isin(np.arange(len(requests)), [row for chosen in members for row in chosen])
    patterns = Patterns.of(
        customer=customer,
        requests=members,
        price=draw(column(st.integers(0, 30), len(members))),
        prize=draw(column(st.sampled_from([MANDATORY, MANDATORY, 40, 400]), customers)),
        per_s_apart=draw(column(st.integers(0, 3), customers)),
        apart_free_s=draw(column(st.integers(0, 10), customers)),
    )
    prize = np.where(used, 0, requests.prize)
    group = np.where(used, NONE, requests.group).astype(np.int32)
    return patterns, replace(requests, prize=prize, group=group)


def _covering(draw: Draw, requests: Requests) -> Covering:
    """Customers within reach of optional requests."""
    optional = np.flatnonzero(requests.prize >= 0).tolist()
    count = draw(st.sampled_from([0, 1, 3]))
    reach = st.lists(st.sampled_from(optional), unique=True) if optional else st.just([])
    return Covering.of(
        reach=draw(column(reach, count)),
        prize=draw(column(st.one_of(st.just(MANDATORY), st.integers(0, 400)), count)),
    )


def _breaks(draw: Draw, vehicles: int) -> Breaks:
    """One or two, of any type of vehicle."""
    count = draw(st.sampled_from([0, 0, 1, 1, 2]))
    early = _ints(draw, st.integers(0, 60), count)
    return Breaks.of(
        vehicle=draw(column(st.integers(0, vehicles - 1), count)),
        duration_s=draw(column(st.integers(1, 15), count)),
        earliest_s=early,
        latest_s=early + _ints(draw, st.integers(0, 60), count),
        after_s=draw(column(limit(0, 60), count)),
        if_longer_s=draw(column(st.sampled_from([0, 30, 60]), count)),
        paid=np.array(draw(column(st.booleans(), count)), dtype=np.bool_),
    )
