"""Problems with days, patterns and homes, drawn from those of `drawing`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from msap_mobility.optimise.routing.problem import (
    ANY_DAY,
    MANDATORY,
    NONE,
    Covering,
    Patterns,
    Requests,
    RoutingProblem,
)
from tests.optimise.routing.native.drawing import Rng, drawn

DAYS = 3


def calendar(seed: int, requests: int) -> RoutingProblem:
    """Some requests belong to customers of patterns, homes are reached by those that may be."""
    plain = drawn(seed, requests)
    rng = np.random.default_rng([7, seed, requests])
    patterns, asked = _patterns(rng, plain.requests)
    day = np.where(rng.random(requests) < 0.3, ANY_DAY, rng.integers(0, DAYS, size=requests))
    asked = replace(asked, day=day.astype(np.int32))
    vehicles = replace(
        plain.vehicles, day=rng.integers(0, DAYS, size=len(plain.vehicles)).astype(np.int32)
    )
    return replace(
        plain,
        requests=asked if rng.random() < 0.7 else replace(asked, day=np.full_like(day, ANY_DAY)),
        vehicles=vehicles,
        patterns=patterns,
        covering=_covering(rng, asked),
    )


def _patterns(rng: Rng, requests: Requests) -> tuple[Patterns, Requests]:
    """Up to three customers, who share no request; each with up to four patterns."""
    customers = int(rng.integers(0, 4))
    owner = rng.integers(-1, customers, size=len(requests)) if customers else None
    customer: list[int] = []
    members: list[list[int]] = []
    for number in range(customers):
        rows = np.flatnonzero(owner == number)
        for _ in range(int(rng.integers(0, 5)) if len(rows) else 0):
            customer.append(number)
            size = int(rng.integers(1, min(4, len(rows)) + 1))
            members.append(sorted(rng.choice(rows, size=size, replace=False).tolist()))
    used = np.isin(np.arange(len(requests)), [row for chosen in members for row in chosen])
    patterns = Patterns.of(
        customer=customer,
        requests=members,
        price=rng.integers(0, 30, size=len(members)),
        prize=rng.choice([MANDATORY, MANDATORY, 40, 400], size=customers),
    )
    prize = np.where(used, 0, requests.prize)
    group = np.where(used, NONE, requests.group).astype(np.int32)
    return patterns, replace(requests, prize=prize, group=group)


def _covering(rng: Rng, requests: Requests) -> Covering:
    """Up to six homes, some beyond every reach."""
    optional = np.flatnonzero(requests.prize >= 0)
    homes = int(rng.integers(0, 7))
    reach = [
        sorted(rng.choice(optional, size=rng.integers(0, min(5, len(optional) + 1)), replace=False))
        if len(optional)
        else []
        for _ in range(homes)
    ]
    prize = np.where(rng.random(homes) < 0.5, MANDATORY, rng.integers(0, 200, size=homes))
    return Covering.of(reach=reach, prize=prize)
