"""Which rule is named when several would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import UNLIMITED

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.reasons.reason import Rule

__all__ = ["rank"]

_DAY_S = 28_800
"""A working day, beside which hours of the clock are weighed."""
_WHOLE = ("break_missing", "skills", "day")
_LAST = ("fleet", "vehicles_first")
_LIMITS = {
    "shift": ("vehicles", "overtime_s"),
    "distance": ("vehicles", "max_distance"),
    "stops": ("vehicles", "max_stops"),
    "trips": ("vehicles", "max_trips"),
    "ride": ("requests", "max_ride_s"),
    "cold": ("requests", "max_cold_s"),
    "break_after": ("breaks", "after_s"),
}


def rank(problem: RoutingProblem, rule: Rule, amount: int) -> tuple[int, float, int, str]:
    """Smaller is named first.

    Limits that give way by an amount come first, by its share of the limit; of hours of the clock
    by its share of eight hours. Then what gives way as a whole: a break, a skill, a day. One more
    vehicle is the last resort.

    Parameters
    ----------
    problem
        What was asked.
    rule, amount
        What gives way.
    """
    if rule.name in _LAST:
        return 2, amount, amount, repr(rule)
    if rule.name in _WHOLE:
        return 1, _WHOLE.index(rule.name), amount, repr(rule)
    return 0, amount / max(1, _limit(problem, rule)), amount, repr(rule)


def _limit(problem: RoutingProblem, rule: Rule) -> int:
    """What a rule limits to."""
    if rule.name == "capacity":
        return int(problem.vehicles.capacity[rule.vehicle, rule.dimension])
    if rule.name not in _LIMITS:
        return _DAY_S
    table, column = _LIMITS[rule.name]
    row = max(rule.vehicle, rule.request, rule.pause)
    limit = int(getattr(getattr(problem, table), column)[row])
    if rule.name == "shift":
        limit += int(problem.vehicles.shift_s[rule.vehicle])
    return min(limit, UNLIMITED)
