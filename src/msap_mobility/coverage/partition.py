"""The ways in which results are told: in all, by age, by car, by isolation, by group, by commune.

Which rows exist is decided here once for a whole publication, from the classes of households that
its rows will tell (see `coverage.disclosure`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from msap_mobility.coverage.disclosure import compatible, is_safe, merge, tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from msap_mobility.coverage.disclosure import Block
    from msap_mobility.model import Group, Homes
    from msap_mobility.model.home import IntArray
    from msap_mobility.model.opening import SecondArray

__all__ = ["Dimension", "Partition", "partitions", "whole"]

Dimension = Literal["all", "age", "car", "alone", "group", "commune"]


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
    """

    dimension: Dimension
    keys: tuple[tuple[str, ...], ...]
    part: SecondArray


def whole(homes: Homes) -> Partition:
    """All homes as one row."""
    part = np.where(homes.people > 0, 0, -1).astype(np.int64)
    return Partition(dimension="all", keys=((),), part=part)


def partitions(
    homes: Homes,
    classes: SecondArray,
    threshold: int,
    *,
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
    by_group = tuple(_by_group(homes, classes, threshold))
    coarser = classes if commune_classes is None else commune_classes
    return (everybody, *by_group, _by_commune(homes, coarser, threshold))


def _by_group(homes: Homes, classes: SecondArray, threshold: int) -> Iterator[Partition]:
    """By age, car, isolation and group, as many as may stand side by side, in that order."""
    counts = tally(homes.ids, _peopled(homes, homes.group), classes, parts=len(homes.groups))
    present = [number for number in range(len(homes.groups)) if counts[number].any()]
    groups = [homes.groups[number] for number in present]
    traits: list[tuple[Dimension, list[tuple[str, ...]], list[Block]]] = [
        ("age", *_alike(group.age for group in groups)),
        ("car", *_alike(_yes_no(group.car) for group in groups)),
        ("alone", *_alike(_yes_no(group.alone) for group in groups)),
        ("group", *_merged_groups(groups, merge(counts[present], threshold=threshold))),
    ]
    splits = [blocks for _, _, blocks in traits]
    for number in compatible(splits, counts[present], threshold=threshold):
        dimension, keys, blocks = traits[number]
        row = np.full(len(homes.groups), -1, dtype=np.int64)
        for index, block in enumerate(blocks):
            row[[present[part] for part in block]] = index
        yield Partition(
            dimension=dimension, keys=tuple(keys), part=_peopled(homes, row[homes.group])
        )


def _alike(values: Iterable[str]) -> tuple[list[tuple[str, ...]], list[Block]]:
    """One row per distinct value, and the parts that have it."""
    blocks: dict[str, list[int]] = {}
    for number, value in enumerate(values):
        blocks.setdefault(value, []).append(number)
    ordered = sorted(blocks)
    return [(value,) for value in ordered], [tuple(blocks[value]) for value in ordered]


def _merged_groups(
    groups: list[Group], blocks: tuple[Block, ...]
) -> tuple[list[tuple[str, ...]], list[Block]]:
    return [tuple(groups[part].id for part in block) for block in blocks], list(blocks)


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


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
    )


def _peopled(homes: Homes, number: SecondArray | IntArray) -> SecondArray:
    """The numbers as int64, −1 for homes without people."""
    return np.where(homes.people > 0, number, -1).astype(np.int64)
