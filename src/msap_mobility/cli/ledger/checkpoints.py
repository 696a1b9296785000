"""A checkpoint as it is typed or kept in a file, and the secret it is signed with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from msap_mobility.ledger.proof.checkpoint import Checkpoint

__all__ = ["checkpoint_given", "secret_of"]

_SHORTEST = 16
"""Bytes of a secret at least; RFC 2104 section 3 advises as many as the hash has, 32."""


def checkpoint_given(
    given: str | None, scheme: str | None, secret: Path | None
) -> Checkpoint | None:
    """The checkpoint to compare with, its signature checked if a secret is given.

    Parameters
    ----------
    given
        Its line, or a file: the line, or what stands beside a backup.
    scheme
        Which of those beside a backup; None is the only one.
    secret
        File of the secret it was signed with; None: any checkpoint is taken.

    Raises
    ------
    InputError
        If it is missing or none, or not signed with this secret.
    """
    key = None if secret is None else secret_of(secret)
    if given is None:
        if key is not None:
            raise InputError([Fault(code="nothing_signed", column="secret", value=str(secret))])
        return None
    found = _read(given, scheme)
    if key is not None and not found.checks(key):
        raise InputError([Fault(code="not_signed_so", column="checkpoint", value=str(secret))])
    return found


def secret_of(file: Path) -> bytes:
    """The secret in a file, without the end of its line.

    Raises
    ------
    InputError
        If it is too short.
    """
    secret = file.read_bytes().rstrip(b"\r\n")
    if len(secret) < _SHORTEST:
        details = {"least": _SHORTEST}
        raise InputError([Fault(code="secret_short", value=str(file), details=details)])
    return secret


def _read(given: str, scheme: str | None) -> Checkpoint:
    from msap_mobility.ledger.proof.checkpoint import Checkpoint
    from msap_mobility.ledger.schemes import chosen

    if " " in given.strip():
        return Checkpoint.of(given)
    try:
        text = Path(given).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError([Fault(code="not_a_checkpoint", value=given)]) from None
    if not text.lstrip().startswith("{"):
        return Checkpoint.of(text)
    try:
        listed = json.loads(text)["checkpoints"]
        found = [Checkpoint.from_dict(each) for each in listed]
    except (KeyError, TypeError, ValueError):
        raise InputError([Fault(code="not_a_checkpoint", value=given)]) from None
    name = chosen(scheme, [each.scheme for each in found])
    return next(each for each in found if each.scheme == name)
