"""`calypso backup FOLDER`: a consistent copy of the installation, under load (13.4)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from calypso.ops import backup


class Command(BaseCommand):
    """A copy in a new folder."""

    help = "Copies database and files into a new folder, with a manifest. The secret is not in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--verify", action="store_true", help="Read an existing copy again instead of making one.")

    def handle(self, **options: Any) -> None:
        """Copies, or reads a copy again."""
        folder = options["folder"]
        try:
            if options["verify"]:
                if problems := backup.verify(folder):
                    raise CommandError("\n".join(problems))
                self.stdout.write("Sauvegarde intacte.")
                return
            made = backup.make(folder)
        except backup.Refused as refusal:
            raise CommandError(str(refusal)) from None
        kept = sum(path.startswith("files/") for path in made.files)
        self.stdout.write(f"Tickets : {made.tickets}. Personnes : {made.people}. Fichiers : {kept}. Dans {folder}.")
