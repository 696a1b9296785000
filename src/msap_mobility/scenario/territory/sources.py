"""What a territory made of an extract rests on, written into its scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.formats.osm import ATTRIBUTION
from msap_mobility.provenance import Source
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from msap_mobility.provenance import Standing
    from msap_mobility.scenario.territory.findings import Findings

__all__ = ["sources_of"]

_STANDINGS: dict[str, Standing] = {
    "map": "observed",
    "homes": "estimated",
    "household": "assumed",
    "groups": "assumed",
    "stops": "assumed",
    "maison": "assumed",
    "van": "assumed",
}


def sources_of(found: Findings, template: str) -> tuple[Source, ...]:
    """One for each matter: the map is observed, the rest is estimated from it or assumed."""
    publisher, licence = ATTRIBUTION.split(", ")
    values: dict[str, Any] = {name: getattr(found, name) for name in found.__slots__}
    values["template"] = template
    notes = {
        "household": "known_people" if found.asked_people else "household",
        "maison": "maison" if found.hours_assumed else "maison_hours_told",
    }
    return tuple(
        Source(
            name=Words.saying(f"territory.source.{matter}.name", **values),
            standing=standing,
            origin=publisher if matter == "map" else "",
            licence=licence if matter == "map" else "",
            note=Words.saying(f"territory.source.{notes.get(matter, matter)}.note", **values),
        )
        for matter, standing in _STANDINGS.items()
    )
