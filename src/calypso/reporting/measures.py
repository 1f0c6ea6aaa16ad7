"""The figures of tickets over a period, counted by the database: overall, and by project, company or assignee."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from calypso.base.aggregates import Median
from calypso.base.period import Period
from calypso.tickets.models import Ticket
from calypso.tickets.queries.figures import Figure, falls, processings, returned_processings
from calypso.tickets.satisfaction import Satisfaction
from calypso.tickets.workflow import State

GROUPS = ("project_id", "organization_id", "assignee_id")


@dataclass(slots=True)
class Measures:
    """The figures of some tickets over a period. `open` is as of now; durations are business seconds.

    `answer_median` is the median time to the first answer of the tickets answered in the period, `in_time` how many of
    `measured` met their service level. `processing_median`, the time that the team spent on a ticket, and the seconds,
    `rated` and `satisfied` are those of the tickets closed in it: a closed ticket no longer changes. A median is None
    without any ticket.
    """

    open: int = 0
    created: int = 0
    closed: int = 0
    processed: int = 0
    returned: int = 0
    answered: int = 0
    measured: int = 0
    in_time: int = 0
    vendor_seconds: int = 0
    client_seconds: int = 0
    rated: int = 0
    satisfied: int = 0
    answer_median: int | None = None
    processing_median: int | None = None

    @property
    def in_time_share(self) -> float | None:
        """The share of first answers that met their service level, 0 to 1; None when none had a service level."""
        return self.in_time / self.measured if self.measured else None

    @property
    def satisfied_share(self) -> float | None:
        """The share of satisfied clients among those who answered, 0 to 1; None when none did."""
        return self.satisfied / self.rated if self.rated else None

    @property
    def return_share(self) -> float | None:
        """The share of processed tickets that were returned, 0 to 1; None when none was processed."""
        return self.returned / self.processed if self.processed else None


_CLOSED: dict[str, Any] = {
    "closed": Count("id"),
    "processing_median": Median("vendor_seconds"),
    "vendor_seconds": Sum("vendor_seconds"),
    "client_seconds": Sum("client_seconds"),
    "rated": Count("id", filter=~Q(satisfaction="")),
    "satisfied": Count("id", filter=Q(satisfaction=Satisfaction.SATISFIED)),
}
_ANSWERED: dict[str, Any] = {"answered": Count("id"), "answer_median": Median("answer_seconds")}
_AIMS: dict[str, Any] = {
    "measured": Count("id", filter=Q(answer_due_at__isnull=False)),
    "in_time": Count("id", filter=Q(answered_at__lte=F("answer_due_at"))),
}


class Tally:
    """The measures of `tickets` over a period: `overall`, and `groups`, by key, in the order of `GROUPS`.

    `states` has the number of open tickets in each state. Uses twelve queries. Without `aims`, service levels count for
    nothing.
    """

    def __init__(self, tickets: QuerySet[Ticket], period: Period, *, aims: bool) -> None:
        self.overall = Measures()
        self.groups: tuple[dict[int | None, Measures], ...] = tuple({} for _group in GROUPS)
        self.states: Counter[str] = Counter()
        self._measure(tickets.filter(falls(Figure.CLOSED, period)), _CLOSED)
        self._measure(tickets.filter(falls(Figure.ANSWERED, period)), _ANSWERED | _AIMS if aims else _ANSWERED)
        self._add("created", tickets.filter(falls(Figure.CREATED, period)), Count("id"))
        for *keys, state, number in (
            tickets.exclude(state=State.CLOSED).order_by().values_list(*GROUPS, "state").annotate(Count("id"))
        ):
            self.states[state] += number
            self._add_to(keys, "open", number)
        once = Count("ticket", distinct=True)
        self._add("processed", processings(period).filter(ticket__in=tickets), once)
        self._add("returned", returned_processings(period).filter(ticket__in=tickets), once)

    def _measure(self, tickets: QuerySet[Ticket], aggregates: Mapping[str, Any]) -> None:
        """Measures tickets, overall then group by group: a median does not add up."""
        _set(self.overall, tickets.aggregate(**aggregates))
        for name, group in zip(GROUPS, self.groups, strict=True):
            for row in tickets.order_by().values(name).annotate(**aggregates):
                _set(group.setdefault(row.pop(name), Measures()), row)

    def _add(self, figure: str, rows: QuerySet[Any], how_many: Count) -> None:
        """Adds up a count of tickets, or of their entries, from the finest groups."""
        prefix = "" if rows.model is Ticket else "ticket__"
        columns = [f"{prefix}{name}" for name in GROUPS]
        for *keys, number in rows.order_by().values_list(*columns).annotate(how_many):
            self._add_to(keys, figure, number)

    def _add_to(self, keys: Sequence[int | None], figure: str, number: int) -> None:
        groups = [group.setdefault(key, Measures()) for group, key in zip(self.groups, keys, strict=True)]
        for measures in (self.overall, *groups):
            setattr(measures, figure, getattr(measures, figure) + number)


def _set(measures: Measures, values: Mapping[str, float | None]) -> None:
    for name, value in values.items():
        if value is not None:
            setattr(measures, name, round(value))


def counted_by_day(tickets: QuerySet[Ticket], figure: Figure, column: str, period: Period) -> dict[date, int]:
    """Returns how many of `tickets` a figure counts on each day of a period, by the instant in `column`."""
    rows = tickets.filter(falls(figure, period)).order_by()
    return dict(rows.values_list(TruncDate(column)).annotate(Count("id")))
