"""The service levels saved by the vendor."""

from django.db import models
from django.db.models import Q

from calypso.accounts.models import Organization
from calypso.projects.models import Project


class ServiceLevel(models.Model):
    """Business hours within which the team aims to answer first, and to process.

    Of everybody, or of a company, or of a project. For everybody, null says that there is no target; for a company or a
    project, null says « as for the others », and zero that there is no target.
    """

    phase = models.CharField(max_length=10, choices=Project.Phase)
    priority = models.CharField(max_length=1)
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+")
    project = models.ForeignKey(Project, models.CASCADE, null=True, related_name="+")
    answer_hours = models.PositiveSmallIntegerField(null=True)
    process_hours = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phase", "priority"],
                condition=Q(organization__isnull=True, project__isnull=True),
                name="service_level_of_all_once",
            ),
            models.UniqueConstraint(fields=["organization", "phase", "priority"], name="service_level_of_company_once"),
            models.UniqueConstraint(fields=["project", "phase", "priority"], name="service_level_of_project_once"),
            models.CheckConstraint(
                condition=Q(organization__isnull=True) | Q(project__isnull=True), name="service_level_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase} {self.priority}"
