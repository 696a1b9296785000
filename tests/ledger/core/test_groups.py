"""Entries that belong together, entries that come again, and what an engine remembers of them."""

from __future__ import annotations

import copy
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.ledger.canonical import GENESIS, payload_text, record_hash
from msap_mobility.ledger.engines import sqlite_posting
from msap_mobility.ledger.engines.sqlite_posting import SqlitePosting
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.judge import Judge
from msap_mobility.ledger.outcome import Posted, Refusal, Refused
from msap_mobility.ledger.sight import Head
from tests.ledger.core.test_refusals import hold, mark, move, state, terms, void
from tests.ledger.stores import NOON, SMALL, Clock, fresh, person, ride, sale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.ledger.journal import Journal

# ---------------------------------------------------------------------- atomic groups

PIECES = (
    sale("more", 10),
    ride("r1", 5),
    terms(person("luc/KM"), key="luc"),
    ride("r2", 5, accounts=(person("paul/KM", floor=1),)),
    hold("h1", 5, expires=NOON + 50),
    move("take", "capture", "old hold", paul=-3, jeanne=3),
    void("h1", "let go"),
    move("undo", "reverse", "old ride", paul=1, jeanne=-1),
    mark("A1", "printed", "sold", "mark"),
    mark("A2", "", "printed", "mark2"),
    ride("old ride", 1),
)
POISON = ride("poison", 10_000)


NOTHING: Any = SimpleNamespace(
    standing=lambda _: None,
    written=lambda _: None,
    closer=lambda _: None,
    state=lambda _: "",
    last_account=lambda: 0,
    due=lambda *_: (),
)
"""What is seen of an empty journal."""


def judge_of(entries: Sequence[Entry]) -> Judge:
    """A judge who wrote these entries in the transaction that is still open."""
    judge = Judge(
        scheme=1,
        name="ayen",
        head=Head(0, GENESIS, 0),
        sight=NOTHING,
        standings={},
        decimals={"EUR": 2, "KM": 0, "YACA": 2},
        now=NOON,
    )
    assert not isinstance(judge.group(entries), Refusal)
    return judge


OLD = (SMALL, sale(), ride("old ride", 1), hold("old hold", 4), mark("A1", "", "printed", "old"))


def memory_of(judge: Judge) -> Any:
    """All that a judge knows, copied."""
    kept = ("rows", "head", "_standings", "_here", "_closers", "_states")
    return copy.deepcopy({name: getattr(judge, name) for name in kept})


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=6))
def test_a_group_that_fails_leaves_no_trace(pieces: list[Entry]) -> None:
    judge = judge_of(OLD)
    before = memory_of(judge)
    refusal = judge.group([*pieces, POISON])
    assert isinstance(refusal, Refusal)
    assert memory_of(judge) == before
    assert judge.refused


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=5))
def test_after_a_failed_group_all_is_as_if_it_had_not_come(pieces: list[Entry]) -> None:
    plain, tried = judge_of(OLD), judge_of(OLD)
    tried.group([*pieces, POISON])
    assert [tried.group([piece]) for piece in PIECES] == [plain.group([piece]) for piece in PIECES]
    assert memory_of(tried) == memory_of(plain)


def test_a_group_is_written_whole_or_not_at_all(journal: Journal) -> None:
    journal.post(sale())
    before = state(journal)
    with pytest.raises(Refused) as caught:
        journal.post_together([ride("a", 20), ride("b", 20), ride("c", 20), ride("d", 1)])
    assert caught.value.refusal.key == "c"
    assert state(journal) == before
    answers = journal.post_together([ride("a", 20), ride("b", 20)])
    assert [answer.seq for answer in answers] == [3, 4]
    assert answers[1].balances == {"paul/KM": 10, "jeanne/KM": 40}
    assert journal.post_together([]) == ()


def test_an_account_met_for_the_first_time_is_kept_up_to_date(journal: Journal) -> None:
    """The payer is known from before, the getter is not."""
    journal.post(sale())
    answers = journal.post_together([ride(f"r{number}", 5) for number in range(3)])
    assert [answer.balances["jeanne/KM"] for answer in answers] == [5, 10, 15]
    assert journal.post(move("back", jeanne=-15, paul=15)).balances["jeanne/KM"] == 0


def test_each_of_many_has_its_own_answer(journal: Journal) -> None:
    journal.post(sale())
    asked = [ride("a", 20), ride("b", 40), ride("a", 20), ride("a", 21), ride("c", 30), ride("d")]
    answers = journal.post_each(asked)
    assert [each.seq if isinstance(each, Posted) else each.code for each in answers] == [
        *(3, "below_floor", 3, "key_reused", 4, "below_floor")
    ]
    first, again = answers[0], answers[2]
    assert isinstance(first, Posted)
    assert again == replace(first, replayed=True)
    assert [each.key for each in answers] == [entry.key for entry in asked]
    assert journal.post_each([]) == ()


def test_an_account_is_emptied_and_closed_in_one_go(journal: Journal) -> None:
    """And opened again, filled and held to new limits; each leg by the terms of its own time."""
    journal.post(sale())
    shut = terms(person("paul/KM", closed=True), key="shut")
    journal.post_together([ride("all", 50), shut])
    higher = terms(person("jeanne/KM", floor=45), key="floor")
    journal.post_each([sale("s", 1, "jeanne/KM"), ride("x", 1), higher, move("y", jeanne=-7)])
    assert journal.balance("jeanne/KM").posted == 51
    journal.post_together(
        [
            terms(person("paul/KM"), key="open"),
            sale("t", 9),
            terms(person("paul/KM", floor=9, ceiling=9), key="fixed"),
        ]
    )
    assert [each.terms.closed for each in journal.accounts()] == [False] * len(journal.accounts())
    opened = person("luc/KM", ceiling=5)
    both = move("luc", jeanne=-5, luc=5)
    journal.post_each([replace(both, accounts=(opened,)), replace(both, key="no")])
    assert journal.balance("luc/KM").posted == 5


def test_an_entry_moves_an_account_it_opens(journal: Journal) -> None:
    journal.post(sale(km=5, to="luc/KM", accounts=(person("luc/KM"), person("zoe/KM"))))
    numbers = [each.no for each in journal.accounts()]
    assert numbers == list(range(1, 13))
    assert [each.terms.id for each in journal.accounts()][-2:] == ["luc/KM", "zoe/KM"]
    journal.post_each([terms(person(f"p{no}/KM"), key=f"open{no}") for no in range(3)])
    assert [each.no for each in journal.accounts()][-3:] == [13, 14, 15]


def test_a_coupon_goes_through_its_states_within_a_transaction(journal: Journal) -> None:
    asked = [
        mark("A1", "", "printed", "a"),
        mark("A1", "printed", "sold", "b"),
        mark("A2", "printed", "sold", "c"),
        mark("A1", "printed", "lost", "d"),
        mark("A1", "sold", "used", "e"),
    ]
    answers = journal.post_each(asked)
    refusals = [each for each in answers if isinstance(each, Refusal)]
    assert [(each.key, each.values["state"]) for each in refusals] == [("c", ""), ("d", "sold")]
    assert journal.engine.reader.state("A1") == "used"
    assert journal.engine.reader.trail("A1") == [(2, "printed"), (3, "sold"), (4, "used")]


def test_limits_said_again_change_nothing(journal: Journal) -> None:
    same = journal.accounts()
    journal.post(terms(person("paul/KM"), key="again"))
    assert journal.accounts() == same


def test_each_entry_is_linked_to_the_one_before(journal: Journal, clock: Clock) -> None:
    """Several in one transaction, then one alone: all that is known of each is in its link."""
    journal.post_together([sale(), ride("a", 1, effective=NOON), hold("h", 2, expires=NOON + 3)])
    clock.now += 5
    journal.post(ride("b", 1, data={"n": 1}))
    before = GENESIS
    for number, written in enumerate(journal.entries(), 1):
        assert written.seq == number
        text = payload_text(written.entry)
        before = record_hash(before, "ayen", number, written.recorded, text)
        assert written.hash == before
    assert journal.engine.reader.head() == Head(number, before, NOON + 5)
    assert number == 6


def test_a_judge_looks_for_old_keys_unless_told_not_to() -> None:
    """Nothing refused and nothing held is told as such."""
    judge = judge_of(OLD[:1])
    assert (judge.refused, judge.held) == (False, False)
    looked: list[str] = []
    sight = SimpleNamespace(**{**vars(NOTHING), "written": looked.append})
    more: Any = {"scheme": 1, "name": "x", "head": judge.head, "sight": sight, "now": NOON}
    for trusting in ({}, {"trusting": False}, {"trusting": True}):
        judge = Judge(**more, **trusting, standings={}, decimals={})
        judge.group([terms(key="k")])
    assert looked == ["k", "k"]


# ---------------------------------------------------------------------- entries that come again

EVERY_SORT = (
    sale(),
    ride(km=5),
    hold("h", 10, expires=NOON + 99),
    move("take", "capture", "h", paul=-4, jeanne=4),
    hold("g", 10),
    void("g", "let go"),
    move("undo", "reverse", "take", paul=4, jeanne=-4),
    terms(person("luc/KM"), key="open"),
    mark("A1", "", "printed", "mark"),
    ride("past", 1, effective=NOON - 5, ref="slip", actor="desk", data={"n": 1, "é": "a\nb"}),
)


def test_what_comes_again_is_answered_as_the_first_time(journal: Journal, clock: Clock) -> None:
    first = [journal.post(entry) for entry in EVERY_SORT]
    clock.now += 500  # the hold is over, what was effective is long past
    journal.post(ride("later", 1))
    before = state(journal)
    again = [replace(answer, replayed=True) for answer in first]
    assert [journal.post(entry) for entry in EVERY_SORT] == again
    assert list(journal.post_each(EVERY_SORT)) == again
    assert list(journal.post_together(EVERY_SORT)) == again
    mixed = journal.post_each([EVERY_SORT[0], ride("new", 1), EVERY_SORT[1]])
    assert [isinstance(each, Posted) and each.replayed for each in mixed] == [True, False, True]
    journal.post_each([])
    assert len(list(journal.entries())) == len(before[1]) + 1


def test_an_end_by_time_is_answered_again(journal: Journal, clock: Clock) -> None:
    journal.post(sale())
    journal.post(hold("h", 10, expires=NOON + 9))
    clock.now += 9
    end = Entry(key="h/expired", kind="expiry", legs={}, phase="expire", target="h")
    for _ in range(2):  # in the transaction that wrote it, and later
        answer = journal.post(end)
        assert answer.replayed
        assert answer.balances == {"paul/KM": 50, "jeanne/KM": 0}
        journal.post(ride(str(clock.now), 1))
        clock.now += 1


def test_a_capture_answers_for_all_that_was_held(journal: Journal) -> None:
    """Also for whom nothing was taken, also when it comes again."""
    journal.post(sale(accounts=(person("luc/KM"),)))
    journal.post(move("h", "reserve", paul=-10, jeanne=4, luc=6))
    capture = move("t", "capture", "h", paul=-4, jeanne=4)
    first = journal.post(capture)
    assert first.balances == {"paul/KM": 46, "jeanne/KM": 4, "luc/KM": 0}
    assert journal.post(capture) == replace(first, replayed=True)


@pytest.mark.parametrize("entry", EVERY_SORT[1:], ids=lambda entry: entry.key)
def test_another_entry_under_an_old_key_is_refused(journal: Journal, entry: Entry) -> None:
    for old in EVERY_SORT:
        journal.post(old)
    changed = replace(entry, kind=entry.kind + "2")
    answers = journal.post_each([changed, entry, replace(entry, ref="other")])
    assert [isinstance(each, Refusal) for each in answers] == [True, False, True]


# ---------------------------------------------------------------------- what an engine remembers


@pytest.fixture(params=["sqlite", "postgres"])
def two(request: pytest.FixtureRequest, clock: Clock) -> Any:
    """Two programs at one ledger."""
    with fresh(request.param) as store:
        first = store.create(clock=clock)
        first.post(sale())
        yield first, store.open(clock=clock)


def test_two_programs_write_in_turn_and_each_knows_what_the_other_did(two: Any) -> None:
    for number in range(12):
        writer, other = two if number % 3 else two[::-1]
        writer.post(ride(f"r{number}", 1))
        if number % 2:
            writer.post(move(f"back{number}", jeanne=-1, paul=1))
        assert writer.accounts() == other.accounts()
    with pytest.raises(Refused):
        two[0].post(ride("too far", 45))
    two[1].post(terms(person("paul/KM", closed=False, ceiling=44), key="limits"))
    two[0].post(terms(person("luc/KM"), key="luc"))
    two[1].post(terms(person("zoe/KM"), key="zoe"))
    assert [each.terms.id for each in two[0].accounts()][-2:] == ["luc/KM", "zoe/KM"]


def test_the_same_key_from_two_programs_is_written_once(two: Any) -> None:
    first, second = two
    first.post(ride("a", 1))
    assert second.post(ride("a", 1)).replayed
    with pytest.raises(Refused, match="used before"):
        second.post(ride("a", 2))
    assert second.post(ride("b", 1)).seq == 4
    assert first.post(ride("b", 1)).replayed
    assert first.post_each([ride("c", 1), ride("b", 1)])[1].replayed  # type: ignore[union-attr]


def test_a_hold_is_ended_by_one_of_two_programs(two: Any) -> None:
    first, second = two
    first.post(hold("h", 10))
    second.post(move("take", "capture", "h", paul=-10, jeanne=10))
    with pytest.raises(Refused, match="'take'"):
        first.post(void("h", "let go"))
    assert first.balance("paul/KM").outgoing == 0


class Boom:
    """No entry: who looks at it fails."""

    def __getattr__(self, name: str) -> Any:
        raise ZeroDivisionError(name)


def test_an_error_in_the_middle_takes_all_back(journal: Journal) -> None:
    journal.post(sale())
    before = state(journal)
    groups: Any = [[ride("a", 5)], [Boom()]]
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            journal.engine.append(groups)
        assert state(journal) == before
    assert journal.post(ride("a", 5)).balances == {"paul/KM": 45, "jeanne/KM": 5}


@pytest.fixture
def posting(journal: Journal) -> SqlitePosting:
    found = getattr(journal.engine, "_posting", None)
    if not isinstance(found, SqlitePosting):
        pytest.skip("the server remembers nothing")
    return found


def test_the_memory_of_accounts_has_an_end(
    journal: Journal, posting: SqlitePosting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_posting, "_MOST_KNOWN", 2)
    journal.post(sale())
    assert len(posting._known) == 4
    journal.post(ride(km=1))
    assert set(posting._known) == {"paul/KM", "jeanne/KM"}
    journal.post(ride("again", 1))
    journal.post(sale("more", 1, "jeanne/KM"))
    held = {each.terms.id: each for each in journal.accounts()}
    assert {name: held[name] for name in posting._known} == posting._known


def test_what_is_taken_back_is_forgotten(journal: Journal, posting: SqlitePosting) -> None:
    journal.post(sale())
    with pytest.raises(Refused):
        journal.post_together([ride("a", 20), ride("b", 99)])
    held = {each.terms.id: each for each in journal.accounts()}
    assert posting._known
    assert all(held[name] == standing for name, standing in posting._known.items())
    posting.forget()
    assert not posting._known
    assert journal.post(ride("c", 50)).balances["paul/KM"] == 0


@pytest.mark.usefixtures("posting")
def test_a_commit_that_fails_leaves_nothing(journal: Journal) -> None:
    """The database is asked to commit while a row stands against it: it cannot, and nothing was."""
    journal.post(sale())
    before = state(journal)
    engine: Any = journal.engine
    engine._connection.set_authorizer(_no_commit)
    with pytest.raises(Unusable):
        journal.post(ride("a", 5))
    engine._connection.set_authorizer(None)
    assert not engine._connection.in_transaction
    assert state(journal) == before
    assert journal.post(ride("a", 5)).seq == 3


def _no_commit(action: int, what: str | None, *_: Any) -> int:
    transaction, deny, fine = 22, 1, 0
    return deny if action == transaction and what == "COMMIT" else fine
