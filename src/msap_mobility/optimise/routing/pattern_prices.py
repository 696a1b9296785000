"""What a visit pattern costs by itself: uneven spacing, changing weekdays, leaving a given plan.

Days are whole numbers from 0 on; the horizon repeats itself. With units and worked examples:
``docs/routing-costs.md``.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["moved_visits", "pattern_price", "spacing", "weekday_changes"]

_WEEK = 7


def pattern_price(
    days: Collection[int],
    *,
    horizon: int,
    per_square_day: int = 0,
    per_weekday_change: int = 0,
    given: Collection[int] | None = None,
    per_move: int = 0,
    week: int = _WEEK,
) -> int:
    """The price of a pattern for `Patterns.price`: the sum of its parts, each times its rate.

    Parameters
    ----------
    days
        Of its visits, each within the horizon, none twice.
    horizon
        Days after which the pattern repeats itself.
    per_square_day
        Cost of each square day of uneven spacing (`spacing`), rounded to the nearest whole,
        halves up.
    per_weekday_change
        Cost of each visit on another weekday than most (`weekday_changes`).
    given
        Days of the plan to keep, if there is one.
    per_move
        Cost of each visit moved away from it (`moved_visits`).
    week
        Days of a week: 7, or as many as are worked if only these are counted.

    Returns
    -------
    int
        In the unit of the rates.

    Raises
    ------
    InputError
        ``routing_pattern_days``: there is no day, or one outside the horizon or twice.

    Examples
    --------
    Monday and Thursday in a week of seven days, gaps of 3 and 4 days instead of 3.5 each:

    >>> pattern_price([0, 3], horizon=7, per_square_day=10)
    5

    Every other week, once on Monday and once on Thursday; it was on Mondays:

    >>> pattern_price([0, 17], horizon=28, per_weekday_change=40, given=[0, 14], per_move=25)
    65
    """
    numerator, denominator = spacing(days, horizon=horizon)
    uneven = (2 * per_square_day * numerator + denominator) // (2 * denominator)
    moved = 0 if given is None else per_move * moved_visits(days, given)
    return uneven + per_weekday_change * weekday_changes(days, week=week) + moved


def spacing(days: Collection[int], *, horizon: int) -> tuple[int, int]:
    """How unevenly visits are spaced, in square days, as a fraction (numerator, denominator).

    The sum over the gaps g from each visit to the next, the last one to the first of the next
    horizon, of (g − H/n)²: of n gaps that sum up to the horizon H that is (n Σ g² − H²) / n.

    Examples
    --------
    >>> spacing([0, 1], horizon=6)  # gaps of 1 and 5 days, (1 − 3)² + (5 − 3)²
    (16, 2)
    >>> spacing([4], horizon=6)
    (0, 1)
    """
    ordered = sorted(days)
    visits = len(ordered)
    if not visits or len(set(ordered)) < visits or not 0 <= ordered[0] <= ordered[-1] < horizon:
        fault = Fault(
            code="routing_pattern_days", value=str(ordered), details={"last": horizon - 1}
        )
        raise InputError([fault])
    following = [*ordered[1:], ordered[0] + horizon]
    squares = sum((later - day) ** 2 for day, later in zip(ordered, following, strict=True))
    return visits * squares - horizon**2, visits


def weekday_changes(days: Collection[int], *, week: int = _WEEK) -> int:
    """How many visits are on another weekday than the one that is visited most.

    Examples
    --------
    >>> weekday_changes([0, 7, 15, 21])
    1
    """
    return len(days) - max(Counter(day % week for day in days).values(), default=0)


def moved_visits(days: Collection[int], given: Collection[int]) -> int:
    """How many visits a given plan has to move, add or drop: a moved one counts once.

    Examples
    --------
    >>> moved_visits([0, 3], given=[0, 2]), moved_visits([0, 2, 4], given=[0, 2])
    (1, 1)
    """
    new, old = set(days), set(given)
    return max(len(new - old), len(old - new))
