"""`calypso init`: creates the vendor and its first administrator (R45). A new installation has no account."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from calypso.accounts.actions.passwords import hand_link
from calypso.accounts.actions.people import Identity, install
from calypso.base.chosen import chosen, is_fixed
from calypso.base.errors import Conflict, Invalid
from calypso.vendor.actions.choices import save_choices

NAMES = {"vendor": "VENDOR_NAME", "support": "SUPPORT_ADDRESS"}


class Command(BaseCommand):
    help = "Creates the vendor and its first administrator, and prints the link with which they choose a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("first_name")
        parser.add_argument("last_name")
        parser.add_argument("--vendor", default="", help="The vendor's name, which may be changed at the desk.")
        parser.add_argument("--support", default="", help="Where people in trouble write, which may be changed too.")

    def handle(self, **options: Any) -> None:
        """Creates both, and prints the administrator's link. Raises CommandError."""
        identity = Identity(options["email"], options["first_name"], options["last_name"])
        free = [name for name, setting in NAMES.items() if not is_fixed(setting)]
        given = {name: options[name].strip() for name in free if options[name].strip()}
        missing = [f"--{name}" for name in free if name not in given]
        if settings.PRODUCTION and missing:
            raise CommandError(f"Ce que lisent vos clients : donnez {' et '.join(missing)}.")
        try:
            with transaction.atomic():
                admin = install(vendor=given.get("vendor") or chosen("VENDOR_NAME"), identity=identity)
                save_choices(admin, values=given)
        except (Conflict, Invalid) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{options['email']} choisit son mot de passe ici, dans l'heure : {hand_link(email=options['email'])}\n"
            f"Plus tard : `calypso link {options['email']}`, ou, si les e-mails partent, "
            f"{settings.SITE_URL}/premiere-connexion/"
        )
