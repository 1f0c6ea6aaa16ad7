"""What the team does with a received mail that waits for somebody (R89, R93).

To put one on a ticket, or to open a ticket with it, is to write: the form of the page is filled in with the mail, under
the mail's key, and whoever sends it settles the mail (`following`).
"""

from collections.abc import Sequence

from django.db import transaction

from calypso.accounts.models import User
from calypso.base import clock, isolation, journal
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.text import BODY_MAX, TITLE_MAX
from calypso.mailin import phrases
from calypso.mailin.access import received_for, rules_for
from calypso.mailin.following import already_there
from calypso.mailin.models import ReceivedEmail, SenderRule, State
from calypso.mailin.queries import quoted_words, writer_of
from calypso.mailin.reading import read_stored
from calypso.tickets.actions import drafts
from calypso.tickets.models import Draft
from calypso.tickets.queries.drafts import get_draft

MOST = 200  # mails that one order sets aside


def write_with(by: User, *, mail: ReceivedEmail, opening: bool, page: str) -> tuple[str, bool]:
    """Fills in a form with the mail, its files included: that of a new ticket, or of a note at the path `page`.

    Returns the key of the form, and whether all the files came along. What was begun with the mail is taken up as it
    was left. Raises Conflict for a mail that is already on a ticket; Forbidden.
    """
    received_for(by)
    if mail.state == State.APPLIED:
        raise already_there(mail)
    typed, kept = get_draft(by, mail.key)
    if typed or kept:
        return mail.key, True
    if opening:
        title = phrases.ANSWER_SUBJECT.sub("", mail.subject)[:TITLE_MAX]
        fields = {"title": title, "description": (mail.words or mail.text)[:BODY_MAX]}
        sender = writer_of(mail)
        if sender is not None:
            fields["author"] = sender.key
    else:
        fields = {"body": quoted_words(mail)[:BODY_MAX], "kind": "note"}
    purpose = Draft.Purpose.OPENING if opening else Draft.Purpose.COMMENT
    drafts.keep_text(by, form_key=mail.key, purpose=purpose, fields=fields, page=page)
    try:
        files = [(file.name, [file.content]) for file in read_stored(mail.stored).files if file.content]
    except (isolation.Died, FileNotFoundError, ValueError):  # it cannot be read: its text says what is known
        return mail.key, False
    return mail.key, not drafts.keep_files(by, form_key=mail.key, purpose=purpose, uploads=files)


def discard(by: User, *, keys: Sequence[str]) -> int:
    """Sets mails aside, `MOST` at once; returns how many of them waited. They stay, and can be taken up again."""
    return _settle(by, keys, [State.HELD], State.DISCARDED)


def take_up(by: User, *, keys: Sequence[str]) -> int:
    """Takes mails up again that were set aside, or that no person seemed to have written; returns how many."""
    return _settle(by, keys, [State.DISCARDED, State.IGNORED], State.HELD)


def _settle(by: User, keys: Sequence[str], states: list[State], state: State) -> int:
    with transaction.atomic():
        rows = received_for(by).filter(key__in=list(keys)[:MOST], state__in=states)
        count = rows.update(state=state, settled_by=by, settled_at=clock.now())
    journal.record("mail.sorted", actor=by.key, state=state.value, count=count)
    return count


def set_domain_aside(by: User, *, mail: ReceivedEmail) -> int:
    """Sets aside what came from the domain of a mail, and what will come, unless somebody with an account writes it.

    Returns how many mails waited. Raises Invalid for a mail whose domain is that of an account.
    """
    rules_for(by)
    domain = mail.sender.rpartition("@")[2].lower()
    if not domain or User.objects.filter(email_key__endswith=f"@{domain}", active=True).exists():
        raise Invalid({"domain": [_("Des personnes qui ont un compte écrivent de ce domaine.")]})
    with transaction.atomic():
        SenderRule.objects.get_or_create(domain=domain, defaults={"added_by": by, "added_at": clock.now()})
        rows = received_for(by).filter(state=State.HELD, person=None, sender__iendswith=f"@{domain}")
        count = rows.update(state=State.DISCARDED, settled_by=by, settled_at=clock.now())
    journal.record("mail.domain_set_aside", actor=by.key, count=count)
    return count


def remove_rule(by: User, *, domain: str) -> None:
    """Lets the messages of a domain be sorted again; those set aside stay so."""
    rules_for(by).filter(domain=domain).delete()
    journal.record("mail.domain_sorted_again", actor=by.key)


def read_again(by: User, *, mail: ReceivedEmail) -> None:
    """Has the worker read a mail again, as if it arrived: what refused it may have changed. Raises Forbidden."""
    rows = received_for(by).filter(pk=mail.pk).exclude(state__in=[State.APPLIED, State.WAITING])
    rows.update(state=State.WAITING, reason="", detail="", attempts=0, claimed_at=None, settled_by=None)
    journal.record("mail.read_again", actor=by.key, mail=mail.key)
