"""Others that keep accounts, doing the transfers of the ledger's benchmark, where installed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Protocol

from benchmarks.raw_accounts import ACCOUNTS, OPENING, pairs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["PEERS", "Peer"]


class Peer(Protocol):
    """Another way to write transfers."""

    name: str
    count: int
    batches: bool

    def run(self, count: int, seed: int) -> None:
        """Write so many transfers."""


class SqlAlchemyCore:
    """The raw minimal work (no keys, no history) through SQLAlchemy Core, one commit each."""

    count, batches = 1000, False

    def __init__(self, folder: Path) -> None:
        sa: Any = importlib.import_module("sqlalchemy")
        self.name = f"SQLAlchemy {sa.__version__}"
        self._engine = sa.create_engine(f"sqlite:///{folder / 'sqlalchemy.sqlite'}")
        tables = sa.MetaData()
        account = sa.Table(
            "account",
            tables,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("balance", sa.Integer, sa.CheckConstraint("balance >= 0"), nullable=False),
        )
        transfer = sa.Table(
            "transfer",
            tables,
            sa.Column("id", sa.Integer, primary_key=True),
            *(
                sa.Column(name, sa.Integer, nullable=False)
                for name in ("source", "target", "amount")
            ),
        )
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        tables.create_all(self._engine)
        with self._engine.begin() as connection:
            rows = [{"id": no, "balance": OPENING} for no in range(ACCOUNTS)]
            connection.execute(account.insert(), rows)
        moving = sa.bindparam("units")
        self._move = (
            account.update()
            .where(account.c.id == sa.bindparam("no"))
            .values(balance=account.c.balance + moving)
        )
        self._note = transfer.insert()

    def run(self, count: int, seed: int) -> None:
        drawn = pairs(seed)
        for _ in range(count):
            source, target = next(drawn)
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA synchronous = FULL")
                connection.execute(self._move, {"no": source, "units": -5})
                connection.execute(self._move, {"no": target, "units": 5})
                connection.execute(self._note, {"source": source, "target": target, "amount": 5})
                connection.commit()


class Beancount:
    """A text file of transfers, parsed, booked and checked (no concurrency, nothing durable)."""

    count, batches = 10_000, True

    def __init__(self, folder: Path) -> None:
        self._loader: Any = importlib.import_module("beancount.loader")
        beancount: Any = importlib.import_module("beancount")
        self.name = f"beancount {beancount.__version__} load"
        self._folder = folder

    def run(self, count: int, seed: int) -> None:
        path = self._folder / f"transfers-{seed}.beancount"
        opened = [f"2026-01-01 open Assets:M{no:04d} KM\n" for no in range(ACCOUNTS)]
        drawn = pairs(seed)
        moved = []
        for _ in range(count):
            source, target = next(drawn)
            moved.append(
                f'2026-01-02 * "ride"\n'
                f"  Assets:M{source:04d}  -5 KM\n  Assets:M{target:04d}  5 KM\n"
            )
        path.write_text("".join(opened + moved), encoding="utf-8")
        _, errors, _ = self._loader.load_file(str(path))
        if errors:
            raise SystemExit(str(errors[0]))


PEERS: dict[str, Callable[[Path], Peer]] = {
    "sqlalchemy": SqlAlchemyCore,
    "beancount": Beancount,
}
"""By the name that `--against` takes."""
