"""The law needs no package: a maison's small server may carry it alone."""

from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import json, sys
import msap_mobility.carpool.law.registry
print(json.dumps(sorted(name.partition('.')[0] for name in sys.modules)))
"""


def test_nothing_heavy_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert not loaded & {"numpy", "pandas", "numba", "ortools", "scipy", "pydantic"}
