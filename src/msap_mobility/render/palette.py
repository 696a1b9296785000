"""Colours, line patterns and shapes: nothing on a map is told by colour alone.

A round shows its weekday by hue, its week by line pattern, and itself by a letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CASING", "DAY_COLOURS", "GROUND", "INK", "PAPER", "SHAPES", "WEEK_DASHES"]

INK = "#1d2730"
"""Text and stops."""
PAPER = "#ffffff"
"""Halo of labels, casing of lines."""
CASING = 2.5
"""Pixels of paper on both sides of a whole line together."""
GROUND = "#f7f5f0"
"""The map's background."""

DAY_COLOURS: tuple[str, ...] = (
    "#0a62c9",  # Monday, blue
    "#8a2a0a",  # Tuesday, rust
    "#0b7f63",  # Wednesday, green
    "#5b1a66",  # Thursday, plum
    "#80700a",  # Friday, olive
    "#3a3a3a",  # Saturday, grey
    "#c2185b",  # Sunday, crimson
)
"""Colour by weekday, different in hue and in lightness. Each stands out on the ground by a contrast
of at least 4.5 to 1 (WCAG 2.1 asks 3 of graphics, criterion 1.4.11), and from the others also to
eyes without red or green cones: a test computes both."""

WEEK_DASHES: tuple[tuple[float, ...], ...] = ((), (10, 5), (2, 4), (12, 4, 2, 4))
"""Line pattern by week of the cycle, in pixels: whole, dashed, dotted, dash-dot."""

SHAPES: Mapping[str, str] = {
    "square": "M-6 -6H6V6H-6Z",
    "house": "M0 -9L9 -1H6V8H-6V-1H-9Z",
    "diamond": "M0 -13L13 0L0 13L-13 0Z",
}
"""Outlines around (0, 0), in pixels, as SVG path data (a canvas reads the same words)."""
