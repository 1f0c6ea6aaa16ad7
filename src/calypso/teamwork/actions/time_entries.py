"""Time that team members spent on a ticket, entered by themselves: optional, visible to the team only (R11)."""

import re

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import Conflict, Forbidden
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import TITLE_MAX
from calypso.base.validation import Input
from calypso.teamwork.access import may_remove_time
from calypso.teamwork.models import TimeEntry
from calypso.tickets.actions.writing import noted_ticket
from calypso.tickets.models import Ticket

DAY = 24 * 60  # minutes, the most that one entry holds
_DURATION = re.compile(r"(?:(?P<hours>\d{1,2})\s*[h:]\s*(?P<past>[0-5]?\d)?|(?P<minutes>\d{1,4})\s*(?:m|min|mn)?)")


def add_time(by: User, *, ticket: Ticket, spent: str, note: str = "") -> TimeEntry:
    """Records time spent on an open ticket: « 45 », « 45 min », « 1h30 », « 1:30 ». Raises Invalid, Forbidden."""
    current, checked = noted_ticket(by, ticket), Input()
    minutes = _minutes(spent)
    if not 1 <= minutes <= DAY:
        checked.refuse("spent", _("Indiquez une durée, comme 45 min ou 1h30, d'un jour au plus."))
    words = checked.line("spent_note", note, TITLE_MAX)
    checked.done()
    return TimeEntry.objects.create(
        key=new_key(), ticket=current, person=by, minutes=minutes, note=words, created_at=clock.now()
    )


def remove_time(by: User, *, ticket: Ticket, key: str) -> None:
    """Deletes a time entry: one's own, or anybody's with the right to assign. Raises Forbidden, Conflict."""
    current = noted_ticket(by, ticket)
    entry = TimeEntry.objects.filter(ticket=current, key=key).first()
    if entry is None:
        raise Conflict(_("Ce temps a déjà été retiré."))
    if not may_remove_time(by, current, entry):
        raise Forbidden
    entry.delete()


def _minutes(spent: str) -> int:
    """Parses a duration into minutes; zero for a text that is not a duration."""
    match = _DURATION.fullmatch(spent.strip().lower())
    if match is None:
        return 0
    return int(match["minutes"] or 0) + 60 * int(match["hours"] or 0) + int(match["past"] or 0)
