"""`calypso web`: the processes that answer browsers; `calypso run` starts it beside the worker."""

import gc
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.db import connections
from django.urls import get_resolver
from django.utils.module_loading import import_string
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from calypso.ops import watching

GRACE = 10  # seconds that a process has to finish what it answers
# A page that listens holds its connection for as long as it is looked at: it must not keep others waiting.
CONNECTIONS = 4096


class Command(BaseCommand):
    """The web processes, in the foreground."""

    help = "Runs the web server alone, on a migrated installation whose static files are collected."
    requires_system_checks = ["security"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_web_arguments(parser)

    def handle(self, **options: Any) -> None:
        """Serves until it is told to stop."""
        application = loaded()
        server = _Server(
            settings.ASGI_APPLICATION,
            address=options["host"],
            port=options["port"],
            workers=options["workers"],
            interface=Interfaces.ASGI,
            websockets=False,
            backpressure=CONNECTIONS,
            workers_kill_timeout=GRACE,
            log_level=LogLevels.warning,
        )
        server.serve(target_loader=lambda: application, wrap_loader=False)


class _Server(MPServer):
    """Granian's; its first process has nothing to do but watch once those that answer are born, and holds no more."""

    def _serve_loop(self, *_born: Any) -> None:
        watching.hold_signals()
        if not self.interrupt_signal:  # told to stop before: it then stops as Granian does
            children = {f"web process {worker.idx + 1}": worker.inner.pid for worker in self.wrks}
            watching.watch(children, grace=GRACE)


def add_web_arguments(parser: ArgumentParser) -> None:
    """The options of a command that serves: where, and in how many processes."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="Web processes.")


def loaded() -> Any:
    """The application with the code of every page, as the processes that answer inherit it: held once for all of them.

    What they inherit has no thread and no connection: neither would survive.
    """
    application = import_string(settings.ASGI_APPLICATION)
    get_resolver().url_patterns  # noqa: B018 - reading it imports the pages
    connections.close_all()
    gc.collect()
    gc.freeze()  # a collection writes to what it looks at, which would make each process a copy of its own
    return application
