"""`calypso demo`: loads the demonstration world into an installation that has no account."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from calypso.demo.world import load, sign_in_addresses


class Command(BaseCommand):
    """Loads the demonstration world once."""

    help = "Loads the demonstration world when the installation has no account; never in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--show", action="store_true", help="Only print the sign-in addresses.")

    def handle(self, **options: Any) -> None:
        """Loads it, or prints that there is nothing to do."""
        if options["show"]:
            self.stdout.write("\n".join(sign_in_addresses()))
            return
        if settings.PRODUCTION:
            raise CommandError("known passwords have no place in production")
        if load():
            self.stdout.write("\n".join(sign_in_addresses()))
        else:
            self.stdout.write("L'installation a déjà des comptes : rien n'est changé.")
