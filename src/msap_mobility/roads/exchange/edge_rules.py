"""What the columns of a road mean: its length, and how long it takes each way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.formats.kinds import NUMBER
from msap_mobility.roads.profile import CAR, Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.provenance import Source

__all__ = [
    "EdgeColumns",
    "EdgeCost",
    "EdgeRule",
    "OsmTags",
    "cost_at_speeds",
    "number",
    "text",
    "ways_of",
]

_BOTH_WAYS = ("", "no", "false", "0", "non")
_ALONG = ("yes", "true", "1", "oui")
_AGAINST = ("-1", "reverse")


class EdgeCost(NamedTuple):
    """Of one road: metres, seconds along its line and against it (infinite where closed).

    And whether its slope is known and counted in them.
    """

    metres: float
    along_s: float
    against_s: float
    slope_known: bool = False


class EdgeRule(Protocol):
    """From the columns of a road to its cost."""

    @property
    def profile(self) -> Profile:
        """Whose network the roads make."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns without which nothing can be said."""
        ...

    def cost(self, row: Mapping[str, Any], measured_m: float) -> EdgeCost:
        """The cost of a road whose line is `measured_m` long; raises `InputError`."""
        ...

    def sources(self) -> tuple[Source, ...]:
        """What the rule itself rests on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeColumns:
    """Plain numbers: a speed or a time of each road.

    Parameters
    ----------
    km_per_h, seconds
        Columns of the speed or of the time, the same both ways. One of them is empty.
    metres
        Column of the length; where it is absent or its cell empty, the line is measured.
    climb_m
        Column of the metres that the end of the line lies higher than its beginning; where it is
        absent or its cell empty, that is not known. Speeds are then those on the flat, and the
        profile says what the slope makes of them; times are not changed.
    oneway
        Column that says yes, no or -1 (against the line), as OpenStreetMap does; absent = no.
    profile
        Whose speeds these are.

    Examples
    --------
    >>> EdgeColumns().cost({"km_per_h": "36", "oneway": "yes"}, 100.0)
    EdgeCost(metres=100.0, along_s=10.0, against_s=inf, slope_known=False)
    """

    km_per_h: str = "km_per_h"
    seconds: str = ""
    metres: str = "length_m"
    climb_m: str = "climb_m"
    oneway: str = "oneway"
    profile: Profile = CAR

    @property
    def needs(self) -> tuple[str, ...]:
        """The column of the speed or of the time."""
        return (self.seconds or self.km_per_h,)

    def cost(self, row: Mapping[str, Any], measured_m: float) -> EdgeCost:
        """Read one road.

        Raises
        ------
        InputError
            ``not_a_number``, ``empty_cell``, ``edge_number_too_low``, ``edge_unknown_oneway``.
        """
        with Faults() as faults:
            metres, climb, ways = measured_m, np.nan, (True, True)
            cost = EdgeCost(metres, np.inf, np.inf)
            if text(row, self.metres):
                with faults.also():
                    metres = number(row, self.metres)
            if text(row, self.climb_m):
                with faults.also():
                    climb = number(row, self.climb_m, least=-np.inf)
            with faults.also():
                cost = self._cost(row, metres, climb)
            with faults.also(column=self.oneway):
                ways = ways_of(text(row, self.oneway))
        along, against = (
            seconds if is_open else np.inf
            for seconds, is_open in zip((cost.along_s, cost.against_s), ways, strict=True)
        )
        return cost._replace(along_s=along, against_s=against)

    def sources(self) -> tuple[Source, ...]:
        """Nothing beside the file itself."""
        return ()

    def _cost(self, row: Mapping[str, Any], metres: float, climb: float) -> EdgeCost:
        """Open both ways."""
        if self.seconds:
            told = number(row, self.seconds)
            return EdgeCost(metres, told, told)
        speed = number(row, self.km_per_h)
        if speed == 0:
            column = self.km_per_h
            raise InputError([Fault(code="edge_number_too_low", column=column, value=speed)])
        slope = climb / metres if metres > 0 else np.nan
        return cost_at_speeds(metres, (speed, speed), slope, self.profile)


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmTags:
    """Columns that are called and filled as OpenStreetMap's tags: ``highway``, ``maxspeed``, ….

    Parameters
    ----------
    profile
        Says how fast these roads are.
    metres
        Column of the length; where it is absent or its cell empty, the line is measured.

    Examples
    --------
    >>> OsmTags().cost({"highway": "footway"}, 650.0)
    EdgeCost(metres=650.0, along_s=inf, against_s=inf, slope_known=False)
    """

    profile: Profile = CAR
    metres: str = "length_m"

    @property
    def needs(self) -> tuple[str, ...]:
        """The class of the road."""
        return ("highway",)

    def cost(self, row: Mapping[str, Any], measured_m: float) -> EdgeCost:
        """Read one road; raises `InputError` with ``not_a_number`` or ``edge_number_too_low``."""
        tags = {name: text(row, name) for name in row if text(row, name)}
        metres = number(row, self.metres) if text(row, self.metres) else measured_m
        speeds, slope = self.profile.speeds_km_per_h(tags), self.profile.slope(tags)
        return cost_at_speeds(metres, speeds, slope, self.profile)

    def sources(self) -> tuple[Source, ...]:
        """Nothing beside the file itself: the profile is told with the times."""
        return ()


def cost_at_speeds(
    metres: float,
    km_per_h: tuple[float, float],
    slope: float = np.nan,
    profile: Profile | None = None,
) -> EdgeCost:
    """The cost at the speeds along and against; 0 = closed.

    `slope` (rise over run) counts as the profile says; NaN = not known.

    Examples
    --------
    >>> cost_at_speeds(100.0, (36.0, 0.0))
    EdgeCost(metres=100.0, along_s=10.0, against_s=inf, slope_known=False)
    """
    climbing = None if profile is None or np.isnan(slope) else profile.climbing
    paces = [1.0, 1.0] if climbing is None else climbing.pace([slope, -slope]).tolist()
    along, against = (
        pace * metres / (speed / 3.6) if speed > 0 else np.inf
        for pace, speed in zip(paces, km_per_h, strict=True)
    )
    return EdgeCost(metres, along, against, climbing is not None)


def text(row: Mapping[str, Any], column: str) -> str:
    """The cell as a text: empty if it is not there, and yes or no of a JSON truth value.

    Examples
    --------
    >>> text({"oneway": True}, "oneway"), text({"lanes": None}, "lanes"), text({}, "lanes")
    ('yes', '', '')
    """
    value = row.get(column)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()


def number(row: Mapping[str, Any], column: str, *, least: float = 0.0) -> float:
    """The cell as a number that is not below `least`.

    Raises
    ------
    InputError
        ``empty_cell``, ``not_a_number`` or ``edge_number_too_low``, with the column.
    """
    cell = text(row, column)
    if not cell:
        raise InputError([Fault(code="empty_cell", column=column, value=cell)])
    try:
        value: float = NUMBER.read(cell)
    except InputError:
        raise InputError([Fault(code="not_a_number", column=column, value=cell)]) from None
    if value < least:
        raise InputError([Fault(code="edge_number_too_low", column=column, value=cell)])
    return value


def ways_of(told: str) -> tuple[bool, bool]:
    """Whether a road is open along its line and against it.

    Raises
    ------
    InputError
        ``edge_unknown_oneway``.

    Examples
    --------
    >>> ways_of("yes"), ways_of("-1"), ways_of("")
    ((True, False), (False, True), (True, True))
    """
    word = told.lower()
    if word not in _BOTH_WAYS + _ALONG + _AGAINST:
        known = ", ".join((*_ALONG, *_BOTH_WAYS[1:], *_AGAINST))
        fault = Fault(code="edge_unknown_oneway", value=told, details={"known": known})
        raise InputError([fault])
    return word not in _AGAINST, word not in _ALONG
