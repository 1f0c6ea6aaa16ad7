"""The choices and the texts saved at the desk."""

from django.db import models

from calypso.base.text import BODY_MAX


class VendorChoice(models.Model):
    """A setting chosen at the desk: its name, and its value as the environment would write it."""

    name = models.CharField(max_length=40, unique=True)
    value = models.TextField(max_length=BODY_MAX, blank=True)

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class VendorText(models.Model):
    """A text that the vendor wrote, in one language; ours stands where there is none."""

    name = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    text = models.TextField(max_length=BODY_MAX)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "language"], name="vendor_text_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
