"""Every command helps in both languages, and what is advised can be done."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from msap_mobility.cli import desk
from msap_mobility.cli.desk import desk_group
from msap_mobility.wording import LANGUAGES, Lang, codes
from msap_mobility.wording.catalogue import _texts
from tests.cli.desk.conftest import Run

ISSUE = "init member offer request book confirm cancel report"
DAILY = "members offers rides propose decline drive settle no-show again log-call withdraw forget"
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")

GROUP = desk_group("en")
CONTEXT = click.Context(GROUP)
NAMES = GROUP.list_commands(CONTEXT)


def options_of(name: str) -> set[str]:
    """The options a command takes."""
    found = GROUP.get_command(CONTEXT, name)
    assert found is not None
    return {word for each in found.params for word in each.opts} | {"--help"}


def test_the_commands_there_are() -> None:
    assert set(NAMES) >= {*ISSUE.split(), *DAILY.split()}


@pytest.mark.parametrize("name", NAMES)
def test_help_in_both_languages(run: Run, name: str) -> None:
    code, english, _ = run(name, "--help")
    assert code == 0
    french = run(name, "--help", "--lang", "fr")[1]
    assert "Langue" in french
    assert english != french
    for option in ("--json", "--ledger", "--lang"):
        assert option in english


def test_the_group_helps_without_a_command(run: Run) -> None:
    _, out, err = run("--help")
    for name in NAMES:
        assert name in out
    assert err == ""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_command_s_help_names_its_own_options(name: str, lang: Lang) -> None:
    for part in ("short", "help"):
        text = _texts(lang)[f"cli.desk.{name}.{part}"]
        assert set(OPTION.findall(text)) <= options_of(name), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_options_named_in_faults_exist(lang: Lang) -> None:
    known = set().union(*map(options_of, NAMES))
    faults = ("places_there", "places_beside_server", "no_offer_named", "no_beneficiaries")
    texts = [_texts(lang)[f"fault.{name}.remedy"] for name in (*faults, "month_or_days")]
    named = {option for text in texts for option in OPTION.findall(text)}
    assert len(named) > 4
    assert named <= known


def test_every_text_told_has_its_words() -> None:
    folder = Path(desk.__file__).parent
    told = {
        node.args[0].value
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr in ("tell", "mention", "say"))
            or (isinstance(node.func, ast.Name) and node.func.id == "say")
        )
        and isinstance(node.args[0], ast.Constant)
    }
    known = codes("en") | {code.rpartition(".")[0] for code in codes("en")}
    assert len(told) > 20
    assert told <= known


def test_the_other_commands_load_nothing_of_the_desk() -> None:
    script = (
        "import sys; from msap_mobility.cli.program import program; program('en');"
        "print([name for name in sys.modules if name.startswith('msap_mobility.desk')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
