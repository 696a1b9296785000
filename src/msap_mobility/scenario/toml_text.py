"""TOML out, and the row of a key of a TOML text, for the faults."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["row_of", "write_toml"]

Path = tuple[str | int, ...]
_HEADER = re.compile(r"\s*(\[{1,2})\s*([\w.\"' -]+?)\s*\]{1,2}\s*(#.*)?")
_KEY = re.compile(r"\s*([\w.\"-]+)\s*=")


def write_toml(data: Mapping[str, Any]) -> str:
    """Text that `tomllib` reads back to equal data.

    Plain values come first, then a section for each table and each row of a list of tables; deeper
    ones are written inline. Keys are bare words.

    Examples
    --------
    >>> print(write_toml({"id": "x", "title": {"en": "Round"}, "groups": [{"limits": {"car": 1}}]}))
    id = "x"
    <BLANKLINE>
    [title]
    en = "Round"
    <BLANKLINE>
    [[groups]]
    limits = {car = 1}
    <BLANKLINE>
    """
    lines = [f"{key} = {_value(value)}" for key, value in data.items() if not _is_section(value)]
    for key, value in data.items():
        if isinstance(value, dict):
            lines += ["", f"[{key}]", *_pairs(value)]
        elif _is_section(value):
            for row in value:
                lines += ["", f"[[{key}]]", *_pairs(row)]
    return "\n".join(lines) + "\n"


def row_of(text: str, path: Sequence[str | int]) -> int | None:
    r"""The row in which the value at `path` stands, or the nearest that holds it.

    Parameters
    ----------
    text
        TOML.
    path
        Keys, and positions in lists of tables counted from 0.

    Examples
    --------
    >>> row_of("id = 1\n[[groups]]\n[[groups]]\nage = 2\n", ("groups", 1, "age"))
    4
    """
    rows = dict(_rows(text))
    for length in range(len(path), 0, -1):
        if tuple(path[:length]) in rows:
            return rows[tuple(path[:length])]
    return None


def _rows(text: str) -> Iterator[tuple[Path, int]]:
    """Every key and section of the text, with its row."""
    section: Path = ()
    last: dict[Path, int] = {}
    for row, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.fullmatch(line):
            names = header[2].replace('"', "").split(".")
            section = _placed(names, last, opens_row=header[1] == "[[")
            yield section, row
            if section[-1] == 0:
                yield section[:-1], row
        elif key := _KEY.match(line):
            yield (*section, *key[1].replace('"', "").split(".")), row


def _placed(names: Sequence[str], last: dict[Path, int], *, opens_row: bool) -> Path:
    """The path of a header, the current position put after each list of tables."""
    path: Path = ()
    for depth, name in enumerate(names, start=1):
        path = (*path, name)
        if opens_row and depth == len(names):
            last[path] = last.get(path, -1) + 1
        if path in last:
            path = (*path, last[path])
    return path


def _is_section(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    )


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(_pairs(value)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
