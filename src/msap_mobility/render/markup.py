"""Elements of SVG and HTML, escaped by type.

`Markup` is text that is markup already; any other text is escaped on its way in. A place named
``<script>`` is therefore a name and nothing else, in every map and page of the house.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Child", "Markup", "element", "join"]

_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta"})


class Markup(str):
    """Text to be written as it is.

    Examples
    --------
    >>> element("p", Markup("<b>x</b>"))
    '<p><b>x</b></p>'
    """

    __slots__ = ()


Child = str | Markup | float | None
"""What an element may hold: markup, text (escaped), a number, or None (nothing)."""


def element(name: str, /, *children: Child, **attributes: Child | bool) -> Markup:
    """One element.

    Parameters
    ----------
    name
        Tag name, written by us, never by the user.
    *children
        In order.
    **attributes
        ``stroke_width`` becomes ``stroke-width``, ``class_`` becomes ``class``; True writes the
        bare name, None and False write nothing.

    Examples
    --------
    >>> element("td", "<script>", class_="place", title=None, hidden=True)
    '<td class="place" hidden>&lt;script&gt;</td>'
    >>> element("circle", cx=1.25, r=3.0)
    '<circle cx="1.25" r="3"></circle>'
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


def join(children: Iterable[Child], between: str = "") -> Markup:
    """Children one after the other, escaped where they are not markup.

    Examples
    --------
    >>> join(["a & b", Markup("<br>"), None, 2])
    'a &amp; b<br>2'
    """
    return Markup(between.join(_text(child) for child in children))


def _attribute(key: str, value: Child | bool) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{escape(_number(value) if isinstance(value, float) else str(value))}"'


def _text(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    return escape(_number(child) if isinstance(child, float) else str(child))


def _number(value: float) -> str:
    """Two decimals at most: a hundredth of a pixel is enough and keeps pages small."""
    return f"{round(value, 2) + 0.0:.12g}"
