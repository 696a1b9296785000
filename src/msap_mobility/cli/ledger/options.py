"""The arguments and options of ``msap ledger``, each written and worded once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli.group_options import GroupOptions
from msap_mobility.wording import say

if TYPE_CHECKING:
    from msap_mobility.wording import Lang

__all__ = ["argument", "choice", "file", "flag", "key", "option", "place", "schemes", "slip"]


_OWN = GroupOptions(
    group="ledger",
    ids=frozenset(
        ("member", "shop", "rider", "driver", "owner", "ride", "entry", "serial", "serials")
    ),
)

argument, option, choice = _OWN.argument, _OWN.option, _OWN.choice
flag, file = _OWN.flag, _OWN.file


def place(lang: Lang) -> click.Parameter:
    """Where the ledger is: a file, or the address of a PostgreSQL database."""
    return argument("place", lang)


def schemes(lang: Lang) -> tuple[click.Parameter, ...]:
    """Which scheme of the ledger, and in which schema of a PostgreSQL database its tables are."""
    return option("scheme", lang, word="name"), option("schema", lang, word="name")


def key(lang: Lang, words: str = "key") -> click.Parameter:
    """The idempotency key."""
    return click.Option(
        ["--idempotency-key", "key"],
        metavar=say("cli.ledger.word.key", lang),
        help=say(f"cli.ledger.option.{words}", lang),
    )


def slip(lang: Lang) -> tuple[click.Parameter, ...]:
    """What else comes with what is written: the day, the number of the slip, who wrote it."""
    texts: dict[str, Any] = {"ref": "", "actor": ""}
    return (
        option("date", lang, word="day"),
        *(
            click.Option(
                [f"--{name}"],
                default=default,
                metavar=say(f"cli.ledger.word.{name}", lang),
                help=say(f"cli.ledger.option.{name}", lang),
            )
            for name, default in texts.items()
        ),
    )
