"""What is asked: which extract, round which maison, how far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.model.checks import check_point, check_whole

if TYPE_CHECKING:
    from pathlib import Path

    from msap_mobility.wording import Lang

__all__ = ["MOST_PEOPLE_ASKED", "USUAL_RADIUS_M", "Around", "point_of"]

USUAL_RADIUS_M = 15_000
"""How far a territory reaches where nobody says: about 20 minutes by car on country roads."""

MOST_PEOPLE_ASKED = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The surroundings of a maison in an OpenStreetMap extract.

    Parameters
    ----------
    extract
        ``.osm.pbf``, ``.osm`` or ``.osm.gz``.
    lon, lat
        Of the maison, WGS84 degrees.
    radius_m
        How far the territory reaches, 500 m to 100 km; None = `USUAL_RADIUS_M`, or as far as the
        extract does.
    people
        How many people live there, if it is known.
    template
        The bundled scenario whose groups, shares, services, van and crew are taken.
    lang
        In which names are made for what has none.

    Examples
    --------
    >>> from pathlib import Path
    >>> Around(extract=Path("meuse.osm.pbf"), lon=5.27, lat=48.53).reach_m
    15000
    """

    extract: Path
    lon: float
    lat: float
    radius_m: int | None = None
    people: int | None = None
    template: str = "bellencombre"
    lang: Lang = "fr"

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_point(faults, self.lon, self.lat)
            if self.radius_m is not None:
                check_whole(faults, "radius", self.radius_m, 500, 100_000)
            if self.people is not None:
                check_whole(faults, "people", self.people, 1, MOST_PEOPLE_ASKED)

    @property
    def reach_m(self) -> int:
        """How far the territory reaches at most."""
        return USUAL_RADIUS_M if self.radius_m is None else self.radius_m


def point_of(text: str) -> tuple[float, float]:
    """A longitude and a latitude, parted by a comma.

    Raises
    ------
    InputError
        ``not_a_lon_lat``.

    Examples
    --------
    >>> point_of("5.27, 48.53")
    (5.27, 48.53)
    """
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError([Fault(code="not_a_lon_lat", value=text)]) from None
    return lon, lat
