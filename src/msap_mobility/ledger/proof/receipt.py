"""A receipt a member keeps: one entry, and the proof that the ledger holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.ledger.canonical import FORM, GENESIS
from msap_mobility.ledger.checks import check_name
from msap_mobility.ledger.proof.checkpoint import Checkpoint, links
from msap_mobility.ledger.proof.checkpoint import checkpoint as checkpoint_now
from msap_mobility.ledger.proof.export import entry_of, entry_to_dict, link_of
from msap_mobility.ledger.proof.merkle import (
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.ledger.journal import Journal

__all__ = ["Consistency", "Receipt", "consistency", "receipt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One entry and the way from it to a checkpoint.

    It can be checked by anybody with a SHA-256, years later, without the ledger; of the others'
    entries it shows nothing but hashes.

    Parameters
    ----------
    entry
        All of the entry, as `entry_to_dict` gives it.
    previous
        Hash of the entry before, 64 hexadecimal digits.
    proof
        Audit path of RFC 6962 §2.1.1, from the entry up, likewise.
    checkpoint
        Where it leads.
    """

    entry: Mapping[str, Any]
    previous: str
    proof: tuple[str, ...]
    checkpoint: Checkpoint

    def check(self, checkpoint: Checkpoint | None = None) -> bool:
        """Whether the entry is what it was and the checkpoint covers it.

        Parameters
        ----------
        checkpoint
            As it was published; without it the receipt is held to its own, which proves only that
            it is of one piece.
        """
        against = checkpoint or self.checkpoint
        try:
            found = link_of(against.scheme, self.previous, entry_of(self.entry))
            proof = [bytes.fromhex(each) for each in self.proof]
            whole = bytes.fromhex(against.root)
            place = int(self.entry["seq"]) - 1
        except (InputError, KeyError, TypeError, ValueError):
            return False
        if against.form != FORM or found != self.entry.get("hash"):
            return False
        return verify_inclusion(bytes.fromhex(found), place, against.seq, proof, whole)

    def to_dict(self) -> dict[str, Any]:
        """JSON data a member can keep; `from_dict` reads it back."""
        return {
            "schema": "msap.receipt/1",
            "entry": dict(self.entry),
            "previous": self.previous,
            "proof": list(self.proof),
            "checkpoint": self.checkpoint.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back.

        Raises
        ------
        InputError
            If it is no receipt.
        """
        if data.get("schema") != "msap.receipt/1":
            raise InputError([Fault(code="not_a_receipt", value=data.get("schema"))])
        return cls(
            entry=data["entry"],
            previous=data["previous"],
            proof=tuple(data["proof"]),
            checkpoint=Checkpoint.from_dict(data["checkpoint"]),
        )


def receipt(journal: Journal, key: str, checkpoint: Checkpoint | None = None) -> Receipt:
    """A receipt for the entry under `key`.

    Parameters
    ----------
    journal
        Of any engine.
    key
        Of the entry.
    checkpoint
        To lead to, at the entry or after it; None makes one now.

    Raises
    ------
    InputError
        If `key` can name none, there is no such entry, or the checkpoint is older than it.
    """
    with Faults() as faults:
        check_name(faults, "key", key)
    reader = journal.engine.reader
    written = reader.written(key)
    if written is None:
        raise InputError([Fault(code="entry_unknown", value=key)])
    whole = checkpoint or checkpoint_now(journal)
    if whole.seq < written.seq:
        late = {"seq": written.seq, "checkpoint": whole.seq}
        raise InputError([Fault(code="checkpoint_too_old", value=key, details=late)])
    leaves = list(links(reader, whole.seq))
    return Receipt(
        entry=entry_to_dict(written),
        previous=leaves[written.seq - 2].hex() if written.seq > 1 else GENESIS,
        proof=tuple(each.hex() for each in inclusion_proof(leaves, written.seq - 1)),
        checkpoint=whole,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """Proof that what one checkpoint covers is the beginning of what a later one covers.

    Parameters
    ----------
    older, newer
        The checkpoints.
    proof
        Consistency proof of RFC 6962 §2.1.2, 64 hexadecimal digits each.
    """

    older: Checkpoint
    newer: Checkpoint
    proof: tuple[str, ...]

    def holds(self) -> bool:
        """Whether the proof is one: nothing the older checkpoint covers was changed or left out."""
        older, newer = self.older, self.newer
        if older.scheme != newer.scheme or older.form != newer.form:
            return False
        try:
            path = [bytes.fromhex(each) for each in self.proof]
            roots = bytes.fromhex(older.root), bytes.fromhex(newer.root)
        except ValueError:
            return False
        return verify_consistency(older.seq, newer.seq, *roots, path)

    def to_dict(self) -> dict[str, Any]:
        """JSON data; `from_dict` reads it back."""
        return {
            "schema": "msap.consistency/1",
            "older": self.older.to_dict(),
            "newer": self.newer.to_dict(),
            "proof": list(self.proof),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(
            older=Checkpoint.from_dict(data["older"]),
            newer=Checkpoint.from_dict(data["newer"]),
            proof=tuple(data["proof"]),
        )


def consistency(
    journal: Journal, older: Checkpoint, newer: Checkpoint | None = None
) -> Consistency:
    """The proof between two checkpoints of a scheme; the newer is made now if none is given.

    Raises
    ------
    InputError
        If the older one is not the older, or the ledger ends before the newer.
    """
    reader = journal.engine.reader
    newer = newer or checkpoint_now(journal)
    if not older.seq <= newer.seq <= reader.head().seq:
        late = {"seq": older.seq, "checkpoint": newer.seq}
        raise InputError([Fault(code="checkpoint_too_old", value=newer.scheme, details=late)])
    leaves = list(links(reader, newer.seq))
    proof = tuple(each.hex() for each in consistency_proof(leaves, older.seq))
    return Consistency(older=older, newer=newer, proof=proof)
