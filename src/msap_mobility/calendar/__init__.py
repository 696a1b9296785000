"""Rhythms, holidays and horizons: when things happen. Knows nothing of places."""

from msap_mobility.calendar.horizon import Cycle, Horizon, Span
from msap_mobility.calendar.hours import Hours
from msap_mobility.calendar.osm_hours import opening_hours_text, weekly_hours
from msap_mobility.calendar.recurrence import RecurrenceText
from msap_mobility.calendar.rhythm import Rhythm
from msap_mobility.calendar.rules import DayRule, EveryWeek, IsoWeeks, LastDay, MonthlyWeekday

__all__ = [
    "Cycle",
    "DayRule",
    "EveryWeek",
    "Horizon",
    "Hours",
    "IsoWeeks",
    "LastDay",
    "MonthlyWeekday",
    "RecurrenceText",
    "Rhythm",
    "Span",
    "opening_hours_text",
    "weekly_hours",
]
