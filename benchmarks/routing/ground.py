"""What an instance says, in doubles and in its family's own unit.

Every reader gives a `Ground`. From it `whole` makes the problem that the engines solve, in whole
numbers, and `referee` judges their answers without looking at that problem.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["NOBODY", "Aim", "Asked", "Fleet", "Ground", "Visits", "euclid"]

NOBODY = -1
"""No delivery, no group."""


class Aim(Enum):
    """What makes one plan better than another."""

    COST = "cost"
    VEHICLES = "vehicles, then cost"
    SCORE = "score collected"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visits:
    """T things to do: where, how long, when, and what comes aboard (below 0: leaves)."""

    node: NDArray[np.int64]
    service: NDArray[np.float64]
    load: NDArray[np.float64]
    earliest: NDArray[np.float64]
    latest: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        *,
        node: ArrayLike,
        load: ArrayLike | None = None,
        service: ArrayLike = 0.0,
        earliest: ArrayLike = 0.0,
        latest: ArrayLike = np.inf,
    ) -> Visits:
        """From columns; a single number stands for all."""
        nodes = np.asarray(node, dtype=np.int64)
        return cls(
            node=nodes,
            service=_column(service, len(nodes)),
            load=_column(0.0 if load is None else load, len(nodes)),
            earliest=_column(earliest, len(nodes)),
            latest=_column(latest, len(nodes)),
        )

    def __len__(self) -> int:
        return len(self.node)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """Q requests: a visit, or a pickup and its delivery.

    Parameters
    ----------
    visit, delivery
        Rows of `Visits`; delivery `NOBODY` where there is none.
    prize
        What leaving it out costs; infinite: it must be served.
    ride
        Longest time from the end of the pickup to the beginning of the delivery.
    group
        Of alternatives, or `NOBODY`.
    refused
        bool (Q, V): which vehicles may not serve it.
    """

    visit: NDArray[np.int64]
    delivery: NDArray[np.int64]
    prize: NDArray[np.float64]
    ride: NDArray[np.float64]
    group: NDArray[np.int64]
    refused: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        *,
        visit: ArrayLike,
        vehicles: int,
        delivery: ArrayLike = NOBODY,
        prize: ArrayLike = np.inf,
        ride: ArrayLike = np.inf,
        group: ArrayLike = NOBODY,
        refused: ArrayLike = False,
    ) -> Asked:
        """From columns; a single value stands for all."""
        visits = np.asarray(visit, dtype=np.int64)
        count = len(visits)
        return cls(
            visit=visits,
            delivery=_column(delivery, count, np.int64),
            prize=_column(prize, count),
            ride=_column(ride, count),
            group=_column(group, count, np.int64),
            refused=np.broadcast_to(np.asarray(refused, dtype=np.bool_), (count, vehicles)),
        )

    def __len__(self) -> int:
        return len(self.visit)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fleet:
    """V types of vehicle; `duration` and `length` are limits of one route."""

    count: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    capacity: NDArray[np.float64]
    earliest: NDArray[np.float64]
    latest: NDArray[np.float64]
    duration: NDArray[np.float64]
    length: NDArray[np.float64]
    fixed: NDArray[np.float64]
    per_length: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        *,
        count: ArrayLike,
        start: ArrayLike = 0,
        end: ArrayLike | None = None,
        capacity: ArrayLike = np.inf,
        earliest: ArrayLike = 0.0,
        latest: ArrayLike = np.inf,
        duration: ArrayLike = np.inf,
        length: ArrayLike = np.inf,
        fixed: ArrayLike = 0.0,
        per_length: ArrayLike = 1.0,
    ) -> Fleet:
        """From columns; a single number stands for all. Without `end` it is the start."""
        counts = np.atleast_1d(np.asarray(count, dtype=np.int64))
        types = len(counts)
        return cls(
            count=counts,
            start=_column(start, types, np.int64),
            end=_column(start if end is None else end, types, np.int64),
            capacity=_column(capacity, types),
            earliest=_column(earliest, types),
            latest=_column(latest, types),
            duration=_column(duration, types),
            length=_column(length, types),
            fixed=_column(fixed, types),
            per_length=_column(per_length, types),
        )

    def __len__(self) -> int:
        return len(self.count)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """One instance.

    Parameters
    ----------
    lengths
        float64 (P, P): from node to node, by the family's own rule.
    timed
        Whether driving takes as long as it is far; else it takes no time.
    visits, asked, fleet
        See there.
    must
        bool (G,): whether exactly one of each group is served, else at most one.
    aim
        What is best.
    gift
        Score that every plan has.
    divisor
        The printed value is what the plan costs divided by this.
    whole
        Whether all lengths and times are whole in this unit.
    """

    lengths: NDArray[np.float64]
    visits: Visits
    asked: Asked
    fleet: Fleet
    timed: bool = False
    must: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    aim: Aim = Aim.COST
    gift: float = 0.0
    divisor: float = 1.0
    whole: bool = True


def euclid(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64 (P, P): straight lines between the rows of float64 (P, 2)."""
    apart = places[:, None, :] - places[None, :, :]
    return np.asarray(np.sqrt((apart * apart).sum(axis=2)))


def _column(values: ArrayLike, count: int, dtype: Any = np.float64) -> NDArray[Any]:
    """A column; a single value is repeated."""
    return np.array(np.broadcast_to(np.asarray(values, dtype=dtype), (count,)))
