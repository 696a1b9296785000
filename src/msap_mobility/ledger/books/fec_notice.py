"""The description of a FEC: every zone, every code, all that is needed to read the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.ledger.books.fec_line import FEC_COLUMNS
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.wording import Lang

__all__ = ["fec_notice"]


def fec_notice(
    lang: Lang,
    *,
    file_name: str,
    sha256: str,
    siren: str,
    period: str,
    lines: int,
    entries: int,
    encoding: str,
    line_end: str,
    journals: Mapping[str, str],
    assets: Sequence[str],
) -> str:
    """The text of the description, in `lang`.

    Parameters
    ----------
    lang
        ``"fr"`` for the tax office.
    file_name, sha256, siren, period, lines, entries
        Of the file.
    encoding, line_end
        How it is written.
    journals
        Code and label of each journal in it.
    assets
        Codes in ``Idevise``.
    """
    facts = say(
        "books.notice.file",
        lang,
        file=file_name,
        sha256=sha256,
        siren=siren,
        period=period,
        lines=lines,
        entries=entries,
    )
    written = say(
        "books.notice.writing",
        lang,
        encoding=encoding,
        line_end=say(f"books.notice.{line_end}", lang),
    )
    parts = [
        say("books.notice.title", lang),
        facts,
        written,
        say("books.notice.zones", lang),
        *(_zone(number, name, lang) for number, name in enumerate(FEC_COLUMNS, start=1)),
        say("books.notice.codes", lang),
        *(f"- JournalCode {code}: {label}" for code, label in journals.items()),
        *(say("books.notice.asset", lang, asset=asset) for asset in assets),
        say("books.notice.rules", lang),
    ]
    return "\n".join(parts) + "\n"


def _zone(number: int, name: str, lang: Lang) -> str:
    return f"{number}. {name}: {say(f'books.fec.{name}', lang)}"
