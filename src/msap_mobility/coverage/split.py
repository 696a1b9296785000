"""Rows by age, car, isolation and group: which are told exactly, which rounded, which not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from msap_mobility.coverage.audit import PublishedRow, exposes
from msap_mobility.coverage.disclosure import compatible, merge
from msap_mobility.coverage.rounding import fewest_homes, step_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from msap_mobility.coverage.audit import GroupCounts
    from msap_mobility.coverage.disclosure import Block
    from msap_mobility.model import Group

__all__ = ["Dimension", "Split", "splits"]

Dimension = Literal["all", "age", "car", "alone", "group", "commune"]

_FACTORS = (1, 2, 4)
"""Rounding is made coarser by these until the audit finds nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One way of splitting the groups into rows.

    Parameters
    ----------
    dimension
        What the rows differ in.
    keys
        Of each row, what it holds.
    blocks
        Of each row, its groups.
    steps
        Of each row, the step its shares are rounded to; 0 = exact.
    """

    dimension: Dimension
    keys: tuple[tuple[str, ...], ...]
    blocks: tuple[Block, ...]
    steps: tuple[float, ...]

    @property
    def rows(self) -> tuple[PublishedRow, ...]:
        """What the audit reads."""
        return tuple(map(PublishedRow, self.blocks, self.steps))


def splits(groups: Sequence[Group], counts: GroupCounts, threshold: int) -> tuple[Split, ...]:
    """The rows that may be published side by side, exact where that is safe.

    Parameters
    ----------
    groups
        Those that have households.
    counts
        Their households and persons by class.
    threshold
        Fewest households of an exact figure.
    """
    exact = _exact(groups, counts, threshold)
    singles = _by_groups(groups, [(number,) for number in range(len(groups))])
    targets = {block for split in (*exact, singles) for block in split.blocks}
    blocks = [split.blocks for split in exact]
    told = {
        exact[number].dimension: exact[number]
        for number in compatible(blocks, counts.homes, threshold=threshold)
    }
    for split in reversed(exact):  # the groups first: they are told most finely
        beside = [row for name, one in told.items() if name != split.dimension for row in one.rows]
        for rounded in _roundings(groups, split, told, counts, threshold):
            if not exposes([*beside, *rounded.rows], targets, counts, threshold):
                told[split.dimension] = rounded
                break
    return tuple(told[split.dimension] for split in exact if split.dimension in told)


def _exact(groups: Sequence[Group], counts: GroupCounts, threshold: int) -> tuple[Split, ...]:
    """The four ways, groups that fail alone told together."""
    return (
        _alike("age", (group.age for group in groups)),
        _alike("car", ("yes" if group.car else "no" for group in groups)),
        _alike("alone", ("yes" if group.alone else "no" for group in groups)),
        _by_groups(groups, merge(counts.homes, threshold=threshold)),
    )


def _alike(dimension: Dimension, values: Iterable[str]) -> Split:
    """One row per distinct value, of the groups that have it."""
    blocks: dict[str, list[int]] = {}
    for number, value in enumerate(values):
        blocks.setdefault(value, []).append(number)
    return Split(
        dimension=dimension,
        keys=tuple((value,) for value in sorted(blocks)),
        blocks=tuple(tuple(blocks[value]) for value in sorted(blocks)),
        steps=(0.0,) * len(blocks),
    )


def _by_groups(groups: Sequence[Group], blocks: Sequence[Block]) -> Split:
    return Split(
        dimension="group",
        keys=tuple(tuple(groups[number].id for number in block) for block in blocks),
        blocks=tuple(blocks),
        steps=(0.0,) * len(blocks),
    )


def _roundings(
    groups: Sequence[Group],
    split: Split,
    told: Mapping[Dimension, Split],
    counts: GroupCounts,
    threshold: int,
) -> Iterator[Split]:
    """Ways to round a dimension that is missing, or some of whose groups are only told together.

    Finer ones first.
    """
    exactly = split.dimension in told
    if exactly and all(len(keys) == 1 for keys in split.keys):
        return
    kept = [block for block in split.blocks if exactly and len(block) == 1]
    for factor in _FACTORS:
        rounded = _rounded(groups, split, kept, counts, factor * threshold)
        if rounded is not None:
            yield rounded


def _rounded(
    groups: Sequence[Group],
    split: Split,
    kept: Sequence[Block],
    counts: GroupCounts,
    scale: int,
) -> Split | None:
    """The split with rounded rows, except those of `kept`; groups are told one by one.

    None if a row has too few households for any step, or nothing would be told apart.
    """
    if split.dimension == "group":
        split = _by_groups(groups, _one_by_one(kept, counts, scale))
    steps = [
        0.0 if block in kept else step_for(int(counts.homes[list(block)].sum()), scale)
        for block in split.blocks
    ]
    if len(steps) < 2 or None in steps:
        return None
    return replace(split, steps=tuple(step for step in steps if step is not None))


def _one_by_one(kept: Sequence[Block], counts: GroupCounts, scale: int) -> list[Block]:
    """Each group a block, those with too few households for any step with the smallest others."""
    rest = np.array([n for n in range(len(counts.homes)) if (n,) not in kept], dtype=np.int64)
    sizes = counts.homes[rest].sum(axis=1, keepdims=True)
    blocks = [
        tuple(rest[list(block)].tolist()) for block in merge(sizes, threshold=fewest_homes(scale))
    ]
    return sorted([*kept, *blocks])
