"""Digests: messages held beyond a person's hourly cap, or until the morning, are sent as one (R81)."""

from collections.abc import Sequence

from calypso.outbox.models import NOT_OWED, OutgoingEmail, State
from calypso.outbox.rendering import Message, rendered

TEMPLATE = "outbox.digest"


def claim_others(email: OutgoingEmail) -> list[OutgoingEmail]:
    """Claims for this worker the other messages held for the recipient of `email`; drops those no longer owed."""
    unclaimed = OutgoingEmail.objects.filter(
        recipient=email.recipient, held=True, state=State.WAITING, claimed_at__isnull=True
    )
    keys = list(unclaimed.values_list("pk", flat=True))
    unclaimed.filter(pk__in=keys).update(claimed_at=email.claimed_at)
    claimed = OutgoingEmail.objects.filter(pk__in=keys, claimed_at=email.claimed_at).order_by("id")
    owed_emails = [held_email for held_email in claimed if held_email.is_owed]
    claimed.exclude(pk__in=[held_email.pk for held_email in owed_emails]).update(
        state=State.DROPPED, claimed_at=None, error=NOT_OWED
    )
    return owed_emails


def message(emails: Sequence[OutgoingEmail]) -> Message:
    """Returns one message that contains the title and the text of each of `emails`, oldest first."""
    return rendered(TEMPLATE, emails[0].language, {"emails": sorted(emails, key=lambda email: email.pk)})
