"""A contact leaves one of their companies, or moves to another: all that they were there ends with it (R8, R9)."""

from django.db import transaction

from calypso.accounts.actions.people import Identity, invite_contact, leave_organization
from calypso.accounts.models import Organization, User
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
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


def move(by: User, *, person: User, origin: Organization, destination: Organization) -> None:
    """Moves a contact from a company to another: they join the new one, are told so, then leave the old one.

    For those who manage clients. Raises NotVisible when the person is no contact of `origin`, Invalid (`destination`)
    when they already are of the new one or when it takes no contact.
    """
    if not destination.active or destination.kind != Organization.Kind.CLIENT:
        raise Invalid({"destination": [_("Choisissez une société de la liste.")]})
    identity = Identity(person.email, person.first_name, person.last_name, person.civility, person.locale)
    with transaction.atomic():
        try:
            invite_contact(by, organization=destination, identity=identity)
        except Invalid:
            raise Invalid({"destination": [_("Cette personne est déjà contact de cette société.")]}) from None
        leave(by, person=person, organization=origin)
