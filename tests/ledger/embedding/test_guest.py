"""What a host's transaction does with what was posted in it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger.canonical import GENESIS, payload_text, record_hash
from msap_mobility.ledger.engines.guest import begin_as_guest, guest
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.outcome import Refused
from tests.ledger.embedding.hosts import DRIVERS, Host, host_with
from tests.ledger.stores import SMALL, ride, sale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.ledger.journal import Journal


@pytest.fixture(params=DRIVERS)
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    with host_with(request.param) as host:
        yield host


@pytest.fixture(params=("psycopg", "psycopg2"))
def server_host(request: pytest.FixtureRequest) -> Iterator[Host]:
    with host_with(request.param) as host:
        yield host


def keys(journal: Journal) -> list[str]:
    """The keys of a chain without gaps; its hashes are computed again."""
    previous, found = GENESIS, []
    for number, written in enumerate(journal.entries(), 1):
        assert written.seq == number
        payload = payload_text(written.entry)
        previous = record_hash(previous, "ayen", number, written.recorded, payload)
        assert written.hash == previous
        found.append(written.entry.key)
    return found


def test_the_ride_and_its_payment_are_committed_together(host: Host) -> None:
    cursor = host.cursor()
    host.add(cursor, "r1")
    host.journal(cursor).post(sale())
    assert host.rides() == []
    assert keys(host.store.open()) == ["genesis"]  # the guest never commits
    host.commit(cursor)
    assert host.rides() == ["r1"]
    assert keys(host.store.open()) == ["genesis", "sale"]


def test_a_rollback_leaves_no_leg_and_no_gap(host: Host) -> None:
    connection = host.connect()
    for attempt in ("lost", "kept"):
        cursor = host.cursor(connection)
        host.add(cursor, attempt)
        host.journal(cursor).post(sale(attempt))
        (host.rollback if attempt == "lost" else host.commit)(cursor)
    journal = host.store.open()
    assert host.rides() == ["kept"]
    assert keys(journal) == ["genesis", "kept"]
    assert journal.balance("paul/KM").posted == 50


def test_a_refusal_does_not_spoil_the_transaction(host: Host) -> None:
    cursor = host.cursor()
    host.add(cursor, "before")
    journal = host.journal(cursor)
    with pytest.raises(Refused, match="has 0 KM left"):
        journal.post_together([sale(km=10, to="jeanne/KM"), ride()])
    assert keys(journal) == ["genesis"]
    host.add(cursor, "after")
    journal.post(sale("second"))
    host.commit(cursor)
    assert host.rides() == ["after", "before"]
    assert keys(host.store.open()) == ["genesis", "second"]


def test_it_sees_its_own_entries_before_they_are_committed(host: Host) -> None:
    cursor = host.cursor()
    journal = host.journal(cursor)
    journal.post(sale())
    assert journal.balance("paul/KM").posted == 50
    assert journal.post(ride()).balances == {"paul/KM": 25, "jeanne/KM": 25}
    assert journal.post(ride()).replayed
    assert host.journal(cursor).balance("jeanne/KM").posted == 25
    host.rollback(cursor)
    assert host.store.open().balance("paul/KM").posted == 0


def test_a_guest_kept_across_transactions_remembers_nothing(host: Host) -> None:
    connection = host.connect()
    cursor = host.cursor(connection)
    journal = host.journal(cursor)
    journal.post(sale("lost"))
    host.rollback(cursor)
    host.store.open().post(sale("another's", 10))
    cursor = host.cursor(connection)
    assert journal.post(sale("kept")).balances["paul/KM"] == 60
    host.commit(cursor)
    assert keys(host.store.open()) == ["genesis", "another's", "kept"]


def test_a_part_rolled_back_to_a_savepoint_leaves_no_gap(host: Host) -> None:
    cursor = host.cursor()
    journal = host.journal(cursor)
    journal.post(sale("kept"))
    cursor.execute("SAVEPOINT part")
    journal.post(sale("lost"))
    cursor.execute("ROLLBACK TO SAVEPOINT part")
    journal.post(ride())
    host.commit(cursor)
    assert keys(host.store.open()) == ["genesis", "kept", "ride"]


def test_without_a_transaction_it_is_refused(host: Host) -> None:
    connection = host.connect(autocommit=True)
    with pytest.raises(Unusable) as no:
        host.journal(connection.cursor())
    assert no.value.code == "no_transaction"


def test_a_transaction_that_ended_meanwhile_is_noticed(host: Host) -> None:
    connection = host.connect(autocommit=True)
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    journal = host.journal(cursor)
    cursor.execute("ROLLBACK")
    with pytest.raises(Unusable) as no:
        journal.post(sale())
    assert no.value.code == "no_transaction"


def test_the_hosts_results_are_left_alone(host: Host) -> None:
    cursor = host.cursor()
    for number in range(3):
        host.add(cursor, f"r{number}")
    cursor.execute(f"SELECT id FROM {host.table} ORDER BY id")
    first = cursor.fetchone()
    host.journal(cursor).post(sale())
    assert [first, *cursor.fetchall()] == [("r0",), ("r1",), ("r2",)]


def test_the_chain_is_that_of_a_ledger_with_a_connection_of_its_own(host: Host) -> None:
    with host_with("sqlite3") as other:
        alone = other.store.open(clock=other.clock)
        cursor = host.cursor()
        journal = host.journal(cursor)
        for entry in (sale(), ride(), ride("hold", 5, phase="reserve", expires=2**52)):
            assert journal.post(entry) == alone.post(entry)


def test_a_member_is_noted_in_the_hosts_transaction(host: Host) -> None:
    cursor = host.cursor()
    journal = host.journal(cursor)
    journal.engine.note_member("paul", "Paul", "05 55")
    assert journal.engine.reader.noted_of("paul") == ("Paul", "05 55")
    host.rollback(cursor)
    assert host.store.open().engine.reader.noted() == []


def test_a_scheme_can_begin_in_the_hosts_transaction(host: Host) -> None:
    cursor = host.cursor()
    schema = host.store.schema or "none"
    begin_as_guest(cursor, "argences", SMALL, schema=schema)
    assert guest(cursor, "argences", schema=schema).decimals == {"EUR": 2, "KM": 0, "YACA": 2}
    with pytest.raises(InputError, match="'argences' exists already"):
        begin_as_guest(cursor, "argences", SMALL, schema=schema)
    no_entry = Entry(key="k", kind="genesis", legs={"paul/KM": 1})
    with pytest.raises(Refused, match="There is no account 'paul/KM'"):
        begin_as_guest(cursor, "broken", no_entry, schema=schema)
    with pytest.raises(InputError, match="There is no scheme 'broken'"):
        guest(cursor, "broken", schema=schema)
    host.rollback(cursor)
    with pytest.raises(InputError, match="There is no scheme 'argences'"):
        host.store.open("argences")


def test_half_a_character_names_nothing(host: Host) -> None:
    journal = host.journal(host.cursor())
    for key in ("\ud800", "a\0b"):
        assert journal.entry(key) is None


def test_rows_of_the_hosts_own_kind_are_no_matter() -> None:
    with host_with("sqlite3") as host:
        connection = host.connect()
        connection.row_factory = sqlite3.Row
        assert keys(host.journal(connection.cursor())) == ["genesis"]
    with host_with("psycopg") as host:
        from psycopg.rows import dict_row

        connection = host.connect()
        connection.row_factory = dict_row
        assert keys(host.journal(connection.cursor())) == ["genesis"]


def test_after_an_error_of_the_host_it_says_so(server_host: Host) -> None:
    cursor = server_host.cursor()
    journal = server_host.journal(cursor)
    with pytest.raises(Exception, match="division by zero"):
        cursor.execute("SELECT 1 / 0")
    with pytest.raises(Unusable) as no:
        journal.post(sale())
    assert no.value.code == "transaction_aborted"
    server_host.rollback(cursor)
    assert journal.post(sale()).seq == 2


def test_a_host_that_sees_an_older_state_is_told_to_begin_again(server_host: Host) -> None:
    cursor = server_host.cursor()
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    journal = server_host.journal(cursor)
    server_host.store.open().post(sale("meanwhile"))
    with pytest.raises(Unusable) as no:
        journal.post(sale())
    assert no.value.code == "old_snapshot"
    server_host.rollback(cursor)
    assert journal.post(sale()).seq == 3


@pytest.mark.parametrize("cursor", [None, "cursor", 7, object()])
def test_what_is_no_cursor_is_told(cursor: object) -> None:
    with pytest.raises(InputError, match="is no cursor of SQLite or PostgreSQL"):
        guest(cursor)
