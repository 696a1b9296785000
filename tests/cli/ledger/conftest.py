"""`msap ledger` as a user types it: exit code, stdout, stderr."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from msap_mobility.cli import main
from tests.cli.ledger.golden_ledger import Ticking, ticking

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "schemas"

Run = Callable[..., tuple[int, str, str]]
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Ticking]:
    """A day of 2026, whatever day it is: a scheme takes no slips of the years before its own."""
    with ticking() as clock:
        yield clock


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run ``msap ledger`` in a folder of its own."""
    for name in ("MSAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "MSAP_LEDGER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["ledger", *map(str, words)])
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
def ayen(run: Run) -> str:
    """A scheme of Ayen with its bakery."""
    run("init", "ayen.sqlite", "--rules", "ayen")
    run("shop", "ayen.sqlite", "bakery", "--name", "Boulangerie")
    return "ayen.sqlite"


def validator(schema: str) -> Draft202012Validator:
    """Of the schema ``msap.ledger.posted/1``, in ``docs/schemas/ledger-posted-1.schema.json``."""
    name = schema.removeprefix("msap.").replace(".", "-").replace("/", "-")
    text = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(json.loads(text), format_checker=checker)


def ridden(name: str = "r1", km: object = 25) -> tuple[object, ...]:
    """The words of a ride of Paul with Jeanne."""
    return (name, "--rider", "paul", "--driver", "jeanne", "--km", km)
