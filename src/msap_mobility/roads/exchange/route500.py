"""IGN's ROUTE 500: the classified roads of France, free, with their rank but without speeds.

Columns and values as in its content description, version 3.0 (IGN, April 2020), and in IGN's own
model of the table for its validator (github.com/IGNF/validator, config-json/route500).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import Faults
from msap_mobility.provenance import Source
from msap_mobility.roads.exchange.edge_rules import EdgeCost, cost_at_speeds, text
from msap_mobility.roads.profile import CAR, Profile
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Route500"]

_CLASSES = {
    "Type autoroutier": ("motorway", "motorway"),
    "Bretelle": ("motorway_link", "motorway_link"),
    "Liaison principale": ("primary", "trunk"),
    "Liaison régionale": ("secondary", "primary"),
    "Liaison locale": ("tertiary", "secondary"),
}
"""``VOCATION`` as a class of OpenStreetMap, with one carriageway and with two (``NB_CHAUSSE``): our
reading, by rank; no comparison with driven speeds is behind it."""

_ONEWAY = {
    "Double sens": "no",
    "Sens direct": "yes",
    "Sens unique": "yes",
    "Sens inverse": "-1",
}
"""``SENS``, along the line as it was drawn."""

_TWO_CARRIAGEWAYS = "2 chaussées"
_CLOSED = ("interdit", "impossible", "fermé", "en construction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route500:
    """The roads of ROUTE 500 (``TRONCON_ROUTE``) at the speeds of a profile.

    Parameters
    ----------
    profile
        Says how fast each class of road is; ``VOCATION`` and ``NB_CHAUSSE`` give the class.

    Notes
    -----
    ``SENS`` gives the direction. The line is measured: ``LONGUEUR`` is that of the whole road even
    where an extract cuts it (of the 171 roads around Pacy-sur-Eure 19 are cut; of the others it
    says the same within 5 m). What ``ACCES`` forbids or ``ETAT`` has under construction is closed;
    what is not ``Revêtu`` is unpaved to the profile. Tolls and seasons are not looked at.

    Examples
    --------
    >>> from msap_mobility.roads import WALK
    >>> row = {"VOCATION": "Type autoroutier", "SENS": "Double sens"}
    >>> Route500(profile=WALK).cost(row, 500.0)
    EdgeCost(metres=500.0, along_s=inf, against_s=inf, slope_known=False)
    """

    profile: Profile = CAR

    @property
    def needs(self) -> tuple[str, ...]:
        """Rank and direction."""
        return ("VOCATION", "SENS")

    def cost(self, row: Mapping[str, Any], measured_m: float) -> EdgeCost:
        """Read one road.

        Raises
        ------
        InputError
            ``route500_unknown_value``.
        """
        with Faults() as faults:
            classes = _known(row, "VOCATION", _CLASSES, faults)
            oneway = _known(row, "SENS", _ONEWAY, faults)
        one, two = classes
        tags = {
            "highway": two if text(row, "NB_CHAUSSE") == _TWO_CARRIAGEWAYS else one,
            "oneway": oneway,
        }
        state, access = text(row, "ETAT").lower(), text(row, "ACCES").lower()
        if state.startswith(_CLOSED) or access.startswith(_CLOSED):
            tags["access"] = "no"
        if state and state != "revêtu":
            tags["surface"] = "unpaved"
        return cost_at_speeds(measured_m, self.profile.speeds_km_per_h(tags))

    def sources(self) -> tuple[Source, ...]:
        """Whose roads these are, and that their speeds are ours."""
        return (
            Source(
                name=Words.saying("roads.source.route500.name"),
                standing="assumed",
                origin="IGN, ROUTE 500",
                licence="Licence Ouverte 2.0",
                note=Words.saying("roads.source.route500.note"),
            ),
        )


def _known(row: Mapping[str, Any], column: str, known: Mapping[str, Any], faults: Faults) -> Any:
    """What a value of the column stands for."""
    value = text(row, column)
    if value not in known:
        names = ", ".join(known)
        faults.add("route500_unknown_value", column=column, value=value, known=names)
    return known.get(value)
