"""Breaks: whether each is taken, where it stands, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.timing.nodes import CLOCK, DEPARTURE, Nodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.optimise.routing.problem import Breaks
    from msap_mobility.optimise.routing.timing.system import System

__all__ = ["Pauses"]

Between = tuple[int, int, int]
"""What a break lies between: a moment, the seconds it comes after that at least, and a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """The breaks of one route.

    Parameters
    ----------
    rows
        Of `Breaks`.
    left_out
        Of each break the option of not taking it, or None where it must be taken.
    """

    rows: tuple[int, ...]
    left_out: tuple[int | None, ...]

    @classmethod
    def of(
        cls,
        breaks: Breaks,
        rows: Sequence[int],
        nodes: Nodes,
        legs: Sequence[int],
        system: System,
    ) -> Pauses:
        """Write the rules of these breaks into the system of a route with these drives."""
        places = _places(nodes, legs)
        left_out = tuple(
            _stand(breaks, row, nodes, places, system, at) for at, row in enumerate(rows)
        )
        for one, other in combinations(range(len(rows)), 2):
            sooner, later = system.choice(2)
            for option, first, then in ((sooner, one, other), (later, other, one)):
                lasts_s = int(breaks.duration_s[rows[first]])
                system.if_any([option], nodes.rests[first], nodes.rests[then], lasts_s)
        return cls(rows=tuple(rows), left_out=left_out)

    def unpaid(self, breaks: Breaks) -> tuple[int, Mapping[int, int]]:
        """Seconds of all breaks that are no work, and what each option of not taking one loses."""
        seconds, lost = 0, {}
        for row, option in zip(self.rows, self.left_out, strict=True):
            if not breaks.paid[row]:
                seconds += int(breaks.duration_s[row])
                if option is not None:
                    lost[option] = int(breaks.duration_s[row])
        return seconds, lost


def _places(nodes: Nodes, legs: Sequence[int]) -> list[Between]:
    """Before each drive and after it, in order; at an open end after the last task."""
    before = [DEPARTURE, *nodes.ends]
    after = [*nodes.begins, nodes.arrival]
    places: list[Between] = []
    for leg_s, done, leaves, begun in zip(legs, before, nodes.setting_out, after, strict=False):
        places += [(done, 0, leaves), (leaves, leg_s, begun)]
    if nodes.drives < len(before):
        places.append((before[-1], 0, nodes.arrival))
    return places


def _stand(
    breaks: Breaks,
    row: int,
    nodes: Nodes,
    places: Sequence[Between],
    system: System,
    at: int,
) -> int | None:
    """One break: in one of the places, or left out by a route that is not long."""
    lasts_s, longer_s = int(breaks.duration_s[row]), int(breaks.if_longer_s[row])
    options = system.choice(len(places) + (longer_s > 0))
    taken, left_out = options[: len(places)], options[-1] if longer_s > 0 else None
    rest = nodes.rests[at]
    for number, (before, after_s, then) in enumerate(places):
        system.least(before, then, after_s, {taken[number]: lasts_s})
        # Whoever stands here or later comes after `before`, here or sooner is over by `then`:
        # rows over many options leave a linear program less room than one row for each.
        system.if_any(taken[number:], before, rest, after_s)
        system.if_any(taken[: number + 1], rest, then, lasts_s)
    system.if_any(taken, CLOCK, rest, int(breaks.earliest_s[row]))
    system.if_any(taken, rest, CLOCK, -int(breaks.latest_s[row]))
    system.if_any(taken, rest, DEPARTURE, -int(breaks.after_s[row]))
    if left_out is not None:
        system.if_any([left_out], nodes.arrival, DEPARTURE, -longer_s)
    return left_out
