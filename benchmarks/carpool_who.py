"""The agent's question, phone in hand, asked many times of one board."""

from __future__ import annotations

import statistics
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.carpool_day import Country, Day, day_of
from benchmarks.carpool_matching import PLACES, SEEDS, road_country, road_day
from benchmarks.carpool_rows import bar, plain, timed
from msap_mobility.roads import CalibratedTimes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.table import Row
    from msap_mobility.model import Request, TravelTimes

__all__ = ["who_10k", "who_10k_road"]

CALLS = 200


def who_10k() -> list[Row]:
    """200 calls over 10,000 offers, times as the crow flies, calibrated."""
    car = CalibratedTimes(mode="car")
    day = day_of(Country.made_up(PLACES, car, SEEDS[0]), 10_000, SEEDS[1])
    return list(_calls("who-10k", day, car, 10.0))


def who_10k_road(roads: Path) -> list[Row]:
    """The same with times on a road network, every door at a place of its own."""
    times, country = road_country(roads, 10_000)
    day = road_day(country, 10_000)
    return list(_calls(f"who-10k-road {roads.name.partition('.')[0]}", day, times, 50.0))


def _calls(case: str, day: Day, times: TravelTimes, most_ms: float) -> Iterator[Row]:
    from msap_mobility.carpool.board import Board  # noqa: PLC0415 - a case of its own
    from msap_mobility.carpool.who import who_can_take  # noqa: PLC0415

    board, ready_s = timed(lambda: Board.of(day.offers, times))
    yield plain(case, "made ready", "s", ready_s)
    callers = [_caller(day, number) for number in range(CALLS)]
    who_can_take(callers[0], board, times)
    for name, some in (("one way", callers[::2]), ("and back", callers[1::2])):
        answers = [
            timed(lambda caller=caller: who_can_take(caller, board, times)) for caller in some
        ]
        ms = [1000 * seconds for _, seconds in answers]
        yield bar(case, f"{name}, median", "ms", statistics.median(ms), most_ms)
        yield plain(case, f"{name}, worst", "ms", max(ms))
        choices = sum(len(answer.choices) for answer, _ in answers)
        yield plain(case, f"{name}, choices", "1", choices / len(some))


def _caller(day: Day, number: int) -> Request:
    """Every other caller wants to be brought back after two hours."""
    request = day.requests[number]
    if number % 2 == 0 or request.depart is None:
        return request
    return replace(request, back=request.depart.later(3 * 3600), stay_s=None)
