"""Rows inserted with a statement made once: the same rows as Django's own insertion, on both engines (ADR 0013)."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from calypso.base import clock
from calypso.base.inserting import MOST, insert
from calypso.base.references import new_key, new_reference
from calypso.outbox.models import Notification, OutgoingEmail
from calypso.tickets.models import SearchDocument, Ticket, TicketEvent
from tests.world import World

pytestmark = pytest.mark.django_db
OWN = {"id", "key", "dedupe_key", "reference"}  # what no two rows share


def notification(key: str = "", **changes: Any) -> Notification:
    key = key or new_key()
    said = {"title": "L'été à 100 % %s « œuvre »", "page": "/x/", "kind": "k", "about": "a", "recipient_key": "r"}
    return Notification(**{"key": key, "dedupe_key": key, "created_at": clock.now(), **said, **changes})


def mail(headers: dict[str, str]) -> OutgoingEmail:
    key, now = new_key(), clock.now()
    said = {"kind": "k", "about": "a", "recipient": "a@b.example", "text": "Été\n", "html": "<p>Été</p>"}
    return OutgoingEmail(key=key, dedupe_key=key, headers=headers, next_try=now, created_at=now, **said)


def event(ticket: Ticket, **changes: Any) -> TicketEvent:
    said = {"ticket": ticket, "actor": ticket.author, "kind": "commented", "state": ticket.state, "body": "Bonjour"}
    return TicketEvent(key=new_key(), created_at=clock.now(), **{**said, **changes})


def opened(like: Ticket) -> Ticket:
    said: dict[str, Any] = {name: getattr(like, name) for name in ("project", "organization", "author", "title")}
    said |= {"declared_priority": "1", "priority": "1", "turn_reading": 0}
    now = clock.now()
    return Ticket(reference=new_reference(), created_at=now, activity_at=now, turn_since=now, **said)


def as_kept(row: models.Model) -> dict[str, Any]:
    """All columns of a row as the database has them, but what is its own."""
    kept = type(row)._default_manager.get(pk=row.pk)
    values = {field.attname: getattr(kept, field.attname) for field in row._meta.concrete_fields}
    return {name: value for name, value in values.items() if name not in OWN}


def test_a_row_is_what_django_would_have_written(world: World) -> None:
    ticket = world.ticket("A1")
    for made in (
        lambda: notification(seen_at=clock.now()),
        lambda: mail({"Message-ID": "<é@x>"}),
        lambda: event(ticket),
        lambda: event(ticket, actor=None, once_key=None, internal=True, subject=world.dec),
        lambda: opened(ticket),
    ):
        ours, theirs = made(), made()
        shared = {name: value for name, value in vars(ours).items() if name not in {"_state", *OWN}}
        vars(theirs).update(shared)
        insert([ours])
        theirs.save(force_insert=True)
        assert (ours._state.adding, ours._state.db) == (theirs._state.adding, theirs._state.db) == (False, "default")
        assert as_kept(ours) == as_kept(theirs)


def test_a_table_without_a_number_of_its_own(world: World) -> None:
    ticket = world.ticket("A1")
    SearchDocument.objects.filter(pk=ticket.pk).delete()
    insert([SearchDocument(ticket=ticket, terms="été")])
    assert SearchDocument.objects.get(pk=ticket.pk).terms == "été"


def test_many_rows_each_get_their_number_and_the_statements_are_few(world: World) -> None:
    rows = [notification() for _ in range(2 * MOST + 1)]
    with CaptureQueriesContext(connection) as asked:
        insert(rows)
    assert len(asked) == 3
    assert dict(Notification.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "key")) == {
        row.pk: row.key for row in rows
    }
    insert([])
    assert len({row.pk for row in rows}) == len(rows)


def test_r67_a_row_that_is_there_is_refused_or_left_as_it_is(world: World) -> None:
    kept = notification("once")
    insert([kept])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([notification("once")])
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            insert([notification("once")])
        assert transaction.get_rollback()
        transaction.set_rollback(True)
    insert([notification("once", title="Autre"), notification("other")], ignore_conflicts=True)
    assert model_to_dict(Notification.objects.get(key="once"))["title"] == kept.title
    assert Notification.objects.filter(key="other").exists()
