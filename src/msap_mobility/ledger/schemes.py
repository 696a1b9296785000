"""Which scheme of a ledger is meant: the one that is named, or the only one there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["chosen"]


def chosen(wanted: str | None, known: Iterable[str]) -> str:
    """The name of the scheme that is meant.

    Parameters
    ----------
    wanted
        Its name; None is the only one.
    known
        The names there are.

    Raises
    ------
    InputError
        If there is none of this name, or none is named and there are several, or none at all.

    Examples
    --------
    >>> chosen(None, ["ayen"])
    'ayen'
    >>> chosen(None, ["ayen", "brive"])
    Traceback (most recent call last):
    ...
    msap_mobility.errors.InputError: The ledger holds several schemes: ayen, brive. ...
    """
    names = sorted(map(str, known))
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted is not None and wanted in names:
        return wanted
    code = "no_scheme" if not names else "scheme_not_named" if wanted is None else "scheme_unknown"
    raise InputError([Fault(code=code, value=wanted, details={"known": ", ".join(names)})])
