"""A checkpoint: the state of a scheme in one line, to be kept where the ledger is not.

A chain of hashes is consistent in itself; who can rewrite all of it, or cut off its end, leaves no
trace in it. A checkpoint that was printed, mailed or handed to the members shows both.
"""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, unquote

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.canonical import FORM
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.proof.merkle import root

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.ledger.journal import Journal
    from msap_mobility.ledger.proof.finding import Findings
    from msap_mobility.ledger.reading import Reader

__all__ = ["Checkpoint", "check_scheme", "checkpoint", "checkpoint_at", "differences", "links"]

_MARK = "msap-ledger-checkpoint"

_PAGE = 20_000

_LINKS = """SELECT id - {first}, hash FROM {p}entry
            WHERE scheme + 0 = ? AND id > {first} + ? AND id <= {first} + ? ORDER BY id LIMIT ?"""

_ENTRY = "SELECT hash, recorded FROM {p}entry WHERE scheme = ? AND id = {first} + ?"

_TOTALS = """SELECT a.asset, sum(l.posted) FROM {p}account a CROSS JOIN {p}leg l
             WHERE a.scheme = ? AND l.scheme = a.scheme AND l.account = a.account
             AND l.posted > 0 AND l.seq = (
                 SELECT max(seq) FROM {p}leg
                 WHERE scheme = a.scheme AND account = a.account AND seq <= ?)
             GROUP BY a.asset ORDER BY a.asset"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a scheme once an entry was written.

    Parameters
    ----------
    scheme
        Its name.
    seq
        Number of the entry.
    head
        Hash of the entry, 64 hexadecimal digits.
    root
        Root of the Merkle tree over the hashes of all entries up to it, likewise.
    totals
        What is held in each asset: the sum of all balances above zero, minor units.
    recorded
        When the entry was written, microseconds since 1970 UTC.
    form
        Version of the hashed form.
    signature
        HMAC-SHA256 of all the rest, 64 hexadecimal digits; empty if it is not signed.

    Examples
    --------
    >>> state = Checkpoint(
    ...     scheme="ayen", seq=7, head="ab" * 32, root="cd" * 32, totals={"KM": 50}, recorded=0
    ... )
    >>> Checkpoint.of(state.to_text()) == state
    True
    >>> state.sign(b"kept by the treasurer").checks(b"kept by the treasurer")
    True
    """

    scheme: str
    seq: int
    head: str
    root: str
    totals: Mapping[str, int]
    recorded: int
    form: int = FORM
    signature: str = ""

    def sign(self, key: bytes | str) -> Self:
        """The same, signed (HMAC-SHA256, RFC 2104): only who has the key can make it."""
        return replace(self, signature=self._seal(key))

    def checks(self, key: bytes | str) -> bool:
        """Whether it was signed with this key and is unchanged since."""
        return hmac.compare_digest(self.signature, self._seal(key))

    def to_text(self) -> str:
        """One line that can be printed or mailed; its last word shows a mistake in copying."""
        line = f"{self._unsigned()} {self.signature or '-'}"
        return f"{line} {_check(line)}"

    @classmethod
    def of(cls, text: str) -> Self:
        """Read `to_text` back; line ends and spaces may have been added on the way.

        Raises
        ------
        InputError
            If it is no checkpoint, or a character of it was changed.
        """
        words = text.split()
        if len(words) != 10 or words[0] != _MARK or words[9] != _check(" ".join(words[:9])):
            raise InputError([Fault(code="not_a_checkpoint", value=text[:60])])
        totals = (part.rsplit("=", 1) for part in words[7].split(",") if part != "-")
        return cls(
            form=int(words[1]),
            scheme=unquote(words[2]),
            seq=int(words[3]),
            recorded=int(words[4]),
            head=words[5],
            root=words[6],
            totals={unquote(asset): int(units) for asset, units in totals},
            signature="" if words[8] == "-" else words[8],
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON data; `from_dict` reads it back."""
        return {**asdict(self), "totals": dict(self.totals)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back.

        Raises
        ------
        InputError
            If it is no checkpoint.
        """
        try:
            return cls(**data)
        except TypeError as error:
            raise InputError([Fault(code="not_a_checkpoint", value=str(data)[:60])]) from error

    def _unsigned(self) -> str:
        totals = ",".join(
            f"{quote(asset, safe='')}={self.totals[asset]}" for asset in sorted(self.totals)
        )
        return (
            f"{_MARK} {self.form} {quote(self.scheme, safe='')} {self.seq} {self.recorded}"
            f" {self.head} {self.root} {totals or '-'}"
        )

    def _seal(self, key: bytes | str) -> str:
        secret = key.encode() if isinstance(key, str) else key
        return hmac.new(secret, self._unsigned().encode(), sha256).hexdigest()


def _check(line: str) -> str:
    return sha256(line.encode()).hexdigest()[:8]


def checkpoint(journal: Journal) -> Checkpoint:
    """The state of a scheme as it is now. Reads every entry's hash: seconds for millions.

    Raises
    ------
    Unusable
        If the ledger cannot be read.
    """
    engine = journal.engine
    return checkpoint_at(engine.reader, engine.name, engine.reader.head().seq)


def checkpoint_at(reader: Reader, name: str, seq: int) -> Checkpoint:
    """The state of scheme `name` once entry `seq` was written.

    Raises
    ------
    Unusable
        If the ledger cannot be read.
    """
    ((head, recorded),) = reader.rows(_ENTRY, seq)
    return Checkpoint(
        scheme=name,
        seq=seq,
        head=bytes(head).hex(),
        root=root(links(reader, seq)).hex(),
        totals={asset: int(units) for asset, units in reader.rows(_TOTALS, seq)},
        recorded=recorded,
    )


def links(reader: Reader, until: int) -> Iterator[bytes]:
    """The hashes of the entries up to number `until`, in order: the leaves of the tree."""
    after = 0
    while rows := reader.rows(_LINKS, after, until, _PAGE):
        for _, each in rows:
            yield bytes(each)
        after = rows[-1][0]


def check_scheme(given: Checkpoint, name: str) -> None:
    """Refuse to hold a scheme to the checkpoint of another: that is a slip, and no damage.

    Raises
    ------
    InputError
        If the checkpoint is not of the scheme `name`.
    """
    if given.scheme != name:
        fault = Fault(code="checkpoint_of_another", value=given.scheme, details={"found": name})
        raise InputError([fault])


def differences(reader: Reader, given: Checkpoint, end: int, findings: Findings) -> None:
    """Note where a scheme is not what a checkpoint says it was.

    Parameters
    ----------
    reader
        Of the scheme.
    given
        A checkpoint of it, see `check_scheme`.
    end
        Number of the scheme's last entry.
    findings
        Where differences are noted.
    """
    if given.form > FORM:
        findings.note("checkpoint_form", None, "", given=given.form, ours=FORM)
        return
    if given.seq > end:
        findings.note("checkpoint_newer", given.seq, "", end=end)
        return
    try:
        found = checkpoint_at(reader, given.scheme, given.seq)
    except (Unusable, TypeError, ValueError) as error:
        findings.note("checkpoint_unread", given.seq, "", said=repr(error))
        return
    for column in ("head", "root", "recorded", "totals"):
        mine, theirs = getattr(found, column), getattr(given, column)
        if mine != theirs:
            findings.note("checkpoint_differs", given.seq, column, found=mine, given=theirs)
