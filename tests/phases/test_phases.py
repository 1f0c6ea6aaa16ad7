"""The change of phase: proposed with the fate of each open ticket, agreed by both managers, done once (I3)."""

import pytest

from calypso.acceptance.pending import pending_requests
from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import Conflict, Forbidden, Invalid, NotVisible
from calypso.outbox import kinds
from calypso.outbox.kinds import Envelope
from calypso.outbox.models import OutgoingEmail
from calypso.phases.actions import Fate, agree_phase, propose_phase, refuse_phase, withdraw_phase
from calypso.phases.models import PhaseChange, PhaseItem
from calypso.phases.queries import get_change, open_lines, phase_page
from calypso.projects.models import Project
from calypso.projects.visible import VisibleProject
from calypso.tickets.models import Ticket
from tests.world import World, new_ticket, say


@pytest.fixture
def project(world: World) -> Project:
    return world.project("A1")


def mails(kind: str) -> list[str]:
    return sorted(OutgoingEmail.objects.filter(kind=kind).values_list("recipient", flat=True))


def propose(world: World, *fates: Fate, who: str = "manager") -> PhaseChange:
    return propose_phase(world.person(who), project=world.project("A1"), note="Le salon ouvre.", fates=fates)


def test_each_ticket_meets_its_fate_once_both_agreed(world: World, project: Project) -> None:
    carried, closed, postponed, moved = [
        say(world, "agent", new_ticket(world, title=title), "start") for title in ("Un", "Deux", "Trois", "Quatre")
    ]
    due = Ticket.objects.get(pk=carried.pk).process_due_at
    change = propose(
        world,
        Fate(closed.reference, "close", "Sans objet."),
        Fate(postponed.reference, "postpone", "Après le salon."),
        Fate(moved.reference, "postpone", "Après le salon."),
    )
    assert (change.vendor_agreed_by, change.client_agreed_by, change.state) == (world.manager, None, "proposed")
    assert str(change) == f"{project.pk} to live"
    assert str(PhaseItem.objects.get(ticket=closed)) == f"close {closed.pk}"
    assert mails("phases.proposed") == ["pm@alpha.example"], "who proposes for the vendor agreed already"
    assert not world.project("A1").is_live
    say(world, "agent", moved, "ask_client", "Où ?")
    assert pending_requests(VisibleProject(world.pm, project.key)).phase
    done = agree_phase(world.pm, project=world.project("A1"))
    assert done.state == "done"
    assert world.project("A1").is_live
    states = {
        ticket.title: ticket.state for ticket in Ticket.objects.filter(title__in=["Un", "Deux", "Trois", "Quatre"])
    }
    assert states == {"Un": "in_progress", "Deux": "closed", "Trois": "follow_up", "Quatre": "waiting"}
    assert Ticket.objects.get(pk=carried.pk).process_due_at != due, "measured against the levels of the new phase"
    assert dict(PhaseItem.objects.filter(change=change).values_list("ticket__title", "done"))["Quatre"] is False
    assert mails("phases.done") == ["manager@leni.example", "support@leni.example"]
    assert not pending_requests(VisibleProject(world.pm, world.project("A1").key)).phase
    with pytest.raises(Conflict):
        agree_phase(world.pm, project=world.project("A1"))


def test_a_ticket_that_moved_meanwhile_is_left_even_where_the_step_is_possible(world: World, project: Project) -> None:
    ticket = say(world, "agent", new_ticket(world), "start")
    change = propose(world, Fate(ticket.reference, "close", "Sans objet."))
    say(world, "agent", ticket, "process", "C'est fait.")
    agree_phase(world.pm, project=world.project("A1"))
    assert Ticket.objects.get(pk=ticket.pk).state == "processed"
    assert not PhaseItem.objects.get(change=change, ticket=ticket).done


def test_r8_the_agreement_of_who_no_longer_manages_projects_moves_nothing(world: World, project: Project) -> None:
    ticket = say(world, "agent", new_ticket(world), "start")
    propose(world, Fate(ticket.reference, "close", "Sans objet."))
    User.objects.filter(pk=world.manager.pk).update(role_manager=False)
    with pytest.raises(Conflict, match="ne gère plus"):
        agree_phase(world.pm, project=world.project("A1"))
    assert not world.project("A1").is_live
    assert Ticket.objects.get(pk=ticket.pk).is_open


def test_somebody_else_proposes_and_both_are_asked_in_any_order(world: World, project: Project) -> None:
    propose(world, who="admin")
    assert mails("phases.proposed") == ["manager@leni.example", "pm@alpha.example"]
    assert agree_phase(world.pm, project=world.project("A1")).state == "proposed"
    with pytest.raises(Forbidden):
        agree_phase(world.pm, project=world.project("A1"))
    assert agree_phase(world.manager, project=world.project("A1")).state == "done"
    assert propose(world).phase == "setup", "back by the same path"


def test_who_may_what(world: World, project: Project) -> None:
    for who in ("agent", "support", "pm", "dec"):
        with pytest.raises((Forbidden, NotVisible)):
            propose(world, who=who)
    propose(world, who="admin")
    for who in ("dec", "agent", "admin"):
        with pytest.raises(Forbidden):
            agree_phase(world.person(who), project=world.project("A1"))
        with pytest.raises(Forbidden):
            refuse_phase(world.person(who), project=world.project("A1"), reason="Non")
        assert not pending_requests(VisibleProject(world.person(who), world.project("A1").key)).phase
    with pytest.raises(NotVisible):
        withdraw_phase(world.pm, project=world.project("A1"))
    with pytest.raises(Forbidden):
        open_lines(world.pm, project)
    with pytest.raises(Conflict):
        agree_phase(world.out, project=world.project("A1"))


def test_a_refusal_keeps_its_reason_and_is_told(world: World, project: Project) -> None:
    change = propose(world)
    with pytest.raises(Invalid):
        refuse_phase(world.pm, project=world.project("A1"), reason=" ")
    refuse_phase(world.pm, project=world.project("A1"), reason="Trop tôt.")
    change.refresh_from_db()
    assert (change.state, change.reason, change.ended_by) == ("refused", "Trop tôt.", world.pm)
    assert mails("phases.refused") == ["manager@leni.example"]
    assert "Trop tôt." in OutgoingEmail.objects.get(kind="phases.refused").text
    assert get_change(world.pm, project) is None
    propose(world)


def test_it_is_withdrawn_and_proposed_once_at_a_time(world: World, project: Project) -> None:
    propose(world)
    with pytest.raises(Conflict, match="déjà"):
        propose(world)
    withdraw_phase(world.admin, project=world.project("A1"))
    with pytest.raises(Conflict, match="plus proposé"):
        withdraw_phase(world.admin, project=world.project("A1"))
    propose(world)


def test_r102_two_who_end_it_at_once(world: World, project: Project, monkeypatch) -> None:
    change = propose(world)
    asked = get_change(world.pm, world.project("A1"))
    monkeypatch.setattr("calypso.phases.actions.get_change", lambda _by, _project: asked)
    PhaseChange.objects.filter(pk=change.pk).update(state="withdrawn")
    with pytest.raises(Conflict, match="plus proposé"):
        agree_phase(world.pm, project=world.project("A1"))


@pytest.mark.parametrize(
    "choice, reason, field",
    [("close", "", "reason"), ("postpone", " ", "reason"), ("delete", "x", "choice"), ("postpone", "x", "choice")],
)
def test_a_wrong_fate_writes_nothing(world: World, project: Project, choice: str, reason: str, field: str) -> None:
    ticket = say(world, "agent", new_ticket(world), "start")
    if (choice, reason) == ("postpone", "x"):
        ticket = say(world, "agent", ticket, "ask_client", "Où ?")  # not from there
    with pytest.raises(Invalid) as refusal:
        propose(world, Fate(ticket.reference, choice, reason))
    assert f"{ticket.reference}-{field}" in refusal.value.errors
    assert not PhaseChange.objects.exists()


def test_without_a_client_manager_or_on_an_archived_project(world: World, project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(client_manager=None)
    with pytest.raises(Conflict, match="chef de projet client"):
        propose(world)
    Project.objects.filter(pk=project.pk).update(client_manager=world.pm, archived_at=clock.now())
    with pytest.raises(Conflict, match="archivé"):
        propose(world)


def test_what_it_changes_is_shown(world: World, project: Project) -> None:
    page = phase_page(world.manager, project)
    before, after = page.told
    assert [one.person for one in before] == [world.manager, world.agent]
    assert [one.person for one in after] == [world.manager, world.support]
    assert (page.target, page.asked, page.side) == ("live", False, "")
    assert page.levels[0][1] != page.levels[0][2]
    propose(world)
    assert phase_page(world.pm, project).side == "client"
    assert len(phase_page(world.pm, project).items) == len(open_lines(world.agent, project))
    Project.objects.filter(pk=project.pk).update(support=None)
    assert phase_page(world.pm, world.project("A1")).told[1][-1].person is None, "the whole support team"


def test_r77_a_mail_leaves_to_whom_still_sees_the_project(world: World, project: Project) -> None:
    change = propose(world)
    owed = kinds.get("phases.proposed").still_owed
    assert owed(Envelope(world.pm.key, world.pm.email, f"phase:{change.key}"))
    assert not owed(Envelope(world.out.key, world.out.email, f"phase:{change.key}"))
    assert not owed(Envelope(world.pm.key, "autre@alpha.example", f"phase:{change.key}"))


def assert_not_asked(world: World) -> None:
    """The manager of the vendor is asked nothing about A1, and what they answer all the same is refused."""
    project = world.project("A1")
    assert not pending_requests(VisibleProject(world.manager, project.key)).phase
    assert phase_page(world.manager, project).side == ""
    with pytest.raises(Forbidden):
        agree_phase(world.manager, project=project)
    with pytest.raises(Forbidden):
        refuse_phase(world.manager, project=project, reason="Tout compte fait")


def test_who_proposed_for_the_vendor_is_not_asked_again(world: World, project: Project) -> None:
    propose(world)
    assert_not_asked(world)


def test_r8_a_vendor_manager_who_no_longer_manages_projects_is_asked_nothing(world: World, project: Project) -> None:
    propose(world, who="admin")
    assert pending_requests(VisibleProject(world.manager, world.project("A1").key)).phase
    User.objects.filter(pk=world.manager.pk).update(role_manager=False, role_agent=True)
    assert_not_asked(world)
    assert PhaseChange.objects.get().vendor_agreed_by is None
