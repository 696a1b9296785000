"""The tree of RFC 6962, against its definition word for word."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.ledger.proof.merkle import (
    consistency_proof,
    inclusion_proof,
    root,
    verify_consistency,
    verify_inclusion,
)


def split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """RFC 6962 §2.1.2."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


LEAVES = [bytes([number]) * (number % 5) for number in range(200)]


@pytest.mark.parametrize("size", range(201))
def test_roots(size: int) -> None:
    assert root(LEAVES[:size]) == mth(LEAVES[:size])
    assert root(iter(LEAVES[:size])) == mth(LEAVES[:size])


@settings(max_examples=40)
@given(st.integers(1, 200).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_inclusion(case: tuple[int, int]) -> None:
    size, index = case
    leaves = LEAVES[:size]
    proof = inclusion_proof(leaves, index)
    assert list(proof) == path(index, leaves)
    assert verify_inclusion(leaves[index], index, size, proof, mth(leaves))
    assert not verify_inclusion(leaves[index] + b"!", index, size, proof, mth(leaves))
    assert not verify_inclusion(leaves[index], index, size, proof, mth([*leaves, b"!"]))
    assert not verify_inclusion(leaves[index], index, size, (*proof, b"!" * 32), mth(leaves))
    assert not verify_inclusion(leaves[index], size, size, proof, mth(leaves))
    assert not verify_inclusion(leaves[index], -1, size, proof, mth(leaves))
    whole = mth(leaves)
    for other in range(size):
        if other != index:
            assert not verify_inclusion(leaves[index] + b"?", other, size, proof, whole)
    if proof:
        assert not verify_inclusion(leaves[index], index, size, proof[:-1], mth(leaves))
        assert not verify_inclusion(leaves[index], index, size, (), mth(leaves))


@given(st.integers(1, 200).flatmap(lambda size: st.tuples(st.just(size), st.integers(1, size))))
def test_consistency(case: tuple[int, int]) -> None:
    size, older = case
    leaves = LEAVES[:size]
    proof = consistency_proof(leaves, older)
    assert list(proof) == subproof(older, leaves, True)
    before, after = mth(leaves[:older]), mth(leaves)
    assert verify_consistency(older, size, before, after, proof)
    assert not verify_consistency(older, size, after[::-1], after, proof)
    assert not verify_consistency(older, size, before, before[::-1], proof)
    assert not verify_consistency(older, size, before, after, (*proof, b"!" * 32))
    assert not verify_consistency(0, size, before, after, proof)
    assert not verify_consistency(size + 1, size, before, after, proof)
    if proof:
        assert not verify_consistency(older, size, before, after, proof[:-1])
        assert not verify_consistency(older, size, before, after, ())
        changed = (proof[0][::-1], *proof[1:])
        assert not verify_consistency(older, size, before, after, changed)


def test_known_answers() -> None:
    """SHA-256 of nothing; of a zero byte; and a tree of two, by hand."""
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root([b""]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    two = sha256(b"\x01" + root([b""]) + root([b"\x00"])).digest()
    assert root([b"", b"\x00"]) == two
