"""Readers: the same file in any dress says the same; a wrong one is told with line and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.routing import cordeau, kinds, orienteering, pairs, vrplib
from benchmarks.routing.ground import Aim
from benchmarks.routing.text import Malformed
from tests.benchmarks.routing import files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.routing.ground import Ground

READERS = {
    "windows": (vrplib.windows, files.WINDOWS),
    "prizes": (vrplib.prizes, files.PRIZES),
    "groups": (vrplib.alternatives, files.GROUPS),
    "skills": (kinds.skilled, files.SKILLS),
    "costs": (kinds.costly, files.COSTS),
    "orienteering": (orienteering.one, files.ORIENTEERING),
    "team": (orienteering.team, files.TEAM),
    "rides": (pairs.dial_a_ride, files.RIDES),
    "parcels": (pairs.parcels, files.PARCELS),
    "depots": (cordeau.multi_depot, files.DEPOTS),
}

DRESSES: dict[str, Callable[[str], str]] = {
    "windows ends of line": lambda text: text.replace("\n", "\r\n"),
    "tabs": lambda text: text.replace(" ", "\t"),
    "no blank before the colon": lambda text: text.replace(" :", ":"),
    "no blank at all": lambda text: text.replace(" : ", ":").replace(": ", ":"),
    "empty lines": lambda text: text.replace("\n", "\n\n \t\n"),
    "small letters": lambda text: text.lower().replace("euc_2d", "EUC_2D"),
    "blanks at both ends": lambda text: text.replace("\n", "  \n   "),
    "nothing after the end": lambda text: text.replace("EOF\n", ""),
    "a mark of bytes": lambda text: "\ufeff" + text,
    "a comment": lambda text: "# as published\n" + text,
    "whole numbers with a point": lambda text: text.replace("1 0 0", "1 0.0 0."),
}


def written(folder: Path, text: str) -> Path:
    file = folder / "small.txt"
    file.write_text(text, encoding="utf-8")
    return file


def same(one: Ground, other: Ground) -> bool:
    tables = ("visits", "asked", "fleet")
    columns = {
        (table, column): getattr(getattr(one, table), column)
        for table in tables
        for column in type(getattr(one, table)).__slots__
    }
    return (
        np.array_equal(one.lengths, other.lengths)
        and (one.timed, one.aim, one.gift) == (other.timed, other.aim, other.gift)
        and all(
            np.array_equal(mine, getattr(getattr(other, table), column))
            for (table, column), mine in columns.items()
        )
    )


@pytest.mark.parametrize("dress", list(DRESSES))
@pytest.mark.parametrize("kind", list(READERS))
def test_the_dress_of_a_file_changes_nothing(tmp_path: Path, kind: str, dress: str) -> None:
    read, text = READERS[kind]
    plain = read(written(tmp_path, text))
    assert same(plain, read(written(tmp_path, DRESSES[dress](text))))


def test_truncated_windows_are_in_tenths_and_the_fleet_is_free(tmp_path: Path) -> None:
    ground = vrplib.windows(written(tmp_path, files.WINDOWS))
    assert ground.lengths.tolist() == [[0, 14, 50], [14, 0, 36], [50, 36, 0]]
    assert ground.visits.service.tolist() == [50, 50]
    assert ground.visits.latest.tolist() == [400, 500]
    assert ground.visits.load.tolist() == [-6, -7]
    assert ground.fleet.count.tolist() == [2]
    assert ground.fleet.latest.tolist() == [1000]
    assert (ground.divisor, ground.whole, ground.aim) == (10, True, Aim.COST)


def test_a_free_fleet_is_enough_for_any_plan() -> None:
    assert vrplib.enough(np.ones(400), 200.0) == 200
    assert vrplib.enough(np.ones(30), 200.0) == 25
    assert vrplib.enough(np.ones(7), 200.0) == 7
    assert vrplib.enough(np.full(100, 101.0), 200.0) == 100


def test_unrounded_windows_put_vehicles_first(tmp_path: Path) -> None:
    ground = vrplib.windows_unrounded(written(tmp_path, files.WINDOWS))
    assert ground.lengths[0, 1] == pytest.approx(2**0.5)
    assert (ground.whole, ground.aim) == (False, Aim.VEHICLES)


def test_a_client_without_a_prize_must_be_served(tmp_path: Path) -> None:
    ground = vrplib.prizes(written(tmp_path, files.PRIZES))
    assert ground.asked.prize.tolist() == [190, np.inf]
    assert ground.fleet.count.tolist() == [2]
    assert ground.divisor == 1


def test_one_of_each_group(tmp_path: Path) -> None:
    ground = vrplib.alternatives(written(tmp_path, files.GROUPS))
    assert ground.asked.group.tolist() == [0, 0, 1]
    assert ground.must.tolist() == [True, True]
    assert ground.fleet.count.tolist() == [1]


def test_equal_vehicles_are_one_kind(tmp_path: Path) -> None:
    ground = kinds.skilled(written(tmp_path, files.SKILLS))
    assert ground.fleet.count.tolist() == [1, 2]
    assert ground.fleet.capacity.tolist() == [5, 9]
    assert ground.asked.refused.tolist() == [[False, False], [True, False]]
    assert ground.fleet.duration.tolist() == [50_000, 50_000]
    costs = kinds.costly(written(tmp_path, files.COSTS))
    assert costs.fleet.fixed.tolist() == [100, 150]
    assert costs.fleet.count.tolist() == [2, 1]


def test_the_score_of_the_depot_is_collected(tmp_path: Path) -> None:
    ground = orienteering.one(written(tmp_path, files.ORIENTEERING))
    assert ground.gift == 7
    assert ground.asked.prize.tolist() == [10, 4, 99]
    assert ground.fleet.length.tolist() == [12]
    assert ground.fleet.per_length.tolist() == [0]


@pytest.mark.parametrize(
    ("kind", "places", "lengths"),
    [
        ("EUC_2D", ["0 0", "1 1", "3 4"], [0, 1, 5]),
        ("CEIL_2D", ["0 0", "1 1", "3 4"], [0, 2, 5]),
        ("ATT", ["6734 1453", "2233 10", "6734 1463"], [0, 1495, 4]),
        ("GEO", ["16.47 96.10", "16.47 94.44", "20.09 92.54"], [0, 153, 510]),
    ],
)
def test_distances_are_those_of_tsplib(
    tmp_path: Path, kind: str, places: list[str], lengths: list[int]
) -> None:
    rows = "".join(f"{number} {place}\n" for number, place in enumerate(places, start=1))
    told = files.ORIENTEERING.replace("EUC_2D", kind).replace("DIMENSION : 4", "DIMENSION : 3")
    before, _, after = told.partition("NODE_COORD_SECTION\n")
    scores = after[after.index("NODE_SCORE") :].replace("4 99\n", "")
    text = f"{before}NODE_COORD_SECTION\n{rows}{scores}"
    ground = orienteering.one(written(tmp_path, text))
    assert ground.lengths[0].tolist() == lengths


def test_a_team_starts_first_and_ends_last_within_one_decimal(tmp_path: Path) -> None:
    ground = orienteering.team(written(tmp_path, files.TEAM))
    assert (ground.fleet.start.tolist(), ground.fleet.end.tolist()) == ([0], [3])
    assert ground.fleet.length.tolist() == [13.3]
    assert ground.fleet.count.tolist() == [2]


def test_the_ends_of_a_team_are_where_the_comment_says(tmp_path: Path) -> None:
    rows = "0 0 0 0\n1 3 4 0\n2 6 0 7\n3 6 1 0\n"
    plain = orienteering.team_of_nodes(written(tmp_path, rows), 2, 9.96)
    assert (plain.fleet.start.tolist(), plain.fleet.end.tolist()) == ([0], [1])
    assert plain.fleet.length.tolist() == [10.0]
    assert plain.visits.node.tolist() == [2]
    told = orienteering.team_of_nodes(
        written(tmp_path, f"# Chao: node 0 = start, node 3 = end\n{rows}"), 2, 9.9
    )
    assert told.fleet.end.tolist() == [3]
    with pytest.raises(Malformed, match="node 2 is no start or end"):
        orienteering.team_of_nodes(written(tmp_path, f"# node 2 = end\n{rows}"), 2, 9.9)


def test_a_repeated_depot_is_no_task(tmp_path: Path) -> None:
    ground = pairs.dial_a_ride(written(tmp_path, files.RIDES))
    assert len(ground.visits) == 4
    assert ground.asked.delivery.tolist() == [2, 3]
    assert ground.asked.ride.tolist() == [30, 30]
    assert ground.fleet.duration.tolist() == [100]


def test_a_pair_is_told_by_either_end(tmp_path: Path) -> None:
    ground = pairs.parcels(written(tmp_path, files.PARCELS))
    assert ground.asked.visit.tolist() == [0, 3]
    assert ground.asked.delivery.tolist() == [1, 2]
    assert ground.aim is Aim.VEHICLES


def test_no_duration_of_a_depot_is_no_limit(tmp_path: Path) -> None:
    ground = cordeau.multi_depot(written(tmp_path, files.DEPOTS))
    assert ground.fleet.duration.tolist() == [np.inf, 50]
    assert ground.fleet.start.tolist() == [2, 3]


FAULTS = {
    "no section": ("windows", "DEMAND_SECTION\n1 0\n2 6\n3 7\n", "", "DEMAND_SECTION is missing"),
    "no header": ("windows", "CAPACITY : 10\n", "", "CAPACITY is missing"),
    "word for number": ("windows", "2 0 40", "2 0 forty", "line 18: .*'forty'"),
    "short row": ("windows", "2 0 40", "2 0", "line 18: .*1 values instead of 2"),
    "twice": ("windows", "3 7", "2 7", "line 15: .*id 2 is there twice"),
    "outside": ("windows", "3 7", "4 7", "line 15: .*id 4 is outside"),
    "turned window": ("windows", "2 0 40", "2 50 40", "id 2 ends before it begins"),
    "unread rule": ("windows", "EOF", "RELEASE_TIME_SECTION\n1 0\nEOF", "line 23: RELEASE_TIME"),
    "section twice": ("windows", "EOF", "DEPOT_SECTION\n1\nEOF", "line 23: .*twice"),
    "stray": ("windows", "NAME : small", "12 0 0", "line 1: neither a header nor a row"),
    "two depots": ("windows", "\n1\n-1", "\n1\n2\n-1", "2 depots instead of 1"),
    "negative demand": ("windows", "3 7", "3 -7", "id 3 is below 0"),
    "group twice": ("groups", "2\t4\nDEPOT", "2\t4\t3\nDEPOT", "id 3 is no node, or is in two"),
    "weights": ("orienteering", ": EUC_2D", ": EXPLICIT", "line 5: only EUC_2D"),
    "unit cost": ("costs", "3\t120", "3\t120.5", "only whole costs"),
    "odd pairs": ("rides", "1 4 100 3 30", "1 3 100 3 30", "line 1: 3 tasks are no pairs"),
    "load": ("rides", "3 0 6 2 -1", "3 0 6 2 -2", "line 3: does not load what"),
    "partner": ("parcels", "\t4\t0\n4", "\t1\t0\n4", "line 5: its partner 1 names another"),
    "no pair": ("parcels", "\t5\t0\t2", "\t5\t3\t2", "line 3: is neither a pickup nor"),
    "missing row": ("rides", "2 4 0 2 1 0 200\n", "", "task 2 is missing"),
    "kind": ("depots", "2 1 2 2\n", "6 1 2 2\n", "line 1: not `2 m n t`"),
    "fewer nodes": ("depots", " 4 8 0 0 0 0 0\n", "", "3 nodes instead of 2 . 2"),
    "order": ("depots", " 2 8 3", " 5 8 3", "line 5: id 5 instead of 2"),
    "team head": ("team", "tmax", "limit", "line 3: none of n, m, tmax"),
    "team count": ("team", "n 4", "n 5", "line 1: 4 nodes instead of 5"),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_wrong_file_is_told_with_its_line_and_reason(tmp_path: Path, fault: str) -> None:
    kind, old, new, told = FAULTS[fault]
    read, text = READERS[kind]
    assert old in text
    with pytest.raises(Malformed, match=told) as caught:
        read(written(tmp_path, text.replace(old, new, 1)))
    assert "small.txt" in str(caught.value)
