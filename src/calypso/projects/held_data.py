"""The personal data that projects hold (R130)."""

from typing import Any

from django.db.models import Q

from calypso.accounts.models import Organization, User
from calypso.accounts.privacy import Erasure, Holding
from calypso.base.errors import Conflict
from calypso.base.i18n import gettext as _
from calypso.projects.access import projects_for
from calypso.projects.models import Project, ViewingRight


def _export(person: User) -> dict[str, Any]:
    projects = projects_for(person) if person.active else projects_for(person).none()
    rights = ViewingRight.objects.filter(user=person, project__in=projects)
    return {"viewing_rights": list(rights.values_list("project__name", flat=True))}


def _refuse_erasure(person: User) -> None:
    places = Q(client_manager=person) | Q(vendor_manager=person) | Q(setup_agent=person) | Q(support=person)
    project_names = list(
        Project.objects.filter(places, archived_at=None).order_by("name").values_list("name", flat=True)
    )
    if project_names:
        sentence = _("Cette personne tient encore une place dans un projet en cours, à donner d'abord à une autre :")
        raise Conflict(f"{sentence} {', '.join(project_names)}")


def _erase(erasure: Erasure) -> None:
    ViewingRight.objects.filter(user=erasure.person).delete()


def _leave(_by: User, person: User, organization: Organization) -> None:
    """Removes a person from the projects of a company; a restricted project stays so, even with an empty list (R9)."""
    ViewingRight.objects.filter(user=person, project__organization=organization).delete()
    Project.objects.filter(client_manager=person, organization=organization).update(client_manager=None)


PROJECTS = Holding(
    export=_export,
    refuse_erasure=_refuse_erasure,
    erase=_erase,
    leave=_leave,
    once={ViewingRight: "project_id"},
)
