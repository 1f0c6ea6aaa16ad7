"""A contact leaves a company or moves to another, which ends all that they were in the first one (R8, R9)."""

from django.db import transaction
from django.db.models import F

from calypso.accounts import audit_log
from calypso.accounts.access import require, sessions_for
from calypso.accounts.actions.people import Identity, invite_contact
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import Membership, Organization, User
from calypso.accounts.privacy import holdings
from calypso.base import journal
from calypso.base.errors import Conflict, Invalid, NotVisible
from calypso.base.i18n import gettext as _


def leave_organization(by: User, *, person: User, organization: Organization) -> None:
    """Removes a contact from a company and ends all that they were in it, their sessions and links (R8, R9).

    What they wrote keeps their name. For those who manage clients. Raises NotVisible when the person is not a contact
    of the company, Conflict for their last company: such an account is deactivated instead.
    """
    require(by, Capability.MANAGE_CLIENTS)
    with transaction.atomic():
        memberships = Membership.objects.select_for_update().filter(user=person, active=True)
        organization_ids = {row.organization_id for row in memberships}
        if organization.pk not in organization_ids:
            raise NotVisible
        if len(organization_ids) == 1:
            raise Conflict(_("C'est la seule société de cette personne : désactivez plutôt son compte."))
        memberships.filter(organization=organization).update(active=False)
        audit_log.record(by, audit_log.about_person(person), "left", {"company": organization.name})
        User.objects.filter(pk=person.pk).update(stamp=F("stamp") + 1)
        sessions_for(person).delete()
        for holding in holdings():
            holding.leave(by, person, organization)
    journal.record("contact.left", actor=by.key, person=person.key, organization=organization.key)


def move_to_organization(by: User, *, person: User, origin: Organization, destination: Organization) -> None:
    """Moves a contact to another company: they join the new one, are notified, then leave the old one.

    For those who manage clients. Raises NotVisible when the person is not a contact of `origin`, Invalid
    (`destination`) when they are already a contact of the new one or it takes no contacts.
    """
    if not destination.active or destination.kind != Organization.Kind.CLIENT:
        raise Invalid({"destination": [_("Choisissez une société de la liste.")]})
    identity = Identity(person.email, person.first_name, person.last_name, person.civility, person.locale, person.phone)
    with transaction.atomic():
        try:
            invite_contact(by, organization=destination, identity=identity)
        except Invalid:
            raise Invalid({"destination": [_("Cette personne est déjà contact de cette société.")]}) from None
        leave_organization(by, person=person, organization=origin)
