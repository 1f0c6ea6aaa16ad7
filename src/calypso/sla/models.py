"""Service levels that a vendor wrote."""

from django.db import models

from calypso.projects.models import Project


class ServiceLevel(models.Model):
    """Business hours within which the team means to answer first, and to process; null where it means nothing."""

    phase = models.CharField(max_length=10, choices=Project.Phase)
    priority = models.CharField(max_length=1)
    answer_hours = models.PositiveSmallIntegerField(null=True)
    process_hours = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phase", "priority"], name="service_level_once")]

    def __str__(self) -> str:
        return f"{self.phase} {self.priority}"
