"""Conditions have words, and every word is somebody's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from msap_mobility.carpool import law
from msap_mobility.carpool.law import Condition
from msap_mobility.wording import codes

PREFIX = "law.condition."


def test_every_code_has_its_words_and_no_words_are_left_over() -> None:
    sources = Path(law.__file__).parent.rglob("*.py")
    source = "".join(path.read_text(encoding="utf-8") for path in sources)
    made = re.findall(r'Condition\(\s*code="(\w+)"', source)
    made += re.findall(r'_figure\(\s*"(\w+)"', source)
    told = {code.removeprefix(PREFIX) for code in codes("en") if code.startswith(PREFIX)}
    assert set(made) == told


@pytest.mark.parametrize(
    ("value", "unit", "english", "french"),
    [
        (999, "metres", "999 m", "999 m"),
        (1_000, "metres", "1 km", "1 km"),
        (2_500, "metres", "2.5 km", "2,5 km"),
        (101_000, "metres", "101 km", "101 km"),
        (100_001, "metres", "100.001 km", "100,001 km"),
        (86_400, "seconds", "24 h", "24 h"),
        (86_401, "seconds", "24 h 1 s", "24 h 1 s"),
        (1_740, "seconds", "29 min", "29 min"),
        (0, "seconds", "0 min", "0 min"),
        (3_201, "cents", "32.01 €", "32,01\u202f€"),
        (12_000, "", "12,000", "12\u202f000"),
        (26, "percent", "26", "26"),
    ],
)
def test_values_are_told_to_the_last_unit(value: int, unit: str, english: str, french: str) -> None:
    one = Condition(code="carpool_over_costs", article="§", value=value, limit=1, unit=unit)  # type: ignore[arg-type]
    assert f" gets {english};" in one.text("en")
    assert f" reçoit {french} ;" in one.text("fr")


def test_it_reads_back() -> None:
    one = Condition(code="too_close_trips", article="§", value=60, limit=1_800, unit="seconds",
                    about=("t1", "t2"))  # fmt: skip
    assert Condition.from_dict(json.loads(json.dumps(one.to_dict()))) == one
