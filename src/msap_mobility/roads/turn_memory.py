"""What one must remember of the way one has come where a restriction leads through whole roads.

From the first road of such a restriction into the second one comes to a *copy* of the second: the
same road, entered by somebody who may not make every turn at its end. The copies are the states of
the automaton of Aho and Corasick (Communications of the ACM 18, 1975) that finds forbidden words in
a text, the directions of sections being its letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

__all__ = ["TurnMemory"]

Ints = np.ndarray[Any, np.dtype[np.int32]]
Longs = np.ndarray[Any, np.dtype[np.int64]]
Way = tuple[int, ...]

_PAIR = 2

FORBIDDEN = -1
"""In place of the state a turn leads to."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TurnMemory:
    """Copies of directions, and which turns lead to them.

    A state is a direction, or a copy of one: copies are numbered on from the directions.

    Parameters
    ----------
    direction
        int32, per copy: what it is a copy of.
    state, turn, into
        int64, per turn from a state into a direction that is not what it seems: the state it leads
        to instead, or −1 if it is forbidden.

    Examples
    --------
    >>> memory = TurnMemory.of([[0, 2, 4]], 6)  # 0, then 2: not into 4
    >>> memory.direction.tolist()
    [2]
    >>> list(zip(memory.state.tolist(), memory.turn.tolist(), memory.into.tolist()))
    [(0, 2, 6), (6, 4, -1)]
    """

    direction: Ints
    state: Longs
    turn: Longs
    into: Longs

    @classmethod
    def of(cls, banned: Any, directions: int) -> Self:
        """What must be remembered so that some ways are not gone.

        Parameters
        ----------
        banned
            Directions that may not all follow one another, −1 after the last; those of but two ask
            for no memory and are kept to by whoever has one.
        directions
            How many there are.
        """
        rows = np.asarray(banned, np.int32).tolist()
        forbidden = _shortest({way for row in rows if len(way := _gone(row)) > _PAIR})
        begun = sorted({way[:length] for way in forbidden for length in range(2, len(way))})
        copy = {way: directions + nth for nth, way in enumerate(begun)}
        onward: dict[Way, set[int]] = {}
        for way in (*begun, *forbidden):
            onward.setdefault(way[:-1], set()).add(way[-1])
        state = {way[:1]: way[0] for way in begun} | copy
        rows = sorted(
            [number, turn, into]
            for way, number in state.items()
            for turn, into in _turns_from(way, onward, copy).items()
        )
        columns = np.array(rows, np.int64).reshape(-1, 3)
        return cls(
            direction=np.array([way[-1] for way in begun], np.int32),
            state=columns[:, 0],
            turn=columns[:, 1],
            into=columns[:, 2],
        )

    def followed(self, state: Longs, turn: Longs) -> tuple[Longs, Any]:
        """Where turns from states into directions lead, and whether they may be made."""
        into = turn.astype(np.int64)
        if len(self.state):
            wide = np.int64(1) << 32
            told, asked = self.state * wide + self.turn, state * wide + turn
            row = np.minimum(np.searchsorted(told, asked), len(told) - 1)
            into = np.where(told[row] == asked, self.into[row], into)
        return into, into != FORBIDDEN


def _gone(row: list[int]) -> Way:
    """The directions of a row."""
    return tuple(one for one in row if one >= 0)


def _shortest(ways: set[Way]) -> set[Way]:
    """Without those of which the beginning is there already."""
    return {way for way in ways if not any(way[:length] in ways for length in range(len(way)))}


def _turns_from(way: Way, onward: dict[Way, set[int]], copy: dict[Way, int]) -> dict[int, int]:
    """Turns of whoever has come a way that mean something, and the states they lead to."""
    into: dict[int, int] = {}
    for first in range(len(way)):  # the longest memory decides, unless a shorter one forbids
        for turn in onward.get(way[first:], ()):
            state = copy.get((*way[first:], turn), FORBIDDEN)
            into[turn] = FORBIDDEN if state == FORBIDDEN else into.get(turn, state)
    return into
