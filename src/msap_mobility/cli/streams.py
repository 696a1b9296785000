"""Text on terminals and files that do not know every sign we write."""

from __future__ import annotations

import codecs
import io
import sys

__all__ = ["speak_plainly"]

_PLAIN = {"\u202f": " ", "\u00a0": " ", "→": "->", "≈": "~", "–": "-", "─": "-", "’": "'"}


def speak_plainly() -> None:
    """Let stdout and stderr write a plain sign where they cannot write ours (cp1252, ASCII)."""
    codecs.register_error("msap.plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="msap.plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign, "?") for sign in missing), error.end
