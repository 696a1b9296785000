"""The tax scale for mileage, by date: what a kilometre in one's own car costs.

CGI article 83, 3°; annexe IV, article 6 B. C. transports R3132-1 lets it stand for the costs of a
carpool since 7 June 2020. Figures of the public kind: whole tenths of a cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from msap_mobility.carpool.law.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SCALES", "MileageScale", "Rates"]


class Rates(NamedTuple):
    """The three brackets of one fiscal power; d being the kilometres of a year.

    Parameters
    ----------
    near
        Up to 5 000 km: d × near, tenths of a cent a kilometre.
    middle, fixed
        Up to 20 000 km: d × middle (tenths of a cent) + fixed (whole euros a year).
    far
        Beyond: d × far, tenths of a cent a kilometre.
    """

    near: int
    middle: int
    fixed: int
    far: int

    def yearly(self, km: int) -> int:
        """The scale's amount for a year of `km` kilometres, tenths of a cent.

        Examples
        --------
        The brackets meet:

        >>> rates = Rates(606, 340, 1_330, 407)
        >>> rates.yearly(5_000), rates.yearly(5_001)
        (3030000, 3030340)
        """
        if km <= 5_000:
            return km * self.near
        if km <= 20_000:
            return km * self.middle + self.fixed * 1_000
        return km * self.far


@dataclass(frozen=True, slots=True, kw_only=True)
class MileageScale:
    """One edition of the tax scale for cars.

    Parameters
    ----------
    since
        First day on which it may stand for the costs of R3132-1.
    order
        The arrêté and its day in the Journal officiel.
    source
        Where the figures were read.
    rates
        By fiscal power, 3 (and less) to 7 (and more) chevaux.
    electric_percent
        Added for a car that is electric only.
    """

    since: date
    order: str
    source: str
    rates: Mapping[int, Rates]
    electric_percent: int


_RATES_2020 = {
    3: Rates(456, 273, 915, 318),
    4: Rates(523, 294, 1_147, 352),
    5: Rates(548, 308, 1_200, 368),
    6: Rates(574, 323, 1_256, 386),
    7: Rates(601, 340, 1_301, 405),
}
_RATES_2022 = {
    3: Rates(502, 300, 1_007, 350),
    4: Rates(575, 323, 1_262, 387),
    5: Rates(603, 339, 1_320, 405),
    6: Rates(631, 355, 1_382, 425),
    7: Rates(661, 374, 1_435, 446),
}
_RATES_2023 = {
    3: Rates(529, 316, 1_065, 370),
    4: Rates(606, 340, 1_330, 407),
    5: Rates(636, 357, 1_395, 427),
    6: Rates(665, 374, 1_457, 447),
    7: Rates(697, 394, 1_515, 470),
}

SCALES = Timeline(
    rule="C. transports R3132-1; CGI annexe IV art. 6 B",
    editions=(
        MileageScale(
            since=date(2020, 6, 7),  # that of R3132-1 itself; the scale is older
            order="arrêté of 26 February 2020, JO of 29 February 2020",
            source="veille-qhse.com 2020-02-29",
            rates=_RATES_2020,
            electric_percent=0,
        ),
        MileageScale(
            since=date(2021, 2, 20),
            order="arrêté of 15 February 2021, JO of 19 February 2021",
            source="flotauto.com 2021-02-19; automobile-entreprise.com 10476",
            rates=_RATES_2020,
            electric_percent=20,
        ),
        MileageScale(
            since=date(2022, 2, 14),
            order="arrêté of 1 February 2022, JO of 13 February 2022",
            source="exco.fr; ma-veille-juridique.com",
            rates=_RATES_2022,
            electric_percent=20,
        ),
        MileageScale(
            since=date(2023, 4, 8),
            order="arrêté of 27 March 2023, JO of 7 April 2023; unchanged in 2026",
            source="cerfrancebfc.cerfrance.fr; outils-ec.fr (service-public.fr, 2026-04-09)",
            rates=_RATES_2023,
            electric_percent=20,
        ),
    ),
)
"""The scale by date; an edition holds from the day after the Journal officiel that carries it."""
