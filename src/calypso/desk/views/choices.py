"""The people to choose from in the form of a project."""

from calypso.accounts.access import SeenOrganization, Viewer
from calypso.accounts.capabilities import Capability
from calypso.accounts.queries import contacts_page, staff_with

type Options = list[tuple[str, str]]


def project_choices(viewer: Viewer, organization: SeenOrganization) -> dict[str, Options]:
    """Returns the (key, name) pairs to choose from, by field of the form."""
    team = [(person.key, person.full_name) for person in staff_with(Capability.WORK)]
    contacts = [row.person for row in contacts_page(viewer, organization) if row.active]
    return {
        "client_manager": [(person.key, person.full_name) for person in contacts],
        "vendor_manager": [(person.key, person.full_name) for person in staff_with(Capability.MANAGE_PROJECTS)],
        "setup_agent": team,
        "support": team,
    }
