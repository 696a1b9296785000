"""Verified, copied, restored, proved; and the tables for a server."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from jsonschema import ValidationError

from msap_mobility.ledger.proof.checkpoint import Checkpoint
from msap_mobility.ledger.proof.export import check_export
from msap_mobility.ledger.proof.receipt import Consistency, Receipt
from tests.cli.ledger.conftest import SCHEMAS, Ask, Run, ridden, validator


@pytest.fixture
def used(run: Run, ayen: str) -> str:
    """A scheme with a ride."""
    run("sell", ayen, "paul", "--km", 50)
    run("settle", ayen, *ridden())
    return ayen


def test_what_was_changed_is_found_and_ends_with_four(run: Run, ask: Ask, used: str) -> None:
    assert ask("verify", used)["verification"]["sound"]
    with closing(sqlite3.connect(used)) as file, file:
        triggers = file.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            file.execute(f"DROP TRIGGER {name}")
        leg = file.execute("SELECT name FROM sqlite_schema WHERE name LIKE '%leg'").fetchone()[0]
        file.execute(f"UPDATE {leg} SET posted = posted + 1 WHERE seq = 4")
    found = ask("verify", used, ends=4)["verification"]
    assert not found["sound"]
    assert any(each["seq"] == 4 for each in found["findings"])
    code, out, _ = run("verify", used, "--lang", "fr")
    assert code == 4
    assert "écriture 4" in out


def test_a_checkpoint_shows_an_old_copy(run: Run, ask: Ask, used: str) -> None:
    old = ask("backup", used, "--out", "old.sqlite")["checkpoint"]
    run("settle", used, *ridden("r2"))
    run("checkpoint", used, "--out", "line.txt")
    newer = Checkpoint.of(Path("line.txt").read_text(encoding="utf-8"))
    assert newer.seq == old["seq"] + 1
    assert run("checkpoint", used)[1].strip() == newer.to_text()
    for kept in ("line.txt", newer.to_text()):
        assert run("verify", used, "--checkpoint", kept)[0] == 0
        found = ask("verify", "old.sqlite", "--checkpoint", kept, ends=4)["verification"]
        assert [each["code"] for each in found["findings"]] == ["checkpoint_newer"]
    beside = ("--checkpoint", "old.sqlite.checkpoints.json")
    assert ask("verify", used, *beside)["verification"]["checkpoint"] == old["seq"]


def test_a_backup_is_restored(run: Run, ask: Ask, used: str) -> None:
    code, out, _ = run("backup", used, "--out", "copy.sqlite", "--lang", "fr")
    assert code == 0
    line = out.splitlines()[-1]
    assert Checkpoint.of(line).scheme == "ayen"
    assert run("backup", used, "--out", "copy.sqlite")[0] == 2  # nothing is overwritten
    assert ask("restore", "copy.sqlite", "again.sqlite")["verification"]["sound"]
    assert run("restore", "copy.sqlite", "again.sqlite")[0] == 2
    assert run("verify", "again.sqlite", "--checkpoint", line)[0] == 0
    one, other = (ask("balance", place, "paul")["balances"] for place in (used, "again.sqlite"))
    assert one == other
    run("settle", used, *ridden("r2"))
    newer = ask("checkpoint", used)["checkpoint"]["text"]
    code, out, _ = run("restore", "copy.sqlite", "third.sqlite", "--checkpoint", newer)
    assert code == 4  # restored, and what came after it is told
    assert "third.sqlite was restored" in out


def test_a_signed_checkpoint_is_nobody_elses(run: Run, ask: Ask, used: str) -> None:
    for name, secret in (("mine", b"kept by the treasurer\r\n"), ("his", b"kept by another")):
        Path(name).write_bytes(secret + b"x" * (name == "his"))
    plain = run("checkpoint", used)[1]
    told = ask("checkpoint", used, "--secret", "mine")["checkpoint"]
    assert Checkpoint.of(told["text"]).checks("kept by the treasurer")
    against = ("verify", used, "--secret", "mine", "--checkpoint")
    assert ask(*against, told["text"])["verification"]["checkpoint"] == told["seq"]
    for forged in (plain, run("checkpoint", used, "--secret", "his")[1]):
        assert ask(*against, forged, ends=2)["faults"][0]["code"] == "not_signed_so"
    run("backup", used, "--out", "copy.sqlite")
    again = ("restore", "copy.sqlite", "again.sqlite", "--secret", "mine", "--checkpoint")
    assert ask(*again, plain, ends=2)["faults"][0]["code"] == "not_signed_so"
    assert ask(*again, told["text"])["verification"]["sound"]


def test_a_secret_that_keeps_nothing(ask: Ask, used: str) -> None:
    Path("short").write_bytes(b"123456789012345\n")
    for command in ("verify", "checkpoint"):
        faults = ask(command, used, "--secret", "short", ends=2)["faults"]
        assert [each["code"] for each in faults] == ["secret_short"]
    Path("long").write_bytes(b"1234567890123456\n")
    assert ask("verify", used, "--secret", "long", ends=2)["faults"][0]["code"] == "nothing_signed"


def test_a_receipt_proves_an_entry(run: Run, ask: Ask, used: str) -> None:
    receipt = Receipt.from_dict(ask("receipt", used, "r1/settled"))
    assert receipt.check()
    assert receipt.check(Checkpoint.of(run("checkpoint", used)[1]))
    run("receipt", used, "r1/settled", "--out", "receipt.json")
    kept = json.loads(Path("receipt.json").read_text(encoding="utf-8"))
    assert Receipt.from_dict(kept) == receipt
    assert ask("receipt", used, "r9/settled", ends=2)["faults"][0]["code"] == "entry_unknown"


def test_the_tables_for_postgresql_need_no_server(run: Run, ask: Ask) -> None:
    code, sql, err = run("schema", "--sql", "--schema", "coupons", "--role", "desk")
    assert (code, err) == (0, "")
    assert 'CREATE TABLE "coupons".entry' in sql
    assert 'GRANT SELECT ON ALL TABLES IN SCHEMA "coupons" TO "desk"' in sql
    told = ask("schema", "--sql")
    assert "CREATE TABLE" in told["sql"]
    assert ask("schema", "--sql", "--from", told["version"])["sql"] == ""
    assert ask("schema", "--sql", "--schema", "Robert'; DROP", ends=2)["faults"]
    assert "1" in run("schema", "--lang", "fr")[1]


def test_a_synced_folder_is_warned_of(run: Run) -> None:
    Path("Dropbox").mkdir()
    code, out, err = run("init", "Dropbox/a.sqlite", "--rules", "ayen", "--lang", "fr")
    assert code == 0
    assert "Dropbox" in err.splitlines()[0]
    assert "Dropbox copie" in err or "dossier" in err
    assert out


def test_the_golden_proofs_hold() -> None:
    def golden(name: str) -> Any:
        return json.loads((SCHEMAS / f"{name}.example.json").read_text(encoding="utf-8"))

    assert Consistency.from_dict(golden("consistency-1")).holds()
    assert check_export(map(json.dumps, golden("entries-1"))).sound
    for name, end in (("consistency-1", {"proof": ["ab"]}), ("entries-1", [])):
        with pytest.raises(ValidationError):
            validator(f"msap.{name.replace('-', '/')}").validate(end)
