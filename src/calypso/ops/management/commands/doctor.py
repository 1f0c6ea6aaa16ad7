"""`calypso doctor`: the points of the health page, and a check of every stored file (R149, R155)."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from calypso.ops import backup, health, mail_setup


class Command(BaseCommand):
    help = "Looks over the installation and reads every stored file again; ends with an error when something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mail", action="store_true", help="Looks at the way of mails: servers, SPF, DKIM, DMARC.")
        parser.add_argument("--selector", default="", help="With --mail: the name of the DKIM key of your server.")
        parser.add_argument("--nameserver", default="", help="With --mail: a name server to ask, address:port.")

    def handle(self, **options: Any) -> None:
        """Prints each point and damaged file, or the way of mails. Raises CommandError when something is broken."""
        if options["mail"]:
            self._mail(options["selector"], options["nameserver"])
            return
        points = health.look()
        self._print(points)
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

    def _mail(self, selector: str, nameserver: str) -> None:
        points = list(mail_setup.look(selector, nameserver))
        self._print(points)
        if any(point.health is health.Health.BROKEN for point in points):
            raise CommandError("Quelque chose demande votre attention.")

    def _print(self, points: Sequence[health.Point]) -> None:
        for point in points:
            self.stdout.write(f"{point.health.lower():9} {point.label} : {point.detail}")
