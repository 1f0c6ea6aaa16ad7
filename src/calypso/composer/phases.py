"""The answer to a change of phase that is proposed, from either side (I3)."""

from calypso.accounts.access import Viewer
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.composer.forms import PhaseForm
from calypso.phases.actions import agree_phase, refuse_phase
from calypso.projects.access import SeenProject


def answer_phase(viewer: Viewer, project: SeenProject, form: PhaseForm) -> str:
    """Agrees or refuses as the button of the form says; returns the word that the next page says.

    Raises Invalid, for an act that does not exist too, Conflict when the page showed another proposal.
    """
    seen = form.text("seen")
    if form.text("act") == "agree":
        return "phase" if agree_phase(viewer, project=project, seen=seen).ended_at else "accord"
    if form.text("act") == "refuse":
        refuse_phase(viewer, project=project, reason=form.text("reason"), seen=seen)
        return "bascule-refusee"
    raise Invalid({"act": [_("Cette action n'existe pas.")]})
