"""The sections of ``scenario.toml`` as pydantic models: names and kinds of the keys, no more.

What a value means is checked where the typed input is made. The meaning of a key, in words, is
`wording`'s ``scenario.key.<section>.<key>``.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from msap_mobility.model import Age  # noqa: TC001 - pydantic reads the annotation
from msap_mobility.provenance import Standing  # noqa: TC001 - likewise

__all__ = [
    "SECTIONS",
    "DemandSection",
    "GroupSection",
    "HorizonSection",
    "Section",
    "ServiceSection",
    "ShareSection",
    "SourceSection",
    "SyntheticSection",
    "TimesSection",
    "TitleSection",
    "TopSection",
]


class Section(BaseModel):
    """A table of ``scenario.toml``: every key known, every kind exact."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TopSection(Section):
    """The keys above the first section."""

    id: str
    tz: str = "Europe/Paris"
    roads: str = "calibrated"
    disclosure_homes: int = 11


class TitleSection(Section):
    """``[title]``: what the scenario is called, in both languages."""

    en: str
    fr: str


class HorizonSection(Section):
    """``[horizon]``: a cycle of weeks, or a span of dates."""

    weeks: int | None = None
    start: Any = None
    first: Any = None
    last: Any = None


class ServiceSection(Section):
    """``[[services]]``: what a person comes for."""

    id: str
    name: str
    operator: str = ""


class GroupSection(Section):
    """``[[groups]]``: people alike in how they move and when they can come."""

    id: str
    age: Age
    car: bool
    alone: bool
    limits: dict[str, str]
    hours: str = ""
    need: float = 1.0


class DemandSection(Section):
    """``[demand]``: how many families come to a stop, how long they stay, what they take."""

    participation: float = 0.03
    people_per_household: float = 2.2
    families_most: float = 17.0
    share_paperwork: float = 0.3
    base: str = "30 min"
    per_family: str = "12 min"
    units_per_family: float = 1.0


class ShareSection(Section):
    """One of the ``shares`` of ``[synthetic]``."""

    group: str
    share: float
    household: float


class SyntheticSection(Section):
    """``[synthetic]``: homes made up from ``communes.csv`` where there is no ``homes.csv``."""

    seed: int = 0
    centre_share: float = 0.4
    centre_radius: str = "300 m"
    hamlet_homes: int = 8
    hamlet_radius: str = "120 m"
    shares: list[ShareSection]


class TimesSection(Section):
    """``[[times]]``: travel times of a mode from a ready table or a routing server."""

    mode: str
    table: str = ""
    from_column: str = "from_id"
    to_column: str = "to_id"
    time_column: str = "travel_time_p50"
    metres_column: str = ""
    unit: Literal["min", "s"] = "min"
    osrm: str = ""
    valhalla: str = ""
    profile: str = ""
    max_snap: str = "1 km"


class SourceSection(Section):
    """``[[sources]]``: what an input rests on; an assumption is written as one."""

    name: str | TitleSection
    standing: Standing
    origin: str = ""
    licence: str = ""
    date: str = ""
    note: str | TitleSection = ""


SECTIONS: dict[str, tuple[type[Section], Literal["one", "many"]]] = {
    "title": (TitleSection, "one"),
    "horizon": (HorizonSection, "one"),
    "services": (ServiceSection, "many"),
    "groups": (GroupSection, "many"),
    "demand": (DemandSection, "one"),
    "synthetic": (SyntheticSection, "one"),
    "times": (TimesSection, "many"),
    "sources": (SourceSection, "many"),
}
