"""Every word shown to a person, in French and English, and nothing else.

Errors, reasons and results are data with a stable `code`; they become a sentence here, at the
last moment, in the language of the reader. Catalogues are TOML files, one folder per language and
one file per package that speaks (``wording/fr/tours.toml``), so that a translator needs no Python.

A text may hold fields with one of our formats: ``{distance_m:distance}``, ``{wait_s:duration}``,
``{start_s:clock}``, ``{people:count}``, ``{covered:share}``, ``{about:percent}``,
``{day:date}``, ``{weekday:weekday}``.
"""

from msap_mobility.wording.catalogue import LANGUAGES, Lang, codes, has, say
from msap_mobility.wording.quantities import (
    clock,
    count,
    day,
    distance,
    duration,
    percent,
    share,
    weekday,
)
from msap_mobility.wording.words import Words

__all__ = [
    "LANGUAGES",
    "Lang",
    "Words",
    "clock",
    "codes",
    "count",
    "day",
    "distance",
    "duration",
    "has",
    "percent",
    "say",
    "share",
    "weekday",
]
