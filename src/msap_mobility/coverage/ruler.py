"""The ruler itself: homes, openings and travel times in, the measures of every home out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.coverage.disclosure import THRESHOLD, joint_classes, tally
from msap_mobility.coverage.figures import Figures, figures
from msap_mobility.coverage.indicators import Indicators, indicators
from msap_mobility.coverage.partition import Partition, partitions, whole
from msap_mobility.coverage.reach import reachable
from msap_mobility.coverage.rounding import Greatest, rounded_figures
from msap_mobility.coverage.table import CoverageRow, CoverageTable
from msap_mobility.errors import Faults
from msap_mobility.files import content_hash
from msap_mobility.provenance import Provenance, Source
from msap_mobility.units import DAY_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from msap_mobility.coverage.axis import OpeningMask
    from msap_mobility.model import Homes, Mode, Timetable
    from msap_mobility.wording import Lang

__all__ = ["Coverage", "measure", "table_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coverage:
    """The measures of every home. Stays in memory: what is saved or shown is its `table`.

    Parameters
    ----------
    homes
        Whom was measured.
    low
        The pessimistic values: openings whose hours are not published do not count.
    high
        The optimistic ones: they count as given. The same object as `low` where every opening
        asked for has published hours.
    services, stay_s
        What was asked, see `measure`.
    provenance
        Hash of all inputs, and what they rest on.
    """

    homes: Homes
    low: Indicators
    high: Indicators
    services: tuple[str, ...]
    stay_s: int
    provenance: Provenance

    @property
    def certain(self) -> bool:
        """Whether unknown hours bear on no home: then `low` is *the* value."""
        return self.low.same_as(self.high)

    def table(self, *, threshold: int = THRESHOLD) -> CoverageTable:
        """The figures in all, by age, car, isolation, group and commune, fit for publication.

        Tables of two coverages shown side by side are to come from one `compare`: made apart,
        their difference could tell of a few households.

        Parameters
        ----------
        threshold
            Fewest households behind any figure (see `coverage.disclosure`); 1 = no protection.
        """
        reached = (self.low.reached, self.high.reached)
        told = partitions(self.homes, joint_classes(*reached), threshold, reached=reached)
        return table_of(self, told, threshold)

    def summary(self, lang: Lang = "en", names: Mapping[str, str] | None = None) -> str:
        """The main figures of `table` as sentences, in `lang`."""
        return self.table().summary(lang, names)


def measure(
    homes: Homes,
    timetable: Timetable,
    modes: Sequence[Mode],
    *,
    services: tuple[str, ...] = (),
    stay_s: int = 0,
    sources: tuple[Source, ...] = (),
) -> Coverage:
    """Measure what every home can reach, when, and how long it waits for it.

    Capacities and notice of openings and the notice of modes are not looked at: the measure is of
    doors that are open, not of seats that are free.

    Parameters
    ----------
    homes
        Who lives where, with the limits and hours of their groups.
    timetable
        What opens when; its places are the columns of every mode's times.
    modes
        Ways of getting there.
    services
        Ids: an opening counts if it offers *any* of them; empty = every opening counts. A service
        that nobody offers reaches nobody.
    stay_s
        How long a visit lasts: one must arrive that long before the door closes.
    sources
        What the inputs rest on, kept in the provenance.

    Returns
    -------
    Coverage
        Values per row of `homes`.

    Raises
    ------
    InputError
        If `stay_s` is negative or above a day, the modes do not fit (see `reachable`), or a group
        has no hours within the horizon.

    Examples
    --------
    A van stops three hours every Thursday within reach of one home of two:

    >>> import numpy as np
    >>> from msap_mobility.calendar import Cycle
    >>> from msap_mobility.model import (
    ...     Group, Home, Homes, Limit, Mode, Opening, Place, TimesTable, Timetable)
    >>> group = Group(id="all", age="65_plus", car=False, alone=True,
    ...               limits=(Limit(mode="walk", max_m=800),))
    >>> homes = Homes.of([Home(id="near", lon=1.2, lat=49.7, people=2, group="all"),
    ...                   Home(id="far", lon=1.3, lat=49.7, people=1, group="all")],
    ...                  groups=(group,))
    >>> stop = Place(id="stop", name="Longueville", lon=1.2, lat=49.7)
    >>> thursday_s = 3 * 86400
    >>> opening = Opening(place="stop", services=("grocery",), start_s=thursday_s + 48600,
    ...                   end_s=thursday_s + 59400)
    >>> timetable = Timetable.of([opening], places=[stop], horizon=Cycle(weeks=1))
    >>> metres = np.array([[100], [5000]], np.float32)
    >>> walk = Mode(id="walk", times=TimesTable(seconds=metres, metres=metres,
    ...                                         status=np.zeros((2, 1), np.uint8)))
    >>> coverage = measure(homes, timetable, [walk], services=("grocery",))
    >>> coverage.low.reached.tolist(), coverage.certain
    ([True, False], True)
    >>> (coverage.low.wait_s / 86400).round(3).tolist()      # (165 h)² / (2 × 168 h)
    [3.376, inf]
    """
    with Faults() as faults:
        if not 0 <= stay_s <= DAY_S:
            faults.add("out_of_range", column="stay_s", value=stay_s, least=0, most=DAY_S)
        with faults.also():
            reach = reachable(homes, len(timetable.places), modes)
    offered = _offering(timetable, services)
    low = indicators(homes, reach, timetable, offered & timetable.certain, stay_s)
    doubtful = bool((offered & ~timetable.certain).any())
    return Coverage(
        homes=homes,
        low=low,
        high=indicators(homes, reach, timetable, offered, stay_s) if doubtful else low,
        services=services,
        stay_s=stay_s,
        provenance=Provenance(
            verb="coverage",
            inputs_hash=content_hash(*_inputs(homes, timetable, modes, services, stay_s)),
            sources=sources,
        ),
    )


def _offering(timetable: Timetable, services: tuple[str, ...]) -> OpeningMask:
    """Which openings offer any of the services."""
    if not services:
        return np.ones(len(timetable), dtype=np.bool_)
    bits = [number for number, name in enumerate(timetable.service_ids) if name in services]
    offering: OpeningMask = timetable.services & np.uint64(sum(1 << bit for bit in bits)) != 0
    return offering


def _inputs(
    homes: Homes,
    timetable: Timetable,
    modes: Sequence[Mode],
    services: tuple[str, ...],
    stay_s: int,
) -> Iterator[bytes | str]:
    """All that the measure depends on, for its hash."""
    yield repr((homes.groups, homes.communes, timetable.horizon, timetable.places))
    yield repr((timetable.service_ids, timetable.audience_ids, services, stay_s))
    for column in ("ids", "people", "group", "commune"):
        yield getattr(homes, column).tobytes()
    for column in ("place", "start_s", "end_s", "services", "audience", "certain"):
        yield getattr(timetable, column).tobytes()
    for mode in modes:
        yield mode.id
        yield mode.times.seconds.tobytes()
        yield mode.times.metres.tobytes()


def table_of(coverage: Coverage, told: tuple[Partition, ...], threshold: int) -> CoverageTable:
    """A table with the given rows.

    Parameters
    ----------
    coverage
        What to tell.
    told
        Rows fit for publication, all homes first; none = figures withheld.
    threshold
        The one they were made with.
    """
    rows = [row for partition in told for row in _rows(coverage, partition)]
    return CoverageTable(
        rows=tuple(rows or _rows(coverage, whole(coverage.homes), withheld=True)),
        services=coverage.services,
        stay_s=coverage.stay_s,
        threshold=threshold,
        provenance=coverage.provenance,
    )


def _rows(
    coverage: Coverage, partition: Partition, *, withheld: bool = False
) -> Iterator[CoverageRow]:
    homes, parts = coverage.homes, len(partition.keys)
    inside = partition.part >= 0
    one_class = np.zeros(len(homes), dtype=np.int64)
    households = tally(homes.ids, partition.part, one_class, parts=parts)[:, 0]
    people = np.bincount(partition.part[inside], homes.people[inside], minlength=parts)
    low: tuple[Figures | None, ...] = (None,) * parts
    high = low
    if not withheld:
        low = high = _figures(homes, coverage.low, partition)
        if coverage.high is not coverage.low:
            high = _figures(homes, coverage.high, partition)
    for row, keys in enumerate(partition.keys):
        yield CoverageRow(
            dimension=partition.dimension,
            keys=keys,
            homes=int(households[row]),
            people=float(people[row]),
            low=low[row],
            high=high[row],
            step=partition.steps[row],
        )


def _figures(homes: Homes, found: Indicators, partition: Partition) -> tuple[Figures, ...]:
    """Exact or rounded, as the rows are."""
    exact = figures(homes, found, partition.part, parts=len(partition.keys))
    greatest = Greatest.of(found)
    return tuple(
        rounded_figures(row, step, greatest) if step else row
        for row, step in zip(exact, partition.steps, strict=True)
    )
