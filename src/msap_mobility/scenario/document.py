"""``docs/scenario.md``, written from the schema: ``python -m msap_mobility.scenario.document``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msap_mobility.files import write_whole
from msap_mobility.scenario.schema import SETTINGS, TABLES
from msap_mobility.scenario.sections import SECTIONS, Section, TopSection
from msap_mobility.wording import Lang, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from msap_mobility.formats.tables import Column
    from msap_mobility.scenario.schema import Table

__all__ = ["document"]


def document(lang: Lang = "en") -> str:
    """The description of a scenario folder, as Markdown.

    Examples
    --------
    >>> document("fr").splitlines()[0]
    '# Le dossier de scénario'
    """
    parts = [f"# {_word('title', lang)}", _word("intro", lang), f"## {SETTINGS}"]
    parts += _section("top", TopSection, "", lang)
    for name, (section, number) in SECTIONS.items():
        brackets = f"[[{name}]]" if number == "many" else f"[{name}]"
        parts += _section(name, section, brackets, lang)
    for file, table in TABLES.items():
        parts += _table(file, table, lang)
    return "\n\n".join(parts) + "\n"


def _section(name: str, section: type[Section], brackets: str, lang: Lang) -> Iterator[str]:
    if brackets:
        yield f"### `{brackets}`"
    yield say(f"scenario.section.{name}", lang)
    rows = (
        (f"`{key}`", _default(field, lang), say(f"scenario.key.{name}.{key}", lang))
        for key, field in section.model_fields.items()
    )
    yield _grid([_word(word, lang) for word in ("key", "default", "meaning")], rows)


def _table(file: str, table: Table, lang: Lang) -> Iterator[str]:
    name = file.removesuffix(".csv")
    yield f"## {file}"
    needed = _word("required" if table.required else "optional", lang)
    yield f"{say(f'scenario.table.{name}', lang)} ({needed})"
    yield _grid(
        [_word(word, lang) for word in ("column", "kind", "default", "meaning", "example")],
        (
            (
                f"`{column.name}`",
                say(f"tables.kind.{column.kind.id}", lang),
                _cell_default(column, lang),
                say(f"scenario.column.{name}.{column.name}", lang),
                f"`{column.example}`",
            )
            for column in table.columns
        ),
    )


def _default(field: Any, lang: Lang) -> str:
    """What a key that is left out stands for."""
    if field.is_required():
        return _word("required", lang)
    return "" if field.default in (None, "") else f"`{field.default}`"


def _cell_default(column: Column, lang: Lang) -> str:
    """What an empty cell stands for."""
    if column.required:
        return _word("required", lang)
    return "" if column.default in (None, "", ()) else f"`{column.kind.write(column.default)}`"


def _grid(head: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _word(word: str, lang: Lang) -> str:
    return say(f"scenario.document.{word}", lang)


if __name__ == "__main__":
    write_whole(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/scenario.md"), document())
