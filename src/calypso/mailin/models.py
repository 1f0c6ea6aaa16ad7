"""Received mails as rows: stored before anything is done with them (R92), and what became of each."""

from django.db import models
from django.db.models import Q

from calypso.accounts.models import User
from calypso.base.catalogue import gettext_noop
from calypso.base.text import CONTEXT_MAX, EMAIL_MAX, NAME_MAX, TITLE_MAX
from calypso.tickets.models import Ticket, TicketEvent

MESSAGE_ID_MAX = 250


class State(models.TextChoices):
    WAITING = "waiting", gettext_noop("À lire")
    APPLIED = "applied", gettext_noop("Sur le ticket")
    HELD = "held", gettext_noop("À trier")
    IGNORED = "ignored", gettext_noop("Automatique")
    DISCARDED = "discarded", gettext_noop("Écarté")


class Reason(models.TextChoices):
    """Why a message is not on a ticket, in words for the team."""

    UNKNOWN = "unknown", gettext_noop("Expéditeur inconnu")
    INACTIVE = "inactive", gettext_noop("Compte désactivé")
    AMBIGUOUS = "ambiguous", gettext_noop("Expéditeur illisible")
    UNPROVEN = "unproven", gettext_noop("Expéditeur non vérifié")
    UNADDRESSED = "unaddressed", gettext_noop("Ne répond à aucun e-mail")
    NOT_THEIRS = "not_theirs", gettext_noop("Adresse de réponse d'une autre personne")
    NO_SIGHT = "no_sight", gettext_noop("N'a pas accès au ticket ou au projet")
    CLOSED = "closed", gettext_noop("Ticket clôturé")
    EMPTY = "empty", gettext_noop("Aucun texte trouvé")
    REPEATED = "repeated", gettext_noop("Répète le message précédent")
    TOO_MANY = "too_many", gettext_noop("Trop de tickets en une heure")
    REFUSED = "refused", gettext_noop("Refusé")
    SAME_ID = "same_id", gettext_noop("Même identifiant qu'un autre message")
    TOO_LARGE = "too_large", gettext_noop("Trop volumineux")
    UNREADABLE = "unreadable", gettext_noop("Illisible")
    ABSENCE = "absence", gettext_noop("Réponse automatique")
    RECEIPT = "receipt", gettext_noop("Accusé de réception")
    BOUNCE = "bounce", gettext_noop("Rapport de distribution")
    CALENDAR = "calendar", gettext_noop("Réponse à une invitation")
    LIST = "list", gettext_noop("Liste de diffusion")
    OWN = "own", gettext_noop("Écrit par nous")


AUTOMATIC = frozenset({Reason.ABSENCE, Reason.RECEIPT, Reason.BOUNCE, Reason.CALENDAR, Reason.LIST, Reason.OWN})


class ReceivedEmail(models.Model):
    """One message of the mailbox. `stored` is the raw message in the file store; a `partial` one is its beginning.

    `identity` is that of its content: the same message that comes twice is one row (R91). `text` is the whole text as
    it was read, `words` what was understood of it. `person` is the account of the sender's address, which proves
    nothing (R85): only an `APPLIED` message is theirs.
    """

    key = models.CharField(max_length=16)
    identity = models.CharField(max_length=64)
    message_id = models.CharField(max_length=MESSAGE_ID_MAX, blank=True)
    stored = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    partial = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    sender = models.CharField(max_length=EMAIL_MAX, blank=True)
    sender_name = models.CharField(max_length=NAME_MAX, blank=True)
    subject = models.CharField(max_length=TITLE_MAX, blank=True)
    text = models.TextField(blank=True)
    words = models.TextField(blank=True)
    search_text = models.TextField(blank=True)  # sender, subject and words, folded
    file_names = models.TextField(blank=True)  # one a line
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    detail = models.CharField(max_length=CONTEXT_MAX, blank=True)  # a refusal, in the language of who was refused
    crowd = models.PositiveIntegerField(default=0)  # messages of the sender in the hour before, beyond `FLOOD`
    attempts = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    answers_mail = models.CharField(
        max_length=32, blank=True, default=""
    )  # the key of the mail of ours that it answers
    person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", related_query_name="received_email")
    ticket = models.ForeignKey(
        Ticket, models.SET_NULL, null=True, related_name="+", related_query_name="received_email"
    )
    event = models.ForeignKey(TicketEvent, models.SET_NULL, null=True, related_name="+", related_query_name="mail")
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["crowd", "id"], condition=Q(state="waiting"), name="received_to_read"),
            models.Index(fields=["state", "-id"], name="received_by_state"),
            models.Index(fields=["sender", "-received_at"], name="received_from"),
            models.Index(fields=["answers_mail"], condition=~Q(answers_mail=""), name="received_answers"),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="received_message_id"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="received_key_once"),
            models.UniqueConstraint(fields=["identity"], name="received_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="received_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "applied"]) | ~Q(reason=""), name="received_kept_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} from {self.sender}"

    @property
    def reason_label(self) -> str:
        """The label of the reason, French; translated where it is shown. Empty without a reason."""
        return str(Reason(self.reason).label) if self.reason else ""

    @property
    def files(self) -> list[str]:
        """The names of the files that came along."""
        return self.file_names.split("\n") if self.file_names else []

    @property
    def state_label(self) -> str:
        """The label of the state, French; translated where it is shown."""
        return str(State(self.state).label)

    @property
    def tone(self) -> str:
        """The colour of the state."""
        return {"waiting": "blue", "applied": "green", "held": "amber", "ignored": "grey", "discarded": "grey"}[
            self.state
        ]


class SenderRule(models.Model):
    """A domain whose messages are set aside as they come, unless a person with an account wrote them."""

    domain = models.CharField(max_length=EMAIL_MAX)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["domain"]
        constraints = [models.UniqueConstraint(fields=["domain"], name="sender_rule_once")]

    def __str__(self) -> str:
        return self.domain


class MailboxPosition(models.Model):
    """How far a mailbox was read: the last UID, which counts for one UIDVALIDITY only (R91)."""

    mailbox = models.CharField(max_length=300)
    validity = models.CharField(max_length=20)
    uid = models.PositiveBigIntegerField(default=0)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox"], name="mailbox_once")]

    def __str__(self) -> str:
        return self.mailbox
