"""Where it happens: real communes, made-up homes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from msap_mobility.carpool.law import Territory
from msap_mobility.model import Place

if TYPE_CHECKING:
    import numpy as np

__all__ = ["AYEN", "BRIVE", "OBJAT", "Commune", "communes", "home", "network", "territory"]

AYEN, OBJAT, BRIVE = "19015", "19153", "19031"

SPREAD_M = 700
"""How far homes lie from the point of their commune (standard deviation, each axis). Assumed."""

_M_PER_DEGREE = 111_200
_NARROWER = 0.704  # cosine of 45.25 degrees: a degree of longitude at Ayen


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A commune of `communes.csv`."""

    insee: str
    name: str
    population: int
    lon: float
    lat: float
    role: str
    urban_unit: int

    @property
    def centre(self) -> Place:
        """Its point, which stands for its shops, its doctors and its station."""
        return Place(id=self.insee, name=self.name, lon=self.lon, lat=self.lat, commune=self.insee)


@cache
def communes() -> dict[str, Commune]:
    """All communes by INSEE code."""
    text = Path(__file__).with_name("communes.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {
        row["insee"]: Commune(
            insee=row["insee"],
            name=row["name"],
            population=int(row["population"]),
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            role=row["role"],
            urban_unit=int(row["urban_unit"]),
        )
        for row in csv.DictReader(lines)
    }


def network() -> list[Commune]:
    """The communes of the network, where members live."""
    return [each for each in communes().values() if each.role == "network"]


def territory(insee: str) -> Territory:
    """A commune as the law looks at it."""
    people = communes()[insee].urban_unit
    return Territory(urban_unit_people=people) if people else Territory.village()


def home(member: str, draw: np.random.Generator) -> Place:
    """A made-up home: a commune drawn by population, a point drawn around its own.

    It has no name, and nothing prints where it lies.
    """
    chosen = network()
    people = [each.population for each in chosen]
    commune = chosen[int(draw.choice(len(chosen), p=[n / sum(people) for n in people]))]
    east, north = draw.normal(0, SPREAD_M, 2)
    return Place(
        id=f"home-{member}",
        name="",
        lon=round(commune.lon + east / _M_PER_DEGREE / _NARROWER, 5),
        lat=round(commune.lat + north / _M_PER_DEGREE, 5),
        commune=commune.insee,
    )
