"""The mail by which an administrator tries the mail server."""

from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.accounts.notices import person_there, recipient
from calypso.base.catalogue import gettext_noop
from calypso.outbox import kinds
from calypso.outbox.enqueue import MailRequest, enqueue
from calypso.outbox.kinds import Envelope, Kind
from calypso.vendor.catalogue import TEST_MAIL


def register_kinds() -> None:
    """Registers the kind with the outbox."""
    kinds.register(Kind(TEST_MAIL, gettext_noop("Essai du serveur de mail"), is_there))


def is_there(envelope: Envelope) -> bool:
    """Returns whether who asked for the mail still has their account."""
    return person_there(envelope) is not None


def tell_test(by: User, event: str) -> None:
    """Mails `by` that the mail server works. Raises Forbidden to who does not set the product up."""
    require(by, Capability.SET_UP)
    about, page = f"account:{by.key}", "/equipe/premiers-pas/"
    enqueue([MailRequest(TEST_MAIL, recipient(by), about, event, {"person": by}, page=page)])
