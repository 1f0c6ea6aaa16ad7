"""`calypso link ADDRESS`: a one-hour link to choose a password, without a mail server (R24, R45)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from calypso.accounts.actions.mfa import drop_factors
from calypso.accounts.actions.passwords import hand_link
from calypso.base.errors import NotVisible


class Command(BaseCommand):
    help = "Prints a link of one hour with which the person at that address chooses a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--without-second-factor", action="store_true", help="Also remove their second factor, lost or unreadable."
        )

    def handle(self, **options: Any) -> None:
        """Prints the link. Raises CommandError when no active account has the address."""
        try:
            if options["without_second_factor"]:
                drop_factors(email=options["email"])
            self.stdout.write(hand_link(email=options["email"]))
        except NotVisible:
            raise CommandError("Aucun compte actif à cette adresse.") from None
