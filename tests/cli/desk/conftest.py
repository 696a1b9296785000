"""`msap desk` as an agent types it: exit code, stdout, stderr."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from msap_mobility.cli import main

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "schemas"
VARIABLES = ("MSAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "MSAP_LEDGER", "MSAP_DESK")
DAY = "2031-12-02"
PLACES = """id,name,lon,lat,commune,urban_unit
ayen,Ayen,1.324,45.254,19015,0
objat,Objat,1.409,45.263,19153,0
brive,Brive,1.533,45.159,19031,70000
perpezac,Perpezac-le-Blanc,1.33,45.22,19161,0
nowhere,Lieu-dit,1.3,45.2,,
"""

Run = Callable[..., tuple[int, str, str]]
Ask = Callable[..., Any]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `msap` in a folder of its own; ``desk`` comes first unless ``ledger`` does."""
    for name in (*VARIABLES, "MSAP_PLACES", "MSAP_AGENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> tuple[int, str, str]:
        group = () if words[0] == "ledger" else ("desk",)
        with pytest.raises(SystemExit) as ended:
            main([*group, *map(str, words)])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        assert "fault of msap" not in told.err
        return int(ended.value.code or 0), told.out, told.err

    return call


@pytest.fixture
def ask(run: Run) -> Ask:
    """The JSON document of a command; it keeps the schema it names."""

    def call(*words: object, ends: int = 0) -> Any:
        code, out, err = run(*words, "--json")
        assert code == ends, err
        document = json.loads(out, parse_constant=pytest.fail)
        validator(document["schema"]).validate(document)
        return document

    return call


@pytest.fixture
def desk(run: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """A desk with a driver, two passengers and the driver's offer, named by the environment."""
    Path("places.csv").write_text(PLACES, encoding="utf-8")
    monkeypatch.setenv("MSAP_DESK", "desk.sqlite")
    assert run("init", "--places", "places.csv")[0] == 0
    drives = ("--licence", "2026-03-02", "--badge", "12", "--phone", "05 55 00 00 00")
    run("member", "jeanne", "--roles", "driver", "--charter", "2026-03-02", *drives)
    for name in ("paul", "lucie"):
        run("member", name, "--roles", "rider", "--charter", "2026-03-02")
    assert run("offer", *offered("o1"))[0] == 0
    return "desk.sqlite"


@pytest.fixture
def ledger(run: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """The ledger of Ayen, in which Paul has coupons; named by the environment."""
    monkeypatch.setenv("MSAP_LEDGER", "ayen.sqlite")
    run("ledger", "init", "ayen.sqlite", "--rules", "ayen")
    run("ledger", "sell", "ayen.sqlite", "paul", "--km", 50)
    return "ayen.sqlite"


def offered(name: str, *more: object, hour: str = "08:10") -> tuple[object, ...]:
    """The words of an offer of Jeanne's, from Ayen to Objat."""
    way = ("--start", "ayen", "--end", "objat", "--depart", f"{DAY} {hour}")
    return (name, "--driver", "jeanne", *way, "--max-detour", "5 min", *more)


def asked(name: str, rider: str, *more: object, hours: str = "08:00-08:30") -> tuple[object, ...]:
    """The words of a request, from Ayen to Objat."""
    way = ("--start", "ayen", "--end", "objat", "--depart", f"{DAY} {hours}")
    return (name, "--rider", rider, *way, *more)


def validator(schema: str) -> Draft202012Validator:
    """Of the schema ``msap.desk.rides/1``, in ``docs/schemas/desk-rides-1.schema.json``."""
    name = schema.removeprefix("msap.").replace(".", "-").replace("/", "-")
    text = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(json.loads(text), format_checker=checker)
