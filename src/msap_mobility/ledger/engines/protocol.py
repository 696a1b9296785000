"""What a journal asks of the engine it lives in.

The tables are the same in every engine (see `sqlite_schema`); the `id` of an entry is
``(scheme << 40) + seq``, by which `Reader` finds numbers and ranges of numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msap_mobility.ledger.outcome import Posted, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.reading import Reader

__all__ = ["Answer", "Engine"]

Answer = tuple[Posted, ...] | Refusal
"""To a group of entries that belong together: all posted, or why none is."""


class Engine(Protocol):
    """One scheme in one database."""

    @property
    def name(self) -> str:
        """The scheme's name."""

    @property
    def decimals(self) -> Mapping[str, int]:
        """Decimals of each asset of the scheme."""

    @property
    def reader(self) -> Reader:
        """What is read of the scheme; usable from any thread."""

    def append(self, groups: Sequence[Sequence[Entry]]) -> list[Answer]:
        """Write groups of entries, each whole or not at all, in this order.

        What is answered as posted is on disk (or in the host's open transaction).

        Raises
        ------
        Unusable
            If nothing can be written: disk full, busy for too long, opened before a fork.
        """

    def note_member(self, member: str, name: str, contact: str) -> None:
        """Note who a member is, or blank it: the only data that are ever overwritten.

        Raises
        ------
        Unusable
            If nothing can be written.
        """

    def close(self) -> None:
        """Let go of the database."""
