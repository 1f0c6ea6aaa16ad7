"""The people to choose from in the form of a project."""

from collections.abc import Mapping

from calypso.accounts.access import SeenOrganization, Viewer
from calypso.accounts.capabilities import Capability
from calypso.accounts.queries import contacts_of, staff_with
from calypso.base.i18n import gettext as _

type Options = list[tuple[str, str]]


def project_choices(
    viewer: Viewer, organization: SeenOrganization, unavailable: Mapping[str, Viewer] | None = None
) -> dict[str, Options]:
    """Returns the (key, name) pairs to choose from, by field of the form.

    `unavailable` are those who hold a place and could not be chosen for it now, by field: they are choices all the
    same, so that saving another field never takes them out.
    """
    team = [(person.key, person.full_name) for person in staff_with(Capability.WORK)]
    contacts = [row.person for row in contacts_of(viewer, organization) if row.active]
    choices = {
        "client_manager": [(person.key, person.full_name) for person in contacts],
        "vendor_manager": [(person.key, person.full_name) for person in staff_with(Capability.MANAGE_PROJECTS)],
        "setup_agent": team,
        "support": team,
    }
    for place, person in (unavailable or {}).items():
        label = _("%(name)s (n'est plus disponible)") % {"name": person.full_name}
        choices[place] = [*choices[place], (person.key, label)]
    return choices
