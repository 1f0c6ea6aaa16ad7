"""A contact leaves one of their companies: everything they were there ends with it (R8, R9)."""

from django.db import transaction

from calypso.accounts.actions.people import leave_organization
from calypso.accounts.models import Organization, User
from calypso.projects.actions import release_contact
from calypso.tickets.models import Ticket


def leave(by: User, *, person: User, organization: Organization) -> None:
    """Takes a contact out of a company and of all they were there; what they wrote keeps their name.

    For those who manage clients. Raises NotVisible when the person is no contact of it, Conflict for
    their last company.
    """
    with transaction.atomic():
        leave_organization(by, person=person, organization=organization)
        release_contact(by, person=person, organization=organization)
        Ticket.objects.filter(follower=person, organization=organization).update(follower=None)
