"""What is asked of the functions in PostgreSQL, and what they answer; through any cursor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import BrokenInvariant, Fault, InputError
from msap_mobility.ledger.canonical import marks_text, terms_text
from msap_mobility.ledger.engines.postgres_schema import SCHEMA_VERSION
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.entry import data_text
from msap_mobility.ledger.genesis import decimals_of
from msap_mobility.ledger.outcome import Amount, Posted, Refusal, Refused
from msap_mobility.ledger.reading import Reader
from msap_mobility.ledger.schemes import chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from msap_mobility.ledger.engines.protocol import Answer
    from msap_mobility.ledger.entry import Entry

    Run = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]

__all__ = ["PostgresCalls"]

OLDEST = 140000
"""PostgreSQL 14, as the server tells it."""


class PostgresCalls:
    """One scheme, reached by calls that `run` carries to the server.

    Parameters
    ----------
    run
        Runs a query with its values, placeholders ``%s``, and gives all rows.
    place
        Name of the schema as SQL writes it.
    """

    def __init__(self, run: Run, place: str) -> None:
        self.run = run
        self.place = place
        self.scheme = 0
        self.name = ""
        self.decimals: Mapping[str, int] = {}

    def check(self) -> None:
        """See that the tables are there and can be used.

        Raises
        ------
        Unusable
            If the server is too old, or its text is not Unicode, or the tables are missing or of a
            later version.
        """
        query = "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding)"
        where = "FROM pg_database WHERE datname = current_database()"
        ((number, encoding),) = self.run(f"{query} {where}", ())
        if number < OLDEST:
            raise Unusable("server_too_old", found=number // 10000, least=OLDEST // 10000)
        if encoding != "UTF8":
            raise Unusable("not_unicode", encoding=encoding)
        found = self.run(f"SELECT max(version), max(readable_from) FROM {self.place}.version", ())
        version, readable_from = found[0]
        if version is None or version < SCHEMA_VERSION:
            raise Unusable("earlier_version", version=version or 0, ours=SCHEMA_VERSION)
        if readable_from > SCHEMA_VERSION:
            raise Unusable("later_version", path=self.place, version=version, ours=SCHEMA_VERSION)

    def find(self, name: str | None) -> None:
        """Be of the scheme of this name; of the only one, if it is None.

        Raises
        ------
        InputError
            If there is no such scheme.
        """
        query = f"SELECT name, scheme FROM {self.place}.scheme ORDER BY scheme"
        schemes: dict[str, int] = dict(self.run(query, ()))
        name = chosen(name, schemes)
        self.scheme, self.name = schemes[name], name
        first = self.reader(self.run).numbered(1)
        if first is None:
            raise BrokenInvariant("a scheme has its first entry", scheme=name)
        self.decimals = decimals_of(first.entry)

    def begin(self, name: str, first: Entry, now: int) -> None:
        """Begin a scheme with its first entry, and be of it.

        Raises
        ------
        InputError
            If the name is taken.
        Refused
            If the first entry is.
        """
        query = f"SELECT {self.place}.begin_v1(%s::text, %s::bigint, %s::jsonb)::text"
        ((said,),) = self.run(query, (name, now, _groups_text([[first]])))
        if said is None:
            raise InputError([Fault(code="scheme_exists", value=name)])
        self.decimals = decimals_of(first)
        (answer,) = map(self._answer, json.loads(said))
        if isinstance(answer, Refusal):
            raise Refused(answer)
        self.find(name)

    def append(self, groups: Sequence[Sequence[Entry]], now: int) -> list[Answer]:
        """Write groups of entries: one call, all that belongs to it done in the server."""
        query = f"SELECT {self.place}.append_v1(%s::int, %s::bigint, %s::jsonb)::text"
        ((said,),) = self.run(query, (self.scheme, now, _groups_text(groups)))
        return [self._answer(answer) for answer in json.loads(said)]

    def note_member(self, member: str, name: str, contact: str) -> None:
        """Insert or overwrite the name and the contact of a member."""
        query = f"SELECT {self.place}.note_member_v1(%s::int, %s::text, %s::text, %s::text)::text"
        self.run(query, (self.scheme, member, name, contact))

    def reader(self, run: Run) -> Reader:
        """Reads the scheme through `run`."""

        def look(query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
            return run(query, values) if all(map(_can_be_stored, values)) else []

        return Reader(look, self.scheme, f"{self.place}.", "%s")

    def _answer(self, said: Mapping[str, Any]) -> Answer:
        if "posted" in said:
            return tuple(Posted(**posted) for posted in said["posted"])
        values = {name: self._value(value) for name, value in said["values"].items()}
        return Refusal(code=said["code"], key=said["key"], values=values)

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            asset = value["asset"]
            return Amount(value["units"], asset, self.decimals.get(asset, 0))
        return value


def _can_be_stored(value: Any) -> bool:
    """Whether PostgreSQL takes it: no text with a zero in it, or with half a character."""
    if not isinstance(value, str):
        return True
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _groups_text(groups: Sequence[Sequence[Entry]]) -> str:
    asked = [[_asked(entry) for entry in group] for group in groups]
    return json.dumps(asked, ensure_ascii=False, separators=(",", ":"))


def _asked(entry: Entry) -> dict[str, str | int | None]:
    """The columns of an entry that its sender gives; the legs in the order they were given."""
    return {
        "key": entry.key,
        "kind": entry.kind,
        "phase": entry.phase,
        "effective": entry.effective,
        "ref": entry.ref,
        "actor": entry.actor,
        "data": data_text(entry.data) if entry.data else "",
        "target": entry.target or None,
        "expires": entry.expires,
        "accounts": terms_text(entry.accounts) if entry.accounts else "",
        "marks": marks_text(entry.marks) if entry.marks else "",
        "legs": "\n".join([f"{account}\t{amount}" for account, amount in entry.legs.items()]),
    }
