"""The page as text: harmless, whole, readable aloud, and saying what the story says."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from msap_mobility.report import document as document_module
from msap_mobility.report.document import document
from msap_mobility.report.live_map import inline_script, live_map
from msap_mobility.wording import codes, say
from tests.report.tiny_story import STORY

LANGUAGES = ["fr", "en"]
VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """Elements with attributes, their nesting checked, and the text outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in self.raw:
            self.raw[tag].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in self.raw:
            self.raw[self.open[-1]][-1] += data
        else:
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request):
    return request.param


@pytest.fixture(scope="module")
def text(lang):
    return document(STORY, lang)


@pytest.fixture(scope="module")
def read(text):
    return Page(text)


def test_every_element_is_closed_and_the_language_is_told(read, lang):
    assert read.open == []
    assert read.all("html") == [{"lang": lang}]


def test_a_place_named_like_a_script_is_only_a_name(read):
    assert '<script>alert("x")</script> & Sévis' in read.words
    assert not any("alert(" in script for script in read.raw["script"][1:])
    data = json.loads(read.raw["script"][0])
    names = [
        stop["properties"]["name"] for stop in data["style"]["sources"]["stops"]["data"]["features"]
    ]
    assert '<script>alert("x")</script> & Sévis' in names


def test_the_policy_forbids_all_but_what_is_inside(text, read):
    (policy,) = [m["content"] for m in read.all("meta") if m.get("http-equiv")]
    assert policy.startswith("default-src 'none'; ")
    assert "http" not in policy
    assert "unsafe" not in policy
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        allowed = re.search(rf"{rule} ([^;]*)", policy)[1].split()
        parts = read.raw[tag][1:] if tag == "script" else read.raw[tag]
        hashed = [
            f"'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'"
            for part in parts
        ]
        assert hashed == allowed
    assert "\r" not in text


def test_nothing_points_outside_the_page(read):
    for _, attributes in read.elements:
        for name in ("src", "href", "action", "data", "srcset", "poster"):
            assert (attributes.get(name) or "#").startswith("#")
        assert not any(name.startswith("on") for name in attributes)


def test_links_and_labels_lead_to_elements_that_are_there(read):
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in read.elements:
        targets = (attributes.get("aria-labelledby") or "").split()
        if (link := attributes.get("href")) is not None:
            targets.append(link.removeprefix("#"))
        assert set(targets) <= set(ids)


def test_headings_come_in_order(read):
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_scoped_heads(read):
    tables, captions = read.all("table"), read.all("caption")
    assert len(tables) == len(captions) == len(STORY.circuits) + 5
    assert {head.get("scope") for head in read.all("th")} == {"col", "row"}


def test_every_standing_is_told_in_words(read, lang):
    for standing in ("observed", "estimated", "assumed"):
        assert say(f"report.standing.{standing}", lang) in read.words
    for source in STORY.sources:
        assert source.name.told(lang) in read.words
        assert source.note.told(lang) in read.words


def test_the_bound_is_said_plainly(read, lang):
    assert say("report.bound.none", lang) not in read.words
    assert ("10,9" if lang == "fr" else "10.9%") in read.words
    unknown = replace(STORY, provenance=replace(STORY.provenance, bound=None, gap=None))
    assert say("report.bound.none", lang) in Page(document(unknown, lang)).words


def test_both_languages_have_the_same_words():
    french = {code for code in codes("fr") if code.startswith("report.")}
    assert french == {code for code in codes("en") if code.startswith("report.")}


def test_nobody_left_out_is_said(lang):
    words = Page(document(replace(STORY, unserved=()), lang)).words
    assert say("report.left_out.nobody", lang) in words


def test_without_the_engine_the_still_map_remains(lang, monkeypatch):
    monkeypatch.setattr(document_module, "live_map", lambda: None)
    read = Page(document(STORY, lang))
    assert read.raw["script"] == []
    assert len([svg for svg in read.all("svg") if svg.get("role") == "img"]) == 1


def test_equal_stories_make_equal_pages(text, lang):
    assert document(STORY, lang) == text


def test_the_engine_is_read_without_being_imported():
    import sys

    engine = live_map()
    assert engine is not None, "the maplibre package is a dependency"
    assert "maplibre" not in sys.modules
    assert "3-Clause BSD" in engine.script
    assert "sourceMappingURL" not in engine.script
    assert "MAPLIBRE CONTRIBUTORS" in engine.notice.upper()
    assert "</style" not in engine.style


def test_a_script_can_neither_end_nor_hide_its_element():
    assert "</script" not in inline_script('x = "</script><!-- "')
    assert "<!--" not in inline_script('x = "</script><!-- "')
