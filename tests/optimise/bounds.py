"""When every kernel is compiled once more, with every index checked."""

from __future__ import annotations

import os

import pytest

checks_bounds = pytest.mark.skipif(
    not os.environ.get("MSAP_BOUNDSCHECK"),
    reason="compiles kernels again: set MSAP_BOUNDSCHECK to have it done, as .ci/run does",
)
