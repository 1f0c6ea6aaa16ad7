"""Actions on the team's notes about a contact or a company; clients never see them."""

from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import Organization, User
from calypso.base import clock
from calypso.base.errors import Forbidden, Invalid
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import CONTEXT_MAX
from calypso.base.validation import Input
from calypso.teamwork import access
from calypso.teamwork.models import ClientNote

MOST = 50


def add_client_note(by: User, *, about: User | Organization, text: str) -> ClientNote:
    """Adds a note about a contact or a company that `by` sees. For who keeps contacts.

    The note that they have just written, sent again by a second click, is the same note (R103). Raises Invalid,
    Forbidden.
    """
    require(by, Capability.KEEP_CONTACTS)
    subject = {"person": about} if isinstance(about, User) else {"organization": about}
    checked = Input()
    text = checked.lines("note", text, CONTEXT_MAX, required=True)
    checked.done()
    latest = ClientNote.objects.filter(**subject).first()
    if latest is not None and (latest.author_id, latest.text) == (by.pk, text):
        return latest
    if ClientNote.objects.filter(**subject).count() >= MOST:
        raise Invalid({"note": [_("Cinquante notes au plus : retirez-en une.")]})
    return ClientNote.objects.create(key=new_key(), text=text, author=by, created_at=clock.now(), **subject)


def remove_client_note(by: User, *, key: str) -> None:
    """Deletes a note on a client; does nothing for one that no longer exists. Raises Forbidden."""
    require(by, Capability.KEEP_CONTACTS)
    note = access.client_notes_for(by).filter(key=key).first()
    if note is None:
        return
    if not access.may_remove_note(by, note):
        raise Forbidden
    note.delete()
