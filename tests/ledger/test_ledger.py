"""The face: create, open, close; the snippet of the design; several schemes side by side."""

from __future__ import annotations

import inspect
import sqlite3
import subprocess
import sys
from urllib.parse import urlencode

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger import DrivenRide, Ledger, Refused, SchemeRules
from msap_mobility.ledger.engines.unusable import Unusable
from tests.ledger import postgres_server

AYEN = SchemeRules.ayen()
THERE = DrivenRide(id="r1", rider="paul", driver="jeanne", km=25)


def test_the_snippet_of_the_design(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    ledger = Ledger.create("ecosystm.sqlite", rules=SchemeRules.ayen())
    ledger.sell_booklet("paul", km=50)
    ledger.settle(THERE)
    assert ledger.settle(THERE).replayed
    ledger.close()
    with Ledger.open("ecosystm.sqlite") as again:
        assert again.rules == SchemeRules.ayen()
        assert again.balance("jeanne")["KM"].posted == 25


def test_anything_with_a_rider_a_driver_and_km_is_a_ride() -> None:
    class Matched:
        id, rider, driver, km = "m1", "paul", "jeanne", "12"

    with Ledger.create(":memory:", rules=AYEN) as ledger:
        ledger.sell_booklet("paul", km=50)
        assert ledger.settle(Matched()).key == "m1/settled"


def test_a_missing_file_is_refused_and_none_is_made(tmp_path) -> None:
    with pytest.raises(InputError) as raised:
        Ledger.open(tmp_path / "missing.sqlite")
    assert raised.value.faults[0].code == "ledger_missing"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_ledger_is_left_alone(tmp_path) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_text("Dear Paul, this is a letter and no database." * 99, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(Unusable):
        Ledger.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("place", ["", " ", "a\0b", 7])
def test_a_place_that_is_none(place) -> None:
    with pytest.raises(InputError):
        Ledger.open(place)


def test_two_schemes_in_one_file(tmp_path) -> None:
    path = tmp_path / "both.sqlite"
    with (
        Ledger.create(path, rules=AYEN) as ayen,
        Ledger.create(str(path), rules=SchemeRules.argences(), scheme="aubrac") as aubrac,
    ):
        ayen.sell_booklet("paul", km=50, key="k")
        aubrac.sell_booklet("paul", km=20, key="k")
        assert ayen.balance("paul")["KM"].posted == 50
        assert aubrac.balance("paul")["KM"].posted == 4
        with pytest.raises(Refused):
            aubrac.settle(DrivenRide(id="r", rider="paul", driver="jeanne", km=25))
    with pytest.raises(InputError) as raised:
        Ledger.open(path)
    assert raised.value.faults[0].code == "scheme_not_named"
    with Ledger.open(path, "aubrac") as again:
        assert again.rules.name == "argences"
    with pytest.raises(InputError) as raised:
        Ledger.create(path, rules=AYEN)
    assert raised.value.faults[0].code == "scheme_exists"


def test_on_a_server() -> None:
    """The same face on PostgreSQL, in a schema of its own."""
    schema = postgres_server.new_schema_name()
    conninfo = pytest.importorskip("psycopg.conninfo")
    place = "postgresql:///?" + urlencode(conninfo.conninfo_to_dict(postgres_server.dsn()))
    try:
        with Ledger.create(place, rules=AYEN, schema=schema) as ledger:
            ledger.sell_booklet("paul", km=50)
            ledger.note_member("paul", "Paul")
        with Ledger.open(place, schema=schema) as ledger:
            assert ledger.rules == AYEN
            assert ledger.settle(THERE).balances["jeanne/KM"] == 25
            assert ledger.members()[1].name == "Paul"
    finally:
        postgres_server.drop(schema)


def test_in_a_host_s_transaction(tmp_path) -> None:
    """A ride rolled back with the host's row leaves neither leg nor account."""
    path = tmp_path / "host.sqlite"
    with Ledger.create(path, rules=AYEN) as ledger:
        ledger.sell_booklet("paul", km=50)
        host = sqlite3.connect(path, isolation_level=None)
        host.execute("CREATE TABLE trip (id TEXT)")
        for end, km in (("ROLLBACK", 0), ("COMMIT", 25)):
            cursor = host.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("INSERT INTO trip VALUES ('r1')")
            guest = Ledger.on(cursor)
            guest.settle(THERE)
            assert guest.settle(THERE).replayed
            cursor.execute(end)
            accounts = {each.terms.id: each.posted for each in ledger.journal.accounts()}
            assert accounts.get("jeanne/KM", 0) == km
        host.close()


def test_every_verb_is_thin_and_told() -> None:
    for name, verb in inspect.getmembers(Ledger, inspect.isfunction):
        if not name.startswith("_"):
            assert verb.__doc__, name
            statements = inspect.getsource(verb).split('"""')[-1].strip().splitlines()
            assert len(statements) <= 10, name


def test_the_ledger_runs_on_the_standard_library_alone() -> None:
    code = (
        "import sys; from msap_mobility.ledger import Ledger, SchemeRules; "
        "Ledger.create(None, rules=SchemeRules.ayen()).sell_booklet('paul', km=50); "
        "print(*sorted({m.partition('.')[0] for m in sys.modules} - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    foreign = {name for name in done.stdout.split() if not name.startswith(("_", "sitecustom"))}
    assert foreign <= {"msap_mobility"}
