"""``msap carpool`` as an agent types it: tables in, who rides with whom out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from msap_mobility.carpool.answer import Answer
from msap_mobility.carpool.match_files import read_rides
from msap_mobility.carpool.matching import Match
from msap_mobility.cli import asking, main
from msap_mobility.cli.endings import Exit
from msap_mobility.roads import RoadGraph
from tests.real_data import real_data

Run = Callable[..., tuple[int, str, str]]

OFFERS = """id,driver,start,end,kind,depart,arrive,seats,max_detour,rhythm
o1,jeanne,ayen,brive,,2026-12-01 08:10,,2,12 min,
o2,luc,objat,,volunteer,2026-12-01 08:00-12:30,2026-12-01 09:00-13:00,3,,
o3,eve,ayen,brive,,,,3,10 min,Mo-Fr 8:00-8:20
"""
REQUESTS = """id,rider,start,end,depart,arrive,stay
r1,paul,perpezac,brive,2026-12-01 07:50-08:40,,
r2,lucie,objat,ayen,,2026-12-01 09:40-10:00,1 h
r3,max,perpezac,brive,2026-12-01 15:00-15:30,,
"""
PLACES = """id,name,lon,lat
ayen,Ayen,1.32572,45.25355
brive,Brive-la-Gaillarde,1.51882,45.14491
perpezac,Perpezac-le-Blanc,1.32924,45.21496
objat,Objat,1.41312,45.26679
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run ``msap carpool match`` on the eve, in the folder of the tables."""
    for name in ("MSAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    eve_ns = 1_796_054_400_000_000_000  # 30 November 2026, 12:00 UTC
    monkeypatch.setattr(asking, "time", SimpleNamespace(time_ns=lambda: eve_ns))
    monkeypatch.chdir(tmp_path)
    for name, text in (("offers", OFFERS), ("requests", REQUESTS), ("places", PLACES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")

    def call(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["carpool", "match", "offers.csv", "requests.csv", *map(str, words)])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


DAY = ("--day", "2026-12-01", "--budget", "500 it")


def test_a_day_is_told_in_both_languages(run: Run) -> None:
    code, told, stderr = run(*DAY)
    assert code == Exit.DONE
    for piece in ("No match is better", "jeanne", "lucie gets in", "r3 (nearest:"):
        assert piece in told
    assert "seconds" not in told
    assert "seconds of driving" in run(*DAY, "--objective", "saving")[1]
    assert "estimated from distances" in stderr
    code, told, _ = run("--day", "01/12/2026", *DAY[2:], "--lang", "fr")
    assert code == Exit.DONE
    for piece in ("c'est prouvé", "lucie monte", "lucie descend", "8 h 10"):
        assert piece in told


def test_what_is_written_is_what_is_printed_and_what_people_need(run: Run) -> None:
    code, told, stderr = run(*DAY, "--out", "out", "--json")
    assert code == Exit.DONE
    assert "rides.csv" in stderr
    assert "where people live" in stderr
    document = json.loads(told)
    assert document == json.loads(Path("out/rides.json").read_text(encoding="utf-8"))
    found = Match.from_dict(document["match"])
    assert found.to_dict() == document["match"]
    assert read_rides(Path("out/rides.json")) == found.rides
    assert found.served == ("r1", "r2")
    rows = list(csv.DictReader(io.StringIO(Path("out/rides.csv").read_text(encoding="utf-8"))))
    assert [(row["rider"], row["leg"], row["from"], row["to"]) for row in rows] == [
        ("paul", "out", "perpezac", "brive"),
        ("lucie", "out", "objat", "ayen"),
        ("lucie", "back", "ayen", "objat"),
    ]
    there, home = (row for row in rows if row["rider"] == "lucie")
    assert there["arrives"] <= "2026-12-01 10:00:00"
    assert home["leaves"] >= "2026-12-01 11:00:00"


def test_what_was_promised_stays_when_more_people_ask(run: Run) -> None:
    assert run(*DAY, "--out", "out")[0] == Exit.DONE
    first = read_rides(Path("out/rides.json"))
    more = "r0,anna,ayen,brive,2026-12-01 08:00-08:30,,\nr4,guy,ayen,brive,2026-12-01 08:10,,\n"
    with Path("requests.csv").open("a", encoding="utf-8") as file:
        file.write(more)
    again = ("--promised", "out/rides.json", "--out", "out", "--json")
    code, told, _ = run(*DAY, *again)
    assert code == Exit.DONE
    match = json.loads(told)["match"]
    assert match["broken"] == []
    assert {(each["offer"], each["request"]) for each in match["kept"]} == {
        (ride.offer, request) for ride in first for request in ride.requests
    }
    now = {
        request: ride.driver
        for ride in read_rides(Path("out/rides.json"))
        for request in ride.requests
    }
    assert all(now[name] == ride.driver for ride in first for name in ride.requests)
    assert {"r0", "r4"} <= set(now)


def test_options_reach_the_matcher(run: Run) -> None:
    def match(*words: str) -> Any:
        code, told, stderr = run(*DAY, "--json", *words)
        assert code == Exit.DONE, stderr
        return json.loads(told)["match"]

    plain = match()
    saving = match("--objective", "saving")
    assert saving["value"] < plain["value"]
    assert match("--stable")["provenance"]["engine"].startswith("deferred-acceptance")
    assert match("--together", "1", "--fairness", "strong")["value"] <= plain["value"]
    Path("points.csv").write_text("id,lon,lat\nchurch,1.3301,45.2161\n", encoding="utf-8")
    with Path("requests.csv").open("w", encoding="utf-8") as file:
        file.write("id,rider,start,end,depart,walk_limit\n")
        file.write("r1,paul,perpezac,brive,2026-12-01 07:00-08:40,1 km\n")
    walked = match("--meeting-points", "points.csv")
    places = {stop["place"]["id"] for ride in walked["rides"] for stop in ride["stops"]}
    assert "church" in places


def test_rows_of_other_days_are_left_out_and_counted(run: Run) -> None:
    code, told, stderr = run("--day", "2026-12-05", "--json")
    assert code == Exit.DONE
    assert json.loads(told)["match"]["rides"] == []
    assert "6 rows are of other days" in stderr


def test_every_fault_of_every_file_and_option_is_told_at_once(run: Run) -> None:
    Path("offers.csv").write_text(
        "id,driver,start,end,depart,max_detour,max_detour_distance,seats\n"
        "o1,jeanne,nowhere,brive,2026-11-29 08:10,12 min,200 km,0\n"
        "o2,luc,ayen,brive,2026-12-01 08:40-08:10,12 min,,3\n",
        encoding="utf-8",
    )
    Path("requests.csv").write_text(
        "id,rider,start,end,depart,only_with\nr1,paul,perpezac,brive,2026-12-01 08:10,paul\n",
        encoding="utf-8",
    )
    Path("points.csv").write_text("id,lon\nchurch,1.33\n", encoding="utf-8")
    Path("rides.json").write_text("[]", encoding="utf-8")
    words = ("--meeting-points", "points.csv", "--promised", "rides.json", "--roads", "none.osm")
    words += ("--budget", "soon", "--together", "9")
    code, told, stderr = run(*words, "--json")
    assert code == Exit.WRONG_INPUT
    found = [(each["code"], each["file"], each["row"]) for each in json.loads(told)["faults"]]
    assert found == [
        ("unknown_place", "offers.csv", 2),
        ("window_is_past", "offers.csv", 2),
        ("out_of_range", "offers.csv", 2),
        ("out_of_range", "offers.csv", 2),
        ("window_closed_before_open", "offers.csv", 3),
        ("own_passenger", "requests.csv", 2),
        ("missing_column", "points.csv", 1),
        ("not_a_match", "rides.json", None),
        ("not_a_budget", None, None),
        ("out_of_range", None, None),
        ("osm_file_missing", "none.osm", None),
    ]
    assert "offers.csv, row 2, column seats: 0 is outside the range 1 to 8" in stderr
    _, _, french = run(*words, "--lang", "fr")
    assert "11 fautes dans les données" in french
    assert "offers.csv, ligne 2, colonne seats : 0 est hors des limites 1 à 8" in french
    assert "requests.csv, ligne 2, colonne only_with" in french


def test_a_day_that_is_none_hides_no_other_fault_and_makes_none(run: Run) -> None:
    Path("requests.csv").write_bytes(b"")
    code, told, _ = run("--day", "tomorrow", "--json")
    assert code == Exit.WRONG_INPUT
    assert [each["code"] for each in json.loads(told)["faults"]] == [
        "not_a_typed_day",
        "empty_file",
    ]


def test_a_regular_row_needs_a_day(run: Run) -> None:
    code, _, stderr = run("--lang", "fr")
    assert code == Exit.WRONG_INPUT
    assert "offers.csv, ligne 4, colonne rhythm : 'o3' est régulier" in stderr


def test_a_table_that_excel_saved_otherwise_is_told(run: Run) -> None:
    Path("requests.csv").write_bytes(REQUESTS.replace("paul", "aimée").encode("cp1252"))
    Path("places.csv").write_text(PLACES.replace(",", ";"), encoding="utf-8")
    code, _, stderr = run(*DAY, "--lang", "fr")
    assert code == Exit.WRONG_INPUT
    assert "séparées par des points-virgules" in stderr
    assert "requests.csv, ligne 2, colonne rider : 'aim\\xe9e' contient des octets" in stderr
    assert "2 fautes" in stderr


def test_a_promised_ride_is_read_with_every_fault_of_it(run: Run) -> None:
    assert run(*DAY, "--out", "out")[0] == Exit.DONE
    file = Path("out/rides.json")
    document = json.loads(file.read_text(encoding="utf-8"))
    first, second = document["match"]["rides"]
    first["driver"] = first["riders"][0]
    first["driven_m"] = "far"
    second["stops"][0]["at"] = "soon"
    file.write_text(json.dumps(document), encoding="utf-8")
    code, told, stderr = run(*DAY, "--promised", file, "--json")
    assert code == Exit.WRONG_INPUT
    faults = [(each["code"], each["column"]) for each in json.loads(told)["faults"]]
    assert faults == [
        ("own_passenger", "1.driver"),
        ("not_whole", "1.driven_m"),
        ("not_an_instant", "2.at"),
    ]
    assert "rides.json" in stderr


def test_promises_of_rows_that_are_gone_are_left_out_and_told(run: Run) -> None:
    with Path("requests.csv").open("a", encoding="utf-8") as file:
        file.write("r5,anna,ayen,brive,2026-12-01 08:00-08:30,,\n")
    _, told, _ = run(*DAY, "--out", "out", "--json")
    before = {ride["offer"]: ride["requests"] for ride in json.loads(told)["match"]["rides"]}
    assert sorted(before["o1"]) == ["r1", "r5"]
    Path("requests.csv").write_text(REQUESTS, encoding="utf-8")
    Path("offers.csv").write_text(
        "\n".join(row for row in OFFERS.splitlines() if not row.startswith("o2")) + "\n",
        encoding="utf-8",
    )
    code, told, stderr = run(*DAY, "--promised", "out/rides.json", "--json")
    assert code == Exit.DONE
    assert "left out: o2, r5" in stderr
    after = Match.from_dict(json.loads(told)["match"])
    assert {ride.offer: ride.requests for ride in after.rides} == {"o1": ("r1",)}
    assert [(promise.offer, promise.request) for promise in after.kept] == [("o1", "r1")]


def test_rides_that_break_a_rule_are_told_and_not_written(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from msap_mobility.carpool import check
    from msap_mobility.carpool.check import RideViolation

    late = RideViolation(code="down_too_late", ride="o1+r1", request="r1", amount=600, unit="s")
    monkeypatch.setattr(check, "check_rides", lambda *_, **__: (late,))
    code, told, stderr = run(*DAY, "--out", "out")
    assert code == Exit.VIOLATIONS
    assert told == ""
    assert "o1+r1, r1: the passenger is there 10 min too late" in stderr
    assert not Path("out").exists()


def ask(run: Run, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run ``msap carpool who`` in the place where `run` works."""
    assert run
    with pytest.raises(SystemExit) as ended:
        main(["carpool", "who", words[0], "offers.csv", "requests.csv", *DAY[:2], *words[1:]])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_who_can_take_a_caller_and_bring_them_back(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, stderr = ask(run, capsys, "r2", "--lang", "fr", "--refused")
    assert code == Exit.DONE
    assert "luc vous attend" in told
    assert "Appelez luc" in told
    assert "jeanne (o1)" in told
    assert "estimés d'après les distances" in stderr
    code, told, _ = ask(run, capsys, "r2", "--json")
    answer = Answer.from_dict(json.loads(told)["answer"])
    assert [choice.drivers for choice in answer.choices] == [("luc",)]
    assert {each.offer for each in answer.refused} == {"o1", "o3@2026-12-01"}


def test_who_leaves_out_who_said_no_and_says_what_would_help(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "luc" in ask(run, capsys, "r2")[1]
    code, told, _ = ask(run, capsys, "r2", "--declined", "luc;eve")
    assert code == Exit.DONE
    assert "Nobody can take you" in told
    Path("requests.csv").write_text(
        "id,rider,start,end,depart\nr1,paul,perpezac,brive,2026-12-01 08:35-08:45\n",
        encoding="utf-8",
    )
    _, told, _ = ask(run, capsys, "r1", "--declined", "luc")
    assert "15 min earlier" in told
    assert "tried by quarters of an hour" in told


def test_who_keeps_what_was_promised(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*DAY, "--out", "out")[0] == Exit.DONE
    with Path("requests.csv").open("a", encoding="utf-8") as file:
        file.write("r5,anna,ayen,brive,2026-12-01 08:00-08:30,,\n")
    _, told, _ = ask(run, capsys, "r5", "--promised", "out/rides.json", "--json")
    taken = {
        choice["out"]["driver"]: choice["out"]["riders"]
        for choice in json.loads(told)["answer"]["choices"]
    }
    assert sorted(taken["jeanne"]) == ["anna", "paul"]
    assert taken["eve"] == ["anna"]
    code, _, stderr = ask(run, capsys, "r1", "--promised", "out/rides.json", "--lang", "fr")
    assert code == Exit.WRONG_INPUT
    assert "La demande 'r1' est déjà promise, dans : o1+r1." in stderr


def test_who_is_asked_of_a_regular_request_by_its_id_in_the_table(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("requests.csv").write_text(
        "id,rider,start,end,rhythm\nr1,paul,perpezac,brive,Tu 7:50-8:40\n", encoding="utf-8"
    )
    _, told, _ = ask(run, capsys, "r1", "--json")
    assert json.loads(told)["answer"]["request"]["id"] == "r1@2026-12-01"
    code, _, stderr = ask(run, capsys, "r9")
    assert code == Exit.WRONG_INPUT
    assert "There is no request 'r9'" in stderr


def write_map(file: str, east: float = 0.0) -> None:
    """One road from Ayen by way of Perpezac to Brive, and one to Objat."""
    points = [line.split(",")[-2:] for line in PLACES.splitlines()[1:]]
    nodes = "".join(
        f'<node id="{number}" lon="{float(lon) + east}" lat="{lat}"/>'
        for number, (lon, lat) in enumerate(points, 1)
    )
    ways = "".join(
        f'<way id="{number}">{"".join(f"<nd ref={ref!r}/>" for ref in refs)}'
        '<tag k="highway" v="secondary"/></way>'
        for number, refs in enumerate((("1", "3", "2"), ("1", "4")), 10)
    )
    Path(file).write_text(f"<osm>{nodes}{ways}</osm>", encoding="utf-8")


def test_a_road_network_gives_the_times(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    write_map("map.osm")
    code, told, stderr = run(*DAY, "--roads", "map.osm", "--json")
    assert code == Exit.DONE
    assert "estimated" not in stderr
    on_roads = Match.from_dict(json.loads(told)["match"])
    jeanne = next(ride for ride in on_roads.rides if ride.driver == "jeanne")
    assert jeanne.riders == ("paul",)
    assert 0 <= jeanne.detour_s <= 1 >= jeanne.detour_m >= 0  # each way is rounded up
    assert "estimated" not in ask(run, capsys, "r2", "--roads", "map.osm")[2]


def test_a_road_network_of_elsewhere_is_a_fault(run: Run) -> None:
    write_map("map.osm", east=5.0)
    code, _, stderr = run(*DAY, "--roads", "map.osm", "--lang", "fr")
    assert code == Exit.WRONG_INPUT
    assert "Seuls 0 lieux sur 4 sont près d'une route de 'map.osm'" in stderr


FAR_APART = (0, 200, 100)  # junctions of the extract, by number


def test_a_day_on_real_roads(run: Run) -> None:
    extract = real_data("roads/meuse_montiers.osm.gz")
    graph = RoadGraph.from_osm(extract)
    rows = [f"v{n},{graph.lon[k]},{graph.lat[k]}" for n, k in enumerate(FAR_APART)]
    Path("places.csv").write_text("\n".join(["id,lon,lat", *rows]) + "\n", encoding="utf-8")
    offer = "o1,jeanne,v0,v1,2026-12-01 08:00-08:30,1 h"
    Path("offers.csv").write_text(
        f"id,driver,start,end,depart,max_detour\n{offer}\n", encoding="utf-8"
    )
    Path("requests.csv").write_text(
        "id,rider,start,end,depart\nr1,paul,v2,v1,2026-12-01 07:50-09:40\n", encoding="utf-8"
    )
    code, told, stderr = run("--roads", extract, "--json")
    assert code == Exit.DONE, stderr
    (ride,) = Match.from_dict(json.loads(told)["match"]).rides
    assert ride.riders == ("paul",)
    assert ride.driven_m > 1000


def test_who_declined_and_is_not_there_is_told(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, stderr = ask(run, capsys, "r2", "--declined", "luc;lucc", "--lang", "fr")
    assert code == Exit.DONE
    assert "ne s'appelle ainsi, et cela ne change rien : lucc (--declined)." in stderr
    assert "--declined" not in ask(run, capsys, "r2", "--declined", "luc")[2]
