"""Each kind of damage, one at a time, behind the back of every guard: found, its place named."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.ledger.canonical import GENESIS
from msap_mobility.ledger.proof.chain import link
from msap_mobility.ledger.proof.verify import verify_file
from tests.ledger.proof.oracle import faultless
from tests.ledger.proof.story import TABLES, Hands, columns

if TYPE_CHECKING:
    from pathlib import Path

    from msap_mobility.ledger.proof.finding import Verification

KEYS = {
    "account": ("scheme", "account"),
    "terms": ("scheme", "account", "seq"),
    "entry": ("id",),
    "leg": ("scheme", "account", "seq"),
    "coupon": ("scheme", "serial", "seq"),
}

EACH_COLUMN = [(table, column) for table in TABLES for column in columns(table)]

NAMES = "SELECT account, id FROM ledger_account"


def changed(value: Any, amount: int = 1) -> Any:
    """Another value a STRICT column of the same type takes."""
    if isinstance(value, int):
        return value + amount
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    return f"{value or ''}{amount}"


def rows_of(hands: Hands, table: str) -> list[dict[str, Any]]:
    names = columns(table)
    rows = sorted(hands.rows(f"SELECT * FROM ledger_{table}"), key=repr)
    return [dict(zip(names, row, strict=True)) for row in rows]


def place_of(table: str, row: dict[str, Any]) -> str:
    """`row` in SQL."""
    return " AND ".join(f"{key} = {row[key]!r}" for key in KEYS[table])


def names_the_place(
    found: Verification, table: str, row: dict[str, Any], names: dict[int, str]
) -> bool:
    """Whether a finding is about this row, where it was before."""
    if table == "account":
        return any(row["id"] in finding.place.split(" ")[-1] for finding in found.findings)
    name = {
        "entry": "entry",
        "coupon": f"coupon {row.get('serial')}",
        "leg": f"leg {names.get(row.get('account', 0))}",
        "terms": f"terms {names.get(row.get('account', 0))}",
    }[table]
    return any(finding.seq == row["seq"] and finding.place == name for finding in found.findings)


@pytest.mark.parametrize(("table", "column"), EACH_COLUMN)
def test_one_column_changed(hands: Hands, told: Path, table: str, column: str) -> None:
    names = dict(hands.rows(NAMES))
    rows = rows_of(hands, table)
    some = random.Random(f"{table}.{column}").sample(rows, min(4, len(rows)))
    for row in some:
        shutil.copy(told, hands.path)
        value = (
            9
            if row[column] is None and column in ("effective", "expires", "floor", "ceiling")
            else changed(row[column])
        )
        if column == "closed":
            value = 1 - row[column]
        if column in ("seq", "account", "id", "scheme") and isinstance(value, int):
            value += 500  # a place that is free
        hands.run(
            (f"UPDATE ledger_{table} SET {column} = ? WHERE {place_of(table, row)}", (value,))
        )
        found = verify_file(hands.path)
        assert not found.sound, (row, value)
        assert names_the_place(found, table, row, names), (row, value, found.summary())


@pytest.mark.parametrize(
    ("table", "column"),
    [(t, c) for t, c in EACH_COLUMN if c in ("target", "effective", "expires", "floor", "ceiling")],
)
def test_one_column_emptied(hands: Hands, told: Path, table: str, column: str) -> None:
    names = dict(hands.rows(NAMES))
    for row in [row for row in rows_of(hands, table) if row[column] is not None]:
        shutil.copy(told, hands.path)
        hands.run(f"UPDATE ledger_{table} SET {column} = NULL WHERE {place_of(table, row)}")
        assert names_the_place(verify_file(hands.path), table, row, names), row


def test_an_empty_target_is_not_a_missing_one(hands: Hands) -> None:
    hands.run("UPDATE ledger_entry SET target = '' WHERE seq = 4")
    found = verify_file(hands.path)
    assert [(each.code, each.seq) for each in found.findings] == [("target_misplaced", 4)]


@pytest.mark.parametrize("table", TABLES)
def test_a_row_deleted(hands: Hands, told: Path, table: str) -> None:
    names = dict(hands.rows(NAMES))
    for row in rows_of(hands, table):
        if table == "entry" and row["seq"] == 20:
            continue  # the end of the chain: see below
        shutil.copy(told, hands.path)
        hands.run(f"DELETE FROM ledger_{table} WHERE {place_of(table, row)}")
        found = verify_file(hands.path)
        assert names_the_place(found, table, row, names), (row, found.summary())


def test_the_rows_of_a_deleted_entry_tell_of_it(hands: Hands) -> None:
    hands.run("DELETE FROM ledger_entry WHERE seq = 20")
    found = verify_file(hands.path)
    assert {(each.code, each.seq) for each in found.findings} == {("unexplained", 20)}
    assert {each.place for each in found.findings} == {"leg 9", "leg 10"}


@pytest.mark.parametrize("table", TABLES)
def test_a_row_added(hands: Hands, told: Path, table: str) -> None:
    some = rows_of(hands, table)[::5]
    for row in some:
        for seq in (9, 20, 21, 40):
            shutil.copy(told, hands.path)
            added = {**row, "seq": seq, "account": 1, "id": f"new/{seq}", "serial": "B7"}
            if table == "account":
                added["account"] = 40 + seq
            if table == "entry":
                added |= {"id": (1 << 40) + 20 + seq, "seq": 20 + seq, "key": "new", "target": None}
            values = [added[column] for column in columns(table)]
            marks = ", ".join("?" * len(values))
            hands.run((f"INSERT OR REPLACE INTO ledger_{table} VALUES ({marks})", values))
            assert not verify_file(hands.path).sound, added


@pytest.mark.parametrize("table", TABLES)
def test_a_row_of_no_scheme(hands: Hands, table: str) -> None:
    row = rows_of(hands, table)[0] | {"scheme": 7}
    if table == "entry":
        row["id"] = 7 << 40
    values = [row[column] for column in columns(table)]
    hands.run((f"INSERT INTO ledger_{table} VALUES ({', '.join('?' * len(values))})", values))
    found = verify_file(hands.path)
    assert [(each.code, each.place, each.values["scheme"]) for each in found.findings] == [
        ("nobodys", table, 7)
    ]


@pytest.mark.parametrize(("one", "other"), [(3, 4), (4, 5), (2, 10), (19, 20)])
def test_two_entries_swapped(hands: Hands, one: int, other: int) -> None:
    base = 1 << 40
    hands.run(
        f"UPDATE ledger_entry SET id = 5, seq = -1 WHERE seq = {one}",
        f"UPDATE ledger_entry SET id = {base + one}, seq = {one} WHERE seq = {other}",
        f"UPDATE ledger_entry SET id = {base + other}, seq = {other} WHERE seq = -1",
    )
    found = verify_file(hands.path)
    assert {one, other} <= {each.seq for each in found.findings if each.code == "link_broken"}


def test_two_legs_swapped(hands: Hands) -> None:
    hands.run(
        "UPDATE ledger_leg SET account = 99 WHERE account = 7 AND seq = 4",
        "UPDATE ledger_leg SET account = 7 WHERE account = 8 AND seq = 4",
        "UPDATE ledger_leg SET account = 8 WHERE account = 99",
    )
    found = verify_file(hands.path)
    assert {(each.code, each.seq, each.place) for each in found.findings} == {
        ("differs", 4, "leg paul/KM"),
        ("differs", 4, "leg jeanne/KM"),
    }


def test_one_wrong_balance_is_one_finding(hands: Hands) -> None:
    hands.run("UPDATE ledger_leg SET posted = posted + 5 WHERE account = 7 AND seq >= 6")
    found = verify_file(hands.path)
    assert [(each.seq, each.place) for each in found.findings] == [(6, "leg paul/KM")]


def test_a_gap_is_one_gap_and_the_rest_is_read_on(hands: Hands) -> None:
    hands.run("DELETE FROM ledger_entry WHERE seq BETWEEN 4 AND 6")
    hands.run("UPDATE ledger_leg SET amount = 0 WHERE seq = 19 AND account = 8")
    found = verify_file(hands.path)
    by_code = {each.code: each for each in found.findings}
    assert by_code["gap"].seq == 4
    assert by_code["gap"].values == {"last": 6}
    assert "below_floor" not in by_code
    assert [each.seq for each in found.findings if each.code == "differs"] == [19]


def test_the_last_entries_cut_off_with_all_their_rows(hands: Hands) -> None:
    """Consistent in itself: only a checkpoint shows it. See `test_checkpoint`."""
    hands.run(
        *(f"DELETE FROM ledger_{table} WHERE seq > 15" for table in TABLES if table != "account")
    )
    found = verify_file(hands.path)
    assert {each.code for each in found.findings} == set()
    assert found.entries == 15


def rewrite(hands: Hands, entry: dict[int, dict[str, Any]]) -> None:
    """Change entries and forge the whole chain after them."""
    names = columns("entry")
    previous = GENESIS
    for row in rows_of(hands, "entry"):
        changed_row = {**row, **entry.get(row["seq"], {})}
        forged = link(previous, "ayen", tuple(changed_row[name] for name in names[2:]))
        previous = forged.hex()
        sets = ", ".join(f"{name} = ?" for name in names)
        values = [*(changed_row[name] for name in names[:-1]), forged, row["id"]]
        hands.run((f"UPDATE ledger_entry SET {sets} WHERE id = ?", values))


FORGED = {
    "unbalanced": (4, {"legs": "jeanne/KM\t26\npaul/KM\t-25"}),
    "cover_broken": (4, {"legs": "jeanne/KM\t25\nissue/KM\t-25"}),
    "below_floor": (4, {"legs": "jeanne/KM\t2500\npaul/KM\t-2500"}),
    "too_large": (4, {"legs": f"issue/KM\t-{2**53}\npaul/KM\t{2**53}"}),
    "unknown_account": (4, {"legs": "nobody/KM\t25\npaul/KM\t-25"}),
    "not_readable": (4, {"legs": "jeanne/KM 25"}),
    "effective_late": (4, {"effective": 2**60}),
    "expiry_past": (5, {"expires": 1}),
    "expiry_misplaced": (4, {"expires": 1}),
    "target_misplaced": (4, {"target": "s1"}),
    "legs_misplaced": (8, {"legs": "jeanne/KM\t1\npaul/KM\t-1"}),
    "beyond_hold": (6, {"legs": "jeanne/KM\t11\npaul/KM\t-11"}),
    "target_unknown": (6, {"target": "none"}),
    "target_unfit": (6, {"target": "s1"}),
    "not_opposite": (12, {"legs": "jeanne/KM\t-7\npaul/KM\t7"}),
    "unknown_phase": (4, {"phase": "pose"}),
    "expired_early": (11, {"key": "h3/ended"}),
    "coupon_state": (13, {"marks": "A1\tused\tsold"}),
    "unknown_asset": (13, {"accounts": "zoé/DEM\tDEM\tperson\t0\t40\t0\t"}),
    "account_changed": (17, {"accounts": "bank/EUR\tEUR\tshop\t-5000\t\t0\t"}),
    "limits_unmet": (17, {"accounts": "paul/KM\tKM\tperson\t5000\t\t0\t"}),
    "closed_not_empty": (17, {"accounts": "paul/KM\tKM\tperson\t0\t\t0\tclosed"}),
    "through_closed": (13, {"accounts": "zoé/KM\tKM\tperson\t0\t40\t0\tclosed"}),
    "above_ceiling": (13, {"accounts": "zoé/KM\tKM\tperson\t0\t2\t0\t"}),
    "time_back": (9, {"recorded": 5}),
    "not_ended": (11, {"phase": "post", "target": None}),
}


@pytest.mark.parametrize("code", FORGED)
def test_a_forged_chain_that_breaks_a_rule(hands: Hands, code: str) -> None:
    seq, columns_changed = FORGED[code]
    rewrite(hands, {seq: columns_changed})
    found = verify_file(hands.path)
    codes = {each.code for each in found.findings}
    assert "link_broken" not in codes
    assert code in codes, found.summary()
    later = {"through_closed": 14, "above_ceiling": 14}
    where = {each.seq for each in found.findings if each.code == code}
    assert later.get(code, seq) in where
    assert not faultless(hands.content(), "ayen")


def test_a_key_used_twice(hands: Hands) -> None:
    hands.run("DROP INDEX ledger_entry_key")
    rewrite(hands, {4: {"key": "s1"}})
    found = verify_file(hands.path)
    assert {(each.code, each.seq, each.place) for each in found.findings} == {
        ("key_repeated", 4, "entry"),
        ("guard_missing", None, "index ledger_entry_key"),
    }


def test_a_target_used_twice(hands: Hands) -> None:
    hands.run("DROP INDEX ledger_entry_target")
    rewrite(hands, {18: {"phase": "reverse", "target": "r2", "legs": "jeanne/KM\t-8\npaul/KM\t8"}})
    found = verify_file(hands.path)
    assert ("closed_twice", 18) in {(each.code, each.seq) for each in found.findings}


def test_a_hold_ended_twice(hands: Hands) -> None:
    hands.run("DROP INDEX ledger_entry_target")
    rewrite(hands, {8: {"target": "h1"}})
    found = verify_file(hands.path)
    codes = [each.code for each in found.findings if each.seq == 8]
    assert codes.count("closed_twice") == 2  # as a rule of holds, and over the whole table


def test_guards_taken_away_or_altered(hands: Hands) -> None:
    kept = hands.rows("SELECT sql FROM sqlite_schema WHERE name = 'ledger_leg_limits'")[0][0]
    with closing(sqlite3.connect(hands.path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER ledger_leg_DELETE")
        connection.execute("DROP TRIGGER ledger_leg_limits")
        connection.execute(kept.replace("WHERE closed OR", "WHERE"))
        connection.execute(
            "CREATE TRIGGER ledger_mine AFTER INSERT ON ledger_member BEGIN SELECT 1; END"
        )
    found = verify_file(hands.path)
    assert {(each.code, each.place) for each in found.findings} == {
        ("guard_missing", "trigger ledger_leg_DELETE"),
        ("guard_changed", "trigger ledger_leg_limits"),
        ("guard_foreign", "trigger ledger_mine"),
    }


def test_another_version(hands: Hands) -> None:
    hands.run("UPDATE ledger_version SET version = 0")
    assert [each.code for each in verify_file(hands.path).findings] == ["version_wrong"]


def test_a_renamed_scheme(hands: Hands) -> None:
    hands.run("UPDATE ledger_scheme SET name = 'ayem'")
    found = verify_file(hands.path)
    assert {each.code for each in found.findings} == {"link_broken"}


def test_an_emptied_ledger(hands: Hands) -> None:
    hands.run("DELETE FROM ledger_entry")
    found = verify_file(hands.path)
    assert ("gap", 1) in {(each.code, each.seq) for each in found.findings}
    assert found.entries == 0


cell = st.tuples(
    st.sampled_from(EACH_COLUMN), st.integers(0, 10_000), st.integers(-3, 3).filter(bool)
)


@settings(max_examples=60)
@given(st.lists(cell, min_size=1, max_size=3))
def test_it_says_what_the_oracle_says(told: Path, tmp_path_factory: Any, cells: list[Any]) -> None:
    path = tmp_path_factory.mktemp("damage") / "ledger.sqlite"
    shutil.copy(told, path)
    hands = Hands(path)
    for (table, column), number, amount in cells:
        rows = rows_of(hands, table)
        row = rows[number % len(rows)]
        value = changed(row[column] or 0 if column in ("floor", "ceiling") else row[column], amount)
        if column == "closed":
            value = 1 - row[column]
        query = f"UPDATE OR IGNORE ledger_{table} SET {column} = ? WHERE {place_of(table, row)}"
        if not (row[column] is None and column in ("effective", "expires")):
            hands.run((query, (value,)))
    assert verify_file(path).sound == faultless(hands.content(), "ayen")
