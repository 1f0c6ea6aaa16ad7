"""`calypso restore FOLDER`: restores a copy into an empty installation, paused (13.4)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from calypso.ops import backup


class Command(BaseCommand):
    help = "Brings a copy back into an empty installation. Sessions and links are void; no mail leaves until `resume`."
    requires_system_checks = ["security"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, **options: Any) -> None:
        """Restores the copy. Raises CommandError when it is refused."""
        try:
            manifest = backup.restore(options["folder"])
        except backup.Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"Sauvegarde du {manifest.made_at} restaurée. "
            "Aucun e-mail ne part avant `calypso resume` ; vérifiez avec `calypso doctor`."
        )
