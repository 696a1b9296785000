"""Where searches begin or end: on the nodes around a place, each at some cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from msap_mobility.roads.hierarchy.arrays import Int32, Int64

__all__ = ["Seeds"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seeds:
    """Per place, some nodes and the ways to them, or from them (CSR).

    Parameters
    ----------
    start
        int32: those of place `i` are ``start[i]:start[i + 1]``; none if it is off the network.
    node
        int32, as the caller of `Hierarchy.build` numbers them.
    weight
        int64, see `roads.weights`; not negative.

    Examples
    --------
    >>> len(Seeds.at([4, 7])), Seeds.at([4, 7]).some([1]).node.tolist()
    (2, [7])
    """

    start: Int32
    node: Int32
    weight: Int64

    @classmethod
    def at(cls, nodes: Any) -> Self:
        """Places that are nodes."""
        nodes = np.asarray(nodes, np.int32)
        return cls(
            start=np.arange(len(nodes) + 1, dtype=np.int32),
            node=nodes,
            weight=np.zeros(len(nodes), np.int64),
        )

    def __len__(self) -> int:
        return len(self.start) - 1

    def some(self, places: Any) -> Self:
        """Those of some places, in the order given."""
        places = np.asarray(places, np.int64)
        count = np.diff(self.start)[places]
        start = np.zeros(len(places) + 1, np.int32)
        np.cumsum(count, out=start[1:])
        rows = np.arange(start[-1]) + np.repeat(self.start[places] - start[:-1], count)
        return type(self)(start=start, node=self.node[rows], weight=self.weight[rows])
