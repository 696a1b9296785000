"""What is kept is kept for good, and what cannot be kept is told in words."""

from __future__ import annotations

import pickle
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.desk import Desk, DeskUnusable
from msap_mobility.errors import InputError
from tests.desk.places import fresh
from tests.desk.scenes import BY, DAY, done, kinds, offer, opened, request, ride, stages

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk.places import Place

TRIP, PAUL = offer(), request()


def a_ride(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    done(desk.log_call("r1", "jeanne", "agreed", by=BY))
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))


@pytest.mark.parametrize("table", ["event", "call", "posted"])
@pytest.mark.parametrize("change", ["DELETE FROM {p}{t}", "UPDATE {p}{t} SET {c} = {c}"])
def test_the_database_refuses_to_change_the_past(place: Place, table: str, change: str) -> None:
    ledger = place.ledger()
    ledger.sell_booklet("paul", km=50)
    desk = place.desk(ledger)
    a_ride(desk)
    column = "key" if table == "posted" else "n"
    sql = change.replace("{t}", table).replace("{c}", column)
    with pytest.raises(DeskUnusable, match="append only"), desk._store.writing() as run:
        run(sql)
    assert kinds(desk, "r1") == ["asked", "proposed", "promised"]
    assert len(desk.calls("r1")) == 1


def test_the_past_is_not_replaced_in_a_file(place: Place) -> None:
    if place.kind == "postgres":
        pytest.skip("PostgreSQL knows no REPLACE")
    desk = place.desk()
    a_ride(desk)
    replace = (
        "REPLACE INTO {p}event SELECT n, id, ride, 'settled', at, actor, data, '' FROM {p}event"
    )
    with pytest.raises(DeskUnusable, match="append only"), desk._store.writing() as run:
        run(replace)
    assert kinds(desk, "r1") == ["asked", "proposed", "promised"]


def test_another_program_finds_all_of_it(lasting: Place) -> None:
    first = lasting.desk()
    a_ride(first)
    second = lasting.again()
    assert second.members() == first.members()
    assert second.rides(DAY) == first.rides(DAY) == (ride(TRIP, PAUL),)
    assert second.state("r1") == first.state("r1")
    assert second.calls("r1") == first.calls("r1")
    done(second.drive("r1", by=BY))
    assert stages(first, "r1") == ["driven"]


def test_the_zone_is_kept(lasting: Place) -> None:
    Desk.create(
        lasting.where,
        zone="Indian/Reunion",
        **({"schema": lasting.schema + "_desk"} if lasting.schema else {}),
    ).close()
    assert lasting.again().zone == "Indian/Reunion"


def test_a_desk_is_made_once_and_must_be_there(lasting: Place) -> None:
    with pytest.raises(InputError) as missing:
        lasting.again()
    assert [fault.code for fault in missing.value.faults] == ["desk_missing"]
    lasting.desk()
    with pytest.raises(InputError) as twice:
        lasting.desk()
    assert [fault.code for fault in twice.value.faults] == ["desk_exists"]
    for error in (missing.value, twice.value):
        assert error.text("fr") != error.text("en")


def test_a_desk_of_a_later_version_is_left_alone(lasting: Place) -> None:
    with lasting.desk()._store.writing() as run:
        run("UPDATE {p}setting SET value = '9' WHERE name = 'version'")
    with pytest.raises(DeskUnusable) as raised:
        lasting.again()
    assert raised.value.code == "later_version"
    assert "9" in raised.value.text("fr")


def test_a_failed_change_leaves_nothing(place: Place) -> None:
    desk = place.desk()
    a_ride(desk)
    with pytest.raises(DeskUnusable) as raised, desk._store.writing() as run:
        run("INSERT INTO {p}setting VALUES ('half', 'done')")
        run("SELECT nothing FROM nowhere")
    assert raised.value.code == "database_error"
    with desk._store.reading() as run:
        assert run("SELECT count(*) FROM {p}setting WHERE name = 'half'") == [(0,)]
    done(desk.drive("r1", by=BY))


def test_a_desk_is_not_used_by_a_forked_program(place: Place) -> None:
    desk = place.desk()
    a_ride(desk)
    store: Any = desk._store
    store._process += 1
    for use in (lambda: desk.state("r1"), lambda: desk.drive("r1", by=BY)):
        with pytest.raises(DeskUnusable) as raised:
            use()
        assert raised.value.code == "forked"
    desk.close()  # leaves the connection to the program it belongs to
    store._process -= 1
    assert stages(desk, "r1") == ["promised"]


def test_a_file_others_write_to_for_too_long(tmp_path: Path) -> None:
    with Desk.create(tmp_path / "desk.sqlite") as desk:
        a_ride(desk)
        store: Any = desk._store
        store._connection.execute("PRAGMA busy_timeout = 20")
        other = sqlite3.connect(tmp_path / "desk.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DeskUnusable) as raised:
            desk.drive("r1", by=BY)
        assert raised.value.code == "busy"
        assert stages(desk, "r1") == ["promised"]
        other.execute("ROLLBACK")
        other.close()
        done(desk.drive("r1", by=BY))


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    with Desk.create(tmp_path / "desk.sqlite") as desk:
        a_ride(desk)
        store: Any = desk._store
        ((pages,),) = store._connection.execute("PRAGMA page_count").fetchall()
        store._connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()
        with pytest.raises(DeskUnusable) as raised:
            for number in range(1000):
                done(desk.ask(request(f"more{number}"), by=BY))
        assert raised.value.code == "disk_full"
        assert "place" in raised.value.text("fr")
        asked = len(desk.requests(DAY))
        assert len(desk.lives_on(DAY)) == asked
        store._connection.execute("PRAGMA max_page_count = 100000").fetchall()
        done(desk.ask(request("after"), by=BY))


def test_a_file_that_cannot_be_written_to(tmp_path: Path) -> None:
    with Desk.create(tmp_path / "desk.sqlite") as desk:
        a_ride(desk)
        store: Any = desk._store
        store._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(DeskUnusable) as raised:
            desk.drive("r1", by=BY)
        assert raised.value.code == "read_only"
        assert stages(desk, "r1") == ["promised"]


def test_a_server_that_goes_away_is_found_again() -> None:
    with fresh("postgres") as place:
        desk = place.desk()
        a_ride(desk)
        with pytest.raises(DeskUnusable) as raised, desk._store.reading() as run:
            run("SELECT pg_terminate_backend(pg_backend_pid())")
        assert raised.value.code == "server_gone"
        done(desk.drive("r1", by=BY))
        assert stages(desk, "r1") == ["driven"]


def test_what_is_told_of_a_desk_that_cannot_be_used_survives_a_process() -> None:
    told = DeskUnusable("busy", place="desk.sqlite", said="locked")
    again = pickle.loads(pickle.dumps(told))
    assert (again.code, again.text("fr")) == (told.code, told.text("fr"))


def test_what_is_no_desk_is_told_in_words(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"no database at all" * 100)
    with pytest.raises(DeskUnusable) as raised:
        Desk.open(damaged)
    assert raised.value.code == "damaged"
    sqlite3.connect(tmp_path / "other.sqlite").close()
    with pytest.raises(InputError):
        Desk.open(tmp_path / "other.sqlite")
    with pytest.raises(DeskUnusable) as nowhere:
        Desk.create(tmp_path / "nowhere" / "desk.sqlite")
    assert nowhere.value.code == "cannot_open"
    for error in (raised.value, nowhere.value):
        assert error.text("fr") != error.text("en")
    for where in ("", "a\0b", 7):
        with pytest.raises(InputError):
            Desk.open(where)  # type: ignore[arg-type]


def test_a_server_that_is_not_there_is_told_in_words() -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install psycopg[binary]")
    with pytest.raises(DeskUnusable) as raised:
        Desk.create("postgresql:///?host=/nowhere/at/all")
    assert raised.value.code == "cannot_connect"
    with pytest.raises(InputError):
        Desk.create("postgresql:///?host=/nowhere/at/all", schema="Robert'); DROP")
