"""Homes made up from the population of communes, where no real list may be shared.

The people of each commune are split over the groups by stated shares, grouped into households, and
the households are placed: a share in the village centre, the others in hamlets scattered over a
disc as large as the commune. Every commune keeps its population exactly. The rule is ours, so the
homes are *assumed*: they have the density of a real commune, not its map.

The same seed gives the same homes on every machine: randomness is the raw 64-bit stream of PCG64
(O'Neill 2014), which numpy promises to keep, taken as integers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from numpy.random import PCG64, SeedSequence

from msap_mobility.errors import Faults
from msap_mobility.model import Home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from msap_mobility.scenario.commune import Commune

__all__ = ["Share", "SyntheticRule", "synthetic_homes"]

_METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of radius 6 371 km
_Offset = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The part one group has in every commune.

    Parameters
    ----------
    group
        Id of the group.
    share
        Of the people, 0 to 1.
    household
        Mean number of people in a home of this group, at least 1.

    Examples
    --------
    >>> Share(group="frail", share=0.04, household=1.0).group
    'frail'
    """

    group: str
    share: float
    household: float

    def __post_init__(self) -> None:
        with Faults() as faults:
            if not 0 <= self.share <= 1:
                faults.add("out_of_range", column="share", value=self.share, least=0, most=1)
            if not 1 <= self.household <= 100:
                faults.add(
                    "out_of_range", column="household", value=self.household, least=1, most=100
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticRule:
    """How homes are made up.

    Parameters
    ----------
    shares
        One per group; the shares add up to 1.
    seed
        Another seed, other homes.
    centre_share
        Part of the homes that stand in the village centre, 0 to 1.
    centre_radius_m
        Radius of the village centre, metres.
    hamlet_homes
        Mean number of homes in a hamlet.
    hamlet_radius_m
        Radius of a hamlet, metres.

    Raises
    ------
    InputError
        If a number is out of range or the shares do not add up.

    Examples
    --------
    >>> SyntheticRule(shares=(Share(group="all", share=1.0, household=2.2),)).hamlet_homes
    8
    """

    shares: tuple[Share, ...]
    seed: int = 0
    centre_share: float = 0.4
    centre_radius_m: int = 300
    hamlet_homes: int = 8
    hamlet_radius_m: int = 120

    def __post_init__(self) -> None:
        with Faults() as faults:
            total = math.fsum(share.share for share in self.shares)
            if abs(total - 1) > 1e-6:
                faults.add("shares_not_whole", column="shares", value=round(total, 6))
            for name, least, most in (
                ("seed", 0, 2**63),
                ("centre_share", 0, 1),
                ("centre_radius_m", 1, 10_000),
                ("hamlet_homes", 1, 10_000),
                ("hamlet_radius_m", 1, 10_000),
            ):
                value = getattr(self, name)
                if not least <= value <= most:
                    faults.add("out_of_range", column=name, value=value, least=least, most=most)


def synthetic_homes(communes: Iterable[Commune], rule: SyntheticRule) -> list[Home]:
    """Homes for the communes that belong to the territory, commune by commune.

    Parameters
    ----------
    communes
        With population and area; those outside the territory (`Commune.homes`) are passed over.
    rule
        Shares, sizes and seed.

    Returns
    -------
    list of Home
        Coordinates rounded to 5 decimals (about a metre).

    Raises
    ------
    InputError
        If a commune has no area.

    Examples
    --------
    >>> from msap_mobility.scenario.commune import Commune
    >>> village = Commune(insee="76070", name="Bellencombre", lon=1.23964, lat=49.71907,
    ...                   population=564, area_km2=12.93)
    >>> rule = SyntheticRule(shares=(Share(group="all", share=1.0, household=2.2),))
    >>> homes = synthetic_homes([village], rule)
    >>> len(homes), sum(home.people for home in homes), homes[0].id
    (256, 564.0, '76070-0001')
    """
    homes: list[Home] = []
    with Faults(file="communes.csv") as faults:
        for commune in communes:
            if commune.homes and commune.area_km2 is None:
                faults.add("commune_without_area", column="area_km2", value=commune.name)
            elif commune.homes:
                homes.extend(_homes_of(commune, rule))
    return homes


def _homes_of(commune: Commune, rule: SyntheticRule) -> Iterator[Home]:
    households = list(_households(commune.population, rule.shares))
    offsets = _offsets(commune, rule, len(households))
    # Six decimals of the cosine, so that machines whose last bit differs place homes alike.
    per_degree = _METRES_PER_DEGREE * round(math.cos(math.radians(commune.lat)), 6)
    for number, ((group, people), (east, north)) in enumerate(
        zip(households, offsets, strict=True), start=1
    ):
        yield Home(
            id=f"{commune.insee}-{number:04d}",
            lon=round(commune.lon + east / per_degree, 5),
            lat=round(commune.lat + north / _METRES_PER_DEGREE, 5),
            people=float(people),
            group=group,
            commune=commune.insee,
        )


def _households(population: int, shares: Sequence[Share]) -> Iterator[tuple[str, int]]:
    """(group, people) of each home; the people add up to `population`."""
    for share, people in zip(shares, _split(population, shares), strict=True):
        homes = min(people, max(1, round(people / share.household)))
        for number in range(homes):
            yield share.group, people // homes + (number < people % homes)


def _split(population: int, shares: Sequence[Share]) -> list[int]:
    """People of each group: largest remainders, the first group winning a tie."""
    exact = [population * share.share for share in shares]
    people = [math.floor(number) for number in exact]
    by_remainder = sorted(range(len(shares)), key=lambda group: people[group] - exact[group])
    for group in by_remainder[: population - sum(people)]:
        people[group] += 1
    return people


def _offsets(commune: Commune, rule: SyntheticRule, homes: int) -> Iterator[_Offset]:
    """Metres east and north of the commune's point, for each home."""
    draws = _Draws(rule.seed, commune.insee)
    in_centre = [draws.below(1000) < 1000 * rule.centre_share for _ in range(homes)]
    hamlets = [
        draws.ring(rule.centre_radius_m, _radius_m(commune, rule))
        for _ in range(-(-in_centre.count(False) // rule.hamlet_homes))
    ]
    for central in in_centre:
        if central:
            yield draws.ring(0, rule.centre_radius_m)
        else:
            east, north = hamlets[draws.below(len(hamlets))]
            beside, above = draws.ring(0, rule.hamlet_radius_m)
            yield east + beside, north + above


def _radius_m(commune: Commune, rule: SyntheticRule) -> int:
    """Radius of a disc of the commune's area, with room for at least a ring round the centre."""
    radius = math.isqrt(round((commune.area_km2 or 0) * 1_000_000 / math.pi))
    return max(radius, 2 * rule.centre_radius_m)


class _Draws:
    """Integers from the raw stream of one commune."""

    def __init__(self, seed: int, insee: str) -> None:
        entropy = [seed, int.from_bytes(insee.encode(), "big")]
        self._bits = PCG64(SeedSequence(entropy))

    def below(self, most: int) -> int:
        """A number from 0 to `most` − 1 (the bias of the remainder is below 2^-40)."""
        return int(self._bits.random_raw()) % most

    def ring(self, inner_m: int, outer_m: int) -> _Offset:
        """A point of a ring, every square metre as likely as another."""
        while True:
            east = self.below(2 * outer_m + 1) - outer_m
            north = self.below(2 * outer_m + 1) - outer_m
            if inner_m**2 <= east**2 + north**2 <= outer_m**2:
                return east, north
