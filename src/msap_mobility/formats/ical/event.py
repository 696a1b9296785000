"""One event of a calendar, and the names of our own properties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msap_mobility.calendar import Rhythm

__all__ = ["REASON", "REMARKS", "CalendarEvent"]

REMARKS = "X-MSAP-RHYTHM"
"""Property that holds `RecurrenceText.remarks`."""

REASON = "X-MSAP-REASON"
"""Parameter of an EXDATE whose dates a policy takes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """What happens, where, and in which rhythm.

    Parameters
    ----------
    uid
        The same whenever this is published again, so that a telephone replaces the event.
    summary
        What the calendar shows.
    rhythm
        When.
    location, description
        Text; may be empty.
    lon, lat
        Degrees (WGS84), both or neither.

    Examples
    --------
    >>> from msap_mobility.calendar import Rhythm
    >>> CalendarEvent(uid="t1/longueville", summary="Épicerie", rhythm=Rhythm.of("Th 9h-12h")).uid
    't1/longueville'
    """

    uid: str
    summary: str
    rhythm: Rhythm
    location: str = ""
    description: str = ""
    lon: float | None = None
    lat: float | None = None
