"""CSV tables: every fault told with its row and column, and a round trip that loses nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import Fault, Faults
from msap_mobility.formats.kinds import (
    DURATION,
    LATITUDE,
    LONGITUDE,
    NAMES,
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
)
from msap_mobility.formats.tables import Column, Table, nearest, read_table, write_table

COLUMNS = (
    Column(name="id", kind=TEXT),
    Column(name="lon", kind=LONGITUDE),
    Column(name="people", kind=NUMBER),
    Column(name="note", kind=TEXT, required=False, default=""),
    Column(name="every_weeks", kind=WHOLE, required=False, default=2),
    Column(name="dwell", kind=DURATION, required=False, default=1800),
    Column(name="must", kind=YES_NO, required=False, default=False),
    Column(name="services", kind=NAMES, required=False, default=()),
)
HEADER = "id,lon,people"


def read(content: bytes | str) -> tuple[Table, list[Fault]]:
    faults = Faults()
    data = content.encode() if isinstance(content, str) else content
    return read_table(data, COLUMNS, file="t.csv", faults=faults), faults.found


def places(faults: list[Fault]) -> list[tuple[str, int | None, str]]:
    return [(fault.code, fault.row, fault.column) for fault in faults]


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    table, faults = read(f'{HEADER}\nh1,1,2\n\n,,\nh2,"1",2\n"h\n3",1,2\nh4,1,2\n')
    assert faults == []
    assert list(table.each("id")) == [(2, "h1"), (5, "h2"), (6, "h\n3"), (7, "h4")]


@pytest.mark.parametrize("content", ["\ufeffid,lon,people\r\nh1,1,2\r\n", "id,lon,people\nh1,1,2"])
def test_byte_order_mark_and_line_ends_do_not_matter(content: str) -> None:
    table, faults = read(content)
    assert faults == []
    expected = {"id": "h1", "lon": 1.0, "people": 2.0, "note": "", "every_weeks": 2}
    ((number, record),) = table.records()
    assert number == 2
    assert expected.items() <= record.items()


def test_several_faults_of_one_row_are_all_told_and_the_rest_is_still_read() -> None:
    table, faults = read(f"{HEADER},dwell\nh1,east,two,-30 min\nh2,1,2,\n")
    assert places(faults) == [
        ("not_a_number", 2, "lon"),
        ("not_a_number", 2, "people"),
        ("negative_duration", 2, "dwell"),
    ]
    assert [fault.value for fault in faults] == ["east", "two", "-30 min"]
    assert list(table.each("id")) == [(2, "h1"), (3, "h2")]
    assert [number for number, _ in table.records()] == [3]


def test_bytes_that_are_no_utf8_are_told_with_row_and_column() -> None:
    latin = "é".encode("latin-1")
    table, faults = read(
        b"id,lon,people,note\nh1,1,2,ok\nh2,1,2,Bl" + latin + b"\nh3,1,2,\xc3\xa9\n"
    )
    assert places(faults) == [("undecodable_bytes", 3, "note")]
    assert faults[0].value == "Bl\\xe9"
    assert [number for number, _ in table.records()] == [2, 4]


def test_faults_of_the_header_can_be_printed() -> None:
    _, faults = read(b"id,lon,people,\xe9tage\nh1,1,2,\n")
    assert places(faults) == [
        ("undecodable_bytes", 1, "\\xe9tage"),
        ("unknown_column", 1, "\\xe9tage"),
    ]
    assert all(fault.text(lang).encode() for fault in faults for lang in ("en", "fr"))


def test_columns_missing_misnamed_unknown_doubled_or_kept_as_a_remark() -> None:
    _, faults = read("id,peopel,colour,# mine,note,note\nh1,2,red,x,,\n")
    assert places(faults) == [
        ("missing_column", 1, "lon"),
        ("misnamed_column", 1, "peopel"),
        ("duplicate_column", 1, "note"),
        ("unknown_column", 1, "colour"),
    ]
    assert faults[0].details["there"] == "id, peopel, colour, # mine, note, note"
    assert faults[1].details["meant"] == "people"


def test_a_missing_column_does_not_hide_the_faults_of_the_others() -> None:
    table, faults = read("id,people\nh1,two\n")
    assert places(faults) == [("missing_column", 1, "lon"), ("not_a_number", 2, "people")]
    assert list(table.records()) == []
    assert list(table.each("id")) == [(2, "h1")]


def test_wrong_number_of_cells() -> None:
    table, faults = read(f"{HEADER}\nh1,east\nh2,1,2\nh3,1,2,3\n")
    assert places(faults) == [("wrong_cell_count", 2, ""), ("wrong_cell_count", 4, "")]
    assert [fault.value for fault in faults] == [2, 4]
    assert [value for _, value in table.each("id")] == ["h1", "h2", "h3"]


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        ("", "empty_file", None),
        ("\n\n", "empty_file", None),
        ("id;lon;people\nh1;1;2\n", "semicolons", 1),
        (f'{HEADER}\nh1,1,2\nh2,"1,2\n', "broken_quotes", 3),
        (f'{HEADER}\n"h1"x,1,2\n', "broken_quotes", 2),
    ],
)
def test_files_that_are_no_table(content: str, code: str, row: int | None) -> None:
    _, faults = read(content)
    assert (faults[0].code, faults[0].row) == (code, row)


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        (NUMBER, "1,5", "not_a_number"),
        (NUMBER, "nan", "not_a_number"),
        (NUMBER, "inf", "not_a_number"),
        (NUMBER, "1e999", "not_a_number"),
        (NUMBER, "1_000", "not_a_number"),
        (WHOLE, "2.5", "not_whole"),
        (LONGITUDE, "180.5", "out_of_range"),
        (LATITUDE, "-91", "out_of_range"),
        (DURATION, "30", "not_a_duration"),
        (YES_NO, "perhaps", "not_yes_no"),
    ],
)
def test_cells_that_cannot_be_read(column: Any, cell: str, code: str) -> None:
    faults = Faults()
    columns = (Column(name="x", kind=column),)
    read_table(f'x\n"{cell}"\n'.encode(), columns, file="t.csv", faults=faults)
    assert [(fault.code, str(fault.value)) for fault in faults.found] == [
        (code, f"{float(cell)}" if code == "out_of_range" else cell)
    ]


def test_an_empty_cell_is_a_fault_only_where_something_is_needed() -> None:
    _, faults = read("id,lon,people,note\nh1,,2,\n")
    assert places(faults) == [("empty_cell", 2, "lon")]


@pytest.mark.parametrize("text", ["=1+1", "+33", "-Bas", "@x", "'=1", "''-", "'tis", "-1.5"])
def test_a_text_is_never_a_formula_and_comes_back_as_it_was(text: str) -> None:
    written = write_table([{"note": text}], (Column(name="note", kind=TEXT),))
    assert written.splitlines()[1][0] not in "=+-@"
    faults = Faults()
    table = read_table(
        written.encode(), (Column(name="note", kind=TEXT),), file="t.csv", faults=faults
    )
    assert [value for _, value in table.each("note")] == [text]


def test_numbers_are_never_behind_an_apostrophe() -> None:
    assert write_table([{"lon": -1.5}], (Column(name="lon", kind=LONGITUDE),)) == "lon\n-1.5\n"


words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t=+-@'\","), max_size=12
).map(str.strip)
numbers = st.floats(allow_nan=False, allow_infinity=False)
records = st.fixed_dictionaries(
    {
        "id": words.filter(bool),
        "lon": st.floats(-180, 180),
        "people": numbers,
        "note": words,
        "every_weeks": st.integers(-9, 99),
        "dwell": st.integers(0, 100_000),
        "must": st.booleans(),
        "services": st.lists(st.sampled_from(["caf", "msa", "grocery"]), max_size=3).map(tuple),
    }
)


@given(st.lists(records, max_size=5))
def test_what_is_written_is_read_back(rows: list[dict[str, Any]]) -> None:
    written = write_table(rows, COLUMNS)
    table, faults = read(written)
    assert faults == []
    assert [record for _, record in table.records()] == rows
    assert write_table((record for _, record in table.records()), COLUMNS) == written


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_told(content: bytes) -> None:
    table, faults = read(content)
    assert faults or len(table.numbers) == len(list(table.records()))
    for fault in faults:
        assert fault.text("fr").encode()


def test_the_nearest_name() -> None:
    assert nearest("Bellencombe", ["bellencombre", "rurali_indre"]) == "bellencombre"
    assert nearest("LON", ["lon", "lat"]) == "lon"
    assert nearest("zzz", ["lon"]) == ""
