"""The servers to measure: the product as in production, the floor beside it, and the processor time of each."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

# The product as `calypso run` serves it, and Django alone as it is served fastest.
PRODUCT = ("calypso.ops.cli", "web")
FLOOR = (
    "granian", "--interface=wsgi", "--blocking-threads=4", "--no-ws", "--workers-kill-timeout=5", "--log-level=error",
    "bench.hello:application",
)  # fmt: skip


def free_port() -> int:
    """Returns a port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def interpreter() -> str:
    """Returns the Python that serves."""
    return os.environ.get("BENCH_PYTHON", sys.executable)


class Server:
    """The product or the floor, in its own processes."""

    def __init__(self, command: tuple[str, ...], environment: dict[str, str], workers: int = 2) -> None:
        self.port = free_port()
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [interpreter(), "-m", *command, "--host=127.0.0.1", f"--port={self.port}", f"--workers={workers}"],
            env={"MALLOC_ARENA_MAX": "2", **os.environ, **environment},
        )
        self.first_answer = self._wait()

    def _wait(self) -> float:
        """Returns the seconds until the first answer."""
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5):
                    return time.monotonic() - self.started
            except urllib.error.HTTPError:
                return time.monotonic() - self.started
            except OSError:
                time.sleep(0.02)
                if self.process.poll() is not None:
                    raise RuntimeError("the server ended by itself") from None

    def cpu(self) -> float:
        """Returns the processor seconds that the web processes took so far."""
        return sum(cpu_of(pid) for pid in family(self.process.pid))

    def memory(self) -> float:
        """Returns the memory in MiB, shared pages counted once (PSS)."""
        return sum(_pss(pid) for pid in family(self.process.pid))

    def web_memory(self) -> float:
        """Returns the memory of the processes that answer, without the one that watches over them."""
        return sum(_pss(pid) for pid in family(self.process.pid)[1:])

    def stop(self) -> None:
        """Stops the server."""
        self.process.terminate()
        self.process.wait(20)


@contextlib.contextmanager
def serving(command: tuple[str, ...], environment: dict[str, str], workers: int = 2) -> Iterator[Server]:
    """Runs a server for the time of a block."""
    server = Server(command, environment, workers)
    try:
        yield server
    finally:
        server.stop()


def family(pid: int) -> list[int]:
    """Returns the ids of a process and of all its descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # a thread that ended meanwhile
            for child in task.read_text().split():
                found += family(int(child))
    return found


def cpu_of(pid: int) -> float:
    """Returns the processor seconds that the threads of a process took so far; zero for one that ended."""
    total = 0
    for account in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            total += int(account.read_text().split()[0])
    return total / 1e9


def postgres_cpu() -> float:
    """Returns the processor seconds of the PostgreSQL processes of the machine so far."""
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            if status.read_text().strip() == "postgres":
                total += cpu_of(int(status.parent.name))
    return total


def _pss(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
