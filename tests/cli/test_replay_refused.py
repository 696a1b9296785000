"""``msap replay`` of a plan that does not say how it was made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from msap_mobility.cli import main
from msap_mobility.cli.endings import Exit


def test_a_plan_without_iterations_is_not_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = {
        "cycle": {"weeks": 2, "start": "2027-01-04", "tz": "Europe/Paris"},
        "rounds": [],
        "services": [],
        "people_reached": 0,
        "people_in_all": 0,
        "unserved": [],
        "provenance": {"verb": "by_hand", "inputs_hash": "", "sources": [], "iterations": []},
    }
    saved = tmp_path / "plan.json"
    saved.write_text(json.dumps({"schema": "msap.plan/1", "plan": plan}), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["replay", str(saved), "--scenario", "bellencombre", "--lang", "en"])
    assert ended.value.code == Exit.WRONG_INPUT
    assert "iterations" in capsys.readouterr().err
