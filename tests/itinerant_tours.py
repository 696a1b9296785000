"""The six real mobile France Services tours, one presence for each row of their table.

The columns are told in the README beside the file. Where a row publishes no hours, half-days and
days are given assumed ones, and the presence is marked as not certain.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from msap_mobility.calendar import EveryWeek, Hours, IsoWeeks, LastDay, MonthlyWeekday, Rhythm
from msap_mobility.model import Place, Presence
from tests.real_data import real_data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.calendar import DayRule

TABLE = "france_services/itinerant_tours.csv"
SERVICE = "france_services"
_MORNING, _AFTERNOON = Hours.of("09:00-12:00"), Hours.of("14:00-17:00")
ASSUMED = {"am": (_MORNING,), "pm": (_AFTERNOON,), "day": (_MORNING, _AFTERNOON)}

Row = "Mapping[str, str]"


def rows() -> list[dict[str, str]]:
    """The rows of the table; the calling test is skipped where the data is absent."""
    with real_data(TABLE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rule(row: Mapping[str, str]) -> DayRule:
    """The days of a row: every week, odd or even ISO weeks, n-th weekday, last day of the month."""
    week = row["week"]
    if week == "last":
        return LastDay()
    weekday = int(row["weekday"]) - 1
    if week == "all":
        return EveryWeek(weekdays=(weekday,))
    if week == "odd":
        return IsoWeeks(weekdays=(weekday,), parity="odd")
    if week == "even":
        return IsoWeeks(weekdays=(weekday,), parity="even")
    return MonthlyWeekday(weekday=weekday, nth=(int(week.removeprefix("w")),))


def hours(row: Mapping[str, str]) -> tuple[Hours, ...]:
    """The hours of a row, assumed where none are published."""
    if row["start"]:
        return (Hours.of(f"{row['start']}-{row['end']}"),)
    return ASSUMED[row["slot"]]


def place_id(row: Mapping[str, str]) -> str:
    """A place is a commune, or a named part of one."""
    return f"{row['insee']}/{row['place']}" if row["place"] else row["insee"]


def places(table: Sequence[Mapping[str, str]]) -> list[Place]:
    """Every place of the table once, in its order."""
    found = {
        place_id(row): Place(
            id=place_id(row),
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            name=row["place"] or row["commune"],
        )
        for row in table
    }
    return list(found.values())


def presence(row: Mapping[str, str]) -> Presence:
    """What a row says."""
    return Presence(
        place=place_id(row),
        services=(SERVICE,),
        rhythm=Rhythm(rule=rule(row), hours=hours(row)),
        channel="tour",
        certain=bool(row["start"]),
        source=row["tour"],
    )
