"""What is exported can be read by whom it is for, and is whole or absent."""

from __future__ import annotations

import csv
import io
import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from msap_mobility.ledger.books.fec_line import FEC_COLUMNS
from msap_mobility.ledger.proof.export import check_export
from tests.cli.ledger.conftest import Ask, Run, ridden

FEC = ("--siren", "732829320", "--year", "2026", "--folder", "accountant")


@pytest.fixture
def year(run: Run, ayen: str) -> str:
    """A scheme with a year behind it."""
    run("sell", ayen, "paul", "--km", 50, "--date", "2026-03-02")
    run("settle", ayen, *ridden(), "--date", "2026-03-03")
    run("exchange", ayen, "jeanne", "--km", 25, "--date", "2026-03-04")
    run("spend", ayen, "jeanne", "bakery", "--amount", "1.50", "--date", "2026-03-05")
    run("reconvert", ayen, "bakery", "--amount", "1.00", "--date", "2026-03-06")
    return ayen


def test_the_fec_and_its_notice(run: Run, ask: Ask, year: str) -> None:
    exported = ask("export", "fec", year, *FEC, "--names")
    file, notice = exported["files"]
    content = Path(file["file"]).read_bytes()
    assert sha256(content).hexdigest() == file["sha256"] == exported["content"]["sha256"]
    rows = list(csv.reader(io.StringIO(content.decode()), delimiter="\t"))
    assert tuple(rows[0]) == FEC_COLUMNS
    cents = [[int(row[i].replace(",", "")) for row in rows[1:]] for i in (11, 12)]
    assert sum(cents[0]) == sum(cents[1]) == exported["content"]["debit"]
    assert "Boulangerie" in content.decode()
    assert file["sha256"] in Path(notice["file"]).read_text(encoding="utf-8")
    code, _, err = run("export", "fec", year, *FEC)
    assert code == 2
    assert len(err.splitlines()) == 3  # both files are there
    assert run("export", "fec", year, *FEC, "--replace", "--lang", "fr")[0] == 0
    assert "Boulangerie" not in Path(file["file"]).read_text(encoding="utf-8")
    days = ("--since", "01/09/2025", "--until", "31/08/2026")
    assert run("export", "fec", year, "--siren", "732829320", *days, "--folder", "other")[0] == 0
    assert Path("other/732829320FEC20260831.txt").exists()


def test_the_fec_of_this_year_if_none_is_named_and_a_siren_written_by_threes(
    run: Run, year: str
) -> None:
    assert run("export", "fec", year, "--siren", "732 829 320", "--folder", "now")[0] == 0
    (file,) = (each for each in Path("now").iterdir() if "notice" not in each.name)
    assert re.fullmatch(r"732829320FEC20[0-9]{2}1231\.txt", file.name)


def test_the_trial_balance_balances(run: Run, year: str) -> None:
    code, out, _ = run("export", "trial-balance", year, "--out", "-")
    assert code == 0
    total = list(csv.reader(io.StringIO(out)))[-1]
    assert total[-1] == total[-2] == "2.00"
    early = run("export", "trial-balance", year, "--until", "2026-03-02", "--out", "-")[1]
    assert list(csv.reader(io.StringIO(early)))[-1][-1] == "3.00"


def test_the_journal_as_table_lines_and_beancount(run: Run, ask: Ask, year: str) -> None:
    out = run("export", "csv", year, "--out", "-", "--lang", "fr")[1]
    rows = list(csv.DictReader(io.StringIO(out), delimiter=";"))
    assert {row["account"] for row in rows} >= {"paul/KM", "jeanne/YACA", "bakery/YACA"}
    lines = ask("export", "jsonl", year, "--out", "ayen.jsonl")["files"][0]
    with Path(lines["file"]).open(encoding="utf-8") as file:
        assert check_export(file).sound
    run("export", "beancount", year, "--out", "ayen.beancount")
    text = Path("ayen.beancount").read_text(encoding="utf-8")
    assert len(re.findall(r"^[0-9-]+ \* ", text, re.MULTILINE)) == 5
    assert re.search(r"balance Assets:Shops:Bakery:YACA 0\.50 YACA", text)


def test_a_statement_on_screen_as_table_and_as_page(run: Run, ask: Ask, year: str) -> None:
    month = ("--month", "2026-03")
    told = ask("statement", year, "bakery", *month)["statements"][0]
    assert (told["opening"], told["closing"], len(told["lines"])) == (0, 50, 2)
    screen = run("statement", year, "bakery", *month, "--lang", "fr")[1]
    assert "2026-03-05" in screen
    assert "1,50" in screen
    table = run("statement", year, "bakery", *month, "--csv", "-")[1]
    assert "1.50" in table
    code, out, _ = run(
        "statement", year, "bakery", *month, "--html", "may.html", "--csv", "may.csv"
    )
    assert (code, out) == (0, "")
    page = Path("may.html").read_text(encoding="utf-8")
    assert "Boulangerie" in page
    assert "may.csv" in {path.name for path in Path().iterdir()}
    assert run("export", "statement-html", year, "bakery", *month, "--out", "b.html")[0] == 0
    assert Path("b.html").read_text(encoding="utf-8") == page
    fund = ask("statement", year, "fund/EUR", *month)["statements"][0]
    assert (fund["account"], fund["closing"]) == ("fund/EUR", 200)


def test_the_report_of_a_year(run: Run, ask: Ask, year: str) -> None:
    told = ask("report", year, "--year", "2026")["circulation"]
    assert (told["issued"], told["reconverted"], told["fund"]) == (300, 100, 200)
    assert told["shops"] == [{"owner": "bakery", "cents": 150, "share": 1.0}]
    assert told["persons"] is None  # fewer than eleven
    days = ask("report", year, "--since", "2026-03-01", "--until", "2026-03-02")["circulation"]
    assert days["period"]["until"] == "2026-03-03T00:00:00+01:00"
    assert (days["issued"], days["paid"]) == (300, 0)
    assert "Fonds de garantie" in run("report", year, "--lang", "fr")[1]


FEC_OF = ("export", "fec", "--siren", "732829320", "--folder", "other")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("report", "--year", "9000"), "period_to_come", "1 January 9000"),
        (("report", "--since", "9000-03-02"), "period_to_come", "2 March 9000"),
        (("report", "--year", "2019"), "period_before_scheme", "31 December 2019"),
        (("report", "--until", "2019-03-02"), "period_before_scheme", "2 March 2019"),
        ((*FEC_OF, "--year", "9000"), "period_to_come", "1 January 9000"),
        ((*FEC_OF, "--year", "2019"), "period_before_scheme", "1 January 2026"),
        ((*FEC_OF, "--since", "2026-01-01"), "day_lacking", "column until"),
        ((*FEC_OF, "--until", "2026-01-01"), "day_lacking", "column since"),
        ((*FEC_OF, "--year", "2026", "--until", "2026-12-31"), "year_or_days", "2026"),
        (
            (*FEC_OF, "--since", "2026-12-01", "--until", "2026-11-30"),
            "days_reversed",
            "30 November 2026",
        ),
        (("statement", "paul", "--month", "9000-01"), "period_to_come", "1 January 9000"),
        (("statement", "fund/EUR", "--month", "2019-01"), "period_before_scheme", "31 January"),
    ],
)
def test_a_time_the_scheme_does_not_know(
    run: Run, ask: Ask, year: str, words: tuple[str, ...], code: str, told: str
) -> None:
    asked = [*words, year] if words[0] == "report" else list(words)
    if words[0] == "statement":
        asked.insert(1, year)
    if words[0] == "export":
        asked.insert(2, year)
    assert [each["code"] for each in ask(*asked, ends=2)["faults"]] == [code]
    err = run(*asked)[2]
    assert told in err
    assert "None" not in err
    assert not Path("other").exists()


@pytest.mark.parametrize("kind", ["csv", "jsonl", "beancount", "trial-balance"])
def test_nothing_is_replaced_unless_asked_for(run: Run, ask: Ask, year: str, kind: str) -> None:
    Path("kept.txt").write_text("kept", encoding="utf-8")
    faults = ask("export", kind, year, "--out", "kept.txt", ends=2)["faults"]
    assert [fault["code"] for fault in faults] == ["out_exists"]
    assert Path("kept.txt").read_text(encoding="utf-8") == "kept"
    assert run("export", kind, year, "--out", "kept.txt", "--replace")[0] == 0
    assert Path("kept.txt").read_text(encoding="utf-8") != "kept"


def test_stdout_holds_one_thing(ask: Ask, year: str) -> None:
    for words in (("export", "csv", year, "--out", "-"), ("statement", year, "paul", "--csv", "-")):
        faults = ask(*words, ends=2)["faults"]
        assert [fault["code"] for fault in faults] == ["stdout_taken"]


def test_a_document_is_one_line_of_thought(run: Run, year: str) -> None:
    for words in (("cover", year), ("members", year), ("rules", year), ("checkpoint", year)):
        json.loads(run(*words, "--json")[1])
