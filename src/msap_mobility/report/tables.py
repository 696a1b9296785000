"""Parts of a page every section is made of: a titled section, a table one can read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.render import Child, Markup, element, join

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

__all__ = ["data_table", "paragraph", "section"]


def section(id: str, title: str, *children: Child) -> Markup:  # noqa: A002 - HTML's own word
    """A section of the page under its own second-level heading."""
    heading = element("h2", title, id=f"{id}-title")
    return element("section", heading, *children, id=id, aria_labelledby=f"{id}-title")


def paragraph(text: Child, class_: str | None = None) -> Markup:
    """A paragraph."""
    return element("p", text, class_=class_)


def data_table(
    id: str,  # noqa: A002 - HTML's own word
    caption: Child,
    columns: Sequence[Child],
    rows: Iterable[Sequence[Child]],
    *,
    numbers: Collection[int] = (),
) -> Markup:
    """A table with a caption, column heads, and the first cell of each row as its head.

    It lies in a region of its own that scrolls, by finger or by keyboard, where the page is too
    narrow.

    Parameters
    ----------
    id
        Unique in the page.
    caption
        What the table tells.
    columns
        Heads.
    rows
        As many cells each as there are columns.
    numbers
        Columns set flush right.
    """
    side = ["number" if column in numbers else None for column in range(len(columns))]
    head = element(
        "tr",
        *(
            element("th", name, scope="col", class_=class_)
            for name, class_ in zip(columns, side, strict=True)
        ),
    )
    body = [
        element(
            "tr",
            element("th", first, scope="row", class_=side[0]),
            *(
                element("td", cell, class_=class_)
                for cell, class_ in zip(rest, side[1:], strict=True)
            ),
        )
        for first, *rest in rows
    ]
    table = element(
        "table",
        element("caption", caption, id=f"{id}-caption"),
        element("thead", head),
        element("tbody", join(body, "\n")),
        id=id,
    )
    return element(
        "div", table, class_="scroll", role="region", tabindex=0, aria_labelledby=f"{id}-caption"
    )
