"""The journal of one scheme: entries go in and stay; balances and statements are read from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.group_commit import GroupCommit
from msap_mobility.ledger.lapsed_holds import lapsed
from msap_mobility.ledger.outcome import Balance, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from msap_mobility.ledger.engines.protocol import Answer, Engine
    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.sight import Standing, Written

__all__ = ["Journal", "Line", "instant_of", "microseconds"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970 UTC of a timezone-aware instant.

    Raises
    ------
    InputError
        If it is no instant, or has no timezone.

    Examples
    --------
    >>> microseconds(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    if not isinstance(instant, datetime):
        raise InputError([Fault(code="instant_wanted", value=instant)])
    if instant.tzinfo is None:
        raise InputError([Fault(code="instant_without_zone", value=instant.isoformat())])
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant_of(microseconds: int) -> datetime:
    """The instant, UTC, so many microseconds after 1970.

    Examples
    --------
    >>> instant_of(86_400_000_000).isoformat()
    '1970-01-02T00:00:00+00:00'
    """
    return _EPOCH + timedelta(microseconds=microseconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an account's statement.

    Parameters
    ----------
    seq, key, kind, ref
        The entry it belongs to.
    recorded, effective
        When it was written and when it happened (UTC).
    amount, balance
        What it moved and what the account held after it, minor units.
    """

    seq: int
    key: str
    kind: str
    ref: str
    recorded: datetime
    effective: datetime
    amount: int
    balance: int


class Journal:
    """Append-only double entry for one scheme.

    Any thread may post. Threads that post at the same time share one commit: each is answered once
    its own entry is on disk.

    Parameters
    ----------
    engine
        Where the journal lives.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._commit = GroupCommit(engine.append)

    def post(self, entry: Entry) -> Posted:
        """Write one entry.

        Returns
        -------
        Posted
            Its number, hash and the new balances; `replayed` if it was there before.

        Raises
        ------
        Refused
            If a rule stands in the way; nothing is written.
        Unusable
            If the file or server cannot be written.
        """
        return _given(self._commit(((entry,),))[0])[0]

    def post_together(self, entries: Sequence[Entry]) -> tuple[Posted, ...]:
        """Write entries that belong together: all of them, or none.

        Raises
        ------
        Refused
            For the first that cannot be written.
        """
        return _given(self._commit((tuple(entries),))[0])

    def post_each(self, entries: Sequence[Entry]) -> tuple[Posted | Refusal, ...]:
        """Write what can be written of many entries, in one commit; each has its own answer."""
        answers = self._commit(tuple((entry,) for entry in entries))
        return tuple(answer if isinstance(answer, Refusal) else answer[0] for answer in answers)

    def entry(self, key: str) -> Written | None:
        """The entry under this key, or None."""
        return self.engine.reader.written(key)

    def entries(self, after: int = 0) -> Iterator[Written]:
        """The entries after number `after`, in order."""
        return self.engine.reader.entries(after)

    def accounts(self) -> list[Standing]:
        """Every account with its terms and balance, in the order they were opened."""
        return self.engine.reader.standings()

    def balance(
        self, account: str, *, at: datetime | None = None, now: datetime | None = None
    ) -> Balance:
        """What an account holds now, or held once everything recorded until `at` was written.

        Takes O(log n) of the number of entries, whatever the instant.

        Parameters
        ----------
        account
            Its id.
        at
            An instant (aware). Holds that were over by then keep nothing back.
        now
            The present, where `at` is None: holds that are over keep nothing back. None: the
            journal has no clock, and a hold counts until the next posting ends it.

        Raises
        ------
        Refused
            If there is no such account.
        """
        reader = self.engine.reader
        standing = reader.standing(account)
        if standing is None:
            raise Refused(Refusal(code="unknown_account", key="", values={"account": account}))
        posted, outgoing, incoming = standing.posted, standing.outgoing, standing.incoming
        seq = None if at is None else reader.seq_at(microseconds(at))
        if seq is not None:
            posted, outgoing, incoming = reader.balance_in(standing.no, seq)
        when = at or now
        if when is not None and (outgoing or incoming):
            last = reader.head().seq if seq is None else seq
            out, back = lapsed(reader, account, last, microseconds(when))
            outgoing, incoming = outgoing - out, incoming - back
        return Balance(
            account=account,
            asset=standing.terms.asset,
            posted=posted,
            outgoing=outgoing,
            incoming=incoming,
        )

    def close(self) -> None:
        """Close the file, or let go of the server."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _given(answer: Answer) -> tuple[Posted, ...]:
    if isinstance(answer, Refusal):
        raise Refused(answer)
    return answer
