"""The Merkle tree of RFC 6962 over the links of entries: short proofs that need no database.

A leaf is ``SHA-256(0x00 || data)``, a node ``SHA-256(0x01 || left || right)``; a tree of n leaves
is split at the largest power of two smaller than n (RFC 6962 §2.1). The checks of proofs follow
RFC 9162 §2.1.3.2 and §2.1.4.2, which describe for the same tree what RFC 6962 leaves to the reader.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "root",
    "verify_consistency",
    "verify_inclusion",
]


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf.

    Examples
    --------
    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of the node above two."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """Hash of the whole tree (RFC 6962 §2.1), in memory of the order of log n.

    Parameters
    ----------
    leaves
        Data of the leaves, in order.

    Examples
    --------
    >>> root([]).hex()[:16], root([b"a"]) == leaf_hash(b"a")
    ('e3b0c44298fc1c14', True)
    """
    peaks: list[bytes] = []  # roots of the full trees so far, the greatest first
    for number, data in enumerate(leaves, 1):
        peak = leaf_hash(data)
        while not number & 1:  # as many full trees end here as the number has zeros at its end
            peak = node_hash(peaks.pop(), peak)
            number >>= 1  # noqa: PLW2901 - counts them
        peaks.append(peak)
    return _joined(peaks)


def _joined(peaks: list[bytes]) -> bytes:
    if not peaks:
        return sha256().digest()
    joined = peaks.pop()
    while peaks:
        joined = node_hash(peaks.pop(), joined)
    return joined


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Audit path of a leaf (RFC 6962 §2.1.1), from the leaf up.

    Parameters
    ----------
    leaves
        Data of all leaves of the tree.
    index
        Place of the leaf, from 0.

    Examples
    --------
    >>> leaves = [b"a", b"b", b"c"]
    >>> verify_inclusion(b"c", 2, 3, inclusion_proof(leaves, 2), root(leaves))
    True
    """
    path: list[bytes] = []
    level = [leaf_hash(data) for data in leaves]
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        level, index = _above(level), index >> 1
    return tuple(path)


def _above(level: list[bytes]) -> list[bytes]:
    """The nodes above a level; one without a neighbour goes up as it is."""
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [node_hash(left, right) for left, right in pairs]
    if len(level) % 2:
        above.append(level[-1])
    return above


def consistency_proof(leaves: Sequence[bytes], older: int) -> tuple[bytes, ...]:
    """Proof that a tree goes on from an older one (RFC 6962 §2.1.2).

    Parameters
    ----------
    leaves
        Data of all leaves of the newer tree.
    older
        How many of them the older tree had, at least one.

    Examples
    --------
    >>> leaves = [b"a", b"b", b"c"]
    >>> proof = consistency_proof(leaves, 2)
    >>> verify_consistency(2, 3, root(leaves[:2]), root(leaves), proof)
    True
    """
    if older == len(leaves):
        return ()
    level, node = [leaf_hash(data) for data in leaves], older - 1
    while node & 1:  # up to the root of the last full tree within the older one
        level, node = _above(level), node >> 1
    path = [level[node]] if node else []  # without others before it, it is the older root itself
    while len(level) > 1:
        beside = node ^ 1
        if beside < len(level):
            path.append(level[beside])
        level, node = _above(level), node >> 1
    return tuple(path)


def verify_inclusion(
    data: bytes, index: int, size: int, proof: Sequence[bytes], whole: bytes
) -> bool:
    """Whether `proof` leads from a leaf to the root `whole` (RFC 9162 §2.1.3.2).

    Parameters
    ----------
    data
        Of the leaf.
    index, size
        Its place, from 0, and the number of leaves.
    proof
        Its audit path.
    whole
        Root of the tree.
    """
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf_hash(data)
    for each in proof:
        if not last:
            return False
        if place & 1 or place == last:
            found = node_hash(each, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, each)
        place, last = place >> 1, last >> 1
    return not last and found == whole


def verify_consistency(
    older: int, newer: int, older_root: bytes, newer_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the newer tree begins with the whole older one (RFC 9162 §2.1.4.2).

    Parameters
    ----------
    older, newer
        Numbers of leaves.
    older_root, newer_root
        Roots of the two.
    proof
        See `consistency_proof`.
    """
    if not 0 < older <= newer:
        return False
    if older == newer:
        return not proof and older_root == newer_root
    path = list(proof)
    if older & (older - 1) == 0:  # a power of two: the older root is itself a node
        path.insert(0, older_root)
    if not path:
        return False
    place, last = older - 1, newer - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for each in path[1:]:
        if not last:
            return False
        if place & 1 or place == last:
            old, new = node_hash(each, old), node_hash(each, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, each)
        place, last = place >> 1, last >> 1
    return not last and old == older_root and new == newer_root
