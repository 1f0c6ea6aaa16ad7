"""Projects of client companies, and who may see the restricted ones."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from calypso.accounts.models import Organization, User
from calypso.base import clock
from calypso.base.catalogue import gettext_noop
from calypso.base.text import NAME_FOLDED_MAX, NAME_MAX

MAIL_NAME_MAX = 40


def days_until(event: date | None) -> int | None:
    """Returns the days until an event, 0 on its first day; None without a date, or after it."""
    days = (event - clock.today()).days if event else -1
    return days if days >= 0 else None


class Project(models.Model):
    """A project of a client company.

    `restricted` is an explicit state (decision 1, R6): it is set with the first viewer and cleared only by a
    confirmed action, so that a viewer who leaves the company never opens the project to everyone.
    """

    class Phase(models.TextChoices):
        SETUP = "setup", gettext_noop("Paramétrage")
        LIVE = "live", gettext_noop("Exploitation")

    key = models.CharField(max_length=16, unique=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", related_query_name="project")
    name = models.CharField(max_length=NAME_MAX)
    search_text = models.CharField(max_length=NAME_FOLDED_MAX, blank=True)  # the folded name, for the desk's list
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.SETUP)
    event_date = models.DateField(null=True)
    client_manager = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", related_query_name="managed_client_project"
    )
    vendor_manager = models.ForeignKey(
        User, models.PROTECT, related_name="+", related_query_name="managed_vendor_project"
    )
    setup_agent = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", related_query_name="setup_of")
    support = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", related_query_name="support_of")
    restricted = models.BooleanField(default=False)
    by_batch = models.BooleanField(default=False)
    asks_satisfaction = models.BooleanField(default=False)
    remind_days = models.PositiveSmallIntegerField(null=True)  # business days between reminders; null: none
    mail_name = models.CharField(
        max_length=MAIL_NAME_MAX, blank=True, db_default=""
    )  # of the address that opens tickets
    archived_at = models.DateTimeField(null=True)
    phase_changed_at = models.DateTimeField(null=True)
    phase_changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="project_name_once_a_company"),
            models.UniqueConstraint(fields=["mail_name"], condition=~Q(mail_name=""), name="project_mail_name_once"),
            models.CheckConstraint(condition=Q(phase__in=["setup", "live"]), name="project_phase_known"),
            models.CheckConstraint(
                condition=Q(client_manager__isnull=True) | ~Q(client_manager=F("vendor_manager")),
                name="project_managers_on_two_sides",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_live(self) -> bool:
        return self.phase == self.Phase.LIVE

    @property
    def days_to_event(self) -> int | None:
        """Days until the event (`days_until`)."""
        return days_until(self.event_date)

    @property
    def phase_label(self) -> str:
        """The label of the phase, French; translated where it is shown."""
        return str(self.Phase(self.phase).label)


class ViewingRight(models.Model):
    """A contact who may see a restricted project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="+", related_query_name="viewing_right")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="viewing_right")
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="viewing_right_once")]

    def __str__(self) -> str:
        return f"{self.user_id} sees {self.project_id}"
