"""Told twice, it counts once; what is known of a member is kept; times gone by are entered."""

from __future__ import annotations

import pytest

from tests.cli.desk.conftest import DAY, Ask, Run, asked, offered
from tests.cli.ledger.golden_ledger import ticking

pytestmark = pytest.mark.usefixtures("desk")


@pytest.mark.usefixtures("ledger")
def test_every_step_of_a_ride_told_twice(ask: Ask, run: Run, ledger: str) -> None:
    steps = (
        ("request", *asked("r1", "paul")),
        ("book", "r1", "--offer", "o1"),
        ("drive", "r1"),
        ("confirm", "r1"),
        ("settle", "r1"),
    )
    for words in steps:
        first = ask(*words)
        assert ask(*words) == first
    assert "41 coupons" in run("ledger", "balance", ledger, "paul")[1]


def test_an_offer_told_twice(ask: Ask) -> None:
    assert ask("offer", *offered("o1")) == ask("offer", *offered("o1"))
    assert len(ask("offers", "--on", DAY)["offers"]) == 1


def test_what_is_not_given_stays_known_of_a_member(ask: Ask) -> None:
    (before,) = ask("member", "jeanne")["members"]
    words = ("--commune", "19015", "--name", "Jeanne Martin", "--identity", "03/03/2026")
    (after,) = ask("member", "jeanne", *words)["members"]
    assert after == {
        **before,
        "commune_code": "19015",
        "id_seen": "2026-03-03",
        "contact": {**before["contact"], "name": "Jeanne Martin"},
    }
    (last,) = ask("member", "jeanne", "--badge", "")["members"]
    assert last == {**after, "badge": "", "lacks": {**after["lacks"], "driver": ["badge"]}}


def test_a_day_of_long_ago_is_entered_from_paper(ask: Ask, run: Run) -> None:
    way = ("--start", "ayen", "--end", "objat", "--depart", "2026-03-10 08:10")
    then = ("--at", "2026-03-09 10:00", "--by", "marie")
    more = ("--max-detour", "5 min")
    assert run("offer", "old", "--driver", "jeanne", *way, *more)[0] == 2
    assert run("offer", "old", "--driver", "jeanne", *way, *more, *then)[0] == 0
    run("request", "r1", "--rider", "paul", *way, *then)
    law = ask("book", "r1", "--offer", "old", *then)["law"]
    assert [each["code"] for each in law[0]["registry"][0]["refusals"]] == ["expired"]
    assert run("drive", "r1", "--at", "2026-03-10")[0] == 0
    report = ask("report", "--month", "03/2026")
    assert (report["requests"], report["rides"]) == (1, 1)


def test_names_are_forgotten(ask: Ask, run: Run) -> None:
    assert ask("forget")["members"] == []
    with ticking() as clock:
        clock.now_ns += 5 * 366 * 86_400 * 1_000_000_000
        assert ask("forget", "--before", "2031-01-01")["members"] == ["jeanne"]
    assert "05 55" not in run("members")[1]


def test_an_accent_typed_as_a_sign_of_its_own_names_the_same_member(ask: Ask) -> None:
    ask("member", "ren\u00e9", "--roles", "rider", "--charter", "2026-03-02")
    ask("member", "rene\u0301", "--phone", "1")
    assert [each["id"] for each in ask("members")["members"]].count("ren\u00e9") == 1
    assert len(ask("members")["members"]) == 4


def test_a_regular_offer_on_its_day(ask: Ask, run: Run) -> None:
    way = ("--start", "ayen", "--end", "objat", "--max-detour", "5 min")
    rhythm = ("--rhythm", "Tu 10:00-10:20")
    run("offer", "weekly", "--driver", "jeanne", *way, *rhythm)
    found = ask("offers", "--on", "2026-12-01")["offers"]
    assert [each["id"] for each in found] == ["weekly@2026-12-01"]
    run("withdraw", "weekly@2026-12-01")
    assert ask("offers", "--on", "2026-12-01")["offers"] == []
    assert len(ask("offers", "--on", "2026-12-08")["offers"]) == 1


def test_nothing_on_a_day(run: Run) -> None:
    assert "Nobody offers" in run("offers", "--on", "2031-12-03")[1]
    assert "Pas de trajet" in run("rides", "--from", "2031-12-03", "--lang", "fr")[1]
