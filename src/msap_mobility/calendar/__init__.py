"""Rhythms, holidays and horizons: when things happen. Knows nothing of places."""

from msap_mobility.calendar.horizon import Cycle, Horizon, Span
from msap_mobility.calendar.rhythm import (
    DayRule,
    EveryWeek,
    Hours,
    IsoWeeks,
    LastDay,
    MonthlyWeekday,
    Rhythm,
)

__all__ = [
    "Cycle",
    "DayRule",
    "EveryWeek",
    "Horizon",
    "Hours",
    "IsoWeeks",
    "LastDay",
    "MonthlyWeekday",
    "Rhythm",
    "Span",
]
