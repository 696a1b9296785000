"""iCalendar (RFC 5545): a calendar people can subscribe to, out and in.

One event for each rhythm and each interval of its days. Days that a policy takes out (public
holidays, school holidays) are EXDATEs of the published span, marked as such, so that reading gives
the policy back and not a list of dates. Equal events and stamps give equal bytes.
"""

from msap_mobility.formats.ical.event import CalendarEvent
from msap_mobility.formats.ical.reading import read
from msap_mobility.formats.ical.writing import write

__all__ = ["CalendarEvent", "read", "write"]
