"""`calypso init`: creates the vendor and its first administrator (R45). A new installation has no account."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from calypso.accounts.actions.passwords import hand_link
from calypso.accounts.actions.people import Identity, install
from calypso.base.chosen import chosen
from calypso.base.errors import Conflict, Invalid


class Command(BaseCommand):
    help = "Creates the vendor and its first administrator, and prints the link with which they choose a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("first_name")
        parser.add_argument("last_name")

    def handle(self, **options: Any) -> None:
        """Creates both, and prints the administrator's link. Raises CommandError."""
        identity = Identity(options["email"], options["first_name"], options["last_name"])
        try:
            install(vendor=chosen("VENDOR_NAME"), identity=identity)
        except (Conflict, Invalid) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{options['email']} choisit son mot de passe ici, dans l'heure : {hand_link(email=options['email'])}\n"
            f"Plus tard : `calypso link {options['email']}`, ou, si les e-mails partent, "
            f"{settings.SITE_URL}/premiere-connexion/"
        )
