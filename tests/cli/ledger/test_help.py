"""Every command helps in both languages and takes what all take; the others stay as quick."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from msap_mobility.cli import ledger
from msap_mobility.cli.ledger import ledger_group
from msap_mobility.ledger.books.slip_file import SLIP_COLUMNS
from msap_mobility.wording import LANGUAGES, Lang, codes, say
from tests.cli.ledger.conftest import Run

ISSUE = "init sell settle exchange spend reconvert balance statement report verify export backup"
DESK = "shop promise cancel dues coupons reverse restore import members member receipt checkpoint"


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words that lead to each command."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))
        else:
            yield (*path, name)


ALL = list(commands(ledger_group("en")))


def test_the_commands_there_are() -> None:
    assert {path[0] for path in ALL} >= {*ISSUE.split(), "schema", *DESK.split()}


@pytest.mark.parametrize("path", ALL, ids="-".join)
def test_help_in_both_languages(run: Run, path: tuple[str, ...]) -> None:
    code, english, _ = run(*path, "--help")
    assert code == 0
    french = run(*path, "--help", "--lang", "fr")[1]
    assert "Langue" in french
    assert english != french
    for option in ("--json", "--idempotency-key", "--lang"):
        assert option in english


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_names_the_columns_that_the_import_reads(lang: Lang) -> None:
    told = say("cli.ledger.import.help", lang)
    columns = ", ".join(say(f"books.slip.column.{name}", lang) for name in SLIP_COLUMNS)
    assert f"({columns};" in told.replace(" ;", ";")


def test_every_text_told_has_its_words() -> None:
    folder = Path(ledger.__file__).parent
    told = {
        node.args[0].value
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("tell", "mention")
        and isinstance(node.args[0], ast.Constant)
    }
    known = codes("en") | {code.rpartition(".")[0] for code in codes("en")}
    assert told
    assert told <= known


def test_the_other_commands_load_nothing_of_the_ledger() -> None:
    script = (
        "import sys; from msap_mobility.cli.program import program; program('en');"
        "print([name for name in sys.modules if name.startswith('msap_mobility.ledger')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
