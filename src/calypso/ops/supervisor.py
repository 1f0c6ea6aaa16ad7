"""Supervision: a process that dies is started again, ever more slowly, while the others go on.

The death of one process does not concern the others (decision 32). Processes that keep dying are written to a file of
the state folder, which the health page reads.
"""

import ctypes
import json
import os
import signal
import sys
import time
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

STATE = "supervised.json"  # in the state folder: which processes died lately, and how often
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds before a process that keeps dying is started again
STEADY = 60.0  # seconds of life after which a process counts as well again
_STOPPING = {signal.SIGTERM, signal.SIGINT}
_PDEATHSIG = 1  # prctl(2): the signal that the kernel sends a process when its parent dies


@dataclass(slots=True)
class _Child:
    """A supervised process.

    `pid` is 0 while it waits to start again; `born` is when it started, `due` when it must start, on the monotonic
    clock, in seconds; `deaths` counts those in a row.
    """

    name: str
    command: Sequence[str]
    pid: int = 0
    born: float = 0.0
    due: float = 0.0
    deaths: int = 0

    def start(self, environment: Mapping[str, str]) -> None:
        # In a session of its own: Ctrl-C reaches the supervisor only, which then stops all children in order.
        self.pid = os.posix_spawn(
            self.command[0], list(self.command), dict(environment), setsid=True, setsigmask=(), setsigdef=_STOPPING
        )
        self.born = time.monotonic()

    def died(self) -> float:
        """Records the death; returns the seconds to wait: none after a steady life, then ever more."""
        lived = time.monotonic() - self.born
        self.deaths = 1 if lived > STEADY else self.deaths + 1
        wait = 0.0 if self.deaths == 1 else min(FIRST_WAIT * 2 ** (self.deaths - 2), LONGEST_WAIT)
        self.pid, self.due = 0, time.monotonic() + wait
        return wait


@dataclass(slots=True)
class Supervisor:
    """Runs `commands` (by name) until it is told to stop; it then signals each once and waits `grace` seconds."""

    commands: Mapping[str, Sequence[str]]
    grace: float
    state: Path
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def run(self) -> None:
        """Runs until SIGTERM or Ctrl-C; a closed terminal stops it too, unless the command began with `nohup`."""
        stopping = set(_STOPPING)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            stopping.add(signal.SIGHUP)
        signals = {*stopping, signal.SIGCHLD}
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        children = [_Child(name, command) for name, command in self.commands.items()]
        self._write(children)
        try:
            self._supervise(children, signals, stopping)
        finally:
            self._end(children)
            self.state.unlink(missing_ok=True)

    def _supervise(self, children: list[_Child], signals: set[signal.Signals], stopping: set[signal.Signals]) -> None:
        while True:
            now = time.monotonic()
            for child in children:
                if not child.pid and child.due <= now:
                    child.start(self.environment)
            waits = [child.due - now for child in children if not child.pid]
            received = signal.sigtimedwait(signals, max(0.0, min([*waits, LONGEST_WAIT])))
            if received is not None and received.si_signo in stopping:
                return
            self._reap(children)

    def _reap(self, children: list[_Child]) -> None:
        """Records the children that ended; also reaps orphans, which a container leaves to its first process."""
        while ended := _ended_child():
            pid, status = ended
            for child in children:
                if child.pid == pid:
                    wait = child.died()
                    code = os.waitstatus_to_exitcode(status)
                    self._log(f"{child.name} ended by itself ({code}), started again in {wait:.0f} s", child.deaths)
                    self._write(children)

    def _end(self, children: list[_Child]) -> None:
        """Tells each child to stop, once: told twice, it drops what it does. Those that go on are killed."""
        for child in children:
            _signal(child.pid, signal.SIGTERM)
        until = time.monotonic() + self.grace
        while any(child.pid for child in children) and (remaining := until - time.monotonic()) > 0:
            signal.sigtimedwait({signal.SIGCHLD}, remaining)
            while ended := _ended_child():
                for child in children:
                    if child.pid == ended[0]:
                        child.pid = 0
        for child in children:
            if child.pid:
                _signal(child.pid, signal.SIGKILL)
                os.waitpid(child.pid, 0)

    def _write(self, children: list[_Child]) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        deaths = {child.name: {"deaths": child.deaths, "at": now} for child in children if child.deaths}
        fresh = self.state.with_suffix(".new")
        fresh.write_text(json.dumps(deaths), encoding="utf-8")
        fresh.replace(self.state)

    def _log(self, event: str, deaths: int) -> None:
        line = {"event": event, "level": "error", "logger": __name__, "deaths": deaths}
        sys.stderr.write(json.dumps(line) + "\n")
        sys.stderr.flush()


def keep_dying(state: Path, *, least: int = 3) -> list[str]:
    """Returns the names of the processes that lately died `least` times in a row; none without a supervisor."""
    try:
        deaths = json.loads(state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    now = datetime.now(UTC)
    recent_seconds = LONGEST_WAIT + STEADY
    return sorted(
        name
        for name, facts in deaths.items()
        if facts["deaths"] >= least and (now - datetime.fromisoformat(facts["at"])).total_seconds() < recent_seconds
    )


def add_supervised(parser: ArgumentParser) -> None:
    """Adds the option by which `calypso run` tells a command to end with it."""
    parser.add_argument("--supervised", action="store_true", help=SUPPRESS)


def end_with_parent() -> None:
    """Has the kernel stop this process when its parent dies, so that none serves unsupervised."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGTERM)


def _ended_child() -> tuple[int, int] | None:
    """Returns a child that ended, as (id, status); None when all run."""
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, status) if pid else None


def _signal(pid: int, signum: int) -> None:
    if pid:
        os.kill(pid, signum)
