"""What every command of a group is told: which place is meant, and how to answer."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from msap_mobility.wording import say

if TYPE_CHECKING:
    from msap_mobility.wording import Lang

__all__ = ["Asked", "clock_us"]


def clock_us() -> int:
    """The time that is written down, microseconds since 1970 UTC."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a command is told.

    Parameters
    ----------
    place
        A file, or the address of a PostgreSQL database.
    lang, as_json
        How to answer.
    """

    place: str
    lang: Lang = "en"
    as_json: bool = False

    @property
    def shown(self) -> str:
        """The place as it may be shown: without a password.

        Examples
        --------
        >>> Asked(place="postgresql://desk:secret@localhost/maison").shown
        'postgresql://desk:…@localhost/maison'
        """
        hidden = re.sub(r"(://[^:@/]*:)[^@/]*@", r"\1…@", self.place)
        return re.sub(r"(password=)[^&]*", r"\1…", hidden)

    def say(self, code: str, **values: object) -> str:
        """The text under `code`, in the language asked for."""
        return say(code, self.lang, **values)

    def tell(self, code: str, **values: object) -> None:
        """Print such a text on stdout."""
        click.echo(self.say(code, **values))

    def mention(self, code: str, **values: object) -> None:
        """Print such a text on stderr: it is no part of the result."""
        click.echo(self.say(code, **values), err=True)
