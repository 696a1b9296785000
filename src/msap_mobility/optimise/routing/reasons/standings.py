"""Where the breaks of a route may stand, and which may be left out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations, product
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.optimise.routing.reasons.asked import Asked

__all__ = ["Slot", "Standing", "standings"]

Slot = tuple[int, bool]
"""A gap between two entries of a route, and whether after its drive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One choice for every break of a route.

    Parameters
    ----------
    stands
        (row of `Breaks`, its slot) of each break taken, in the order of time.
    left
        Rows not taken, because the route is not long enough for them.
    waived
        Rows not taken although they are asked: a rule that gives way.
    excused_s
        Seconds of the shift that do not count as work, besides unpaid breaks.
    """

    stands: tuple[tuple[int, Slot], ...] = ()
    left: tuple[int, ...] = ()
    waived: tuple[int, ...] = ()
    excused_s: int = 0

    def at(self, slot: Slot) -> Iterator[int]:
        """The breaks taken in a slot."""
        return (row for row, where in self.stands if where == slot)


_WITHOUT = Standing()
_TAKEN, _LEFT, _WAIVED = range(3)


def standings(asked: Asked, vehicle: int, entries: int, *, waive: int) -> Iterator[Standing]:
    """Every choice for the breaks of a route of so many entries, those that keep all rules first.

    Parameters
    ----------
    asked
        The problem.
    vehicle
        Row of `Vehicles`.
    entries
        How many tasks and loadings the route has.
    waive
        How many breaks may be waived at most.
    """
    rows = asked.breaks[vehicle]
    if not rows:
        yield _WITHOUT
        return
    slots = [(gap, after) for gap in range(entries + 1) for after in (False, True)]
    if asked.problem.vehicles.end[vehicle] == ANYWHERE:
        slots.pop()
    fates = sorted(
        product((_TAKEN, _LEFT, _WAIVED), repeat=len(rows)),
        key=lambda chosen: (chosen.count(_WAIVED), chosen),
    )
    for chosen in fates:
        fate = {
            each: [row for row, of in zip(rows, chosen, strict=True) if of == each]
            for each in (_TAKEN, _LEFT, _WAIVED)
        }
        if len(fate[_WAIVED]) <= waive and _may_be_left(asked, fate[_LEFT]):
            for stands in _stands(fate[_TAKEN], slots):
                yield Standing(stands=stands, left=tuple(fate[_LEFT]), waived=tuple(fate[_WAIVED]))


def _may_be_left(asked: Asked, rows: Sequence[int]) -> bool:
    """Whether short routes may leave these breaks; if none need ever take one, it is not left."""
    longer_s = [int(asked.problem.breaks.if_longer_s[row]) for row in rows]
    return all(longer_s)


def _stands(rows: Sequence[int], slots: Sequence[Slot]) -> Iterator[tuple[tuple[int, Slot], ...]]:
    """Breaks in every order, each in a slot that is not before that of the one before it."""
    for order in permutations(rows):
        for chosen in _rising(len(order), 0, len(slots)):
            yield tuple((row, slots[at]) for row, at in zip(order, chosen, strict=True))


def _rising(size: int, first: int, count: int) -> Iterator[tuple[int, ...]]:
    """Every list of so many numbers below a count that never falls."""
    if size == 0:
        yield ()
        return
    for number in range(first, count):
        yield from ((number, *rest) for rest in _rising(size - 1, number, count))
