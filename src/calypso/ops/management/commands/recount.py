"""`calypso recount`: recomputes the service clock of every ticket from its timeline."""

from typing import Any

from django.core.management.base import BaseCommand

from calypso.sla.actions.recount import recount_clock


class Command(BaseCommand):
    """To run after the business calendar of the settings changed, or when an upgrade says so."""

    help = "Counts the business time of every ticket again, after the calendar of the settings changed."

    def handle(self, **options: Any) -> None:
        """Replays the timelines, and prints how many tickets were recounted."""
        self.stdout.write(f"{recount_clock()} tickets recomptés.")
