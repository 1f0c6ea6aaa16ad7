"""A real installation in a folder of its own, on the engine under test, driven through its command line."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# Reads a piece of code a line, runs it, answers with what it printed or how it failed. One start of the product for all.
COMPANION = """
import contextlib, io, json, os, sys, traceback
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "calypso.config.settings"
django.setup()
from django.db import connections
for line in sys.stdin:
    printed, failed = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            exec(json.loads(line), {})
    except BaseException:
        failed = traceback.format_exc()
    connections.close_all()
    print(json.dumps([printed.getvalue(), failed]), flush=True)
"""


def _database_of(folder: Path) -> Path:
    """Where a prepared installation on a server says which database is its own."""
    return folder.with_name(f"{folder.name}.database")


class Installation:
    """State folder, database and environment of one installation; processes started here end here.

    It begins empty, or as a copy of the prepared installation whose folder is `like`. Its commands are those of the
    sources, or of what `interpreter` holds.
    """

    def __init__(
        self,
        folder: Path,
        *,
        like: Path | None = None,
        keep: bool = False,
        interpreter: Path | None = None,
        **settings: str,
    ) -> None:
        self.folder, self.interpreter = folder, str(interpreter or sys.executable)
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"  # a name: browsers accept no passkey for a number
        self.environment = {
            "PATH": os.environ["PATH"],
            "CALYPSO_VAR": str(folder),
            "CALYPSO_SITE_URL": self.address,
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self.processes: list[subprocess.Popen[str]] = []
        self._companion: subprocess.Popen[str] | None = None
        self._keep = keep
        self._database = ""
        if like is not None:
            shutil.copytree(like, folder, dirs_exist_ok=True)
        server = os.environ.get("CALYPSO_DATABASE_URL", "")
        if server:
            self._database = f"installation_{secrets.token_hex(4)}"
            self._server = server
            template = f' TEMPLATE "{_database_of(like).read_text()}"' if like is not None else ""
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{self._database}"{template}')  # type: ignore[arg-type]
            self.environment["CALYPSO_DATABASE_URL"] = f"{server.rsplit('/', 1)[0]}/{self._database}"
            if keep:
                _database_of(folder).write_text(self._database)

    def run(self, *command: str) -> str:
        """One command of the product, to its end; gives what it printed."""
        return self._ended("-m", "calypso.ops.cli", *command)

    def python(self, code: str) -> str:
        """Code run inside the installation; gives what it printed."""
        if self._companion is None:
            self._companion = subprocess.Popen(
                [self.interpreter, "-c", COMPANION],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        talk = self._companion
        assert talk.stdin is not None
        assert talk.stdout is not None
        talk.stdin.write(json.dumps(code) + "\n")
        talk.stdin.flush()
        printed, failed = json.loads(talk.stdout.readline())
        assert not failed, failed
        return str(printed).strip()

    def _ended(self, *arguments: str) -> str:
        ran = subprocess.run(
            [self.interpreter, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def start(self, *command: str) -> subprocess.Popen[str]:
        """A command that goes on. What it prints goes to a file: an unread pipe would stop it when full."""
        with self._log(len(self.processes)).open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                [self.interpreter, "-m", "calypso.ops.cli", *command],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self.processes.append(process)
        return process

    def said(self, process: subprocess.Popen[str]) -> str:
        """What a started command printed so far."""
        return self._log(self.processes.index(process)).read_text(encoding="utf-8")

    def _log(self, number: int) -> Path:
        return self.folder.with_name(f"{self.folder.name}-{number}.log")

    def serve(self, *, demo: bool = True, workers: int = 1) -> subprocess.Popen[str]:
        """Web processes and worker, once they answer."""
        process = self.start("run", *(["--demo"] if demo else []), "--port", str(self.port), f"--workers={workers}")
        wait_for(lambda: self.answers() or process.poll() is not None)
        assert process.poll() is None, self.said(process)
        return process

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def close(self) -> None:
        if self._companion is not None:
            self._companion.communicate()  # its input ends, and so does it
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            if process.poll() is None:
                process.kill()
        if self._database and not self._keep:
            with psycopg.connect(self._server, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{self._database}" WITH (FORCE)')  # type: ignore[arg-type]


@contextlib.contextmanager
def installation(
    folder: Path, *, like: Path | None = None, keep: bool = False, **settings: str
) -> Iterator[Installation]:
    """An installation in `folder`, ended with the block; `keep` leaves its database for those that will be like it."""
    made = Installation(folder, like=like, keep=keep, **settings)
    try:
        yield made
    finally:
        made.close()


WORLD = """
from tests import world
world.build()
world.drop_waiting()
"""


# Those of the demonstration are made once for all its copies.
PICTURES = """
from calypso.pictures.actions import make
from calypso.pictures.models import Picture
for source in Picture.objects.values_list("source", flat=True):
    make.call(source=source)
"""
SAID = "demonstration.txt"  # beside the prepared demonstration, what its loading said


def _prepare(made: Installation, name: str) -> None:
    if name == "migrated":
        made.run("migrate", "-v0")
        made.python("from calypso.ops.assets import collect; collect()")
    if name == "world":
        made.python(WORLD)
    if name == "demonstration":
        (made.folder.parent / SAID).write_text(made.run("demo"), encoding="utf-8")
        made.python(PICTURES)


def prepared(name: str, factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation to begin like, made once for all the processes of the run.

    "migrated" has no account; the others begin like it: "world" has the small world of the tests with no mail waiting,
    "demonstration" that one.
    Runs on SQLite share those of the folder TESTS_PREPARED, when it is set.
    """
    shared = factory.getbasetemp()
    shared = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "prepared"
    if "CALYPSO_DATABASE_URL" not in os.environ:
        shared = Path(os.environ.get("TESTS_PREPARED", shared))
    shared.mkdir(exist_ok=True)
    like = prepared("migrated", factory) if name != "migrated" else None
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / f"{name}.ready").exists():
            with installation(shared / name, like=like, keep=True) as made:
                _prepare(made, name)
            (shared / f"{name}.ready").touch()
    return shared / name


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    """Waits until the condition holds, looking often; fails when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.05)
