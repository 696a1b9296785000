"""Join stretches at nodes where nothing happens: one road goes on as another piece of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Chains", "chains_of", "joints"]

Ids = np.ndarray[Any, np.dtype[np.int64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chains:
    """Stretches one after the other, as one goes along them.

    Parameters
    ----------
    start
        Chain `i` is ``piece[start[i]:start[i + 1]]``.
    piece
        Numbers of stretches, each once.
    turned
        Which of them run the other way round.
    """

    start: Ids
    piece: Ids
    turned: Truths

    def __len__(self) -> int:
        return len(self.start) - 1

    @property
    def first(self) -> Ids:
        """Where in `piece` each chain begins."""
        return self.start[:-1]

    @property
    def last(self) -> Ids:
        """Where in `piece` the last of each chain stands."""
        return self.start[1:] - 1

    def sums(self, along: Any, against: Any) -> tuple[Any, Any]:
        """Per chain, what its pieces have along and against them, added up."""
        forth = np.where(self.turned, against[self.piece], along[self.piece])
        back = np.where(self.turned, along[self.piece], against[self.piece])
        return np.add.reduceat(forth, self.first), np.add.reduceat(back, self.first)


def joints(tail: Ids, head: Ids, alike: Ids, ways: tuple[Truths, Truths], kept: Truths) -> Ids:
    """Where stretches may be joined.

    Parameters
    ----------
    tail, head
        Nodes of each stretch.
    alike
        Per stretch; only equals are joined.
    ways
        Which are open along and against them; a joint is open the same ways on both sides.
    kept
        Per node, whether it must stay.

    Returns
    -------
    array
        Per end (twice the number of the stretch, and one more for its head) the end it is joined
        to, or −1.

    Examples
    --------
    >>> true = np.ones(2, np.bool_)
    >>> joints(np.array([0, 1]), np.array([1, 2]), np.zeros(2), (true, true), np.zeros(3, np.bool_))
    array([-1,  2,  1, -1])
    """
    node = np.column_stack((tail, head)).ravel()
    mate = np.full(len(node), -1, np.int64)
    meets_two = (np.bincount(node, minlength=len(kept)) == 2) & ~kept
    ends = np.flatnonzero(meets_two[node])
    one, other = ends[np.argsort(node[ends], kind="stable")].reshape(-1, 2).T
    arrives = np.column_stack((ways[1], ways[0])).ravel()  # at the tail: who comes against it
    leaves = np.column_stack(ways).ravel()
    good = (alike[one >> 1] == alike[other >> 1]) & (one >> 1 != other >> 1)
    good &= (arrives[one] == leaves[other]) & (leaves[one] == arrives[other])
    mate[one[good]], mate[other[good]] = other[good], one[good]
    return mate


def chains_of(mate: Ids) -> Chains:
    """Follow the joints; a ring that is joined all round is left in pieces.

    Parameters
    ----------
    mate
        As `joints` gives it.
    """
    pairs = mate.reshape(-1, 2)
    joined = np.flatnonzero((pairs >= 0).any(axis=1))
    alone = np.flatnonzero((pairs < 0).all(axis=1))
    found = list(_followed(joined.tolist(), mate.tolist()))
    in_rings = np.setdiff1d(joined, [end >> 1 for chain in found for end in chain])
    single = np.concatenate((alone, in_rings))
    length = [*[1] * len(single), *map(len, found)]
    ends = np.array([end for chain in found for end in chain], np.int64)
    start = np.zeros(len(length) + 1, np.int64)
    np.cumsum(length, out=start[1:])
    turned = np.concatenate((np.zeros(len(single), np.bool_), (ends & 1).astype(np.bool_)))
    return Chains(start=start, piece=np.concatenate((single, ends >> 1)), turned=turned)


def _followed(joined: list[int], mate: list[int]) -> Iterator[list[int]]:
    """Chains of more than one stretch, as the ends at which one enters each."""
    done: set[int] = set()
    for stretch in joined:
        for end in (2 * stretch, 2 * stretch + 1):
            if mate[end] >= 0 or stretch in done:
                continue
            chain = [end]
            while (following := mate[chain[-1] ^ 1]) >= 0:
                chain.append(following)
            done.update(one >> 1 for one in chain)
            yield chain
