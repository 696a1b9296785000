"""The places an agent names: ids of a table ``places.csv``, or coordinates as they are typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msap_mobility.carpool.law import Territory
from msap_mobility.carpool.schema import PLACES
from msap_mobility.carpool.tables import read_places as carpool_places
from msap_mobility.errors import Faults, InputError
from msap_mobility.formats.tables import read_table
from msap_mobility.model import Place

if TYPE_CHECKING:
    from msap_mobility.cli.desk.asking import Agent

__all__ = ["Gazetteer", "kept_places", "read_places", "tell_missing_table"]

_POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*")
_SERVERS = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gazetteer(Mapping[str, Place]):
    """The places that texts stand for; ``"1.324,45.254"`` is one by itself.

    Parameters
    ----------
    places
        By id.
    territories
        What is known of communes and places, by the commune's code or the id of the place.

    Examples
    --------
    >>> Gazetteer(places={}, territories={})["1.324, 45.254"].lat
    45.254
    """

    places: Mapping[str, Place]
    territories: Mapping[str, Territory]

    def __getitem__(self, name: str) -> Place:
        if name in self.places:
            return self.places[name]
        point = _POINT.fullmatch(name)
        if point is None:
            raise KeyError(name)
        lon, lat = point[1], point[2]
        return Place(id=f"{lon},{lat}", name=f"{lon},{lat}", lon=float(lon), lat=float(lat))

    def __contains__(self, name: object) -> bool:
        return name in self.places or (isinstance(name, str) and bool(_POINT.fullmatch(name)))

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def __bool__(self) -> bool:
        """Always: coordinates are places without any table."""
        return True

    def territory(self, place: Place) -> Territory | None:
        """What the law asks about a place; None if it is not known."""
        return self.territories.get(place.id) or self.territories.get(place.commune)


def read_places(agent: Agent) -> Gazetteer:
    """The places of the table that is given, or else of the one kept beside the desk.

    Raises
    ------
    InputError
        With every fault of the table.
    """
    if agent.places:
        return _read(Path(agent.places))
    kept = kept_places(agent.place)
    if kept is not None and kept.exists():
        return _read(kept)
    return Gazetteer(places={}, territories={})


@contextmanager
def tell_missing_table(agent: Agent, known: Gazetteer) -> Iterator[None]:
    """Tell of ids named in a block that there is no table they could be of, if there is none.

    Raises
    ------
    InputError
        With the faults raised inside.
    """
    try:
        yield
    except InputError as error:
        kept = kept_places(agent.place)
        if known.places or kept is None:
            raise
        gone = {"table": kept.name}
        raise InputError(
            replace(one, code="place_without_table", details=gone)
            if one.code == "unknown_place"
            else one
            for one in error.faults
        ) from None


def kept_places(place: str) -> Path | None:
    """Where the table of a desk in a file is kept; None on a server.

    Examples
    --------
    >>> kept_places("maison.sqlite").name
    'maison.places.csv'
    """
    return None if place.startswith(_SERVERS) else Path(place).with_suffix(".places.csv")


def _read(file: Path) -> Gazetteer:
    places = carpool_places(file)
    territories: dict[str, Territory] = {}
    with Faults(file=file.name) as faults:
        table = read_table(file.read_bytes(), PLACES, file=file.name, faults=faults)
        for row, cells in table.records():
            with faults.also(row=row, column="urban_unit"):
                territory = _territory(cells)
                if territory is not None:
                    territories[cells["id"]] = territory
                    territories.setdefault(cells["commune"] or cells["id"], territory)
    return Gazetteer(places=places, territories=territories)


def _territory(cells: Mapping[str, Any]) -> Territory | None:
    people = cells["urban_unit"]
    if people is None:
        return None
    rural = people == 0
    return Territory(rural=rural, urban_unit_people=people, interchange=cells["interchange"])
