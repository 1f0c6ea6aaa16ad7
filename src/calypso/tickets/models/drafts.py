"""Drafts: the text and files of forms that are not sent yet."""

from django.db import models

from calypso.accounts.models import User
from calypso.pictures.models import Picture

PAGE_MAX = 200  # characters of the path of a page
# The free-text fields of forms: what a draft holds of them was typed, not shown by the page.
WORDS = (
    *("title", "body", "description", "context", "note", "todo", "spent", "spent_note", "issue_title"),
    *("link_reference", "reason", "rd_reference", "rd_url"),
)


class Draft(models.Model):
    """The text that a person typed in one form and has not sent.

    It survives a refused form, an expired session and a restart. `key` is the form's one-time key, `page` the path of
    the page that shows the form, `fields` the text by field name. Expires a week after it was last saved (R68).
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
        """Returns the first non-empty text field, to identify the draft; empty when it holds files only."""
        return next((self.fields[name] for name in WORDS if self.fields.get(name, "").strip()), "")


class DraftFile(models.Model):
    """A file uploaded to a form that is not sent yet; it belongs to the draft of that form and person (R68)."""

    key = models.CharField(max_length=16, unique=True)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+", related_query_name="file")
    name = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=64, unique=True)

    picture: Picture | None = None  # set where files are shown (`queries.files`)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
