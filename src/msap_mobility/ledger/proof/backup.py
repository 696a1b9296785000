"""Backups: whole copies that were verified, and their way back.

A SQLite ledger is copied page by page through SQLite itself, while others write to it; copying the
file alone would miss what its write-ahead log still holds. PostgreSQL has ``pg_dump``; from both,
`export_entries` gives the entries as text, and `replay` builds the same ledger from them again.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Self

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.files import write_whole
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.journal import Journal
from msap_mobility.ledger.outcome import Refusal
from msap_mobility.ledger.proof.checkpoint import Checkpoint, checkpoint_at
from msap_mobility.ledger.proof.export import read_entries
from msap_mobility.ledger.proof.sqlite_file import (
    open_to_read,
    readable,
    reader_of,
    schemes_in,
)
from msap_mobility.ledger.proof.verify import verify_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType

    from msap_mobility.ledger.engines.protocol import Engine
    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.proof.finding import Verification

    Create = Callable[[Entry, Callable[[], int]], Engine]

__all__ = ["backup", "checkpoint_file", "checkpoints_beside", "replay", "restore"]

SCHEMA = "msap.checkpoints/1"

_OF_THE_TARGET = ("busy", "cannot_open", "disk_error", "disk_full", "read_only")
"""What is the matter with the place a copy is written to; all else is wrong in what is copied."""


def checkpoint_file(backup: Path) -> Path:
    """Where the checkpoints of a backup are written: beside it.

    Examples
    --------
    >>> from pathlib import Path
    >>> checkpoint_file(Path("ledger-2026-12-01.sqlite")).name
    'ledger-2026-12-01.sqlite.checkpoints.json'
    """
    return backup.with_name(f"{backup.name}.checkpoints.json")


def backup(journal: Journal, target: Path) -> Checkpoint:
    """Copy a SQLite ledger, with all schemes of its file, and verify the copy.

    The copy is written whole or not at all. Its checkpoints stand beside it as JSON; keep them, or
    the line `Checkpoint.to_text` gives, in another place too.

    Parameters
    ----------
    journal
        In a SQLite file; others may write to it meanwhile.
    target
        A file that does not exist yet.

    Returns
    -------
    Checkpoint
        Of the journal's scheme, as the copy holds it.

    Raises
    ------
    InputError
        If `target` exists or its folder does not, or the journal is not in a SQLite file.
    Unusable
        If the copy cannot be written, or is not sound: it is then thrown away.
    """
    engine = journal.engine
    source = engine.path if isinstance(engine, SqliteEngine) else None
    if source is None:
        raise InputError([Fault(code="backup_not_a_file", value=engine.name)])
    with _Copy(source, target) as copy:
        found = {name: copy.verified(name) for name in copy.schemes()}
        text = {"schema": SCHEMA, "checkpoints": [each.to_dict() for each in found.values()]}
        copy.publish(json.dumps(text, indent=1, ensure_ascii=False) + "\n")
    return found[engine.name]


def checkpoints_beside(backup: Path) -> dict[str, Checkpoint]:
    """The checkpoints written beside a backup, by scheme; none if the file is not there.

    Raises
    ------
    InputError
        If the file holds something else.
    """
    path = checkpoint_file(backup)
    if not path.is_file():
        return {}
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        found = [Checkpoint.from_dict(each) for each in held["checkpoints"]]
    except (KeyError, TypeError, ValueError) as error:
        fault = Fault(code="not_a_checkpoint", file=str(path), value=path.name)
        raise InputError([fault]) from error
    return {each.scheme: each for each in found}


def restore(
    source: Path, target: Path, checkpoint: Checkpoint | None = None, scheme: str | None = None
) -> Verification:
    """Make a ledger of a backup: verified before, copied, verified again.

    Parameters
    ----------
    source
        The backup. The checkpoints beside it, if they are there, must agree with it.
    target
        A file that does not exist yet.
    checkpoint
        The newest there is. If the backup ends before it, it is restored nonetheless, and that is
        told: what came after is lost and must be entered again.
    scheme
        Whose verification is wanted; None is that of the checkpoint, or the only one. All schemes
        of the backup are restored.

    Returns
    -------
    Verification
        Its only finding may be that the copy is old (``checkpoint_newer``).

    Raises
    ------
    InputError
        If `target` exists or its folder does not, `source` is missing, or it holds several schemes
        and neither name nor checkpoint says which.
    Unusable
        If the backup or the copy is not sound.
    """
    beside = checkpoints_beside(source)
    name = checkpoint.scheme if checkpoint and scheme is None else scheme
    with _Copy(source, target) as copy:
        for each in copy.schemes():
            for path in (source, copy.path):
                _sound(path, each, beside.get(each))
        told_of = verify_file(copy.path, name, checkpoint)
        if any(finding.code != "checkpoint_newer" for finding in told_of.findings):
            raise Unusable("not_sound", path=str(source), verification=told_of)
        copy.publish(None)
    return told_of


def replay(lines: Iterable[str], create: Create) -> Checkpoint:
    """Build a scheme from its export, entry by entry, and hold every hash to the export's.

    Parameters
    ----------
    lines
        Of `export_entries`.
    create
        Begins the empty scheme, under the name of the export, from its first entry and a clock:
        ``lambda first, clock: SqliteEngine.create(path, "ayen", first, clock)``. The clock tells
        the times at which the entries were recorded.

    Returns
    -------
    Checkpoint
        Of the new scheme.

    Raises
    ------
    InputError
        If a line is no entry.
    Unusable
        At the first entry that is refused, or gets another hash than it had.
    """
    entries = read_entries(lines)
    first = next(entries, None)
    if first is None:
        raise InputError([Fault(code="not_an_export", row=2, value="")])
    now = [first.recorded]
    engine = create(first.entry, lambda: now[0])
    with Journal(engine) as journal:
        head = engine.reader.head()
        if head.hash != first.hash:
            raise Unusable("replay_differs", seq=1, path=engine.name)
        for written in entries:
            now[0] = written.recorded
            (answer,) = journal.post_each([written.entry])
            if isinstance(answer, Refusal) or answer.hash != written.hash:
                raise Unusable("replay_differs", seq=written.seq, path=engine.name)
        return checkpoint_at(engine.reader, engine.name, engine.reader.head().seq)


class _Copy:
    """A copy of a SQLite file under a temporary name beside its target, gone unless published."""

    def __init__(self, source: Path, target: Path) -> None:
        with Faults() as faults:
            if not source.is_file():
                faults.add("ledger_missing", value=str(source))
            if target.exists():
                faults.add("target_exists", value=str(target))
            if not target.parent.is_dir():
                faults.add("folder_missing", value=str(target.parent))
        self._source = source
        self._target = target
        self.path = target.with_name(f".{target.name}.{os.getpid()}-{time.monotonic_ns()}")

    def __enter__(self) -> Self:
        try:
            self._fill()
        except BaseException as error:
            self.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def _fill(self) -> None:
        if not self._source.stat().st_size:  # SQLite takes an empty file for an empty database
            raise Unusable("not_a_ledger", path=str(self._source), said="0 B")
        with (
            readable(self.path),
            closing(open_to_read(self._source)) as held,
            closing(sqlite3.connect(self.path)) as copy,
        ):
            held.backup(copy)
            # One file without a log: a backup is moved about, and must not lose half of itself.
            copy.execute("PRAGMA journal_mode = DELETE")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Unusable("disk_error", path=str(self._target), said=str(error)) from error
        if isinstance(error, Unusable) and error.values.get("path") == str(self.path):
            meant = self._target if error.code in _OF_THE_TARGET else self._source
            raise Unusable(error.code, **{**error.values, "path": str(meant)}) from error

    def schemes(self) -> list[str]:
        with closing(open_to_read(self.path)) as connection:
            return list(schemes_in(connection, self.path))

    def verified(self, scheme: str) -> Checkpoint:
        """Checkpoint of a scheme that is sound."""
        _sound(self.path, scheme, None)
        with closing(open_to_read(self.path)) as connection:
            number = schemes_in(connection, self.path)[scheme]
            reader = reader_of(connection, self.path, number)
            return checkpoint_at(reader, scheme, reader.head().seq)

    def publish(self, beside: str | None) -> None:
        """Give the copy its name, on disk, and write its checkpoints beside it."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        self._name()
        if beside is not None:
            try:
                write_whole(checkpoint_file(self._target), beside)
            except BaseException:
                self._target.unlink()
                raise

    def _name(self) -> None:
        try:
            os.link(self.path, self._target)  # unlike a rename it never replaces what is there
        except FileExistsError as error:
            raise InputError([Fault(code="target_exists", value=str(self._target))]) from error
        except OSError:  # a file system without links
            self.path.rename(self._target)


def _sound(path: Path, scheme: str, checkpoint: Checkpoint | None) -> None:
    found = verify_file(path, scheme, checkpoint)
    if not found.sound:
        raise Unusable("not_sound", path=str(path), verification=found)
