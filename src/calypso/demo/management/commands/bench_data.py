"""`calypso bench-data`: creates a large made-up installation, to measure the product's performance."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from calypso.accounts.queries import has_accounts
from calypso.demo import bench


class Command(BaseCommand):
    """Fills an empty installation."""

    help = "Fills an installation without accounts with made-up tickets, for measures; never in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tickets", type=int, default=10_000)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, **options: Any) -> None:
        """Fills it, printing the progress and the time taken."""
        if settings.PRODUCTION:
            raise CommandError("known passwords have no place in production")
        if has_accounts():
            raise CommandError("this installation has accounts: made-up rows go into an empty one")
        started = time.monotonic()
        count = bench.fill(options["tickets"], options["seed"], self.stdout.write)
        spent = time.monotonic() - started
        self.stdout.write(f"{count.tickets:,} tickets, {count.events:,} events, {count.files:,} files in {spent:.0f} s")
