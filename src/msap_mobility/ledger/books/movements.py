"""The entries of a period that moved something, whichever time one counts by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.ledger.journal import microseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.ledger.books.period import Period
    from msap_mobility.ledger.reading import Reader
    from msap_mobility.ledger.sight import Written

__all__ = ["happened", "late_entries", "moved", "movements"]

_FAR = 2**62

_LATE = """
    SELECT e.seq FROM {p}entry e WHERE e.scheme = ? AND e.effective IS NOT NULL
    AND e.effective >= ? AND e.effective < ? AND e.id > {first} + ? AND e.id <= {first} + ?
    ORDER BY e.id"""


def happened(written: Written) -> int:
    """When an entry took effect, microseconds since 1970 UTC."""
    effective = written.entry.effective
    return written.recorded if effective is None else effective


def moved(written: Written) -> bool:
    """Whether an entry moved anything: holds, and what lets them go, do not."""
    return written.entry.phase in ("post", "capture", "reverse") and bool(written.entry.legs)


def movements(reader: Reader, period: Period, top: int) -> Iterator[Written]:
    """The entries that took effect in a period and moved something, in the order written.

    Parameters
    ----------
    reader
        Reads the scheme.
    period
        By effective time.
    top
        Number of the last entry that counts.

    Notes
    -----
    What was written before the period happened before it; what was written in it did happen in it,
    late paper of before excepted; what was written later is late paper, found by its index.
    """
    since = -_FAR if period.since is None else microseconds(period.since)
    until = _FAR if period.until is None else microseconds(period.until)
    last = min(reader.seq_at(until - 1), top)
    for written in reader.entries(reader.seq_at(since - 1)):
        if written.seq > last:
            break
        if moved(written) and happened(written) >= since:
            yield written
    for written in late_entries(reader, since, until, last, top):
        if moved(written):
            yield written


def late_entries(reader: Reader, since: int, until: int, after: int, top: int) -> Iterator[Written]:
    """Late paper between two numbers, that took effect between two instants, in order.

    Parameters
    ----------
    reader
        Reads the scheme.
    since, until
        Microseconds since 1970 UTC, the second not included.
    after, top
        Numbers, the first not included.
    """
    for (seq,) in reader.rows(_LATE, since, until, after, top):
        written = reader.numbered(seq)
        if written is not None:
            yield written
