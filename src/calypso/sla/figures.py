"""How long a ticket of a project takes on each side: a figure that somebody can act on."""

from dataclasses import dataclass
from statistics import median

from calypso.accounts.models import User
from calypso.base.business import calendar
from calypso.projects.models import Project
from calypso.tickets.access import tickets_for
from calypso.tickets.workflow import State

LATEST = 200  # closed tickets that are looked at: the figure says how it goes now


@dataclass(frozen=True, slots=True)
class SideDays:
    """The median time that a closed ticket spent on each side, in working days, and how many were looked at."""

    vendor: float
    client: float
    tickets: int


def side_days(viewer: User, project: Project) -> SideDays | None:
    """Returns the medians over the latest closed tickets visible to `viewer`; None without any. One query."""
    closed = tickets_for(viewer).filter(project=project, state=State.CLOSED).order_by("-closed_at", "-id")
    rows = list(closed.values_list("vendor_seconds", "client_seconds")[:LATEST])
    if not rows:
        return None
    day = calendar().day_seconds
    vendor, client = (median(seconds) / day for seconds in zip(*rows, strict=True))
    return SideDays(vendor, client, len(rows))
