"""The page of the routing engine says what the engine does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from examples.routing_rules import RULES
from msap_mobility.optimise.routing.backends import BACKENDS, backend_of
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.rules import further_rules

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "routing.md").read_text(encoding="utf-8")
NO_RULES = {"warm_start_and_interrupt", "what_a_backend_refuses"}


def rows(head: str) -> list[list[str]]:
    """Cells of the table whose first column is called `head`."""
    table = PAGE.partition(f"\n| {head} |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


def test_the_snippets_of_the_page_run(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    for snippet in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
        exec(compile(snippet, "docs/routing.md", "exec"), names)
    assert check(names["problem"], names["solution"]) == ()
    assert names["solution"].feasible
    assert len(capsys.readouterr().out.splitlines()) == len(names["solution"].routes) + 2


def test_every_rule_has_its_example_on_the_page() -> None:
    named = {name for row in rows("table") for name in re.findall(r"`(\w+)`", row[3])}
    assert named == set(RULES) - NO_RULES
    assert all(f"`{name}`" in PAGE for name in NO_RULES)


def test_what_a_backend_refuses_is_what_the_page_says() -> None:
    told = {row[0].strip("`"): set(re.findall(r"`(\w+)`", row[2])) for row in rows("backend")}
    assert set(told) == set(BACKENDS)
    for name in BACKENDS:
        source = inspect.getsource(backend_of(name).refusals)
        assert set(re.findall(r'"(\w+)":', source)) == told[name], name
        assert "further_rules(problem)" in source
    further = {row[0].strip("`") for row in rows("refused by all but where told")}
    assert further == set(re.findall(r'"(\w+)":', inspect.getsource(further_rules)))


def test_every_module_the_page_names_exists() -> None:
    folder = ROOT / "src" / "msap_mobility" / "optimise" / "routing"
    named = {name for row in rows("module") for name in re.findall(r"`([\w.]+)`", row[0])}
    for name in named:
        path = folder.joinpath(*name.split("."))
        assert path.is_dir() or path.with_suffix(".py").is_file(), name
    assert named > {"problem", "solve", "check", "native.engine"}


def test_the_phases_of_the_page_are_those_of_the_engine() -> None:
    from msap_mobility.optimise.routing.native import phases

    told = {row[0].partition(",")[0].replace(" ", "_") for row in rows("phase")}
    assert told == set(phases.__all__)


def test_the_columns_of_the_tables_exist() -> None:
    from dataclasses import fields

    from msap_mobility.optimise.routing import problem

    told = {row[0].strip("`") for row in rows("table")}
    nouns = {field.name.capitalize() for field in fields(problem.RoutingProblem)}
    assert told == nouns - {"Distance", "Duration_s"}


def test_the_picture_is_a_picture() -> None:
    picture = ET.fromstring((ROOT / "docs" / "routing.svg").read_text(encoding="utf-8"))
    space = {"svg": "http://www.w3.org/2000/svg"}
    told = {each.text for each in picture.iterfind(".//svg:text", space)}
    assert {"ruin", "recreate", "accept?", "pool", "master", "answer", "check"} <= told
    assert picture.find("svg:desc", space) is not None
