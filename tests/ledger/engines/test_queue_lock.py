"""Writers of several processes go in one at a time, first come first served, whoever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from msap_mobility.ledger.engines import queue_lock as module
from msap_mobility.ledger.engines.byte_locks import ByteLocks
from msap_mobility.ledger.engines.queue_lock import ENDING, queue_lock
from msap_mobility.ledger.engines.unusable import Unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from msap_mobility.ledger.engines.queue_lock import QueueLock

WRITER = Path(__file__).with_name("line_writer.py")

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "accounts.sqlite"


@pytest.fixture
def line(database: Path) -> Iterator[QueueLock]:
    line = queue_lock(database, patience_s=60)
    yield line
    line.close()


@contextmanager
def writer(database: Path, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A `line_writer` of its own process, gone afterwards."""
    command = [sys.executable, str(WRITER), str(database), *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def until(is_so: Callable[[], bool]) -> None:
    """Wait for what other processes do; fails after a minute."""
    ends = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.002)


def tickets(line: QueueLock) -> int:
    """Tickets given, asked without a second descriptor of the file."""
    assert line._line is not None
    return line._line.locks.numbers()[0]


def test_processes_exclude_one_another(database: Path, tmp_path: Path) -> None:
    number = tmp_path / "number"
    number.write_text("0", "utf-8")
    command = [sys.executable, str(WRITER), str(database), "count", "200", str(number)]
    children = [subprocess.Popen(command) for _ in range(4)]
    assert [child.wait(60) for child in children] == [0] * 4
    assert number.read_text("utf-8") == "800"


def test_first_come_first_served(line: QueueLock, database: Path, tmp_path: Path) -> None:
    order = tmp_path / "order"
    children = []
    with line:
        for name in "abcdef":
            given = tickets(line)
            command = [sys.executable, str(WRITER), str(database), "append", name, str(order)]
            children.append(subprocess.Popen(command))
            until(lambda given=given: tickets(line) > given)  # type: ignore[misc]
    assert [child.wait(60) for child in children] == [0] * 6
    assert order.read_text("utf-8") == "abcdef"


def test_after_its_turn_a_process_stands_behind_those_who_wait(
    line: QueueLock, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TURN_NS", 0)
    order = tmp_path / "order"
    with line:
        given = tickets(line)
        child = subprocess.Popen([sys.executable, WRITER, database, "append", "other,", order])
        until(lambda: tickets(line) > given)
    with line, order.open("a", encoding="utf-8") as file:
        file.write("again")
    assert child.wait(60) == 0
    assert order.read_text("utf-8") == "other,again"


def test_who_comes_back_again_and_again_lets_others_in(line: QueueLock, database: Path) -> None:
    """With nobody leaving the door for long, a newcomer still gets in."""
    with writer(database, "pass", 3) as child:
        while child.poll() is None:
            with line:
                pass
        assert child.returncode == 0


@posix
def test_a_killed_holder_blocks_nobody(line: QueueLock, database: Path) -> None:
    with writer(database, "hold") as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "inside\n"
        child.send_signal(signal.SIGKILL)
        with line:
            assert line.in_turn


@posix
def test_a_killed_waiter_blocks_nobody(line: QueueLock, database: Path, tmp_path: Path) -> None:
    order = tmp_path / "order"
    with line:
        given = tickets(line)
        with writer(database, "append", "dead", order) as dead:
            until(lambda: tickets(line) > given)
            with writer(database, "append", "alive", order) as alive:
                until(lambda: tickets(line) > given + 1)
                dead.kill()
                dead.wait()
                line.__exit__(None, None, None)
                assert alive.wait(60) == 0
                line.__enter__()
    assert order.read_text("utf-8") == "alive"


@posix
def test_a_stopped_holder_is_waited_for_only_so_long(database: Path) -> None:
    hasty = queue_lock(database, patience_s=0.05)
    with writer(database, "hold") as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "inside\n"
        child.send_signal(signal.SIGSTOP)
        with hasty:
            assert not hasty.in_turn
        child.send_signal(signal.SIGKILL)
        child.wait()
        with hasty:
            assert hasty.in_turn
    hasty.close()


def test_two_locks_of_one_process_exclude_each_other(database: Path) -> None:
    one, other = queue_lock(database), queue_lock(database, patience_s=0.05)
    refused = []

    def try_other() -> None:
        with other:
            refused.append(not other.in_turn)

    with one:
        thread = threading.Thread(target=try_other)
        thread.start()
        thread.join()
    assert refused == [True]
    with other:
        assert other.in_turn
        assert not one.in_turn or one._line is other._line
    one.close()
    with other:
        assert other.in_turn
    other.close()


def test_threads_of_one_process_are_served_in_order(database: Path) -> None:
    line = queue_lock(database)
    order: list[int] = []
    started: list[threading.Thread] = []

    def work(no: int) -> None:
        with queue_lock(database) as _:
            order.append(no)

    with line:
        for no in range(8):
            thread = threading.Thread(target=work, args=(no,))
            started.append(thread)
            thread.start()
            until(lambda no=no: line._line.threads.waiting > no)  # type: ignore[misc, union-attr]
    for thread in started:
        thread.join(60)
    assert order == list(range(8))
    line.close()


def test_closing_one_lock_leaves_the_other_its_turn(line: QueueLock, database: Path) -> None:
    """POSIX drops all locks of a file when any of its descriptors is closed."""
    hasty = [sys.executable, "-c", HASTY.format(database=str(database))]
    with line:
        second = queue_lock(database)
        with second:
            pass
        second.close()
        assert subprocess.run(hasty, check=True, capture_output=True).stdout.strip() == b"False"
    assert subprocess.run(hasty, check=True, capture_output=True).stdout.strip() == b"True"


HASTY = """
from pathlib import Path
from msap_mobility.ledger.engines.queue_lock import queue_lock
line = queue_lock(Path({database!r}), patience_s=0.05)
with line:
    print(line.in_turn)
"""


def test_a_file_opened_twice_by_mistake_does_not_end_the_turn(
    line: QueueLock, database: Path
) -> None:
    """Two threads may open the file at the same moment; the second descriptor stays open."""
    hasty = [sys.executable, "-c", HASTY.format(database=str(database))]
    with line:
        file = database.with_name(database.name + ENDING)
        assert module._begin(file, database) is line._line
        assert subprocess.run(hasty, check=True, capture_output=True).stdout.strip() == b"False"


def test_nothing_stays_locked(
    line: QueueLock, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TURN_NS", 0)
    with line:
        given = tickets(line)
        assert line._line is not None
        line._line.locks.put(0, given + 1)  # as if one had died in line
    with line:
        assert tickets(line) == given + 2
    all_free = [sys.executable, "-c", ALL_FREE.format(database=str(database))]
    assert subprocess.run(all_free, check=True, capture_output=True).stdout.strip() == b"True"


ALL_FREE = """
from pathlib import Path
from msap_mobility.ledger.engines import queue_lock as module
from msap_mobility.ledger.engines.byte_locks import ByteLocks
database = Path({database!r})
locks = ByteLocks(database.with_name(database.name + module.ENDING), database)
print(locks.take(0, module._DOOR + 1))
"""


def test_a_thread_inside_may_enter_again(line: QueueLock) -> None:
    with line:
        with line:
            assert line.in_turn
        assert line.in_turn
    assert not line.in_turn


@posix
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # other tests' threads
def test_a_forked_child_has_no_part_in_it(line: QueueLock, database: Path) -> None:
    with line:
        child = os.fork()
        if child == 0:
            told = 1
            try:
                line.__enter__()
            except Unusable as no:
                fresh = queue_lock(database, patience_s=0.05)
                with fresh:
                    told = 0 if no.code == "forked" and not fresh.in_turn else 2
            finally:
                os._exit(told)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert line.in_turn


def test_numbers_left_by_the_dead_are_passed_over(database: Path) -> None:
    """A machine that went down left tickets given and never served."""
    file = database.with_name(database.name + ENDING)
    locks = ByteLocks(file, database)
    locks.put(0, 3 * module._TICKETS + 5)
    locks.put(1, 3)
    locks.close()
    line = queue_lock(database)
    for _ in range(2):
        with line:
            assert line.in_turn
    line.close()


def test_tickets_go_round(line: QueueLock, database: Path, tmp_path: Path) -> None:
    """The bytes of a million tickets are used again, in order across the turn."""
    order = tmp_path / "order"
    with line:
        locks = line._line.locks  # type: ignore[union-attr]
        locks.put(0, module._TICKETS - 2)
        locks.put(1, module._TICKETS - 2)
        children = []
        for name in "abcd":
            given = tickets(line)
            command = [sys.executable, str(WRITER), str(database), "append", name, str(order)]
            children.append(subprocess.Popen(command))
            until(lambda given=given: tickets(line) > given)  # type: ignore[misc]
    assert [child.wait(60) for child in children] == [0] * 4
    assert order.read_text("utf-8") == "abcd"


def test_without_a_file_there_is_no_line_but_no_harm(tmp_path: Path) -> None:
    line = queue_lock(tmp_path / "missing folder" / "accounts.sqlite")
    with line:
        assert not line.in_turn
    line.close()


@posix
def test_the_file_has_the_rights_of_the_database(database: Path) -> None:
    database.touch()
    database.chmod(0o660)
    line = queue_lock(database)
    with line:
        pass
    line.close()
    assert database.with_name(database.name + ENDING).stat().st_mode & 0o777 == 0o660


def test_links_to_one_database_lead_to_one_line(line: QueueLock, database: Path) -> None:
    link = database.with_name("link.sqlite")
    try:
        link.symlink_to(database)
    except OSError:
        pytest.skip("no links here")
    other = queue_lock(link)
    with line, other:
        assert other._line is line._line
    other.close()
