"""The PostgreSQL engine: who may do what, which versions go together, what a lost server does."""

from __future__ import annotations

import builtins
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.errors import InputError, MissingExtra
from msap_mobility.ledger.engines.postgres_schema import (
    SCHEMA_VERSION,
    grants_sql,
    quoted,
    schema_sql,
)
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.journal import Journal
from msap_mobility.ledger.outcome import Posted
from tests.ledger import postgres_server
from tests.ledger.stores import SMALL, Clock, Store, fresh, ride, sale
from tests.ledger.strategies import entries

if TYPE_CHECKING:
    from collections.abc import Iterator

psycopg = pytest.importorskip("psycopg")

TABLES = ("version", "scheme", "account", "terms", "entry", "leg", "coupon")


@pytest.fixture
def store() -> Iterator[Store]:
    with fresh("postgres") as store:
        yield store


@pytest.fixture
def owner(store: Store) -> Iterator[Any]:
    with psycopg.connect(store.dsn, autocommit=True) as connection:
        connection.execute(f"SELECT set_config('search_path', '{store.schema}', false)")
        yield connection


@pytest.fixture
def desk(store: Store, owner: Any) -> Iterator[str]:
    """The address of a user with the least rights, the tables made by another."""
    owner.execute(schema_sql(store.schema))
    name = f"desk_{store.schema}"
    owner.execute(f"CREATE ROLE {name} LOGIN")
    owner.execute(grants_sql(name, store.schema))
    try:
        yield f"{store.dsn} user={name}"
    finally:
        owner.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")


def engine(store: Store, dsn: str = "", **more: Any) -> Any:
    from msap_mobility.ledger.engines.postgres import PostgresEngine

    return PostgresEngine.create(
        dsn or store.dsn, "ayen", SMALL, Clock(), schema=store.schema, **more
    )


# ---------------------------------------------------------------------- rights


def test_a_user_who_may_only_look_and_call_does_all_there_is(store: Store, desk: str) -> None:
    from msap_mobility.ledger.engines.postgres import PostgresEngine

    engine(store, desk).close()
    with Journal(PostgresEngine.open(desk, schema=store.schema)) as journal:
        assert journal.post(sale()).balances["paul/KM"] == 50
        journal.engine.note_member("paul", "Paul", "05 55")
        assert journal.balance("paul/KM").available == 50
        assert journal.engine.reader.noted_of("paul") == ("Paul", "05 55")


BEYOND = (
    "UPDATE leg SET amount = 1000",
    "DELETE FROM entry",
    "TRUNCATE leg",
    "INSERT INTO leg VALUES (1, 1, 9, 1, 1, 0, 0)",
    "UPDATE member SET name = 'x'",
    "ALTER TABLE leg DISABLE TRIGGER ALL",
    "CREATE TABLE other (id int)",
    "DROP FUNCTION append_v1",
    "SELECT post_v1(1, 'ayen', 0, NULL)",
)


def test_and_nothing_else(store: Store, desk: str) -> None:
    engine(store, desk).close()
    with psycopg.connect(desk, autocommit=True) as connection:
        connection.execute(f"SET search_path TO {store.schema}")
        for statement in BEYOND:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_table_of_the_callers_own_does_not_stand_in_for_the_ledgers(
    store: Store, desk: str
) -> None:
    """The functions run as their owner, so they look nowhere but where they mean to."""
    engine(store, desk).close()
    with psycopg.connect(desk) as connection:
        connection.execute("CREATE TEMP TABLE leg (scheme int, account int, seq bigint)")
        connection.execute("CREATE FUNCTION pg_temp.greatest(bigint) RETURNS bigint RETURN 0")
        connection.execute("SET search_path TO pg_temp, pg_catalog")
        connection.execute(f"SELECT {store.schema}.append_v1(1, 0, '[]')")


def test_even_the_owner_only_adds(store: Store, owner: Any) -> None:
    engine(store, owner=True).close()
    for table in TABLES:
        column = "version" if table == "version" else "scheme"
        for change in ("UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
            with pytest.raises(psycopg.errors.RestrictViolation, match="append only"):
                owner.execute(change.format(table, column, column))


def test_the_tables_know_the_limits_too(store: Store, owner: Any) -> None:
    engine(store, owner=True).close()
    for row, error in {
        "(1, 7, 9, -1, -1, 0, 0)": "limit",  # below the floor
        "(1, 1, 9, 0, 9007199254740992, 0, 0)": "leg_posted_check",
        "(1, 1, 9, 0, 0, -1, 0)": "leg_outgoing_check",
        "(1, 1, 9, 0, 0, 0, 9007199254740992)": "leg_incoming_check",
        "(1, 99, 9, 0, 0, 0, 0)": "limit",  # no such account
    }.items():
        with pytest.raises(psycopg.errors.IntegrityError, match=error):
            owner.execute(f"INSERT INTO leg VALUES {row}")


def test_a_user_without_rights_is_told_what_to_grant(store: Store, desk: str, owner: Any) -> None:
    engine(store, desk).close()
    owner.execute(f"REVOKE EXECUTE ON FUNCTION append_v1 FROM desk_{store.schema}")
    journal = Journal(open_as(store, desk))
    with pytest.raises(Unusable, match="Grant it USAGE on the schema") as no:
        journal.post(sale())
    assert no.value.code == "not_permitted"
    journal.close()


def open_as(store: Store, dsn: str = "") -> Any:
    from msap_mobility.ledger.engines.postgres import PostgresEngine

    return PostgresEngine.open(dsn or store.dsn, schema=store.schema)


# ---------------------------------------------------------------------- versions


@pytest.mark.parametrize("make", [engine, open_as])
def test_nobody_but_a_willing_owner_makes_tables(store: Store, owner: Any, make: Any) -> None:
    with pytest.raises(Unusable, match="msap ledger schema --sql") as no:
        make(store)
    assert no.value.code == "no_tables"
    assert owner.execute("SELECT to_regnamespace(%s)", (store.schema,)).fetchone() == (None,)


def test_code_runs_on_the_version_after_its_own(store: Store, owner: Any) -> None:
    engine(store, owner=True).close()
    owner.execute(f"INSERT INTO version VALUES ({SCHEMA_VERSION + 1}, {SCHEMA_VERSION})")
    with Journal(open_as(store)) as journal:
        assert journal.post(sale()).seq == 2


def test_a_version_it_cannot_read_is_refused(store: Store, owner: Any) -> None:
    engine(store, owner=True).close()
    owner.execute(f"INSERT INTO version VALUES ({SCHEMA_VERSION + 2}, {SCHEMA_VERSION + 1})")
    with pytest.raises(Unusable) as no:
        open_as(store)
    assert no.value.code == "later_version"
    assert no.value.values["version"] == SCHEMA_VERSION + 2


def test_tables_half_made_are_of_an_earlier_version(store: Store, owner: Any) -> None:
    text = schema_sql(store.schema)
    owner.execute(text[: text.rindex("INSERT INTO")])
    with pytest.raises(Unusable, match="--from 0"):
        open_as(store)


def test_the_sql_is_what_the_owner_applies(store: Store, owner: Any) -> None:
    owner.execute(schema_sql(store.schema))
    with Journal(engine(store)) as journal:
        assert journal.post(sale()).seq == 2
    assert store.schema not in schema_sql()
    assert "msap_ledger" not in schema_sql("coupons")
    assert schema_sql(since=SCHEMA_VERSION) == ""


@pytest.mark.parametrize("name", ["", "Ledger", "a b", 'a"; DROP TABLE x; --', "é", "x" * 51, "1a"])
def test_names_that_could_be_more_than_names(name: str) -> None:
    with pytest.raises(InputError, match="cannot name a schema"):
        quoted(name)


def test_two_schemas_lie_side_by_side(store: Store) -> None:
    with fresh("postgres") as other, Journal(engine(store, owner=True)) as journal:
        journal.post(sale())
        with Journal(engine(other, owner=True)) as second:
            assert second.post(sale()).balances["paul/KM"] == 50


# ---------------------------------------------------------------------- the server


def test_a_lost_connection_is_told_and_made_anew(store: Store, owner: Any) -> None:
    with Journal(engine(store, owner=True)) as journal:
        journal.post(sale())
        journal.balance("paul/KM")
        for session in (journal.engine._writing, journal.engine._reading):
            owner.execute(
                f"SELECT pg_terminate_backend({session._connection.info.backend_pid}, 9000)"
            )
        with pytest.raises(Unusable, match="Do it again") as no:
            journal.post(ride())
        assert no.value.code == "server_gone"
        assert journal.post(ride()).balances["jeanne/KM"] == 25
        with pytest.raises(Unusable, match="was lost"):
            journal.balance("paul/KM")
        assert journal.balance("paul/KM").posted == 25


def test_a_scheme_kept_locked_is_busy(store: Store, owner: Any) -> None:
    with Journal(engine(store, f"{store.dsn} options='-c lock_timeout=1'", owner=True)) as journal:
        journal.engine._writing.run("SELECT set_config('lock_timeout', '20ms', false)", ())
        owner.execute("BEGIN")
        owner.execute("SELECT append_v1(1, 0, '[]')")
        with pytest.raises(Unusable) as no:
            journal.post(sale())
        assert no.value.code == "busy"
        owner.execute("ROLLBACK")
        assert journal.post(sale()).seq == 2


def test_nobody_there() -> None:
    from msap_mobility.ledger.engines.postgres import PostgresEngine

    with pytest.raises(Unusable, match="PostgreSQL cannot be reached") as no:
        PostgresEngine.open("host=/nonexistent dbname=postgres")
    assert no.value.code == "cannot_connect"


def test_a_database_without_unicode(store: Store, owner: Any) -> None:
    name = f"ascii_{store.schema}"
    owner.execute(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(Unusable, match="SQL_ASCII"):
            engine(store, f"{store.dsn} dbname={name}", owner=True)
    finally:
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_without_psycopg(monkeypatch: pytest.MonkeyPatch) -> None:
    from msap_mobility.ledger.engines.postgres import PostgresEngine

    found = builtins.__import__

    def no_psycopg(name: str, *rest: Any) -> Any:
        if name == "psycopg":
            raise ImportError(name)
        return found(name, *rest)

    monkeypatch.setattr(builtins, "__import__", no_psycopg)
    with pytest.raises(MissingExtra, match=re.escape('pip install "msap-mobility[postgres]"')):
        PostgresEngine.open("dbname=postgres")


def test_after_a_fork_it_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal(engine(store, owner=True)) as journal:
        parent = os.getpid()
        monkeypatch.setattr(os, "getpid", lambda: parent + 1)
        for use in (lambda: journal.post(sale()), lambda: journal.balance("paul/KM")):
            with pytest.raises(Unusable) as no:
                use()
            assert no.value.code == "forked"
        journal.close()  # not the parent's connection
        monkeypatch.undo()
        assert journal.post(sale()).seq == 2


def test_threads_and_connections_post_at_once(store: Store) -> None:
    journals = [Journal(engine(store, owner=True)), Journal(open_as(store))]
    start = threading.Barrier(8)

    def post(worker: int) -> list[Posted]:
        start.wait(20)
        journal = journals[worker % 2]
        return [journal.post(sale(f"{worker}-{number}", 1)) for number in range(10)]

    with ThreadPoolExecutor(8) as pool:
        posted = [each for found in pool.map(post, range(8)) for each in found]
    assert sorted(each.seq for each in posted) == list(range(2, 82))
    assert journals[0].balance("paul/KM").posted == 80
    for journal in journals:
        journal.close()


def test_the_same_key_from_two_connections_at_once(store: Store) -> None:
    journals = [Journal(engine(store, owner=True)), Journal(open_as(store))]
    start = threading.Barrier(2)

    def post(journal: Journal) -> Posted:
        start.wait(20)
        return journal.post(sale())

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(post, journals))
    assert sorted(each.replayed for each in answers) == [False, True]
    assert answers[0].hash == answers[1].hash
    for journal in journals:
        journal.close()


# ---------------------------------------------------------------------- the same as SQLite


def test_any_entries_are_answered_as_in_sqlite() -> None:
    """Names of every sort, amounts up to the greatest: same answers, same refusals, same hash."""
    with fresh("postgres") as server, fresh("sqlite") as file:
        names = (f"scheme {number} 🚲" for number in range(10**6))

        @settings(max_examples=40)
        @given(
            batches=st.lists(
                st.tuples(
                    st.lists(st.lists(entries(), min_size=1, max_size=3), max_size=3),
                    st.integers(-5, 5),
                ),
                min_size=1,
                max_size=4,
            )
        )
        def alike(batches: list[tuple[list[list[Entry]], int]]) -> None:
            name, clock = next(names), Clock()
            first, second = (store.create(name, clock=clock) for store in (server, file))
            for groups, tick in batches:
                clock.now += tick
                assert first.engine.append(groups) == second.engine.append(groups)
            heads = [each.engine.reader.head() for each in (first, second)]
            assert heads[0] == heads[1]
            assert first.accounts() == second.accounts()
            assert list(first.entries()) == list(second.entries())
            for store, journal in ((server, first), (file, second)):
                store.opened.remove(journal)
                journal.close()

        alike()
    assert postgres_server.dsn()
