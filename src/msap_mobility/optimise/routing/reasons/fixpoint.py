"""The least times of an order, or which rules stand against any.

All bounds are kept by the least times that are reached by raising whatever is too early (a least
fixpoint, see decision 14). Each raise remembers the one it follows from and the rule that asked
for it: where the times rise beyond a deadline, or for ever, the raises that led there are a proof,
and no rule outside the proof would help by giving way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.optimise.routing.reasons.reason import Rule
    from msap_mobility.optimise.routing.reasons.system import System, Windows

__all__ = ["FREELY", "Times", "least_times"]

FREELY = 1 << 60
"""Gives way as much as is needed."""
_UNREACHED = -(1 << 61)


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
    bounds = system.bounds(relaxed)
    at_s, raised = [_UNREACHED] * system.count, _Raises(system.count)
    at_s[0] = 0
    quiet = 0
    while quiet <= system.count:
        changed = False
        for first, second, apart_s, rule in bounds:
            if at_s[first] + apart_s > at_s[second]:
                raised.by(second, first, rule)
                if second == 0:
                    return Times(possible=False, at_s=at_s, against=raised.proof(0))
                at_s[second] = at_s[first] + apart_s
                changed = True
        quiet += 1
        for windows in system.several:
            opening = _opening(windows, at_s[windows.node], relaxed)
            if opening is None:
                against = raised.proof(windows.node) | {windows.later, windows.sooner}
                return Times(possible=False, at_s=at_s, against=against)
            if opening > at_s[windows.node]:
                at_s[windows.node] = opening
                raised.by(windows.node, windows.node, windows.sooner, windows.later)
                changed, quiet = True, 0
        if not changed:
            return Times(possible=True, at_s=at_s)
    return Times(possible=False, at_s=at_s, against=raised.proof(raised.last))


def _opening(windows: Windows, time_s: int, relaxed: Mapping[Rule, int]) -> int | None:
    """When it can begin at this time or later, None if never."""
    sooner_s, later_s = relaxed.get(windows.sooner, 0), relaxed.get(windows.later, 0)
    for opens, closes in windows.rows:
        if time_s <= closes + later_s:
            return max(time_s, opens - sooner_s)
    return None


class _Raise(NamedTuple):
    before: _Raise | None
    rules: tuple[Rule | None, ...]


class _Raises:
    """Which rules each time follows from, and from which other raise."""

    def __init__(self, count: int) -> None:
        self.of: list[_Raise | None] = [None] * count
        self.last = 0

    def by(self, node: int, cause: int, *rules: Rule | None) -> None:
        self.of[node] = _Raise(self.of[cause], rules)
        self.last = node

    def proof(self, node: int) -> frozenset[Rule]:
        """All rules on the way to the last raise of a node."""
        found: set[Rule] = set()
        raised = self.of[node]
        while raised is not None:
            found.update(rule for rule in raised.rules if rule is not None)
            raised = raised.before
        return frozenset(found)
