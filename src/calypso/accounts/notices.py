"""The mails about accounts. The links in them are made when the mail is sent (R26, R79)."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from calypso.accounts import links
from calypso.accounts.models import Membership, Organization, User
from calypso.base.catalogue import gettext_noop
from calypso.outbox import kinds
from calypso.outbox.enqueue import MailRequest, Recipient, enqueue
from calypso.outbox.kinds import Envelope, Kind
from calypso.outbox.queries import HIDDEN_LINK

LINK_PATH = "/mot-de-passe/lien/"
_PLACEHOLDER = f"{settings.SITE_URL}{LINK_PATH}{HIDDEN_LINK}"


def link_address(purpose: links.Purpose, token: str) -> str:
    """Returns the address of the page where a password is chosen."""
    return f"{settings.SITE_URL}{LINK_PATH}{purpose.value}/{token}"


def recipient(person: User, address: str = "") -> Recipient:
    """Returns the person as a recipient of the outbox, at `address` if given, else at the stored address."""
    return Recipient(person.key, address or person.email, person.locale, person.notification_preferences)


def person_there(envelope: Envelope) -> User | None:
    """Returns the recipient of a mail, or None once they are inactive or have another address."""
    return User.objects.filter(key=envelope.recipient_key, active=True, email=envelope.recipient).first()


def _active_recipient(envelope: Envelope) -> User | None:
    return User.objects.filter(key=envelope.recipient_key, active=True).first()


def _password_link_kind(purpose: links.Purpose) -> kinds.Kind:
    def still_owed(envelope: Envelope) -> bool:
        person = person_there(envelope)
        return bool(person and links.purpose_for(person) is purpose)

    def secrets(envelope: Envelope) -> Mapping[str, str]:
        person = _active_recipient(envelope)
        assert person is not None  # `still_owed` was called just before
        return {HIDDEN_LINK: f"{purpose.value}/{links.mint(person, purpose)}"}

    key, label = {
        links.Purpose.FIRST_CONNECTION: ("accounts.first_connection", gettext_noop("Création du mot de passe")),
        links.Purpose.RESET: ("accounts.reset", gettext_noop("Réinitialisation du mot de passe")),
    }[purpose]
    return Kind(key, label, still_owed, secrets)


def _is_still_contact(envelope: Envelope) -> bool:
    person, company = _active_recipient(envelope), envelope.about.removeprefix("organization:")
    return Membership.objects.filter(user=person, organization__key=company, active=True).exists()


def _invitation_kind() -> Kind:
    first_connection = _password_link_kind(links.Purpose.FIRST_CONNECTION)
    return Kind(
        "accounts.invitation", gettext_noop("Invitation"), first_connection.still_owed, first_connection.secrets
    )


def register_kinds() -> None:
    """Registers the mail kinds of accounts with the outbox."""
    kinds.register(
        *(_password_link_kind(purpose) for purpose in links.Purpose),
        _invitation_kind(),
        # The notices of R28, R42 and R44 are sent even to a person deactivated since.
        Kind("accounts.password_changed", gettext_noop("Mot de passe modifié"), lambda envelope: True),
        Kind("accounts.second_factor", gettext_noop("Double authentification"), lambda envelope: True),
        Kind("accounts.joined", gettext_noop("Société ajoutée"), _is_still_contact),
        Kind("accounts.email_changed", gettext_noop("Adresse modifiée"), lambda envelope: True),
        Kind("accounts.merged", gettext_noop("Comptes réunis"), lambda envelope: True),
    )


def link_asked(person: User, event: str) -> None:
    """Enqueues MA or MB: the link that the person needs (S18, S24)."""
    kind = {
        links.Purpose.FIRST_CONNECTION: "accounts.first_connection",
        links.Purpose.RESET: "accounts.reset",
    }[links.purpose_for(person)]
    enqueue([MailRequest(kind, recipient(person), f"account:{person.key}", event, _context(person))])


def invited(person: User, event: str) -> None:
    """Enqueues the invitation of a new contact or team member."""
    enqueue([MailRequest("accounts.invitation", recipient(person), f"account:{person.key}", event, _context(person))])


def joined(person: User, organization: Organization, event: str) -> None:
    """Tells a person who already signs in that they are now a contact of one more company (A14)."""
    context = {**_context(person), "company": organization.name}
    enqueue([MailRequest("accounts.joined", recipient(person), f"organization:{organization.key}", event, context)])


def password_changed(person: User, at: datetime, network: str) -> None:
    """Tells the person that their password changed, when and from which network (R28)."""
    context = {**_context(person), "at": at, "network": network}
    event = f"password:{person.key}:{at.timestamp()}"
    enqueue([MailRequest("accounts.password_changed", recipient(person), f"account:{person.key}", event, context)])


def second_factor_changed(person: User, at: datetime, *, added: bool) -> None:
    """Tells the person that a second factor was added to their account, or removed from it (R44)."""
    event = f"factor:{person.key}:{at.timestamp()}"
    context = {**_context(person), "at": at, "added": added}
    enqueue([MailRequest("accounts.second_factor", recipient(person), f"account:{person.key}", event, context)])


def email_changed(person: User, old_address: str, at: datetime) -> None:
    """Tells the old address that it no longer signs in (R42)."""
    event = f"email:{person.key}:{at.timestamp()}"
    to = recipient(person, old_address)
    enqueue([MailRequest("accounts.email_changed", to, f"account:{person.key}", event, {**_context(person), "at": at})])


def merged(kept: User, gone: User, at: datetime) -> None:
    """Tells both addresses of a person that their accounts were merged, and which address signs in."""
    event, about = f"merge:{gone.key}:{at.timestamp()}", f"account:{kept.key}"
    context = {**_context(kept), "at": at, "old_address": gone.email}
    recipients = [recipient(kept)] + ([Recipient(gone.key, gone.email, gone.locale)] if gone.active else [])
    enqueue([MailRequest("accounts.merged", addressee, about, event, context) for addressee in recipients])


def _context(person: User) -> dict[str, object]:
    return {"person": person, "link": _PLACEHOLDER, "login_url": f"{settings.SITE_URL}/connexion/"}
