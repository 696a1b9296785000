"""Figures rounded so that no few households show in them.

The rounding of statistical disclosure control (Hundepool et al., *Statistical Disclosure Control*,
Wiley 2012, on frequency tables), with a step that grows as the row shrinks. What a rounded row
tells of who is reached is its rounded share and nothing else: hours and visits are that share times
an average over those reached, so that they cannot be divided by known opening hours to get a finer
share. The averages are rounded as well, to the step times the greatest value of any home: then the
proportions in which groups are mixed do not follow from their averages and that of all more finely
than from their shares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.coverage.figures import Figures
from msap_mobility.units import DAY_S

if TYPE_CHECKING:
    from msap_mobility.coverage.indicators import Indicators
    from msap_mobility.model.home import FloatArray

__all__ = [
    "STEPS",
    "Greatest",
    "fewest_homes",
    "median_is_never",
    "rounded_figures",
    "rounded_people",
    "rounded_share",
    "step_for",
]

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Steps of rounded shares."""

_WAITS_S = (3600, 7200, 10_800, 21_600, 43_200, *(DAY_S * days for days in (1, 2, 7, 14, 28)))
_TIE = 1e-9  # ties go up, whatever the last bit of a share


@dataclass(frozen=True, slots=True, kw_only=True)
class Greatest:
    """The greatest values of any home.

    Parameters
    ----------
    space_time, wait_s, visits_per_week
        As in `Indicators`; the wait of homes reached.
    """

    space_time: float
    wait_s: float
    visits_per_week: float

    @classmethod
    def of(cls, found: Indicators) -> Greatest:
        """Of some measures."""
        return cls(
            space_time=_greatest(found.space_time),
            wait_s=_greatest(found.wait_s),
            visits_per_week=_greatest(found.visits_per_week),
        )


def _greatest(values: FloatArray) -> float:
    return float(values[np.isfinite(values)].max(initial=0.0))


def step_for(homes: int, threshold: int) -> float | None:
    """The smallest step that stands for at least twice the threshold of a row's households.

    Parameters
    ----------
    homes
        Households of the row.
    threshold
        Fewest households of an exact figure, or a multiple where rows side by side need it.

    Returns
    -------
    float or None
        None if no step is coarse enough.

    Examples
    --------
    >>> step_for(990, 11), step_for(8840, 11), step_for(40, 11)
    (0.05, 0.01, None)
    """
    return next((step for step in STEPS if step * homes >= 2 * threshold), None)


def fewest_homes(threshold: int) -> int:
    """The smallest row that `step_for` has a step for."""
    return math.ceil(2 * threshold / STEPS[-1])


def rounded_share(share: float, step: float) -> float:
    """The multiple of `step` nearest to a share; a tie goes up.

    Examples
    --------
    >>> rounded_share(0.335, 0.05), rounded_share(0.01, 0.05), rounded_share(0.996, 0.01)
    (0.35, 0.0, 1.0)
    """
    return _nearest(share, step)


def rounded_people(share: float, people: float) -> float:
    """Persons for a rounded share, to tens: whoever has the share knows as much.

    Examples
    --------
    >>> rounded_people(0.35, 990), rounded_people(0.0, 990)
    (350.0, 0.0)
    """
    return _nearest(share * people, 10)


def rounded_figures(found: Figures, step: float, greatest: Greatest) -> Figures:
    """What may be told of a row whose exact figures may not.

    Parameters
    ----------
    found
        The exact ones.
    step
        Of the share.
    greatest
        Of the homes of the whole table.

    Returns
    -------
    Figures
        The mean wait is None where the share rounds to nothing; the median where the share leaves
        open on which side of one half it lies (see `median_is_never`); any average also where it
        rounds to nothing itself, which would be told of people who are reached.

    Examples
    --------
    >>> exact = Figures(people_reached=330, people_never=660, share_reached=1 / 3, space_time=0.02,
    ...                 mean_wait_s=500_000, median_wait_s=None, visits_per_week=0.25)
    >>> most = Greatest(space_time=0.4, wait_s=600_000, visits_per_week=5.0)
    >>> told = rounded_figures(exact, 0.05, most)
    >>> told.share_reached, told.people_reached, told.space_time, told.mean_wait_s
    (0.35, 350.0, 0.02, 518400.0)
    """
    share = rounded_share(found.share_reached, step)
    people = found.people_reached + found.people_never
    some = found.share_reached if share > 0 else math.inf
    hours_step = _one_two_five(step * greatest.space_time)
    visits_step = _one_two_five(step * greatest.visits_per_week)
    wait_step_s = next((s for s in _WAITS_S if s >= step * greatest.wait_s), _WAITS_S[-1])
    return Figures(
        people_reached=rounded_people(share, people),
        people_never=rounded_people(1 - share, people),
        share_reached=share,
        space_time=_times(share, (found.space_time or 0.0) / some, hours_step, 0.01),
        mean_wait_s=_wait(found.mean_wait_s if share > 0 else None, wait_step_s),
        median_wait_s=_wait(found.median_wait_s if share >= 0.5 + step / 2 else None, wait_step_s),
        visits_per_week=_times(share, (found.visits_per_week or 0.0) / some, visits_step, 0.1),
    )


def median_is_never(found: Figures, step: float) -> bool:
    """Whether half of the persons are known to be never reached: else a median None is withheld.

    Parameters
    ----------
    found
        Figures of a row.
    step
        Of the row; 0 = exact.
    """
    return found.median_wait_s is None and found.share_reached <= 0.5 - step / 2 + _TIE


def _times(share: float, average: float, average_step: float, step: float) -> float | None:
    """A share times an average over those reached, each rounded."""
    rounded = _nearest(average, average_step)
    return _nearest(share * rounded, step) if rounded > 0 or share == 0 else None


def _wait(wait_s: float | None, step_s: int) -> float | None:
    return None if wait_s is None else _nearest(wait_s, step_s) or None


def _nearest(value: float, step: float) -> float:
    """Written with the digits of the step, not those of binary arithmetic."""
    return round(float(math.floor(value / step + 0.5 + _TIE) * step), 9) if step > 0 else 0.0


def _one_two_five(least: float) -> float:
    """The smallest of …, 0.1, 0.2, 0.5, 1, … that is not below `least`."""
    if least <= 0:
        return 0.0
    tens = 10.0 ** math.floor(math.log10(least))
    return next(tens * digit for digit in (1, 2, 5, 10) if tens * digit >= least * (1 - _TIE))
