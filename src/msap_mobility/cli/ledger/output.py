"""Files that are handed out: whole or absent, and none in the place of another by accident."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.files import publish

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["free", "hand_out", "send"]

_STDOUT = "-"


def free(target: str, *, as_json: bool) -> str:
    """The target, unless a document and the data would both go to stdout.

    Raises
    ------
    InputError
        If they would.

    Examples
    --------
    >>> free("-", as_json=False)
    '-'
    """
    if target == _STDOUT and as_json:
        raise InputError([Fault(code="stdout_taken", column="out", value=target)])
    return target


def send(target: str, content: str | bytes, *, replace: bool) -> list[dict[str, Any]]:
    """Write a content to a file, or to stdout.

    Parameters
    ----------
    target
        The file; ``-`` for stdout.
    content
        Text is written as UTF-8.
    replace
        Whether it may replace a file that is there.

    Returns
    -------
    list of dict
        The file written, see `hand_out`; empty for stdout.

    Raises
    ------
    InputError
        If the file is there and may not be replaced.
    """
    if target == _STDOUT:
        click.echo(content, nl=False)
        return []
    path = Path(target)
    return hand_out(path.parent, {path.name: content}, replace=replace)


def hand_out(
    folder: Path, contents: Mapping[str, str | bytes], *, replace: bool
) -> list[dict[str, Any]]:
    """Write files of one folder, each whole, none before all can be.

    Parameters
    ----------
    folder
        Made if missing.
    contents
        By file name.
    replace
        Whether they may replace files that are there.

    Returns
    -------
    list of dict
        Path, length and SHA-256 of each.

    Raises
    ------
    InputError
        With every file that is there and may not be replaced.
    """
    with Faults() as faults:
        for name in contents:
            if (folder / name).exists() and not replace:
                faults.add("out_exists", value=str(folder / name))
    publish(folder, contents)
    return [_told(folder / name, content) for name, content in contents.items()]


def _told(path: Path, content: str | bytes) -> dict[str, Any]:
    data = content.encode() if isinstance(content, str) else content
    digest = hashlib.sha256(data).hexdigest()
    return {"file": path.as_posix(), "bytes": len(data), "sha256": digest}
