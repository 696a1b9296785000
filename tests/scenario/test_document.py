"""The page that describes the folder follows from the schema, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from msap_mobility.formats.tables import Column
from msap_mobility.scenario.document import document
from msap_mobility.scenario.schema import TABLES
from msap_mobility.scenario.sections import SECTIONS, TopSection
from msap_mobility.wording import LANGUAGES, Lang, codes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scenario.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(), (
        "run python -m msap_mobility.scenario.document"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_and_key_is_on_the_page(lang: Lang) -> None:
    page = document(lang)
    for file, table in TABLES.items():
        part = page.split(f"## {file}")[1].split("\n## ")[0]
        assert all(f"| `{column.name}` |" in part for column in table.columns)
    for section in (TopSection, *(model for model, _ in SECTIONS.values())):
        assert all(f"| `{key}` |" in page for key in section.model_fields)


def test_no_meaning_is_told_of_what_is_not_there() -> None:
    known = {
        f"scenario.column.{file.removesuffix('.csv')}.{column.name}"
        for file, table in TABLES.items()
        for column in table.columns
    } | {
        f"scenario.key.{name}.{key}"
        for name, section in {
            "top": TopSection,
            **{name: model for name, (model, _) in SECTIONS.items()},
        }.items()
        for key in section.model_fields
    }
    told = {code for code in codes("fr") if code.startswith(("scenario.column.", "scenario.key."))}
    assert told == known


COLUMNS = [(file, column) for file, table in TABLES.items() for column in table.columns]


@pytest.mark.parametrize(
    ("file", "column"), COLUMNS, ids=[f"{file}-{column.name}" for file, column in COLUMNS]
)
def test_the_example_of_a_column_can_be_read(file: str, column: Column) -> None:  # noqa: ARG001
    value = column.value(column.example)
    assert column.kind.read(column.kind.write(value)) == value
