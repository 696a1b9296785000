"""Random instances of the engine's arrays, and the slow truth about them."""

from __future__ import annotations

from itertools import pairwise, permutations, product
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.rounds.arrays import RoundsProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HOUR = 3600


def csr(rows: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    start = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)
    return start, np.array([item for row in rows for item in row], dtype=np.int32)


def random_rounds(rng: np.random.Generator, *, places: int, days: int = 2) -> RoundsProblem:
    """A few places, one or two vans, tight windows, a lunch, not much load."""
    vans = int(rng.integers(1, 3))
    spots = rng.uniform(0, 2400, size=(places + 1, 2))
    travel = np.ceil(np.hypot(*(spots[:, None] - spots[None, :]).transpose(2, 0, 1)))
    lunch_s = int(rng.choice([0, 1800]))
    shift = [
        [
            *(day, places, 9 * HOUR, int(rng.integers(12, 17)) * HOUR),
            *(lunch_s, 12 * HOUR, int(12.5 * HOUR) + int(rng.integers(3)) * 1800),
            *(300, 300, 12),
        ]
        for day in range(days)
        for _ in range(vans)
    ]
    windows: list[list[tuple[int, int]]] = []
    for _ in range(places * days):
        kind = int(rng.integers(4))
        begin = int(rng.integers(8, 13)) * HOUR
        windows.append(
            [[(0, 24 * HOUR)], [(begin, begin + 3 * HOUR)], [], [(begin, begin + HOUR)]][kind]
            + ([(15 * HOUR, 17 * HOUR)] if kind == 3 else [])
        )
    patterns: list[list[list[int]]] = []
    for _ in range(places):
        often = rng.random() < 0.3
        ways = [[day * vans + van for day in range(days)] for van in range(vans)]
        patterns.append(ways if often else [[number] for number in range(len(shift))])
    customers = 2 * places
    cover = [sorted(set(rng.integers(0, customers, size=3).tolist())) for _ in range(places)]
    served = [[place for place in range(places) if row in cover[place]] for row in range(customers)]
    window_start, _ = csr([[0] * len(row) for row in windows])
    pattern_start, _ = csr([[0] * len(ways) for ways in patterns])
    visit_start, visit_shift = csr([way for ways in patterns for way in ways])
    near = np.argsort(travel[:places, :places], axis=1, kind="stable")
    return RoundsProblem(
        travel_s=travel.astype(np.int32),
        dwell_s=(rng.integers(1, 5, size=places) * 1800).astype(np.int32),
        units=rng.integers(0, 8, size=places).astype(np.int32),
        window_start=window_start,
        window_s=np.array([item for row in windows for item in row], dtype=np.int32).reshape(-1, 2),
        shift=np.array(shift, dtype=np.int32),
        pattern_start=pattern_start,
        visit_start=visit_start,
        visit_shift=visit_shift,
        cover_start=csr(cover)[0],
        cover_customer=csr(cover)[1],
        served_start=csr(served)[0],
        served_place=csr(served)[1],
        weight=rng.integers(1, 50, size=customers).astype(np.int64),
        near=near.astype(np.int32),
        setting=np.array([days, 300, 1024 * 2000], dtype=np.int64),
    )


def windows_of(problem: RoundsProblem, place: int, day: int) -> list[tuple[int, int]]:
    key = place * int(problem.setting[0]) + day
    rows = problem.window_s[problem.window_start[key] : problem.window_start[key + 1]]
    return [(int(begin), int(end)) for begin, end in rows]


def serve(problem: RoundsProblem, number: int, place: int, ready_s: int) -> int | None:
    """Earliest leaving after a visit whose set-up may begin at `ready_s`; lunch left aside."""
    shift = problem.shift[number]
    dwell_s, step_s = int(problem.dwell_s[place]), int(problem.setting[1])
    for begin, end in windows_of(problem, place, int(shift[0])):
        opening = -(-max(begin, ready_s + int(shift[7])) // step_s) * step_s
        if opening + dwell_s <= end:
            return opening + dwell_s + int(shift[8])
    return None


def return_s(problem: RoundsProblem, number: int, order: Sequence[int]) -> int | None:
    """Earliest return over every place where lunch can be, each tried out; None if none works."""
    tried = [
        _return_with(problem, number, order, lunch) for lunch in _lunches(problem, number, order)
    ]
    possible = [end for end in tried if end is not None]
    return min(possible, default=None)


def _lunches(
    problem: RoundsProblem, number: int, order: Sequence[int]
) -> Iterator[tuple[int, str]]:
    if problem.shift[number, 4] == 0:
        yield -1, "none"
        return
    yield -1, "base before"
    yield -1, "base after"
    for position in range(len(order)):
        yield position, "before"
        yield position, "after"


def _return_with(
    problem: RoundsProblem, number: int, order: Sequence[int], lunch: tuple[int, str]
) -> int | None:
    _, base, from_s, to_s, lunch_s, lunch_from_s, lunch_to_s, *_ = problem.shift[number].tolist()
    now, here = from_s, base
    if lunch[1] == "base before":
        now = max(now, lunch_from_s + lunch_s)
    for position, place in enumerate(order):
        now += int(problem.travel_s[here, place])
        if lunch == (position, "before"):
            now = max(now, lunch_from_s) + lunch_s
            if now > lunch_to_s:
                return None
        left = serve(problem, number, place, now)
        if left is None:
            return None
        now = left
        if lunch == (position, "after"):
            now = max(now, lunch_from_s) + lunch_s
            if now > lunch_to_s:
                return None
        here = place
    now += int(problem.travel_s[here, base])
    if lunch[1] == "base after" and max(now, lunch_from_s) + lunch_s > lunch_to_s:
        return None
    return now if now <= to_s else None


def duty_s(problem: RoundsProblem, number: int, order: Sequence[int]) -> int:
    """Driving, set-up, serving and packing of one shift."""
    shift = problem.shift[number]
    stations = [int(shift[1]), *order, int(shift[1])]
    driving = sum(int(problem.travel_s[here, there]) for here, there in pairwise(stations))
    at_stops = sum(int(problem.dwell_s[place] + shift[7] + shift[8]) for place in order)
    return driving + at_stops


def _least_duty(problem: RoundsProblem, number: int, places: tuple[int, ...]) -> int | None:
    if sum(int(problem.units[place]) for place in places) > problem.shift[number, 9]:
        return None
    costs = [
        duty_s(problem, number, order)
        for order in permutations(places)
        if return_s(problem, number, order) is not None
    ]
    return min(costs, default=None)


def best_by_brute_force(problem: RoundsProblem) -> tuple[int, int]:
    """(weight served, least duty for it) over all choices, patterns and orders."""
    ways = [
        [None, *range(problem.pattern_start[place], problem.pattern_start[place + 1])]
        for place in range(problem.places)
    ]
    known: dict[tuple[int, tuple[int, ...]], int | None] = {}
    best = (0, 0)
    for choice in product(*ways):
        by_shift: list[list[int]] = [[] for _ in range(problem.shifts)]
        for place, way in enumerate(choice):
            if way is not None:
                for number in problem.visit_shift[
                    problem.visit_start[way] : problem.visit_start[way + 1]
                ]:
                    by_shift[number].append(place)
        chosen = [place for place, way in enumerate(choice) if way is not None]
        served = weight_of(problem, chosen)
        if served < best[0]:
            continue
        costs = []
        for number, places in enumerate(by_shift):
            key = (number, tuple(places))
            if places and key not in known:
                known[key] = _least_duty(problem, *key)
            costs.append(known[key] if places else 0)
        if None not in costs:
            best = max(best, (served, -sum(cost for cost in costs if cost is not None)))
    return best[0], -best[1]


def weight_of(problem: RoundsProblem, chosen: Sequence[int]) -> int:
    covered = {
        int(customer)
        for place in chosen
        for customer in problem.cover_customer[
            problem.cover_start[place] : problem.cover_start[place + 1]
        ]
    }
    return int(sum(problem.weight[customer] for customer in covered))
