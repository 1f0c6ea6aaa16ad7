"""`calypso run`: prepares the installation, then web server and worker as one foreground command.

Both stop with it: on Ctrl-C, on SIGTERM, or when either of them dies.
"""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from calypso.accounts.queries import has_accounts
from calypso.ops import watching
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
        """Prepares, starts both, then only watches over them."""
        self._prepare(demo=options["demo"], migrate=not options["no_migrate"])
        host, port = options["host"], options["port"]
        watching.hold_signals()
        children = {"web": _start(_web(host, port, options["workers"])), "worker": _start(_worker())}
        self._say(host, port, demo=options["demo"])
        watching.watch(children, grace=GRACE, farewell="Calypso est arrêté.")

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

    def _say(self, host: str, port: int, *, demo: bool) -> None:
        self.stdout.write(f"\nCalypso : {settings.SITE_URL}/  (écoute sur {host}:{port}, données dans {settings.VAR})")
        if demo:
            call_command("demo", show=True)
        self.stdout.write("Ctrl-C arrête tout.\n")
        self.stdout.flush()


def _start(command: list[str]) -> int:
    """The id of a child that runs it.

    In a session of its own: Ctrl-C reaches this command only, which then stops them in order. With two arenas: with
    one for each thread, the allocator keeps a fifth more memory than it uses.
    """
    environment = {"MALLOC_ARENA_MAX": "2", **os.environ}
    return os.posix_spawn(sys.executable, command, environment, setsid=True, setsigmask=())


def _web(host: str, port: int, workers: int) -> list[str]:
    return [*_CALYPSO, "web", f"--host={host}", f"--port={port}", f"--workers={workers}"]


def _worker() -> list[str]:
    return [*_CALYPSO, "worker"]
