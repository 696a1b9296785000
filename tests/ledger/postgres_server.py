"""A PostgreSQL for tests: the one of MSAP_TEST_PG_DSN, or a private one of this process.

The private one lives in a temporary folder, listens on a Unix socket only, and is stopped when the
process ends. Each worker of a parallel run starts its own.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

_numbers = itertools.count(1)


@functools.cache
def dsn() -> str:
    """Where PostgreSQL is; skips the test where there is none."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install psycopg[binary]")
    given = os.environ.get("MSAP_TEST_PG_DSN")
    if given:
        return given
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL: set MSAP_TEST_PG_DSN, or install it (initdb, pg_ctl)")
    return _start(programs)


def new_schema_name() -> str:
    """A schema no other test, and no other worker, uses."""
    return f"ledger_{os.getpid()}_{next(_numbers)}"


def drop(schema: str) -> None:
    """Remove a schema and what is in it."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(dsn(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema))
        )


def _programs() -> Path | None:
    """The folder of initdb and pg_ctl: the newest of Debian's, else what stands on PATH."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(on_path).resolve().parent if on_path else None


def _start(programs: Path) -> str:
    folder = Path(tempfile.mkdtemp(prefix="msap-pg-", dir="/tmp"))
    as_user: dict[str, Any] = {}
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        user, group = _other_user()
        as_user = {"user": user, "group": group, "extra_groups": []}
        os.chown(folder, user, group)

    def run(program: str, *arguments: str) -> None:
        with (folder / "out").open("ab") as out:
            done = subprocess.run(
                [programs / program, *arguments],
                **as_user,
                cwd=folder,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            raise RuntimeError((folder / "out").read_text())

    data = str(folder / "data")
    run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c shared_buffers=32MB"
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")

    def stop() -> None:
        run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"host={folder} user=postgres dbname=postgres"


def _other_user() -> tuple[int, int]:
    import pwd

    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return user.pw_uid, user.pw_gid
