"""Hosts that post at the same time: nobody hangs, nothing is lost, whatever the order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.entry import Entry
from tests.ledger.embedding.hosts import DRIVERS, Host, host_with
from tests.ledger.stores import sale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(params=DRIVERS)
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    with host_with(request.param) as host:
        yield host


@pytest.fixture(params=("psycopg", "psycopg2"))
def server_host(request: pytest.FixtureRequest) -> Iterator[Host]:
    with host_with(request.param) as host:
        yield host


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    """Do all of them in threads of their own; what each gave."""
    with ThreadPoolExecutor(len(doings)) as pool:
        return [each.result(60) for each in [pool.submit(doing) for doing in doings]]


def test_opposite_orders_of_accounts(host: Host) -> None:
    host.store.opened[0].post_together([sale("s1"), sale("s2", to="jeanne/KM")])

    def rides(rider: str, driver: str, count: int = 12) -> Callable[[], None]:
        def ride() -> None:
            connection = host.connect()
            for number in range(count):
                cursor = host.cursor(connection)
                legs = {f"{rider}/KM": -1, f"{driver}/KM": 1}
                entry = Entry(key=f"{rider}-{number}", kind="ride", legs=legs)
                host.journal(cursor).post(entry)
                host.commit(cursor)

        return ride

    at_once(*(rides(*pair) for pair in (("paul", "jeanne"), ("jeanne", "paul"))))
    journal = host.store.open()
    assert [each.seq for each in journal.entries()] == list(range(1, 28))
    assert journal.balance("paul/KM").posted == journal.balance("jeanne/KM").posted == 50


def test_rows_and_ledger_in_opposite_orders(server_host: Host) -> None:
    """One of the two is told to begin again, and then both are in."""
    host = server_host
    cursor = host.connect(autocommit=True).cursor()
    cursor.execute(f"INSERT INTO {host.table} VALUES ('shared')")
    both_have_begun = threading.Barrier(2, timeout=20)
    update = f"UPDATE {host.table} SET id = id WHERE id = 'shared'"

    def booking(key: str, *, rows_first: bool) -> int:
        """Give how often it had to begin again."""
        connection = host.connect()
        for again in range(3):
            try:
                attempt(host.cursor(connection), key, rows_first=rows_first, wait=again == 0)
            except Exception as error:  # noqa: BLE001 - the ledger's, or the driver's
                connection.rollback()
                told = error.code if isinstance(error, Unusable) else str(error)
                assert told == "busy" or "deadlock detected" in told
            else:
                return again
        raise AssertionError

    def attempt(cursor: Any, key: str, *, rows_first: bool, wait: bool) -> None:
        cursor.execute("SET LOCAL deadlock_timeout = '20ms'")
        cursor.execute("SET LOCAL lock_timeout = '20s'")
        journal = host.journal(cursor)
        steps = [lambda: cursor.execute(update), lambda: journal.post(sale(key))]
        first, second = steps if rows_first else reversed(steps)
        first()
        if wait:
            both_have_begun.wait()
        second()
        host.commit(cursor)

    tries = at_once(lambda: booking("a", rows_first=True), lambda: booking("b", rows_first=False))
    assert sorted(tries) == [0, 1]
    keys = {each.entry.key for each in host.store.open().entries()}
    assert keys == {"genesis", "a", "b"}


def test_two_schemes_in_the_order_of_their_names(server_host: Host) -> None:
    host = server_host
    host.store.create("berre")

    def both(key: str) -> Callable[[], None]:
        def post() -> None:
            connection = host.connect()
            for number in range(8):
                cursor = host.cursor(connection)
                for scheme in ("ayen", "berre"):
                    host.journal(cursor, scheme).post(sale(f"{key}{number}"))
                host.commit(cursor)

        return post

    at_once(both("a"), both("b"), both("c"))
    for scheme in ("ayen", "berre"):
        assert len(list(host.store.open(scheme).entries())) == 25


def test_in_a_file_a_reader_that_turns_writer_too_late_begins_again() -> None:
    with host_with("sqlite3 by hand") as host:
        cursor = host.connect().cursor()
        cursor.execute("BEGIN")
        journal = host.journal(cursor)  # has read, and sees the file as it is now
        host.store.open().post(sale("meanwhile"))
        with pytest.raises(Unusable) as no:
            journal.post(sale())
        assert no.value.code == "busy"
        cursor.execute("ROLLBACK")
        cursor.execute("BEGIN IMMEDIATE")
        assert journal.post(sale()).seq == 3


def test_hosts_and_ledgers_of_their_own_share_a_scheme(host: Host) -> None:
    own = host.store.open()

    def guests() -> None:
        connection = host.connect()
        for number in range(10):
            cursor = host.cursor(connection)
            host.journal(cursor).post(sale(f"g{number}", 1))
            (host.rollback if number % 2 else host.commit)(cursor)

    def alone() -> None:
        for number in range(10):
            own.post(sale(f"o{number}", 1))

    at_once(guests, alone)
    journal = host.store.open()
    assert [each.seq for each in journal.entries()] == list(range(1, 17))
    assert journal.balance("paul/KM").posted == 15
