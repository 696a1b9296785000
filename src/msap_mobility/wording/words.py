"""A text somebody else wrote, in both languages: the title of a scenario, a source's note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msap_mobility.wording.catalogue import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.wording.catalogue import Lang

__all__ = ["Words"]


@dataclass(frozen=True, slots=True, order=True)
class Words:
    """One text in English and in French.

    Parameters
    ----------
    en, fr
        The text in each language.

    Examples
    --------
    >>> Words("Homes", "Foyers").told("fr"), Words.of("INSEE").told("en")
    ('Foyers', 'INSEE')
    """

    en: str
    fr: str

    @classmethod
    def of(cls, text: str | Mapping[str, str] | Words) -> Words:
        """Read data: one text for both languages, or one for each."""
        if isinstance(text, Words):
            return text
        if isinstance(text, str):
            return cls(text, text)
        return cls(text["en"], text["fr"])

    @classmethod
    def saying(cls, code: str, **values: Any) -> Words:
        """The catalogue's text of `code`, in both languages."""
        return cls(say(code, "en", **values), say(code, "fr", **values))

    def told(self, lang: Lang) -> str:
        """The text in `lang`."""
        return self.fr if lang == "fr" else self.en

    def to_data(self) -> str | dict[str, str]:
        """What `of` reads back: the text itself where both languages share it."""
        return self.en if self.en == self.fr else {"en": self.en, "fr": self.fr}
