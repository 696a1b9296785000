"""Help and wrong usage in the language of the user, click's own words included."""

from __future__ import annotations

import re

import pytest

from tests.cli.ledger.conftest import Run
from tests.cli.ledger.test_advice import ALL

ENGLISH = re.compile(
    r"Usage:|Show this|default:|required|Commands:|COMMAND\b|ARGS|Error|Try |Missing|No such"
)

WRONG = {
    (): (0, "REGISTRE"),
    ("--lang", "fr"): (2, "Il manque une commande."),
    ("nonsens",): (2, "Il n'y a pas de commande « nonsens »."),
    ("member", "nonsens"): (2, "Il n'y a pas de commande « nonsens »."),
    ("verify",): (2, "Aucun registre n'est nommé"),
    ("verify", "--json"): (2, "MSAP_LEDGER"),
    ("balance", "paul"): (2, "Il manque QUI ; le premier argument est le registre"),
    ("balance", "a", "b", "c", "d"): (2, "Il y a plus de mots qu'il n'en faut : c d."),
    ("sell", "a", "b"): (2, "Il manque --km, ou sa valeur."),
    ("sell", "a", "b", "--km"): (2, "Il manque --km, ou sa valeur."),
    ("verify", "a", "--json=3"): (2, "--json ne prend pas de valeur."),
    ("verify", "a", "--chekpoint"): (2, "pas d'option --chekpoint. Est-ce --checkpoint ?"),
    ("verify", "a", "--zzz"): (2, "Il n'y a pas d'option --zzz."),
    ("report", "a", "--dormant-days", "x"): (2, "est un nombre entier de 1 à 36500."),
    ("schema", "--from", "-1"): (2, "--from est un nombre entier, au moins 0."),
    ("export", "fec", "a", "--encoding", "x"): (2, "l'une de ces valeurs : utf-8, iso-8859-15."),
}


@pytest.mark.parametrize("words", WRONG)
def test_wrong_usage_is_told_in_french(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("MSAP_LANG", "fr")
    code, out, err = run(*words)
    ends, told = WRONG[words]
    assert told in out + err or not words
    assert ENGLISH.search(out + err) is None
    assert code == ends or not words  # click's releases end otherwise where only help is shown


@pytest.mark.parametrize("path", ALL)
def test_all_help_is_french(run: Run, path: str) -> None:
    code, out, _ = run(*path.split(), "--help", "--lang", "fr")
    assert code == 0
    assert ENGLISH.search(out) is None
    assert "Usage : msap ledger" in out
    assert "Afficher cette aide." in out


def test_help_of_the_group_itself(run: Run) -> None:
    out = run("--lang", "fr", "--help")[1]
    assert "Commandes:" in out
    assert ENGLISH.search(out) is None


def test_no_ledger_is_told_in_english_too(run: Run) -> None:
    code, out, err = run("verify")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith("Error: No ledger is named: give a file")
    assert "Try 'msap ledger verify --help' for help." in err
    out = run("export", "fec", "--help")[1]
    assert "[required]" in out
    assert "[default: utf-8]" in out
