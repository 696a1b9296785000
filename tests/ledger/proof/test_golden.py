"""The hashed form is a promise: entries written today are verified by every later version.

`golden/chain-1.json` holds entries and their links. They are computed here from the documented form
(the docstring of `proof.chain`) by a few lines of their own, and by both programs of ours.
"""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from msap_mobility.ledger.canonical import fields_text, record_hash
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.journal import Journal
from msap_mobility.ledger.proof.chain import link
from msap_mobility.ledger.proof.export import export_entries
from msap_mobility.ledger.proof.merkle import root
from tests.ledger.proof.story import tell
from tests.ledger.stores import SMALL, Clock

GOLDEN = Path(__file__).parents[1] / "golden"

CHAIN = json.loads((GOLDEN / "chain-1.json").read_text(encoding="utf-8"))

COLUMNS = (
    *("seq", "key", "kind", "phase", "effective", "recorded", "ref", "actor", "data", "target"),
    *("expires", "accounts", "marks", "legs"),
)


def form_1(previous: str, scheme: str, entry: dict[str, Any]) -> str:
    """Each text after its length and a colon, each number before a semicolon."""
    asked = ""
    for column in (
        *("key", "kind", "phase", "effective", "ref", "actor", "data", "target"),
        *("expires", "accounts", "marks", "legs"),
    ):
        value = entry[column]
        if column in ("effective", "expires"):
            asked += ("" if value is None else str(value)) + ";"
        else:
            asked += str(len(value or "")) + ":" + (value or "")
    text = "1:" + previous + str(len(scheme)) + ":" + scheme
    text += str(entry["seq"]) + ";" + str(entry["recorded"]) + ";"
    text += str(len(asked)) + ":" + asked
    return sha256(text.encode("utf-8")).hexdigest()


@pytest.mark.parametrize("entry", CHAIN["entries"], ids=lambda entry: entry["key"])
def test_each_link(entry: dict[str, Any]) -> None:
    scheme, previous = CHAIN["scheme"], entry["previous"]
    assert form_1(previous, scheme, entry) == entry["hash"]
    row = (*(entry[column] for column in COLUMNS), b"")
    assert link(previous, scheme, row).hex() == entry["hash"]
    asked = (entry[column] or "" for column in ("ref", "actor", "data", "target"))
    payload = fields_text(
        *(entry[column] for column in ("key", "kind", "phase", "effective")),
        *asked,
        *(entry[column] for column in ("expires", "accounts", "marks", "legs")),
    )
    assert record_hash(previous, scheme, entry["seq"], entry["recorded"], payload) == entry["hash"]


def test_the_whole_chain() -> None:
    previous = "0" * 64
    for seq, entry in enumerate(CHAIN["entries"], 1):
        assert (entry["seq"], entry["previous"]) == (seq, previous)
        previous = entry["hash"]
    leaves = [bytes.fromhex(entry["hash"]) for entry in CHAIN["entries"]]
    assert root(leaves).hex() == CHAIN["root"]


def test_no_field_can_pass_for_another() -> None:
    """What is moved from the end of one field to the beginning of the next changes the hash."""
    texts = ("key", "kind", "phase", "ref", "actor", "data", "target", "accounts", "marks", "legs")
    numbers = ("seq", "recorded", "effective", "expires")
    entry = dict.fromkeys(texts, "ab") | dict.fromkeys(numbers, 7)
    seen = {form_1("0" * 64, "ayen", entry)}
    for one, other in pairwise(texts):
        moved = entry | {one: entry[one][:-1], other: entry[one][-1:] + entry[other]}
        seen.add(link("0" * 64, "ayen", (*(moved[column] for column in COLUMNS), b"")).hex())
    for column in numbers:
        moved = entry | {column: entry[column] * 10}
        seen.add(link("0" * 64, "ayen", (*(moved[column] for column in COLUMNS), b"")).hex())
    assert len(seen) == 1 + (len(texts) - 1) + len(numbers)


def test_the_story_is_exported_as_it_always_was() -> None:
    """An export by an earlier version stays readable: keep the file, do not renew it."""
    clock = Clock()
    with Journal(SqliteEngine.create(None, "ayen", SMALL, clock)) as journal:
        tell(journal, clock)
        lines = "".join(export_entries(journal))
    assert lines == (GOLDEN / "story-1.jsonl").read_text(encoding="utf-8")
