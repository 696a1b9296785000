"""Which names a still map can show without one covering another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Box", "Name", "PlacedName", "Side", "place_names", "text_width"]

Side = Literal["right", "left", "above", "below"]

_EM = 0.56
"""Mean width of a letter of a sans-serif face in ems, rounded up."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two have a point in common.

        Examples
        --------
        >>> Box(0, 0, 2, 2).meets(Box(1, 1, 3, 3)), Box(0, 0, 1, 1).meets(Box(2, 2, 3, 3))
        (True, False)
        """
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: Box) -> bool:
        """Whether this box lies wholly in `other`."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name wanted beside a point at `x`, `y`, clear of it by `gap` pixels.

    `lon` and `lat` say where the point is on the ground.
    """

    text: str
    x: float
    y: float
    gap: float
    lon: float = 0.0
    lat: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedName:
    """A name, on which side of its point it stands, and where its baseline is.

    At `x`, `y` the baseline begins (right of the point), ends (left of it) or has its middle.
    """

    name: Name
    side: Side
    x: float
    y: float


def text_width(text: str, size: float) -> float:
    """About how wide `text` is at a font size of `size` pixels."""
    return len(text) * size * _EM


def place_names(
    wanted: Iterable[Name], *, size: float, frame: Box, taken: Sequence[Box]
) -> tuple[PlacedName, ...]:
    """The names that fit, each right, left, above or below its point; the first ones go first.

    Parameters
    ----------
    wanted
        In order of importance.
    size
        Font size, pixels.
    frame
        No name leaves it.
    taken
        Boxes no name may cover.

    Examples
    --------
    >>> twice = [Name(text="Ardouval", x=50, y=50, gap=9)] * 5
    >>> placed = place_names(twice, size=12, frame=Box(0, 0, 200, 100), taken=())
    >>> [spot.side for spot in placed]
    ['right', 'above', 'below']
    """
    full = list(taken)
    placed = []
    for name in wanted:
        for candidate, box in _candidates(name, size):
            if box.within(frame) and not any(box.meets(other) for other in full):
                full.append(box)
                placed.append(candidate)
                break
    return tuple(placed)


def _candidates(name: Name, size: float) -> Iterable[tuple[PlacedName, Box]]:
    width, rise, drop = text_width(name.text, size), 0.8 * size, 0.25 * size
    middle = name.y + 0.3 * size
    spots: dict[Side, tuple[float, float, float]] = {
        "right": (name.x + name.gap, middle, 0.0),
        "left": (name.x - name.gap, middle, -width),
        "above": (name.x, name.y - name.gap - drop, -width / 2),
        "below": (name.x, name.y + name.gap + rise, -width / 2),
    }
    for side, (x, y, shift) in spots.items():
        box = Box(x + shift, y - rise, x + shift + width, y + drop)
        yield PlacedName(name=name, side=side, x=x, y=y), box
