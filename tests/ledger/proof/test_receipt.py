"""A receipt proves its entry, and shows no other."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger.proof.checkpoint import checkpoint, checkpoint_at
from msap_mobility.ledger.proof.receipt import Consistency, Receipt, consistency, receipt
from tests.ledger.proof.story import tell
from tests.ledger.stores import Clock, Store, fresh


@pytest.fixture(scope="module")
def journal():
    with fresh("memory") as store:
        clock = Clock()
        journal = store.create(clock=clock)
        tell(journal, clock)
        yield journal


def keys(journal) -> list[str]:
    return [written.entry.key for written in journal.entries()]


def test_every_entry_has_a_receipt_that_checks(journal) -> None:
    public = checkpoint(journal)
    for key in keys(journal):
        held = receipt(journal, key)
        assert held.check()
        assert held.check(public)


def test_on_every_store(store: Store, clock: Clock) -> None:
    there = store.create(clock=clock)
    tell(there, clock)
    assert receipt(there, "r1").check(checkpoint(there))


def test_it_makes_the_round_trip_as_json(journal) -> None:
    held = receipt(journal, "o1")
    again = Receipt.from_dict(json.loads(json.dumps(held.to_dict(), allow_nan=False)))
    assert again == held
    assert again.check(checkpoint(journal))


def test_it_shows_no_other_entry(journal) -> None:
    text = json.dumps(receipt(journal, "g1").to_dict(), ensure_ascii=False)
    assert "zoé/KM" in text
    assert "jeanne" not in text
    assert "bakery" not in text
    assert not any(f'"{key}"' in text for key in keys(journal) if key != "g1")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("legs", {"jeanne/KM": 26, "paul/KM": -26}),
        ("ref", "slip 8"),
        ("recorded", 1),
        ("seq", 5),
        ("seq", 0),
        ("seq", "four"),
        ("hash", "00" * 32),
        ("key", "r9"),
        ("legs", None),
    ],
)
def test_a_changed_receipt_does_not_check(journal, column: str, value: object) -> None:
    held = receipt(journal, "r1")
    assert not replace(held, entry={**held.entry, column: value}).check()


def test_a_receipt_that_lacks_something_does_not_check(journal) -> None:
    held = receipt(journal, "r1")
    for column in held.entry:
        entry = {name: value for name, value in held.entry.items() if name != column}
        assert not replace(held, entry=entry).check(), column
    assert not replace(held, previous="00" * 32).check()
    assert not replace(held, proof=held.proof[1:]).check()
    assert not replace(held, proof=("no hash",)).check()


def test_it_leads_to_its_checkpoint_and_to_no_other(journal) -> None:
    reader = journal.engine.reader
    then = checkpoint_at(reader, "ayen", 12)
    held = receipt(journal, "r1", then)
    assert held.check(then)
    assert not held.check(checkpoint(journal))
    assert not held.check(replace(then, root="00" * 32))
    assert not held.check(replace(then, scheme="brive"))
    assert not held.check(replace(then, form=2))
    assert not held.check(replace(then, root="no hash"))


def test_no_receipt_for_what_is_not_there(journal) -> None:
    then = checkpoint_at(journal.engine.reader, "ayen", 3)
    with pytest.raises(InputError, match="no entry 'r9'"):
        receipt(journal, "r9")
    with pytest.raises(InputError, match="of entry 3, which does not come after entry 4 of 'r1'"):
        receipt(journal, "r1", then)
    with pytest.raises(InputError, match="not a receipt"):
        Receipt.from_dict({"schema": "msap.plan/1"})


def test_one_checkpoint_goes_on_from_another(journal) -> None:
    reader = journal.engine.reader
    states = [checkpoint_at(reader, "ayen", seq) for seq in range(1, 21)]
    for older in states:
        assert consistency(journal, older).holds()
        for newer in states[older.seq - 1 :]:
            proof = consistency(journal, older, newer)
            assert proof.holds()
            assert not replace(proof, older=replace(older, root="00" * 32)).holds()
    proof = consistency(journal, states[4], states[11])
    assert Consistency.from_dict(json.loads(json.dumps(proof.to_dict()))) == proof
    assert not replace(proof, newer=states[12]).holds()
    assert not replace(proof, newer=replace(states[11], scheme="brive")).holds()
    assert not replace(proof, proof=("no hash",)).holds()
    with pytest.raises(InputError, match="does not come after"):
        consistency(journal, states[11], states[4])
    with pytest.raises(InputError, match="does not come after"):
        consistency(journal, states[4], replace(states[11], seq=99))
