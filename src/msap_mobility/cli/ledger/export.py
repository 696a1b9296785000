"""``msap ledger export``: what the treasurer, the accountant and other programs read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msap_mobility.cli.ledger import options
from msap_mobility.cli.ledger.books import monthly_of, name_of
from msap_mobility.cli.ledger.command import group, reading
from msap_mobility.cli.ledger.output import free, hand_out, send
from msap_mobility.cli.ledger.periods import check_lived, fiscal_year
from msap_mobility.cli.ledger.telling import document
from msap_mobility.cli.ledger.typed import read
from msap_mobility.cli.printing import print_json
from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import click

    from msap_mobility.cli.ledger.asking import Desk
    from msap_mobility.ledger import Ledger
    from msap_mobility.ledger.books.chart import Chart
    from msap_mobility.wording import Lang

__all__ = ["commands"]


def commands(lang: Lang) -> Iterator[click.Command]:
    """The commands of this module."""
    out = options.option("out", lang, required=True, word="file"), options.flag("replace", lang)
    chart = options.file("chart", lang)
    year = options.option("year", lang)
    days = [options.option(name, lang, word="day") for name in ("since", "until")]
    closings = [options.option(name, lang, word="moment") for name in ("closed", "earlier_closed")]
    writing = (
        options.choice("encoding", lang, ("utf-8", "iso-8859-15"), "utf-8"),
        options.choice("line_end", lang, ("crlf", "lf"), "crlf"),
    )
    siren, names = options.option("siren", lang, required=True), options.flag("names", lang)
    folder = options.file("folder", lang, required=True, word="folder")
    accounting = (siren, year, *days, *closings, chart, names, *writing)
    month, owner = options.option("month", lang), options.argument("owner", lang)
    yield group(
        "export",
        lang,
        reading("export.fec", lang, fec, *accounting, folder, options.flag("replace", lang)),
        reading("export.trial-balance", lang, trial_balance, days[1], chart, *out),
        reading("export.beancount", lang, beancount, *out),
        reading("export.csv", lang, journal_csv, *out),
        reading("export.jsonl", lang, jsonl, *out),
        reading("export.statement-html", lang, statement_html, owner, month, *out),
    )


def fec(desk: Desk, folder: Path, replace: bool, names: bool, **asked: Any) -> None:
    """The FEC of a year, and the notice that goes with it."""
    from msap_mobility.ledger.books.fec import fec as made

    year = _year_asked(asked)
    with desk.ledger() as ledger:
        check_lived(ledger, year["period"])
        file = made(ledger.journal, names=_names(ledger) if names else None, **year)
        contents: dict[str, str | bytes] = {
            file.file_name: file.content,
            f"{Path(file.file_name).stem}-notice.txt": file.notice("fr"),
        }
        written = hand_out(folder, contents, replace=replace)
        _tell(desk, ledger, "fec", written, file.to_dict())
        for fault in file.replaced:
            desk.mention("cli.ledger.refused", why=fault.text(desk.lang))


def _year_asked(asked: dict[str, Any]) -> dict[str, Any]:
    """What `fec` wants, from what was typed; every fault of it at once."""
    from msap_mobility.ledger.books.fec_file import check_siren

    year: dict[str, Any] = {name: asked[name] for name in ("encoding", "line_end")}
    year["siren"] = "".join(asked["siren"].split())  # written by threes
    typed = {name: asked[name] for name in ("year", "since", "until", "closed", "earlier_closed")}
    with Faults() as faults:
        check_siren(year["siren"], faults)
        with faults.also():
            year["chart"] = _chart(asked["chart"])
        with faults.also():
            given = read(**typed)
            year["period"] = fiscal_year(given)
            year |= {name: given[name] for name in ("closed", "earlier_closed")}
    return year


def trial_balance(
    desk: Desk, until: str | None, chart: Path | None, out: str, replace: bool
) -> None:
    """The trial balance, the last day included."""
    from msap_mobility.ledger.books.period import midnight
    from msap_mobility.ledger.books.trial_balance import trial_balance as made

    given = read(until=until)
    end = given["until"] and midnight(given["until"] + timedelta(days=1))
    chosen = _chart(chart)
    with desk.ledger() as ledger:
        found = made(ledger.journal, end, chart=chosen)
        written = send(free(out, as_json=desk.as_json), found.to_csv(desk.lang), replace=replace)
        _tell(desk, ledger, "trial-balance", written, found.to_dict())


def beancount(desk: Desk, out: str, replace: bool) -> None:
    """The journal for beancount."""
    from msap_mobility.ledger.books.beancount import beancount as made

    with desk.ledger() as ledger:
        text = "".join(f"{line}\n" for line in made(ledger.journal))
        _tell(
            desk, ledger, "beancount", send(free(out, as_json=desk.as_json), text, replace=replace)
        )


def journal_csv(desk: Desk, out: str, replace: bool) -> None:
    """The journal as a table, a row for each leg."""
    from msap_mobility.ledger.books.journal_csv import journal_csv as made

    with desk.ledger() as ledger:
        text = "".join(made(ledger.journal, desk.lang))
        _tell(desk, ledger, "csv", send(free(out, as_json=desk.as_json), text, replace=replace))


def jsonl(desk: Desk, out: str, replace: bool) -> None:
    """All entries, a line each: the ledger can be built from it again."""
    from msap_mobility.ledger.proof.export import export_entries

    with desk.ledger() as ledger:
        text = "".join(export_entries(ledger.journal))
        _tell(desk, ledger, "jsonl", send(free(out, as_json=desk.as_json), text, replace=replace))


def statement_html(desk: Desk, owner: str, month: str | None, out: str, replace: bool) -> None:
    """A month's statements as a page for the printer."""
    from msap_mobility.report.statement_page import monthly_page

    given = read(month=month)
    with desk.ledger() as ledger:
        found = monthly_of(ledger, owner, given["month"])
        page = monthly_page(found, desk.lang, name=name_of(ledger, owner))
        _tell(
            desk,
            ledger,
            "statement-html",
            send(free(out, as_json=desk.as_json), page, replace=replace),
        )


def _tell(
    desk: Desk,
    ledger: Ledger,
    kind: str,
    written: Sequence[Mapping[str, Any]],
    content: Mapping[str, Any] | None = None,
) -> None:
    if desk.as_json:
        parts = {"kind": kind, "files": list(written), "content": content}
        print_json(document("exported", ledger, **parts))
        return
    for each in written:
        desk.tell("cli.ledger.exported", file=each["file"], sha256=each["sha256"])


def _chart(path: Path | None) -> Chart | None:
    from msap_mobility.ledger.books.chart import Chart

    return None if path is None else Chart.read(path)


def _names(ledger: Ledger) -> dict[str, str]:
    return {each.id: each.name for each in (*ledger.members(), *ledger.shops()) if each.name}
