"""What a page tells, as plain records: who lives where, what is driven, who is reached.

The page, the map and the exports read these and nothing else; `report.telling` makes them from a
scenario, a plan and two coverages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msap_mobility.calendar import Cycle
    from msap_mobility.model import Place
    from msap_mobility.provenance import Provenance, Source
    from msap_mobility.report.circuits import Circuit
    from msap_mobility.tours.tour import Unserved

__all__ = ["Gain", "Reached", "Story", "Village"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """A commune as a point on the map.

    Parameters
    ----------
    code, name, lon, lat
        INSEE code, name, and a point inside it.
    people
        Inhabitants.
    reached
        Share of them with a service within their limit once the tour runs; None = not told of
        this commune alone, for too few households.
    reached_before
        The same without the tour.
    """

    code: str
    name: str
    lon: float
    lat: float
    people: float
    reached: float | None
    reached_before: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One measure before and after the tour, for one row of a table.

    Parameters
    ----------
    measure
        Its code; ``report.measure.<code>`` is its name.
    before, after
        (pessimistic, optimistic), equal where all opening hours are known; None = withheld.
    """

    measure: str
    before: tuple[float, float] | None
    after: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """The people of one row and how they fare.

    Parameters
    ----------
    name
        Of the group or commune, in the reader's language.
    people
        In all.
    measures
        In the order of the columns.
    newly
        People reached after and not before.
    sooner, later
        People whose wait is shorter, and longer. Any of the three is None where withheld.
    rounded
        Whether all but `people` is rounded.
    """

    name: str
    people: float
    measures: tuple[Reached, ...]
    newly: float | None
    sooner: float | None
    later: float | None
    rounded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All a page tells.

    Parameters
    ----------
    name
        Of the scenario.
    cycle
        The calendar the tour repeats on.
    circuits
        The rounds.
    villages
        The communes.
    cells
        Corners of the squares of the ground where at least the threshold of homes lie.
    maisons, depots
        Places.
    people_reached, people_in_all
        As the plan counts them.
    everybody, by_group, by_commune
        Coverage before and after.
    unserved
        Who is left out and why, fit for publication.
    names
        Of places and communes by id, for the reasons.
    sources
        What everything rests on; the tour's own come first.
    provenance
        Of the plan.
    threshold
        Fewest households any published count tells.
    """

    name: str
    cycle: Cycle
    circuits: tuple[Circuit, ...]
    villages: tuple[Village, ...]
    cells: tuple[tuple[tuple[float, float], ...], ...]
    maisons: tuple[Place, ...]
    depots: tuple[Place, ...]
    people_reached: float
    people_in_all: float
    everybody: Gain
    by_group: tuple[Gain, ...]
    by_commune: tuple[Gain, ...]
    unserved: tuple[Unserved, ...]
    names: dict[str, str]
    sources: tuple[Source, ...]
    provenance: Provenance
    threshold: int

    @property
    def stops(self) -> tuple[Place, ...]:
        """Places where people are received, each once, sorted by id."""
        visited = {
            call.place.id: call.place
            for tour in self.circuits
            for call in tour.calls
            if call.serves
        }
        return tuple(visited[id_] for id_ in sorted(visited))
