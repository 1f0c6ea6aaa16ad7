"""The service levels saved by the vendor."""

from django.db import models

from calypso.projects.models import Project


class ServiceLevel(models.Model):
    """Business hours within which the team aims to answer first, and to process; null where there is no target."""

    phase = models.CharField(max_length=10, choices=Project.Phase)
    priority = models.CharField(max_length=1)
    answer_hours = models.PositiveSmallIntegerField(null=True)
    process_hours = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phase", "priority"], name="service_level_once")]

    def __str__(self) -> str:
        return f"{self.phase} {self.priority}"
