"""`calypso receive < message`: hands one message over, for a mail server that delivers to a command (Postfix, Exim)."""

import os
import sys
from typing import Any

from django.core.management import BaseCommand
from django.db import DatabaseError

from calypso.mailin.bounds import LARGEST
from calypso.mailin.intake import receive

TRY_AGAIN = os.EX_TEMPFAIL  # the mail server keeps the message, and comes back with it


class Command(BaseCommand):
    help = "Stores the message on its input, to be read by the worker; ends with 75 when it must be brought again."
    requires_system_checks = ["security"]

    def handle(self, **options: Any) -> None:
        """Returns once the message is on the disk and in the database (R92)."""
        try:
            receive(sys.stdin.buffer.read(LARGEST + 1))
        except (DatabaseError, OSError) as failure:
            self.stderr.write(f"{type(failure).__name__} : {failure}")
            sys.exit(TRY_AGAIN)
