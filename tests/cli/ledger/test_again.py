"""Asked again, answered as the first time."""

from __future__ import annotations

from pathlib import Path

import pytest

from msap_mobility.ledger.books.slip_file import SLIP_COLUMNS
from msap_mobility.wording import say
from tests.cli.ledger.conftest import Ask, Run, ridden


@pytest.mark.parametrize(
    "words",
    [
        ("sell", "paul", "--km", "50", "--idempotency-key", "k"),
        ("settle", *ridden("r9", 5)),
        ("exchange", "jeanne", "--km", "5", "--idempotency-key", "k"),
        ("spend", "jeanne", "bakery", "--amount", "0.30", "--idempotency-key", "k"),
        ("reconvert", "bakery", "--amount", "0.30", "--idempotency-key", "k"),
        ("shop", "butcher"),
    ],
)
def test_a_request_under_its_key_counts_once(
    run: Run, ask: Ask, ayen: str, words: tuple[object, ...]
) -> None:
    run("sell", ayen, "paul", "--km", 50)
    run("settle", ayen, *ridden())
    run("exchange", ayen, "jeanne", "--km", 20)
    run("spend", ayen, "jeanne", "bakery", "--amount", "0.60")
    verb, *rest = words
    first = ask(verb, ayen, *rest)
    again = ask(verb, ayen, *rest)
    assert not first["posted"]["replayed"]
    assert again["posted"] == {**first["posted"], "replayed": True}
    code, out, _ = run(verb, ayen, *rest, "--lang", "fr")
    assert code == 0
    assert "rien n'a été ajouté" in out


def test_two_calls_without_a_key_are_two_events(ask: Ask, ayen: str) -> None:
    one, other = (ask("sell", ayen, "paul", "--km", 50)["posted"] for _ in range(2))
    assert one["key"] != other["key"]
    assert ask("balance", ayen, "paul")["balances"][0]["posted"] == 100


def test_a_scheme_is_begun_once(run: Run, ask: Ask) -> None:
    first = ask("init", "ayen.sqlite", "--rules", "ayen", "--idempotency-key", "k")
    again = ask("init", "ayen.sqlite", "--rules", "ayen", "--idempotency-key", "k")
    assert again == {**first, "replayed": True}
    assert run("init", "ayen.sqlite", "--rules", "ayen")[0] == 2
    words = ("--rules", "argences", "--scheme", "ayen", "--idempotency-key", "k")
    assert run("init", "ayen.sqlite", *words)[0] == 2


def test_a_file_of_slips_is_imported_once(run: Run, ask: Ask, ayen: str) -> None:
    columns = [say(f"books.slip.column.{name}", "fr") for name in SLIP_COLUMNS]
    booklet, ride = (say(f"books.slip.kind.{name}", "fr") for name in ("booklet", "ride"))
    rows = [f"02/03/2026;{booklet};1;paul;;;50;;", f"03/03/2026;{ride};2;paul;jeanne;;25;;"]
    Path("slips.csv").write_text("\n".join([";".join(columns), *rows]), encoding="utf-8")
    assert ask("import", ayen, "slips.csv")["imported"]["new"] == 2
    again = ask("import", ayen, "slips.csv")["imported"]
    assert (again["new"], again["there_before"]) == (0, 2)
    assert "slips.csv" in run("import", ayen, "slips.csv", "--lang", "fr")[1]
    assert ask("balance", ayen, "jeanne")["balances"][0]["posted"] == 25
    Path("slips.csv").write_text(
        "\n".join([";".join(columns), rows[0], "03/03/2026;train;3;;;;;;"]), encoding="utf-8"
    )
    assert ask("import", ayen, "slips.csv", ends=2)["faults"][0]["row"] == 3
