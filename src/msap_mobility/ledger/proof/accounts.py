"""The accounts as the entries make them: terms, running balances, what holds keep back."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msap_mobility.ledger.entry import MOST_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from msap_mobility.ledger.proof.chain import Row
    from msap_mobility.ledger.proof.finding import Findings
    from msap_mobility.ledger.proof.stored import Stored

__all__ = ["Account", "Accounts"]

_EURO = "EUR"

_MIRROR = "backed/EUR"
"""What the fund owes: minus the fund, entry by entry."""

_NEVER = MOST_UNITS + 1
"""No balance is as great as this: the lower bound of a closed account."""


class Account:
    """One account: what it is, its limits, and where it stands.

    `low` and `high` bound its posted balance as things stand, so that the commonest move is checked
    by one comparison; `rows` are the legs the table must hold, since the last page.
    """

    __slots__ = (
        *("asset", "ceiling", "closed", "floor", "high", "holder", "id", "incoming", "lane"),
        *("low", "no", "note", "outgoing", "posted", "rows", "weight"),
    )

    def __init__(self, no: int, name: str, asset: str, holder: str, weight: int, lane: int) -> None:
        self.no = no
        self.id = name
        self.asset = asset
        self.holder = holder
        self.weight = weight
        self.lane = lane
        self.posted = self.outgoing = self.incoming = 0
        self.rows: list[Row] = []
        self.note = self.rows.append
        self.limit(None, None, closed=False)

    def limit(self, floor: int | None, ceiling: int | None, *, closed: bool) -> None:
        """Give it new limits."""
        self.floor, self.ceiling, self.closed = floor, ceiling, closed
        self.confine()

    def confine(self) -> None:
        """Bound the posted balance by limits and holds."""
        low = -MOST_UNITS if self.floor is None else self.floor + self.outgoing
        high = MOST_UNITS if self.ceiling is None else self.ceiling - self.incoming
        self.low = _NEVER if self.closed else max(low, -MOST_UNITS)
        self.high = min(high, MOST_UNITS)

    def within(self) -> bool:
        """Whether the balance is within the limits, were the account open."""
        above = self.floor is None or self.posted - self.outgoing >= self.floor
        return above and (self.ceiling is None or self.posted + self.incoming <= self.ceiling)

    def empty(self) -> bool:
        """Whether it has nothing and holds nothing back."""
        return not (self.posted or self.outgoing or self.incoming)


class Accounts(dict[str, Account]):
    """Every account by its id. One that no entry opened is noted, and made up from its row.

    Parameters
    ----------
    stored, terms
        The tables of accounts and of their terms.
    findings
        Where what is wrong is noted.

    Attributes
    ----------
    seq
        Number of the present entry.
    assets
        Those the first entry declares; empty if it does not say.
    lanes
        What the legs of the present entry sum to, for each asset and weight.
    """

    def __init__(self, stored: Stored, terms: Stored, findings: Findings) -> None:
        super().__init__()
        self.seq = 0
        self.assets: frozenset[str] = frozenset()
        self.lanes: list[int] = []
        self._lane_of: dict[tuple[str, int, bool], int] = {}
        self._opened = 0
        self._lost = False  # whether entries that may have opened accounts cannot be read
        self._stored = stored
        self._terms = terms
        self._findings = findings

    def __missing__(self, name: str) -> Account:
        self._findings.note("unknown_account", self.seq, f"entry {name}", account=name)
        row = self._stored.find(0, name)
        if row is None:
            return self._add(0, name, "", "", 0)
        (no,), (_, asset, holder, weight) = row
        whole = type(no) is type(weight) is int
        return self._add(no if whole else 0, name, asset, holder, weight if whole else 0)

    def _add(self, no: int, name: str, asset: str, holder: str, weight: int) -> Account:
        lane = self._lane_of.setdefault((asset, weight, name == _MIRROR), len(self.lanes))
        if lane == len(self.lanes):
            self.lanes.append(0)
        account = self[name] = Account(no, name, asset, holder, weight, lane)
        return account

    def declare(self, text: str) -> None:
        """Open the accounts an entry opens, and give new limits to those it gives them."""
        for line in text.split("\n"):
            name, asset, holder, floor, ceiling, weight, closed = line.split("\t")
            limits = int(floor) if floor else None, int(ceiling) if ceiling else None, bool(closed)
            account = self.get(name)
            if account is None:
                account = self._open(name, asset, holder, int(weight))
            else:
                if (asset, holder, int(weight)) != (account.asset, account.holder, account.weight):
                    self._findings.note("account_changed", self.seq, f"entry {name}", account=name)
                if limits == (account.floor, account.ceiling, account.closed):
                    continue
            self._give(account, *limits)

    def _open(self, name: str, asset: str, holder: str, weight: int) -> Account:
        if self.assets and asset not in self.assets:
            self._findings.note("unknown_asset", self.seq, f"entry {name}", asset=asset)
        self._opened += 1
        row = self._stored.find(0, name) if self._lost else None
        if row is not None and type(row[0][0]) is int:
            self._opened = row[0][0]
        account = self._add(self._opened, name, asset, holder, weight)
        self._stored.explain((self._opened,), (name, asset, holder, weight), self.seq, name)
        return account

    def _give(self, account: Account, floor: int | None, ceiling: int | None, closed: bool) -> None:
        if closed and not account.empty():
            self._findings.note("closed_not_empty", self.seq, f"entry {account.id}")
        account.limit(floor, ceiling, closed=closed)
        if not account.within():
            self._findings.note(
                "limits_unmet", self.seq, f"entry {account.id}", posted=account.posted
            )
        row = floor, ceiling, closed
        self._terms.explain((account.no, self.seq), row, self.seq, account.id)

    def move(self, name: str, amount: int, outgoing: int, incoming: int) -> None:
        """Move one account, and what holds keep back of it; note the leg it must have."""
        account = self[name]
        account.posted += amount
        account.outgoing += outgoing
        account.incoming += incoming
        account.confine()
        held = max(account.outgoing, account.incoming)
        if held > MOST_UNITS or not account.low <= account.posted <= account.high:
            self.outside(account)
        account.note(
            (account.no, self.seq, amount, account.posted, account.outgoing, account.incoming)
        )

    def outside(self, account: Account) -> None:
        """Note what bound a move has passed."""
        place, posted = f"leg {account.id}", account.posted
        if account.closed:
            self._findings.note("through_closed", self.seq, place)
        if account.floor is not None and posted - account.outgoing < account.floor:
            left = posted - account.outgoing
            self._findings.note("below_floor", self.seq, place, left=left, floor=account.floor)
        if account.ceiling is not None and posted + account.incoming > account.ceiling:
            would = posted + account.incoming
            self._findings.note(
                "above_ceiling", self.seq, place, would=would, ceiling=account.ceiling
            )
        if max(abs(posted), account.outgoing, account.incoming) > MOST_UNITS:
            self._findings.note("too_large", self.seq, place, posted=posted, most=MOST_UNITS)

    def weigh(self, legs: Mapping[str, int]) -> None:
        """Sum legs that are not to be moved as they stand."""
        for name, amount in legs.items():
            self.lanes[self[name].lane] += amount

    def settle(self) -> None:
        """Each asset of the present entry sums to zero, and so do its weighted legs.

        What the fund owes moves with the fund: who posts around the verbs moves one of them only.
        """
        sums: dict[str, int] = defaultdict(int)
        cover = fund = 0
        mirror = None
        for (asset, weight, mirrors), lane in self._lane_of.items():
            units = self.lanes[lane]
            sums[asset] += units
            cover += weight * units
            if mirrors:
                mirror = units
            elif weight and asset == _EURO:
                fund += units
            self.lanes[lane] = 0
        for asset, off in sums.items():
            if off:
                self._findings.note("unbalanced", self.seq, "entry", asset=asset, off=off)
        if cover:
            self._findings.note("cover_broken", self.seq, "entry", off=cover)
        if mirror is not None and fund + mirror:
            self._findings.note("mirror_broken", self.seq, "entry", fund=fund, mirror=mirror)

    def resume(self, rows: Iterable[Row]) -> None:
        """Go on from stored balances: the entries that led to them are lost."""
        self._lost = True
        by_number = {account.no: account for account in self.values()}
        for no, posted, outgoing, incoming in rows:
            account = by_number.get(no)
            if account is not None and type(posted) is type(outgoing) is type(incoming) is int:
                account.posted, account.outgoing, account.incoming = posted, outgoing, incoming
                account.confine()
