"""The choices saved at the desk."""

from django.db import models

from calypso.base.text import BODY_MAX


class VendorChoice(models.Model):
    """A setting chosen at the desk: its name, and its value as the environment would write it."""

    name = models.CharField(max_length=40, unique=True)
    value = models.TextField(max_length=BODY_MAX, blank=True)

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
