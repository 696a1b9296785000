"""MapLibre GL, read as files from the `maplibre` package, which is never imported.

Absent the package (or WebGL, or scripts), the page keeps its still map.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

__all__ = ["LiveMap", "inline_script", "live_map"]

_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMap:
    """What the browser needs to draw a live map, as text to be put inside the page.

    Parameters
    ----------
    script, style
        MapLibre's JavaScript and CSS.
    notice
        Its licence, which has to travel with it.
    """

    script: str
    style: str
    notice: str


@cache
def live_map() -> LiveMap | None:
    """MapLibre's files, or None where they are not installed or not of a kind one can inline."""
    spec = find_spec("maplibre")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "srcjs"
    script, style = folder / "maplibre-gl.js", folder / "maplibre-gl.css"
    if not script.is_file() or not style.is_file():
        return None
    notice = files("msap_mobility.report") / "maplibre-licence.txt"
    return LiveMap(
        script=inline_script(script.read_text(encoding="utf-8")),
        style=style.read_text(encoding="utf-8").replace("</style", "<\\/style"),
        notice=notice.read_text(encoding="utf-8"),
    )


def inline_script(text: str) -> str:
    r"""JavaScript fit to stand inside ``<script>``: nothing in it ends or hides the element.

    Line ends become plain, as a browser makes them before it checks the script's hash, and the
    address of the source map goes, for nothing is to be fetched.

    Examples
    --------
    >>> inline_script('print("</script>");\r\n//# sourceMappingURL=x.js.map\n')
    'print("<\\/script>");\n\n'
    """
    plain = _SOURCE_MAP.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.replace("</script", "<\\/script").replace("<!--", "<\\!--")
