"""Under which law a ride stands: carpool, transport of social utility, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from msap_mobility.carpool.law.checks import check_whole
from msap_mobility.carpool.law.condition import Condition
from msap_mobility.carpool.law.cost_sharing import DETOUR_PERCENT, failing_of_carpool
from msap_mobility.carpool.law.tus import failing_of_tus
from msap_mobility.errors import Faults
from msap_mobility.wording import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.carpool.law.facts import RideFacts
    from msap_mobility.wording import Lang

__all__ = ["Kind", "Regime", "classify_ride"]

Kind = Literal["carpool", "tus", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """Under which law a ride may take place, and what stands against the others.

    Parameters
    ----------
    kind
        ``"carpool"`` if it may be a cost-sharing carpool, else ``"tus"`` if it may be transport of
        social utility, else ``"neither"``.
    failing
        Every condition that is not met, of both laws: those of the carpool first. A ride of kind
        ``"carpool"`` may well fail as transport of social utility.
    """

    kind: Kind
    failing: tuple[Condition, ...] = ()

    def against(self, kind: Kind) -> tuple[Condition, ...]:
        """The conditions of one law that are not met.

        Examples
        --------
        >>> for_gain = Condition(code="tus_not_an_association", article="C. transports L3133-1")
        >>> Regime(kind="carpool", failing=(for_gain,)).against("carpool")
        ()
        """
        return tuple(one for one in self.failing if one.code.startswith(f"{kind}_"))

    def text(self, lang: Lang = "en") -> str:
        """The answer, then a line for each condition that is not met, in `lang`."""
        lines = [say(f"law.regime.{self.kind}", lang)]
        return "\n".join((*lines, *(condition.text(lang) for condition in self.failing)))

    def to_dict(self) -> dict[str, Any]:
        """JSON data, words in every language included."""
        return {
            "kind": self.kind,
            "failing": [condition.to_dict() for condition in self.failing],
            "text": {lang: self.text(lang) for lang in LANGUAGES},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` gave."""
        return cls(
            kind=data["kind"],
            failing=tuple(Condition.from_dict(one) for one in data["failing"]),
        )


def classify_ride(facts: RideFacts, *, detour_percent: int = DETOUR_PERCENT) -> Regime:
    """Under which law a ride may take place, with every condition that is not met.

    C. transports L3132-1, R3132-1 (carpool); L3133-1, R3133-1 to R3133-4, arrêté of 17 October 2019
    (transport of social utility). Read in November 2026; this is no legal advice.

    Parameters
    ----------
    facts
        The ride of one passenger.
    detour_percent
        Longest detour of the scheme's rules, in percent of the driver's own trip.

    Raises
    ------
    InputError
        For a day before the first known rule, or a share that is no whole percentage.

    Examples
    --------
    Ayen to the hospital in Brive, for somebody who is eligible by residence only: a neighbour on
    her own way may take him along, a volunteer who would drive for him alone may not.

    >>> from dataclasses import replace
    >>> from datetime import date
    >>> from msap_mobility.carpool.law.facts import RideFacts, Territory
    >>> ride = RideFacts(
    ...     on=date(2026, 12, 1), distance_m=25_000, driven_m=27_000, solo_m=25_000, seats=5,
    ...     association=True, residence=Territory.village(), start=Territory.village(),
    ...     end=Territory(urban_unit_people=70_000), asked_cents=150, received_cents=150,
    ...     shareable_cents=1_636,
    ... )
    >>> classify_ride(ride).kind
    'carpool'
    >>> print(classify_ride(replace(ride, solo_m=0, driven_m=50_000)).text("en"))
    Neither a carpool nor transport of social utility.
    The driver makes the trip for the passenger alone, not on their own account
    (C. transports L3132-1).
    Eligible by residence only, the passenger may travel within rural communes and small urban
    units, or to a multimodal interchange of a neighbouring one (C. transports R3133-4).
    """
    with Faults() as faults:
        check_whole(faults, "detour_percent", detour_percent, 0, 1_000)
    carpool, tus = failing_of_carpool(facts, detour_percent=detour_percent), failing_of_tus(facts)
    kind: Kind = "carpool" if not carpool else "tus" if not tus else "neither"
    return Regime(kind=kind, failing=(*carpool, *tus))
