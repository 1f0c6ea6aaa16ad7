"""`calypso restore FOLDER`: a copy brought back into an empty installation, paused (13.4)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from calypso.ops import backup


class Command(BaseCommand):
    """The return of a copy."""

    help = "Brings a copy back into an empty installation. Sessions and links are void; no mail leaves until `resume`."
    requires_system_checks = ["security"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, **options: Any) -> None:
        """Restores, or says why not."""
        try:
            made = backup.restore(options["folder"])
        except backup.Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"Sauvegarde du {made.made_at} restaurée. "
            "Aucun e-mail ne part avant `calypso resume` ; vérifiez avec `calypso doctor`."
        )
