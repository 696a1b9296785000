"""A commune: a name for the reports, and people for the synthetic homes."""

from __future__ import annotations

from dataclasses import dataclass

from msap_mobility.errors import Faults
from msap_mobility.model.checks import check_amount, check_id, check_point, check_whole

__all__ = ["Commune"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """One commune of the territory, or beside it.

    Parameters
    ----------
    insee
        Its INSEE code, which homes and places refer to.
    name
        As people write it.
    lon, lat
        A point inside it, WGS84 degrees.
    population
        Legal population, at most 100 million.
    area_km2
        Square kilometres, up to a million, or None where it is not known.
    homes
        Whether its people belong to the territory; False for a neighbour that is only named.

    Examples
    --------
    >>> Commune(insee="76070", name="Bellencombre", lon=1.24, lat=49.72, population=564).homes
    True
    """

    insee: str
    name: str
    lon: float
    lat: float
    population: int
    area_km2: float | None = None
    homes: bool = True

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_id(faults, self.insee, column="insee")
            check_point(faults, self.lon, self.lat)
            check_whole(faults, "population", self.population, 0, 100_000_000)
            if self.area_km2 is not None:
                check_amount(faults, "area_km2", self.area_km2, 1e-6, 1e6)
