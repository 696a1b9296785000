"""Civil days, months and years are those of France."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger.books.period import Period, day_of
from tests.ledger.books.scenes import at


def test_a_month_begins_at_midnight_in_paris_summer_and_winter():
    december, july = Period.month(2026, 12), Period.month(2026, 7)
    assert december.since.astimezone(UTC) == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert july.since.astimezone(UTC) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert july.until == Period.month(2026, 8).since


def test_the_months_of_a_year_are_the_year():
    year = Period.year(2026)
    months = [Period.month(2026, month) for month in range(1, 13)]
    assert (months[0].since, months[-1].until) == (year.since, year.until)
    assert all(one.until == two.since for one, two in pairwise(months))


def test_the_last_hour_of_a_month_in_utc_is_the_next_month_in_paris():
    assert day_of(at(2026, 11, 30, 22, 59)) == date(2026, 11, 30)
    assert day_of(at(2026, 11, 30, 23)) == date(2026, 12, 1)


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (0, 1), (10_000, 1)])
def test_a_month_there_is_not_is_refused(year, month):
    with pytest.raises(InputError) as caught:
        Period.month(year, month)
    assert caught.value.faults[0].code == "no_such_month"


def test_every_fault_of_a_period_is_told():
    with pytest.raises(InputError) as caught:
        Period(since=datetime(2026, 1, 1), until=datetime(2026, 1, 1))  # noqa: DTZ001
    assert [fault.column for fault in caught.value.faults] == ["since", "until"]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(InputError) as caught:
        Period(since=now, until=now)
    assert [fault.code for fault in caught.value.faults] == ["period_reversed"]


def test_a_period_reads_back():
    for period in (Period(), Period.month(2026, 3), Period(until=datetime.now(UTC))):
        assert Period.from_dict(period.to_dict()) == period


def test_only_whole_days_make_a_fiscal_year():
    assert Period.year(2026).whole_days
    assert not Period(since=Period.year(2026).since).whole_days
    noon = datetime(2027, 1, 1, 12, tzinfo=UTC)
    assert not Period(since=Period.year(2026).since, until=noon).whole_days


def test_told_in_words():
    assert Period.month(2026, 12).told("fr") == "du 1er décembre 2026 au 31 décembre 2026"
    assert Period().told("en") == "from the beginning to today"
