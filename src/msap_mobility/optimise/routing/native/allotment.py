"""How much of a budget one start may spend in one phase."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

__all__ = ["Allotment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """Limits of one phase of one start.

    Parameters
    ----------
    until
        `perf_counter` at its end, or None.
    last
        Number of its last iteration, or None.
    """

    until: float | None
    last: int | None

    @classmethod
    def of(
        cls, *, share: float, end: float | None, most: int | None, done: int, waves: int
    ) -> Allotment:
        """A share of what is left.

        Parameters
        ----------
        share
            Of the seconds and iterations left.
        end, most
            `perf_counter` and number of the last iteration of the whole budget.
        done
            Iterations so far.
        waves
            How many starts share a worker: each gets its part of the seconds.

        Examples
        --------
        >>> Allotment.of(share=0.5, end=None, most=100, done=20, waves=1).last
        60
        """
        now = perf_counter()
        return cls(
            until=None if end is None else now + share * max(0.0, end - now) / waves,
            last=None if most is None else done + round(share * (most - done)),
        )

    def first_half(self, done: int) -> Allotment:
        """What may be spent if as much is to be left over.

        Examples
        --------
        >>> Allotment(until=None, last=100).first_half(60).last
        80
        """
        now = perf_counter()
        return Allotment(
            until=None if self.until is None else now + max(0.0, self.until - now) / 2,
            last=None if self.last is None else done + max(0, self.last - done) // 2,
        )

    def length(self, parts: int, done: int, pace: float) -> int:
        """Iterations of the next stretch, if `parts` of equal length are to come; 0: it is over.

        Parameters
        ----------
        parts
            The next one included.
        done
            Iterations so far.
        pace
            Iterations a second of late.

        Examples
        --------
        >>> Allotment(until=None, last=100).length(4, 60, 1e5)
        10
        """
        lengths = []
        if self.last is not None:
            lengths.append((self.last - done + parts - 1) // parts)
        if self.until is not None:
            left = self.until - perf_counter()
            lengths.append(max(1, int(pace * left / parts)) if left > 0 else 0)
        return max(0, min(lengths))
