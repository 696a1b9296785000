"""One page, one file, no request: everything it needs is inside it."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from msap_mobility.render import Markup, element, join
from msap_mobility.report.heading import contents, heading
from msap_mobility.report.live_map import LiveMap, inline_script, live_map
from msap_mobility.report.map_figure import map_data, map_section
from msap_mobility.report.reach import left_out_section, reach_section
from msap_mobility.report.rounds import calendar_section, rounds_section
from msap_mobility.report.standing import making_section, sources_section
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.report.story import Story
    from msap_mobility.wording import Lang

__all__ = ["document"]


def document(story: Story, lang: Lang) -> str:
    """The whole page as HTML text.

    Parameters
    ----------
    story
        What to tell.
    lang
        In which language.
    """
    engine = live_map()
    styles = [_file("page.css"), *([engine.style] if engine else [])]
    scripts = [engine.script, inline_script(_file("live_map.js"))] if engine else []
    page = element(
        "html",
        _head(story, lang, styles, scripts),
        element(
            "body",
            element("a", say("report.head.skip", lang), href="#content", class_="skip"),
            _main(story, lang),
            _footer(story, lang),
            *(_script_parts(story, lang, scripts, engine) if engine else ()),
        ),
        lang=lang,
    )
    return f"<!DOCTYPE html>\n{page}\n"


def _head(story: Story, lang: Lang, styles: Sequence[str], scripts: Sequence[str]) -> Markup:
    policy = (
        "default-src 'none'; "
        f"script-src {_hashes(scripts)}; style-src {_hashes(styles)}; "
        "img-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'"
    )
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", say("report.head.title", lang, name=story.name)),
        *(element("style", Markup(style)) for style in styles),
    )


def _hashes(texts: Sequence[str]) -> str:
    """The texts a policy lets through, by their SHA-256; none at all if there is none."""
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    listed = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    return " ".join(listed) or "'none'"


def _main(story: Story, lang: Lang) -> Markup:
    parts = [
        map_section(story, lang),
        rounds_section(story, lang),
        calendar_section(story, lang),
        reach_section(story, lang),
        left_out_section(story, lang),
        sources_section(story, lang),
        making_section(story, lang),
    ]
    return element("main", heading(story, lang), contents(lang), join(parts, "\n"), id="content")


def _footer(story: Story, lang: Lang) -> Markup:
    told = say("report.foot", lang, version=story.provenance.version, n=story.threshold)
    return element("footer", element("p", told))


def _script_parts(
    story: Story, lang: Lang, scripts: Sequence[str], engine: LiveMap
) -> list[Markup]:
    data = Markup(map_data(story, lang))
    return [
        Markup(f"<!--\n{engine.notice}-->"),
        element("script", data, type="application/json", id="map-data"),
        *(element("script", Markup(script)) for script in scripts),
    ]


def _file(name: str) -> str:
    """A file of this package, with plain line ends."""
    text = (files("msap_mobility.report") / name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")
