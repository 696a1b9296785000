"""What the documents show is what the code does."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "examples").glob("*.py")))
def test_an_example_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "examples" / name), run_name="__main__")
    assert capsys.readouterr().out


def test_each_snippet_of_the_readme_is_an_example_that_runs() -> None:
    snippets = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    examples = [path.read_text(encoding="utf-8") for path in (ROOT / "examples").glob("*.py")]
    assert len(snippets) > 1
    assert all(any(snippet in example for example in examples) for snippet in snippets)


def test_every_command_of_the_ledger_the_documents_name_exists() -> None:
    import click

    from msap_mobility.cli.ledger import ledger_group

    group = ledger_group("en")
    there = set(group.list_commands(click.Context(group)))
    for page in (README, *(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))):
        assert set(re.findall(r"\bmsap ledger ([a-z]+)", page)) <= there


def test_every_link_of_the_documents_leads_somewhere() -> None:
    pages = (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
        if not target.startswith("http") and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert all(page.name in index for page in folder.glob("0*.md"))


def test_every_command_the_readme_names_exists() -> None:
    from msap_mobility.cli.program import program

    named = set(re.findall(r"\bmsap (?:--lang fr )?([a-z]+)", README))
    assert named <= set(program("en").commands)


def test_every_module_the_architecture_names_exists() -> None:
    source = ROOT / "src" / "msap_mobility"
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    top = {path.stem for path in source.iterdir()}
    named = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", page))
    missing = []
    for name in named:
        path = source.joinpath(*name.split("."))
        if name.split(".")[0] in top and not (path.exists() or path.with_suffix(".py").exists()):
            missing.append(name)
    assert missing == []


def test_the_desk_of_the_readme_runs_from_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from msap_mobility.cli import main

    monkeypatch.chdir(tmp_path)
    table, script = re.findall(
        r"```\n((?:id,name|export MSAP_DESK).*?)```", README, flags=re.DOTALL
    )
    Path("places.csv").write_text(table, encoding="utf-8")
    sign = ""
    lines = [line for line in script.splitlines() if "# on the day" not in line]
    for words in (shlex.split(line, comments=True) for line in lines):
        if words[0] == "export":
            for name, _, value in (word.partition("=") for word in words[1:]):
                monkeypatch.setenv(name, value)
            continue
        if "--choice" in words:
            words[words.index("--choice") + 1] = sign
        with pytest.raises(SystemExit) as ended:
            main([*words[1:], "--lang", "en"])
        told = capsys.readouterr()
        assert not ended.value.code, told.err
        found = re.search(r"\[(\w{5})\]", told.out)
        sign = found[1] if found else sign
    assert sign
    assert "r1 of paul is promised" in told.out
