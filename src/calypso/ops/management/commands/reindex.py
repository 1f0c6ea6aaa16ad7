"""`calypso reindex`: rebuilds the search documents of every ticket from its texts."""

from typing import Any

from django.core.management.base import BaseCommand

from calypso.search.reindexing import reindex


class Command(BaseCommand):
    """To run after an upgrade that says so, or after a restoration without the index."""

    help = "Writes again what the search knows of every ticket. People may go on working meanwhile."

    def handle(self, **options: Any) -> None:
        """Reindexes every ticket, some hundreds at a time."""
        self.stdout.write(f"{reindex()} tickets indexés.")
