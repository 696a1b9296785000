"""The Django example runs its own tests, in a process of its own, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ledger import postgres_server

pytest.importorskip("django")

EXAMPLE = Path(__file__).parents[2] / "examples" / "django_ledger"


def run(**environment: str) -> str:
    """What ``manage.py test`` says; warnings are errors."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "test", "--noinput"],
        cwd=EXAMPLE,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_on_sqlite() -> None:
    assert "Ran 4 tests" in run()


def test_on_postgres() -> None:
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(postgres_server.dsn())
    address = {
        name: str(given[part])
        for part, name in {
            "host": "PGHOST",
            "port": "PGPORT",
            "user": "PGUSER",
            "password": "PGPASSWORD",
            "dbname": "PGDATABASE",
        }.items()
        if part in given
    }
    assert "Ran 4 tests" in run(TEST_DATABASE=f"rides_{os.getpid()}", **address)
