"""A made-up day of carpooling in a rural département: towns, hamlets, two peaks.

Everything is drawn from one seed. Each trip joins a hamlet and one of fourteen towns, larger and
nearer towns more often; half the trips leave home around 8:00, half go back around 17:30. Drivers
leave within ±10 minutes and accept ten minutes of detour, or a quarter of their way if that is
more; riders are ready within ±15 minutes. At 10,000 offers and requests about one pair in 210 fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.model import Offer, Place, Points, Request, Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from msap_mobility.model import TravelTimes

    Ints = NDArray[np.int64]

__all__ = ["DETOUR_S", "SPREAD_S", "TOWNS", "Country", "Day", "day_of"]

TOWNS = 14
_WEST, _SOUTH, _EAST, _NORTH = 1.0, 45.0, 1.98, 45.69  # some 77 km each way
_NEAR, _AROUND_DEG = 2 / 3, 0.05  # some 6 km around a town
_REACH_S = 1200.0  # a town twenty minutes farther away draws a third as many
_PEAK_S = 8 * 3600, 17.5 * 3600
SPREAD_S, DETOUR_S = 1600.0, 600
_DRIVER_S, _RIDER_S = 600, 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Where people live and where they go.

    Parameters
    ----------
    hamlets, towns
        All at distinct points.
    seconds
        From each hamlet (row) to each town.
    """

    hamlets: tuple[Place, ...]
    towns: tuple[Place, ...]
    seconds: NDArray[np.float32]

    @classmethod
    def made_up(cls, places: int, times: TravelTimes, seed: int) -> Country:
        """So many places in a square of 77 km: towns, two hamlets in three near one, others."""
        draw = np.random.default_rng(seed)
        lon, lat = draw.uniform(_WEST, _EAST, places), draw.uniform(_SOUTH, _NORTH, places)
        near = draw.random(places) < _NEAR
        near[:TOWNS] = False
        town = draw.choice(TOWNS, places, p=_size() / _size().sum())
        lon = np.where(near, lon[town] + draw.normal(0, _AROUND_DEG / 0.7, places), lon)
        lat = np.where(near, lat[town] + draw.normal(0, _AROUND_DEG, places), lat)
        return cls.at(lon, lat, times)

    @classmethod
    def at(cls, lon: NDArray[np.float64], lat: NDArray[np.float64], times: TravelTimes) -> Country:
        """Places at these points, the first ones towns."""
        places = [
            Place(id=f"p{number}", name=f"P{number}", lon=east, lat=north)
            for number, (east, north) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))
        ]
        towns, hamlets = tuple(places[:TOWNS]), tuple(places[TOWNS:])
        table = times.table(Points.of(hamlets), Points.of(towns))
        return cls(hamlets=hamlets, towns=towns, seconds=table.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What people offer and ask."""

    offers: tuple[Offer, ...]
    requests: tuple[Request, ...]


def day_of(
    country: Country,
    count: int,
    seed: int,
    *,
    spread_s: float = SPREAD_S,
    detour_s: int = DETOUR_S,
) -> Day:
    """So many offers, and as many requests.

    Parameters
    ----------
    country, count, seed
        Where, how many, and of which draw.
    spread_s
        How far the hours scatter around a peak; a small country needs more not to be denser.
    detour_s
        What every driver accepts, be the way ever so short.
    """
    draw = np.random.default_rng(seed)
    homes = _homes(len(country.hamlets), count, draw)
    offers = []
    for number, (home, town, seconds, out, at) in enumerate(
        _trips(country, homes[0], draw, spread_s)
    ):
        start, end = (home, town) if out else (town, home)
        offers.append(
            Offer(
                id=f"o{number}",
                driver=f"driver{number}",
                start=start,
                end=end,
                depart=_around(at, _DRIVER_S),
                max_detour_s=int(max(detour_s, seconds / 4)),
            )
        )
    requests = []
    for number, (home, town, _, out, at) in enumerate(_trips(country, homes[1], draw, spread_s)):
        start, end = (home, town) if out else (town, home)
        requests.append(
            Request(
                id=f"r{number}",
                rider=f"rider{number}",
                start=start,
                end=end,
                depart=_around(at, _RIDER_S),
            )
        )
    return Day(offers=tuple(offers), requests=tuple(requests))


def _homes(hamlets: int, count: int, draw: np.random.Generator) -> tuple[Ints, Ints]:
    """Where drivers and riders live: no two at one place if there are enough of them."""
    if hamlets >= 2 * count:
        each = draw.permutation(hamlets)
        return each[:count], each[count : 2 * count]
    return draw.integers(0, hamlets, count), draw.integers(0, hamlets, count)


def _trips(
    country: Country, home: Ints, draw: np.random.Generator, spread_s: float
) -> list[tuple[Place, Place, float, bool, int]]:
    """Home, town, seconds between them, whether it goes there, and when."""
    count = len(home)
    seconds = np.where(np.isfinite(country.seconds), country.seconds, 1e9)
    pull = _size() * np.exp(-seconds[home].astype(np.float64) / _REACH_S)
    reached = np.cumsum(pull, axis=1) >= draw.random((count, 1)) * pull.sum(axis=1, keepdims=True)
    town = np.argmax(reached, axis=1)
    out = draw.random(count) < 0.5
    at = np.where(out, *_PEAK_S) + draw.normal(0, spread_s, count)
    return [
        (
            country.hamlets[int(home[row])],
            country.towns[int(town[row])],
            float(country.seconds[home[row], town[row]]),
            bool(out[row]),
            int(at[row]),
        )
        for row in range(count)
    ]


def _size() -> NDArray[np.float64]:
    """The second town is half as large as the first, the third a third."""
    return 1.0 / np.arange(1, TOWNS + 1)


def _around(at: int, seconds: int) -> Window:
    moment = Window.of("2026-12-01 00:00").later(at)
    return Window(moment.later(-seconds).earliest, moment.later(seconds).latest)
