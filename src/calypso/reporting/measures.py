"""The figures of tickets over a period, counted by the database: overall, and by project, company or assignee."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncDate

from calypso.base.aggregates import Median
from calypso.base.period import Period
from calypso.tickets.models import Ticket
from calypso.tickets.queries.figures import Figure, behind, falls
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


# Rows are counted, not their keys: PostgreSQL then answers from the indexes, which hold every other column.
_CLOSED: dict[str, Any] = {
    "closed": Count("*"),
    "processing_median": Median("vendor_seconds"),
    "vendor_seconds": Sum("vendor_seconds"),
    "client_seconds": Sum("client_seconds"),
    "rated": Count(Value(1), filter=~Q(satisfaction="")),
    "satisfied": Count(Value(1), filter=Q(satisfaction=Satisfaction.SATISFIED)),
}
_ANSWERED: dict[str, Any] = {"answered": Count("*"), "answer_median": Median("answer_seconds")}
_AIMS: dict[str, Any] = {
    "measured": Count(Value(1), filter=Q(answer_due_at__isnull=False)),
    "in_time": Count(Value(1), filter=Q(answered_at__lte=F("answer_due_at"))),
}


class Tally:
    """The measures of `tickets` over a period: `overall`, and `groups`, by key, in the order of `GROUPS`.

    `states` has the number of open tickets in each state. Uses seventeen queries. Without `aims`, the service levels
    count for nothing.
    """

    def __init__(self, tickets: QuerySet[Ticket], period: Period, *, aims: bool) -> None:
        self.overall = Measures()
        self.groups: tuple[dict[int | None, Measures], ...] = tuple({} for _group in GROUPS)
        self.states: Counter[str] = Counter()
        self._measure(behind(tickets, Figure.CLOSED, period), _CLOSED)
        self._measure(behind(tickets, Figure.ANSWERED, period), _ANSWERED | _AIMS if aims else _ANSWERED)
        still_open = tickets.exclude(state=State.CLOSED).order_by()
        self.states.update(dict(still_open.values_list("state").annotate(number=Count("*"))))
        self._count("open", still_open)
        self._count("created", behind(tickets, Figure.CREATED, period))
        self._add_up("processed", behind(tickets, Figure.PROCESSED, period))
        self._add_up("returned", behind(tickets, Figure.RETURNED, period))

    def _measure(self, tickets: QuerySet[Ticket], aggregates: Mapping[str, Any]) -> None:
        """Measures tickets, overall then group by group: a median does not add up."""
        _set(self.overall, tickets.aggregate(**aggregates))
        for name, group in zip(GROUPS, self.groups, strict=True):
            for row in tickets.order_by().values(name).annotate(**aggregates):
                _set(group.setdefault(row.pop(name), Measures()), row)

    def _count(self, figure: str, tickets: QuerySet[Ticket]) -> None:
        for name, group in zip(GROUPS, self.groups, strict=True):
            counts = dict(tickets.order_by().values_list(name).annotate(number=Count("*")))
            for key, number in counts.items():
                setattr(group.setdefault(key, Measures()), figure, number)
            setattr(self.overall, figure, sum(counts.values()))

    def _add_up(self, figure: str, tickets: QuerySet[Ticket]) -> None:
        """Counts as `_count` does, where finding the tickets costs more than adding up their finest groups."""
        for *keys, number in tickets.order_by().values_list(*GROUPS).annotate(number=Count("*")):
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
    return dict(rows.values_list(TruncDate(column)).annotate(number=Count("*")))
