"""The journal as beancount reads it, and as a table."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.ledger.books.beancount import beancount
from msap_mobility.ledger.books.journal_csv import JOURNAL_COLUMNS, journal_csv
from msap_mobility.ledger.entry import AccountTerms, Entry
from msap_mobility.ledger.genesis import genesis
from tests.ledger.books.scenes import SCHEME, at, events, moves, play
from tests.ledger.stores import Clock, fresh

GOLDEN = Path(__file__).parent / "golden" / "journal.beancount"

EVIL = ["paul", "Paul", "p", "élise", "a b", 'x"y', "back\\slash", "{p}", "日本", "a-b", "9"]
"""Owners of which some would have the same name in beancount."""


needs_beancount = pytest.mark.skipif(
    find_spec("beancount") is None, reason="beancount is not installed"
)


def bean_check(text, folder):
    """How beancount's own program ends, and what it says; it runs beside, for its licence's sake.

    Beancount is under the GPL, version 2 only: no code of ours imports it, tests neither.
    """
    file = folder / "journal.beancount"
    file.write_text(text, encoding="utf-8")
    program = [sys.executable, "-m", "beancount.scripts.check", "--no-cache", str(file)]
    ended = subprocess.run(program, capture_output=True, text=True, encoding="utf-8", check=False)
    return ended.returncode, ended.stdout + ended.stderr


def text_of(journal):
    return "\n".join(beancount(journal)) + "\n"


def test_as_in_the_golden_file(lived):
    lines = text_of(lived).splitlines()
    golden = GOLDEN.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "hash:" not in line and "recorded:" not in line] == [
        line for line in golden if "hash:" not in line and "recorded:" not in line
    ]


@given(happens=events)
def test_every_leg_of_every_entry(happens):
    with fresh("memory") as store:
        clock = Clock(at(2026, 9, 1))
        journal = store.create(first=SCHEME, clock=clock)
        play(journal, clock, happens)
        lines = text_of(journal).splitlines()
        keys = [line.split('"')[1] for line in lines if line.startswith("  key:")]
        assert keys == [written.entry.key for written in moves(journal)]
        postings = [line for line in lines if line.startswith("  ") and ":" in line.split()[0][:-1]]
        assert len(postings) == sum(len(written.entry.legs) for written in moves(journal))


def odd(store, owners):
    accounts = [AccountTerms(id=f"{owner}/km", asset="km", holder="person") for owner in owners]
    journal = store.create(first=genesis({"km": 1, "KM": 0}, accounts), clock=Clock())
    for number, (one, two) in enumerate(pairwise(owners)):
        legs = {f"{one}/km": -5, f"{two}/km": 5}
        journal.post(Entry(key=f'"{number}\\', kind='od"d', legs=legs, ref="\\"))
    return journal


def test_no_two_accounts_or_assets_have_one_name(memory):
    lines = text_of(odd(memory, EVIL)).splitlines()
    opened = [line.split()[2] for line in lines if " open " in line]
    assert len(set(opened)) == len(opened) == len(EVIL)
    commodities = [line.split()[2] for line in lines if " commodity " in line]
    assert len(set(commodities)) == 2


@pytest.mark.parametrize("scene", ["lived", "odd"])
@needs_beancount
def test_beancount_itself_finds_no_fault(remembered, scene, tmp_path):
    with fresh("memory") as store:
        journal = odd(store, EVIL) if scene == "odd" else remembered
        assert bean_check(text_of(journal), tmp_path) == (0, "")


@needs_beancount
def test_beancount_itself_would_find_a_fault(remembered, tmp_path):
    text = text_of(remembered)
    wrong = re.sub(r"(balance Assets:Shops:Bakery:\S+ +)[0-9.]+", r"\g<1>77.77", text, count=1)
    assert wrong != text
    code, said = bean_check(wrong, tmp_path)
    assert code == 1
    assert "77.77" in said


@needs_beancount
@settings(max_examples=10)  # each begins a program
@given(happens=events)
def test_beancount_takes_whatever_happens(happens):
    with fresh("memory") as store, TemporaryDirectory() as folder:
        clock = Clock(at(2026, 9, 1))
        journal = store.create(first=SCHEME, clock=clock)
        play(journal, clock, happens)
        assert bean_check(text_of(journal), Path(folder)) == (0, "")


@given(happens=events, lang=st.sampled_from(["fr", "en"]))
def test_a_row_for_every_leg(happens, lang):
    with fresh("memory") as store:
        clock = Clock(at(2026, 9, 1))
        journal = store.create(first=SCHEME, clock=clock)
        play(journal, clock, happens)
        content = io.StringIO("".join(journal_csv(journal, lang)))
        rows = list(csv.DictReader(content, delimiter=";" if lang == "fr" else ","))
        told = [(row["key"], row["account"]) for row in rows]
        assert told == [
            (written.entry.key, account)
            for written in journal.entries()
            for account in written.entry.legs or [""]
        ]
        assert tuple(rows[0]) == JOURNAL_COLUMNS


def test_a_key_is_no_formula(memory):
    journal = odd(memory, ["=a", "b"])
    assert ",'=a/km,km,-0.5," in "".join(journal_csv(journal))
