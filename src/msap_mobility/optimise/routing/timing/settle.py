"""What follows from the rows alone: bounds, and which options are left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.timing.bounds import Bounds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.timing.system import Differences

__all__ = ["Settled", "require_all", "settle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A system whose impossible options are gone.

    Parameters
    ----------
    differences
        Its rows.
    bounds
        What all options that are left have in common.
    alive
        bool (Z,): which options are left, one of each group at least.
    """

    differences: Differences
    bounds: Bounds
    alive: NDArray[np.bool_]

    @property
    def open_groups(self) -> list[Int64]:
        """The options left of each group that still has several."""
        return [options for options in self._left() if len(options) > 1]

    @property
    def sure(self) -> Int64:
        """The options of which no other of their group is left."""
        only = [int(options[0]) for options in self._left() if len(options) == 1]
        return np.array(only, dtype=np.int64)

    def _left(self) -> list[Int64]:
        """Of each group the options that are left."""
        return [_left(self.alive, group) for group in self.differences.groups]


def settle(differences: Differences, moments: int, horizon: int) -> Settled | None:
    """Drop options that contradict the rows until none does; None if no time is left.

    Parameters
    ----------
    differences
        The rows.
    moments
        How many unknown times there are, the zero of the clock included.
    horizon
        Seconds: no moment is later.
    """
    bounds = Bounds(moments, horizon)
    alive = np.ones(differences.added.shape[1], dtype=np.bool_)
    while True:
        least = [_least(differences, alive, group) for group in differences.groups]
        base = differences.apart + sum(least, np.zeros_like(differences.apart))
        if not require_all(bounds, differences, base):
            return None
        play = -base - bounds.apart[differences.second, differences.first]
        before = int(alive.sum())
        for group, common in zip(differences.groups, least, strict=True):
            more = differences.added[:, group.start : group.stop] - common[:, None]
            alive[group.start : group.stop] &= (more <= play[:, None]).all(axis=0)
            if not alive[group.start : group.stop].any():
                return None
        if alive.sum() == before:
            return Settled(differences=differences, bounds=bounds, alive=alive)


def require_all(bounds: Bounds, differences: Differences, apart: Int64) -> bool:
    """Every row with these seconds; whether they are possible together."""
    first, second = differences.first, differences.second
    tight = np.flatnonzero(apart > bounds.apart[first, second])
    rows: Iterable[tuple[int, int, int]] = zip(
        first[tight].tolist(), second[tight].tolist(), apart[tight].tolist(), strict=True
    )
    return all(bounds.require(*row) for row in rows)


def _least(differences: Differences, alive: NDArray[np.bool_], group: range) -> Int64:
    """What any option that is left of a group adds to each row."""
    least: Int64 = differences.added[:, _left(alive, group)].min(axis=1)
    return least


def _left(alive: NDArray[np.bool_], group: range) -> Int64:
    return np.flatnonzero(alive[group.start : group.stop]).astype(np.int64) + group.start
