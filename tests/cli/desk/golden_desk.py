"""A day at a desk through `msap desk … --json`: the golden examples of its documents."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msap_mobility.cli import main
from tests.cli.ledger.golden_ledger import said as said_of_ledger
from tests.cli.ledger.golden_ledger import ticking

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = "desk.sqlite"
LEDGER = ("--ledger", "ayen.sqlite")
DAY = "2026-09-22"
PLACES = """id,name,lon,lat,commune,urban_unit
ayen,Ayen,1.324,45.254,19015,0
objat,Objat,1.409,45.263,19153,0
"""


def said(*words: object) -> Any:
    """What ``msap desk`` prints for these words and ``--json``."""
    out = io.StringIO()
    quiet = contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO())
    with quiet[0], quiet[1], contextlib.suppress(SystemExit):
        main(["desk", *map(str, words), "--json"])
    return json.loads(out.getvalue())


def desk_answers(folder: Path) -> dict[str, Any]:
    """Every document of the desk, made in `folder`, which must be empty."""
    with contextlib.chdir(folder), ticking() as clock:
        Path("places.csv").write_text(PLACES, encoding="utf-8")
        Path("notes.txt").write_text("bread, milk\n" * 500, encoding="utf-8")
        said_of_ledger("init", "ayen.sqlite", "--rules", "ayen")
        said_of_ledger("sell", "ayen.sqlite", "paul", "--km", 50)
        found = dict(_day())
        clock.now_ns += 3 * 366 * 86_400 * 1_000_000_000
        return {**found, "desk-purged-1": said("forget", HERE)}


def _day() -> Iterator[tuple[str, Any]]:
    yield "desk-begun-1", said("init", HERE, "--places", "places.csv")
    papers = ("--charter", "2026-03-02", "--licence", "2026-03-02", "--badge", 12)
    said("member", HERE, "jeanne", "--roles", "driver;rider", *papers, "--phone", "05 55 00 00 00")
    for name in ("paul", "lucie"):
        said("member", HERE, name, "--roles", "rider", "--charter", "2026-03-02")
    yield "desk-members-1", said("members", HERE)
    detour = ("--max-detour", "10 min")
    way = ("--start", "ayen", "--end", "objat", "--depart")
    said("offer", HERE, "o1", "--driver", "jeanne", *way, f"{DAY} 08:10-08:40", *detour)
    yield (
        "desk-refusal-1",
        said("offer", HERE, "o2", "--driver", "paul", *way, f"{DAY} 9:00", *detour),
    )
    for name, rider, hours in (("r1", "paul", "08:00-09:00"), ("r2", "lucie", "08:00-08:20")):
        said("request", HERE, name, "--rider", rider, *way, f"{DAY} {hours}")
    said("book", HERE, "r1", "--offer", "o1", *LEDGER)
    said("offer", HERE, "o4", "--driver", "jeanne", *way, f"{DAY} 18:00", *detour)
    who = said("who", HERE, "r2", *LEDGER)
    yield "desk-who-1", who
    choice = ("--choice", who["choices"][0]["token"])
    yield "desk-booked-1", said("book", HERE, "r2", *choice, *LEDGER)
    yield "desk-offers-1", said("offers", HERE, "--on", DAY)
    yield "desk-calls-1", said("log-call", HERE, "r1", "paul", "--outcome", "told")
    for verb in ("drive", "confirm", "settle"):
        said(verb, HERE, "r1", *LEDGER)
    free = ("--depart", f"{DAY} 13:00", "--arrive", f"{DAY} 19:00")
    said("offer", HERE, "o3", "--driver", "jeanne", "--kind", "volunteer", "--start", "ayen", *free)
    doctor = ("--end", "objat", "--arrive", f"{DAY} 14:30-15:00", "--stay", "1 h")
    said("request", HERE, "r3", "--rider", "paul", "--start", "ayen", *doctor)
    said("book", HERE, "r3", "--offer", "o3", *LEDGER)
    said("drive", HERE, "r3", *LEDGER)
    yield "desk-rides-1", said("rides", HERE, "--from", DAY, *LEDGER)
    yield "desk-report-1", said("report", HERE, "--from", DAY)
    yield "desk-unusable-1", said("rides", "notes.txt")
    Path("who.csv").write_text("member,residence,resources\npaul,yes,no\n", encoding="utf-8")
    yield (
        "prefect-1",
        said("report", HERE, "--prefect", 2026, "--beneficiaries", "who.csv", *LEDGER),
    )
