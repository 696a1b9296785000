"""The entries as text: checked without a database, and a ledger again from them alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.proof.backup import replay
from msap_mobility.ledger.proof.checkpoint import checkpoint
from msap_mobility.ledger.proof.export import (
    check_export,
    entry_of,
    entry_to_dict,
    export_entries,
    read_entries,
)
from msap_mobility.ledger.proof.verify import verify_file
from msap_mobility.ledger.sight import Written
from tests.ledger.proof.story import tell
from tests.ledger.stores import STORES, Clock, Store, fresh
from tests.ledger.strategies import entries

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def exported():
    """The lines of the story, and its checkpoint."""
    with fresh("memory") as store:
        clock = Clock()
        journal = store.create(clock=clock)
        tell(journal, clock)
        return list(export_entries(journal)), checkpoint(journal)


def test_every_store_gives_the_same_lines(store: Store, clock: Clock, exported) -> None:
    journal = store.create(clock=clock)
    tell(journal, clock)
    assert list(export_entries(journal)) == exported[0]


def test_an_export_is_checked_without_a_database(exported) -> None:
    lines, state = exported
    found = check_export(lines, state)
    assert found.findings == ()
    assert (found.scheme, found.entries, found.head) == ("ayen", 20, state.head)
    assert found.checkpoint == 20


def test_it_is_read_back(exported) -> None:
    lines, _ = exported
    read = list(read_entries(lines))
    assert [written.seq for written in read] == list(range(1, 21))
    assert [json.dumps(entry_to_dict(each)) for each in read] == [
        json.dumps(json.loads(line)) for line in lines[1:]
    ]


@given(entries(), st.integers(1, 2**40), st.integers(0, 2**53))
def test_any_entry_makes_the_round_trip(entry, seq: int, recorded: int) -> None:
    written = Written(seq, recorded, "ab" * 32, entry)
    back = entry_of(json.loads(json.dumps(entry_to_dict(written))))
    assert replace(back.entry, data=back.entry.data or {}) == replace(entry, data=entry.data or {})
    assert (back.seq, back.recorded, back.hash) == (seq, recorded, "ab" * 32)


def altered(lines: list[str], at: int, **changes) -> list[str]:
    return [*lines[:at], json.dumps(json.loads(lines[at]) | changes), *lines[at + 1 :]]


@pytest.mark.parametrize(
    ("seq", "changes", "code"),
    [
        (4, {"legs": {"paul/KM": -26, "jeanne/KM": 26}}, "link_broken"),
        (4, {"ref": "slip 8"}, "link_broken"),
        (4, {"recorded": 1}, "time_back"),
        (4, {"seq": 5}, "misnumbered"),
        (4, {"legs": {"paul/KM": 1.5}}, "not_readable"),
        (4, {"legs": None}, "not_readable"),
        (13, {"accounts": [{"id": "x"}]}, "not_readable"),
        (4, {"hash": "00" * 32}, "link_broken"),
    ],
)
def test_what_was_altered_is_found(exported, seq: int, changes: dict, code: str) -> None:
    found = check_export(altered(exported[0], seq, **changes))
    assert (code, seq) in {(each.code, each.seq) for each in found.findings} | {
        (each.code, each.seq - 1) for each in found.findings
    }


def test_a_line_left_out_or_doubled_is_found(exported) -> None:
    lines, _ = exported
    for broken in ([*lines[:5], *lines[6:]], [*lines[:5], lines[4], *lines[5:]]):
        found = check_export(broken)
        assert "misnumbered" in {each.code for each in found.findings}


def test_what_is_no_json_is_found(exported) -> None:
    lines, _ = exported
    found = check_export([*lines[:4], "{half a line\n", *lines[5:]])
    assert ("not_readable", 4) in {(each.code, each.seq) for each in found.findings}


def test_a_cut_end_and_another_ledger_are_found_by_a_checkpoint(exported) -> None:
    lines, state = exported
    assert check_export(lines[:-2]).sound
    cut = check_export(lines[:-2], state)
    assert [each.code for each in cut.findings] == ["checkpoint_newer"]
    other = check_export(lines, replace(state, root="00" * 32))
    assert [each.code for each in other.findings] == ["checkpoint_differs"]
    with pytest.raises(InputError, match="of the scheme 'brive'"):
        check_export(lines, replace(state, scheme="brive"))


@pytest.mark.parametrize("first", ["", "{}", "[]", "hello", '{"schema":"msap.plan/1","form":1}'])
def test_what_is_no_export(first: str) -> None:
    with pytest.raises(InputError, match="first line of an export"):
        check_export([first])
    with pytest.raises(InputError, match="first line of an export"):
        list(read_entries([first]))


def test_a_bad_line_is_told_with_its_row(exported) -> None:
    with pytest.raises(InputError, match=r"row 3: '{}' is not an entry"):
        list(read_entries([*exported[0][:2], "{}"]))


@pytest.mark.parametrize("kind", STORES)
def test_a_ledger_is_built_again_hash_for_hash(kind: str, exported) -> None:
    lines, state = exported
    with fresh(kind) as store:

        def create(first, clock):
            return store.create("ayen", first, clock).engine

        assert replay(lines, create) == state


def test_what_was_built_again_is_sound(exported, tmp_path: Path) -> None:
    lines, state = exported
    path = tmp_path / "again.sqlite"
    replay(lines, lambda first, clock: SqliteEngine.create(path, "ayen", first, clock))
    assert verify_file(path, checkpoint=state).sound


def test_what_cannot_be_built_again_is_told(exported) -> None:
    lines, _ = exported

    def memory(name: str):
        return lambda first, clock: SqliteEngine.create(None, name, first, clock)

    with pytest.raises(Unusable, match="Entry 1 cannot be written again in brive"):
        replay(lines, memory("brive"))
    with pytest.raises(Unusable, match="Entry 4 cannot be written again in ayen"):
        replay(altered(lines, 4, ref="slip 8"), memory("ayen"))
    with pytest.raises(Unusable, match="Entry 4 cannot"):
        replay(altered(lines, 4, legs={"paul/KM": -900, "jeanne/KM": 900}), memory("ayen"))
    with pytest.raises(InputError, match="not the first line of an export"):
        replay(lines[:1], memory("ayen"))
