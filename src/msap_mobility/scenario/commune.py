"""A commune: a name for the reports, and people for the synthetic homes."""

from __future__ import annotations

from dataclasses import dataclass

from msap_mobility.errors import Faults

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
        Legal population.
    area_km2
        Square kilometres, or None where it is not known.
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
            if not 0 <= self.population <= 100_000_000:
                faults.add(
                    "out_of_range",
                    column="population",
                    value=self.population,
                    least=0,
                    most=100_000_000,
                )
            if self.area_km2 is not None and not self.area_km2 > 0:
                faults.add("not_positive", column="area_km2", value=self.area_km2)
