"""A year of a scheme through `msap ledger … --json`: the golden examples of its documents."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

from msap_mobility.cli import asking, main
from msap_mobility.ledger import Ledger
from msap_mobility.ledger.proof.checkpoint import checkpoint_at
from msap_mobility.ledger.proof.receipt import consistency

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGUN_NS = 1_790_000_000_000_000_000  # 21 September 2026, Paris 16:13:20
SECOND_NS = 1_000_000_000
YEARS_NS = 3 * 366 * 86_400 * SECOND_NS

SLIPS = """date;kind;slip;member;driver;shop;km;amount;serials
21/09/2026;ride;17;paul;jeanne;;25;;
21/09/2026;spend;18;jeanne;;bakery;;1,50;
"""


class Ticking:
    """A clock that goes on by a second whenever it is read."""

    def __init__(self) -> None:
        self.now_ns = BEGUN_NS

    def time_ns(self) -> int:
        """As `time.time_ns`."""
        self.now_ns += SECOND_NS
        return self.now_ns


@contextlib.contextmanager
def ticking() -> Iterator[Ticking]:
    """The command line reads a clock that is the same every time."""
    clock = Ticking()
    with mock.patch.object(asking, "time", SimpleNamespace(time_ns=clock.time_ns)):
        yield clock


def said(*words: object) -> Any:
    """What ``msap ledger`` prints for these words and ``--json``."""
    out = io.StringIO()
    quiet = contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO())
    with quiet[0], quiet[1], contextlib.suppress(SystemExit):
        main(["ledger", *map(str, words), "--json"])
    return json.loads(out.getvalue())


def ledger_answers(folder: Path) -> dict[str, Any]:
    """Every document of the ledger, made in `folder`, which must be empty."""
    with contextlib.chdir(folder), ticking() as clock:
        found = {**_founded(), **_desk(), **_books(), **_care()}
        clock.now_ns += YEARS_NS
        lapsed = said("expire", "short.sqlite")
        return {
            **found,
            "ledger-lapsed-1": lapsed,
            "ledger-purged-1": said("member", "purge", "ayen.sqlite"),
        }


def _founded() -> dict[str, Any]:
    begun = said("init", "ayen.sqlite", "--rules", "ayen")
    said("shop", "ayen.sqlite", "bakery")
    return {"ledger-begun-1": begun, "ledger-rules-1": said("rules", "ayen.sqlite")}


def _desk() -> dict[str, Any]:
    here = "ayen.sqlite"
    sold = said("sell", here, "paul", "--km", 50, "--idempotency-key", "k1", "--ref", "16")
    much = ("--amount", "9.00", "--idempotency-key", "k4")
    ridden = ("--rider", "paul", "--driver", "jeanne", "--km", 25)
    said("promise", here, "r1", *ridden)
    held = said("balance", here, "paul")
    said("settle", here, "r1", *ridden)
    said("exchange", here, "jeanne", "--km", 25, "--idempotency-key", "k2")
    said("coupons", "print", here, "A001..A050")
    _short_lived()
    said("member", "note", here, "paul", "--name", "Paul", "--idempotency-key", "k3")
    return {
        "ledger-posted-1": sold,
        "ledger-balance-1": held,
        "ledger-refusal-1": said("spend", here, "jeanne", "bakery", *much),
        "ledger-coupon-1": said("coupons", "show", here, "A001"),
        "ledger-imported-1": _imported(here),
        "ledger-members-1": said("members", here),
        "ledger-member-1": said("member", "export", here, "jeanne"),
    }


def _imported(here: str) -> Any:
    Path("slips.csv").write_text(SLIPS, encoding="utf-8")
    return said("import", here, "slips.csv", "--actor", "agent-2")


def _short_lived() -> None:
    rules = 'name = "short"\nkm_per_coupon = 1\ncents_per_coupon = 6\naccepted = "coupons"\n'
    Path("short.toml").write_text(f"{rules}expiry_months = 1\n", encoding="utf-8")
    said("init", "short.sqlite", "--rules", "short.toml")
    said("sell", "short.sqlite", "paul", "--km", 10, "--idempotency-key", "k1")


def _books() -> dict[str, Any]:
    here = "ayen.sqlite"
    year = ("--siren", "732829320", "--year", 2026, "--folder", "accountant")
    return {
        "ledger-cover-1": said("cover", here),
        "ledger-statement-1": said("statement", here, "jeanne", "--month", "2026-09"),
        "ledger-circulation-1": said("report", here, "--year", 2026),
        "ledger-exported-1": said("export", "fec", here, *year),
    }


def _care() -> dict[str, Any]:
    here = "ayen.sqlite"
    Path("notes.txt").write_text("bread, milk\n" * 100, encoding="utf-8")
    backup = said("backup", here, "--out", "copy.sqlite")
    beside = json.loads(Path("copy.sqlite.checkpoints.json").read_text(encoding="utf-8"))
    return {
        "ledger-backup-1": backup,
        "checkpoints-1": beside,
        "ledger-verification-1": said("verify", here, "--checkpoint", backup["checkpoint"]["text"]),
        "ledger-restored-1": said("restore", "copy.sqlite", "again.sqlite"),
        "ledger-checkpoint-1": said("checkpoint", here),
        "receipt-1": said("receipt", here, "r1/settled"),
        "entries-1": _entries(here),
        "consistency-1": _consistency(here),
        "ledger-unusable-1": said("balance", "notes.txt", "paul"),
        "ledger-schema-1": said("schema", "--sql", "--from", 1),
    }


def _entries(here: str) -> Any:
    """The lines of the export: those of the schema, then the first three entries."""
    said("export", "jsonl", here, "--out", "entries.jsonl")
    lines = Path("entries.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[:4]]


def _consistency(here: str) -> Any:
    """From the checkpoint of the third entry to that of the present one; no command gives it."""
    with Ledger.open(here) as ledger:
        engine = ledger.journal.engine
        older = checkpoint_at(engine.reader, engine.name, 3)
        return consistency(ledger.journal, older).to_dict()
