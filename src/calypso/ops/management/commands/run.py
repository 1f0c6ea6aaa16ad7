"""`calypso run`: prepares the installation, then runs web processes and worker as one foreground command.

A process that dies is started again while the others answer; all stop on Ctrl-C, on SIGTERM, or with the terminal.
"""

import os
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from calypso.accounts.queries import has_accounts
from calypso.ops.assets import collect
from calypso.ops.management.commands import web
from calypso.ops.supervisor import STATE, Supervisor
from calypso.ops.tasks import refresh_statistics

# Seconds that a child has to finish its work; the web server ends its own processes within fewer.
GRACE = web.GRACE + 5
_CALYPSO = (sys.executable, "-m", "calypso.ops.cli")


class Command(BaseCommand):
    help = "Migrates, collects static files, then runs the web processes and the worker until Ctrl-C."
    requires_system_checks = ["security"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        web.add_web_arguments(parser)
        parser.add_argument(
            "--demo", action="store_true", help="Load the demonstration world when there is no account."
        )
        parser.add_argument("--no-migrate", action="store_true", help="Refuse to start rather than migrate.")

    def handle(self, **options: Any) -> None:
        """Prepares the installation, then supervises the processes until it is told to stop."""
        host, port = options["host"], options["port"]
        _require_free(host, port)
        self._prepare(demo=options["demo"], migrate=not options["no_migrate"])
        self._announce(host, port, demo=options["demo"])
        connections.close_all()
        # With one arena for each thread, the allocator keeps a fifth more memory than it uses.
        environment = {"MALLOC_ARENA_MAX": "2", **os.environ}
        commands = _commands(host, port, options["workers"])
        Supervisor(commands, GRACE, Path(settings.VAR) / STATE, environment).run()
        self.stdout.write("Calypso est arrêté.")

    def _prepare(self, *, demo: bool, migrate: bool) -> None:
        try:
            call_command("migrate", check_unapplied=not migrate, interactive=False, verbosity=0)
        except SystemExit:
            raise CommandError("La base de données n'est pas à jour : lancez d'abord `calypso migrate`.") from None
        refresh_statistics.call()
        collect()
        if demo and not has_accounts():
            self.stdout.write("Chargement du monde de démonstration…")
            call_command("demo", verbosity=0)

    def _announce(self, host: str, port: int, *, demo: bool) -> None:
        self.stdout.write(f"\nCalypso : {settings.SITE_URL}/  (écoute sur {host}:{port}, données dans {settings.VAR})")
        if demo:
            call_command("demo", show=True)
        self.stdout.write("Ctrl-C arrête tout.\n")
        self.stdout.flush()


def _commands(host: str, port: int, workers: int) -> dict[str, list[str]]:
    """Returns the commands of the processes, by name.

    Each web process has a server of its own, so that one that keeps dying affects no other.
    """
    serve = [*_CALYPSO, "web", f"--host={host}", f"--port={port}", "--supervised"]
    web_processes = {f"web {number}": serve for number in range(1, workers + 1)}
    return {**web_processes, "worker": [*_CALYPSO, "worker", "--supervised"]}


def _require_free(host: str, port: int) -> None:
    """Raises CommandError when the port is taken: the processes would be started again for ever."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as failure:
            raise CommandError(f"Impossible d'écouter sur {host}:{port} : {failure.strerror}") from None
