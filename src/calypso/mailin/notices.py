"""What the author of a message is told: what was understood of it, or why it is not on the ticket (R89, R90, R98)."""

from collections.abc import Sequence

from calypso.accounts.models import User
from calypso.accounts.notices import recipient
from calypso.accounts.senders import sender_of
from calypso.base import clock
from calypso.base.catalogue import gettext_noop
from calypso.base.i18n import gettext as _
from calypso.base.reply_addresses import reply_address
from calypso.mailin.bounds import ANSWERS, EXCERPT
from calypso.mailin.models import Reason, ReceivedEmail
from calypso.outbox import kinds
from calypso.outbox.enqueue import MailRequest, enqueue, ring
from calypso.outbox.kinds import Choice, Kind
from calypso.outbox.models import OutgoingEmail
from calypso.outbox.queries import emails_about
from calypso.tickets import act_links
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.notices import sees_ticket, subject_of

UNDERSTOOD, KEPT, SILENT, BOUNCED = "mailin.understood", "mailin.kept", "mailin.silent", "mailin.bounced"
TOLD = frozenset({Reason.CLOSED, Reason.EMPTY, Reason.REFUSED, Reason.TOO_LARGE})


def register_kinds() -> None:
    """Registers the mails that answer received ones."""
    kinds.register(
        Kind(
            UNDERSTOOD,
            gettext_noop("Réponse par e-mail reçue"),
            sees_ticket,
            choice=Choice(client=True, staff=True, rings=False),
            links=act_links.fill_in,
        ),
        Kind(KEPT, gettext_noop("Réponse par e-mail non ajoutée"), sees_ticket),
        Kind(BOUNCED, gettext_noop("E-mail non distribué"), lambda envelope: False, mailed=False),
        Kind(SILENT, gettext_noop("Réponses par e-mail en boucle"), lambda envelope: False, mailed=False),
    )


def tell_understood(
    row: ReceivedEmail, person: User, ticket: Ticket, event: TicketEvent, words: str, refusals: Sequence[str]
) -> None:
    """Tells the author what was added to the ticket, which files were not, and the state that the ticket is in."""
    shown = words if len(words) <= EXCERPT else words[:EXCERPT].rstrip() + "…"
    context = {
        "event": event,
        "words": shown,
        "refusals": refusals,
        "is_whole": row.text.strip() == words,
        "acts": act_links.links_of(ticket, answerable=False) if person.is_client else [],
    }
    _tell(UNDERSTOOD, row.key, person, ticket, context)


def tell_kept(row: ReceivedEmail, person: User, ticket: Ticket, reason: Reason, detail: str) -> None:
    """Tells the author why their message is not on the ticket; of a closed ticket once a day (R98)."""
    event = f"{ticket.reference}:{clock.today():%Y%m%d}" if reason is Reason.CLOSED else row.key
    _tell(KEPT, event, person, ticket, {"why": _why(reason, ticket, detail)})


def _why(reason: Reason, ticket: Ticket, detail: str) -> str:
    """Returns in the language of the author why their message is not on the ticket."""
    sentences = {
        Reason.CLOSED: _(
            "Le ticket %(reference)s est clos, et il ne peut être modifié : votre message n'y est pas, "
            "l'équipe l'a gardé. Pour une nouvelle demande, créez un ticket."
        ),
        Reason.EMPTY: _(
            "Nous n'avons trouvé aucun texte de vous dans votre message au ticket %(reference)s : l'équipe l'a gardé. "
            "Répondez au-dessus du message cité, ou écrivez sur la page du ticket."
        ),
        Reason.TOO_LARGE: _(
            "Votre message au ticket %(reference)s est trop volumineux : l'équipe en a gardé le début. "
            "Joignez vos fichiers sur la page du ticket."
        ),
    }
    refused = _("Votre message n'a pas pu être ajouté au ticket %(reference)s, l'équipe l'a gardé : %(why)s")
    return sentences.get(reason, refused) % {"reference": ticket.reference, "why": detail}


def _tell(kind: str, event: str, person: User, ticket: Ticket, context: dict[str, object]) -> None:
    """Enqueues the mail, unless the person's own messages caused enough of them: the team then knows (R90)."""
    about = f"ticket:{ticket.reference}"
    recent = emails_about(about).filter(
        kind__in=[UNDERSTOOD, KEPT], recipient_key=person.key, created_at__gt=clock.ago(hours=1)
    )
    if recent.count() >= ANSWERS:
        _alert(person, ticket, about)
        return
    path = f"/tickets/{ticket.reference}/" if person.is_client else f"/equipe/tickets/{ticket.reference}/"
    request = MailRequest(
        kind,
        recipient(person),
        about,
        f"mail:{event}",
        {"ticket": ticket, "person": person, **context},
        f"ticket.{ticket.reference}",
        path,
        subject=subject_of(ticket),
        sender=sender_of([ticket.assignee, ticket.project.vendor_manager]),
        reply_to=reply_address(ticket.reference, person.key),
    )
    enqueue([request])


def tell_bounce(email: OutgoingEmail | None) -> None:
    """Tells who runs the project that a mail about one of its tickets did not arrive; of an address once a day."""
    if email is None or not email.about.startswith("ticket:"):
        return
    reference = email.about.removeprefix("ticket:")
    ticket = Ticket.objects.select_related("project__vendor_manager").filter(reference=reference).first()
    if ticket is None:
        return
    title = _("L'e-mail à %(address)s n'a pas été distribué") % {"address": email.recipient}
    event = f"bounce:{email.recipient}:{clock.today():%Y%m%d}"
    manager, page = ticket.project.vendor_manager, f"/equipe/courriers/{email.key}/"
    ring(manager.key, kind=BOUNCED, about=email.about, event=event, title=title, page=page)


def _alert(person: User, ticket: Ticket, about: str) -> None:
    title = _("%(name)s écrit sans cesse au ticket %(reference)s : ses messages n'ont plus de réponse.") % {
        "name": person.full_name,
        "reference": ticket.reference,
    }
    for member in filter(None, {ticket.project.vendor_manager, ticket.assignee}):
        event = f"mail-silent:{ticket.reference}:{person.key}:{clock.now():%Y%m%d%H}"
        page = f"/equipe/tickets/{ticket.reference}/"
        ring(member.key, kind=SILENT, about=about, event=event, title=title, page=page)
