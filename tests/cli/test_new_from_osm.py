"""`msap new --osm`: from one file to a folder that `msap check` and `msap plan` take at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from msap_mobility.cli import main
from msap_mobility.cli.endings import Exit
from tests.real_data import real_data

Run = Callable[..., tuple[int, str, str]]
MONTIERS = ("roads/meuse_montiers.osm.pbf", "5.266,48.5345")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


@pytest.mark.parametrize(
    ("extract", "maison"),
    [
        MONTIERS,
        ("roads/liechtenstein.osm.pbf", "9.5215,47.141"),
        ("roads/andorra.osm.pbf", "1.5218,42.5063"),
    ],
)
def test_one_file_to_a_plan_that_breaks_no_rule(
    run: Run, tmp_path: Path, extract: str, maison: str
) -> None:
    folder, out = tmp_path / "territory", tmp_path / "out"
    code, told, _ = run("new", folder, "--osm", real_data(extract), "--maison", maison)
    assert code == Exit.DONE
    assert "2.2 people in each household" in told
    assert run("check", folder)[0] == Exit.DONE
    assert run("plan", folder, "--budget", "200 it", "--out", out)[0] == Exit.DONE
    assert run("check", folder, "--tour", out / "plan.json")[0] == Exit.DONE
    saved = json.loads((out / "plan.json").read_text(encoding="utf-8"))["plan"]
    assert saved["rounds"]
    assert saved["people_reached"] > 0.5 * saved["people_in_all"]
