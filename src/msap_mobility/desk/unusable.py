"""A desk that cannot be used now, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.errors import MsapError
from msap_mobility.wording import say

if TYPE_CHECKING:
    from msap_mobility.wording import Lang

__all__ = ["DeskUnusable"]


class DeskUnusable(MsapError):  # noqa: N818 - the name says what the matter is
    """The file or the server of a desk cannot be used. Nothing was written.

    Parameters
    ----------
    code
        Stable code; ``desk.unusable.<code>`` are its words.
    **values
        What the words need: the place, the system's own message.

    Examples
    --------
    >>> print(DeskUnusable("busy", place="desk.sqlite", said="database is locked"))
    Others have been writing to desk.sqlite for too long (database is locked). Try again.
    """

    def __init__(self, code: str, **values: Any) -> None:
        self.code = code
        self.values = values
        super().__init__(self.text("en"))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.code, self.values)

    def text(self, lang: Lang = "en") -> str:
        """What is the matter and what to do about it, in `lang`."""
        return say(f"desk.unusable.{self.code}", lang, **self.values)


def _again(code: str, values: dict[str, Any]) -> DeskUnusable:
    return DeskUnusable(code, **values)
