"""How much nearer a stop would have to be, against one home at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from msap_mobility.model import Group, Homes, Limit, Reason, Stop
from msap_mobility.tours import nearer
from msap_mobility.tours.problem import TourProblem
from tests.tours.territory import GROUPS, hamlets, problem_of, spot

BOTH = Group(
    id="able",
    age="under_65",
    car=True,
    alone=False,
    limits=(Limit(mode="walk", max_m=500, max_s=300), Limit(mode="car", max_s=60)),
)


def slowly(problem: TourProblem, row: int) -> Reason:
    """Every limit and stop tried, the least share of the limit taken."""
    tables = {mode.id: mode.times for mode in problem.modes}
    tried = []
    for limit in problem.homes.groups[problem.homes.group[row]].limits:
        ways = []
        for number, stop in enumerate(problem.stops):
            metres = float(tables[limit.mode].metres[row, number])
            seconds = float(tables[limit.mode].seconds[row, number])
            over_m = metres - limit.max_m if limit.max_m else -1.0
            over_s = seconds - limit.max_s if limit.max_s else -1.0
            by_m = over_m / limit.max_m if limit.max_m else -1.0
            by_s = over_s / limit.max_s if limit.max_s else -1.0
            amount, unit = (over_s, "s") if by_s > by_m else (over_m, "m")
            if stop.kind != "supply":
                ways.append((max(by_m, by_s), number, math.ceil(amount), unit, stop.place.id))
        tried.append(min(ways))
    _, _, amount, unit, where = min(tried)
    relaxation = {"m": "stop_nearer", "s": "stop_sooner"}[unit]
    return Reason(
        code="no_stop_within_reach", amount=amount, unit=unit, relaxation=relaxation, where=where
    )


@pytest.mark.parametrize("block", [1, 7, 8192])
def test_all_homes_at_once_are_told_as_one_by_one(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the size of a block; the nearest place of supply is no place to come to."""
    monkeypatch.setattr(nearer, "_BLOCK", block)
    rng = np.random.default_rng(5)
    stops = [Stop(place=spot(f"s{n}", *rng.uniform(-6, 6, size=2).tolist())) for n in range(5)]
    scattered = hamlets(stops, rng, 30, spread_km=3)
    homes = Homes(
        ids=scattered.ids,
        lon=scattered.lon,
        lat=scattered.lat,
        people=scattered.people,
        group=scattered.group,
        groups=(GROUPS[0], BOTH, GROUPS[2]),
        commune=scattered.commune,
        communes=scattered.communes,
    )
    bank = Stop(place=spot("bank", 0, 0), kind="supply")
    problem = problem_of([*stops, bank], homes)
    rows = np.flatnonzero(np.diff(problem.reach_start) == 0)
    assert len(rows) > 20
    told = nearer.nothing_within_reach(problem, rows)
    assert told == {row: slowly(problem, row) for row in rows.tolist()}
    assert {reason.unit for reason in told.values()} == {"m", "s"}
