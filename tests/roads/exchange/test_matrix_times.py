"""Ready tables of travel times: read as they are, refused with every fault, written to be read."""

from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError, MissingExtra
from msap_mobility.model import Place, Points, Reached, TimesTable
from msap_mobility.roads import room
from msap_mobility.roads.calibrated import CalibratedTimes
from msap_mobility.roads.exchange import OdColumns
from msap_mobility.roads.matrix_times import MatrixTimes

GOLDEN = Path(__file__).parent / "golden"

A = Place(id="a", name="Ayen", lon=1.324, lat=45.254)
B = Place(id="b", name="Objat", lon=1.41, lat=45.263)
C = Place(id="c", name="Juillac", lon=1.317, lat=45.32)
PLACES = [A, B, C]


def read(folder: Path, text: str | bytes, name: str = "od.csv", **options: object) -> MatrixTimes:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return MatrixTimes.read(path, PLACES, **options)  # type: ignore[arg-type]


def faults(folder: Path, text: str | bytes, **options: object) -> list[tuple[str, int | None, str]]:
    with pytest.raises(InputError) as caught:
        read(folder, text, **options)
    for lang in ("en", "fr"):
        assert caught.value.text(lang)
    return [(fault.code, fault.row, fault.column) for fault in caught.value.faults]


def asked(times: MatrixTimes, origins: list[Place], destinations: list[Place]) -> TimesTable:
    return times.table(Points.of(origins), Points.of(destinations))


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Place], list[Place], TimesTable]:
    """Places, some both origins and destinations, some at one point; ways between some of them."""
    spots = draw(
        st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=6)
    )
    places = [
        Place(id=draw(st.sampled_from(["é", "a,b", '"', "01", "-1", "NA"])) + str(number), name="",
              lon=lon / 10, lat=45 + lat / 10)
        for number, (lon, lat) in enumerate(spots)
    ]  # fmt: skip
    some = st.lists(st.sampled_from(places), unique_by=lambda place: place.id)
    origins, destinations = draw(some), draw(some)
    shape = (len(origins), len(destinations))
    cells = st.floats(0, 2**17, width=32) | st.just(np.inf)
    size = shape[0] * shape[1]
    numbers = draw(st.lists(cells, min_size=2 * size, max_size=2 * size))
    seconds, metres = np.array(numbers, np.float32).reshape(2, *shape)
    away = np.isinf(seconds) | np.isinf(metres)
    seconds[away] = metres[away] = np.inf
    status = np.where(away, Reached.UNREACHABLE, Reached.OK).astype(np.uint8)
    return origins, destinations, TimesTable(seconds=seconds, metres=metres, status=status)


def fastest(
    table: TimesTable, origins: list[Place], destinations: list[Place], a: Place, b: Place
) -> tuple[float, float]:
    """By looking at every cell: the best way between what lies at the points of `a` and `b`."""
    return min(
        (
            (float(table.seconds[i, j]), float(table.metres[i, j]))
            for i, start in enumerate(origins)
            for j, end in enumerate(destinations)
            if (start.lon, start.lat, end.lon, end.lat) == (a.lon, a.lat, b.lon, b.lat)
        ),
        default=(np.inf, np.inf),
    )


COLUMNS = OdColumns(metres="metres", unit="s", time="zeit", origin="von", destination="nach")


@given(tables(), st.sampled_from([".csv", ".npz"]), st.sampled_from(["min", "s"]))
def test_what_is_written_reads_back_and_answers_as_the_engine_did(
    given_table: tuple[list[Place], list[Place], TimesTable], ending: str, unit: str
) -> None:
    origins, destinations, table = given_table
    times = MatrixTimes.of_times(table, origins, destinations, max_snap_m=0)
    columns = OdColumns(metres="metres", unit=unit)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"od{ending}"
        times.write(path, columns=columns)
        if ending == ".csv" and not len(times.pairs):
            return  # an empty table is refused on reading
        ids = (
            None
            if ending == ".npz"
            else [*{place.id: place for place in origins + destinations}.values()]
        )
        back = MatrixTimes.read(path, ids, columns=columns, max_snap_m=0)
    for some in (times, back):
        answer = asked(some, origins, destinations)
        for i, start in enumerate(origins):
            for j, end in enumerate(destinations):
                expected = fastest(table, origins, destinations, start, end)
                assert (answer.seconds[i, j], answer.metres[i, j]) == expected
                reached = Reached.UNREACHABLE if np.isinf(expected[0]) else Reached.OK
                assert answer.status[i, j] == reached


def test_r5r_s_own_layout_is_read() -> None:
    times = MatrixTimes.read(GOLDEN / "r5r.csv", GOLDEN / "points.csv", mode="bus")
    table = asked(times, PLACES, PLACES)
    assert table.seconds.tolist() == [
        [0, 14 * 60, np.inf],
        [15 * 60, 0, 41 * 60],
        [np.inf, np.inf, 0],
    ]
    assert times.sources()[0].name.told("fr") == "temps de trajet d'une table fournie (bus)"


def test_we_write_r5r_s_layout(tmp_path: Path) -> None:
    times = MatrixTimes.read(GOLDEN / "r5r.csv", GOLDEN / "points.csv")
    times.write(tmp_path / "ours.csv")
    ours = (tmp_path / "ours.csv").read_text(encoding="utf-8").splitlines()
    theirs = (GOLDEN / "r5r.csv").read_text(encoding="utf-8").splitlines()
    assert ours[0] == theirs[0]
    assert [[*row.split(",")[:2], float(row.split(",")[2])] for row in ours[1:]] == [
        [*row.split(",")[:2], float(row.split(",")[2])] for row in theirs[1:]
    ]


def test_times_in_seconds_under_other_names_with_their_distances(tmp_path: Path) -> None:
    text = "people,von,nach,zeit,metres\n3,a,b,90,800\n3,b,a,100,900\n"
    times = read(tmp_path, text, columns=COLUMNS)
    table = asked(times, [A, B], [A, B])
    assert table.seconds[0, 1] == 90
    assert table.metres[1, 0] == 900
    assert len(times.sources()) == 1


def test_without_distances_estimates_stand_in_and_the_sources_say_so(tmp_path: Path) -> None:
    times = read(tmp_path, "from_id,to_id,travel_time_p50\na,b,20\n")
    table = asked(times, [A], [B, C])
    estimated = CalibratedTimes(mode="car").table(Points.of([A]), Points.of([B])).metres
    assert table.metres[0, 0] == estimated[0, 0]
    assert np.isinf(table.metres[0, 1])
    assert times.sources()[-1].standing == "estimated"
    assert len(times.sources()) == 2
    with pytest.raises(InputError, match="has none"):
        times.write(tmp_path / "out.csv", columns=COLUMNS)


def test_an_empty_time_is_a_pair_without_a_way(tmp_path: Path) -> None:
    times = read(tmp_path, "from_id,to_id,travel_time_p50\na,b,\nb,a,NA\n\na,c,3\n")
    assert asked(times, [A], [B, C]).status.tolist() == [[Reached.UNREACHABLE, Reached.OK]]


def test_a_place_near_one_of_the_table_is_that_one_and_no_other_is(tmp_path: Path) -> None:
    near = Place(id="n", name="", lon=A.lon, lat=A.lat + 9 / 111_195)
    far = Place(id="f", name="", lon=A.lon, lat=A.lat + 11 / 111_195)
    times = read(tmp_path, "from_id,to_id,travel_time_p50\na,b,20\n")
    table = asked(times, [near, far], [B, far])
    assert table.status.tolist() == [
        [Reached.OK, Reached.TOO_FAR_TO_SNAP],
        [Reached.TOO_FAR_TO_SNAP, Reached.TOO_FAR_TO_SNAP],
    ]
    assert table.seconds[0, 0] == 1200
    assert times.route(far, B).status is Reached.TOO_FAR_TO_SNAP
    assert times.route(near, B).line == ((near.lon, near.lat), (B.lon, B.lat))


def test_over_the_limit_is_not_out_of_reach(tmp_path: Path) -> None:
    times = read(tmp_path, "from_id,to_id,travel_time_p50\na,b,20\na,c,21\n")
    table = times.table(Points.of([A]), Points.of([A, B, C]), limit_s=1200)
    assert table.status.tolist() == [[Reached.UNREACHABLE, Reached.OK, Reached.OVER_LIMIT]]
    assert np.isinf(table.metres[0, 2])


def test_an_answer_without_room_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times = read(tmp_path, "from_id,to_id,travel_time_p50\na,b,20\n")
    monkeypatch.setattr(room, "free_bytes", lambda: 1000.0)
    assert asked(times, [A], [B]).status.tolist() == [[Reached.OK]]
    with pytest.raises(InputError) as caught:
        asked(times, 10 * [A], 10 * [B])
    assert [fault.code for fault in caught.value.faults] == ["too_big_for_memory"]


def test_of_a_pair_that_is_there_twice_the_fastest_stays_and_is_counted(tmp_path: Path) -> None:
    times = read(tmp_path, "from_id,to_id,travel_time_p50\na,b,20\na,b,19\na,b,30\n")
    assert asked(times, [A], [B]).seconds[0, 0] == 19 * 60
    assert times.pairs.repeated == 2
    assert times.sources()[0].note.told("en").endswith("shorter time: 2.")


def test_every_fault_is_told_with_its_row_and_column(tmp_path: Path) -> None:
    text = "from_id,to_id,travel_time_p50\na,b,-1\n\nx,b,two\na,y,3\nx,c,NaN\na,c,-1\nb,c,inf\n"
    assert faults(tmp_path, text) == [
        ("od_unknown_id", 4, "from_id"),
        ("od_unknown_id", 5, "to_id"),
        ("od_negative", 2, "travel_time_p50"),
        ("not_a_number", 4, "travel_time_p50"),
        ("not_a_number", 6, "travel_time_p50"),
        ("not_a_number", 8, "travel_time_p50"),
    ]


def test_a_fault_says_how_many_rows_it_has(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"No place has the id 'x' \(rows with it: 2\)"):
        read(tmp_path, "from_id,to_id,travel_time_p50\nx,b,1\nx,c,2\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("empty_file", None, "")]),
        ("from_id,to_id,travel_time_p50\n", [("od_table_empty", None, "")]),
        ("from_id,to_id,travel_time_p50\n,,\n\n", [("od_table_empty", None, "")]),
        ("from_id;to_id;travel_time_p50\na;b;1\n", [("semicolons", 1, "")]),
        ("from_id,travel_time_p50\na,1\n", [("missing_column", 1, "to_id")]),
        ("from_id,to_id,travel_time_p50\na,b,1,7\n", [("od_file_damaged", None, "")]),
        ("from_id,to_id,travel_time_p50\na,b,1\na,b,1,7\n", [("od_file_damaged", None, "")]),
        ("from_id,to_id,travel_time_p50\n,b,1\n", [("od_unknown_id", 2, "from_id")]),
        ("from_id,to_id,travel_time_p50\na,\xe9,1\n".encode("latin-1"),
         [("od_unknown_id", 2, "to_id")]),
    ],
)  # fmt: skip
def test_tables_that_are_refused(
    tmp_path: Path, text: str | bytes, expected: list[tuple[str, int | None, str]]
) -> None:
    assert faults(tmp_path, text) == expected


def test_a_time_without_its_distance_is_refused(tmp_path: Path) -> None:
    text = "von,nach,zeit,metres\na,b,,\na,c,5,\n"
    assert faults(tmp_path, text, columns=COLUMNS) == [("od_without_metres", 3, "metres")]


def test_compressed_and_cut_short(tmp_path: Path) -> None:
    whole = gzip.compress(b"from_id,to_id,travel_time_p50\na,b,20\n")
    times = read(tmp_path, whole, name="od.csv.gz")
    assert asked(times, [A], [B]).seconds[0, 0] == 1200
    for content in (whole[:-9], b"no gzip"):
        assert faults(tmp_path, content, name="od.csv.gz") == [("od_file_damaged", None, "")]


def test_files_that_are_not_there_or_not_known(tmp_path: Path) -> None:
    for name, ids, code in (
        ("none.csv", PLACES, "od_file_missing"),
        ("none.npz", None, "od_file_missing"),
        ("none.csv", None, "od_without_ids"),
        ("none.csv", tmp_path / "none.csv", "od_file_missing"),
        ("none.xlsx", PLACES, "od_unknown_ending"),
    ):
        with pytest.raises(InputError) as caught:
            MatrixTimes.read(tmp_path / name, ids)
        assert [fault.code for fault in caught.value.faults] == [code]


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    times = read(tmp_path, "from_id,to_id,travel_time_p50\na,b,20\n")
    path = tmp_path / "od.npz"
    times.write(path)
    assert asked(MatrixTimes.read(path), [A], [B]).seconds[0, 0] == 1200
    whole = path.read_bytes()
    with np.load(path) as arrays:
        there = dict(arrays)
    np.savez(tmp_path / "less.npz", **{k: v for k, v in there.items() if k != "seconds"})
    np.savez(tmp_path / "odd.npz", **{**there, "destination": np.array([7])})
    np.savez(tmp_path / "negative.npz", **{**there, "seconds": -there["seconds"]})
    (tmp_path / "short.npz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "flipped.npz").write_bytes(whole[:60] + bytes([whole[60] ^ 255]) + whole[61:])
    (tmp_path / "text.npz").write_text("no archive")
    np.save(tmp_path / "array.npy", there["seconds"])
    (tmp_path / "array.npy").rename(tmp_path / "array.npz")
    for name in ("less", "odd", "negative", "short", "flipped", "text", "array"):
        with pytest.raises(InputError) as caught:
            MatrixTimes.read(tmp_path / f"{name}.npz")
        assert [fault.code for fault in caught.value.faults] == ["od_file_damaged"], name


def test_the_table_of_places_tells_its_faults(tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_text("id,name,lon,lat\na,A,1,45\na,B,1,95\nb,B,x,45\n")
    with pytest.raises(InputError) as caught:
        MatrixTimes.read(tmp_path / "od.csv", tmp_path / "ids.csv")
    assert [(fault.code, fault.row, fault.column) for fault in caught.value.faults] == [
        ("out_of_range", 3, "lat"),
        ("not_a_number", 4, "lon"),
        ("duplicate_id", 3, "id"),
    ]


def test_two_places_of_one_id_are_refused() -> None:
    other = Place(id="a", name="", lon=2, lat=46)
    table = CalibratedTimes().table(Points.of([A]), Points.of([other]))
    with pytest.raises(InputError, match="'a' already stands in row 1"):
        MatrixTimes.of_times(table, [A], [other])


def test_reading_a_table_needs_no_networkx() -> None:
    code = (
        "import sys; from msap_mobility.roads import MatrixTimes;"
        "from msap_mobility.roads.exchange import OdColumns; sys.exit('networkx' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("ending", ["parquet", "Parquet", "PARQUET"])
def test_parquet(tmp_path: Path, ending: str) -> None:
    times = read(tmp_path, "von,nach,zeit,metres\na,b,0.1,5\nb,a,3,6\n", columns=COLUMNS)
    path = tmp_path / f"od.{ending}"
    if find_spec("pyarrow") is None:
        with pytest.raises(MissingExtra, match="pyarrow"):
            times.write(path)
        path.write_bytes(b"PAR1")
        with pytest.raises(MissingExtra, match="pyarrow"):
            MatrixTimes.read(path, PLACES)
        return
    times.write(path, columns=COLUMNS)
    back = MatrixTimes.read(path, PLACES, columns=COLUMNS)
    assert back.pairs.seconds.tolist() == times.pairs.seconds.tolist()
    with pytest.raises(InputError, match="'from_id' is missing"):
        MatrixTimes.read(path, PLACES)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError, match="cannot be read"):
        MatrixTimes.read(path, PLACES, columns=COLUMNS)
