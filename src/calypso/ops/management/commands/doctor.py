"""`calypso doctor`: the points of the health page, and a check of every stored file (R149, R155)."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from calypso.ops import backup, health


class Command(BaseCommand):
    help = "Looks over the installation and reads every stored file again; ends with an error when something is wrong."

    def handle(self, **options: Any) -> None:
        """Prints each point and each damaged file. Raises CommandError when something is broken."""
        points = health.look()
        for point in points:
            self.stdout.write(f"{point.health.lower():9} {point.label} : {point.detail}")
        try:
            damaged = backup.damaged_files()
        except DatabaseError:
            raise CommandError("Sans la base de données, les fichiers n'ont pas été relus.") from None
        files = health.Health.BROKEN if damaged else health.Health.GOOD
        self.stdout.write(f"{files.lower():9} Fichiers : {len(damaged)} absents ou changés")
        for stored in damaged:
            self.stdout.write(f"    {stored}")
        if damaged or any(point.health is health.Health.BROKEN for point in points):
            raise CommandError("Quelque chose demande votre attention.")
