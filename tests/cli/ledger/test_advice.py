"""What people are advised to do can be done: commands, options and verbs named in words exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from msap_mobility.cli.ledger import ledger_group
from msap_mobility.cli.program import program
from msap_mobility.ledger import Ledger, SchemeRules
from msap_mobility.wording import LANGUAGES, Lang, codes
from msap_mobility.wording.catalogue import _texts

LEADS = ("refusal.", "fault.", "unusable.", "finding.", "books.", "ledger_", "cli.ledger.")
COMMAND = re.compile(r"msap ledger ((?:[a-z-]+ ?)+)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
VERB = re.compile(r"\b(Ledger|SchemeRules)\.(\w+)")

FACES = {"Ledger": Ledger, "SchemeRules": SchemeRules}


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Each command and group with the words that lead to it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield f"{path}{name}", found
        if isinstance(found, click.Group):
            yield from commands(found, f"{path}{name} ")


ALL = dict(commands(ledger_group("en")))


def options_of(command: click.Command) -> set[str]:
    """The options a command takes."""
    return {word for each in command.params for word in each.opts}


EVERY = dict(commands(program("en"))).values()
KNOWN = set().union(*map(options_of, EVERY)) | {"--help"}
"""The options some command takes: a fault told in several groups names those of all."""


def texts(lang: Lang) -> dict[str, str]:
    """What the ledger and its commands may say."""
    return {code: _texts(lang)[code] for code in codes(lang) if code.startswith(LEADS)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_commands_named_exist(lang: Lang) -> None:
    named = 0
    for code, text in texts(lang).items():
        for words in COMMAND.findall(text):
            path = words.split()
            assert any(" ".join(path[:n]) in ALL for n in (1, 2)), (code, text)
            named += 1
    assert named > 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_options_named_exist(lang: Lang) -> None:
    named = {
        (option, code) for code, text in texts(lang).items() for option in OPTION.findall(text)
    }
    assert len(named) > 10
    assert [each for each in named if each[0] not in KNOWN] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ALL)
def test_a_command_s_help_names_its_own_options(path: str, lang: Lang) -> None:
    for part in ("short", "help"):
        text = _texts(lang)[f"cli.ledger.{path.replace(' ', '.')}.{part}"]
        own = options_of(ALL[path])
        if isinstance(ALL[path], click.Group):
            own = own.union(
                *(options_of(each) for name, each in ALL.items() if name.startswith(f"{path} "))
            )
        assert set(OPTION.findall(text)) <= own, (path, text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_verbs_named_exist(lang: Lang) -> None:
    named = [found for text in texts(lang).values() for found in VERB.findall(text)]
    assert named
    for face, verb in named:
        assert hasattr(FACES[face], verb)
