"""Engines that read the extract themselves: OSRM and Valhalla, with their own profiles of a car."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.model import Points

__all__ = ["PEERS", "Osrm", "Valhalla", "absent", "osrm_on", "valhalla_on"]

PEERS = ("osrm", "pandana", "scipy", "igraph", "networkx", "valhalla")

_NO_LIMIT = 10**9


def absent(peers: list[str]) -> dict[str, str]:
    """Those of some peers that are not installed, and what that is to whoever reads the table."""
    return {peer: "not installed" for peer in peers if find_spec(peer) is None}


@contextmanager
def osrm_on(extract: Path, peers: tuple[str, ...]) -> Iterator[Osrm | None]:
    """OSRM on an extract, in a folder that goes away; None if it is not asked for."""
    with tempfile.TemporaryDirectory() as folder:
        yield Osrm(extract, Path(folder)) if "osrm" in peers else None


@contextmanager
def valhalla_on(extract: Path, peers: tuple[str, ...]) -> Iterator[Valhalla | None]:
    """Valhalla likewise."""
    with tempfile.TemporaryDirectory() as folder:
        yield Valhalla(extract, Path(folder)) if "valhalla" in peers else None


class Osrm:
    """OSRM's contraction hierarchy through its bindings, with its own car profile.

    Parameters
    ----------
    extract
        An ``.osm.pbf``.
    folder
        Where it may write.
    """

    def __init__(self, extract: Path, folder: Path) -> None:
        osrm = import_module("osrm")
        home = Path(str(osrm.__file__)).parent
        base = folder / "roads.osm.pbf"
        base.write_bytes(extract.read_bytes())
        profile = str(home / "share" / "profiles" / "car.lua")
        self.extract_s = _seconds_of("osrm", "extract", "-t", "1", "-p", profile, str(base))
        network = folder / "roads.osrm"
        self.contract_s = _seconds_of("osrm", "contract", "-t", "1", str(network))
        self._engine = osrm.OSRM(storage_config=str(network), use_shared_memory=False)

    def table(self, origins: Points, destinations: Points) -> Any:
        """Seconds, as an array."""
        osrm = import_module("osrm")
        places = [
            osrm.Coordinate((lon, lat))
            for points in (origins, destinations)
            for lon, lat in zip(points.lon.tolist(), points.lat.tolist(), strict=True)
        ]
        first = len(origins)
        asked = osrm.TableParameters(
            coordinates=places,
            sources=list(range(first)),
            destinations=list(range(first, len(places))),
            annotations=["duration"],
        )
        found = self._engine.Table(asked)["durations"]
        rows = [[np.nan if cell is None else cell for cell in row] for row in found]
        return np.array(rows, dtype=np.float64)


class Valhalla:
    """Valhalla's tiles and matrix through its bindings, with its own costing of a car.

    Parameters
    ----------
    extract
        An ``.osm.pbf``.
    folder
        Where it may write.
    """

    def __init__(self, extract: Path, folder: Path) -> None:
        valhalla = import_module("valhalla")
        tiles, settings = folder / "tiles", folder / "valhalla.json"
        tiles.mkdir()
        config = valhalla.get_config(tile_extract="", tile_dir=tiles)
        config["mjolnir"]["concurrency"] = 1
        limits = config["service_limits"]["auto"]
        limits["max_matrix_distance"] = limits["max_matrix_location_pairs"] = _NO_LIMIT
        settings.write_text(json.dumps(config), encoding="utf-8")
        words = ("valhalla_build_tiles", "-c", str(settings), str(extract))
        self.tiles_s = _seconds_of("valhalla", *words)
        self._actor = valhalla.Actor(settings)

    def table(self, origins: Points, destinations: Points) -> Any:
        """Seconds, as an array."""
        sources, targets = (
            [
                {"lon": lon, "lat": lat}
                for lon, lat in zip(points.lon.tolist(), points.lat.tolist(), strict=True)
            ]
            for points in (origins, destinations)
        )
        asked = {"sources": sources, "targets": targets, "costing": "auto", "verbose": False}
        rows = self._actor.matrix(asked)["sources_to_targets"]["durations"]
        return np.array(
            [[np.nan if cell is None else cell for cell in row] for row in rows], np.float64
        )


def _seconds_of(package: str, *words: str) -> float:
    """Seconds that one of the programs of a package takes; Valhalla's are looked for by PATH."""
    beside = str(Path(sys.executable).parent)
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", package, *words],
        check=True,
        env={**os.environ, "PATH": os.pathsep.join((beside, os.environ.get("PATH", "")))},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun
