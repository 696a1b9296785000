"""The statement as a page: harmless, whole, readable aloud, and no request to anybody."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from msap_mobility.ledger.books.monthly import monthly
from msap_mobility.ledger.books.statement import statement
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.entry import AccountTerms, Entry
from msap_mobility.ledger.genesis import genesis
from msap_mobility.ledger.journal import Journal
from msap_mobility.report.statement_page import monthly_page, statement_page

NOON = 1_796_126_400_000_000  # 1 December 2026
DAY = 86_400_000_000
EVIL = '<script>alert("x")</script> & Sévis'
VOID = {"meta"}


class Page(HTMLParser):
    """Elements, their nesting checked, and the words outside the style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.styles: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.styles.append(data)
        else:
            self.words += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def journal():
    accounts = [
        AccountTerms(id="issue/KM", asset="KM"),
        AccountTerms(id="paul/KM", asset="KM", holder="person", floor=0),
        AccountTerms(id="paul/YACA", asset="YACA", holder="person", floor=0),
    ]
    now = iter(range(NOON, NOON + 100 * DAY, DAY))
    engine = SqliteEngine.create(
        None, "ayen", genesis({"KM": 0, "YACA": 2}, accounts), lambda: next(now)
    )
    with Journal(engine) as journal:
        _post(journal, "b1", "booklet", 50, ref=EVIL)
        _post(journal, "r1", "ride", -25)
        _post(journal, "late", "ride", -5, effective=NOON + DAY // 2)
        yield journal


def _post(journal, key, kind, units, **more):
    legs = {"issue/KM": -units, "paul/KM": units}
    journal.post(Entry(key=key, kind=kind, legs=legs, **more))


@pytest.fixture(params=["fr", "en"])
def lang(request):
    return request.param


def test_every_element_is_closed_and_the_language_is_told(journal, lang):
    page = Page(statement_page(statement(journal, "paul/KM"), lang))
    assert page.open == []
    assert page.all("html") == [{"lang": lang}]


def test_it_says_what_the_statement_says(journal, lang):
    told = statement(journal, "paul/KM")
    words = Page(statement_page(told, lang, name="Paul")).words.replace("\u202f", " ")
    for line in told.lines:
        assert f"{line.amount} KM" in words
        assert f"{line.balance} KM" in words
    assert "Paul" in words
    assert {"fr": "Solde de clôture", "en": "Closing balance"}[lang] in words
    assert {"fr": "saisi le 4 décembre 2026", "en": "entered on 4 December 2026"}[lang] in words


def test_texts_of_others_are_only_texts(journal, lang):
    text = statement_page(statement(journal, "paul/KM"), lang, name=EVIL)
    page = Page(text)
    assert page.words.count(EVIL) == 3  # title, heading, reference
    assert page.all("script") == []


def test_nothing_is_fetched_and_only_its_own_style_runs(journal, lang):
    text = statement_page(statement(journal, "paul/KM"), lang)
    page = Page(text)
    assert not re.search(r"https?:|url\(|@import|src=|href=", text)
    (style,) = page.styles
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(each["content"] for each in page.all("meta") if "http-equiv" in each)
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "size: A4" in style


def test_the_table_can_be_read_aloud(journal, lang):
    page = Page(statement_page(statement(journal, "paul/KM"), lang))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    heads = page.all("th")
    assert [head["scope"] for head in heads].count("col") == 5
    assert [head["scope"] for head in heads].count("row") == 5  # two balances, three lines
    assert len(page.all("caption")) == 1
    (region,) = [each for each in page.all("div") if each.get("role") == "region"]
    assert region["aria-labelledby"] in ids


def test_a_page_of_many_tells_that_others_follow(journal, lang):
    whole = statement_page(statement(journal, "paul/KM"), lang)
    part = statement_page(statement(journal, "paul/KM", limit=1), lang)
    told = {"fr": "sont sur une autre page", "en": "stand on another page"}[lang]
    assert told in part
    assert told not in whole


def test_a_month_has_a_sheet_for_each_account(journal, lang):
    page = Page(monthly_page(monthly(journal, "paul", 2026, 12), lang))
    assert len(page.all("section")) == len(page.all("table")) == 2
    assert "paul/YACA" in page.words
    assert {"fr": "31 décembre 2026", "en": "31 December 2026"}[lang] in page.words
