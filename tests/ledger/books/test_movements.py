"""Which entries took effect in a period: late paper is found, and is not told twice."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.ledger.books.movements import movements
from msap_mobility.ledger.books.period import Period
from msap_mobility.ledger.journal import instant_of
from tests.ledger.books.scenes import SCHEME, at, effective, events, moves, play
from tests.ledger.stores import Clock, fresh

HOUR = 3_600_000_000


@given(happens=events, cuts=st.lists(st.integers(0, 400 * 24), min_size=2, max_size=4, unique=True))
def test_those_of_each_period_in_the_order_written(happens, cuts):
    with fresh("memory") as store:
        clock = Clock(at(2026, 9, 1))
        journal = store.create(first=SCHEME, clock=clock)
        play(journal, clock, happens)
        top = journal.engine.reader.head().seq
        for since, until in pairwise(at(2026, 8, 1) + cut * HOUR for cut in sorted(cuts)):
            period = Period(since=instant_of(since), until=instant_of(until))
            told = [written.seq for written in movements(journal.engine.reader, period, top)]
            assert told == [
                written.seq for written in moves(journal) if since <= effective(written) < until
            ]


def test_late_paper_of_before_is_not_of_the_period_it_was_written_in(remembered):
    reader, january = remembered.engine.reader, Period.month(2027, 1)
    assert [each.entry.key for each in movements(reader, january, reader.head().seq)] == []
    december = Period.month(2026, 12)
    told = [each.entry.key for each in movements(reader, december, reader.head().seq)]
    assert told == ["t1", "q1", "slip/12/settled"]
