"""The least by which one rule must give way for an order to have times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.reasons.fixpoint import FREELY, least_times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.optimise.routing.reasons.reason import Rule
    from msap_mobility.optimise.routing.reasons.system import System

__all__ = ["least_amount"]


def least_amount(
    system: System, rule: Rule, relaxed: Mapping[Rule, int], *, below: int = FREELY
) -> int | None:
    """Seconds, 0 if it need not give way; None if `below` or more would not be too much to ask.

    Whoever lets a rule give way by more loses nothing, so halving finds the least.

    Parameters
    ----------
    system
        What is asked of the times.
    rule
        The one that gives way.
    relaxed
        By how much others do.
    below
        The amount is of interest only if it is less.
    """
    most = _needed(system, rule, {**relaxed, rule: below - 1})
    if most is None:
        return None
    least = 0
    guess = most - 1  # a deadline is missed by the least already
    while least < most:
        needed = _needed(system, rule, {**relaxed, rule: guess})
        if needed is None:
            least = guess + 1
        else:
            most = min(guess, needed)
        guess = (least + most) // 2
    return most


def _needed(system: System, rule: Rule, relaxed: Mapping[Rule, int]) -> int | None:
    """By how much the least times that the relaxed rules allow miss one; None if there are none."""
    times = least_times(system, relaxed)
    if not times.possible:
        return None
    at_s, missed = times.at_s, 0
    for first, second, apart_s, of in system.bounds:
        if of is not None and of == rule:
            missed = max(missed, at_s[first] + apart_s - at_s[second])
    for windows in system.several:
        if rule in (windows.sooner, windows.later):
            missed = max(missed, windows.missed(rule, at_s[windows.node])[0])
    return missed
