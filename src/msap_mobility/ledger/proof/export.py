"""All entries of a scheme as lines of JSON, and the check of such a file without a database.

The first line names the scheme; each other line is an entry, in order. Nothing else is needed to
build the ledger again, hash for hash.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.canonical import FORM, GENESIS, payload_text, record_hash
from msap_mobility.ledger.entry import AccountTerms, Entry, Mark
from msap_mobility.ledger.proof.checkpoint import check_scheme
from msap_mobility.ledger.proof.finding import Findings, Verification
from msap_mobility.ledger.proof.merkle import root
from msap_mobility.ledger.sight import Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from msap_mobility.ledger.journal import Journal
    from msap_mobility.ledger.proof.checkpoint import Checkpoint

__all__ = [
    "check_export",
    "entry_of",
    "entry_to_dict",
    "export_entries",
    "link_of",
    "read_entries",
]

SCHEMA = "msap.entries/1"

_TEXTS = ("key", "kind", "phase", "ref", "actor", "target")
_TERMS = ("id", "asset", "holder", "floor", "ceiling", "weight", "closed")
_MARK = ("serial", "before", "after")


def entry_to_dict(written: Written) -> dict[str, Any]:
    """An entry as JSON data: instants are microseconds since 1970 UTC, amounts minor units."""
    entry = written.entry
    return {
        "seq": written.seq,
        "recorded": written.recorded,
        **{name: getattr(entry, name) for name in _TEXTS},
        "effective": entry.effective,
        "expires": entry.expires,
        "data": dict(entry.data or {}),
        "accounts": [{name: getattr(each, name) for name in _TERMS} for each in entry.accounts],
        "marks": [{name: getattr(each, name) for name in _MARK} for each in entry.marks],
        "legs": dict(entry.legs),
        "hash": written.hash,
    }


def entry_of(data: Mapping[str, Any]) -> Written:
    """Read `entry_to_dict` back.

    Raises
    ------
    InputError, KeyError, TypeError, ValueError
        If it is no entry.
    """
    entry = Entry(
        **{name: data[name] for name in _TEXTS},
        effective=data["effective"],
        expires=data["expires"],
        data=data["data"] or None,
        accounts=tuple(AccountTerms(**each) for each in data["accounts"]),
        marks=tuple(Mark(**each) for each in data["marks"]),
        legs=data["legs"],
    )
    return Written(int(data["seq"]), int(data["recorded"]), str(data["hash"]), entry)


def link_of(scheme: str, previous: str, written: Written) -> str:
    """The hash an entry must have after one with the hash `previous`."""
    payload = payload_text(written.entry)
    return record_hash(previous, scheme, written.seq, written.recorded, payload)


def export_entries(journal: Journal) -> Iterator[str]:
    r"""The lines of the export, each with its line end.

    Examples
    --------
    >>> from msap_mobility.ledger.engines.sqlite import SqliteEngine
    >>> from msap_mobility.ledger.genesis import genesis
    >>> from msap_mobility.ledger.journal import Journal
    >>> journal = Journal(SqliteEngine.create(None, "ayen", genesis({"KM": 0})))
    >>> lines = list(export_entries(journal))
    >>> lines[0]
    '{"schema":"msap.entries/1","scheme":"ayen","form":1}\n'
    >>> check_export(lines).sound
    True
    """
    yield _line({"schema": SCHEMA, "scheme": journal.engine.name, "form": FORM})
    for written in journal.entries():
        yield _line(entry_to_dict(written))


def _line(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def read_entries(lines: Iterable[str]) -> Iterator[Written]:
    """The entries of an export; their chain is not looked at.

    Raises
    ------
    InputError
        At the first line that is none of an export.
    """
    rest = iter(lines)
    _scheme_of(next(rest, ""))
    for row, line in enumerate(rest, 2):
        yield _read(line, row)


def _scheme_of(line: str) -> str:
    try:
        head = json.loads(line)
        if head["schema"] == SCHEMA and head["form"] == FORM:
            return str(head["scheme"])
    except (KeyError, TypeError, ValueError):
        pass
    raise InputError([Fault(code="not_an_export", row=1, value=line[:60])])


def _read(line: str, row: int) -> Written:
    try:
        return entry_of(json.loads(line))
    except (KeyError, TypeError, ValueError) as error:  # an InputError is a ValueError
        fault = Fault(code="not_an_entry", row=row, value=line[:60], details={"said": str(error)})
        raise InputError([fault]) from error


def check_export(lines: Iterable[str], checkpoint: Checkpoint | None = None) -> Verification:
    """Whether an export is whole: numbers, times and the chain of hashes, with no database.

    Parameters
    ----------
    lines
        Of the export.
    checkpoint
        Kept from an earlier time; its head and root must be those of the file.

    Returns
    -------
    Verification
        Its findings say the number of the entry; `legs` counts the legs asked for.

    Raises
    ------
    InputError
        If the first line is not that of an export, or the checkpoint is of another scheme.
    """
    rest = iter(lines)
    scheme = _scheme_of(next(rest, ""))
    if checkpoint is not None:
        check_scheme(checkpoint, scheme)
    findings, check = Findings(), _Chain(scheme)
    for row, line in enumerate(rest, 2):
        try:
            written = _read(line, row)
        except InputError as error:
            findings.note("not_readable", row - 1, "entry", said=error.faults[0].details["said"])
            continue
        check.follow(written, findings)
    if checkpoint is not None:
        check.compare(checkpoint, findings)
    return Verification(
        scheme=scheme,
        entries=len(check.links),
        legs=check.legs,
        head=check.previous,
        checkpoint=None if checkpoint is None else checkpoint.seq,
        findings=tuple(findings.listed),
        unlisted=findings.unlisted,
    )


class _Chain:
    """Follows entries from link to link."""

    def __init__(self, scheme: str) -> None:
        self.links: list[bytes] = []
        self.legs = 0
        self.previous = GENESIS
        self._scheme = scheme
        self._recorded = -(1 << 63)

    def follow(self, written: Written, findings: Findings) -> None:
        if written.seq != len(self.links) + 1:
            findings.note("misnumbered", len(self.links) + 1, "entry", found=written.seq)
        if written.recorded < self._recorded:
            findings.note("time_back", written.seq, "entry")
        found = link_of(self._scheme, self.previous, written)
        if found != written.hash:
            findings.note("link_broken", written.seq, "entry")
        self._recorded = written.recorded
        self.previous = written.hash
        self.legs += len(written.entry.legs)
        self.links.append(bytes.fromhex(found))

    def compare(self, given: Checkpoint, findings: Findings) -> None:
        if given.seq > len(self.links):
            findings.note("checkpoint_newer", given.seq, "", end=len(self.links))
        else:
            mine = root(self.links[: given.seq]).hex()
            if mine != given.root:
                findings.note("checkpoint_differs", given.seq, "root", found=mine, given=given.root)
