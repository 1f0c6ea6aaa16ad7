"""`calypso resume`: lets mails leave again after a restoration (13.4)."""

from typing import Any

from django.core.management import BaseCommand

from calypso.outbox import pause


class Command(BaseCommand):
    help = "Lets mails leave again, after a restored installation was looked at."

    def handle(self, **options: Any) -> None:
        """Ends the pause."""
        pause.resume()
        self.stdout.write("Les e-mails partent de nouveau.")
