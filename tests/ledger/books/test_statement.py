"""Statements add up, page by page, in both orders, and show late paper where it happened."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import BrokenInvariant, InputError
from msap_mobility.ledger.books.period import Period
from msap_mobility.ledger.books.statement import Statement, balance_on, statement
from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.journal import instant_of
from msap_mobility.ledger.outcome import Refused
from tests.ledger.books.scenes import SCHEME, at, effective, events, legs_of, moves, play
from tests.ledger.stores import Clock, fresh

ACCOUNTS = ["fund/EUR", "paul/KM", "jeanne/YACA"]


def expected(journal, account, by):
    """Instant, number and amount of every line, the long way."""
    found = [
        (effective(written) if by == "effective" else written.recorded, written.seq)
        for written in moves(journal)
        if account in written.entry.legs
    ]
    amounts = {written.seq: written.entry.legs.get(account) for written in moves(journal)}
    ordered = sorted(found) if by == "effective" else sorted(found, key=lambda pair: pair[1])
    return [(when, seq, amounts[seq]) for when, seq in ordered]


def pages(journal, account, **asked):
    after = 0
    while True:
        page = statement(journal, account, after=after, **asked)
        yield page
        if page.following is None:
            return
        after = page.following


@given(happens=events, cut=st.integers(0, 400 * 24), by=st.sampled_from(["effective", "recorded"]))
def test_a_statement_is_what_the_entries_say(happens, cut, by):
    with fresh("memory") as store:
        clock = Clock(at(2026, 9, 1))
        journal = store.create(first=SCHEME, clock=clock)
        play(journal, clock, happens)
        instant = instant_of(at(2026, 8, 1) + cut * 3_600_000_000)
        for account in ACCOUNTS:
            lines = expected(journal, account, by)
            cut_us = at(2026, 8, 1) + cut * 3_600_000_000
            before = [amount for when, _, amount in lines if when < cut_us]
            after = [(seq, amount) for when, seq, amount in lines if when >= cut_us]
            told = statement(journal, account, since=instant, by=by)
            assert told.opening == sum(before)
            assert [(line.seq, line.amount) for line in told.lines] == after
            first = statement(journal, account, until=instant, by=by)
            assert (first.opening, first.closing) == (0, told.opening)
            assert told.closing == journal.balance(account).posted
            earlier = instant - timedelta(microseconds=1)
            assert balance_on(journal, account, earlier, by=by) == told.opening


@given(happens=events, limit=st.integers(1, 4), by=st.sampled_from(["effective", "recorded"]))
def test_pages_follow_one_another_and_are_the_whole(happens, limit, by):
    with fresh("memory") as store:
        clock = Clock(at(2026, 9, 1))
        journal = store.create(first=SCHEME, clock=clock)
        play(journal, clock, happens)
        for account in ACCOUNTS:
            whole = statement(journal, account, by=by)
            parts = list(pages(journal, account, by=by, limit=limit))
            assert sum((part.lines for part in parts), ()) == whole.lines
            assert [part.opening for part in parts[1:]] == [part.closing for part in parts[:-1]]
            assert parts[-1].closing == whole.closing
            assert all(len(part.lines) == limit for part in parts[:-1])


@pytest.mark.parametrize("by", ["effective", "recorded"])
def test_on_every_store_the_same(lived, by):
    lines = expected(lived, "paul/KM", by)
    told = list(pages(lived, "paul/KM", by=by, limit=2))
    read = [(line.seq, line.amount) for page in told for line in page.lines]
    assert read == [(seq, amount) for _, seq, amount in lines]
    assert told[-1].closing == 18


def test_late_paper_stands_in_the_month_it_happened(lived):
    december = Period.month(2026, 12)
    whole = {"since": december.since, "until": december.until}
    happened = statement(lived, "paul/KM", **whole)
    written = statement(lived, "paul/KM", **whole, by="recorded")
    assert [line.amount for line in happened.lines] == [-5]
    assert (happened.opening, happened.closing) == (25, 20)
    assert written.lines == ()
    assert written.closing == 25
    january = Period.month(2027, 1)
    whole = {"since": january.since, "until": january.until}
    assert statement(lived, "paul/KM", **whole).lines == ()
    assert [line.amount for line in statement(lived, "paul/KM", **whole, by="recorded").lines] == [
        -5
    ]


def test_a_hold_is_no_line(lived):
    kinds = [line.kind for line in statement(lived, "jeanne/KM").lines]
    assert kinds == ["ride", "exchange", "ride"]


def test_entries_of_one_commit_share_their_instant_and_keep_their_order(memory, clock):
    journal = memory.create(first=SCHEME, clock=clock)
    entries = [Entry(key=f"b{n}", kind="booklet", legs=legs_of("booklet", n)) for n in (1, 2, 3)]
    answers = journal.post_together(entries)
    late = Entry(key="l", kind="booklet", legs=legs_of("booklet", 9), effective=answers[0].recorded)
    journal.post(late)
    for limit in (1, 2, 3):
        told = pages(journal, "paul/KM", by="effective", limit=limit)
        assert [line.amount for page in told for line in page.lines] == [1, 2, 3, 9]


def test_what_is_written_after_the_reading_began_is_on_no_page(remembered):
    told = statement(remembered, "paul/KM", limit=1)
    assert told.read_at == remembered.engine.reader.head().seq


def test_a_statement_that_does_not_add_up_cannot_be(remembered):
    told = statement(remembered, "paul/KM")
    with pytest.raises(BrokenInvariant):
        replace(told, closing=told.closing + 1)
    with pytest.raises(BrokenInvariant):
        replace(told, lines=told.lines[1:])
    line = replace(told.lines[1], balance=told.lines[1].balance + 1)
    with pytest.raises(BrokenInvariant):
        replace(told, lines=(told.lines[0], line, *told.lines[2:]))


def test_it_reads_back_and_a_changed_file_is_told(remembered):
    told = statement(remembered, "jeanne/YACA", since=Period.year(2026).since)
    data = json.loads(json.dumps(told.to_dict()))
    assert Statement.from_dict(data) == told
    data["lines"][0]["amount"] += 1
    with pytest.raises(InputError) as caught:
        Statement.from_dict(data)
    assert caught.value.faults[0].code == "statement_off"


@pytest.mark.parametrize(("lang", "parts", "amount"), [("fr", ";", "-1,50"), ("en", ",", "-1.50")])
def test_as_a_table_for_the_spreadsheets_of_a_language(remembered, lang, parts, amount):
    text = statement(remembered, "jeanne/YACA").to_csv(lang)
    rows = list(csv.reader(io.StringIO(text), delimiter=parts))
    assert len({len(row) for row in rows}) == 1
    assert [row[5] for row in rows[2:-1]][1] == amount
    assert rows[-1][6] == rows[-2][6]


def test_a_reference_is_no_formula(memory, clock):
    journal = memory.create(first=SCHEME, clock=clock)
    journal.post(Entry(key="b", kind="=1+1", legs=legs_of("booklet", 1), ref="=HYPERLINK(1)"))
    text = statement(journal, "paul/KM").to_csv("en")
    assert ",'=1+1,'=HYPERLINK(1)," in text


@pytest.mark.parametrize(
    ("asked", "column"),
    [
        ({"by": "moon"}, "by"),
        ({"after": -1}, "after"),
        ({"after": 99}, "after"),
        ({"limit": 0}, "limit"),
    ],
)
def test_what_cannot_be_asked_is_told(remembered, asked, column):
    with pytest.raises(InputError) as caught:
        statement(remembered, "paul/KM", **asked)
    assert [fault.column for fault in caught.value.faults] == [column]


def test_an_account_there_is_not_is_refused(remembered):
    for ask in (
        lambda: statement(remembered, "nobody/KM"),
        lambda: balance_on(remembered, "nobody/KM", instant_of(0)),
    ):
        with pytest.raises(Refused) as caught:
            ask()
        assert caught.value.refusal.code == "unknown_account"


def test_the_balance_of_an_instant_counts_what_was_done_at_it(remembered):
    moment = instant_of(at(2026, 12, 20, 9))
    just_before = moment - timedelta(microseconds=1)
    assert balance_on(remembered, "paul/KM", moment) == 20
    assert balance_on(remembered, "paul/KM", just_before) == 25
    assert balance_on(remembered, "paul/KM", moment, by="recorded") == 25
