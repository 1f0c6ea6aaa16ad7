"""What stays of a command that serves: it ends all when one ends, tells each once, waits for a time, then kills."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.conftest import on_postgresql

pytestmark = pytest.mark.skipif(on_postgresql(), reason="what only watches knows no engine")

# Two children, of which the first hears SIGTERM as told, watched over once both say that they are there.
STARTED = """
import os, signal, sys
from calypso.ops import watching
CHILD = '''
import signal
def heard(*_): print("told", flush=True)
signal.signal(signal.SIGTERM, {hears})
print("there", flush=True)
while True: signal.pause()
'''
reading, writing = os.pipe()
watching.hold_signals()
children = {}
for name, hears in {"deaf": sys.argv[1], "other": "signal.SIG_DFL"}.items():
    code = CHILD.format(hears=hears)
    children[name] = os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ, setsigmask=())
print(*children.values(), flush=True)
if sys.argv[2:]:
    os.kill(os.getpid(), signal.SIGTERM)
watching.watch(children, grace=1, farewell="ended")
"""


@contextmanager
def watched(hears: str, *told_early: str, through: str = "env") -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """The process that watches, started through a command, and its two children; they end here whatever happens."""
    command = [through, sys.executable, "-c", STARTED, hears, *told_early]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    pids = [int(pid) for pid in process.stdout.readline().split()]
    try:
        yield process, pids
    finally:
        for pid in [pid for pid in (*pids, process.pid) if os.path.exists(f"/proc/{pid}")]:
            os.kill(pid, signal.SIGKILL)
        process.wait()


def until_there(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert [process.stdout.readline(), process.stdout.readline()] == ["there\n", "there\n"]


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_tells_each_child_once_and_kills_who_does_not_leave(told: signal.Signals) -> None:
    with watched("heard") as (process, pids):
        until_there(process)
        process.send_signal(told)
        said, _ = process.communicate(timeout=30)
        assert said == "told\nended\n"
        assert process.returncode == 0
        assert not [pid for pid in pids if os.path.exists(f"/proc/{pid}")]


def test_r154_when_one_ends_by_itself_the_others_are_ended_and_it_says_which() -> None:
    with watched("signal.SIG_DFL") as (process, pids):
        until_there(process)
        os.kill(pids[1], signal.SIGKILL)
        said, errors = process.communicate(timeout=30)
        assert process.returncode == 1
        assert "the other ended by itself" in errors
        assert not said
        assert not os.path.exists(f"/proc/{pids[0]}")


def test_what_it_was_told_before_it_watched_is_not_lost() -> None:
    with watched("signal.SIG_DFL", "told early") as (process, pids):
        said, _ = process.communicate(timeout=30)
        assert process.returncode == 0
        assert said.endswith("ended\n")
        assert not [pid for pid in pids if os.path.exists(f"/proc/{pid}")]


def test_who_was_started_to_outlive_its_terminal_does() -> None:
    with watched("signal.SIG_DFL", through="nohup") as (process, pids):
        until_there(process)
        process.send_signal(signal.SIGHUP)
        os.kill(pids[1], signal.SIGKILL)
        _, errors = process.communicate(timeout=30)
        assert "the other ended by itself" in errors


def test_it_holds_python_alone() -> None:
    code = "import sys, calypso.ops.watching; print(*(name for name in sys.modules if name.startswith('calypso')), 'django' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["calypso", "calypso.ops", "calypso.ops.watching", "False"]
