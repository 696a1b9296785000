"""Write the golden examples of `docs/schemas` anew: ``python -m tests.cli.golden_examples``.

They are the answers of `msap … --json` for four communes of the Bellencombre example, and of
`msap ledger … --json` and `msap desk … --json` for a small scheme, of `msap carpool … --json` for a
small day: so small that a reader can follow them. Look at what changed before you commit it.
"""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from pathlib import Path
from typing import Any

from msap_mobility.cli import main
from msap_mobility.scenario import Scenario
from tests.cli.desk.golden_desk import desk_answers
from tests.cli.golden_carpool import carpool_answers
from tests.cli.ledger.golden_ledger import ledger_answers

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
COMMUNES = {"76070", "76193", "76538", "76588"}
RUN = {
    "scenario": "four_communes",
    "seconds": 1.5,
    "machine": "Linux x86_64, Python 3.11.7",
    "date": "2027-01-04T08:00:00+00:00",
}


def four_communes(folder: Path) -> Path:
    """A scenario folder with four communes and their stops."""
    Scenario.new(folder)
    for name, column in (("homes.csv", "commune"), ("places.csv", "commune")):
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        position = lines[0].split(",").index(column)
        kept = [line for line in lines[1:] if line.split(",")[position] in COMMUNES]
        (folder / name).write_text("\n".join([lines[0], *kept]) + "\n", encoding="utf-8")
    return folder


def printed(*words: object) -> Any:
    """What `msap` prints for these words."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        main([*map(str, words), "--json"])
    return json.loads(out.getvalue())


def answers(folder: Path) -> dict[str, Any]:
    """Every schema's document, for the scenario in `folder`."""
    out = folder.parent / "out"
    plan = printed("plan", folder, "--out", out, "--budget", "200 it")
    saved = out / "plan.json"
    broken = json.loads(saved.read_text(encoding="utf-8"))
    broken["plan"]["rounds"][0]["visits"][0]["arrive_s"] -= 600
    (out / "broken.json").write_text(json.dumps(broken), encoding="utf-8")
    found = {
        "plan-1": {**plan, "run": RUN},
        "replay-1": printed("replay", saved),
        "coverage-1": printed("coverage", folder, "--tour", saved),
        "comparison-1": printed("compare", folder, "--after", saved),
        "check-1": printed("check", folder, "--tour", out / "broken.json"),
    }
    crew = folder / "crew.csv"
    crew.write_text(crew.read_text(encoding="utf-8").replace("45 min", "soon"), encoding="utf-8")
    accounts, desk = folder.parent / "accounts", folder.parent / "desk"
    accounts.mkdir()
    desk.mkdir()
    found["faults-1"] = printed("check", folder)
    return {**found, **ledger_answers(accounts), **desk_answers(desk), **carpool_answers()}


def write() -> None:
    """Write every example."""
    with tempfile.TemporaryDirectory() as parent:
        for name, data in answers(four_communes(Path(parent) / "four_communes")).items():
            text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
            (SCHEMAS / f"{name}.example.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
