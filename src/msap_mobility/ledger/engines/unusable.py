"""A ledger that cannot be used now, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.errors import LedgerError
from msap_mobility.wording import say

if TYPE_CHECKING:
    from msap_mobility.wording import Lang

__all__ = ["Unusable"]


class Unusable(LedgerError):  # noqa: N818 - the name says what the matter is
    """The file or the server of a ledger cannot be used. Nothing was written.

    Parameters
    ----------
    code
        Stable code; ``unusable.<code>.what`` and ``.remedy`` are its words.
    **values
        What the words need: the path, the system's own message.

    Examples
    --------
    >>> print(Unusable("forked"))
    The ledger was opened by the process this one was forked from. Open it again in this process.
    """

    def __init__(self, code: str, **values: Any) -> None:
        self.code = code
        self.values = values
        super().__init__(self.text("en"))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.code, self.values)

    def text(self, lang: Lang = "en") -> str:
        """What is the matter and what to do about it, in `lang`."""
        what = say(f"unusable.{self.code}.what", lang, **self.values)
        return f"{what} {say(f'unusable.{self.code}.remedy', lang, **self.values)}"


def _again(code: str, values: dict[str, Any]) -> Unusable:
    return Unusable(code, **values)
