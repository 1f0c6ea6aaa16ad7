"""`calypso web`: the processes that answer browsers; `calypso run` starts it beside the worker."""

import gc
import multiprocessing
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.db import connections
from django.urls import get_resolver
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from calypso.ops.supervisor import add_supervised, end_with_parent

GRACE = 15  # seconds that a process has to finish its responses, then to end (`serving.LAST`)
# An event stream holds its connection for as long as its page is open: it must not keep others waiting.
CONNECTIONS = 4096


class Command(BaseCommand):
    help = "Runs the web server alone, on a migrated installation whose static files are collected."
    requires_system_checks = ["security"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_web_arguments(parser)
        add_supervised(parser)

    def handle(self, **options: Any) -> None:
        """Serves until it is told to stop; the server starts again a process that dies."""
        if options["supervised"]:
            end_with_parent()
        multiprocessing.set_start_method("fork", force=True)  # what is loaded here is shared by the processes
        application = loaded()

        def load_application() -> Any:
            """Runs in each process that answers, which must not outlive the server that would replace it."""
            end_with_parent()
            return application

        server = Granian(
            settings.ASGI_APPLICATION,
            address=options["host"],
            port=options["port"],
            workers=options["workers"],
            interface=Interfaces.ASGI,
            websockets=False,
            backpressure=CONNECTIONS,
            respawn_failed_workers=True,
            workers_kill_timeout=GRACE,
            log_level=LogLevels.warning,
        )
        server.serve(target_loader=load_application, wrap_loader=False)


def add_web_arguments(parser: ArgumentParser) -> None:
    """Adds the options of a command that serves: its address, and its number of processes."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="Web processes.")


def loaded() -> Any:
    """Returns the application with the code of every page loaded, whose memory the forked processes share.

    No thread and no connection is left open: neither would survive the fork.
    """
    application = import_string(settings.ASGI_APPLICATION)
    get_resolver().url_patterns  # noqa: B018 - reading it imports the pages
    connections.close_all()
    gc.collect()
    gc.freeze()  # a collection writes to the objects that it visits, which would copy them in each process
    return application
