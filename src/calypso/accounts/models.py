"""The tables of accounts: companies, people, memberships, teams, sessions, second factors, throttling and history."""

from collections.abc import Sequence
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from calypso.accounts.capabilities import Role
from calypso.base.catalogue import gettext_noop
from calypso.base.i18n import gettext
from calypso.base.text import EMAIL_MAX, NAME_FOLDED_MAX, NAME_MAX, PHONE_MAX, fold_within

ERASED_DOMAIN = "@efface.invalid"
PERSON_FOLDED_MAX = NAME_MAX * 4 + EMAIL_MAX * 2


class Organization(models.Model):
    """A company: the provider, of which there is one, or a client."""

    class Kind(models.TextChoices):
        PROVIDER = "provider"
        CLIENT = "client"

    key = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=NAME_MAX, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CLIENT)
    active = models.BooleanField(default=True)
    search_text = models.CharField(max_length=NAME_FOLDED_MAX, blank=True)  # the name, folded, for the desk's lists
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="provider"), name="organization_one_provider"),
            models.CheckConstraint(condition=Q(kind__in=["provider", "client"]), name="organization_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


def in_full(first_name: str, last_name: str) -> str:
    """Returns « Prénom NOM » (decision 23)."""
    return f"{first_name} {last_name.upper()}".strip()


def initials_of(first_name: str, last_name: str) -> str:
    """Returns « PN » for Prénom NOM."""
    return (first_name[:1] + last_name[:1]).upper()


_ROLE_FLAGS = tuple(f"role_{role.value}" for role in Role)


class User(AbstractBaseUser):
    """A person who signs in: a contact of client companies, or a member of the vendor's team.

    `email_key` is the folded address that sign-in compares (R23); mail always goes to `email` as stored. `stamp` grows
    with every change that ends sessions and links: deactivation, change of address, of company (R24, R28).
    """

    class Kind(models.TextChoices):
        CLIENT = "client"
        STAFF = "staff"

    class Civility(models.TextChoices):
        NONE = "", ""
        MISTER = gettext_noop("M."), gettext_noop("Monsieur")
        MADAM = gettext_noop("Mme"), gettext_noop("Madame")

    class Locale(models.TextChoices):
        FR = "fr", "Français"
        EN = "en", "English"

    key = models.CharField(max_length=16, unique=True)
    email = models.CharField(max_length=EMAIL_MAX)
    email_key = models.CharField(max_length=EMAIL_MAX * 2, unique=True)
    civility = models.CharField(max_length=4, choices=Civility, blank=True)
    first_name = models.CharField(max_length=NAME_MAX)
    last_name = models.CharField(max_length=NAME_MAX)
    phone = models.CharField(max_length=PHONE_MAX, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    role_agent = models.BooleanField(default=False)
    role_manager = models.BooleanField(default=False)
    role_support = models.BooleanField(default=False)
    role_rd = models.BooleanField(default=False)
    role_admin = models.BooleanField(default=False)
    locale = models.CharField(max_length=2, choices=Locale, default=Locale.FR)
    active = models.BooleanField(default=True)
    stamp = models.PositiveIntegerField(default=0)
    two_factor = models.BooleanField(default=False)  # written by actions/mfa.py: whether sign-in asks for a factor
    search_text = models.CharField(max_length=PERSON_FOLDED_MAX, blank=True)  # names and address, folded
    notification_preferences = models.JSONField(default=dict)  # by mail kind, see `outbox/preferences.py`
    created_at = models.DateTimeField()

    is_lent = False  # whether a team member sees the extranet as this person: their private pages are refused (R18)
    unseen = 0  # the number of unseen notifications, set where the person of a request is fetched

    USERNAME_FIELD = "email_key"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["last_name", "first_name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["client", "staff"]), name="user_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="staff")
                | Q(role_agent=False, role_manager=False, role_support=False, role_rd=False, role_admin=False),
                name="user_roles_only_for_staff",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_erased(self) -> bool:
        """Returns whether the person was erased, so that nobody can tell who they were (R130)."""
        return self.email.endswith(ERASED_DOMAIN)

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # read by Django, written by nothing
        return self.active

    @property
    def is_client(self) -> bool:
        return self.kind == self.Kind.CLIENT

    @property
    def full_name(self) -> str:
        """Returns « Prénom NOM », as lists and histories show a person (decision 23)."""
        return in_full(self.first_name, self.last_name)

    @property
    def sheet_name(self) -> str:
        """Returns « NOM Prénom », as the recap sheet shows a person (decision 23)."""
        return f"{self.last_name.upper()} {self.first_name}".strip()

    @property
    def civility_in_full(self) -> str:
        """Returns « Monsieur » or « Madame » in French, translated where it is shown; empty when unknown."""
        return str(self.Civility(self.civility).label)

    @property
    def addressed(self) -> str:
        """Returns « M. NOM » in the current language, as the creation mail names its author to others (A11)."""
        return f"{gettext(self.civility)} {self.last_name.upper()}" if self.civility else self.full_name

    @property
    def initials(self) -> str:
        return initials_of(self.first_name, self.last_name)

    @property
    def searched_text(self) -> str:
        """Returns the value for `search_text`, to be saved with any change of names or address."""
        return fold_within(f"{self.first_name} {self.last_name} {self.email}", PERSON_FOLDED_MAX)

    @property
    def has_connected(self) -> bool:
        """Returns whether the person ever chose a password."""
        return self.has_usable_password()

    @property
    def roles(self) -> list[Role]:
        """Returns the roles of a team member, in the order of `Role`."""
        return [role for role in Role if getattr(self, f"role_{role.value}")]

    @cached_property
    def organization_ids(self) -> frozenset[int]:
        """Returns the ids of a contact's active companies; none for the team. One query per request."""
        if not self.is_client:
            return frozenset()
        return frozenset(
            Membership.objects.filter(user_id=self.pk, active=True, organization__active=True).values_list(
                "organization_id", flat=True
            )
        )

    @property
    def cache_key(self) -> tuple[object, tuple[int, ...]]:
        """Returns what decides the SQL of the rows that the person sees, and the ids in it, for `CompiledQuery`."""
        shape = (self.kind, self.active, *(self.__dict__[name] for name in _ROLE_FLAGS))
        return shape, (self.pk, *sorted(self.organization_ids))

    def with_placeholders(self, numbers: Sequence[int]) -> "User":
        """Returns a person with the same rights and other ids."""
        person = User(pk=numbers[0], **{name: getattr(self, name) for name in ("kind", "active", *_ROLE_FLAGS)})
        person.__dict__["organization_ids"] = frozenset(numbers[1:])
        return person

    def get_session_auth_hash(self) -> str:
        """Returns the hash that a session must match: it changes with the password and with the stamp."""
        return f"{super().get_session_auth_hash()}.{self.stamp}"


class Membership(models.Model):
    """The membership of a contact in a company; a contact may have several (decision 3)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="membership")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", related_query_name="membership")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organization"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organization_id}"


class Session(AbstractBaseSession):
    """A signed-in browser. Person, dates and device are columns, so that sessions can be listed and ended."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", related_query_name="session")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    remembered = models.BooleanField(default=False)
    device = models.CharField(max_length=200, blank=True)

    class Meta(AbstractBaseSession.Meta):
        pass


class Attempt(models.Model):
    """A counted sign-in, link, second factor or lookup. Shared by all processes, kept over restarts (R30, R31)."""

    kind = models.CharField(max_length=10)
    subject = models.CharField(max_length=64)
    network = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "subject", "network", "at"], name="attempt_by_subject"),
            models.Index(fields=["kind", "network", "at"], name="attempt_by_network"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.network}"


class Factor(models.Model):
    """A second factor of a person: an authenticator application (encrypted secret) or a passkey (public credential)."""

    class Kind(models.TextChoices):
        APP = "app"
        PASSKEY = "passkey"

    key = models.CharField(max_length=16, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="factor")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=NAME_MAX, blank=True)  # of a passkey; the application needs none
    secret = models.TextField()
    last_step = models.PositiveBigIntegerField(default=0)  # of the last accepted code: half-minutes since 1970
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(kind="app"), name="factor_one_app"),
            models.CheckConstraint(condition=Q(kind__in=["app", "passkey"]), name="factor_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"


class RecoveryCode(models.Model):
    """A code for a person who lost their telephone: hashed, used once, then deleted (R44)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="recovery_code")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class SpentChallenge(models.Model):
    """A captcha or passkey challenge that was answered, and cannot be answered again (R32, R44)."""

    signature = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.signature


class AuditEntry(models.Model):
    """A change of a company, a person or a project, shown to those who manage them (I12).

    `about` names the object (`organization:KEY`, `person:KEY`, `project:KEY`). There is a row for each field; an act
    without fields has one row whose `field` is empty. Rows are written in the transaction of the change, and rewritten
    by an erasure only (R130).
    """

    about = models.CharField(max_length=60)
    act = models.CharField(max_length=20)
    field = models.CharField(max_length=20, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", related_query_name="change")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["about", "-id"], name="change_about")]

    def __str__(self) -> str:
        return f"{self.act} of {self.about}"


class Team(models.Model):
    """A named part of the vendor's team: tickets are filtered by it, and a text can mention all its members (I4)."""

    key = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=NAME_MAX)
    # The name, folded, so that no two names differ by case alone.
    name_key = models.CharField(max_length=NAME_FOLDED_MAX, unique=True)
    mail_from = models.CharField(
        max_length=EMAIL_MAX, blank=True, db_default=""
    )  # the sender of its mails; empty: ours

    class Meta:
        ordering = ["name_key"]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """The membership of a staff member in a team; a staff member may have several."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+", related_query_name="member")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="team_member")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"


class ColumnMapping(models.Model):
    """What the columns of a table to import are, as a person named them once: by its titles, for the next such table.

    `purpose` is the kind of import, `titles` the SHA-256 of the titles, `places` the place of each column by its name.
    """

    purpose = models.CharField(max_length=20)
    titles = models.CharField(max_length=64)
    places = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "titles"], name="column_mapping_once")]

    def __str__(self) -> str:
        return f"columns of {self.purpose}"
