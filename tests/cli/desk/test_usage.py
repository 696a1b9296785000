"""Help and wrong usage in the language of the agent, click's own words included."""

from __future__ import annotations

import re

import pytest

from tests.cli.desk.conftest import Run
from tests.cli.desk.test_help import NAMES

ENGLISH = re.compile(
    r"Usage:|Show this|default:|required|Commands:|COMMAND\b|ARGS|Error|Try |Missing|No such"
)
WRONG = {
    ("nonsens",): "Il n'y a pas de commande « nonsens ».",
    ("members",): "Aucun guichet n'est nommé",
    ("book", "r1"): "Il manque DEMANDE ; le premier argument est le guichet",
    ("request", "a", "b"): "Il manque --rider, ou sa valeur.",
    ("who", "a", "b", "--most", "0"): "--most est un nombre entier de 1 à 100.",
    ("cancel", "a", "b", "--why", "x"): "l'une de ces valeurs : rider, driver, no_driver",
    ("rides", "a", "--zzz"): "Il n'y a pas d'option --zzz.",
}


@pytest.mark.parametrize("words", WRONG)
def test_wrong_usage_is_told_in_french(run: Run, words: tuple[str, ...]) -> None:
    code, out, err = run(*words, "--lang", "fr")
    assert (code, out) == (2, "")
    assert WRONG[words] in err
    assert ENGLISH.search(err) is None


@pytest.mark.parametrize("name", NAMES)
def test_all_help_is_french(run: Run, name: str) -> None:
    code, out, _ = run(name, "--help", "--lang", "fr")
    assert code == 0
    assert ENGLISH.search(out) is None
    assert f"Usage : msap desk {name}" in out


def test_no_desk_is_told_in_english_too(run: Run) -> None:
    code, out, err = run("members")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith("Error: No desk is named: give a file")
