"""Who asks and how: the ledger meant, the slip, the language; the ledger is opened here."""

from __future__ import annotations

import os
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import click

from msap_mobility.cli.asking import Asked, clock_us
from msap_mobility.wording import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from msap_mobility.ledger import Ledger
    from msap_mobility.ledger.scheme.slip import SlipFields
    from msap_mobility.wording import Lang

__all__ = ["Desk", "gently"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Asked):
    """What every command of the ledger is told.

    Parameters
    ----------
    place, scheme
        Which ledger, and which scheme of it; None is its only one.
    schema
        On PostgreSQL, name of the schema the tables are in; None is the usual one.
    lang, as_json
        How to answer.
    key, date, ref, actor
        What comes with a request, as typed; see `scheme.slip.Slip`.
    """

    FIELDS: ClassVar = (
        "place",
        "scheme",
        "schema",
        "lang",
        "as_json",
        "key",
        "date",
        "ref",
        "actor",
    )

    scheme: str | None = None
    schema: str | None = None
    key: str | None = None
    date: str | None = None
    ref: str = ""
    actor: str = ""

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger, open for the time of a block.

        Raises
        ------
        InputError
            If there is no such file or scheme.
        Unusable
            If it is no ledger, or cannot be used.
        """
        from msap_mobility.ledger import Ledger

        with gently(self.place, self.lang):
            opened = Ledger.open(
                self.place, self.scheme, schema=self.schema_or_usual, clock=clock_us
            )
        with opened:
            yield opened

    @property
    def schema_or_usual(self) -> str:
        """The schema the tables are in, on PostgreSQL."""
        from msap_mobility.ledger.engines.postgres_schema import SCHEMA

        return self.schema or SCHEMA

    def slip(self, day: dt.date | None) -> SlipFields:
        """What comes with the request, its day read."""
        return {"key": self.key, "effective": day, "ref": self.ref, "actor": self.actor}


@contextmanager
def gently(place: str, lang: Lang) -> Iterator[None]:
    """Tell on stderr, in words, that a ledger lies in a synced folder."""
    from pathlib import Path

    from msap_mobility.ledger.engines.place import LedgerWarning, synced_by

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", LedgerWarning)
        yield
    if any(issubclass(each.category, LedgerWarning) for each in caught):
        program = synced_by(Path(place).resolve(), os.environ) or ""
        click.echo(say("ledger_place.synced", lang, path=place, program=program), err=True)
