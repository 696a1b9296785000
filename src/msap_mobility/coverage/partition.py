"""The ways in which results are told: in all, by age, by car, by isolation, by group, by commune.

Which rows exist is decided here once for a whole publication, from the classes of households that
its rows will tell (see `coverage.disclosure`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.coverage.audit import GroupCounts
from msap_mobility.coverage.disclosure import is_safe, merge, tally
from msap_mobility.coverage.split import Dimension, splits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.coverage.disclosure import HomeMask
    from msap_mobility.model import Homes
    from msap_mobility.model.home import IntArray
    from msap_mobility.model.opening import SecondArray

__all__ = ["Dimension", "Partition", "partitions", "whole"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Partition:
    """One way of splitting the homes into rows.

    Parameters
    ----------
    dimension
        What the rows differ in.
    keys
        Of each row, what it holds: one age class, group id or commune code; several where they
        are told together; none for all homes.
    part
        int64 row of each home; −1 for a home without people.
    steps
        Of each row, the step its shares are rounded to; 0 = exact.
    """

    dimension: Dimension
    keys: tuple[tuple[str, ...], ...]
    part: SecondArray
    steps: tuple[float, ...]


def whole(homes: Homes) -> Partition:
    """All homes as one row."""
    part = np.where(homes.people > 0, 0, -1).astype(np.int64)
    return Partition(dimension="all", keys=((),), part=part, steps=(0.0,))


def partitions(
    homes: Homes,
    classes: SecondArray,
    threshold: int,
    *,
    reached: Sequence[HomeMask],
    commune_classes: SecondArray | None = None,
) -> tuple[Partition, ...]:
    """Everything that may be published about these classes of homes.

    Parameters
    ----------
    homes
        The homes.
    classes
        Class of each home: the finest that the rows will tell.
    threshold
        Fewest households in a class of a row.
    reached
        The homes that each share counts which rounded rows tell; `classes` distinguish them.
    commune_classes
        Coarser classes, if the rows by commune tell less than the others.

    Returns
    -------
    tuple of Partition
        ``all`` first. Empty if a class of all homes together is below the threshold, or if nobody
        lives in the homes.
    """
    everybody = whole(homes)
    total = tally(homes.ids, everybody.part, classes, parts=1)
    if not total.any() or not is_safe(total[0], threshold):
        return ()
    by_group = tuple(_by_group(homes, classes, threshold, reached))
    coarser = classes if commune_classes is None else commune_classes
    return (everybody, *by_group, _by_commune(homes, coarser, threshold))


def _by_group(
    homes: Homes, classes: SecondArray, threshold: int, reached: Sequence[HomeMask]
) -> Iterator[Partition]:
    """By age, car, isolation and group, as many as may stand side by side, in that order."""
    present = np.unique(homes.group[homes.people > 0])
    counts = _counts(homes, classes, reached, present)
    for split in splits([homes.groups[number] for number in present], counts, threshold):
        row = np.full(len(homes.groups), -1, dtype=np.int64)
        for index, block in enumerate(split.blocks):
            row[present[list(block)]] = index
        yield Partition(
            dimension=split.dimension,
            keys=split.keys,
            part=_peopled(homes, row[homes.group]),
            steps=split.steps,
        )


def _counts(
    homes: Homes, classes: SecondArray, reached: Sequence[HomeMask], present: IntArray
) -> GroupCounts:
    """Households and persons of the groups present, by class, and which classes are reached."""
    group = _peopled(homes, homes.group)
    households = tally(homes.ids, group, classes, parts=len(homes.groups))
    people = np.zeros(households.shape)
    np.add.at(people, (homes.group, classes), homes.people)
    told = np.zeros((len(reached), people.shape[1]), dtype=np.bool_)
    for number, mask in enumerate(reached):
        told[number, classes[mask]] = True
    return GroupCounts(homes=households[present], people=people[present], reached=told)


def _by_commune(homes: Homes, classes: SecondArray, threshold: int) -> Partition:
    """By commune in the order of their codes, small ones told together."""
    codes, order = np.unique(np.array(homes.communes, dtype=np.str_), return_inverse=True)
    area = _peopled(homes, order[homes.commune])
    blocks = merge(tally(homes.ids, area, classes, parts=len(codes)), threshold=threshold)
    row = np.full(len(codes) + 1, -1, dtype=np.int64)
    for index, block in enumerate(blocks):
        row[list(block)] = index
    return Partition(
        dimension="commune",
        keys=tuple(tuple(str(codes[area]) for area in block) for block in blocks),
        part=row[area],
        steps=(0.0,) * len(blocks),
    )


def _peopled(homes: Homes, number: SecondArray | IntArray) -> SecondArray:
    """The numbers as int64, −1 for homes without people."""
    return np.where(homes.people > 0, number, -1).astype(np.int64)
