"""The page of the roads says what they answer."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.real_data import real_data

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "roads.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Fenced blocks of one language, without the indent they have in a list."""
    found = re.findall(r"^( *)```(\w*)\n(.*?)^\1```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) for _, told, block in found if told == language]


def test_each_snippet_prints_the_block_that_follows_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    extract = real_data("roads/liechtenstein.osm.pbf")
    pytest.importorskip("osmium")
    names: dict[str, Any] = {}
    snippets, printed = blocks("python"), blocks("")
    assert len(snippets) == len(printed) > 1
    for snippet, told in zip(snippets, printed, strict=True):
        run = snippet.replace('"liechtenstein.osm.pbf"', repr(str(extract)))
        exec(compile(run, "docs/roads.md", "exec"), names)
        # a line too long for the page goes on in the next
        assert capsys.readouterr().out.split() == told.split()
    assert names["times"].graph.sources[0].name.en == extract.name
