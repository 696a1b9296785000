"""Where the real data lies, and the skip that says so when it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("MSAP_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


def real_data(name: str) -> Path:
    """The path of a real data file; the calling test is skipped, visibly, where it is absent."""
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"real data not at hand: {name}")
    return path
