"""Help and wrong usage of every command in the language of the user, click's words included."""

from __future__ import annotations

import re

import click
import pytest

from msap_mobility.cli import main
from msap_mobility.cli.carpool import carpool_group
from msap_mobility.cli.program import program

ENGLISH = re.compile(
    r"Usage:|Show this|default:|required|Commands:|COMMAND\b|ARGS|Error|Try |Missing|No such"
)
CARPOOL = carpool_group("en")
TOP = [name for name, each in program("en").commands.items() if not isinstance(each, click.Group)]
ALL = [
    "",
    *TOP,
    "carpool",
    *(f"carpool {x}" for x in CARPOOL.list_commands(click.Context(CARPOOL))),
]
WRONG = {
    "pln": "Il n'y a pas de commande « pln ».",
    "plan": "Il manque SCÉNARIO.",
    "plan bellencombre --seed x --out o": "--seed est un nombre entier.",
    "carpool match": "Il manque OFFRES.CSV.",
    "new a --zzz": "Il n'y a pas d'option --zzz.",
}


def french(words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """How a command ends in French, and all it says."""
    with pytest.raises(SystemExit) as ended:
        main([*words.split(), "--lang", "fr"])
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out + told.err


@pytest.mark.parametrize("words", ALL)
def test_all_help_is_french(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = french(f"{words} --help", capsys)
    assert code == 0
    assert ENGLISH.search(told) is None
    assert f"Usage : msap {words}".strip() in told
    assert "Afficher cette aide." in told


@pytest.mark.parametrize("words", WRONG)
def test_wrong_usage_is_told_in_french(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = french(words, capsys)
    assert code == 2
    assert WRONG[words] in told
    assert ENGLISH.search(told) is None
