"""The answer of either side to a proposed change of phase (I3)."""

from calypso.accounts.access import Viewer
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.composer.forms import PhaseForm
from calypso.phases.actions import agree_phase, refuse_phase
from calypso.projects.access import SeenProject


def answer_phase(viewer: Viewer, project: SeenProject, form: PhaseForm) -> str:
    """Agrees to the change or refuses it, as the form's button says; returns the key of the next page's toast.

    Raises Invalid, also for an unknown act; Conflict when the page showed another proposal.
    """
    proposal = form.text("seen")
    if form.text("act") == "agree":
        if form.text("reason").strip():
            raise Invalid(
                {"reason": [_("Ce motif ne partirait pas : effacez-le pour donner votre accord, ou refusez.")]}
            )
        return "phase" if agree_phase(viewer, project=project, seen=proposal).ended_at else "accord"
    if form.text("act") == "refuse":
        refuse_phase(viewer, project=project, reason=form.text("reason"), seen=proposal)
        return "bascule-refusee"
    raise Invalid({"act": [_("Cette action n'existe pas.")]})
