"""How many families come to a stop, how long they stay, what they take.

Every figure is a documented default: replace it by what you know of your territory.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from msap_mobility.errors import Faults
from msap_mobility.model.checks import check_amount, check_duration

if TYPE_CHECKING:
    from msap_mobility.model import Stop

__all__ = ["Demand"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a visit is expected to bring, and what that asks of the van.

    Parameters
    ----------
    participation
        Share of the households within reach of a stop that come to one visit. Default 3 %: about
        8 families a stop (domain.md section 8) in a commune of about 560 people, the mean of the
        46 communes of CC Bray-Eawy.
    people_per_household
        Default 2.2, the mean size of a French household (INSEE census, rounded).
    families_most
        More do not come to one visit, however many live around: 17 families in two weeks is the
        most a stop of this kind has told (Longueville-sur-Scie, domain.md B2).
    share_paperwork
        Share of the families that come with papers to sort out (domain.md section 8).
    base_s, per_family_s
        Length of a visit: 30 min, and 12 min for each family with papers (domain.md section 8).
    units_per_family
        Baskets a family takes.

    Examples
    --------
    >>> demand = Demand()
    >>> demand.families(people=560)
    7.636...
    >>> demand.units(8.0)
    8
    """

    participation: float = 0.03
    people_per_household: float = 2.2
    families_most: float = 17.0
    share_paperwork: float = 0.3
    base_s: int = 1800
    per_family_s: int = 720
    units_per_family: float = 1.0

    def __post_init__(self) -> None:
        with Faults() as faults:
            for name in ("participation", "share_paperwork"):
                share = getattr(self, name)
                if not 0 <= share <= 1:
                    faults.add("out_of_range", column=name, value=share, least=0, most=1)
            if not self.people_per_household > 0:
                faults.add(
                    "not_positive", column="people_per_household", value=self.people_per_household
                )
            for name in ("families_most", "units_per_family"):  # their product fits any van
                check_amount(faults, name, getattr(self, name), 0, 1000)
            for name in ("base", "per_family"):
                check_duration(faults, name, getattr(self, f"{name}_s"))

    def families(self, people: float) -> float:
        """Families expected at one visit of a stop that `people` people can reach.

        People who can reach several stops count at each: which ones will be chosen is not known
        yet, and a visit too long is better than a queue.
        """
        return min(self.participation * people / self.people_per_household, self.families_most)

    def units(self, families: float) -> int:
        """Units handed out to so many families, rounded up."""
        return ceil(families * self.units_per_family)

    def dwell_s(self, families: float, stop: Stop, *, step_s: int = 1) -> int:
        """Serving time of one visit, on whole steps, kept between the stop's two limits.

        Parameters
        ----------
        families
            Expected.
        stop
            Its `dwell_min_s` and `dwell_max_s` have the last word.
        step_s
            Rounded up to a multiple of this.

        Examples
        --------
        >>> from msap_mobility.model import Place, Stop
        >>> hall = Stop(place=Place(id="h", name="Salle", lon=1.2, lat=49.7), kind="room")
        >>> Demand().dwell_s(8.0, hall, step_s=300) / 60
        60.0
        """
        wanted = self.base_s + families * self.share_paperwork * self.per_family_s
        on_steps = ceil(wanted / step_s) * step_s
        return min(max(on_steps, stop.dwell_min_s), stop.dwell_max_s)
