"""Outgoing mails as rows: written in the transaction of the change that they announce, delivered afterwards."""

from django.db import models

from calypso.base.catalogue import gettext_noop
from calypso.outbox import kinds


class State(models.TextChoices):
    WAITING = "waiting", gettext_noop("En attente")
    SENT = "sent", gettext_noop("Remis")
    FAILED = "failed", gettext_noop("Échec")
    DROPPED = "dropped", gettext_noop("Abandonné")
    GROUPED = "grouped", gettext_noop("Regroupé")
    BOUNCED = "bounced", gettext_noop("Non distribué")


class Notification(models.Model):
    """A notification in a person's bell: the title of a message and its page; unseen while `seen_at` is null.

    Whether its object is still visible to the person is checked when the list is read.
    """

    key = models.CharField(max_length=16)
    recipient_key = models.CharField(max_length=32)
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=60)
    title = models.CharField(max_length=400)
    page = models.CharField(max_length=200)
    dedupe_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_index=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient_key", "-id"], name="notification_newest"),
            models.Index(
                fields=["recipient_key"], condition=models.Q(seen_at__isnull=True), name="notification_unseen"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="notification_key_once"),
            models.UniqueConstraint(fields=["dedupe_key"], name="notification_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_key}"

    @property
    def kind_label(self) -> str:
        """The label of the kind, French; translated where it is shown."""
        return kinds.get(self.kind).label


DEAD = "plus rien ne part à cette adresse : elle n'existe plus"
NOT_OWED = "le destinataire n'y a plus droit"
CALLED_OFF = "son auteur est revenu sur son geste"


class OutgoingEmail(models.Model):
    """One message to one person. `about` identifies the object it is about (`ticket:REF`, `account:KEY`).

    `title` says what happened; `subject` is the same for all the messages about a ticket (decision 28).
    """

    key = models.CharField(max_length=32)
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=60)
    recipient_key = models.CharField(max_length=32)
    recipient = models.CharField(max_length=254)
    language = models.CharField(max_length=2, default="fr")
    title = models.CharField(max_length=400)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField()
    headers = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    held = models.BooleanField(default=False)  # beyond the hourly cap, or until the morning: sent with the others (R81)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    sender = models.CharField(max_length=320, blank=True, db_default="")  # `address name`; empty: the installation's

    class Meta:
        indexes = [
            models.Index(fields=["next_try", "id"], condition=models.Q(state="waiting"), name="outbox_due"),
            models.Index(fields=["recipient", "sent_at"], name="outbox_recipient_sent"),
            models.Index(fields=["-created_at", "-id"], name="outbox_newest"),
            models.Index(fields=["about"], name="outbox_about"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="outbox_key_once"),
            models.UniqueConstraint(fields=["dedupe_key"], name="outbox_mail_once"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="outbox_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False) | ~models.Q(state="sent"),
                name="outbox_sent_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_key}"

    @property
    def envelope(self) -> kinds.Envelope:
        """The envelope that the functions of its kind receive."""
        return kinds.Envelope(self.recipient_key, self.recipient, self.about)

    @property
    def is_owed(self) -> bool:
        """Whether the recipient still has the right to it (R8, R77)."""
        return kinds.get(self.kind).still_owed(self.envelope)

    @property
    def tone(self) -> str:
        """The colour of the state."""
        return {
            "waiting": "blue",
            "sent": "green",
            "failed": "red",
            "dropped": "grey",
            "grouped": "green",
            "bounced": "red",
        }[self.state]

    @property
    def event(self) -> str:
        """What it tells of, `event:` and the key of an entry of a timeline for most (`MailRequest.event`)."""
        return self.dedupe_key.rsplit(":", 2)[0]

    @property
    def kind_label(self) -> str:
        """The label of the kind, French; translated where it is shown."""
        return kinds.get(self.kind).label

    def get_state_label(self) -> str:
        """The label of the state, French; translated where it is shown."""
        return str(State(self.state).label)


class DeadAddress(models.Model):
    """An address that a server said is nobody's: why and since when nothing more is sent there."""

    address = models.CharField(max_length=254)
    reason = models.CharField(max_length=500)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address"], name="dead_address_once")]

    def __str__(self) -> str:
        return self.address
