"""What stays of a command that serves: it ends all when one ends, tells each once, waits for a time, then kills."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import on_postgresql
from tests.installation import wait_for

pytestmark = pytest.mark.skipif(on_postgresql(), reason="what only watches knows no engine")

# Two children, of which the first hears SIGTERM as asked; each says by a file that it is there. The ids of both are in
# a third file before anything watches.
STARTED = """
import os, signal, sys
from calypso.ops import watching
CHILD = '''
import os, signal
signal.signal(signal.SIGTERM, {hears})
open("{name}", "w").close()
while True: signal.pause()
'''
watching.hold_signals()
children = {}
for name, hears in {"deaf": sys.argv[1], "other": "signal.SIG_DFL"}.items():
    code = CHILD.format(hears=hears, name=name)
    children[name] = os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ, setsigmask=())
with open("written", "w") as file:
    print(*children.values(), file=file)
os.rename("written", "pids")
if sys.argv[2:]:
    os.kill(os.getpid(), signal.SIGTERM)
watching.watch(children, grace=1, farewell="ended")
"""
HEARD = "lambda *_: os.write(1, b'told ')"
OBEYED = "signal.SIG_DFL"


def pids(folder: Path) -> list[int]:
    return [int(pid) for pid in (folder / "pids").read_text().split()]


def left(folder: Path) -> list[int]:
    """The children that are still there."""
    return [pid for pid in pids(folder) if os.path.exists(f"/proc/{pid}")]


@contextmanager
def watched(folder: Path, hears: str, *told_early: str, through: str = "env") -> Iterator[subprocess.Popen[str]]:
    """The process that watches, started through a command; it and its children end here whatever happens."""
    process = subprocess.Popen(
        [through, sys.executable, "-c", STARTED, hears, *told_early],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for((folder / "pids").exists)
        yield process
    finally:
        process.kill()
        process.wait()
        for pid in left(folder):
            os.kill(pid, signal.SIGKILL)


def until_there(folder: Path) -> None:
    wait_for(lambda: all((folder / name).exists() for name in ("deaf", "other")))


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_tells_each_child_once_and_kills_who_does_not_leave(
    told: signal.Signals, tmp_path: Path
) -> None:
    with watched(tmp_path, HEARD) as process:
        until_there(tmp_path)
        process.send_signal(told)
        said, _ = process.communicate(timeout=30)
        assert said == "told ended\n"
        assert process.returncode == 0
        assert left(tmp_path) == []


def test_r154_when_one_ends_by_itself_the_others_are_ended_and_it_says_which(tmp_path: Path) -> None:
    with watched(tmp_path, OBEYED) as process:
        until_there(tmp_path)
        os.kill(pids(tmp_path)[1], signal.SIGKILL)
        said, errors = process.communicate(timeout=30)
        assert process.returncode == 1
        assert "the other ended by itself" in errors
        assert not said
        assert left(tmp_path) == []


def test_what_it_was_told_before_it_watched_is_not_lost(tmp_path: Path) -> None:
    with watched(tmp_path, OBEYED, "told early") as process:
        said, _ = process.communicate(timeout=30)
        assert process.returncode == 0
        assert said == "ended\n"
        assert left(tmp_path) == []


def test_who_was_started_to_outlive_its_terminal_does(tmp_path: Path) -> None:
    with watched(tmp_path, OBEYED, through="nohup") as process:
        until_there(tmp_path)
        process.send_signal(signal.SIGHUP)
        os.kill(pids(tmp_path)[1], signal.SIGKILL)
        _, errors = process.communicate(timeout=30)
        assert "the other ended by itself" in errors


def test_it_holds_python_alone() -> None:
    code = "import sys, calypso.ops.watching; print(*(name for name in sys.modules if name.startswith('calypso')), 'django' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["calypso", "calypso.ops", "calypso.ops.watching", "False"]
