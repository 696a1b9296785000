"""The commands as a user types them: what is printed where, and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from msap_mobility.cli import main
from msap_mobility.cli.endings import Exit
from msap_mobility.scenario import Scenario
from tests.scenario.test_scenario_faults import SEEDED, seeded

Run = Callable[..., tuple[int, str, str]]
BUDGET = ("--budget", "40 it")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `msap` in this process: exit code, stdout, stderr."""
    for name in ("MSAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """A small scenario folder of its own."""
    folder = tmp_path / "village"
    Scenario.new(folder)
    homes = (folder / "homes.csv").read_text(encoding="utf-8").splitlines()
    (folder / "homes.csv").write_text("\n".join(homes[:1500]) + "\n", encoding="utf-8")
    return folder


def strict_json(text: str) -> Any:
    def refuse(name: str) -> None:
        raise AssertionError(name)

    return json.loads(text, parse_constant=refuse)


def test_plan_publishes_everything_and_replay_makes_it_again(
    run: Run,
    village: Path,
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    code, stdout, stderr = run("plan", village, "--out", out, *BUDGET, "--lang", "fr")
    assert code == Exit.DONE
    assert "à portée" in stdout
    assert "report.html" in stderr
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*.*")) == [
        "coverage.json",
        "plan.json",
        str(Path("private/unserved_homes.csv")),
        "report.html",
        "timetable.csv",
        "tour.geojson",
        "tour.ics",
    ]
    code, stdout, _ = run("replay", out / "plan.json")
    assert code == Exit.DONE
    assert "same plan" in stdout
    assert run("check", village, "--tour", out / "plan.json")[0] == Exit.DONE
    code, stdout, _ = run("compare", village, "--after", out / "timetable.csv", "--json")
    from_timetable = strict_json(stdout)["comparison"]["after"]["rows"]
    from_plan = strict_json((out / "coverage.json").read_text(encoding="utf-8"))
    assert from_timetable[0] == from_plan["comparison"]["after"]["rows"][0]


def test_a_plan_without_a_folder_to_write_to_goes_into_out(
    run: Run, village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("plan", village.resolve(), *BUDGET)[0] == Exit.DONE
    assert (tmp_path / "out" / "plan.json").is_file()


def test_two_runs_and_two_workers_write_the_same_plan(
    run: Run,
    village: Path,
    tmp_path: Path,
) -> None:
    plans, pages = [], []
    for name, workers in (("one", 1), ("again", 1), ("two", 2)):
        out = tmp_path / name
        words = ("--out", out, *BUDGET, "--starts", 2, "--workers", workers, "--seed", 7)
        assert run("plan", village, *words)[0] == Exit.DONE
        plans.append(strict_json((out / "plan.json").read_text(encoding="utf-8"))["plan"])
        pages.append((out / "report.html").read_bytes())
    assert plans[0] == plans[1] == plans[2]
    assert pages[0] == pages[1] == pages[2]


def test_a_plan_somebody_broke_is_told(run: Run, village: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("plan", village, "--out", out, *BUDGET)
    saved = strict_json((out / "plan.json").read_text(encoding="utf-8"))
    saved["plan"]["rounds"][0]["visits"][0]["arrive_s"] -= 600
    (out / "broken.json").write_text(json.dumps(saved), encoding="utf-8")
    code, stdout, stderr = run("check", village, "--tour", out / "broken.json", "--json")
    assert code == Exit.VIOLATIONS
    assert strict_json(stdout)["violations"]
    code, _, stderr = run("check", village, "--tour", out / "broken.json", "--lang", "fr")
    assert "enfreint" in stderr


def test_a_plan_and_its_scenario_move_along(
    run: Run, village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("plan", village, "--out", tmp_path / "out", *BUDGET)
    saved = strict_json((tmp_path / "out/plan.json").read_text(encoding="utf-8"))
    assert saved["run"]["scenario"] == "../village"
    monkeypatch.chdir("/")
    assert run("replay", tmp_path / "out/plan.json")[0] == Exit.DONE


def test_the_scenario_itself_is_no_place_to_write(run: Run, village: Path) -> None:
    before = sorted(path.name for path in village.iterdir())
    code, _, stderr = run("plan", village, "--out", village, *BUDGET)
    assert code == Exit.WRONG_INPUT
    assert "another folder" in stderr
    assert sorted(path.name for path in village.iterdir()) == before


def test_a_stop_that_must_be_visited_and_is_not_is_told(
    run: Run, village: Path, tmp_path: Path
) -> None:
    crew = (village / "crew.csv").read_text(encoding="utf-8")
    short = crew.replace("08:30-17:15", "08:30-08:50")
    (village / "crew.csv").write_text(short, encoding="utf-8")
    code, _, stderr = run("plan", village, "--out", tmp_path / "out", *BUDGET, "--lang", "fr")
    assert code == Exit.DONE
    assert "Longueville-sur-Scie est un arrêt obligatoire" in stderr
    assert run("check", village, "--tour", tmp_path / "out/plan.json")[0] == Exit.DONE


def test_a_timetable_is_not_said_to_be_drivable(run: Run, village: Path, tmp_path: Path) -> None:
    table = tmp_path / "timetable.csv"
    table.write_text("place,rhythm,services\nroom_76024,Su 03:00-04:00,grocery\n", encoding="utf-8")
    code, stdout, _ = run("check", village, "--tour", table)
    assert code == Exit.DONE
    assert "plan.json only" in stdout
    table.write_text(
        "place,rhythm,services\nroom_76024,2nd Th 9:00-10:00,grocery\n", encoding="utf-8"
    )
    assert run("check", village, "--tour", table)[0] == Exit.WRONG_INPUT


def test_made_up_homes_are_said_to_be(run: Run, village: Path) -> None:
    assert "made up" not in run("check", village)[1]
    (village / "homes.csv").unlink()
    assert "made up" in run("check", village)[1]


@pytest.mark.skipif(os.name == "nt", reason="a pipe of POSIX")
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_any_terminal_and_any_reader_will_do(encoding: str) -> None:
    words = [sys.executable, "-m", "msap_mobility", "coverage", "rurali_indre", "--lang", "fr"]
    done = subprocess.run(
        words, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding}
    )
    assert done.returncode == 0, done.stderr
    assert b"habitants" in done.stdout
    piped = f"{' '.join(words)} | head -1; exit ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", piped], capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_replay_says_when_the_scenario_changed(run: Run, village: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("plan", village, "--out", out, *BUDGET)
    homes = (village / "homes.csv").read_text(encoding="utf-8").splitlines()
    (village / "homes.csv").write_text("\n".join(homes[:900]) + "\n", encoding="utf-8")
    code, stdout, stderr = run("replay", out / "plan.json")
    assert code == Exit.VIOLATIONS
    assert "changed" in stderr
    assert "Another plan" in stdout


def test_faults_are_told_in_the_language_and_as_data(run: Run, village: Path) -> None:
    places = (village / "places.csv").read_text(encoding="utf-8").replace("30 min", "-30 min", 1)
    (village / "places.csv").write_text(places, encoding="utf-8")
    (village / "crew.csv").unlink()
    code, stdout, stderr = run("check", village, "--lang", "fr")
    assert code == Exit.WRONG_INPUT
    assert stdout == ""
    assert "2 fautes" in stderr
    assert "places.csv, ligne" in stderr
    code, stdout, _ = run("check", village, "--json")
    faults = strict_json(stdout)["faults"]
    assert {fault["file"] for fault in faults} == {"places.csv", "crew.csv"}
    assert all(fault["remedy"]["fr"] for fault in faults)


def test_check_finds_what_only_planning_would_meet(run: Run, village: Path) -> None:
    settings = (village / "scenario.toml").read_text(encoding="utf-8")
    odd = settings.replace("weeks = 2", "weeks = 3")
    (village / "scenario.toml").write_text(odd, encoding="utf-8")
    code, stdout, stderr = run("check", village)
    assert (code, stdout) == (Exit.WRONG_INPUT, "")
    assert "divide" in stderr
    assert Scenario.check(village)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_seeded_faults_of_a_folder_are_all_told(run: Run, tmp_path: Path, lang: str) -> None:
    folder = seeded(tmp_path)
    code, stdout, stderr = run("check", folder, "--lang", lang)
    assert (code, stdout) == (Exit.WRONG_INPUT, "")
    lines = stderr.splitlines()[1:]
    assert len(lines) == len(SEEDED)
    for fault in Scenario.check(folder):
        assert f"  {fault.text('fr' if lang == 'fr' else 'en')}" in lines


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "nowhere", "--out", "x"),
        ("plan", "bellencombre", "--out", "x", "--budget", "soon"),
        ("plan", "bellencombre", "--out", "x", "--workers", "many"),
        ("plan", "bellencombre", "--out", "x", "--starts", "0"),
        ("plan", "rurali_indre", "--out", "x"),
        ("coverage", "bellencombre", "--tour", "absent.csv"),
        ("compare", "bellencombre", "--after", "absent.json"),
        ("replay", "absent.json"),
        ("check", "bellencombre", "--tour", __file__),
        ("new", "/dev/null/x"),
        ("fly",),
        ("--fly",),
    ],
)
def test_wrong_words_end_with_two_and_never_with_a_traceback(
    run: Run,
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, stdout, stderr = run(*words)
    assert code == Exit.WRONG_INPUT, stderr
    assert stdout == ""
    assert stderr
    assert "Traceback" not in stderr
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_ours_asks_for_a_report(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def explode(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Scenario, "load", explode)
    code, _, stderr = run("coverage", "bellencombre")
    assert code == Exit.FAULT_OF_OURS
    assert "ZeroDivisionError" in stderr
    assert "Traceback" not in stderr


def test_coverage_gives_two_values_where_hours_are_unknown(run: Run) -> None:
    code, stdout, _ = run("coverage", "rurali_indre", "--json")
    rows = strict_json(stdout)["coverage"]["rows"]
    assert code == Exit.DONE
    assert rows[0]["high"]["people_reached"] > rows[0]["low"]["people_reached"]
    code, stdout, _ = run("compare", "rurali_indre", "--json")
    document = strict_json(stdout)
    assert document["if_open"]["rows"][0]["reach"]["gained"] > 0
    assert document["comparison"]["rows"][0]["reach"]["gained"] == 0


def test_help_speaks_both_languages(run: Run) -> None:
    assert "Planifier la tournée" in run("--lang", "fr", "--help")[1]
    assert "Plan the tour" in run("--help")[1]
    for command in ("new", "check", "plan", "coverage", "compare", "demo", "replay", "warmup"):
        code, stdout, _ = run(command, "--help", "--lang", "fr")
        assert code == Exit.DONE
        assert "Langue" in stdout


def test_the_version(run: Run) -> None:
    from msap_mobility._version import __version__

    assert run("--version")[1].strip() == __version__


def test_warmup_tells_the_seconds(run: Run) -> None:
    code, stdout, _ = run("warmup", "--lang", "fr")
    assert code == Exit.DONE
    assert "au total" in stdout


def test_new_refuses_a_folder_that_holds_something(run: Run, village: Path) -> None:
    before = sorted(village.iterdir())
    code, _, stderr = run("new", village)
    assert code == Exit.WRONG_INPUT
    assert str(village) in stderr
    assert sorted(village.iterdir()) == before
