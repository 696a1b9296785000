"""Before and after: who gains, who loses, by group and by commune."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.coverage.change import ChangeRow, Changes, change_rows
from msap_mobility.coverage.disclosure import THRESHOLD, joint_classes
from msap_mobility.coverage.partition import partitions, whole
from msap_mobility.coverage.ruler import table_of
from msap_mobility.coverage.table import CoverageTable
from msap_mobility.coverage.telling import change_sentences
from msap_mobility.errors import Faults
from msap_mobility.files import content_hash
from msap_mobility.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.coverage.disclosure import HomeMask
    from msap_mobility.coverage.figures import Figures
    from msap_mobility.coverage.partition import Dimension, Partition
    from msap_mobility.coverage.ruler import Coverage
    from msap_mobility.model import Homes
    from msap_mobility.wording import Lang

__all__ = ["Comparison", "compare"]

_SCHEMES = (
    frozenset({"reach", "space_time", "wait"}),
    frozenset({"reach", "wait"}),
    frozenset({"reach"}),
    frozenset[str](),
)
"""What is told of the change, the most first; the last tells the state after and no change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two coverages of the same homes, and the change from one to the other.

    Its three tables are made of the same merged rows, chosen from the joint classes of before and
    after: nothing of a few households follows from reading them side by side.

    Parameters
    ----------
    rows
        The change: all homes first, then by age, car, isolation, group and commune.
    before, after
        The two coverages in those rows.
    optimistic
        Whether places of unknown hours were taken to be open; else they were taken to be closed.
    provenance
        Of both.
    """

    rows: tuple[ChangeRow, ...]
    before: CoverageTable
    after: CoverageTable
    optimistic: bool
    provenance: Provenance

    @property
    def threshold(self) -> int:
        """Fewest households behind any figure."""
        return self.after.threshold

    @property
    def total(self) -> ChangeRow:
        """The row of all homes."""
        return self.rows[0]

    @property
    def rounded(self) -> bool:
        """Whether any row is rounded."""
        return self.after.rounded

    def by(self, dimension: Dimension) -> tuple[ChangeRow, ...]:
        """The rows of one dimension, empty if it is not told."""
        return tuple(row for row in self.rows if row.dimension == dimension)

    def figures(self) -> Iterator[tuple[ChangeRow, Figures | None, Figures | None]]:
        """Each row with the figures before and after that were compared; None where withheld."""
        for row, before, after in zip(self.rows, self.before.rows, self.after.rows, strict=True):
            if self.optimistic:
                yield row, before.high, after.high
            else:
                yield row, before.low, after.low

    def summary(self, lang: Lang = "en", names: Mapping[str, str] | None = None) -> str:
        """Who gains and who loses as sentences, in `lang`."""
        return "\n".join(change_sentences(self, lang, names or {}))

    def to_dict(self) -> dict[str, Any]:
        """JSON data: no home, no infinity, null where there is no number."""
        return {
            "rows": [row.to_dict() for row in self.rows],
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            "optimistic": self.optimistic,
            "provenance": self.provenance.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Comparison:
        """Read `to_dict` back."""
        return cls(
            rows=tuple(ChangeRow.from_dict(row) for row in data["rows"]),
            before=CoverageTable.from_dict(data["before"]),
            after=CoverageTable.from_dict(data["after"]),
            optimistic=data["optimistic"],
            provenance=Provenance.from_dict(data["provenance"]),
        )


def compare(
    before: Coverage,
    after: Coverage,
    *,
    optimistic: bool = False,
    threshold: int = THRESHOLD,
    beside: HomeMask | None = None,
) -> Comparison:
    """Tell who gains and who loses from one coverage to another.

    Where a change concerns fewer households than the threshold even in all homes together, the
    part that would tell of them is withheld: first hours covered, then waits, then reach.

    Parameters
    ----------
    before, after
        Measured on the same homes, for the same services and stay. Their horizons may differ.
    optimistic
        Compare the values with places of unknown hours open; else with those places closed.
    threshold
        Fewest households behind any figure; 1 = no protection.
    beside
        Homes that another table, to be shown beside this one, counts by commune (those a tour
        leaves out, say): the rows by commune are merged so that the difference of the two tells
        of no few households either.

    Raises
    ------
    InputError
        If the homes or the questions differ.
    """
    _check(before, after)
    changes = Changes(
        before=before.high if optimistic else before.low,
        after=after.high if optimistic else after.low,
    )
    measures, told = _told(before, after, changes, threshold, beside)
    rows = [
        row
        for partition in told or (whole(before.homes),)
        for row in change_rows(before.homes, changes, partition, _tellable(measures, partition))
    ]
    return Comparison(
        rows=tuple(rows),
        before=table_of(before, told if measures else (), threshold),
        after=table_of(after, told, threshold),
        optimistic=optimistic,
        provenance=Provenance(
            verb="compare",
            inputs_hash=content_hash(before.provenance.inputs_hash, after.provenance.inputs_hash),
            sources=tuple(dict.fromkeys((*before.provenance.sources, *after.provenance.sources))),
        ),
    )


def _told(
    before: Coverage, after: Coverage, changes: Changes, threshold: int, beside: HomeMask | None
) -> tuple[frozenset[str], tuple[Partition, ...]]:
    """A scheme that tells of reach and of waits if any does; of these the one most exact.

    Of equals it is the first, which tells most.
    """
    schemes = [
        (measures, told)
        for measures in _SCHEMES
        if (told := _rows_told(before, after, changes, threshold, measures, beside=beside))
    ]
    nothing: tuple[frozenset[str], tuple[Partition, ...]] = (frozenset(), ())
    return max(schemes, key=_worth, default=nothing)


def _worth(scheme: tuple[frozenset[str], tuple[Partition, ...]]) -> tuple[int, int, int]:
    """Reach and waits told; dimensions told exactly; dimensions told."""
    measures, told = scheme
    exact = sum(not any(partition.steps) for partition in told)
    return len(measures & {"reach", "wait"}), exact, len(told)


def _rows_told(
    before: Coverage,
    after: Coverage,
    changes: Changes,
    threshold: int,
    measures: frozenset[str],
    *,
    beside: HomeMask | None,
) -> tuple[Partition, ...]:
    reached = [after.low.reached, after.high.reached]
    if "reach" in measures:
        reached += [before.low.reached, before.high.reached]
    wait = [changes.wait] if "wait" in measures else []
    hours = [changes.space_time] if "space_time" in measures else []
    other = [] if beside is None else [beside]
    return partitions(
        before.homes,
        joint_classes(*reached, *wait, *hours),
        threshold,
        reached=reached,
        commune_classes=joint_classes(*reached, *wait, *other),
    )


def _tellable(measures: frozenset[str], partition: Partition) -> frozenset[str]:
    """Communes were merged without regard to hours, so hours are not told by commune."""
    return measures - {"space_time"} if partition.dimension == "commune" else measures


def _check(before: Coverage, after: Coverage) -> None:
    with Faults() as faults:
        if differing := ", ".join(_differences(before.homes, after.homes)):
            faults.add("not_the_same_homes", value=differing)
        questions = [
            f"{', '.join(one.services) or '*'} ({one.stay_s} s)" for one in (before, after)
        ]
        if questions[0] != questions[1]:
            faults.add(
                "not_the_same_question",
                value=questions[1],
                before=questions[0],
                after=questions[1],
            )


def _differences(one: Homes, other: Homes) -> Iterator[str]:
    """Names of the columns that differ."""
    for column in ("ids", "people", "group", "commune"):
        if not np.array_equal(getattr(one, column), getattr(other, column)):
            yield column
    for column in ("groups", "communes"):
        if getattr(one, column) != getattr(other, column):
            yield column
