"""Look a text up by its code and fill in its values."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING, Any, Literal, get_args

from msap_mobility.wording import quantities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Lang = Literal["en", "fr"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)


class _SpokenFormatter(Formatter):
    """Fill a template, knowing our format names (`distance`, `clock`, …) in one language."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        spoken = quantities.FORMATS.get(format_spec)
        if spoken is not None:
            return spoken(value, self.lang)
        return str(super().format_field(value, format_spec))


@cache
def _texts(lang: Lang) -> Mapping[str, str]:
    """All texts of one language: ``{"fault.duplicate_id.what": "…"}``."""
    texts: dict[str, str] = {}
    folder = files("msap_mobility.wording") / lang
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            texts.update(_flatten(tomllib.loads(file.read_text(encoding="utf-8")), ""))
    return texts


def _flatten(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def codes(lang: Lang) -> frozenset[str]:
    """Every code the catalogue of `lang` can say.

    Examples
    --------
    >>> codes("fr") == codes("en")
    True
    """
    return frozenset(_texts(lang))


def has(code: str, lang: Lang = "en") -> bool:
    """Whether the catalogue of `lang` holds `code`.

    Examples
    --------
    >>> has("no.such.code")
    False
    """
    return code in _texts(lang)


def say(code: str, lang: Lang = "en", **values: Any) -> str:
    """The text of `code` in `lang`, its fields filled with `values`.

    A code with the two forms ``code.one`` and ``code.other`` is chosen by the value `n`: French
    counts 0 and 1 as one, English only 1.

    Parameters
    ----------
    code
        Dotted code of the catalogue.
    lang
        ``"en"`` or ``"fr"``.
    **values
        What the text's fields are filled with.

    Raises
    ------
    KeyError
        If the catalogue has no such code: a fault of ours, which a test looks for.

    Examples
    --------
    >>> say("unit.people", "fr", n=1), say("unit.people", "en", n=3)
    ('1 personne', '3 people')
    """
    texts = _texts(lang)
    if code not in texts and "n" in values:
        singular = values["n"] in ((0, 1) if lang == "fr" else (1,))
        code = f"{code}.{'one' if singular else 'other'}"
    return _SpokenFormatter(lang).vformat(texts[code], (), values)
