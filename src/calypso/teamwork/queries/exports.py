"""The workbook of chosen tickets."""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched

from calypso.accounts.models import User
from calypso.base.i18n import gettext as _
from calypso.base.sheets import Cell, Sheet, workbook_of
from calypso.teamwork.queries.queue import named
from calypso.teamwork.queries.work import minutes_by_ticket
from calypso.tickets.models import Ticket

CHUNK = 500  # tickets read at a time


def exported(viewer: User, references: Sequence[str], advance: Callable[[int], None]) -> bytes:
    """Returns the workbook of those of the tickets that `viewer` sees, in order (R60, R131).

    `advance` is told how many of the references are done, from time to time.
    """
    heads = [
        _("Référence"),
        _("Libellé"),
        _("Projet"),
        _("Société"),
        _("État"),
        _("Priorité"),
        _("Auteur"),
        _("Intervenant"),
        _("Création"),
        _("Activité"),
        _("Temps passé (min)"),
    ]
    return workbook_of(Sheet(_("Tickets"), heads, _rows(viewer, references, advance)))


def _rows(viewer: User, references: Sequence[str], advance: Callable[[int], None]) -> Iterator[Sequence[Cell]]:
    done = 0
    for chunk in batched(dict.fromkeys(references), CHUNK, strict=False):
        tickets = named(viewer, chunk)
        spent = minutes_by_ticket(viewer, tickets)
        yield from (_cells(ticket, spent.get(ticket.pk)) for ticket in tickets)
        done += len(chunk)
        advance(done)


def _cells(ticket: Ticket, spent: int | None) -> Sequence[Cell]:
    return (
        ticket.reference,
        ticket.title,
        ticket.project.name,
        ticket.organization.name,
        _(ticket.state_now.facts.short),
        _(ticket.priority_now.label),
        ticket.author.full_name,
        ticket.assignee.full_name if ticket.assignee else "",
        ticket.created_at,
        ticket.activity_at,
        spent,
    )
