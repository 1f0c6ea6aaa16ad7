"""The people to choose from in the form of a project."""

from calypso.accounts.access import SeenOrganization, Viewer
from calypso.accounts.capabilities import Capability
from calypso.accounts.queries import contacts_page, staff_with
from calypso.base.i18n import gettext as _
from calypso.projects.access import SeenProject
from calypso.projects.queries import unavailable_people

type Options = list[tuple[str, str]]


def project_choices(
    viewer: Viewer, organization: SeenOrganization, project: SeenProject | None = None
) -> dict[str, Options]:
    """Returns the (key, name) pairs to choose from, by field of the form.

    Those who hold a place of `project` are among them, even if they could not be chosen now: saving another field
    never takes them out.
    """
    team = [(person.key, person.full_name) for person in staff_with(Capability.WORK)]
    contacts = [row.person for row in contacts_page(viewer, organization) if row.active]
    choices = {
        "client_manager": [(person.key, person.full_name) for person in contacts],
        "vendor_manager": [(person.key, person.full_name) for person in staff_with(Capability.MANAGE_PROJECTS)],
        "setup_agent": team,
        "support": team,
    }
    for place, person in unavailable_people(project).items() if project else ():
        label = _("%(name)s (n'est plus disponible)") % {"name": person.full_name}
        choices[place] = [*choices[place], (person.key, label)]
    return choices
