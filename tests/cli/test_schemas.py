"""What `--json` prints is what `docs/schemas` promises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from msap_mobility.carpool.answer import Answer
from msap_mobility.carpool.matching import Match
from msap_mobility.cli import main
from msap_mobility.coverage import Comparison, CoverageTable
from msap_mobility.tours.tour import TourPlan
from tests.cli.golden_examples import answers, four_communes

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
NAMES = sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json"))
READERS = {
    "plan-1": lambda data: TourPlan.from_dict(data["plan"]),
    "coverage-1": lambda data: CoverageTable.from_dict(data["coverage"]),
    "comparison-1": lambda data: Comparison.from_dict(data["comparison"]),
    "answer-1": lambda data: Answer.from_dict(data["answer"]),
    "match-1": lambda data: Match.from_dict(data["match"]),
}


def schema(name: str) -> Draft202012Validator:
    data = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(data)
    return Draft202012Validator(data, format_checker=Draft202012Validator.FORMAT_CHECKER)


def example(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.example.json").read_text(encoding="utf-8"))


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main([*words, "--json"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", NAMES)
def test_the_golden_example_keeps_its_schema(name: str) -> None:
    schema(name).validate(example(name))


@pytest.mark.parametrize("name", READERS)
def test_the_golden_example_is_read_back_whole(name: str) -> None:
    data = example(name)
    key = name.removesuffix("-1")
    assert READERS[name](data).to_dict() == data[key]


def test_the_commands_still_give_the_golden_examples(tmp_path: Path) -> None:
    """If this fails on purpose, write them anew: ``python -m tests.cli.golden_examples``."""
    found = answers(four_communes(tmp_path / "four_communes"))
    assert set(found) == set(NAMES)
    for name, data in found.items():
        assert _without_hashes(data) == _without_hashes(example(name)), name


def _without_hashes(data: Any) -> Any:
    """Coverage hashes float travel times, whose last bit differs from machine to machine."""
    if isinstance(data, dict):
        return {k: _without_hashes(v) for k, v in data.items() if k != "inputs_hash"}
    if isinstance(data, list):
        return [_without_hashes(entry) for entry in data]
    return round(data, 6) if isinstance(data, float) else data


def test_what_the_commands_print_keeps_the_schemas(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    out = str(tmp_path / "out")
    plan = printed(capsys, "plan", "bellencombre", "--out", out, "--budget", "20 it")
    schema("plan-1").validate(plan)
    saved = json.loads((tmp_path / "out/plan.json").read_text(encoding="utf-8"))
    schema("plan-1").validate(saved)
    assert saved["plan"] == plan["plan"]
    told = json.loads((tmp_path / "out/coverage.json").read_text(encoding="utf-8"))
    schema("comparison-1").validate(told)
    schema("coverage-1").validate(printed(capsys, "coverage", "rurali_indre"))
    schema("comparison-1").validate(printed(capsys, "compare", "rurali_indre"))
    schema("faults-1").validate(printed(capsys, "check", "nowhere"))
    schema("check-1").validate(
        printed(capsys, "check", "bellencombre", "--tour", f"{out}/plan.json"),
    )
    schema("replay-1").validate(printed(capsys, "replay", f"{out}/plan.json"))
