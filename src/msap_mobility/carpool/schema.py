"""The tables of a day of carpooling: what each column is called, and how its cells are written.

A column has the name of a parameter of `Offer.of` or `Request.of`, which read what is written. The
meaning of a column, in words, is `wording`'s ``carpool.column.<table>.<column>``.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msap_mobility.calendar import Rhythm
from msap_mobility.errors import InputError
from msap_mobility.formats.kinds import (
    DURATION,
    LATITUDE,
    LONGITUDE,
    TEXT,
    WHOLE,
    YES_NO,
    Kind,
)
from msap_mobility.formats.tables import Column
from msap_mobility.model.window import PARIS, Window

__all__ = ["FIELDS", "OFFERS", "PLACES", "REQUESTS", "TABLES", "read_moments", "window_text"]

FIELDS = {
    "max_detour": "max_detour_s",
    "max_detour_distance": "max_detour_m",
    "walk_limit": "walk_limit_m",
    "max_ride": "max_ride_s",
    "stay": "stay_s",
}
"""Field of the record, for the columns that are not called like it."""


def window_text(window: Window, zone: str = PARIS) -> str:
    """A window as an agent writes it, in the clock of `zone`; in ISO 8601 where that cannot be.

    Examples
    --------
    >>> window_text(Window.of("2026-12-01 07:50-08:40")), window_text(Window.of("2026-12-01 8h10"))
    ('2026-12-01 07:50-08:40', '2026-12-01 08:10')
    >>> window_text(Window.of(("2026-12-01 23:50", "2026-12-02 00:20")))
    '2026-12-01T23:50:00+01:00/2026-12-02T00:20:00+01:00'
    """
    first, last = (at.astimezone(ZoneInfo(zone)) for at in (window.earliest, window.latest))
    one = first == last
    text = f"{first:%Y-%m-%d %H:%M}" if one else f"{first:%Y-%m-%d %H:%M}-{last:%H:%M}"
    try:
        if Window.of(text, zone) == window:
            return text
    except InputError:  # the clocks change between the two, or it ends before it begins
        pass
    return "/".join(window.to_list())


def read_moments(cell: str) -> str | tuple[str, ...]:
    """One text, or two that stand around a slash."""
    parts = tuple(part.strip() for part in cell.split("/"))
    return parts if len(parts) == 2 else cell


def _write_names(names: frozenset[str]) -> str:
    return TEXT.write(";".join(sorted(names)))


_WINDOW = Kind(id="window", read=read_moments, write=str)
_DURATION = Kind(id="duration", read=str, write=DURATION.write)
_DISTANCE = Kind(id="distance", read=str, write=lambda metres: f"{metres} m")
_NAMES = Kind(id="names", read=TEXT.read, write=_write_names)
_RHYTHM = Kind(id="rhythm", read=str, write=Rhythm.text)


def _needed(name: str, example: str) -> Column:
    return Column(name=name, kind=TEXT, example=example)


def _free(name: str, kind: Kind, example: str, default: object = None) -> Column:
    return Column(name=name, kind=kind, required=False, default=default, example=example)


_WHEN = (
    _free("depart", _WINDOW, "2026-12-01 07:50-08:40"),
    _free("arrive", _WINDOW, "2026-12-01 10:00"),
)
_COMPANY = (
    _free("tags", _NAMES, "pets", frozenset()),
    _free("wants", _NAMES, "child_seat", frozenset()),
    _free("not_with", _NAMES, "m17;m31", frozenset()),
)
_REGULAR = (
    _free("rhythm", _RHYTHM, "Mo-Fr 08:00-08:20"),
    _free("rhythm_of", TEXT, "arrive", "depart"),
)

OFFERS = (
    _needed("id", "o1"),
    _needed("driver", "jeanne"),
    _needed("start", "home_jeanne"),
    _free("end", TEXT, "brive"),
    _free("kind", TEXT, "volunteer", "trip"),
    *_WHEN,
    _free("home", TEXT, "home_jeanne"),
    _free("seats", WHOLE, "3", 3),
    _free("max_detour", _DURATION, "12 min"),
    _free("max_detour_distance", _DISTANCE, "5 km"),
    _free("wheelchair", YES_NO, "no", False),
    _free("luggage", YES_NO, "yes", True),
    *_COMPANY,
    *_REGULAR,
)
REQUESTS = (
    _needed("id", "r1"),
    _needed("rider", "paul"),
    _needed("start", "home_paul"),
    _needed("end", "brive"),
    *_WHEN,
    _free("party", WHOLE, "1", 1),
    _free("wheelchair", YES_NO, "no", False),
    _free("luggage", YES_NO, "no", False),
    *_COMPANY,
    _free("only_with", _NAMES, "jeanne", frozenset()),
    _free("walk_limit", _DISTANCE, "500 m", 0),
    _free("max_ride", _DURATION, "40 min"),
    _free("stay", _DURATION, "1 h 30"),
    _free("back", _WINDOW, "2026-12-01 11:30-12:30"),
    *_REGULAR,
)
PLACES = (
    _needed("id", "home_paul"),
    _free("name", TEXT, "Chez Paul", ""),
    Column(name="lon", kind=LONGITUDE, example="1.3301"),
    Column(name="lat", kind=LATITUDE, example="45.2214"),
    _free("commune", TEXT, "19161", ""),
    _free("urban_unit", WHOLE, "0"),
    _free("interchange", YES_NO, "no", False),
)
TABLES = {"offers.csv": OFFERS, "requests.csv": REQUESTS, "places.csv": PLACES}
