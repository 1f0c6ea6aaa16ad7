"""Housekeeping of the task queue, and of SQLite."""

from django.core.management import call_command
from django.db import connection
from django.tasks import task

KEPT = "2d"
SAMPLE = 1000  # entries of each index that SQLite reads: a hundredth of a second for a hundred thousand tickets


@task
def prune_tasks() -> None:
    """Removes tasks two days after they finished or failed. Run every hour."""
    call_command("ox_prune", older_than=KEPT, verbosity=0)


@task
def refresh_statistics() -> None:
    """Updates SQLite's statistics of its tables, as PostgreSQL does by itself. Run every day, and at start.

    A migration that rebuilds a table loses its statistics; beside tables that have theirs, the planner then reads the
    tables in the wrong order.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={SAMPLE}")
            cursor.execute("ANALYZE")
