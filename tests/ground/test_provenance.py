"""Provenance survives JSON."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.provenance import Provenance, Source
from msap_mobility.wording import Words

texts = st.text(max_size=8)
words = st.builds(Words, en=texts, fr=texts)
sources = st.builds(
    Source,
    name=words,
    standing=st.sampled_from(["observed", "estimated", "assumed"]),
    origin=texts,
    licence=texts,
    date=texts,
    note=words,
)
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.builds(
        Provenance,
        verb=texts,
        inputs_hash=texts,
        sources=st.lists(sources, max_size=3).map(tuple),
        seed=st.none() | st.integers(),
        starts=st.none() | st.integers(1, 9),
        iterations=st.lists(st.integers(0), max_size=3).map(tuple),
        engine=texts,
        objective=numbers,
        bound=numbers,
        gap=numbers,
    ),
)
def test_round_trip(provenance: Provenance) -> None:
    data = json.loads(json.dumps(provenance.to_dict(), allow_nan=False))
    assert Provenance.from_dict(data) == provenance
