"""Whether a ledger is what its entries say, from the first to the last, and where it is not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.proof.audit import Audit
from msap_mobility.ledger.proof.chain import BEFORE_FIRST
from msap_mobility.ledger.proof.checkpoint import Checkpoint, check_scheme, differences
from msap_mobility.ledger.proof.finding import Findings, Verification
from msap_mobility.ledger.proof.sqlite_file import check_file, open_to_read, reader_of, schemes_in
from msap_mobility.ledger.schemes import chosen
from msap_mobility.ledger.stores import path_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from msap_mobility.ledger.journal import Journal
    from msap_mobility.ledger.reading import Reader

    Progress = Callable[[int, int], None] | None

__all__ = ["verify", "verify_file"]


def verify(
    journal: Journal, checkpoint: Checkpoint | None = None, progress: Progress = None
) -> Verification:
    """Read a scheme from its first entry to its last and check all there is to check.

    Numbers without gap, times that grow, the chain of hashes over every field; each asset of every
    entry sums to zero and so do the weighted legs, so that the fund covers what circulates at every
    entry; every row of every table is what the entries say, and there is no other; no balance was
    ever beyond its limits, nothing went through a closed account, holds end once, reversals are the
    opposite, coupons go from state to state.

    A ledger rewritten as a whole, or whose end was cut off, is consistent in itself: only a
    `checkpoint` kept elsewhere shows it.

    Parameters
    ----------
    journal
        Of any engine. Others may write to it meanwhile.
    checkpoint
        Kept from an earlier time.
    progress
        Called with the number of entries read and of all.

    Returns
    -------
    Verification
        Damage is a finding of it, never an exception.

    Raises
    ------
    InputError
        If `checkpoint` is none, or of another scheme.
    Unusable
        If the ledger is busy, or was opened by a process this one was forked from.
    """
    engine = journal.engine
    path = engine.path if isinstance(engine, SqliteEngine) else None
    return _verified(path, engine.reader, engine.name, checkpoint, progress)


def verify_file(
    path: str | Path,
    scheme: str | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = None,
) -> Verification:
    """Verify a SQLite ledger that may be too damaged to be opened.

    Parameters
    ----------
    path
        The file; nothing in it is changed.
    scheme
        Name; None if the file holds one only.
    checkpoint, progress
        As for `verify`.

    Raises
    ------
    InputError
        If the file is missing, or can be read and holds no such scheme; if the checkpoint is none
        of it.
    """
    path = path_of(path)
    if not path.is_file():
        raise InputError([Fault(code="ledger_missing", value=str(path))])
    try:
        with closing(open_to_read(path)) as connection:
            schemes = schemes_in(connection, path)
            name = chosen(scheme, schemes)
            reader = reader_of(connection, path, schemes[name])
            return _verified(path, reader, name, checkpoint, progress)
    except Unusable:  # not even the names of its schemes: what SQLite finds is all there is to say
        return _result(scheme or "", check_file(path))


def _verified(
    path: Path | None,
    reader: Reader,
    name: str,
    checkpoint: Checkpoint | None,
    progress: Progress,
) -> Verification:
    if checkpoint is not None and not isinstance(checkpoint, Checkpoint):
        raise InputError([Fault(code="not_a_checkpoint", column="checkpoint", value=checkpoint)])
    if checkpoint is not None:
        check_scheme(checkpoint, name)
    findings = Findings()
    audit = Audit(reader, name, findings, progress)
    with ThreadPoolExecutor(1) as beside:  # SQLite checks the file while we read the entries
        file = None if path is None else beside.submit(check_file, path)
        audit.run()
        if checkpoint is not None:
            differences(reader, checkpoint, audit.end, findings)
        if file is not None:
            findings.take(file.result())
    return _result(name, findings, audit, checkpoint)


def _result(
    name: str,
    findings: Findings,
    audit: Audit | None = None,
    checkpoint: Checkpoint | None = None,
) -> Verification:
    return Verification(
        scheme=name,
        entries=audit.entries if audit else 0,
        legs=audit.legs if audit else 0,
        head=audit.head if audit else BEFORE_FIRST,
        checkpoint=checkpoint.seq if checkpoint else None,
        findings=tuple(findings.listed),
        unlisted=findings.unlisted,
    )
