"""Housekeeping of the queue itself, and of the embedded database."""

from django.core.management import call_command
from django.db import connection
from django.tasks import task

KEPT = "2d"
SAMPLE = 1000  # entries of each index that SQLite looks at: a hundredth of a second for a hundred thousand tickets


@task
def prune_tasks() -> None:
    """Removes finished tasks after two days; failed ones stay to be looked at for as long. Run every hour."""
    call_command("ox_prune", older_than=KEPT, verbosity=0)


@task
def refresh_statistics() -> None:
    """Has SQLite look again at how its tables are filled, as PostgreSQL does by itself. Run every day, and at a start.

    A migration that makes a table again loses what was known of it: next to tables of which all is known, the planner
    then reads them in the wrong order.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={SAMPLE}")
            cursor.execute("ANALYZE")
