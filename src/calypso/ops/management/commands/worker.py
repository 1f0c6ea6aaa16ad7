"""`calypso worker`: runs the background tasks and sends the mails, until Ctrl-C or SIGTERM."""

from typing import Any

from django.core.management import BaseCommand, call_command

from calypso.outbox.postman import Postman

TASKS_AT_ONCE = 2
LOST_AFTER = 120  # seconds without news of a task after which it is begun again


class Command(BaseCommand):
    """The worker of the queue, with the postman beside it."""

    help = "Runs the background tasks and sends the mails until Ctrl-C."

    def handle(self, **_options: Any) -> None:
        """Until it is told to stop; what is being done is finished first."""
        postman = Postman()
        postman.start()
        try:
            call_command("ox_worker", concurrency=TASKS_AT_ONCE, lock_timeout=LOST_AFTER, verbosity=0)
        finally:
            postman.end()
