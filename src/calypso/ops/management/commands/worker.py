"""`calypso worker`: runs the background tasks, sends the mails and reads those received, until Ctrl-C or SIGTERM."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, call_command

from calypso.mailin.reader import Reader
from calypso.ops.supervisor import add_supervised, end_with_parent
from calypso.outbox.dispatcher import Dispatcher

TASKS_AT_ONCE = 2


class Command(BaseCommand):
    help = "Runs the background tasks, sends the mails and reads those received until Ctrl-C."
    requires_system_checks = ["security"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_supervised(parser)

    def handle(self, **options: Any) -> None:
        """Runs until it is told to stop: its tasks are finished first, then the mail that is being sent."""
        if options["supervised"]:
            end_with_parent()
        dispatcher, reader = Dispatcher(), Reader()
        dispatcher.start()
        reader.start()
        try:
            call_command("ox_worker", concurrency=TASKS_AT_ONCE, verbosity=0)
        finally:
            reader.end()
            dispatcher.end()
