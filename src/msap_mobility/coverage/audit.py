"""What somebody who adds up published rows finds out: the audit of exact and rounded rows together.

Every published number is an equation or a pair of bounds on the unknown counts by group and class.
The least and the greatest value that a count can have under all of them are two linear programs
(the audit of statistical disclosure control: Federal Committee on Statistical Methodology, *Report
on Statistical Disclosure Limitation Methodology*, Working Paper 22, 2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from msap_mobility.coverage.rounding import rounded_share
from msap_mobility.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from msap_mobility.coverage.disclosure import Block, CountTable, PeopleTable
    from msap_mobility.model.home import FloatArray

__all__ = ["GroupCounts", "PublishedRow", "exposes"]

_EPS = 1e-6

ClassMask = np.ndarray[tuple[int], np.dtype[np.bool_]]
ClassMasks = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


class PublishedRow(NamedTuple):
    """Groups told together, exactly (step 0) or with rounded shares."""

    block: Block
    step: float


@dataclass(frozen=True, kw_only=True)
class GroupCounts:
    """Everything that rows by group are made of.

    Parameters
    ----------
    homes
        int64, shape (groups, classes): households. Every group has some.
    people
        float64, of the same shape: persons.
    reached
        bool, shape (shares, classes): the classes that each told share counts.
    """

    homes: CountTable
    people: PeopleTable
    reached: ClassMasks

    @cached_property
    def size(self) -> FloatArray:
        """Mean persons of a household, by group."""
        return np.asarray(self.people.sum(axis=1) / self.homes.sum(axis=1), dtype=np.float64)

    @cached_property
    def households(self) -> PeopleTable:
        """Persons in households of their group's mean size: all that counts of persons tell."""
        return np.asarray(self.people / self.size[:, None], dtype=np.float64)

    @cached_property
    def kinds(self) -> ClassMasks:
        """Sets of classes to protect: each, those alike in reach, reached or not, and all."""
        alike = np.unique(self.reached, axis=1)
        same = (self.reached[:, None, :] == alike[:, :, None]).all(axis=0)
        every = np.ones((1, self.homes.shape[1]), dtype=np.bool_)
        single = np.eye(self.homes.shape[1], dtype=np.bool_)
        return np.unique(np.concatenate([single, same, self.reached, ~self.reached, every]), axis=0)


class _Bounds(NamedTuple):
    """One published number: coefficients of the unknown households, least and greatest value."""

    weights: PeopleTable
    least: float
    most: float


def exposes(
    rows: Sequence[PublishedRow], targets: Iterable[Block], counts: GroupCounts, threshold: int
) -> bool:
    """Whether rows side by side, with the exact total, tell that some households are few.

    Parameters
    ----------
    rows
        The published ones.
    targets
        Sets of groups to protect.
    counts
        By group and class.
    threshold
        A number is few if it is positive and below it.

    Returns
    -------
    bool
        True if for some class of some target the values consistent with everything published are
        all few.

    Examples
    --------
    Two groups told one by one, with 5 and 8 of 100 households not reached, 13 in all: a step that
    stands for 20 households leaves 0 to 10 for either, so 3 to 10; one twice as wide leaves 0.

    >>> homes = np.array([[95, 5], [92, 8]])
    >>> counts = GroupCounts(homes=homes, people=homes * 1.0, reached=np.array([[True, False]]))
    >>> [exposes([PublishedRow((0,), step), PublishedRow((1,), step)], [(0,), (1,)], counts, 11)
    ...  for step in (0.2, 0.5)]
    [True, False]
    """
    everybody = PublishedRow(tuple(range(len(counts.homes))), 0.0)
    bounds = [bound for row in (everybody, *rows) for bound in _published(row, counts)]
    return any(
        _is_found(cells, bounds, threshold)
        for block in targets
        for cells in _few(block, counts, threshold)
    )


def _few(block: Block, counts: GroupCounts, threshold: int) -> Iterator[PeopleTable]:
    """Cells of the kinds that hold few households of the block."""
    for kind in counts.kinds:
        cells = np.outer(np.isin(np.arange(len(counts.homes)), block), kind).astype(np.float64)
        if _EPS < (cells * counts.households).sum() < threshold - _EPS:
            yield cells


def _published(row: PublishedRow, counts: GroupCounts) -> Iterator[_Bounds]:
    """Households, persons, and persons by class or by share of those reached."""
    inside = np.isin(np.arange(len(counts.homes)), row.block).astype(np.float64)
    everyone = np.ones(counts.homes.shape[1])
    homes, people = counts.homes[list(row.block)].sum(), counts.people[list(row.block)].sum()
    yield _Bounds(np.outer(inside, everyone), homes, homes)
    yield _Bounds(np.outer(inside * counts.size, everyone), people, people)
    for kind in counts.reached if row.step else np.eye(len(everyone)):
        weights = np.outer(inside * counts.size, kind)
        told = float((weights * counts.households).sum())
        half = row.step / 2 * people
        middle = rounded_share(told / people, row.step) * people if row.step else told
        yield _Bounds(weights, middle - half, middle + half)


def _is_found(cells: PeopleTable, bounds: Sequence[_Bounds], threshold: int) -> bool:
    """Whether all values the cells can have together are few."""
    return _least(cells, bounds) > _EPS and -_least(-cells, bounds) < threshold - _EPS


def _least(cells: PeopleTable, bounds: Sequence[_Bounds]) -> float:
    """Least sum of non-negative unknowns, weighted by `cells`, within the bounds."""
    from scipy.optimize import linprog  # noqa: PLC0415 - heavy

    weights = np.array([bound.weights.ravel() for bound in bounds])
    least = np.array([bound.least for bound in bounds]) - _EPS
    most = np.array([bound.most for bound in bounds]) + _EPS
    rows, limits = np.concatenate([weights, -weights]), np.concatenate([most, -least])
    found = linprog(cells.ravel(), A_ub=rows, b_ub=limits)
    if found.fun is None:
        raise BrokenInvariant("published rows fit together", status=found.status)
    return float(found.fun)
