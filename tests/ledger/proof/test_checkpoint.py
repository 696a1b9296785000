"""What the chain itself cannot show: a cut end, a ledger rewritten as a whole, an old copy."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.ledger.canonical import FORM
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.journal import Journal
from msap_mobility.ledger.proof.checkpoint import Checkpoint, checkpoint, checkpoint_at
from msap_mobility.ledger.proof.verify import verify, verify_file
from tests.ledger.proof.story import TABLES, Hands, tell
from tests.ledger.proof.test_damage import rewrite
from tests.ledger.stores import Clock, Store, sale

if TYPE_CHECKING:
    from pathlib import Path


def of(path: Path) -> Checkpoint:
    with Journal(SqliteEngine.open(path)) as journal:
        return checkpoint(journal)


def test_it_says_what_is_held(store: Store, clock: Clock) -> None:
    journal = store.create(clock=clock)
    tell(journal, clock)
    state = checkpoint(journal)
    assert (state.scheme, state.seq, state.form) == ("ayen", 20, FORM)
    assert state.head == journal.engine.reader.head().hash
    # the fund has 780 cents; 110 coupons are unspent (Jeanne paid in 20); 120 cents are in Y'ACA
    assert state.totals == {"EUR": 780, "KM": 110, "YACA": 120}
    assert verify(journal, state).sound
    assert "entry 20" in verify(journal, state).summary("en")


def test_the_same_events_have_the_same_state_on_every_store(store: Store, hands: Hands) -> None:
    clock = Clock()
    journal = store.create(clock=clock)
    tell(journal, clock)
    assert checkpoint(journal) == of(hands.path)


def test_an_earlier_checkpoint_stays_true(store: Store, clock: Clock) -> None:
    journal = store.create(clock=clock)
    tell(journal, clock)
    states = [checkpoint_at(journal.engine.reader, "ayen", seq) for seq in range(1, 21)]
    assert [state.totals.get("KM", 0) for state in states[:4]] == [0, 100, 130, 130]
    for state in states:
        assert verify(journal, state).sound


def test_a_cut_end_is_found(hands: Hands) -> None:
    state = of(hands.path)
    cuts = (f"DELETE FROM ledger_{table} WHERE seq > 15" for table in TABLES if table != "account")
    hands.run(*cuts)
    assert verify_file(hands.path).sound
    found = verify_file(hands.path, checkpoint=state)
    assert [(each.code, each.seq, each.values["end"]) for each in found.findings] == [
        ("checkpoint_newer", 20, 15)
    ]
    assert "an old copy" in found.summary("en")
    assert "copie ancienne" in found.summary("fr")


def test_a_ledger_rewritten_as_a_whole_is_found(hands: Hands) -> None:
    state = of(hands.path)
    rewrite(hands, {4: {"ref": "slip 8"}})
    assert verify_file(hands.path).sound
    found = verify_file(hands.path, checkpoint=state)
    assert {(each.code, each.place) for each in found.findings} == {
        ("checkpoint_differs", "head"),
        ("checkpoint_differs", "root"),
    }


def test_the_end_replaced_by_another_is_found(hands: Hands) -> None:
    """The same number of entries, another story at the end."""
    state = of(hands.path)
    hands.run(
        *(f"DELETE FROM ledger_{table} WHERE seq > 19" for table in TABLES if table != "account")
    )
    hands.settle()
    with Journal(SqliteEngine.open(hands.path, clock=Clock(state.recorded))) as journal:
        journal.post(sale("another", 10))
        assert verify(journal).sound
        found = verify(journal, state)
    assert {each.place for each in found.findings} == {"head", "root", "totals"}


def test_an_old_copy_is_told_by_a_newer_checkpoint(hands: Hands, tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite"
    shutil.copy(hands.path, old)
    with Journal(SqliteEngine.open(hands.path, clock=Clock(2**51))) as journal:
        journal.post(sale("more", 10))
        state = checkpoint(journal)
    found = verify_file(old, checkpoint=state)
    assert [each.code for each in found.findings] == ["checkpoint_newer"]


def test_each_column_of_a_checkpoint_is_compared(hands: Hands) -> None:
    state = of(hands.path)
    for column, value in (
        ("head", "00" * 32),
        ("root", "00" * 32),
        ("recorded", 3),
        ("totals", {"KM": 1}),
    ):
        found = verify_file(hands.path, checkpoint=replace(state, **{column: value}))
        assert [(each.code, each.place) for each in found.findings] == [
            ("checkpoint_differs", column)
        ]


def test_a_checkpoint_of_another_scheme_or_a_later_form(hands: Hands) -> None:
    state = of(hands.path)
    for lang in ("en", "fr"):
        with pytest.raises(InputError) as caught:
            verify_file(hands.path, checkpoint=replace(state, scheme="brive"))
        (fault,) = caught.value.faults
        assert fault.code == "checkpoint_of_another"
        assert "'brive'" in fault.text(lang)
        assert "'ayen'" in fault.text(lang)
    later = verify_file(hands.path, checkpoint=replace(state, form=FORM + 1))
    assert [each.code for each in later.findings] == ["checkpoint_form"]


def test_a_checkpoint_at_an_entry_that_is_gone(hands: Hands) -> None:
    state = of(hands.path)
    hands.run("DELETE FROM ledger_entry WHERE seq = 9")
    found = verify_file(hands.path, checkpoint=replace(state, seq=9))
    assert "checkpoint_unread" in {each.code for each in found.findings}


digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
checkpoints = st.builds(
    Checkpoint,
    scheme=st.text(st.characters(codec="utf-8"), min_size=1),
    seq=st.integers(1, 2**40),
    head=digests,
    root=digests,
    totals=st.dictionaries(
        st.text(st.characters(codec="utf-8"), min_size=1), st.integers(), max_size=3
    ),
    recorded=st.integers(0, 2**53),
    signature=st.one_of(st.just(""), digests),
)


@given(checkpoints)
def test_one_line_and_json_make_the_round_trip(state: Checkpoint) -> None:
    line = state.to_text()
    assert len(line.splitlines()) == 1
    assert line.isascii()
    assert Checkpoint.of(line) == state
    assert Checkpoint.of(f"> {line}\n".removeprefix("> ").replace(" ", "\n  ")) == state
    assert Checkpoint.from_dict(json.loads(json.dumps(state.to_dict()))) == state


@given(checkpoints, st.data())
def test_a_mistake_in_copying_shows(state: Checkpoint, data: st.DataObject) -> None:
    line = state.to_text()
    place = data.draw(st.integers(0, len(line) - 1).filter(lambda at: not line[at].isspace()))
    other = data.draw(
        st.sampled_from("0123456789abcdefxyz").filter(lambda sign: sign != line[place])
    )
    with pytest.raises(InputError):
        Checkpoint.of(line[:place] + other + line[place + 1 :])


@given(checkpoints, st.binary(min_size=1), st.binary(min_size=1))
def test_only_the_key_that_signed_checks(state: Checkpoint, key: bytes, other: bytes) -> None:
    signed = state.sign(key)
    assert signed.checks(key)
    assert Checkpoint.of(signed.to_text()).checks(key)
    assert signed.sign(key) == signed
    assert not replace(signed, seq=signed.seq + 1).checks(key)
    assert not replace(signed, signature="").checks(key)
    # HMAC pads keys with zeros (RFC 2104): those that differ in them alone are one key
    if key.rstrip(b"\0") != other.rstrip(b"\0") and max(len(key), len(other)) <= 64:
        assert not signed.checks(other)


def test_a_key_may_be_text() -> None:
    state = Checkpoint(scheme="a", seq=1, head="", root="", totals={}, recorded=0)
    assert state.sign("clé").checks("clé".encode())


@pytest.mark.parametrize("text", ["", "hello", "msap-ledger-checkpoint 1 a"])
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(InputError, match="not a checkpoint"):
        Checkpoint.of(text)
    with pytest.raises(InputError, match="not a checkpoint"):
        Checkpoint.from_dict({"seq": text})
