"""Housekeeping of the queue itself."""

from django.core.management import call_command
from django.tasks import task

KEPT = "2d"


@task
def prune_tasks() -> None:
    """Removes finished tasks after two days; failed ones stay to be looked at for as long. Run every hour."""
    call_command("ox_prune", older_than=KEPT, verbosity=0)
