"""From households by neighbourhood to the people of each: so many, of which group."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.model import Home

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.scenario.synthetic import Share
    from msap_mobility.scenario.territory.neighbourhoods import Ints, Neighbourhoods

__all__ = ["homes_of", "households_for"]


def households_for(found: Ints, people: int | None, household: float) -> Ints:
    """Households of each neighbourhood: those found, or as many as the people known to live there.

    Parameters
    ----------
    found
        int64, of each neighbourhood.
    people
        In all; None = as many as the households found hold.
    household
        Mean number of people in one.

    Returns
    -------
    ndarray
        int64, in proportion to those found: largest remainders, the first winning a tie.

    Examples
    --------
    >>> households_for(np.array([30, 10]), 45, 2.2).tolist()
    [15, 5]
    """
    if people is None:
        return found
    wanted = max(1, round(people / household))
    exact = found * (wanted / found.sum())
    whole: Ints = np.floor(exact).astype(np.int64)
    missing = wanted - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:missing]] += 1
    return whole


def homes_of(
    told: Neighbourhoods,
    households: Ints,
    communes: Sequence[str],
    shares: Sequence[Share],
    people: float,
) -> list[Home]:
    """A row for each household; every stretch of rows holds the groups in their proportions.

    Parameters
    ----------
    told
        Where.
    households
        How many in each.
    communes
        Code of the commune of each.
    shares
        Part of the people and mean household of each group; together they say which part of the
        households is of which group.
    people
        In all rows together, to a ten-thousandth for each row.

    Examples
    --------
    >>> from msap_mobility.scenario.synthetic import Share
    >>> from msap_mobility.scenario.territory.neighbourhoods import Neighbourhoods
    >>> at = np.zeros(1)
    >>> told = Neighbourhoods(lon=at, lat=at, east_m=at, north_m=at, households=np.array([4]),
    ...                       moved_m=np.zeros(4))
    >>> shares = (Share(group="old", share=0.2, household=1.0),
    ...           Share(group="young", share=0.8, household=4 / 3))
    >>> [(home.group, home.people) for home in homes_of(told, told.households, ["c"], shares, 5.0)]
    [('young', 1.3333), ('young', 1.3333), ('old', 1.0), ('young', 1.3333)]
    """
    parts = [share.share / share.household for share in shares]
    parts = [part / math.fsum(parts) for part in parts]
    groups = list(_in_turn(parts, int(households.sum())))
    usual = math.fsum(shares[group].household for group in groups)
    size = [round(share.household * people / usual, 4) for share in shares]
    place = np.repeat(np.arange(len(told)), households).tolist()
    lon, lat = told.lon.tolist(), told.lat.tolist()
    return [
        Home(
            id=f"h{number:06d}",
            lon=lon[where],
            lat=lat[where],
            people=size[group],
            group=shares[group].group,
            commune=communes[where],
        )
        for number, (where, group) in enumerate(zip(place, groups, strict=True), start=1)
    ]


def _in_turn(parts: Sequence[float], count: int) -> Iterator[int]:
    """`count` numbers of groups, each time the one that lags most behind its part."""
    given = [0] * len(parts)
    for number in range(1, count + 1):
        group = max(range(len(parts)), key=lambda one: parts[one] * number - given[one])
        given[group] += 1
        yield group
