"""How a command ends: the exit codes, and what an error looks like to the user."""

from __future__ import annotations

import json
import os
import traceback
from enum import IntEnum
from typing import TYPE_CHECKING

import click

from msap_mobility.errors import InputError, LedgerError, MissingExtra, MsapError
from msap_mobility.wording import LANGUAGES, say

if TYPE_CHECKING:
    from typing import TypeGuard

    from msap_mobility.desk import DeskUnusable
    from msap_mobility.wording import Lang

__all__ = ["Exit", "end_with"]


class Exit(IntEnum):
    """Exit codes, the same for every command."""

    DONE = 0  # people left unserved included: that is an answer
    FAULT_OF_OURS = 1
    WRONG_INPUT = 2
    MISSING_EXTRA = 3
    VIOLATIONS = 4
    REFUSAL = 5  # the ledger or the desk says no
    INTERRUPTED = 130


def end_with(error: BaseException, *, lang: Lang, as_json: bool) -> Exit:
    """Tell the user what went wrong and choose the exit code. Never a bare traceback.

    Parameters
    ----------
    error
        What ended the command.
    lang
        Language of the user.
    as_json
        Whether stdout is to carry the faults as data.
    """
    if isinstance(error, InputError):
        return _wrong_input(error, lang, as_json=as_json)
    if isinstance(error, MissingExtra):
        _say(error.text(lang))
        return Exit.MISSING_EXTRA
    if isinstance(error, LedgerError) or _is_unusable_desk(error):
        return _refused(error, lang, as_json=as_json)
    if isinstance(error, KeyboardInterrupt):
        _say(say("cli.interrupted", lang))
        return Exit.INTERRUPTED
    if isinstance(error, OSError):
        _say(_refused_by_system(error, lang))
        return Exit.WRONG_INPUT
    return _fault_of_ours(error, lang)


def _wrong_input(error: InputError, lang: Lang, *, as_json: bool) -> Exit:
    if as_json:
        faults = {"schema": "msap.faults/1", "faults": [fault.to_dict() for fault in error.faults]}
        click.echo(json.dumps(faults, ensure_ascii=False, indent=2, allow_nan=False))
    _say(say("cli.faults", lang, n=len(error.faults)))
    for fault in error.faults:
        _say(f"  {fault.text(lang)}")
    return Exit.WRONG_INPUT


def _refused(error: LedgerError | DeskUnusable, lang: Lang, *, as_json: bool) -> Exit:
    from msap_mobility.ledger.outcome import Refused

    if as_json:
        if isinstance(error, Refused):
            refusal = error.refusal
            told = {"schema": "msap.ledger.refusal/1", **refusal.to_dict()}
            told["what"] = {each: refusal.what(each) for each in LANGUAGES}
            told["remedy"] = {each: refusal.remedy(each) for each in LANGUAGES}
        else:
            owner = "ledger" if isinstance(error, LedgerError) else "desk"
            told = {"schema": f"msap.{owner}.unusable/1", "code": getattr(error, "code", "")}
            told["text"] = {each: error.text(each) for each in LANGUAGES}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False))
    _say(error.text(lang))
    return Exit.REFUSAL


def _is_unusable_desk(error: BaseException) -> TypeGuard[DeskUnusable]:
    if not isinstance(error, MsapError):
        return False
    from msap_mobility.desk import DeskUnusable

    return isinstance(error, DeskUnusable)


def _refused_by_system(error: OSError, lang: Lang) -> str:
    known: dict[type[OSError], str] = {
        PermissionError: "permission",
        FileNotFoundError: "not_found",
        IsADirectoryError: "is_folder",
        NotADirectoryError: "not_folder",
    }
    kind = known.get(type(error), "other")
    return say(f"cli.system.{kind}", lang, path=error.filename or "", why=error.strerror or error)


def _fault_of_ours(error: BaseException, lang: Lang) -> Exit:
    if os.environ.get("MSAP_DEBUG"):
        traceback.print_exception(error)
    _say(say("cli.fault_of_ours", lang, kind=type(error).__name__, why=error))
    return Exit.FAULT_OF_OURS


def _say(text: str) -> None:
    click.echo(text, err=True)
