"""The figures of a period: the same conditions count the tickets of a figure and list them (I15).

A figure counts tickets, not events: a ticket processed twice in the period is one processed ticket. « Retournés »
counts those processed in the period that were then returned from « Traité », by the client or by the team.
"""

from datetime import timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from calypso.base.catalogue import gettext_noop
from calypso.base.period import Period
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.satisfaction import Satisfaction
from calypso.tickets.workflow import StepName

TAKEN_BACK_WITHIN = timedelta(minutes=1)  # the longest that `TAKE_BACK_SECONDS` allows
RETURNS = (StepName.RETURN.value, StepName.INTERNAL_RETURN.value)
_STEPS = TicketEvent.objects.filter(kind=TicketEvent.Kind.STEPPED)


class Figure(StrEnum):
    """A figure of a period; its value is used in URLs."""

    CREATED = "crees"
    CLOSED = "clos"
    ANSWERED = "repondus"
    PROCESSED = "traites"
    RETURNED = "retournes"
    RATED = "avis"
    SATISFIED = "satisfaits"


FIGURES: dict[Figure, str] = {
    Figure.CREATED: gettext_noop("créés"),
    Figure.CLOSED: gettext_noop("clôturés"),
    Figure.ANSWERED: gettext_noop("répondus la première fois"),
    Figure.PROCESSED: gettext_noop("traités"),
    Figure.RETURNED: gettext_noop("retournés après « Traité »"),
    Figure.RATED: gettext_noop("clôturés avec un avis"),
    Figure.SATISFIED: gettext_noop("clôturés, client satisfait"),
}
_COLUMNS = {
    Figure.CREATED: "created_at",
    Figure.CLOSED: "closed_at",
    Figure.ANSWERED: "answered_at",
    Figure.RATED: "closed_at",
    Figure.SATISFIED: "closed_at",
}
_EXTRA_CONDITIONS = {Figure.RATED: ~Q(satisfaction=""), Figure.SATISFIED: Q(satisfaction=Satisfaction.SATISFIED)}


def falls(figure: Figure, period: Period) -> Q:
    """Returns the condition of a figure that depends on columns of the ticket only (those of `_COLUMNS`)."""
    since, until = period.instants
    column = _COLUMNS[figure]
    return Q(**{f"{column}__gte": since, f"{column}__lt": until}) & _EXTRA_CONDITIONS.get(figure, Q())


def processings(period: Period) -> QuerySet[TicketEvent]:
    """Returns the events by which tickets became « Traité » in the period."""
    since, until = period.instants
    return _STEPS.filter(step=StepName.PROCESS.value, created_at__gte=since, created_at__lt=until)


def returned_processings(period: Period) -> QuerySet[TicketEvent]:
    """Returns those of `processings` whose ticket was returned by the next step that its author did not take back."""
    since, _until = period.instants
    taken_back = TicketEvent.objects.filter(
        ticket=OuterRef("ticket"),
        id__gt=OuterRef("id"),
        kind=TicketEvent.Kind.TAKEN_BACK,
        step=OuterRef("step"),
        created_at__lte=OuterRef("created_at") + TAKEN_BACK_WITHIN,
    )
    next_steps = _STEPS.filter(~Exists(taken_back), ticket=OuterRef("ticket"), id__gt=OuterRef("id"))
    returns = _STEPS.filter(step__in=RETURNS, created_at__gte=since)  # few: the next steps of the others are not read
    events = processings(period).filter(ticket__in=returns.values("ticket"))
    followed_by = Subquery(next_steps.order_by("created_at", "id").values("step")[:1])
    return events.alias(followed_by=followed_by).filter(followed_by__in=RETURNS)


def behind(tickets: QuerySet[Ticket], figure: Figure, period: Period) -> QuerySet[Ticket]:
    """Returns those of `tickets` that a figure counts."""
    if figure in _COLUMNS:
        return tickets.filter(falls(figure, period))
    acts = returned_processings(period) if figure is Figure.RETURNED else processings(period)
    return tickets.filter(Exists(acts.filter(ticket=OuterRef("pk"))))
