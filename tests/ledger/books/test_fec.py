"""The FEC: eighteen zones, every entry in exactly one year, balanced to the cent."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import BrokenInvariant, InputError
from msap_mobility.ledger.books.chart import Chart
from msap_mobility.ledger.books.fec import fec
from msap_mobility.ledger.books.fec_check import check_fec
from msap_mobility.ledger.books.fec_line import FEC_COLUMNS
from msap_mobility.ledger.books.period import Period, midnight
from msap_mobility.ledger.books.trial_balance import trial_balance
from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.journal import instant_of
from tests.ledger.books.scenes import DAY, SCHEME, at, events, legs_of, moves, play
from tests.ledger.stores import Clock, fresh

SIREN = "732829320"
GOLDEN = Path(__file__).parent / "golden"
VALUED = {"EUR", "KM", "YACA"}


def quarters(count=12):
    """Fiscal years of three months, so that many of them hold something."""
    firsts = [date(2026 + n // 4, 1 + 3 * (n % 4), 1) for n in range(count + 1)]
    return [Period(since=midnight(one), until=midnight(two)) for one, two in pairwise(firsts)]


def keys_of(exported):
    """Key of each entry of a file, the opening entry left out."""
    labels = {line.number: line.label for line in exported.lines if line.journal != "AN"}
    return [label.rpartition("(")[2].rstrip(")") for label in labels.values()]


def faults_of(exported):
    first = f"{exported.period.first_day:%Y%m%d}"
    return check_fec(exported.text, name=exported.file_name, first_day=first)


@given(
    happens=events,
    closings=st.lists(st.one_of(st.none(), st.integers(0, 200)), min_size=12, max_size=12),
)
def test_every_entry_stands_in_the_file_of_exactly_one_year(happens, closings):
    with fresh("memory") as store:
        clock = Clock(at(2026, 9, 1))
        journal = store.create(first=SCHEME, clock=clock)
        play(journal, clock, happens)
        found: Counter[str] = Counter()
        earlier, latest = None, None
        for period, days in zip(quarters(), closings, strict=True):
            closed = None
            if days is not None:
                closed = max(period.until + timedelta(days=days), latest or period.until)
                latest = closed
            exported = fec(journal, period, siren=SIREN, closed=closed, earlier_closed=earlier)
            assert faults_of(exported) == ()
            found.update(keys_of(exported))
            earlier = closed
        written = {written.entry.key for written in moves(journal)}
        open_to_the_end = closings[-1] is None
        assert set(found.values()) <= {1}
        if open_to_the_end and None not in closings[:-1]:
            assert found.keys() == written


@given(happens=events)
def test_open_years_hold_every_entry_and_carry_what_was_before(happens):
    with fresh("memory") as store:
        clock = Clock(at(2026, 9, 1))
        journal = store.create(first=SCHEME, clock=clock)
        play(journal, clock, happens)
        found: Counter[str] = Counter()
        for period in quarters():
            exported = fec(journal, period, siren=SIREN)
            found.update(keys_of(exported))
            assert sum(line.cents for line in exported.lines) == 0
            assert_balances_are_those_of_the_trial_balance(journal, exported)
        assert found == Counter(written.entry.key for written in moves(journal))


def assert_balances_are_those_of_the_trial_balance(journal, exported):
    """Classes 1 to 5 end the year as in the trial balance, with the result carried aside."""
    sums: Counter[tuple[str, str]] = Counter()
    for line in exported.lines:
        sums[line.account, line.auxiliary] += line.cents
    told = {
        (row.number, row.auxiliary): row.cents
        for row in trial_balance(journal, exported.period.until).rows
    }
    lasting = {key: cents for key, cents in sums.items() if key[0][0] in "45" and cents}
    assert lasting == {key: cents for key, cents in told.items() if key[0][0] in "45"}
    result = sum(cents for key, cents in sums.items() if key[0][0] in "167")
    assert result == sum(cents for key, cents in told.items() if key[0][0] in "67")


@pytest.mark.parametrize("year", [2026, 2027])
def test_as_in_the_golden_file(lived, year):
    exported = fec(lived, Period.year(year), siren=SIREN)
    golden = (GOLDEN / f"fec-{year}.txt").read_bytes()
    assert exported.content == golden
    assert faults_of(exported) == ()


def test_eighteen_zones_tabs_and_the_end_of_a_line(remembered):
    for line_end, sign in (("crlf", "\r\n"), ("lf", "\n")):
        exported = fec(remembered, Period.year(2026), siren=SIREN, line_end=line_end)
        lines = exported.text.split(sign)
        assert lines.pop() == ""
        assert lines[0] == "\t".join(FEC_COLUMNS)
        assert {line.count("\t") for line in lines} == {17}
        assert len(lines) == len(exported.lines) + 1


def test_late_paper_of_an_open_year_is_booked_the_day_it_happened(remembered):
    exported = fec(remembered, Period.year(2026), siren=SIREN)
    line = next(line for line in exported.lines if "slip/12" in line.label)
    assert (line.day, line.piece_day) == (date(2026, 12, 20), date(2026, 12, 20))
    assert line.valid_day == date(2027, 1, 15)
    assert line.piece == "bordereau\u00a012"
    assert line.cells()[8] == "bordereau 12"


def test_late_paper_of_a_closed_year_goes_into_the_next(remembered):
    closed = instant_of(at(2027, 1, 10))
    before = fec(remembered, Period.year(2026), siren=SIREN, closed=closed)
    after = fec(remembered, Period.year(2027), siren=SIREN, earlier_closed=closed)
    assert "slip/12/settled" not in keys_of(before)
    line = next(line for line in after.lines if "slip/12" in line.label)
    assert (line.day, line.piece_day) == (date(2027, 1, 15), date(2026, 12, 20))
    paul = next(line for line in after.lines if line.auxiliary == "paul")
    assert (paul.journal, paul.cents) == ("AN", -150)


def test_what_is_written_at_the_very_instant_of_the_closing_is_of_the_next_year(remembered):
    closed = instant_of(at(2027, 1, 15, 9))
    before = fec(remembered, Period.year(2026), siren=SIREN, closed=closed)
    after = fec(remembered, Period.year(2027), siren=SIREN, earlier_closed=closed)
    assert "slip/12/settled" not in keys_of(before)
    assert "slip/12/settled" in keys_of(after)


def test_a_day_in_france_decides_the_month(remembered):
    exported = fec(remembered, Period.year(2026), siren=SIREN)
    line = next(line for line in exported.lines if "(t1)" in line.label)
    assert line.day == date(2026, 12, 1)


def test_holds_are_not_in_the_file(remembered):
    exported = fec(remembered, Period.year(2026), siren=SIREN)
    assert not any("promised" in line.label for line in exported.lines)
    assert "r1/settled" in keys_of(exported)


def test_coupons_stand_beside_their_euros(remembered):
    exported = fec(remembered, Period.year(2026), siren=SIREN)
    coupons = {(line.units, line.asset) for line in exported.lines if "(b1)" in line.label}
    assert coupons == {("", ""), ("50", "KM")}
    assert {line.asset for line in exported.lines if "(s1)" in line.label} == {""}


def test_third_parties_stand_on_their_accounts_only(remembered):
    names = {"paul": "Paul\tMartin", "bakery": "Boulangerie"}
    exported = fec(remembered, Period.year(2026), siren=SIREN, names=names)
    for line in exported.lines:
        assert bool(line.auxiliary) == line.account.startswith("467")
    told = {line.cells()[7] for line in exported.lines}
    assert {"Paul Martin", "Boulangerie", "jeanne", ""} == told
    assert faults_of(exported) == ()


def test_iso_8859_15_replaces_what_it_has_not_and_tells(memory, clock):
    journal = memory.create(first=SCHEME, clock=clock)
    journal.post(Entry(key="b1", kind="booklet", legs=legs_of("booklet", 5), ref="Łódź €é"))
    exported = fec(journal, Period.year(2026), siren=SIREN, encoding="iso-8859-15")
    assert "?ód? €é".encode("iso-8859-15") in exported.content
    assert [fault.row for fault in exported.replaced] == [2, 3]
    assert {(fault.column, fault.value) for fault in exported.replaced} == {("PieceRef", "Łódź €é")}
    assert "question mark" in exported.replaced[0].text("en")
    assert check_fec(exported.content.decode("iso-8859-15")) == ()
    assert fec(journal, Period.year(2026), siren=SIREN).replaced == ()


def test_named_hashed_and_described(remembered):
    exported = fec(remembered, Period.year(2026), siren=SIREN)
    assert exported.file_name == "732829320FEC20261231.txt"
    assert exported.sha256 == hashlib.sha256(exported.content).hexdigest()
    for lang in ("fr", "en"):
        notice = exported.notice(lang)
        for told in (*FEC_COLUMNS, exported.sha256, exported.file_name, "UTF-8", "KM", "ML", "ISO"):
            assert told in notice
    log = exported.to_dict()
    assert log["sha256"] == exported.sha256
    assert log["debit"] == sum(line.cents for line in exported.lines if line.cents > 0)
    again = fec(remembered, Period.year(2026), siren=SIREN)
    assert (again.sha256, again.read_at) == (exported.sha256, log["read_at"])


def test_references_and_labels_are_never_empty_and_hold_no_tab(memory, clock):
    journal = memory.create(first=SCHEME, clock=clock)
    journal.post(Entry(key="b1", kind="booklet", legs=legs_of("booklet", 5), ref="a\u00a0b"))
    journal.post(Entry(key="b2", kind="booklet", legs=legs_of("booklet", 5)))
    rows = list(
        csv.DictReader(
            io.StringIO(fec(journal, Period.year(2026), siren=SIREN).text), delimiter="\t"
        )
    )
    assert [row["PieceRef"] for row in rows] == ["a b", "a b", "b2", "b2"]
    assert all(row["EcritureLib"] for row in rows)


def test_ones_own_chart(remembered):
    chart = Chart.of({"accounts": {"fund": "512900"}, "journals": {"ledger": "KM"}})
    exported = fec(remembered, Period.year(2026), siren=SIREN, chart=chart)
    assert {line.journal for line in exported.lines} == {"KM"}
    assert "512900" in {line.account for line in exported.lines}


def test_what_was_posted_past_the_backing_is_a_fault_of_the_books(memory, clock):
    journal = memory.create(first=SCHEME, clock=clock)
    legs = {**legs_of("booklet", 5), "fees/EUR": -30}
    del legs["backed/EUR"]
    journal.post(Entry(key="odd", kind="booklet", legs=legs))
    with pytest.raises(BrokenInvariant, match="odd"):
        fec(journal, Period.year(2026), siren=SIREN)


def test_a_year_without_entries_is_a_header(remembered):
    exported = fec(remembered, Period.year(2020), siren=SIREN)
    assert (exported.lines, exported.entries, exported.debit) == ((), 0, 0)
    assert faults_of(exported) == ()


def test_every_fault_of_a_request_at_once(remembered):
    now = instant_of(at(2026, 6, 1))
    odd = Period(since=now, until=instant_of(at(2026, 6, 1) + DAY))
    with pytest.raises(InputError) as caught:
        fec(remembered, odd, siren="12345678 ", encoding="ascii", line_end="cr")
    assert [fault.code for fault in caught.value.faults] == [
        *("not_a_siren", "not_one_of", "not_one_of", "fec_period"),
    ]
    with pytest.raises(InputError) as caught:
        fec(remembered, Period.year(2026), siren=SIREN, closed=now, earlier_closed=instant_of(0))
    assert [fault.column for fault in caught.value.faults] == ["closed", "earlier_closed"]
