"""The words people write in a rhythm, English and French, turned into the notation's own.

``notation`` reads one small language; this table is the dictionary that leads to it. Case,
accents, kinds of dash and spaces do not count.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["DAY_CODES", "plain"]

DAY_CODES = ("mo", "tu", "we", "th", "fr", "sa", "su")

_DAY_WORDS = {
    "mo": "monday mon lundi lun lu",
    "tu": "tuesday tues tue mardi mar ma",
    "we": "wednesday wed mercredi mer me",
    "th": "thursday thurs thur thu jeudi jeu je",
    "fr": "friday fri vendredi ven ve",
    "sa": "saturday sat samedi sam",
    "su": "sunday sun dimanche dim di",
}
_ORDINAL_WORDS = {
    "1st": "first premier premiere 1er 1re",
    "2nd": "second deuxieme 2e 2eme 2d",
    "3rd": "third troisieme 3e 3eme",
    "4th": "fourth quatrieme 4e 4eme",
    "5th": "fifth cinquieme 5e 5eme",
    "last": "dernier derniere",
}
_CODES = {
    word: code
    for table in (_DAY_WORDS, _ORDINAL_WORDS)
    for code, words in table.items()
    for word in words.split()
}
_DAY = f"(?:{'|'.join(DAY_CODES)})"
_NTH = f"(?:{'|'.join(_ORDINAL_WORDS)})"
_NUMBERS = {"deux": "2", "two": "2", "trois": "3", "three": "3", "quatre": "4", "four": "4"}
_TIMES = rf"(\d+|{'|'.join(_NUMBERS)})"

# Applied from the top down, on text whose days, ordinals and dates are already the notation's.
_PHRASES: tuple[tuple[str, str], ...] = (
    (r"\b(?:et|and)\b|&", ","),
    (r"\b(?:du mois|of (?:the|each|every) month)\b", ""),
    (r"\b(?:sauf|hors)(?: les)? jours feries\b", "not on public holidays"),
    (r"\b(?:sauf|hors)(?: les)? vacances(?: scolaires)?\b", "school term"),
    (r"\b(?:en periode scolaire|periode scolaire)\b", "school term"),
    (r"\b(?:(?:pendant les|en) )?vacances scolaires\b", "school holidays"),
    (rf"\bun ({_DAY}) sur {_TIMES}\b", r"every \2 weeks \1"),
    (rf"\bune semaine sur {_TIMES}\b", r"every \1 weeks"),
    (rf"\btoutes les {_TIMES} sem(?:aines\b|\b\.?)", r"every \1 weeks"),
    (rf"\bevery (?:2nd|other) ({_DAY})\b", r"every 2 weeks \1"),
    (r"\bchaque semaine\b", "every week"),
    (r"\b(?:les )?(?:semaines?|sem\.?) impaires?\b", "odd weeks"),
    (r"\b(?:les )?(?:semaines?|sem\.?) paires?\b", "even weeks"),
    (r"\blast jour\b", "last day"),
    (r"\b(?:a partir du|a compter du|des le|depuis le|du)\b", "from"),
    (r"\b(?:jusqu'au|au|to)(?= \d{4}-)", "until"),
    (r"\b(?:sauf|except)(?: les?)?\b", "except"),
    (r"\b(?:aussi|also)(?: les?)?\b", "also"),
    (r"\b(?:de|from) (?=\d{1,2} ?[:h])", ""),
    (r"(?<=[\dh]) (?:a|to) (?=\d{1,2} ?[:h])", "-"),
    (rf"\b(?:le|la|les|the|on|every|chaque|tous les) (?=(?:{_DAY}|{_NTH})\b)", ""),
    *((rf"\bevery {word}\b", f"every {digit}") for word, digit in _NUMBERS.items()),
    (r"(?<=\d) ?(h|:) ?(?=\d\d\b)", r"\1"),
    (r" *([,-]) *", r"\1"),
    (r"\s+", " "),
)  # fmt: skip
_ALIKE = str.maketrans({"–": "-", "—": "-", "−": "-", "\u2010": "-", "’": "'"})


def plain(text: str) -> str:
    """The text in the notation's own words, lower case.

    Examples
    --------
    >>> plain("Le 2e Jeudi du mois, de 13 h 30 à 16 h 30, hors jours fériés")
    '2nd th,13h30-16h30,not on public holidays'
    >>> plain("sem. impaires Ma 9h–12h")
    'odd weeks tu 9h-12h'
    """
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_ALIKE)
    words = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = re.sub(r"[a-z0-9]+", lambda match: _code(match[0]), " ".join(words.split()))
    words = re.sub(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b", _iso_date, words)
    for pattern, replacement in _PHRASES:
        words = re.sub(pattern, replacement, words)
    return words.strip()


def _code(word: str) -> str:
    return _CODES.get(word) or _CODES.get(word.removesuffix("s"), word)


def _iso_date(match: re.Match[str]) -> str:
    return f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
