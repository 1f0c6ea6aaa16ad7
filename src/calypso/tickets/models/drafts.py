"""What people keep to use again, and what they have not sent yet."""

from django.db import models

from calypso.accounts.models import User

PAGE_MAX = 200  # of a path of ours
# The fields in which a person writes, and that are empty on a page that nobody wrote in.
WORDS = ("title", "body", "description", "context", "note", "todo", "spent_note", "issue_title", "link_reference")


class Draft(models.Model):
    """What a person typed in one form and has not sent: kept through a refusal, an expired session, a restart.

    `key` is the form's one-time key, `page` the path of the page that shows the form. `fields` is what was typed, by
    field. Expires a week after it was last kept (R68).
    """

    class Purpose(models.TextChoices):
        OPENING = "opening"
        COMMENT = "comment"

    key = models.CharField(max_length=32)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="draft")
    purpose = models.CharField(max_length=10, choices=Purpose)
    page = models.CharField(max_length=PAGE_MAX, blank=True)
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "page", "-saved_at"], name="draft_of_page")]
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="draft_once_a_form")]

    def __str__(self) -> str:
        return f"draft of {self.owner_id}"

    @property
    def words(self) -> str:
        """The first words typed, to tell it by; empty when it holds files only."""
        return next((self.fields[name] for name in WORDS if self.fields.get(name, "").strip()), "")


class DraftFile(models.Model):
    """A file uploaded to a form that is not sent yet; it belongs to that form and that person (R68)."""

    key = models.CharField(max_length=16, unique=True)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+", related_query_name="file")
    name = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
