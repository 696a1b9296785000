"""How the property tests run: at random for a developer, the same cases every time in CI."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # busy machines

settings.register_profile("developer", **UNTIMED)
settings.register_profile("ci", **UNTIMED, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "developer")
