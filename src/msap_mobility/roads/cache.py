"""Road graphs and hierarchies kept on disk: read and built once, ready at once ever after.

A file is named by everything that decides what is in it: the bytes and the name of the extract, the
profile, and the source of the code that makes it. Files appear whole, and bear a hash: whatever is
damaged counts as absent.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.compiled import cache_folder
from msap_mobility.errors import Fault, InputError
from msap_mobility.files import content_hash
from msap_mobility.provenance import Source
from msap_mobility.roads.array_files import DamagedError, read_arrays, write_arrays
from msap_mobility.roads.graph import RoadGraph
from msap_mobility.roads.hierarchy import Hierarchy
from msap_mobility.roads.hierarchy.hierarchy import Half
from msap_mobility.roads.sections import Sections
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.roads.network import Network
    from msap_mobility.roads.profile import Profile

__all__ = ["RoadCache"]

_KEPT = 32
"""Files; those used least recently go."""

_ABANDONED_S = 86_400
"""A file begun so long ago was left behind by a process that was killed."""

_log = logging.getLogger("msap_mobility.roads")
_log.addHandler(logging.NullHandler())


class RoadCache:
    """What has been made of one extract for one profile.

    Parameters
    ----------
    extract
        The file.
    profile
        Whose roads.
    folder
        Where files are kept; ``roads`` in `compiled.cache_folder` if not given.

    Raises
    ------
    InputError
        ``osm_file_missing``.
    """

    def __init__(self, extract: Path, profile: Profile, folder: Path | None = None) -> None:
        self._extract = extract
        self._profile = profile
        self._folder = cache_folder() / "roads" if folder is None else folder
        try:
            with extract.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            fault = Fault(code="osm_file_missing", file=str(extract), value=extract.name)
            raise InputError([fault]) from None
        self._key = content_hash(content, extract.name, _spelt(profile), _code())[:32]

    def graph(self) -> RoadGraph:
        """The graph, from disk or read anew from the extract and kept."""
        kept = self._read("graph")
        if kept is not None:
            return _graph(*kept, self._profile)
        graph = RoadGraph.from_osm(self._extract, self._profile)
        self._write("graph", *_parts_of_graph(graph))
        return graph

    def hierarchy(
        self, network: Network, watch: Callable[[float], object] | None = None
    ) -> Hierarchy:
        """The hierarchy of a network of `graph`, from disk or built and kept."""
        name = "nodes" if network.searches_nodes else "turns"
        kept = self._read(name)
        if kept is not None:
            return _hierarchy(kept[0])
        hierarchy = network.contract(watch)
        self._write(name, _parts_of_hierarchy(hierarchy), None)
        return hierarchy

    def _path(self, name: str) -> Path:
        return self._folder / f"{self._key}.{name}"

    def _read(self, name: str) -> tuple[dict[str, Any], Any] | None:
        """None if there is none that is whole."""
        path = self._path(name)
        try:
            read = read_arrays(path)
            os.utime(path)
        except (OSError, DamagedError):
            return None
        return read

    def _write(self, name: str, arrays: Any, told: Any) -> None:
        """Keep it, if that can be."""
        try:
            write_arrays(self._path(name), arrays, told)
            _prune(self._folder)
        except OSError as error:  # a full disk; a folder that may not be written
            _log.warning(say("roads.cache.unwritable", folder=self._folder, cause=error))


def _parts_of_graph(graph: RoadGraph) -> tuple[dict[str, Any], Any]:
    """Arrays by name, and all that is not an array."""
    arrays: dict[str, Any] = {}
    told: dict[str, Any] = {"sources": [source.to_dict() for source in graph.sources]}
    for prefix, record in (("graph.", graph), ("sections.", graph.sections)):
        for field in fields(record):
            value = getattr(record, field.name)
            if isinstance(value, np.ndarray):
                arrays[prefix + field.name] = value
            elif field.name not in ("sections", "sources", "profile"):
                told[prefix + field.name] = value
    return arrays, told


def _graph(arrays: Mapping[str, Any], told: Mapping[str, Any], profile: Profile) -> RoadGraph:
    parts = {**arrays, **{name: _frozen(value) for name, value in told.items()}}
    of_graph, of_sections = (
        {name.removeprefix(prefix): parts[name] for name in parts if name.startswith(prefix)}
        for prefix in ("graph.", "sections.")
    )
    sources = tuple(Source.from_dict(source) for source in told["sources"])
    sections = Sections(**of_sections)
    return RoadGraph(**of_graph, sections=sections, sources=sources, profile=profile)


def _parts_of_hierarchy(hierarchy: Hierarchy) -> dict[str, Any]:
    halves = {"up": hierarchy.up, "down": hierarchy.down}
    return {"place": hierarchy.place} | {
        f"{half}.{field.name}": getattr(halves[half], field.name)
        for half in halves
        for field in fields(Half)
    }


def _hierarchy(arrays: Mapping[str, Any]) -> Hierarchy:
    up, down = (
        Half(**{field.name: arrays[f"{half}.{field.name}"] for field in fields(Half)})
        for half in ("up", "down")
    )
    return Hierarchy(place=arrays["place"], up=up, down=down)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _spelt(value: Any) -> str:
    """A value as text that is the same in every process."""
    if is_dataclass(value):
        return _spelt({field.name: getattr(value, field.name) for field in fields(value)})
    if isinstance(value, Mapping):
        return str(sorted((_spelt(key), _spelt(one)) for key, one in value.items()))
    if isinstance(value, AbstractSet):
        return str(sorted(_spelt(one) for one in value))
    return repr(value)


@cache
def _code() -> str:
    """A hash of the code that reads roads and builds hierarchies."""
    roads = Path(__file__).parent
    files = [*roads.rglob("*.py"), *(roads.parent / "formats" / "osm").rglob("*.py")]
    return content_hash(np.__version__, *(file.read_bytes() for file in sorted(files)))


def _prune(folder: Path) -> None:
    """Let go of what was left behind, and of what has not been used for longest."""
    used: dict[Path, float] = {}
    for file in folder.iterdir():
        try:
            used[file] = file.stat().st_mtime
        except OSError:  # another process was sooner
            continue
        if file.name.startswith(".") and time() - used[file] > _ABANDONED_S:
            used[file] = 0.0
    whole = [file for file in used if not file.name.startswith(".")]
    oldest = sorted(whole, key=lambda file: used[file], reverse=True)[_KEPT:]
    left = [file for file in used if used[file] == 0.0]
    for file in {*oldest, *left}:
        try:
            file.unlink(missing_ok=True)
        except OSError:  # in use, where that forbids it
            continue
