"""From which address the mails of a ticket are written: that of the team of who has it, or the installation's (R83)."""

from collections.abc import Sequence

from calypso.accounts.models import TeamMember, User
from calypso.base.process_cache import cached

SENDERS = "senders"


def sender_of(people: Sequence[User | None]) -> str:
    """Returns `address name` of the team of the first of these people who has one that writes from its own; or empty.

    As of a few seconds ago.
    """
    senders = cached(SENDERS, (), _senders)
    return next((senders[person.pk] for person in people if person is not None and person.pk in senders), "")


def _senders() -> dict[int, str]:
    rows = TeamMember.objects.exclude(team__mail_from="").order_by("-team__name_key")
    return {
        user: f"{address} {name}" for user, address, name in rows.values_list("user", "team__mail_from", "team__name")
    }
