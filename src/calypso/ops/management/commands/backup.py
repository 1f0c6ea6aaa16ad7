"""`calypso backup FOLDER`: a consistent copy of the installation, under load (13.4)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from calypso.ops import backup


class Command(BaseCommand):
    help = "Copies database and files into a new folder, with a manifest. The secret is not in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--verify", action="store_true", help="Read an existing copy again instead of making one.")

    def handle(self, **options: Any) -> None:
        """Makes the copy, or verifies an existing one. Raises CommandError."""
        folder = options["folder"]
        try:
            if options["verify"]:
                if problems := backup.verify(folder):
                    raise CommandError("\n".join(problems))
                self.stdout.write("Sauvegarde intacte.")
                return
            manifest = backup.make(folder)
        except backup.Refused as refusal:
            raise CommandError(str(refusal)) from None
        file_count = sum(path.startswith("files/") for path in manifest.files)
        self.stdout.write(
            f"Tickets : {manifest.tickets}. Personnes : {manifest.people}. Fichiers : {file_count}. Dans {folder}."
        )
