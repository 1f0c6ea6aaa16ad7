"""`calypso run`: prepares the installation, then web server and worker as one foreground command.

Both stop with it: on Ctrl-C, on SIGTERM, or when either of them dies.
"""

import os
import signal
import subprocess
import sys
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from calypso.accounts.queries import has_accounts
from calypso.ops.assets import collect
from calypso.ops.management.commands import web
from calypso.ops.tasks import refresh_statistics

# Seconds that a child has to finish what it does; the web server ends its own processes within fewer.
GRACE = web.GRACE + 5
_CALYPSO = (sys.executable, "-m", "calypso.ops.cli")


class Command(BaseCommand):
    """Web server and worker together."""

    help = "Migrates, collects static files, then runs the web server and the worker until Ctrl-C."
    requires_system_checks = ["security"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        web.add_web_arguments(parser)
        parser.add_argument(
            "--demo", action="store_true", help="Load the demonstration world when there is no account."
        )
        parser.add_argument("--no-migrate", action="store_true", help="Refuse to start rather than migrate.")

    def handle(self, **options: Any) -> None:
        """Prepares, starts both, waits for the first to end, stops the other."""
        self._prepare(demo=options["demo"], migrate=not options["no_migrate"])
        host, port = options["host"], options["port"]
        children = {
            "web": self._start(_web(host, port, options["workers"])),
            "worker": self._start(_worker()),
        }
        self._say(host, port, demo=options["demo"])
        stopping = False

        def stop(signum: int, frame: FrameType | None) -> None:
            nonlocal stopping
            if not stopping:  # told twice, a child leaves what it does
                stopping = True
                _tell(children)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        ended = _wait_for_first(children)
        if not stopping:
            _tell(children)
        _wait_for_all(children)
        if not stopping:
            raise CommandError(f"the {ended} ended by itself; its last lines above say why")
        self.stdout.write("Calypso est arrêté.")

    def _prepare(self, *, demo: bool, migrate: bool) -> None:
        try:
            call_command("migrate", check_unapplied=not migrate, interactive=False, verbosity=0)
        except SystemExit:
            raise CommandError("the database is not migrated: run `calypso migrate` first") from None
        refresh_statistics.call()
        collect()
        if demo and not has_accounts():
            self.stdout.write("Chargement du monde de démonstration…")
            call_command("demo", verbosity=0)

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        # Their own session: Ctrl-C reaches this command only, which then stops them in order.
        # Two arenas: with one for each thread, the allocator keeps a fifth more memory than it uses.
        environment = {"MALLOC_ARENA_MAX": "2", **os.environ}
        return subprocess.Popen(command, start_new_session=True, env=environment)

    def _say(self, host: str, port: int, *, demo: bool) -> None:
        self.stdout.write(f"\nCalypso : {settings.SITE_URL}/  (écoute sur {host}:{port}, données dans {settings.VAR})")
        if demo:
            call_command("demo", show=True)
        self.stdout.write("Ctrl-C arrête tout.\n")
        self.stdout.flush()


def _tell(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Tells those that still run to stop."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()


def _wait_for_all(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_for_first(children: dict[str, subprocess.Popen[bytes]]) -> str:
    """The name of the first child that ends."""
    names = {child.pid: name for name, child in children.items()}
    while True:
        pid, status = os.wait()
        if pid in names:
            next(child for child in children.values() if child.pid == pid).returncode = os.waitstatus_to_exitcode(
                status
            )
            return names[pid]


def _web(host: str, port: int, workers: int) -> list[str]:
    return [*_CALYPSO, "web", f"--host={host}", f"--port={port}", f"--workers={workers}"]


def _worker() -> list[str]:
    return [*_CALYPSO, "worker"]
