"""Someone who reads published tables, rounded rows too, and works out what each count can be.

He shares no code with the library: a published number is an equation, a rounded share is a pair of
bounds, and a linear program gives the least and the greatest value of any sum of counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy.optimize import linprog

from msap_mobility.coverage import Changes, Comparison, Coverage, CoverageTable

KINDS = tuple(product((False, True), (False, True), (-1, 0, 1)))
"""Reached before, reached after, sign of the change of the wait."""

EPS = 1e-5


def anybody(kind):
    return kind in KINDS


def reached_before(kind):
    return kind[0]


def reached_after(kind):
    return kind[1]


class IntervalAttacker:
    """Unknowns are persons by group and kind; `truth` serves only to choose and judge the aims."""

    def __init__(self, before: Coverage, after: Coverage) -> None:
        homes = before.homes
        self.groups = homes.groups
        wait = Changes(before=before.low, after=after.low).wait
        found = zip(before.low.reached, after.low.reached, wait, strict=True)
        kind = [KINDS.index((bool(b), bool(a), int(sign))) for b, a, sign in found]
        self.truth = np.zeros((len(self.groups), len(KINDS)))
        np.add.at(self.truth, (homes.group, kind), homes.people)
        households = np.array(
            [len(np.unique(homes.ids[homes.group == n])) for n in range(len(self.groups))]
        )
        self.size = self.truth.sum(axis=1) / np.maximum(households, 1)
        self.rows, self.least, self.most = [], [], []

    def members(self, dimension: str, keys: tuple[str, ...]) -> np.ndarray:
        """Which groups a row holds."""

        def trait(group) -> str:
            if dimension in {"car", "alone"}:
                return "yes" if getattr(group, dimension) else "no"
            return group.age if dimension == "age" else group.id

        return np.array([dimension == "all" or trait(group) in keys for group in self.groups])

    def reads(self, row, counts, least: float, most: float) -> None:
        """One number: persons of a row of the kinds that `counts` counts."""
        cells = np.outer(self.members(row.dimension, row.keys), [counts(kind) for kind in KINDS])
        assert least - EPS <= (cells * self.truth).sum() <= most + EPS, "the table is not true"
        self.rows.append(cells.ravel().astype(float))
        self.least.append(least - EPS)
        self.most.append(most + EPS)

    def reads_table(self, table: CoverageTable, counts) -> None:
        """The shares of those reached."""
        for row in table.rows:
            if row.dimension == "commune" or row.low is None:
                continue
            self.reads(row, anybody, row.people, row.people)
            middle, half = row.low.share_reached * row.people, row.step / 2 * row.people
            self.reads(row, counts, middle - half, middle + half)

    def reads_changes(self, comparison: Comparison) -> None:
        """Exact changes of reach and of the wait; the rounded ones follow from the shares."""
        for row in comparison.rows:
            if row.dimension == "commune" or row.step:
                continue
            for change, name in product((row.reach,), ("gained", "lost", "kept", "never")):
                reach = {
                    "gained": (False, True),
                    "lost": (True, False),
                    "kept": (True, True),
                    "never": (False, False),
                }[name]
                if change is not None:
                    told = getattr(change, name)
                    self.reads(row, lambda kind, reach=reach: kind[:2] == reach, told, told)
            for sign, name in ((1, "better"), (0, "same"), (-1, "worse")):
                if row.wait is not None:
                    told = getattr(row.wait, name)
                    self.reads(row, lambda kind, sign=sign: kind[2] == sign, told, told)

    def few(self, threshold: int) -> Iterator[tuple[str, np.ndarray]]:
        """True counts of fewer households than the threshold, by every trait and group."""
        rows = [("group", group.id) for group in self.groups]
        rows += [("age", group.age) for group in self.groups]
        rows += [(name, key) for name in ("car", "alone") for key in ("yes", "no")]
        kinds = [{k for k in KINDS if k[:2] == pair} for pair in product((False, True), repeat=2)]
        kinds += [{k for k in KINDS if k[at] is value} for at in (0, 1) for value in (False, True)]
        for (dimension, key), chosen in product(dict.fromkeys(rows), kinds):
            inside = self.members(dimension, (key,)) / np.where(self.size > 0, self.size, 1)
            cells = np.outer(inside, [kind in chosen for kind in KINDS])
            if EPS < (cells * self.truth).sum() < threshold - EPS:
                yield f"{dimension} {key} {sorted(chosen)}", cells.ravel()

    def finds(self, threshold: int) -> list[str]:
        """The few households whose number cannot be nought and cannot reach the threshold."""
        few = self.few(threshold) if self.rows else ()
        return [name for name, cells in few if self._is_few(cells, threshold)]

    def _is_few(self, cells: np.ndarray, threshold: int) -> bool:
        return self._least(cells) > 1e-3 and -self._least(-cells) < threshold - 1e-3

    def _least(self, cells: np.ndarray) -> float:
        rows, least = np.array(self.rows), np.array(self.least)
        limits = np.concatenate([self.most, -least])
        return linprog(cells, A_ub=np.concatenate([rows, -rows]), b_ub=limits).fun
