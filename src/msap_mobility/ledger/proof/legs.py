"""The legs the table holds, against those the entries say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.ledger.proof.stored import worded

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from msap_mobility.ledger.proof.chain import Row
    from msap_mobility.ledger.proof.finding import Findings

__all__ = ["LegCheck"]

_NONE = (0, 0, 0)


class LegCheck:
    """Finds where legs differ, one finding for each cause.

    A balance that is wrong in one leg is wrong by as much in all that follow; only the first, and
    each whose error is another, is a finding.

    Parameters
    ----------
    findings
        Where what differs is noted.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._off: dict[int, tuple[int, ...]] = {}  # by how much an account's balances are off

    def compare(
        self,
        expected: Sequence[Row],
        found: Sequence[Row],
        names: Mapping[int, str],
        unread: Container[tuple[int, int]],
    ) -> None:
        """Note what differs.

        Parameters
        ----------
        expected, found
            Account, entry, amount, posted, outgoing, incoming.
        names
            Id of each account by its number.
        unread
            Account and entry of legs that cannot be read: noted before.
        """
        if expected == found and not self._off:
            return
        wanted = {row[:2]: row[2:] for row in expected}
        stored = {row[:2]: row[2:] for row in found}
        for account, seq in sorted(wanted.keys() | stored.keys(), key=_order):
            place = f"leg {names.get(account, account)}"
            want, got = wanted.get((account, seq)), stored.get((account, seq))
            if want is None:
                self._findings.note("unexplained", seq, place, found=worded(got or ()))
            elif got is not None:
                self._pair(account, seq, place, want, got)
            elif (account, seq) not in unread:
                self._findings.note("missing", seq, place, expected=worded(want))
        if len(stored) != len(found):
            self._findings.note("doubled", None, "leg", n=len(found) - len(stored))

    def _pair(self, account: int, seq: int, place: str, want: Row, got: Row) -> None:
        if want == got:
            self._off.pop(account, None)
            return
        off = _off(want, got)
        if off is None or want[0] != got[0] or off != self._off.get(account, _NONE):
            self._findings.note("differs", seq, place, expected=worded(want), found=worded(got))
        self._off[account] = off or _NONE


def _order(place: Row) -> tuple[tuple[bool, int, str], ...]:
    """Whole numbers in their order; what damage made of others after them."""
    whole = (type(each) is int for each in place)
    return tuple(
        (not fine, each if fine else 0, "" if fine else repr(each))
        for fine, each in zip(whole, place, strict=True)
    )


def _off(want: Row, got: Row) -> tuple[int, ...] | None:
    if not all(type(value) is int for value in got):
        return None
    return tuple(there - here for here, there in zip(want[1:], got[1:], strict=True))
