"""What may be served: units with their options, and the homes that stops cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.native.arrays import problem as a
from msap_mobility.optimise.routing.problem import ANY_DAY, MANDATORY, NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.native.arrays.problem import Problem
    from msap_mobility.optimise.routing.problem import Requests, RoutingProblem, Vehicles

__all__ = ["homes", "options", "owners", "parts_of", "taken_by", "units"]


def taken_by(requests: Requests, vehicles: Vehicles) -> NDArray[np.bool_]:
    """Bool (Q, V): whether a vehicle type has all skills of a request, and its day."""
    lacking = requests.skills[:, None] & ~vehicles.skills[None, :]
    days = (requests.day[:, None] == ANY_DAY) | (requests.day[:, None] == vehicles.day[None, :])
    return np.ascontiguousarray((lacking == 0) & days)


def options(problem: RoutingProblem) -> tuple[Int64, Int64]:
    """The table of options and their parts: each request alone, then the patterns."""
    requests, patterns = problem.requests, problem.patterns
    count, rows = len(requests), len(patterns)
    option = np.zeros((count + rows, 3), dtype=np.int64)
    part = np.concatenate([np.arange(count), patterns.request]).astype(np.int64)
    start = np.concatenate([np.arange(count), count + patterns.request_start])
    option[:, a.PARTS], option[:, a.PARTS_END] = start[:-1], start[1:]
    option[:count, a.GAIN] = requests.prize.clip(min=0)
    prize = patterns.prize.clip(min=0)
    option[count:, a.GAIN] = prize[patterns.customer] - patterns.price
    return option, part


def parts_of(problem: Problem, option: int) -> list[int]:
    """The requests of an option."""
    first, end = problem.option[option, [a.PARTS, a.PARTS_END]].tolist()
    requests: list[int] = problem.part[first:end].tolist()
    return requests


def owners(problem: RoutingProblem) -> Int64:
    """int64 (Q,): the unit of each request: groups first, then customers, then lone requests."""
    requests, patterns = problem.requests, problem.patterns
    owner = np.full(len(requests), NONE, dtype=np.int64)
    grouped = requests.group >= 0
    owner[grouped] = requests.group[grouped]
    of_pattern = np.repeat(patterns.customer, np.diff(patterns.request_start))
    owner[patterns.request] = len(problem.groups) + of_pattern
    lone = np.flatnonzero(owner == NONE)
    owner[lone] = len(problem.groups) + patterns.customers + np.arange(len(lone))
    return owner


def units(problem: RoutingProblem, owner: Int64, option: Int64) -> tuple[Int64, Int64]:
    """The table of units, and the options of each."""
    requests, groups, patterns = problem.requests, problem.groups, problem.patterns
    first = len(groups) + patterns.customers
    lone = np.flatnonzero(owner >= first)
    members = [np.flatnonzero(requests.group == group) for group in range(len(groups))]
    members += [
        len(requests) + np.flatnonzero(patterns.customer == row)
        for row in range(patterns.customers)
    ]
    members += [np.array([request]) for request in lone]
    unit = np.zeros((len(members), 4), dtype=np.int64)
    ends = np.cumsum([len(listed) for listed in members], dtype=np.int64)
    unit[:, a.MEMBERS_END] = ends
    unit[1:, a.MEMBERS] = ends[:-1]
    unit[: len(groups), a.MUST] = groups.must
    unit[len(groups) : first, a.MUST] = patterns.prize == MANDATORY
    unit[first:, a.MUST] = requests.prize[lone] == MANDATORY
    unit[:, a.WORTH] = [option[listed, a.GAIN].max() if len(listed) else 0 for listed in members]
    return unit, np.concatenate([*members, np.zeros(0, dtype=np.int64)]).astype(np.int64)


def homes(problem: RoutingProblem) -> tuple[Int64, Int64, Int64, Int64]:
    """The table of homes with their reaches, and of each request the homes it covers (CSR).

    Homes of the same reach are one. A home that another one within its reach obliges to cover is
    left out: whoever covers that one covers it too.
    """
    needed: dict[frozenset[int], int] = {}
    prize: dict[frozenset[int], int] = {}
    for row, worth in enumerate(problem.covering.prize.tolist()):
        reach = frozenset(problem.covering.reach_of(row))
        needed[reach] = max(needed.get(reach, 0), int(worth == MANDATORY))
        prize[reach] = prize.get(reach, 0) + max(0, worth)
    kept = _not_implied(list(needed), {reach for reach, must in needed.items() if must})
    home = np.zeros((len(kept), 4), dtype=np.int64)
    ends = np.cumsum([len(reach) for reach in kept], dtype=np.int64)
    home[:, a.REACH_END] = ends
    home[1:, a.REACH] = ends[:-1]
    home[:, a.NEEDED] = [needed[reach] for reach in kept]
    home[:, a.HOME_PRIZE] = [0 if needed[reach] else prize[reach] for reach in kept]
    reached = np.array([request for reach in kept for request in sorted(reach)], dtype=np.int64)
    of_home = np.repeat(np.arange(len(kept)), [len(reach) for reach in kept])
    order = np.argsort(reached, kind="stable")
    times = np.bincount(reached, minlength=len(problem.requests))
    return home, reached, np.concatenate([[0], np.cumsum(times)]).astype(np.int64), of_home[order]


def _not_implied(
    reaches: Sequence[frozenset[int]], needed: set[frozenset[int]]
) -> list[frozenset[int]]:
    """Reaches within which no smaller one must be covered."""
    with_request: dict[int, list[frozenset[int]]] = {}
    for reach in needed:
        for request in reach:
            with_request.setdefault(request, []).append(reach)
    return [
        reach
        for reach in reaches
        if not any(other < reach for request in reach for other in with_request.get(request, ()))
    ]
