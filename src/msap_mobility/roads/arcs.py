"""From sections to arcs: of parallel ones the best, by the node they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.roads.weights import LONGEST_S

if TYPE_CHECKING:
    from msap_mobility.roads.sections import Sections

__all__ = ["arcs_of", "components_of"]

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int], np.dtype[np.int32]]


def arcs_of(sections: Sections, delay_s: Floats) -> dict[str, Any]:
    """Of parallel directions of sections the fastest, then the shortest; no loops.

    Parameters
    ----------
    sections
        The roads.
    delay_s
        Per node, lost by whoever arrives there.

    Returns
    -------
    dict
        `indptr`, `heads`, `seconds`, `metres` and `arc_way`, as `RoadGraph` has them.
    """
    nodes = len(delay_s)
    tails = np.concatenate((sections.tail, sections.head))
    heads = np.concatenate((sections.head, sections.tail))
    seconds = np.concatenate((sections.along_s, sections.against_s)) + delay_s[heads]
    metres = np.concatenate((sections.along_m, sections.against_m))
    way = np.concatenate((np.arange(0, 2 * len(sections), 2), np.arange(1, 2 * len(sections), 2)))
    open_ways = np.flatnonzero((seconds < LONGEST_S) & (tails != heads))
    order = open_ways[
        np.lexsort(tuple(key[open_ways] for key in (way, metres, seconds, heads, tails)))
    ]
    first = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(tails[order]) != 0) | (np.diff(heads[order]) != 0)
    kept = order[first]
    indptr = np.zeros(nodes + 1, np.int32)
    np.cumsum(np.bincount(tails[kept], minlength=nodes), out=indptr[1:])
    return {
        "indptr": indptr,
        "heads": heads[kept].astype(np.int32),
        "seconds": seconds[kept],
        "metres": metres[kept],
        "arc_way": way[kept].astype(np.int32),
    }


def components_of(indptr: Ints, heads: Ints) -> Ints:
    """Strongly connected components, the largest being 0; ties in order of their first node."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - heavy
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - heavy

    nodes = len(indptr) - 1
    if nodes == 0:
        return np.empty(0, np.int32)
    arcs = csr_array((np.ones(len(heads), np.int8), heads, indptr), shape=(nodes, nodes))
    _, found = connected_components(arcs, directed=True, connection="strong")
    _, first, label, size = np.unique(
        found, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(size), np.int32)
    rank[np.lexsort((first, -size))] = np.arange(len(size), dtype=np.int32)
    ranked: Ints = rank[label]
    return ranked
