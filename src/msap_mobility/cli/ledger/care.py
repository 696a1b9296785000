"""Care of a ledger: verified, copied, restored; proofs to hand out; tables for a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli import options as shared
from msap_mobility.cli.endings import Exit
from msap_mobility.cli.ledger import options
from msap_mobility.cli.ledger.checkpoints import checkpoint_given, secret_of
from msap_mobility.cli.ledger.command import reading
from msap_mobility.cli.ledger.output import send
from msap_mobility.cli.ledger.telling import document, iso
from msap_mobility.cli.printing import print_json
from msap_mobility.cli.usage import context_in
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.cli.ledger.asking import Desk
    from msap_mobility.ledger.proof.checkpoint import Checkpoint
    from msap_mobility.ledger.proof.finding import Verification
    from msap_mobility.wording import Lang

__all__ = ["commands"]

_SERVERS = ("postgresql://", "postgres://")


def commands(lang: Lang) -> Iterator[click.Command]:
    """The commands of this module."""
    secret = options.file("secret", lang)
    against = options.option("checkpoint", lang), secret
    out = options.option("out", lang, word="file"), options.flag("replace", lang)
    yield reading("verify", lang, verify, *against)
    yield reading("backup", lang, backup, options.file("out", lang, required=True))
    yield reading("restore", lang, restore, options.argument("target", lang), *against)
    yield reading("checkpoint", lang, checkpoint, *out, secret)
    yield reading("receipt", lang, receipt, options.argument("entry", lang), *out)
    yield _schema(lang)


def verify(desk: Desk, checkpoint: str | None, secret: Path | None) -> Exit:
    """Read everything and check all there is to check."""
    from msap_mobility.ledger.proof.verify import verify_file

    against = checkpoint_given(checkpoint, desk.scheme, secret)
    if desk.place.startswith(_SERVERS):
        with desk.ledger() as ledger:
            found = ledger.verify(against)
    else:  # a file may be too damaged to be opened
        found = verify_file(Path(desk.place), desk.scheme, against)
    return _tell(desk, found, "verification")


def backup(desk: Desk, out: Path) -> None:
    """Copy the ledger and verify the copy."""
    from msap_mobility.ledger.proof.backup import checkpoint_file

    with desk.ledger() as ledger:
        made = ledger.backup(out)
        if desk.as_json:
            files = [out.as_posix(), checkpoint_file(out).as_posix()]
            told = {"files": files, "checkpoint": _checkpoint_data(made)}
            print_json(document("backup", ledger, **told))
            return
        desk.tell("cli.ledger.backed_up", file=out, seq=made.seq)
        desk.tell("cli.ledger.keep_line")
        click.echo(made.to_text())


def restore(desk: Desk, target: str, checkpoint: str | None, secret: Path | None) -> Exit:
    """Make a ledger of a backup."""
    from msap_mobility.ledger import Ledger

    against = checkpoint_given(checkpoint, desk.scheme, secret)
    found = Ledger.restore(desk.place, target, against, desk.scheme)
    if not desk.as_json:
        desk.tell("cli.ledger.restored", file=target)
    return _tell(desk, found, "restored")


def checkpoint(desk: Desk, out: str | None, replace: bool, secret: Path | None) -> None:
    """The state of the scheme in one line, signed if a secret is given."""
    key = None if secret is None else secret_of(secret)
    with desk.ledger() as ledger:
        state = ledger.checkpoint()
        if key is not None:
            state = state.sign(key)
        if out is not None:
            send(out, f"{state.to_text()}\n", replace=replace)
        if desk.as_json:
            print_json(document("checkpoint", ledger, checkpoint=_checkpoint_data(state)))
        elif out is None:
            click.echo(state.to_text())


def receipt(desk: Desk, entry: str, out: str | None, replace: bool) -> None:
    """One entry and the proof that the ledger holds it, for who was paid or paid."""
    with desk.ledger() as ledger:
        data = ledger.receipt(entry).to_dict()
        if out is not None:
            text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
            send(out, text, replace=replace)
        if desk.as_json or out is None:
            print_json(data)


def show_schema(
    *, sql: bool, since: int, schema: str | None, role: str | None, lang: Lang, as_json: bool
) -> None:
    """The tables for PostgreSQL, as SQL; no server is asked."""
    from msap_mobility.ledger.engines import postgres_schema as tables

    name = schema or tables.SCHEMA
    text = tables.schema_sql(name, since)
    if role is not None:
        text += tables.grants_sql(role, name)
    if as_json:
        told = {"version": tables.SCHEMA_VERSION, "since": since, "name": name, "sql": text}
        print_json({"schema": "msap.ledger.schema/1", **told})
    elif sql:
        click.echo(text, nl=False)
    else:
        click.echo(say("cli.ledger.schema_version", lang, version=tables.SCHEMA_VERSION))


def _schema(lang: Lang) -> click.Command:
    """The one command that needs no ledger."""
    since = click.Option(
        ["--from", "since"],
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help=say("cli.ledger.option.from", lang),
    )

    def run(key: str, **asked: Any) -> None:  # noqa: ARG001 - it writes nothing
        show_schema(**asked)

    named = [options.option("schema", lang, word="name"), options.option("role", lang, word="name")]
    made = click.Command(
        "schema",
        callback=run,
        params=[
            options.flag("sql", lang),
            since,
            *named,
            options.key(lang, "no_key"),
            shared.as_json(lang),
            shared.language(lang),
        ],
        help=say("cli.ledger.schema.help", lang),
        short_help=say("cli.ledger.schema.short", lang),
    )
    made.context_class = context_in(lang)
    return made


def _tell(desk: Desk, found: Verification, name: str) -> Exit:
    if desk.as_json:
        data = {"scheme": found.scheme, "verification": found.to_dict()}
        print_json({"schema": f"msap.ledger.{name}/1", **data})
    else:
        click.echo(found.summary(desk.lang))
    return Exit.DONE if found.sound else Exit.VIOLATIONS


def _checkpoint_data(state: Checkpoint) -> dict[str, Any]:
    data = {**state.to_dict(), "recorded": iso(state.recorded)}
    return {**data, "text": state.to_text()}
