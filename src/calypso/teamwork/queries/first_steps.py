"""What an administrator does first on an empty installation, each step with its state."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from calypso.accounts.access import may, require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import Organization, User
from calypso.base.chosen import is_fixed, is_saved
from calypso.outbox.models import OutgoingEmail, State
from calypso.projects.models import Project
from calypso.sla.levels import general_levels
from calypso.tickets.models import Ticket
from calypso.vendor.queries import latest_test_mail
from calypso.vendor.texts import Name
from calypso.vendor.wording import written_names


class StepName(StrEnum):
    """A first step."""

    NAMES = "names"
    MAIL = "mail"
    LEGAL = "legal"
    TEAM = "team"
    COMPANY = "company"
    CONTACTS = "contacts"
    PROJECT = "project"
    LEVELS = "levels"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """The steps in order, each with whether it is done; whether a mail server is given, and the last mail of trial.

    `default_sender` is the address that mails leave from when nobody chose it, else empty.
    """

    steps: Sequence[tuple[StepName, bool]]
    has_server: bool
    default_sender: str
    test: OutgoingEmail | None

    @property
    def done(self) -> int:
        return sum(done for _step, done in self.steps)


def first_steps(viewer: User) -> FirstSteps:
    """Returns the first steps of the installation. For administrators. Raises Forbidden, NotVisible to clients."""
    require(viewer, Capability.SET_UP)
    test = latest_test_mail(viewer)
    contacts = User.objects.filter(kind=User.Kind.CLIENT, active=True)
    return FirstSteps(
        [
            (StepName.NAMES, all(is_fixed(name) or is_saved(name) for name in ("VENDOR_NAME", "SUPPORT_ADDRESS"))),
            (StepName.MAIL, settings.MAIL_FROM_GIVEN and test is not None and test.state == State.SENT),
            (StepName.LEGAL, Name.LEGAL in written_names()),
            (StepName.TEAM, User.objects.filter(kind=User.Kind.STAFF, active=True).count() > 1),
            (StepName.COMPANY, Organization.objects.filter(kind=Organization.Kind.CLIENT).exists()),
            (StepName.CONTACTS, contacts.exists()),
            (StepName.PROJECT, Project.objects.exists()),
            (StepName.LEVELS, any(level.answer_hours or level.process_hours for level in general_levels().values())),
            (StepName.TICKET, Ticket.objects.exists()),
        ],
        bool(settings.MAILERS),
        "" if settings.MAIL_FROM_GIVEN else settings.MAIL_FROM,
        test,
    )


def starts(viewer: User) -> bool:
    """Returns whether `viewer` sets up an installation that has no project yet."""
    return may(viewer, Capability.SET_UP) and not Project.objects.exists()
