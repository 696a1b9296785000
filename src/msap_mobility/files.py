"""Files that are whole or absent, and the hash that names a content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["content_hash", "publish", "write_whole"]


def content_hash(*parts: bytes | str) -> str:
    """SHA-256 over the parts, each preceded by its length so that no two lists collide.

    Examples
    --------
    >>> content_hash("ab", "c") == content_hash("a", "bc")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def write_whole(path: Path, content: bytes | str) -> None:
    """Write `content` to `path` so that a reader sees the old file or the new one, never a part.

    Parameters
    ----------
    path
        Where; missing folders are made.
    content
        Text is written as UTF-8 with line ends as they are.
    """
    publish(path.parent, {path.name: content})


def publish(folder: Path, contents: Mapping[str, bytes | str]) -> None:
    """Write several files of one folder; none replaces its old self before all are on disk.

    Parameters
    ----------
    folder
        Made if missing.
    contents
        File name (may hold a subfolder, ``private/homes.csv``) to content.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as out:
    ...     publish(Path(out), {"a.txt": "one", "b.txt": "two"})
    ...     sorted(file.name for file in Path(out).iterdir())
    ['a.txt', 'b.txt']
    """
    staged: list[tuple[str, Path]] = []
    try:
        for name, content in contents.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            staged.append((_stage(target, content), target))
        while staged:
            temporary, target = staged[0]
            Path(temporary).replace(target)
            staged.pop(0)
    finally:
        for temporary, _ in staged:
            Path(temporary).unlink(missing_ok=True)


def _stage(target: Path, content: bytes | str) -> str:
    """Write `content` beside `target` under a temporary name, flushed to disk."""
    data = content.encode() if isinstance(content, str) else content
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _share_as_usual(Path(temporary))
    return temporary


def _share_as_usual(path: Path) -> None:
    """Give the file the rights a plain `open` would have given; mkstemp makes it private."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)
