"""The hashed text says one thing only, and what is stored reads back as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.ledger.canonical import (
    FORM,
    GENESIS,
    entry_texts,
    fields_text,
    legs_text,
    marks_text,
    payload_hash,
    payload_text,
    read_legs,
    read_marks,
    read_terms,
    record_hash,
    terms_text,
)
from msap_mobility.ledger.entry import AccountTerms, Entry, Mark
from tests.ledger import strategies
from tests.ledger.core.reference import chained

FULL = Entry(
    key="k1",
    kind="ride",
    legs={"paul/KM": -25, "jeanne/KM": 25},
    phase="reserve",
    effective=0,
    ref="slip 5",
    actor="desk",
    data={"km": 25, "by": "é"},
    expires=-7,
    accounts=(
        AccountTerms(id="paul/KM", asset="KM", holder="person", floor=0, ceiling=9, weight=6),
        AccountTerms(id="b", asset="KM", closed=True),
    ),
    marks=(Mark(serial="A1", before="", after="sold"), Mark(serial="A2", before="x", after="y")),
)


class Fields:
    """Takes a hashed text apart again: if that can be done, no two entries share one."""

    def __init__(self, text: str) -> None:
        self.left = text

    def number(self) -> int | None:
        digits, _, self.left = self.left.partition(";")
        return int(digits) if digits else None

    def text(self) -> str:
        length, _, rest = self.left.partition(":")
        found, self.left = rest[: int(length)], rest[int(length) :]
        assert len(found) == int(length)
        return found


def taken_apart(text: str) -> Entry:
    fields = Fields(text)
    asked: dict[str, Any] = {"key": fields.text(), "kind": fields.text(), "phase": fields.text()}
    asked["effective"] = fields.number()
    asked["ref"], asked["actor"] = fields.text(), fields.text()
    asked["data"] = json.loads(fields.text() or "null")
    asked["target"], asked["expires"] = fields.text(), fields.number()
    asked["accounts"] = read_terms(fields.text())
    asked["marks"] = read_marks(fields.text())
    asked["legs"] = read_legs(fields.text())
    assert fields.left == ""
    return Entry(**asked)


@given(entry=strategies.entries())
def test_the_hashed_text_holds_every_field(entry: Entry) -> None:
    assert taken_apart(payload_text(entry)) == replace(entry, data=entry.data or None)


@given(entry=strategies.entries(), other=strategies.entries())
def test_two_entries_have_two_texts(entry: Entry, other: Entry) -> None:
    alike = replace(entry, data=entry.data or None) == replace(other, data=other.data or None)
    assert (payload_text(entry) == payload_text(other)) == alike


def test_each_field_alone_changes_the_text() -> None:
    changes: dict[str, Any] = {
        "key": "k2",
        "kind": "rides",
        "legs": {"paul/KM": -25, "jeanne/KM": 24},
        "effective": None,
        "ref": "",
        "actor": "slip 5desk",
        "data": {"km": "25", "by": "é"},
        "expires": None,
        "accounts": FULL.accounts[::-1],
        "marks": FULL.marks[::-1],
    }
    texts = {payload_text(replace(FULL, **{name: value})) for name, value in changes.items()}
    ends = {"expires": None, "target": "h"}
    for phase, target in (("capture", "h"), ("reverse", "h"), ("capture", "g")):
        texts.add(payload_text(replace(FULL, **{**ends, "phase": phase, "target": target})))
    texts.add(payload_text(FULL))
    assert len(texts) == len(changes) + 4


@given(entry=strategies.entries())
def test_the_text_is_the_one_written_down_a_second_time(entry: Entry) -> None:
    assert payload_text(entry) == chained(entry)
    assert payload_text(entry, entry_texts(entry)) == chained(entry)


def test_the_order_in_which_legs_and_data_are_given_is_no_matter() -> None:
    turned = replace(FULL, legs=dict([*FULL.legs.items()][::-1]), data={"by": "é", "km": 25})
    assert payload_text(turned) == payload_text(FULL)


@given(
    legs=strategies.legs,
    accounts=st.lists(strategies.terms(), max_size=4),
    marks=st.lists(strategies.marks, max_size=4),
)
def test_what_is_stored_reads_back(
    legs: dict[str, int], accounts: list[AccountTerms], marks: list[Mark]
) -> None:
    assert read_legs(legs_text(legs)) == legs
    assert list(read_legs(legs_text(legs))) == sorted(legs)
    assert read_terms(terms_text(accounts)) == tuple(accounts)
    assert read_marks(marks_text(marks)) == tuple(marks)


def test_the_form_is_fixed_for_ever() -> None:
    """Golden texts: a journal written today is verified in ten years."""
    accounts = "paul/KM\tKM\tperson\t0\t9\t6\t\nb\tKM\tsystem\t\t\t0\tclosed"
    marks = "A1\t\tsold\nA2\tx\ty"
    legs = "jeanne/KM\t25\npaul/KM\t-25"
    assert entry_texts(FULL) == ('{"by":"é","km":25}', accounts, marks, legs)
    text = (
        '2:k14:ride7:reserve0;6:slip 54:desk18:{"by":"é","km":25}0:-7;'
        f"47:{accounts}15:{marks}24:{legs}"
    )
    assert payload_text(FULL) == text
    assert (
        fields_text(
            *("k1", "ride", "reserve", 0, "slip 5", "desk", '{"by":"é","km":25}', "", -7),
            *(accounts, marks, legs),
        )
        == text
    )
    assert FORM == 1
    assert GENESIS == "0" * 64
    assert payload_hash(text) == sha256(text.encode("utf-8")).hexdigest()
    assert payload_hash(text).startswith("5346a77fe245eab2f88712757f915492")
    link = record_hash(GENESIS, "ayén", 17, 1_796_126_400_000_000, text)
    assert link == "3ec2006da81a440f2d8e050cd4deabd0cde5a7c320b3c95b1462d97bfe9f70d1"


@given(
    previous=st.sampled_from((GENESIS, "ab" * 32)),
    scheme=strategies.names,
    seq=st.integers(1, 2**40),
    recorded=st.integers(-(2**60), 2**60),
    payload=strategies.texts,
)
def test_the_link_covers_place_time_and_what_went_before(
    previous: str, scheme: str, seq: int, recorded: int, payload: str
) -> None:
    parts = f"1:{previous}", f"{len(scheme)}:{scheme}", f"{seq};{recorded};"
    text = "".join(parts) + f"{len(payload)}:{payload}"
    link = record_hash(previous, scheme, seq, recorded, payload)
    assert link == sha256(text.encode()).hexdigest()
    assert link != record_hash(previous, scheme, seq + 1, recorded, payload)
    assert link != record_hash(previous, scheme, seq, recorded + 1, payload)
    assert link != record_hash("cd" * 32, scheme, seq, recorded, payload)
