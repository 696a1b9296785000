"""What is told of several homes together."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from msap_mobility.coverage.indicators import Indicators
    from msap_mobility.model import Homes
    from msap_mobility.model.home import FloatArray
    from msap_mobility.model.opening import SecondArray

__all__ = ["Figures", "figures"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The indicators of one row of a table.

    In a rounded row all of them are rounded (`coverage.rounding`), and those that may be None are
    so also where they are withheld.

    Parameters
    ----------
    people_reached, people_never
        Persons with, and without, any instant at which they can arrive at an open place.
    share_reached
        The first over both (``spatial_coverage``).
    space_time
        Share of their hours that is covered, weighted by people and need (``Σ w·share / Σ w``).
    mean_wait_s
        Mean expected wait over the persons reached; None if there are none. Those never reached
        wait for ever: they are counted in `people_never`, not averaged.
    median_wait_s
        The wait that half of *all* persons keep within; None if half or more are never reached.
    visits_per_week
        Mean over all persons of the local days a week with an opening; 0 for those never reached.
    """

    people_reached: float
    people_never: float
    share_reached: float
    space_time: float | None
    mean_wait_s: float | None
    median_wait_s: float | None
    visits_per_week: float | None

    def to_dict(self) -> dict[str, float | None]:
        """JSON data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Figures:
        """Read `to_dict` back."""
        return cls(**data)


def figures(
    homes: Homes, found: Indicators, part: SecondArray, *, parts: int
) -> tuple[Figures, ...]:
    """The figures of each part of the homes.

    Parameters
    ----------
    homes, found
        Rows of one order.
    part
        Number of each home's part; −1 = in none. Every part holds somebody.
    parts
        Parts are numbered below it.
    """
    inside = part >= 0
    part, people = part[inside], homes.people[inside]
    reached, wait_s = found.reached[inside], found.wait_s[inside]
    need = people * np.array([group.need for group in homes.groups])[homes.group[inside]]

    def total(values: FloatArray) -> FloatArray:
        sums = np.bincount(part, weights=values, minlength=parts)
        return np.asarray(sums, dtype=np.float64)

    everybody, some = total(people), total(people * reached)
    space_time = total(need * found.space_time[inside]) / total(need)
    waited = total(people * np.where(reached, wait_s, 0.0))
    visits = total(people * found.visits_per_week[inside]) / everybody
    median = _weighted_median(part, wait_s, people, everybody)
    return tuple(
        Figures(
            people_reached=float(some[row]),
            people_never=float(everybody[row] - some[row]),
            share_reached=float(some[row] / everybody[row]),
            space_time=float(space_time[row]),
            mean_wait_s=float(waited[row] / some[row]) if some[row] > 0 else None,
            median_wait_s=float(median[row]) if np.isfinite(median[row]) else None,
            visits_per_week=float(visits[row]),
        )
        for row in range(parts)
    )


def _weighted_median(
    part: SecondArray, values: FloatArray, weights: FloatArray, totals: FloatArray
) -> FloatArray:
    """By part, the least value that more than half of the weight keeps within."""
    order = np.lexsort((values, part))
    sorted_part = part[order]
    running = np.cumsum(weights[order])
    before = np.concatenate([[0.0], np.cumsum(totals)])[sorted_part]
    middle = running - before > totals[sorted_part] / 2
    median = np.full(len(totals), np.inf)
    first_part, index = np.unique(sorted_part[middle], return_index=True)
    median[first_part] = values[order][middle][index]
    return median
