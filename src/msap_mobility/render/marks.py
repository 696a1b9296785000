"""Single signs, drawn the same on the map and in its legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.render.markup import Markup, element
from msap_mobility.render.palette import PAPER, SHAPES

if TYPE_CHECKING:
    from msap_mobility.render.layers import Kind, Look

__all__ = ["mark", "paint", "swatch"]


def paint(look: Look, *, outline: bool = False) -> dict[str, str | float]:
    """The SVG attributes of a look, without fill where only the `outline` is drawn.

    Examples
    --------
    >>> from msap_mobility.render.layers import Look
    >>> paint(Look(fill="#ffffff"))
    {'fill': '#ffffff'}
    """
    attributes: dict[str, str | float] = {} if outline else {"fill": look.fill or "none"}
    if look.fill and look.opacity < 1 and not outline:
        attributes["fill_opacity"] = look.opacity
    if look.stroke:
        attributes |= {"stroke": look.stroke, "stroke_width": look.width}
    if look.dash:
        attributes["stroke_dasharray"] = " ".join(f"{length:g}" for length in look.dash)
    return attributes


def mark(look: Look, x: float, y: float, *, radius: float, told: Markup | None = None) -> Markup:
    """A point sign at `x`, `y`: a circle of `radius` pixels, or the look's shape."""
    if not look.shape:
        return element("circle", told, cx=x, cy=y, r=radius, **paint(look))
    move = f"translate({x:.1f} {y:.1f})"
    return element("path", told, d=SHAPES[look.shape], transform=move, **paint(look))


def swatch(kind: Kind, look: Look, x: float, y: float) -> Markup:
    """The sign of a layer in a legend: 36 pixels wide, around the middle line `y`."""
    if kind == "line":
        path = f"M{x:.1f} {y:.1f}h36"
        return element("path", d=path, fill="none", **paint(look, outline=True))
    if kind == "area":
        return element("rect", x=x + 8, y=y - 7, width=20, height=14, **paint(look))
    if kind == "badge":
        plate = element("rect", x=x + 4, y=y - 9, width=28, height=18, rx=9, **paint(look))
        bold = {"text_anchor": "middle", "font_weight": "700", "fill": PAPER}
        text = element("text", "A1", x=x + 18, y=y + 4, font_size=11, **bold)
        return Markup(plate + text)
    return mark(look, x + 18, y, radius=min(look.radius, 8.0))
