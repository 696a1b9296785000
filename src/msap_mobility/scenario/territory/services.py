"""What is there today: France services, and the shops and services a maison works with."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from msap_mobility.errors import InputError
from msap_mobility.formats.kinds import LATITUDE, LONGITUDE, TEXT
from msap_mobility.formats.tables import Column, write_table
from msap_mobility.model import Maison
from msap_mobility.scenario.schema import read_rhythms
from msap_mobility.scenario.territory.pitches import FOOD_SHOPS
from msap_mobility.scenario.territory.survey import Feature
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from msap_mobility.calendar import Rhythm
    from msap_mobility.scenario.territory.around import Around
    from msap_mobility.scenario.territory.naming import Naming

__all__ = [
    "NEARBY",
    "hours_of",
    "is_france_services",
    "is_here",
    "maisons_of",
    "nearby",
    "nearby_table",
]

NEARBY = "nearby.csv"
"""The file of the folder that lists them; no command reads it."""

MAISON_HOURS = "Mo-Fr 09:00-12:00,14:00-17:00"
"""When the maison is open, where the map does not tell: our assumption."""

SAME_PLACE_M = 100.0
"""A France services nearer to the maison than this is the maison."""

_FRANCE_SERVICES = re.compile(
    r"france[ -]services|maisons? (de|des) services( au(x)? public(s)?)?|\bmsap\b", re.IGNORECASE
)
_KINDS = {
    "bank": "bank",
    "clinic": "doctor",
    "doctors": "doctor",
    "library": "library",
    "marketplace": "market",
    "pharmacy": "pharmacy",
    "post_office": "post_office",
    "social_facility": "social_facility",
    "townhall": "town_hall",
}
_COLUMNS = (
    Column(name="kind", kind=TEXT),
    Column(name="name", kind=TEXT, required=False, default=""),
    Column(name="lon", kind=LONGITUDE),
    Column(name="lat", kind=LATITUDE),
    Column(name="hours", kind=TEXT, required=False, default=""),
    Column(name="id", kind=TEXT),
)


def is_france_services(feature: Feature) -> bool:
    """Whether its name says that it is a France services, or one of the houses before them.

    Examples
    --------
    >>> from msap_mobility.scenario.territory.survey import Feature
    >>> def named(name, **tags):
    ...     return Feature(id="n1", lon=0, lat=0, east_m=0, north_m=0, tags={"name": name, **tags})
    >>> is_france_services(named("France Services d'Ayen", office="government"))
    True
    >>> is_france_services(named("Rue de la MSAP", highway="bus_stop"))
    False
    """
    told = {"amenity", "office", "building"} & set(feature.tags)
    return bool(told) and bool(_FRANCE_SERVICES.search(feature.tags.get("name", "")))


def hours_of(feature: Feature) -> tuple[Rhythm, ...] | None:
    """Its opening hours; None if they are not told, or not in a way that can be read.

    Examples
    --------
    >>> from msap_mobility.scenario.territory.survey import Feature
    >>> def open_at(text):
    ...     return Feature(id="n1", lon=0, lat=0, east_m=0, north_m=0, tags={"opening_hours": text})
    >>> [rhythm.text() for rhythm in hours_of(open_at("Mo-Fr 09:00-12:00"))]
    ['Mo-Fr 09:00-12:00']
    >>> hours_of(open_at("when the owner is in")) is None
    True
    """
    try:
        return read_rhythms(feature.tags.get("opening_hours", "")) or None
    except InputError:
        return None


def is_here(feature: Feature) -> bool:
    """Whether it is the maison itself."""
    is_near = math.hypot(feature.east_m, feature.north_m) <= SAME_PLACE_M
    return is_near and is_france_services(feature)


def maisons_of(
    around: Around, features: Iterable[Feature], services: tuple[str, ...], names: Naming
) -> tuple[Maison, ...]:
    """The maison first, with the name and hours the map has for it, then other France services.

    Parameters
    ----------
    around
        Where the maison is.
    features
        What lies around.
    services
        What each of them offers.
    names
        The communes.
    """
    found = [one for one in features if is_france_services(one)]
    here = [one for one in found if is_here(one)]
    known = [hours for one in here if (hours := hours_of(one)) is not None]
    place = Feature(id="maison", lon=around.lon, lat=around.lat, east_m=0.0, north_m=0.0, tags={})
    village = names.name_at(0.0, 0.0)
    parts = [here[0].tags["name"]] if here else [say("territory.maison", around.lang), village]
    maison = Maison(
        place=names.place(place, ", ".join(filter(None, parts))),
        services=services,
        hours=known[0] if known else read_rhythms(MAISON_HOURS),
    )
    others = (
        Maison(place=names.place(one, one.tags["name"]), services=services, hours=hours_of(one))
        for one in found
        if one not in here
    )
    return (maison, *others)


def nearby(features: Iterable[Feature]) -> list[tuple[str, Feature]]:
    """Shops that sell food, and services people go to, each with what it is."""
    found = []
    for one in features:
        kind = _kind(one)
        if kind is not None:
            found.append((kind, one))
    return sorted(found, key=lambda pair: (pair[0], pair[1].id))


def _kind(feature: Feature) -> str | None:
    if is_france_services(feature):
        return "france_services"
    if feature.tags.get("shop") in FOOD_SHOPS:
        return "food_shop"
    if feature.tags.get("healthcare") == "doctor":
        return "doctor"
    return _KINDS.get(feature.tags.get("amenity", ""))


def nearby_table(found: Sequence[tuple[str, Feature]]) -> str:
    """The text of `NEARBY`."""
    return write_table(
        (
            {
                "kind": kind,
                "name": one.tags.get("name", ""),
                "lon": round(one.lon, 5),
                "lat": round(one.lat, 5),
                "hours": one.tags.get("opening_hours", ""),
                "id": one.id,
            }
            for kind, one in found
        ),
        _COLUMNS,
    )
