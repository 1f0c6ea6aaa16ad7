"""The personal data that teamwork holds (R130)."""

from typing import Any

from calypso.accounts.models import User
from calypso.accounts.privacy import Erasure, Holding
from calypso.teamwork.models import BulkOrder, CannedReply, ClientNote, KnownIssue, SavedView, TimeEntry, Todo


def _export(person: User) -> dict[str, Any]:
    spent = TimeEntry.objects.filter(person=person)
    return {"time_entries": list(spent.values("ticket__reference", "minutes", "note", "created_at"))}


def _erase(erasure: Erasure) -> None:
    ClientNote.objects.filter(person=erasure.person).delete()
    BulkOrder.objects.filter(finished_at__isnull=False).delete()  # words and exports that may name the person
    for model in (SavedView, CannedReply):
        model.objects.filter(owner=erasure.person, shared=False).delete()


TEAMWORK = Holding(
    texts={
        KnownIssue: ("title",),
        Todo: ("text",),
        TimeEntry: ("note",),
        SavedView: ("name", "query"),
        CannedReply: ("name", "body"),
        ClientNote: ("text",),
    },
    export=_export,
    erase=_erase,
    ends=(SavedView, CannedReply, BulkOrder),
)
