"""The tables of a day: read back as they were written, and every fault told where it stands."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.carpool.schema import TABLES
from msap_mobility.carpool.tables import Day, read_day, read_places, write_tables
from msap_mobility.errors import Fault, InputError
from msap_mobility.formats.tables import Column
from msap_mobility.model import Offer, Place, Request, Window
from msap_mobility.wording import LANGUAGES, say
from tests.model import carpool_samples as samples

OFFERS = "id,driver,start,end,depart,max_detour"
REQUESTS = "id,rider,start,end,depart,arrive"
PLACES = "id,lon,lat\nayen,1.324,45.254\nbrive,1.533,45.159\nperpezac,1.333,45.222\n"
JEANNE = "o1,jeanne,ayen,brive,2026-12-01 08:10,12 min"
PAUL = "r1,paul,perpezac,brive,2026-12-01 07:50-08:40,"


def files(folder: Path, **contents: str | bytes) -> tuple[Path, Path, Path]:
    told: dict[str, str | bytes] = {
        "offers": f"{OFFERS}\n{JEANNE}\n",
        "requests": f"{REQUESTS}\n{PAUL}\n",
        "places": PLACES,
        **contents,
    }
    made = []
    for name in ("offers", "requests", "places"):
        file = folder / f"{name}.csv"
        content = told[name]
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        made.append(file)
    return made[0], made[1], made[2]


def read(folder: Path, options: dict[str, Any] | None = None, **contents: str | bytes) -> Day:
    return read_day(*files(folder, **contents), **(options or {}))


def faults(
    folder: Path, options: dict[str, Any] | None = None, **contents: str | bytes
) -> list[Fault]:
    with pytest.raises(InputError) as error:
        read(folder, options, **contents)
    return list(error.value.faults)


def where(found: list[Fault]) -> list[tuple[str, str, int | None, str]]:
    return [(fault.code, fault.file, fault.row, fault.column) for fault in found]


def test_what_is_written_in_cells_is_what_offer_of_and_request_of_read(tmp_path: Path) -> None:
    day = read(tmp_path)
    places = read_places(tmp_path / "places.csv")
    ayen, brive, perpezac = (places[name] for name in ("ayen", "brive", "perpezac"))
    jeanne = Offer.of(
        id="o1",
        driver="jeanne",
        start=ayen,
        end=brive,
        depart="2026-12-01 08:10",
        max_detour="12 min",
    )
    paul = Request.of(
        id="r1", rider="paul", start=perpezac, end=brive, depart="2026-12-01 07:50-08:40"
    )
    assert day == Day(offers=(jeanne,), requests=(paul,), other_days=0)


@given(
    st.lists(samples.offers(), max_size=4, unique_by=lambda offer: offer.id),
    st.lists(samples.requests(), max_size=4, unique_by=lambda request: request.id),
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, offers: list[Offer], requests: list[Request]
) -> None:
    texts = write_tables(offers, requests)
    folder = tmp_path_factory.mktemp("tables")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    found: Counter[tuple[str, str]] = Counter()
    try:
        day = read_day(*(folder / name for name in texts))
    except InputError as error:  # regular ones need a day, and nothing else may be wrong
        found.update((fault.code, fault.file) for fault in error.faults)
        regular = [
            *(("rhythm_without_day", "offers.csv") for each in offers if each.rhythm),
            *(("rhythm_without_day", "requests.csv") for each in requests if each.rhythm),
        ]
        assert regular
        assert found == Counter(regular)
        offers = [each for each in offers if not each.rhythm]
        requests = [each for each in requests if not each.rhythm]
        for name, text in write_tables(offers, requests).items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        day = read_day(*(folder / name for name in texts))
    assert day.offers == tuple(offers)
    assert day.requests == tuple(requests)


@given(samples.offers().filter(lambda offer: offer.rhythm is not None))
def test_a_regular_offer_is_read_back_on_its_days(
    tmp_path_factory: pytest.TempPathFactory, offer: Offer
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    texts = write_tables([offer], [])
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    for day in (date(2026, 12, 10), date(2026, 12, 12), date(2026, 12, 24)):
        laid = offer.on(day)
        read_back = read_day(*(folder / name for name in texts), day=day)
        assert read_back.offers == (() if laid is None else (laid,))
        assert read_back.other_days == (laid is None)


def test_a_day_takes_what_is_of_it_and_leaves_the_rest(tmp_path: Path) -> None:
    offers = (
        f"{OFFERS},rhythm\n{JEANNE},\no2,luc,ayen,brive,,10 min,Mo-Fr 8:00-8:20\n"
        "o3,luc,ayen,brive,,10 min,Sa 8:00-8:20\no4,eve,ayen,brive,2026-12-02 08:00,5 min,\n"
    )
    day = read(tmp_path, {"day": date(2026, 12, 1)}, offers=offers)
    assert [offer.id for offer in day.offers] == ["o1", "o2@2026-12-01"]
    assert day.other_days == 2
    assert where(faults(tmp_path, offers=offers)) == [
        ("rhythm_without_day", "offers.csv", 3, "rhythm"),
        ("rhythm_without_day", "offers.csv", 4, "rhythm"),
    ]


def test_every_fault_of_all_files_is_told_at_once_with_row_and_column(tmp_path: Path) -> None:
    now = {"now": datetime(2026, 11, 30, 12, tzinfo=UTC)}
    offers = (
        "id,driver,start,end,depart,max_detour,max_detour_distance,seats,luggage\n"
        "o1,jeanne,nowhere,brive,2026-11-29 08:10,12 min,200 km,0,perhaps\n"
        "o2,luc,ayen,brive,2026-12-01 08:40-08:10,soon,,two,\n"
        ",eve,ayen,brive,2026-12-01 08:10,12 min,,9,\n"
        "o2,max,ayen,,2026-12-01 08:10,3 h,,3,\n"
    )
    requests = (
        "id,rider,start,end,depart,only_with,wheelchair,walk_limit,stay\n"
        "r1,paul,brive,brive,2026-12-01 08:10,paul,yes,500 m,\n"
        "r2,lucie,,brive,2026-10-25 02:30,,,,1 h\n"
    )
    places = "id,lon,lat\nayen,1.324,45.254\nbrive,1.533,95\n"
    found = faults(tmp_path, now, offers=offers, requests=requests, places=places)
    assert where(found) == [
        ("out_of_range", "places.csv", 3, "lat"),
        ("not_yes_no", "offers.csv", 2, "luggage"),
        ("unknown_place", "offers.csv", 2, "start"),
        ("window_is_past", "offers.csv", 2, "depart"),
        ("out_of_range", "offers.csv", 2, "seats"),
        ("out_of_range", "offers.csv", 2, "max_detour_distance"),
        ("not_a_number", "offers.csv", 3, "seats"),
        ("window_closed_before_open", "offers.csv", 3, "depart"),
        ("not_a_duration", "offers.csv", 3, "max_detour"),
        ("empty_cell", "offers.csv", 4, "id"),
        ("out_of_range", "offers.csv", 4, "seats"),
        ("duplicate_id", "offers.csv", 5, "id"),
        ("trip_without_end", "offers.csv", 5, "end"),
        ("out_of_range", "offers.csv", 5, "max_detour"),
        ("own_passenger", "requests.csv", 2, "only_with"),
        ("walk_in_a_wheelchair", "requests.csv", 2, "walk_limit"),
        ("empty_cell", "requests.csv", 3, "start"),
        ("clock_shows_instant_twice", "requests.csv", 3, "depart"),
    ]


def test_the_past_of_a_chosen_day_is_refused_of_what_is_regular_too(tmp_path: Path) -> None:
    offers = f"{OFFERS},rhythm\n{JEANNE},\no2,luc,ayen,brive,,10 min,Mo-Fr 8:00-8:20\n"
    options = {"day": date(2026, 12, 1), "now": datetime(2026, 12, 1, 12, tzinfo=UTC)}
    assert where(faults(tmp_path, options, offers=offers)) == [
        ("window_is_past", "offers.csv", 2, "depart"),
        ("window_is_past", "offers.csv", 3, "rhythm"),
        ("window_is_past", "requests.csv", 2, "depart"),
    ]


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (b"", "empty_file", None),
        (f"{OFFERS};seats\n{JEANNE};3\n".replace(",", ";").encode(), "semicolons", 1),
        (f"{OFFERS}\n{JEANNE}\n".replace("jeanne", "aimée").encode("cp1252"), None, 2),
        (f"{OFFERS},price\n{JEANNE},3\n".encode(), "unknown_column", 1),
        (f"{OFFERS}\n{JEANNE}\n".replace("driver", "drivers").encode(), "misnamed_column", 1),
        (f"{OFFERS}\n{JEANNE},3\n".encode(), "wrong_cell_count", 2),
        (f'{OFFERS}\n{JEANNE}\n"o2,'.encode(), "broken_quotes", 3),
    ],
)
def test_a_file_that_is_no_such_table(
    tmp_path: Path, content: bytes, code: str | None, row: int | None
) -> None:
    (fault,) = faults(tmp_path, offers=content)
    assert (fault.code, fault.row) == (code or "undecodable_bytes", row)
    assert fault.file == "offers.csv"


def test_a_table_of_places_that_cannot_be_read_is_one_fault(tmp_path: Path) -> None:
    offers, requests, places = files(tmp_path)
    places.unlink()
    with pytest.raises(InputError) as error:
        read_day(offers, requests, places)
    assert where(list(error.value.faults)) == [("table_unreadable", "places.csv", None, "")]


def test_a_name_is_looked_up_in_a_sound_table_even_if_it_is_empty(tmp_path: Path) -> None:
    found = faults(tmp_path, places="id,lon,lat\n")
    assert [fault.code for fault in found] == ["unknown_place"] * 4


def test_what_is_past_midnight_is_of_both_days(tmp_path: Path) -> None:
    night = "r1,paul,perpezac,brive,2026-11-30 23:50/2026-12-01 00:20,"
    for number in (30, 31):
        day = date(2026, 11, 30) if number == 30 else date(2026, 12, 1)
        requests = read(tmp_path, {"day": day}, requests=f"{REQUESTS}\n{night}\n").requests
        assert requests[0].depart == Window.of(("2026-11-30 23:50", "2026-12-01 00:20"))


def test_a_place_without_a_name_is_called_by_its_id(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text(PLACES, encoding="utf-8")
    assert {place.name for place in read_places(tmp_path / "places.csv").values()} == {
        "ayen",
        "brive",
        "perpezac",
    }


def test_two_places_of_one_id_are_not_written() -> None:
    other = Place(id="ayen", name="Ayen", lon=1.3, lat=45.254)
    request = Request.of(
        id="r1", rider="paul", start=other, end=samples.BRIVE, depart="2026-12-01 08:10"
    )
    offer = Offer.of(
        id="o1",
        driver="jeanne",
        start=samples.AYEN,
        end=samples.BRIVE,
        depart="2026-12-01 08:10",
        max_detour=0,
    )
    with pytest.raises(InputError) as error:
        write_tables([offer], [request])
    assert [fault.code for fault in error.value.faults] == ["place_differs"]


COLUMNS = [(file, column) for file, columns in TABLES.items() for column in columns]


@pytest.mark.parametrize(
    ("file", "column"), COLUMNS, ids=[f"{file}-{column.name}" for file, column in COLUMNS]
)
def test_a_column_is_a_parameter_of_what_reads_it(file: str, column: Any) -> None:
    import inspect

    reader = {"offers.csv": Offer.of, "requests.csv": Request.of}.get(file)
    if reader is None:
        assert column.name in (*Place.__slots__, "urban_unit", "interchange")
    else:
        parameter = inspect.signature(reader).parameters[column.name]
        assert column.required == (parameter.default is inspect.Parameter.empty)
        if not column.required:
            assert (parameter.default or None) == (column.default or None)


PAGE = Path(__file__).resolve().parents[2] / "docs" / "carpool.md"


@pytest.mark.parametrize("file", TABLES)
def test_the_page_tells_every_column_as_it_is(file: str) -> None:
    part = PAGE.read_text(encoding="utf-8").split(f"## {file}")[1].split("\n## ")[0]
    rows = [line.split(" | ") for line in part.splitlines() if line.startswith("| `")]
    assert [(row[0], row[1], row[2], row[-1]) for row in rows] == [
        (
            f"| `{column.name}`",
            say(f"tables.kind.{column.kind.id}"),
            _default(column),
            f"`{column.example}` |",
        )
        for column in TABLES[file]
    ]


def _default(column: Column) -> str:
    if column.required:
        return "required"
    empty = column.default in (None, "", frozenset())
    return "" if empty else f"`{column.kind.write(column.default)}`"


@pytest.mark.parametrize(
    ("file", "column"), COLUMNS, ids=[f"{file}-{column.name}" for file, column in COLUMNS]
)
def test_the_example_of_a_column_can_be_read(tmp_path: Path, file: str, column: Column) -> None:
    sound = {
        "offers.csv": dict(zip(OFFERS.split(","), JEANNE.split(","), strict=True)),
        "requests.csv": dict(zip(REQUESTS.split(","), PAUL.split(","), strict=True)),
        "places.csv": {"id": "moulin", "lon": "1.3", "lat": "45.2"},
    }[file]
    row = {**sound, column.name: column.example}
    table = "{}\n{}\n".format(",".join(row), ",".join(f'"{cell}"' for cell in row.values()))
    homes = "home_jeanne,1.3,45.2\nhome_paul,1.31,45.21\n"
    if file == "places.csv":
        read(tmp_path, places=table, offers=f"{OFFERS}\n", requests=f"{REQUESTS}\n")
        return
    contents = {"places": PLACES + homes, file.removesuffix(".csv"): table}
    try:
        read(tmp_path, **contents)
    except InputError as error:  # what does not go with the rest of the row
        codes = {fault.code for fault in error.faults}
        assert codes <= {
            "volunteer_with_end",
            "home_of_no_volunteer",
            "rhythm_and_window",
            "arrives_before_departure",
            "return_without_time",
        }


NUMBERS = ["0", "-3", "1,5", "1e999", "NaN", "²", "9" * 400, "99999999999 h", f"{'9' * 400} min"]
MOMENTS = ["/", "//", "2026-12-01/", "9999-12-31 23:59", "0001-01-01 00:00-23:59", "2nd Th 25:00"]
WORDS = [
    "",
    "'",
    "'=1",
    " ;; ",
    "yes;no",
    "volunteer",
    "ayen",
    "nowhere",
    "\x00",
    "\u2028",
    b"\xe9",
]
ODD = st.sampled_from([*NUMBERS, *MOMENTS, *WORDS]) | st.text(max_size=8)


@given(st.data())
def test_whatever_stands_in_the_cells_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    for name, columns in TABLES.items():
        rows = [",".join(column.name for column in columns).encode()]
        for _ in range(data.draw(st.integers(0, 2))):
            cells = [
                data.draw(ODD) if data.draw(st.booleans()) else each.example for each in columns
            ]
            rows.append(b",".join(map(_quoted, cells)))
        (folder / name).write_bytes(b"\n".join(rows) + b"\n")
    day = data.draw(st.sampled_from([None, date(2026, 12, 1), date(9999, 12, 31), date.min]))
    try:
        found = read_day(*(folder / name for name in TABLES), day=day, now=datetime.now(tz=UTC))
    except InputError as error:
        for fault in error.faults:
            assert fault.file in TABLES
            assert fault.row is not None
            assert all(fault.text(lang) for lang in LANGUAGES)
    else:
        assert day is not None or found.other_days == 0


def _quoted(cell: str | bytes) -> bytes:
    text = cell if isinstance(cell, bytes) else cell.encode("utf-8", "surrogatepass")
    return b'"' + text.replace(b'"', b'""') + b'"'
