"""Who is left out, why, and the smallest change of one rule that would reach them.

Where some candidate stop is within reach, the change is found by inserting that stop, with all its
visits, into the plan as it is: every position, every pattern, one rule relaxed at a time. It is
true when applied: with the rule changed by the amount, the plan plus that stop can be driven.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.coverage.disclosure import publishable, tally
from msap_mobility.model import Reason
from msap_mobility.tours.encode import encode
from msap_mobility.tours.nearer import NEARER, nothing_within_reach
from msap_mobility.tours.relaxation import Relaxations
from msap_mobility.tours.tour import Unserved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.coverage.disclosure import PublishedArea
    from msap_mobility.model.home import FloatArray
    from msap_mobility.model.reason import Unit
    from msap_mobility.tours.encode import Encoded
    from msap_mobility.tours.problem import TourProblem
    from msap_mobility.tours.tour import TourPlan

__all__ = ["LeftOut", "left_out", "left_out_homes", "unserved_rows"]

_ROUNDED_TO: Mapping[Unit, int] = {"m": 100, "s": 60}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Reasons by home row, and by number of each stop that had to be visited and is not."""

    homes: Mapping[int, Reason]
    stops: Mapping[int, Reason]


def left_out_homes(plan: TourPlan, problem: TourProblem) -> tuple[tuple[str, Reason], ...]:
    """Id and reason of every home row the plan does not reach, in the order of the homes.

    For the maison's own files only: it names homes. What may be published is `plan.unserved`.
    """
    encoded = encode(problem)
    reasons = left_out(problem, encoded, encoded.sequences(plan, problem)).homes
    return tuple((str(problem.homes.ids[row]), reasons[row]) for row in sorted(reasons))


def left_out(problem: TourProblem, encoded: Encoded, sequences: Sequence[Sequence[int]]) -> LeftOut:
    """Why the homes and stops that a tour leaves out are left out.

    Parameters
    ----------
    problem, encoded
        The problem, twice.
    sequences
        Numbers of the stops of each shift, in driving order.
    """
    visited = sorted({int(place) for sequence in sequences for place in sequence})
    reached = problem.homes_reached(visited)
    relaxations = Relaxations(problem, encoded, sequences)
    homes = nothing_within_reach(problem, np.flatnonzero(encoded.customer < 0))
    by_customer: dict[int, Reason] = {}
    for row in np.flatnonzero(~reached & (encoded.customer >= 0)).tolist():
        customer = int(encoded.customer[row])
        if customer not in by_customer:
            stops = problem.reached_from(row).tolist()
            by_customer[customer] = relaxations.least(stops)
        homes[row] = by_customer[customer]
    musts = {
        number: relaxations.least([number])
        for number, stop in enumerate(problem.stops)
        if stop.must and number not in visited
    }
    return LeftOut(homes=dict(sorted(homes.items())), stops=musts)


def unserved_rows(problem: TourProblem, left: LeftOut) -> tuple[Unserved, ...]:
    """The homes left out, told by commune and reason as far as disclosure allows.

    Counts under the problem's threshold are merged over communes; where that does not help,
    reasons are told together; where even that does not, nothing is told of homes. Stops that had
    to be visited follow, with no home of their own.
    """
    codes = sorted({reason.code for reason in left.homes.values()})
    rows = _published(problem, left, {code: kind for kind, code in enumerate(codes, 1)})
    if not rows and left.homes:
        rows = _published(problem, left, dict.fromkeys(codes, 1))
    musts = (
        Unserved(commune="", homes=0, people=0.0, reason=left.stops[number])
        for number in sorted(left.stops)
    )
    return (*rows, *musts)


def _published(
    problem: TourProblem, left: LeftOut, kind_of: Mapping[str, int]
) -> tuple[Unserved, ...]:
    """Rows with the reasons in these classes; class 0 are the homes reached."""
    homes = problem.homes
    kind = np.zeros(len(homes), dtype=np.int64)
    for row, reason in left.homes.items():
        kind[row] = kind_of[reason.code]
    kinds = int(kind.max(initial=0)) + 1
    commune = homes.commune.astype(np.int64)
    counted = tally(homes.ids, commune, kind, parts=len(homes.communes))
    people = (
        np.bincount(commune * kinds + kind, weights=homes.people, minlength=counted.size)
        .astype(np.float64)
        .reshape(counted.shape)
    )
    areas = publishable(homes.communes, counted, people, threshold=problem.threshold)
    rows = _rows_of(areas, left, kind, problem)
    return tuple(
        Unserved(
            commune=area.areas[0] if len(area.areas) == 1 else "",
            homes=area.homes[number],
            people=area.people[number],
            reason=_reason_of(rows[place, number], left, problem),
        )
        for place, area in enumerate(areas)
        for number in range(1, kinds)
        if area.homes[number]
    )


def _rows_of(
    areas: Sequence[PublishedArea],
    left: LeftOut,
    kind: np.ndarray[tuple[int], np.dtype[np.int64]],
    problem: TourProblem,
) -> Mapping[tuple[int, int], list[int]]:
    """The home rows behind each published count: by number of its area, and class."""
    area_of = {name: number for number, area in enumerate(areas) for name in area.areas}
    area_of_commune = [area_of.get(name, -1) for name in problem.homes.communes]
    commune, kind_of = problem.homes.commune.tolist(), kind.tolist()
    rows: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in left.homes:
        rows[area_of_commune[commune[row]], kind_of[row]].append(row)
    return rows


def _reason_of(rows: list[int], left: LeftOut, problem: TourProblem) -> Reason:
    """The reason told of several homes; no amount where reasons or stops are mixed."""
    reasons = [left.homes[row] for row in rows]
    if len({reason.code for reason in reasons}) > 1:
        return Reason(code="various", amount=0, unit="1")
    if reasons[0].code == "no_stop_within_reach":
        return _for_half(reasons, problem.homes.people[rows])
    if len({reason.where for reason in reasons}) > 1:
        return Reason(code="various_stops", amount=0, unit="1")
    return min(reasons, key=lambda reason: (reason.amount, reason.unit))


def _for_half(reasons: Sequence[Reason], people: FloatArray) -> Reason:
    """How much nearer a stop would have to be for half of the people, or more.

    Rounded up to 100 m or a minute: the exact way of one home is nobody's business.
    """
    weight: dict[Unit, float] = {}
    for reason, persons in zip(reasons, people, strict=True):
        weight[reason.unit] = weight.get(reason.unit, 0.0) + float(persons)
    unit = max(sorted(weight), key=lambda name: weight[name])
    if unit == "1":
        return reasons[0]
    ways = sorted(
        (reason.amount, float(persons))
        for reason, persons in zip(reasons, people, strict=True)
        if reason.unit == unit
    )
    enough = float(people.sum()) / 2
    reached = np.cumsum([persons for _, persons in ways])
    amount = ways[min(int(np.searchsorted(reached, enough)), len(ways) - 1)][0]
    step = _ROUNDED_TO[unit]
    return Reason(
        code="no_stop_within_reach",
        amount=step * math.ceil(amount / step),
        unit=unit,
        relaxation=f"{NEARER[unit]}_for_half",
    )
