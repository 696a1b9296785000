"""Whatever a text holds, it stays a text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.render import Markup, element, join

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]))


class Reader(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def seen(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


@given(words, words)
def test_text_and_attributes_come_back_and_make_no_element(text, value):
    reader = seen(element("p", text, title=value))
    assert (reader.tags, reader.text, reader.attributes) == (["p"], text, [("title", value)])


@given(st.lists(words))
def test_joined_text_is_escaped_and_markup_is_not(parts):
    joined = join([element("b", part) for part in parts], "\n")
    assert seen(joined).tags == ["b"] * len(parts)
    assert isinstance(joined, Markup)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, "<input checked>"),
        (False, "<input>"),
        (None, "<input>"),
        (2.50, '<input checked="2.5">'),
    ],
)
def test_attributes_by_kind(value, written):
    assert element("input", checked=value) == written
