"""Paper slips are imported: all of a file, or nothing of it; a second time, nothing new.

Each slip goes through the verb of the ledger that a desk would use, under a key made of its kind
and number. They are rehearsed first, one after the other as if each were written; only when none
meets a fault are they posted, in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.ledger.books.rehearsal import Rehearsal
from msap_mobility.ledger.books.slip_file import SlipFile, SlipRow, read_slips
from msap_mobility.ledger.engines.sqlite import clock_us
from msap_mobility.ledger.journal import Journal
from msap_mobility.ledger.ledger import Ledger
from msap_mobility.ledger.outcome import Refusal, Refused
from msap_mobility.ledger.scheme.ride import DrivenRide
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.scheme.slip import SlipFields
    from msap_mobility.wording import Lang

__all__ = ["Imported", "RefusedSlip", "SlipPosted", "import_slips"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipPosted:
    """A slip that is in the journal.

    Parameters
    ----------
    row, kind, slip
        As in the file.
    key, seq
        Of its entry.
    new
        Whether this import wrote it.
    """

    row: int
    kind: str
    slip: str
    key: str
    seq: int
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did.

    Parameters
    ----------
    file
        Its name.
    slips
        In the order of the file.
    encoding
        How it was read: ``"utf-8"``, or ``"cp1252"`` if it was saved so, as a French Excel does.
    """

    file: str
    slips: tuple[SlipPosted, ...]
    encoding: str = "utf-8"

    @property
    def new(self) -> int:
        """How many slips were written."""
        return sum(each.new for each in self.slips)

    @property
    def there_before(self) -> int:
        """How many were in the journal already."""
        return len(self.slips) - self.new

    def summary(self, lang: Lang = "en") -> str:
        """What was new and what was there before; a notice if the file is no UTF-8."""
        new = say("books.slip.new", lang, n=self.new)
        before = say("books.slip.before", lang, n=self.there_before)
        told = say("books.slip.imported", lang, file=self.file, new=new, before=before)
        if self.encoding == "utf-8":
            return told
        return f"{told}\n{say('books.slip.encoding', lang, file=self.file)}"

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "file": self.file,
            "encoding": self.encoding,
            "new": self.new,
            "there_before": self.there_before,
            "slips": [
                {name: getattr(each, name) for name in SlipPosted.__slots__} for each in self.slips
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedSlip(Fault):
    """A slip the ledger says no to; its words are those of the refusal.

    Parameters
    ----------
    refusal
        Why.
    """

    refusal: Refusal

    def what(self, lang: Lang = "en") -> str:
        """What stands in the way, in `lang`."""
        return self.refusal.what(lang)

    def remedy(self, lang: Lang = "en") -> str:
        """What to do about it, in `lang`."""
        return self.refusal.remedy(lang)


def import_slips(
    ledger: Ledger,
    source: Path | bytes,
    *,
    file: str = "",
    actor: str = "",
    clock: Callable[[], int] = clock_us,
) -> Imported:
    """Import paper slips from a CSV file, see `slip_file`.

    Parameters
    ----------
    ledger
        Where they are posted.
    source
        The file, or its bytes.
    file
        Its name, for the faults; that of the path if not given.
    actor
        Opaque id of who typed it.
    clock
        Gives microseconds since 1970 UTC; tests bring their own.

    Returns
    -------
    Imported
        What was new and what was there before: a file may be imported again, or grow.

    Raises
    ------
    InputError
        With every fault of every row; refusals of the ledger are told once all rows can be read,
        for one slip often needs another. Nothing is written then.
    """
    file = file or (source.name if isinstance(source, Path) else "")
    faults = Faults(file=file)
    given = read_slips(_content(source), file=file, faults=faults)
    for last in (False, True):
        rehearsal = Rehearsal(ledger.journal.engine, clock())
        answers = _rehearse(Ledger(Journal(rehearsal), clock), given, actor, faults)
        if faults.found:
            raise InputError(faults.found)
        try:
            written = ledger.journal.post_together(rehearsal.entries) if rehearsal.entries else ()
        except Refused:
            if last:  # somebody keeps writing between the rehearsal and this
                raise
        else:
            break
    new = {posted.key for posted in written if not posted.replayed}
    numbers = {posted.key: posted.seq for posted in written}
    return Imported(
        file=file,
        slips=tuple(
            SlipPosted(
                row=each.row,
                kind=each.kind,
                slip=each.slip,
                key=answer.key,
                seq=numbers.get(answer.key, answer.seq),
                new=answer.key in new,
            )
            for each, answer in sorted(answers, key=lambda pair: pair[0].row)
        ),
        encoding=given.encoding,
    )


def _content(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return source.read_bytes()
    except OSError:
        raise InputError([Fault(code="slips_missing", value=str(source))]) from None


def _rehearse(
    ledger: Ledger, given: SlipFile, actor: str, faults: Faults
) -> list[tuple[SlipRow, Posted]]:
    """Ask for every slip; what cannot be read, or is refused, becomes a fault of its row."""
    answers, refused = [], []
    for each in given.slips:
        try:
            answers.append((each, _ask(ledger, each, actor)))
        except InputError as error:
            for fault in error.faults:
                column = _COLUMNS.get(fault.column, fault.column)
                column = given.names.get(column, column)
                faults.found.append(replace(fault, file=faults.file, row=each.row, column=column))
        except Refused as no:
            code = f"refusal.{no.refusal.code}"
            refused.append(
                RefusedSlip(
                    code=code,
                    file=faults.file,
                    row=each.row,
                    column=given.names["slip"],
                    value=each.slip,
                    refusal=no.refusal,
                )
            )
    if not faults.found:  # a slip that was not read may be what another one lacks
        faults.found.extend(refused)
    faults.found.sort(key=lambda fault: fault.row or 0)
    return answers


def _ask(ledger: Ledger, each: SlipRow, actor: str) -> Posted:
    """The verb of a slip, under a key made of its kind and number; a ride makes its own key."""
    slip: SlipFields = {"effective": each.day, "ref": each.slip, "actor": actor}
    if each.kind == "ride":
        ride = DrivenRide(id=f"slip/{each.slip}", rider=each.member, driver=each.driver, km=each.km)
        return ledger.settle(ride, serials=each.serials, **slip)
    slip["key"] = f"slip/{each.kind}/{each.slip}"
    if each.kind == "booklet":
        return ledger.sell_booklet(each.member, each.km, serials=each.serials, **slip)
    if each.kind == "exchange":
        return ledger.exchange(each.member, km=each.km or None, serials=each.serials, **slip)
    amount = each.amount or None
    if each.kind == "spend":
        return ledger.spend(each.member, each.shop, amount, serials=each.serials, **slip)
    return ledger.reconvert(each.shop, amount, serials=each.serials, **slip)


_COLUMNS = {"rider": "member", "ride": "slip", "key": "slip", "ref": "slip", "effective": "date"}
"""What the verbs call the columns of the file."""
