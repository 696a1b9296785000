"""Which village each point of a territory is told under."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.model import Place
from msap_mobility.scenario.commune import Commune
from msap_mobility.scenario.territory.settlements import ELSEWHERE, code_at
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.scenario.territory.neighbourhoods import Ints, Neighbourhoods
    from msap_mobility.scenario.territory.settlements import Settlement
    from msap_mobility.scenario.territory.survey import Feature
    from msap_mobility.wording import Lang

__all__ = ["Naming"]


class Naming:
    """The settlements of a territory and the homes each of them names.

    Parameters
    ----------
    named
        Those there are.
    told
        The neighbourhoods.
    households
        How many in each.

    Examples
    --------
    >>> from msap_mobility.scenario.territory.neighbourhoods import Neighbourhoods
    >>> from msap_mobility.scenario.territory.settlements import Settlement
    >>> ayen = Settlement(code="19015", name="Ayen", lon=1.3, lat=45.2, east_m=0, north_m=0,
    ...                   reach_m=6000)
    >>> at = np.array([500.0, 9000.0])
    >>> told = Neighbourhoods(lon=at, lat=at, east_m=at, north_m=0 * at,
    ...                       households=np.array([12, 30]), moved_m=np.zeros(42))
    >>> names = Naming([ayen], told, told.households)
    >>> names.codes, names.name_at(100, 100)
    (['19015', 'elsewhere'], 'Ayen')
    """

    def __init__(self, named: Sequence[Settlement], told: Neighbourhoods, households: Ints) -> None:
        self._named = named
        self._told = told
        self._households = households
        self.codes = code_at(told.east_m, told.north_m, named)
        self._homes = dict.fromkeys(self.codes, 0)
        for code, count in zip(self.codes, households.tolist(), strict=True):
            self._homes[code] += count

    @property
    def _written(self) -> list[Settlement]:
        return [one for one in self._named if self._homes.get(one.code)]

    @property
    def count(self) -> int:
        """How many settlements name a home."""
        return len(self._written)

    @property
    def told_people(self) -> int:
        """Their population as OpenStreetMap tells it, where it does."""
        return sum(one.people or 0 for one in self._written)

    def name_at(self, east_m: float, north_m: float) -> str:
        """Name of the settlement at a point, empty away from all."""
        (code,) = code_at(np.array([east_m]), np.array([north_m]), self._named)
        return next((one.name for one in self._named if one.code == code), "")

    def place(self, feature: Feature, name: str) -> Place:
        """A feature as a place, under the commune that is written for it, if one is."""
        east, north = np.array([feature.east_m]), np.array([feature.north_m])
        (code,) = code_at(east, north, self._named)
        return Place(
            id=feature.id,
            name=name,
            lon=round(feature.lon, 5),
            lat=round(feature.lat, 5),
            commune=code if self._homes.get(code) else "",
        )

    def communes(self, household: float, lang: Lang) -> tuple[Commune, ...]:
        """The settlements that name a home, and what lies away from all; with their people.

        Parameters
        ----------
        household
            Mean number of people in a home.
        lang
            In which the rest is named.
        """
        communes = [
            Commune(
                insee=one.code,
                name=one.name,
                lon=one.lon,
                lat=one.lat,
                population=round(self._homes[one.code] * household),
            )
            for one in self._written
        ]
        if self._homes.get(ELSEWHERE):
            there = np.array([code == ELSEWHERE for code in self.codes])
            most = int(np.where(there, self._households, -1).argmax())
            rest = Commune(
                insee=ELSEWHERE,
                name=say("territory.elsewhere", lang),
                lon=float(self._told.lon[most]),
                lat=float(self._told.lat[most]),
                population=round(self._homes[ELSEWHERE] * household),
            )
            communes.append(rest)
        return tuple(communes)
