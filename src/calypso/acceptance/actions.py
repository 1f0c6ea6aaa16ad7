"""Actions on acceptance batches: building from tickets that are ready, scheduling, publishing (decision 12, I7)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.tasks import task

from calypso.acceptance.models import Batch, BatchItem
from calypso.acceptance.notices import tell_held, tell_published
from calypso.acceptance.queries import get_batch, ready_tickets
from calypso.accounts.models import User
from calypso.base import clock, journal
from calypso.base.errors import Conflict, Forbidden, Invalid, words_of
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import BODY_MAX, NAME_MAX
from calypso.base.validation import Input
from calypso.projects.access import SeenProject, require_manage, require_open
from calypso.projects.queries import get_project
from calypso.tickets.actions.steps import announce
from calypso.tickets.models import Ticket

MOST = 100  # most tickets of one batch: a client reviews them all in one sitting


@transaction.atomic
def build_batch(by: User, *, project: SeenProject, name: str, note: str, references: Sequence[str]) -> Batch:
    """Creates a batch of prepared tickets of a project, in the given order; the client does not see it yet.

    Requires the right to manage projects. Raises Invalid, Forbidden, Conflict on an archived project.
    """
    require_manage(by)
    require_open(project)
    batch = Batch(key=new_key(), project=project, author=by, created_at=clock.now())
    _describe(batch, name, note)
    batch.save()
    _fill(batch, references)
    journal.record("batch.built", actor=by.key, batch=batch.key, tickets=len(references))
    return batch


@transaction.atomic
def change_batch(by: User, *, batch: Batch, name: str, note: str, references: Sequence[str], seen_version: int) -> None:
    """Replaces the content of an unpublished batch. Raises Invalid, Forbidden, Conflict."""
    current = _editable_batch(by, batch, seen_version)
    _describe(current, name, note)
    current.save()
    BatchItem.objects.filter(batch=current).delete()
    _fill(current, references)
    journal.record("batch.changed", actor=by.key, batch=batch.key, tickets=len(references))


@transaction.atomic
def drop_batch(by: User, *, batch: Batch, seen_version: int) -> None:
    """Deletes an unpublished batch; its tickets stay ready for another one. Raises Forbidden, Conflict."""
    _editable_batch(by, batch, seen_version).delete()
    journal.record("batch.dropped", actor=by.key, batch=batch.key)


@transaction.atomic
def plan_batch(by: User, *, batch: Batch, at: datetime | None, seen_version: int) -> None:
    """Schedules the automatic publication of the batch at `at`, or cancels it when None; `by` becomes its author.

    Requires the right to manage projects. Raises Invalid for a time in the past, Forbidden, Conflict.
    """
    current = _editable_batch(by, batch, seen_version)
    if at is not None and at <= clock.now():
        raise Invalid({"publish_at": [_("Choisissez un moment à venir.")]})
    current.publish_at, current.author, current.hold_reason = at, by, ""
    current.save()
    journal.record("batch.planned", actor=by.key, batch=batch.key, at=at.isoformat() if at else "")


@transaction.atomic
def publish_batch(by: User, *, batch: Batch, seen_version: int) -> list[str]:
    """Publishes the batch: each ticket becomes « Traité », and each recipient gets one mail for all of theirs.

    Tickets that are no longer ready are removed from the batch. Returns their references. Raises Forbidden, Conflict
    when no ticket is ready, or when the batch was already published or changed.
    """
    current = _editable_batch(by, batch, seen_version)
    unready_references, tickets = [], []
    for item in BatchItem.objects.filter(batch=current).select_related("ticket"):
        if item.ticket.prepared_at is None:
            unready_references.append(item.ticket.reference)
            item.delete()
            continue
        item.event = announce(by, ticket=item.ticket)
        item.save(update_fields=["event"])
        tickets.append(item.event.ticket)
    if not tickets:
        raise Conflict(_("Aucun ticket de ce lot n'est prêt à publier."))
    current.publish_at, current.hold_reason = None, ""
    current.published_at, current.published_by = clock.now(), by
    current.save()
    tell_published(current, tickets, by)
    journal.record(
        "batch.published", actor=by.key, batch=batch.key, tickets=len(tickets), left_out=",".join(unready_references)
    )
    return unready_references


@task
def publish_due() -> int:
    """Publishes the batches whose scheduled time has come; returns how many were published. Runs every minute."""
    batches = Batch.objects.filter(publish_at__lte=clock.now()).select_related("project__vendor_manager", "author")
    return sum(publish_planned(batch=batch) for batch in batches)


def publish_planned(*, batch: Batch) -> bool:
    """Publishes a batch whose scheduled time has come, as the user who scheduled it; returns whether it was published.

    The reason of a refusal is stored on the batch, and mailed to that user and to the team's project manager.
    """
    try:
        publish_batch(batch.author, batch=batch, seen_version=batch.version)
    except (Conflict, Forbidden) as refusal:
        words = words_of(refusal)
        with transaction.atomic():
            rows = Batch.objects.filter(pk=batch.pk, published_at__isnull=True, version=batch.version)
            if rows.update(publish_at=None, hold_reason=words, version=F("version") + 1):
                tell_held(batch, words)
        return False
    return True


def _editable_batch(by: User, batch: Batch, seen_version: int) -> Batch:
    """Returns the current batch, its row locked, its version incremented in memory.

    Raises Forbidden; Conflict when the caller saw an older version, when it is published or its project archived.
    """
    require_manage(by)
    current = Batch.objects.select_for_update().filter(pk=batch.pk).first()
    if current is None or current.version != seen_version:
        raise Conflict(_("Ce lot a changé entre-temps. Relisez-le, puis recommencez."))
    if current.published_at is not None:
        raise Conflict(_("Ce lot est déjà publié."))
    current.project = get_project(by, get_batch(by, batch.key).project.key)
    require_open(current.project)
    current.version += 1
    return current


def _describe(batch: Batch, name: str, note: str) -> None:
    checked = Input()
    batch.name = checked.line("name", name, NAME_MAX, required=True)
    batch.note = checked.lines("note", note, BODY_MAX)
    checked.done()


def _fill(batch: Batch, references: Sequence[str]) -> None:
    unique_references = list(dict.fromkeys(references))
    if not unique_references:
        raise Invalid({"tickets": [_("Choisissez au moins un ticket.")]})
    if len(unique_references) > MOST:
        raise Invalid({"tickets": [_("Au plus %(most)d tickets par lot.") % {"most": MOST}]})
    ready_by_reference = {ticket.reference: ticket for ticket in ready_tickets(batch.project, but=batch)}
    if set(unique_references) - set(ready_by_reference):
        raise Invalid({"tickets": [_("Un des tickets choisis n'est plus prêt, ou est déjà dans un autre lot.")]})
    rows: list[Ticket] = [ready_by_reference[reference] for reference in unique_references]
    try:
        with transaction.atomic():
            BatchItem.objects.bulk_create(
                BatchItem(batch=batch, ticket=ticket, rank=rank) for rank, ticket in enumerate(rows, 1)
            )
    except IntegrityError:
        raise Conflict(_("Un des tickets choisis vient d'être mis dans un autre lot.")) from None
