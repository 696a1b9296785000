"""Holds: what they keep back, how they end, and that none outlives its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import BrokenInvariant, InputError
from msap_mobility.ledger.engines.sqlite_posting import SqlitePosting
from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.outcome import Refusal, Refused
from tests.ledger.core.test_refusals import hold, move, terms, void
from tests.ledger.stores import NOON, Clock, fresh, person, ride, sale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.ledger.journal import Journal


def held(journal: Journal, account: str) -> tuple[int, int, int]:
    balance = journal.balance(account)
    return balance.posted, balance.outgoing, balance.incoming


def keys(journal: Journal) -> list[str]:
    return [written.entry.key for written in journal.entries()][1:]


def test_a_hold_keeps_back_and_a_capture_moves(journal: Journal) -> None:
    journal.post(sale())
    assert journal.post(hold(units=10)).balances == {"paul/KM": 50, "jeanne/KM": 0}
    assert held(journal, "paul/KM") == (50, 10, 0)
    assert held(journal, "jeanne/KM") == (0, 0, 10)
    taken = journal.post(move("take", "capture", "hold", paul=-4, jeanne=4))
    assert taken.balances == {"paul/KM": 46, "jeanne/KM": 4}
    assert held(journal, "paul/KM") == (46, 0, 0)
    assert held(journal, "jeanne/KM") == (4, 0, 0)


def test_a_void_lets_go_of_all(journal: Journal) -> None:
    journal.post(sale())
    journal.post(hold(units=10))
    assert journal.post(void("hold")).balances == {"paul/KM": 50, "jeanne/KM": 0}
    assert held(journal, "paul/KM") == (50, 0, 0)
    assert held(journal, "jeanne/KM") == (0, 0, 0)


def test_a_capture_may_leave_an_account_out(journal: Journal) -> None:
    journal.post(sale())
    journal.post(terms(person("luc/KM"), key="luc"))
    journal.post(move("h", "reserve", paul=-10, jeanne=6, luc=4))
    taken = journal.post(move("t", "capture", "h", paul=-6, jeanne=6))
    assert taken.balances == {"paul/KM": 44, "jeanne/KM": 6, "luc/KM": 0}
    assert held(journal, "luc/KM") == (0, 0, 0)


def test_coupons_and_euros_are_held_together(journal: Journal) -> None:
    """A sale to be paid later, of which a part is taken: the fund covers it at every step."""
    booked = sale("booked", 50)
    journal.post(Entry(key="booked", kind="sale", legs=booked.legs, phase="reserve"))
    assert held(journal, "fund/EUR") == (0, 0, 300)
    assert held(journal, "issue/KM") == (0, 50, 0)
    taken = Entry(key="t", kind="sale", legs=sale("s", 20).legs, phase="capture", target="booked")
    assert journal.post(taken).balances["fund/EUR"] == 120
    assert held(journal, "fund/EUR") == (120, 0, 0)


def test_a_hold_ends_at_its_time_and_not_before(journal: Journal, clock: Clock) -> None:
    journal.post(sale())
    journal.post(hold(units=30, expires=NOON + 10))
    clock.now = NOON + 9
    with pytest.raises(Refused, match="floor"):
        journal.post(ride("early", 25))
    assert keys(journal) == ["sale", "hold"]
    clock.now = NOON + 10
    journal.post(ride("in time", 25))
    assert keys(journal) == ["sale", "hold", "hold/expired", "in time"]
    end = journal.entry("hold/expired")
    assert end is not None
    assert end.recorded == NOON + 10
    assert (end.entry.phase, end.entry.kind, end.entry.target) == ("expire", "expiry", "hold")
    assert held(journal, "paul/KM") == (25, 0, 0)
    with pytest.raises(Refused) as caught:
        journal.post(move("late", "capture", "hold", paul=-1, jeanne=1))
    assert caught.value.refusal.values == {"target": "hold", "closer": "hold/expired"}


def test_the_end_is_written_though_the_entry_that_came_is_refused(
    journal: Journal, clock: Clock
) -> None:
    journal.post(sale())
    journal.post(hold(units=30, expires=NOON + 10))
    clock.now = NOON + 11
    with pytest.raises(Refused):
        journal.post(ride("too far", 51))
    assert keys(journal)[-1] == "hold/expired"
    replayed = journal.post(hold(units=30, expires=NOON + 10))
    assert replayed.replayed
    assert replayed.balances == {"paul/KM": 50, "jeanne/KM": 0}


def test_holds_end_in_the_order_of_their_times(journal: Journal, clock: Clock) -> None:
    journal.post(sale())
    for key, after in (("c", 30), ("a", 10), ("d", 40), ("b", 10)):
        journal.post(hold(key, 1, expires=NOON + after))
    journal.post(hold("open", 1))
    clock.now = NOON + 30
    journal.post_each([])
    assert keys(journal)[6:] == ["a/expired", "b/expired", "c/expired"]
    assert held(journal, "paul/KM") == (50, 2, 0)
    clock.now = NOON + 39
    journal.post(ride("r", 1))
    clock.now = NOON + 40
    journal.post(ride("s", 1))
    assert keys(journal)[9:] == ["r", "d/expired", "s"]


def test_no_hold_outlives_its_time_however_many_entries_come_at_once(
    journal: Journal, clock: Clock
) -> None:
    journal.post(sale())
    clock.now = NOON + 1
    journal.post(hold(units=1, expires=NOON + 5))
    journal.post_each([ride(f"r{number}", 1) for number in range(20)])
    assert held(journal, "paul/KM") == (30, 1, 0)
    clock.now = NOON + 1000
    journal.post(ride("later", 1))
    assert held(journal, "paul/KM") == (29, 0, 0)


def test_no_hold_outlives_its_time_though_the_clock_goes_back(
    journal: Journal, clock: Clock
) -> None:
    journal.post(sale())
    clock.now = NOON + 100
    journal.post(hold(units=1, expires=NOON + 103))
    clock.now = NOON - 50
    journal.post_each([ride(f"r{number}", 1) for number in range(9)])
    assert [written.recorded for written in journal.entries(after=3)] == [NOON + 100] * 9
    assert held(journal, "paul/KM") == (41, 1, 0)
    with pytest.raises(Refused):  # its time is over before it begins, whatever the clock says
        journal.post(hold("late", 1, expires=NOON + 100))
    clock.now = NOON + 103
    journal.post(ride("later", 1))
    assert held(journal, "paul/KM") == (40, 0, 0)


def test_a_hold_of_the_same_transaction_is_captured_or_voided_in_it(journal: Journal) -> None:
    journal.post(sale())
    answers = journal.post_together(
        [
            hold("a", 10, expires=NOON + 1),
            move("take", "capture", "a", paul=-10, jeanne=10),
            hold("b", 10),
            void("b", "let go"),
            move("undo", "reverse", "take", paul=10, jeanne=-10),
        ]
    )
    assert answers[-1].balances == {"paul/KM": 50, "jeanne/KM": 0}
    assert held(journal, "paul/KM") == (50, 0, 0)
    again = journal.post_each([move("c", "capture", "b", paul=-1, jeanne=1), void("a", "d")])
    assert [each.code for each in again if isinstance(each, Refusal)] == ["already_closed"] * 2


def test_a_hold_is_ended_once_within_a_transaction_too(journal: Journal) -> None:
    journal.post(sale())
    asked = [
        *(hold("h", 5), void("h", "first"), void("h", "second"), ride("r", 5)),
        *(
            move("u", "reverse", "r", paul=5, jeanne=-5),
            move("w", "reverse", "r", paul=5, jeanne=-5),
        ),
    ]
    answers = journal.post_each(asked)
    refusals = [each for each in answers if isinstance(each, Refusal)]
    assert [(each.key, each.code) for each in refusals] == [
        *(("second", "already_closed"), ("w", "already_closed"))
    ]
    assert [each.values for each in refusals] == [
        *({"target": "h", "closer": "first"}, {"target": "r", "closer": "u"})
    ]


def test_the_smallest_hold_is_captured(journal: Journal) -> None:
    journal.post(sale())
    for units in (1, 2):
        journal.post(hold(f"h{units}", units))
        taken = move(f"t{units}", "capture", f"h{units}", paul=-1, jeanne=1)
        assert journal.post(taken).balances == {"paul/KM": 50 - units, "jeanne/KM": units}


def test_nobody_ends_a_hold_before_its_time_by_writing_its_end(
    journal: Journal, clock: Clock
) -> None:
    """Nor takes the key under which the ledger will end another."""
    journal.post(sale())
    journal.post(hold("a", 1))
    journal.post(hold("b", 1, expires=NOON + 50))
    with pytest.raises(InputError):
        Entry(key="b/expired", kind="expiry", legs={}, phase="expire", target="a")
    with pytest.raises(InputError):
        Entry(key="b/expired", kind="ride", legs={"paul/KM": -1, "jeanne/KM": 1})
    for target in "ab":
        early = Entry(key=f"{target}/expired", kind="x", legs={}, phase="expire", target=target)
        with pytest.raises(Refused, match="not over"):
            journal.post(early)
    clock.now = NOON + 60
    journal.post(ride("r", 1))
    assert keys(journal)[-2:] == ["b/expired", "r"]
    same = Entry(key="b/expired", kind="expiry", legs={}, phase="expire", target="b")
    assert journal.post(same).replayed


@pytest.fixture(params=["sqlite", "postgres"])
def two(request: pytest.FixtureRequest, clock: Clock) -> Any:
    """Two programs at one ledger."""
    with fresh(request.param) as store:
        first = store.create(clock=clock)
        first.post(sale())
        yield first, store.open(clock=clock)


def test_a_hold_of_one_program_is_ended_by_another(two: Any, clock: Clock) -> None:
    first, second = two
    second.post(ride("a", 1))
    first.post(hold(units=30, expires=NOON + 10))
    second.post(ride("b", 1))
    clock.now = NOON + 10
    second.post(ride("c", 48))
    assert held(first, "paul/KM") == (0, 0, 0)
    assert keys(first)[-2:] == ["hold/expired", "c"]


def test_a_hold_ended_by_another_program_is_not_ended_again(two: Any, clock: Clock) -> None:
    first, second = two
    first.post(hold(units=30, expires=NOON + 10))
    first.post(ride("a", 1))
    second.post(void("hold", "let go"))
    clock.now = NOON + 10
    first.post(ride("b", 1))
    second.post(ride("c", 1))
    assert keys(first)[-3:] == ["let go", "b", "c"]


def test_several_holds_of_unknown_accounts_end_in_one_transaction(two: Any) -> None:
    """Whose accounts no entry of the transaction names."""
    first, second = two
    for key in ("a", "b", "c"):
        first.post(hold(key, 10))
    answers = second.post_together([void(key, f"end {key}") for key in ("a", "b")])
    assert [answer.balances["paul/KM"] for answer in answers] == [50, 50]
    assert held(first, "paul/KM") == (50, 10, 0)
    assert held(second, "jeanne/KM") == (0, 0, 10)


def test_what_another_program_did_to_an_account_is_known_when_its_hold_ends(
    two: Any, clock: Clock
) -> None:
    first, second = two
    luc = person("luc/KM")
    first.post(terms(luc, key="1"))
    first.post(terms(person("luc/KM", closed=True), key="2"))
    first.post(hold("mine", 1, expires=NOON + 10))
    first.post(ride("a", 1))  # writes on without looking
    second.post(terms(luc, key="3"))
    second.post(move("theirs", "reserve", paul=-5, luc=5))
    second.post(
        Entry(
            key="ends",
            kind="booking",
            legs={"paul/KM": -2, "luc/KM": 2},
            phase="reserve",
            expires=NOON + 10,
        )
    )
    clock.now = NOON + 10
    first.post(ride("b", 1))
    assert keys(first)[-3:] == ["mine/expired", "ends/expired", "b"]
    assert held(second, "luc/KM") == (0, 0, 5)


def test_a_hold_that_cannot_end_is_a_fault_of_ours(journal: Journal, clock: Clock) -> None:
    """It never happens; if it did, nothing would be written and it would be told."""
    posting = getattr(journal.engine, "_posting", None)
    if posting is None:
        pytest.skip("the rules are in the server")
    journal.post(sale())
    journal.post(hold(units=1, expires=NOON + 10))
    posting._known["paul/KM"].terms = person("paul/KM", closed=True)
    broken = journal.engine.reader
    posting.reader = _Liar(broken)
    clock.now = NOON + 10
    with pytest.raises(BrokenInvariant) as caught:
        journal.post(ride("r", 1))
    assert caught.value.invariant == "a hold ends when its time is over"
    assert "is closed" in caught.value.values["why"]  # type: ignore[operator]
    assert keys(journal) == ["sale", "hold"]


class _Liar:
    """A reader that says every account is closed."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def standing(self, account: str) -> Any:
        standing = self._reader.standing(account)
        standing.terms = person(account, closed=True)
        return standing

    def standings_of(self, accounts: Sequence[str]) -> Any:
        return map(self.standing, accounts)


@given(
    ends=st.lists(st.integers(1, 20), min_size=1, max_size=6),
    steps=st.lists(st.integers(-3, 6), min_size=1, max_size=12),
)
def test_after_every_posting_no_open_hold_is_over(ends: list[int], steps: list[int]) -> None:
    clock = Clock()
    with fresh("memory") as store:
        journal = store.create(clock=clock)
        journal.post(sale())
        journal.post_each([hold(f"h{no}", 1, NOON + end) for no, end in enumerate(ends)])
        for step, after in enumerate(steps):
            clock.now += after
            journal.post_each([ride(f"r{step}", 1)])
            seen = max(written.recorded for written in journal.entries())
            still_open = sum(NOON + end > seen for end in ends)
            assert held(journal, "paul/KM")[1] == still_open
            reader = journal.engine.reader
            assert reader.next_due(seen) == min(
                (NOON + end for end in ends if NOON + end > seen), default=None
            )


def test_what_ends_next_is_looked_up_once_and_no_more(
    journal: Journal, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who writes alone asks for no holds; in memory, where nobody else can be, for nothing."""
    if not isinstance(getattr(journal.engine, "_posting", None), SqlitePosting):
        pytest.skip("the rules are in the server")
    journal.post(sale())
    journal.post(hold(units=1, expires=NOON + 10))
    journal.post(ride("a", 1))
    clock.now = NOON + 10
    journal.post(ride("b", 1))
    asked: list[str] = []
    run = journal.engine._posting._run  # type: ignore[attr-defined]
    reader = journal.engine._posting.reader  # type: ignore[attr-defined]
    monkeypatch.setattr(reader, "_run", lambda *query: asked.append(query[0]) or run(*query))
    journal.post(ride("c", 1))
    assert [query for query in asked if "FROM ledger_entry e" in query] == []
    assert len(asked) <= (journal.engine.path is not None)  # type: ignore[attr-defined]
