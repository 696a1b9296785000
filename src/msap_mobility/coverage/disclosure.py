"""No published count tells of a few households: the one rule of `DESIGN.md` 7.

The rule, in four sentences:

1. A published row splits its households into classes (reached or not; one per reason). Every class
   must be empty or hold at least the threshold (eleven households by default, as INSEE publishes
   its 1 km grid). The complement is a class too.
2. Rows that fail are not blanked but merged into one row, with the smallest other rows that mend
   it; if nothing mends it, nothing is split at all. As every household then stands in exactly one
   published row, subtracting published rows from a published total gives merged rows and no more.
3. Several ways of splitting the same households (by age, by car, by group) are published together
   only if no sum or difference of their rows isolates a failing set of groups.
4. Rows by age, car, isolation or group that may not be exact are rounded (`coverage.rounding`) to a
   step of at least twice the threshold of their households, and told only if the least and the
   greatest value of each of their classes of a few, under everything published of groups, are not
   both among those few (`coverage.audit`); else the step grows, or they are withheld. Rows by
   commune stand apart: with any counts by group that have the same totals they go together.

What it does not do: stop somebody who already knows some of the households' answers, or how many of
each group live in each commune, or who holds two tables made apart from one another. Tables to be
shown side by side are therefore made from one merging over their joint classes, as `Comparison`
does. Nor does it hide that a row is rounded, merged or missing for a reason: some class of it, or
of one beside it, is of a few; which one, and of how many, is what stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.model.home import FloatArray, TextArray
    from msap_mobility.model.opening import SecondArray

__all__ = [
    "THRESHOLD",
    "PublishedArea",
    "compatible",
    "is_safe",
    "joint_classes",
    "merge",
    "publishable",
    "tally",
]

THRESHOLD = 11
"""Fewest households in a published count: INSEE's own for its gridded data."""

_MOST_PARTS = 12
"""Up to so many parts every set of them (4,096) is tried as a target of subtraction; with more,
and a failing one among them, only one partition is published."""

Block = tuple[int, ...]
HomeMask = np.ndarray[tuple[int], np.dtype[np.bool_]]
SignArray = np.ndarray[tuple[int], np.dtype[np.int8]]
CountTable = np.ndarray[tuple[int, int], np.dtype[np.int64]]
PeopleTable = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedArea:
    """Counts fit for publication, of one area or of several told together.

    Parameters
    ----------
    areas
        Names of the areas, sorted as they were given; more than one = merged.
    homes, people
        Households and persons by class.
    """

    areas: tuple[str, ...]
    homes: tuple[int, ...]
    people: tuple[float, ...]


def publishable(
    areas: Sequence[str],
    homes: CountTable,
    people: PeopleTable,
    *,
    threshold: int = THRESHOLD,
) -> tuple[PublishedArea, ...]:
    """Rows by area in which no class tells of a few households.

    Parameters
    ----------
    areas
        Names, in an order that decides between equals.
    homes
        int64, shape (areas, classes): households; the classes of a row are all its households.
    people
        float64, of the same shape.
    threshold
        Fewest households of a class that is not empty.

    Returns
    -------
    tuple of PublishedArea
        Areas without households are left out; the merged row, if any, comes last. Empty if even
        all areas together fail: then fewer classes may do.

    Examples
    --------
    >>> import numpy as np
    >>> homes = np.array([[30, 12], [40, 3], [90, 20]])
    >>> for row in publishable(["Ayen", "Perpezac", "Objat"], homes, 2.0 * homes):
    ...     print(row.areas, row.homes)
    ('Objat',) (90, 20)
    ('Ayen', 'Perpezac') (70, 15)
    """
    return tuple(
        PublishedArea(
            areas=tuple(areas[number] for number in block),
            homes=tuple(int(count) for count in homes[list(block)].sum(axis=0)),
            people=tuple(float(count) for count in people[list(block)].sum(axis=0)),
        )
        for block in merge(homes, threshold=threshold)
    )


def merge(homes: CountTable, *, threshold: int = THRESHOLD) -> tuple[Block, ...]:
    """Which areas stand alone and which are told together, as tuples of row numbers.

    Parameters
    ----------
    homes
        Households, shape (areas, classes).
    threshold
        Fewest households of a class that is not empty.

    Returns
    -------
    tuple of tuple of int
        Each area with households once; the merged block, if any, last. Empty if even all together
        fail.

    Examples
    --------
    >>> import numpy as np
    >>> merge(np.array([[30, 12], [40, 3], [0, 0], [90, 20]]))
    ((3,), (0, 1))
    """
    fails = ((homes > 0) & (homes < threshold)).any(axis=1)
    together = [int(area) for area in np.flatnonzero(fails)]
    alone = [int(area) for area in np.flatnonzero(homes.any(axis=1) & ~fails)]
    alone.sort(key=lambda area: (homes[area].sum(), area))
    while not is_safe(homes[together].sum(axis=0), threshold):
        counts = homes[together].sum(axis=0)
        few = (counts > 0) & (counts < threshold)
        mending = [area for area in alone if homes[area][few].any()]
        if not mending:
            return ()
        together.append(mending[0])
        alone.remove(mending[0])
    singles = tuple((area,) for area in sorted(alone))
    return (*singles, tuple(sorted(together))) if together else singles


def is_safe(homes: SecondArray | FloatArray, threshold: int) -> bool:
    """Whether every class is empty or holds at least `threshold` households."""
    return not bool(((homes > 0) & (homes < threshold)).any())


def compatible(
    partitions: Sequence[Sequence[Block]], homes: CountTable, *, threshold: int = THRESHOLD
) -> tuple[int, ...]:
    """Which ways of splitting the same parts may be published together, the first ones first.

    Parameters
    ----------
    partitions
        Each a list of blocks of part numbers; the total is taken as published.
    homes
        Households, shape (parts, classes).
    threshold
        Fewest households of a class that is not empty.

    Returns
    -------
    tuple of int
        Numbers of the partitions that may be published.

    Examples
    --------
    Old with a car, old without, young with: the two splits would give away the first by a
    difference.

    >>> import numpy as np
    >>> homes = np.array([[5, 300], [20, 400], [15, 500]])
    >>> by_age, by_car = [(0, 1), (2,)], [(0, 2), (1,)]
    >>> compatible([by_age, by_car], homes)
    (0,)
    """
    published: list[int] = []
    sums = [np.ones(len(homes))]
    for number, partition in enumerate(partitions):
        rows = [np.isin(np.arange(len(homes)), block).astype(np.float64) for block in partition]
        if not all(is_safe(row @ homes, threshold) for row in rows):
            continue
        # The first splits nothing but the total, so its own rows are all there is to find.
        if not published or not _exposes(np.array([*sums, *rows]), homes, threshold):
            published.append(number)
            sums += rows
    return tuple(published)


def _exposes(sums: PeopleTable, homes: CountTable, threshold: int) -> bool:
    """Whether sums and differences of published rows give the count of a failing set of parts."""
    if all(is_safe(part, threshold) for part in homes):
        return False
    if len(homes) > _MOST_PARTS:
        return True
    sets = np.array(list(product((0.0, 1.0), repeat=len(homes))))
    return any(_isolates(sums, sets, homes[:, kind], threshold) for kind in range(homes.shape[1]))


def _isolates(sums: PeopleTable, sets: PeopleTable, homes: SecondArray, threshold: int) -> bool:
    """The same for one class. A row that counts nobody tells that each of its parts is empty."""
    empty = (sums[sums @ homes == 0] > 0).any(axis=0)
    known = np.concatenate([sums, np.eye(len(homes))[empty]])
    deducible = np.isclose(sets @ (np.linalg.pinv(known) @ known), sets, atol=1e-9).all(axis=1)
    counts = sets[deducible] @ homes
    return bool(((counts > 0) & (counts < threshold)).any())


def joint_classes(*traits: HomeMask | SignArray) -> SecondArray:
    """Number the combinations of traits that occur: the finest classes any of them can tell.

    Examples
    --------
    >>> import numpy as np
    >>> joint_classes(np.array([0, 0, 1]), np.array([1, 0, 1])).tolist()
    [1, 0, 2]
    """
    _, number = np.unique(np.stack(traits).astype(np.int8), axis=1, return_inverse=True)
    return number.reshape(-1)


def tally(
    ids: TextArray | SecondArray, part: SecondArray, kind: SecondArray, *, parts: int
) -> CountTable:
    """Households by part and class; rows with the same id are one household in each.

    Parameters
    ----------
    ids
        Of the homes, or numbers in their place.
    part, kind
        Number of each home's part (−1 = none) and class.
    parts
        Parts are numbered below it.

    Examples
    --------
    >>> import numpy as np
    >>> tally(np.array(["a", "a", "b"]), np.array([0, 0, 1]), np.array([0, 0, 1]), parts=2).tolist()
    [[1, 0], [0, 1]]
    """
    kinds = int(kind.max(initial=0)) + 1
    _, household = np.unique(ids, return_inverse=True)
    counted = part >= 0
    cell = (part * kinds + kind)[counted]
    once = np.unique(np.stack([cell, household[counted]]), axis=1)[0]
    return np.bincount(once, minlength=parts * kinds).reshape(parts, kinds)
