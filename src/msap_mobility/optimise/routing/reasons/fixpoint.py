"""The least times of an order, or which rules stand against any.

All bounds are kept by the least times that are reached by raising whatever is too early (a least
fixpoint, see decision 14). Each raise remembers the one it follows from and the rule that asked
for it: where the times rise beyond a deadline, or for ever, the raises that led there are a proof,
and no rule outside the proof would help by giving way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from msap_mobility.optimise.routing.reasons.system import CLOCK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.optimise.routing.reasons.reason import Rule
    from msap_mobility.optimise.routing.reasons.system import System, Windows

__all__ = ["FREELY", "Times", "least_times"]

FREELY = 1 << 60
"""Gives way as much as is needed."""
_UNREACHED = -(1 << 61)
_Why: TypeAlias = "tuple[Rule, _Why | None]"
"""A rule from which a time follows, and from what that rule followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The least times, or why there are none.

    Parameters
    ----------
    possible
        Whether there are any.
    at_s
        Of each node, if there are.
    against
        If there are none: the rules of a proof.
    """

    possible: bool
    at_s: list[int]
    against: frozenset[Rule] = frozenset()


def least_times(system: System, relaxed: Mapping[Rule, int]) -> Times:
    """The least times that keep every bound.

    Parameters
    ----------
    system
        What is asked of them.
    relaxed
        By how much which rule gives way.
    """
    bounds = system.relaxed(relaxed)
    at_s = [_UNREACHED] * system.count
    at_s[CLOCK] = 0
    why: list[_Why | None] = [None] * system.count
    quiet, last = 0, CLOCK
    while quiet <= system.count:
        quiet, changed = quiet + 1, False
        for first, second, apart_s, rule in bounds:
            time_s = at_s[first] + apart_s
            if time_s > at_s[second]:
                at_s[second], changed, last = time_s, True, second
                why[second] = why[first] if rule is None else (rule, why[first])
                if second == CLOCK:
                    return Times(possible=False, at_s=at_s, against=_rules_of(why[CLOCK]))
        for windows in system.several:
            node = windows.node
            opening = _opening(windows, at_s[node], relaxed)
            if opening is None:
                against = _rules_of(why[node]) | {windows.sooner, windows.later}
                return Times(possible=False, at_s=at_s, against=against)
            if opening > at_s[node]:
                at_s[node], changed, quiet = opening, True, 0
                why[node] = (windows.sooner, (windows.later, why[node]))
        if not changed:
            return Times(possible=True, at_s=at_s)
    return Times(possible=False, at_s=at_s, against=_rules_of(why[last]))


def _opening(windows: Windows, time_s: int, relaxed: Mapping[Rule, int]) -> int | None:
    """When it can begin at this time or later, None if never."""
    sooner_s, later_s = relaxed.get(windows.sooner, 0), relaxed.get(windows.later, 0)
    for opens, closes in windows.rows:
        if time_s <= closes + later_s:
            return max(time_s, opens - sooner_s)
    return None


def _rules_of(why: _Why | None) -> frozenset[Rule]:
    """All rules on the way to a raise."""
    found: set[Rule] = set()
    while why is not None:
        rule, why = why
        found.add(rule)
    return frozenset(found)
