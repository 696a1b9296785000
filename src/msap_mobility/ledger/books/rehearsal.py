"""A rehearsal: what the verbs would write is judged as if it stood in the journal, and does not.

It has the face of an engine, so that a `Ledger` posts into it without knowing. Its reader shows the
journal with what was rehearsed on top. In the end the entries are posted for good, all together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.ledger.judge import Judge
from msap_mobility.ledger.outcome import Posted, Refusal
from msap_mobility.ledger.reading import Reader
from msap_mobility.ledger.sight import Written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.ledger.engines.protocol import Answer, Engine
    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.sight import Standing

__all__ = ["Rehearsal"]


class _Staged:
    """What was rehearsed so far."""

    def __init__(self) -> None:
        self.written: dict[str, Written] = {}
        self.numbered: dict[int, Written] = {}
        self.closers: dict[str, str] = {}
        self.trails: dict[str, list[tuple[int, str]]] = {}
        self.standings: dict[str, Standing] = {}

    def add(self, entry: Entry, posted: Posted) -> None:
        """Take an entry for written."""
        written = Written(posted.seq, posted.recorded, posted.hash, entry)
        self.written[entry.key] = self.numbered[posted.seq] = written
        if entry.target:
            self.closers[entry.target] = entry.key
        for mark in entry.marks:
            self.trails.setdefault(mark.serial, []).append((posted.seq, mark.after))


class _Overlaid(Reader):
    """The reader of the journal, with what was rehearsed on top."""

    def __init__(self, below: Reader, staged: _Staged) -> None:
        self.__dict__.update(below.__dict__)
        self._staged = staged

    def standing(self, account: str) -> Standing | None:
        return self._staged.standings.get(account) or super().standing(account)

    def written(self, key: str) -> Written | None:
        return self._staged.written.get(key) or super().written(key)

    def numbered(self, seq: int) -> Written | None:
        return self._staged.numbered.get(seq) or super().numbered(seq)

    def closer(self, target: str) -> str | None:
        return self._staged.closers.get(target) or super().closer(target)

    def trail(self, serial: str) -> list[tuple[int, str]]:
        return [*super().trail(serial), *self._staged.trails.get(serial, ())]

    def state(self, serial: str) -> str:
        staged = self._staged.trails.get(serial)
        return staged[-1][1] if staged else super().state(serial)


class Rehearsal:
    """An engine that writes nothing.

    Parameters
    ----------
    engine
        Where the journal lives.
    now
        The clock, microseconds since 1970 UTC.
    """

    def __init__(self, engine: Engine, now: int) -> None:
        self._engine = engine
        self._staged = _Staged()
        self._reader = _Overlaid(engine.reader, self._staged)
        self._judge = Judge(
            scheme=0,
            name=engine.name,
            head=engine.reader.head(),
            sight=engine.reader,
            standings=self._staged.standings,
            decimals=engine.decimals,
            now=now,
        )
        self._judge.expire()

    @property
    def name(self) -> str:
        """The scheme's name."""
        return self._engine.name

    @property
    def decimals(self) -> Mapping[str, int]:
        """Decimals of each asset of the scheme."""
        return self._engine.decimals

    @property
    def reader(self) -> Reader:
        """Reads the journal with what was rehearsed on top, from the thread that rehearses."""
        return self._reader

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is to be written, in order; what the journal holds already is not among it."""
        return tuple(written.entry for written in self._staged.written.values())

    def append(self, groups: Sequence[Sequence[Entry]]) -> list[Answer]:
        """Judge groups of entries as if they were written."""
        return [self._group(group) for group in groups]

    def note_member(self, member: str, name: str, contact: str) -> None:
        """Nothing: a rehearsal notes nobody."""

    def close(self) -> None:
        """Nothing: the journal stays open."""

    def _group(self, group: Sequence[Entry]) -> Answer:
        answer = self._judge.group(group)
        if not isinstance(answer, Refusal):
            for entry, posted in zip(group, answer, strict=True):
                if not posted.replayed:
                    self._staged.add(entry, posted)
        return answer
