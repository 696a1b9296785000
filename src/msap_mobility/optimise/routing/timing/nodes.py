"""Where each moment of a route stands among the unknown times."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CLOCK", "DEPARTURE", "Nodes"]

CLOCK, DEPARTURE = 0, 1
"""The zero of the clock, and when the vehicle leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """The moments of a route, numbered.

    Parameters
    ----------
    tasks
        How many tasks and loadings it has.
    drives
        How many drives may have a break before them; 0 where no break is possible.
    breaks
        How many breaks may be taken.

    Examples
    --------
    >>> nodes = Nodes(tasks=2, drives=3, breaks=1)
    >>> list(nodes.begins), list(nodes.ends), nodes.arrival, nodes.count
    ([2, 3], [4, 5], 6, 11)
    """

    tasks: int
    drives: int
    breaks: int

    @property
    def begins(self) -> range:
        """Of tasks and loadings."""
        return range(2, 2 + self.tasks)

    @property
    def ends(self) -> range:
        """Of tasks and loadings."""
        return range(2 + self.tasks, 2 + 2 * self.tasks)

    @property
    def arrival(self) -> int:
        """When the vehicle is back, or done."""
        return 2 + 2 * self.tasks

    @property
    def setting_out(self) -> range:
        """When each drive begins, in order."""
        return range(self.arrival + 1, self.arrival + 1 + self.drives)

    @property
    def rests(self) -> range:
        """When each break begins."""
        first = self.arrival + 1 + self.drives
        return range(first, first + self.breaks)

    @property
    def count(self) -> int:
        """Of all, the zero of the clock included."""
        return self.arrival + 1 + self.drives + self.breaks
