"""Both catalogues are complete, alike, and the only place of words."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import msap_mobility
from msap_mobility.wording import LANGUAGES, codes, say
from msap_mobility.wording.catalogue import _texts
from msap_mobility.wording.quantities import FORMATS, clock, distance, duration, number, share

SOURCE = Path(msap_mobility.__file__).parent


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_codes() -> None:
    assert codes("fr") == codes("en")


def test_a_text_has_the_same_fields_in_both_languages() -> None:
    english, french = _texts("en"), _texts("fr")
    differing = [
        code
        for code in english
        if {name.partition("!")[0] for name in fields(english[code])}
        != {name.partition("!")[0] for name in fields(french[code])}
        and not code.endswith((".one", ".other"))
    ]
    assert differing == []


def test_no_code_is_told_in_two_files() -> None:
    for lang in LANGUAGES:
        seen: dict[str, str] = {}
        for file in sorted((SOURCE / "wording" / lang).glob("*.toml")):
            section = ""
            for line in file.read_text(encoding="utf-8").splitlines():
                if header := re.fullmatch(r"\[([^\]]+)\]", line.strip()):
                    section = header[1]
                elif entry := re.match(r"([A-Za-z0-9_\"-]+)\s*=", line):
                    code = f"{section}.{entry[1]}"
                    assert code not in seen, f"{code} in {seen[code]} and {file.name}"
                    seen[code] = file.name


def test_french_is_not_english() -> None:
    english, french = _texts("en"), _texts("fr")
    alike = [
        code
        for code in english
        if english[code] == french[code] and len(re.findall(r"[A-Za-z]{3,}", english[code])) > 4
    ]
    assert alike == []


def test_every_fault_has_what_and_remedy() -> None:
    for lang in LANGUAGES:
        faults = {code.split(".")[1] for code in codes(lang) if code.startswith("fault.")} - {
            "place"
        }
        for fault in faults:
            assert {f"fault.{fault}.what", f"fault.{fault}.remedy"} <= codes(lang)


@cache
def _source() -> list[tuple[Path, list[ast.AST]]]:
    """Every file and its nodes, read once for all that is looked for."""
    return [
        (file, list(ast.walk(ast.parse(file.read_text(encoding="utf-8")))))
        for file in SOURCE.rglob("*.py")
    ]


def _calls(name: str) -> list[tuple[Path, ast.Call]]:
    found = []
    for file, nodes in _source():
        for node in nodes:
            if isinstance(node, ast.Call):
                called = (
                    node.func.attr
                    if isinstance(node.func, ast.Attribute)
                    else getattr(node.func, "id", "")
                )
                if called == name:
                    found.append((file, node))
    return found


def _literal(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_every_code_used_has_its_words() -> None:
    missing = []
    for _, call in _calls("say"):
        code = _literal(call.args[0]) if call.args else None
        if code and not ({code, f"{code}.one"} & codes("en")):
            missing.append(code)
    faults = [_literal(call.args[0]) for file, call in _calls("add") if call.args]
    faults += [
        _literal(keyword.value)
        for _, call in _calls("Fault")
        for keyword in call.keywords
        if keyword.arg == "code"
    ]
    missing += [
        fault
        for fault in faults
        if fault
        and re.fullmatch(r"[a-z]+(_[a-z]+)+", fault)
        and f"fault.{fault}.what" not in codes("en")
    ]
    for record, prefix in (("Reason", "reason"), ("Violation", "violation")):
        missing += [
            f"{prefix}.{code}"
            for _, call in _calls(record)
            for keyword in call.keywords
            if keyword.arg == "code"
            and (code := _literal(keyword.value))
            and f"{prefix}.{code}" not in codes("en")
        ]
    assert missing == []


def test_no_sentence_stands_in_code() -> None:
    """A raise or a print whose text is a sentence bypasses the catalogue."""
    offenders = []
    for file, nodes in _source():
        for node in nodes:
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = getattr(node.exc.func, "id", "")
                if name not in {"BrokenInvariant", "AssertionError", "AttributeError", "KeyError"}:
                    offenders += [
                        (file.name, node.lineno)
                        for text in map(_literal, node.exc.args)
                        if text and " " in text.strip()
                    ]
        for call in (node for node in nodes if isinstance(node, ast.Call)):
            called = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if called in {"echo", "print"}:
                offenders += [
                    (file.name, call.lineno)
                    for text in map(_literal, call.args)
                    if text and len(re.findall(r"[A-Za-z]{3,}", text)) > 1
                ]
    assert offenders == []


@pytest.mark.parametrize(
    ("n", "lang", "expected"),
    [
        (0, "fr", "0 personne"),
        (1, "fr", "1 personne"),
        (2, "fr", "2 personnes"),
        (0, "en", "0 people"),
        (1, "en", "1 person"),
        (1234, "fr", "1\u202f234 personnes"),
    ],
)
def test_singular_and_plural(n: int, lang: str, expected: str) -> None:
    assert say("unit.people", lang, n=n) == expected  # type: ignore[arg-type]


def test_quantities_as_people_write_them() -> None:
    assert clock(0, "en") == "12:00 am"
    assert clock(12 * 3600, "en") == "12:00 pm"
    assert clock(86_400, "fr") == "0 h 00"
    assert distance(999, "fr") == "999 m"
    assert distance(12_345, "fr") == "12,3 km"
    assert duration(59.6 * 60, "fr") == "60 min"
    assert share(1, "fr") == "100,0\u202f%"
    assert number(-1234.5, "fr", 1) == "-1\u202f234,5"


def test_every_format_is_spoken_in_every_language() -> None:
    from datetime import date
    from types import SimpleNamespace

    for name, spoken in FORMATS.items():
        amount = SimpleNamespace(units=3, asset="EUR", decimals=2)
        value = {"date": date(2027, 1, 4), "money": amount}.get(name, 3)
        for lang in LANGUAGES:
            assert spoken(value, lang)
