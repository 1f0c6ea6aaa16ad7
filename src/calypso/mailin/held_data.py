"""The personal data that received mails hold, and the files that they keep (R130)."""

from collections.abc import Iterator
from typing import Any

from calypso.accounts.models import User
from calypso.accounts.privacy import Erasure, Holding
from calypso.mailin.models import ReceivedEmail

_TEXTS = ("sender", "sender_name", "subject", "text", "words", "search_text", "detail")


def stored_names() -> Iterator[str]:
    """Yields the stored names of the raw messages."""
    yield from ReceivedEmail.objects.values_list("stored", flat=True).iterator()


def _export(person: User) -> dict[str, Any]:
    rows = ReceivedEmail.objects.filter(person=person).order_by("id")
    return {"received_mails": list(rows.values("received_at", "sender", "subject", "text", "state"))}


def _erase(erasure: Erasure) -> None:
    """Deletes the messages of the person; their files go with the next sweep."""
    ReceivedEmail.objects.filter(person=erasure.person).delete()


RECEIVED = Holding(texts={ReceivedEmail: _TEXTS}, export=_export, erase=_erase)
