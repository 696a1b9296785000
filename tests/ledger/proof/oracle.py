"""A slow reading of a ledger, written to be read: what the rows must be if the entries are true."""

from __future__ import annotations

from collections import Counter, defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tests.ledger.proof.story import columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Sequence[tuple[Any, ...]]

MOST = 2**53 - 1


def faultless(content: Mapping[str, Rows], scheme: str, number: int = 1) -> bool:
    """Whether the rows of a file (as `Hands.content` gives them) are a ledger of one scheme."""
    try:
        return _Reading(scheme, number).holds(content)
    except (AssertionError, KeyError, TypeError, ValueError, AttributeError, StopIteration):
        return False


class _Reading:
    def __init__(self, scheme: str, number: int) -> None:
        self.scheme, self.number = scheme, number
        self.accounts: dict[str, dict[str, Any]] = {}
        self.expected: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.entries: dict[str, dict[str, Any]] = {}
        self.ended: set[str] = set()
        self.coupons: dict[str, str] = {}

    def holds(self, content: Mapping[str, Rows]) -> bool:
        names = columns("entry")
        entries = [dict(zip(names, row, strict=True)) for row in content["entry"]]
        entries.sort(key=lambda entry: entry["id"])
        before, recorded = "0" * 64, -(2**63)
        assert entries
        for seq, entry in enumerate(entries, 1):
            assert entry["seq"] == seq
            assert entry["scheme"] == self.number
            assert entry["id"] == self.number * 2**40 + seq
            assert entry["recorded"] >= recorded
            assert entry["hash"] == self.link(before, entry)
            before, recorded = entry["hash"].hex(), entry["recorded"]
            self.follow(entry)
        assert content["version"] == [(1, 1)]
        assert content["scheme"] == [(self.number, self.scheme)]
        for table in ("account", "terms", "leg", "coupon"):
            assert sorted(self.expected[table], key=repr) == list(content[table])
        return True

    def link(self, before: str, entry: dict[str, Any]) -> bytes:
        def text(value: Any) -> str:
            assert value is None or isinstance(value, str)
            return f"{len(value or '')}:{value or ''}"

        def whole(value: Any) -> str:
            return "" if value is None else str(value)

        asked = "".join(text(entry[name]) for name in ("key", "kind", "phase"))
        asked += whole(entry["effective"]) + ";"
        asked += "".join(text(entry[name]) for name in ("ref", "actor", "data", "target"))
        asked += whole(entry["expires"]) + ";"
        asked += "".join(text(entry[name]) for name in ("accounts", "marks", "legs"))
        place = f"{text(self.scheme)}{entry['seq']};{entry['recorded']};"
        return sha256(f"1:{before}{place}{text(asked)}".encode()).digest()

    def follow(self, entry: dict[str, Any]) -> None:
        seq, phase, recorded = entry["seq"], entry["phase"], entry["recorded"]
        assert entry["effective"] is None or entry["effective"] <= recorded
        assert entry["key"] not in self.entries
        assert entry["target"] != ""
        if phase != "expire":
            for key, hold in self.entries.items():
                assert hold["expires"] is None or hold["expires"] > recorded or key in self.ended
        for line in filter(None, entry["accounts"].split("\n")):
            self.declare(line.split("\t"), seq)
        legs = {}
        for line in filter(None, entry["legs"].split("\n")):
            name, amount = line.split("\t")
            legs[name] = int(amount)
        self.sums(legs)
        self.move(entry, legs)
        for line in filter(None, entry["marks"].split("\n")):
            serial, old, new = line.split("\t")
            assert self.coupons.get(serial, "") == old
            self.coupons[serial] = new
            self.expected["coupon"].append((self.number, serial, seq, new))
        self.entries[entry["key"]] = {**entry, "moves": legs}

    def declare(self, fields: list[str], seq: int) -> None:
        name, asset, holder, floor, ceiling, weight, closed = fields
        told = {
            "asset": asset,
            "holder": holder,
            "weight": int(weight),
            "floor": int(floor) if floor else None,
            "ceiling": int(ceiling) if ceiling else None,
            "closed": bool(closed),
        }
        account = self.accounts.get(name)
        if account is None:
            no = len(self.accounts) + 1
            account = self.accounts[name] = {"no": no, "balance": (0, 0, 0), **told}
            row = (self.number, no, name, asset, holder, int(weight))
            self.expected["account"].append(row)
        elif all(account[key] == value for key, value in told.items()):
            return
        else:
            assert all(account[key] == told[key] for key in ("asset", "holder", "weight"))
            assert not told["closed"] or account["balance"] == (0, 0, 0)
        account.update(told)
        self.within(account)
        limits = (told["floor"], told["ceiling"], int(told["closed"]))
        self.expected["terms"].append((self.number, account["no"], seq, *limits))

    def sums(self, legs: dict[str, int]) -> None:
        by_asset: dict[str, int] = Counter()
        for name, amount in legs.items():
            by_asset[self.accounts[name]["asset"]] += amount
        assert not any(by_asset.values())
        assert sum(self.accounts[name]["weight"] * amount for name, amount in legs.items()) == 0

    def move(self, entry: dict[str, Any], legs: dict[str, int]) -> None:
        phase, target = entry["phase"], entry["target"]
        assert (target is not None) == (phase not in ("post", "reserve"))
        assert entry["expires"] is None or (
            phase == "reserve" and entry["expires"] > entry["recorded"]
        )
        assert phase in ("post", "void", "expire") or legs
        if phase in ("post", "reverse"):
            moves = {name: (amount, 0, 0) for name, amount in legs.items()}
        elif phase == "reserve":
            moves = {name: (0, max(-amount, 0), max(amount, 0)) for name, amount in legs.items()}
        else:
            hold = self.entries[target]
            assert hold["phase"] == "reserve"
            held = hold["moves"]
            assert all(0 < amount * held[name] <= held[name] ** 2 for name, amount in legs.items())
            assert phase == "capture" or not legs
            assert phase in ("capture", "void", "expire")
            if phase == "expire":
                assert entry["key"] == target + "/expired"
                assert hold["expires"] <= entry["recorded"]
            moves = {
                name: (legs.get(name, 0), -max(-was, 0), -max(was, 0)) for name, was in held.items()
            }
        if phase == "reverse":
            undone = self.entries[target]
            assert undone["phase"] in ("post", "capture")
            assert legs == {name: -amount for name, amount in undone["moves"].items()}
        if target is not None:
            assert target not in self.ended
            self.ended.add(target)
        for name, change in moves.items():
            self.leg(self.accounts[name], entry["seq"], change)

    def leg(self, account: dict[str, Any], seq: int, change: tuple[int, int, int]) -> None:
        balance = tuple(was + more for was, more in zip(account["balance"], change, strict=True))
        account["balance"] = balance
        assert not account["closed"]
        assert abs(balance[0]) <= MOST
        assert max(balance[1:]) <= MOST
        self.within(account)
        self.expected["leg"].append((self.number, account["no"], seq, change[0], *balance))

    def within(self, account: dict[str, Any]) -> None:
        posted, outgoing, incoming = account["balance"]
        assert account["floor"] is None or posted - outgoing >= account["floor"]
        assert account["ceiling"] is None or posted + incoming <= account["ceiling"]
