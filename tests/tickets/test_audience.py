"""Who is mailed: the table against the checklist's matrix, then real posts in both phases (S121–S130, R77)."""

import pytest

from calypso.outbox.models import OutgoingEmail
from calypso.projects import actions as projects
from calypso.projects.models import Project
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.actions.steps import assign
from calypso.tickets.audience import AUDIENCES, Part, parts_told
from calypso.tickets.models import Ticket
from calypso.tickets.notices import LABELS
from tests.world import PERSONAS, World, add_project, address, canary, say

A, C, F, V, I, S, U, R = Part  # noqa: E741 - author, client manager, follower, vendor manager, intervenant, set-up, support, R&D

# The matrix of the checklist, section 17, written independently: kind → phase → (unassigned, assigned).
CLIENTS = {A, C, F}
MATRIX = {
    "tickets.opened": {"setup": ({*CLIENTS, V, S}, {*CLIENTS, V, S}), "live": ({*CLIENTS, V, U}, {*CLIENTS, V, U})},
    "tickets.taken": dict.fromkeys(("setup", "live"), (CLIENTS, CLIENTS)),
    "tickets.waiting": dict.fromkeys(("setup", "live"), (CLIENTS, CLIENTS)),
    "tickets.processed": dict.fromkeys(("setup", "live"), (CLIENTS, CLIENTS)),
    "tickets.client_comment": {"setup": ({C, F, V, I, S}, {C, F, V, I}), "live": ({C, F, V, I, U}, {C, F, V, I})},
    "tickets.returned": {"setup": ({C, F, V, I, S}, {C, F, V, I}), "live": ({C, F, V, I, U}, {C, F, V, I})},
    "tickets.closed": {phase: ({*CLIENTS, V, I}, {*CLIENTS, V, I}) for phase in ("setup", "live")},
    "tickets.vendor_comment": {phase: ({*CLIENTS, V, I}, {*CLIENTS, V, I}) for phase in ("setup", "live")},
    "tickets.rd": {phase: ({V, R}, {V, R}) for phase in ("setup", "live")},
    "tickets.follow_up": {phase: ({*CLIENTS, V}, {*CLIENTS, V}) for phase in ("setup", "live")},
    # Not in the checklist's matrix: the assignment notice of its M2 row, and internal acceptance, which no client hears of.
    "tickets.reminder": {phase: ({A, C}, {A, C}) for phase in ("setup", "live")},
    "tickets.unanswered": {phase: ({V, I}, {V, I}) for phase in ("setup", "live")},
    "tickets.mention": {phase: (set(), set()) for phase in ("setup", "live")},  # whom a colleague names
    "tickets.assigned": {phase: ({I}, {I}) for phase in ("setup", "live")},
    "tickets.returned_internally": {"setup": ({V, I, S}, {V, I}), "live": ({V, I, U}, {V, I})},
}


@pytest.mark.checklist("S121", "S123-S125", "S128")
@pytest.mark.parametrize("kind", sorted(AUDIENCES))
@pytest.mark.parametrize("phase", ["setup", "live"])
@pytest.mark.parametrize("assigned", [False, True])
def test_r77_the_table_is_the_matrix(kind: str, phase: str, assigned: bool) -> None:
    assert set(parts_told(kind, phase=phase, assigned=assigned)) == MATRIX[kind][phase][assigned]


def test_every_kind_of_mail_has_its_row_and_its_label() -> None:
    assert set(AUDIENCES) == set(MATRIX) == set(LABELS)


@pytest.fixture
def story(world: World, request) -> Ticket:
    """A ticket of `dec` followed by `obs`, on a project in the asked phase whose managers are all different people."""
    phase = getattr(request, "param", "setup")
    add_project(world, f"P {phase}", "alpha", "pm", phase)
    return open_ticket(
        world.dec,
        project=Project.objects.get(name=f"P {phase}"),
        request=Request(title="Sujet", priority="2", follower=world.obs.key),
    )


def told(ticket: Ticket, kind: str) -> list[str]:
    """The addresses that the last `kind` about the ticket went to, sorted."""
    rows = OutgoingEmail.objects.filter(about=f"ticket:{ticket.reference}", kind=kind)
    return sorted(rows.values_list("recipient", flat=True))


def people(*names: str) -> list[str]:
    return sorted(address(name) for name in names)


@pytest.mark.checklist("S123-S125", "S126")
@pytest.mark.parametrize("story, phase_person", [("setup", "agent"), ("live", "support")], indirect=["story"])
def test_r77_m1_by_phase(story: Ticket, phase_person: str, world: World) -> None:
    assert told(story, "tickets.opened") == people("dec", "pm", "obs", "manager", phase_person)


@pytest.mark.checklist("S130")
def test_one_person_with_several_parts_gets_one_mail(world: World) -> None:
    add_project(world, "P un", "alpha", "dec")
    project = Project.objects.get(name="P un")
    Project.objects.filter(pk=project.pk).update(setup_agent=world.manager)
    ticket = open_ticket(
        world.dec, project=Project.objects.get(pk=project.pk), request=Request(title="x", priority="1")
    )
    assert told(ticket, "tickets.opened") == people("dec", "manager")


@pytest.mark.parametrize("story", ["setup"], indirect=True)
def test_r77_the_whole_life_tells_the_right_people(story: Ticket, world: World) -> None:
    say(world, "dec", story, "comment", "Encore unassigned")
    assert told(story, "tickets.client_comment") == people("pm", "obs", "manager", "agent")
    ticket = Ticket.objects.get(pk=story.pk)
    assign(world.manager, ticket=ticket, assignee=world.support, seen_version=ticket.version)
    assert told(story, "tickets.assigned") == people("support")
    assert told(story, "tickets.taken") == people("dec", "pm", "obs")
    say(world, "support", story, "start", "Je commence")
    assert told(story, "tickets.taken") == people("dec", "pm", "obs")  # once (decision 11)
    say(world, "support", story, "hand_to_rd", "Voyez cela")
    assert told(story, "tickets.rd") == people("manager", "rd")
    say(world, "manager", story, "follow_up")
    assert told(story, "tickets.follow_up") == people("dec", "pm", "obs")
    say(world, "support", story, "ask_client", "Lequel ?")
    assert told(story, "tickets.waiting") == people("dec", "pm", "obs")
    say(world, "dec", story, "return", "Celui-ci")
    assert told(story, "tickets.returned") == people("pm", "obs", "manager", "support")
    say(world, "support", story, "process", "C'est fait")
    assert told(story, "tickets.processed") == people("dec", "pm", "obs")
    say(world, "manager", story, "internal_return", "Pas tout à fait")
    assert told(story, "tickets.returned_internally") == people("support")
    say(world, "support", story, "comment", "Je m'y remets")
    assert told(story, "tickets.vendor_comment") == people("dec", "pm", "obs", "manager")
    say(world, "pm", story, "close", "Merci")
    assert told(story, "tickets.closed") == people("dec", "obs", "manager", "support")


def test_the_vendor_s_closing_tells_the_client_its_reason(story: Ticket, world: World) -> None:
    say(world, "manager", story, "close_for_vendor", "Doublon de ABCDEFG")
    assert told(story, "tickets.closed") == people("dec", "pm", "obs")
    mail = OutgoingEmail.objects.get(kind="tickets.closed", recipient=address("dec"))
    assert "Doublon de ABCDEFG" in mail.text


def test_r11_an_internal_note_tells_nobody(story: Ticket, world: World) -> None:
    before = OutgoingEmail.objects.count()
    say(world, "agent", story, "note", "Entre nous")
    assert OutgoingEmail.objects.count() == before


def test_r11_internal_acceptance_reasons_reach_no_client(story: Ticket, world: World) -> None:
    say(world, "agent", story, "start")
    say(world, "agent", story, "process", "Fait")
    say(world, "manager", story, "internal_return", "motifsecretinterne")
    leaked = OutgoingEmail.objects.filter(text__contains="motifsecretinterne").exclude(
        recipient__endswith="@leni.example"
    )
    assert not leaked.exists()
    assert OutgoingEmail.objects.filter(
        kind="tickets.returned_internally", text__contains="motifsecretinterne"
    ).exists()


def test_r5_a_follower_who_lost_sight_is_not_told(story: Ticket, world: World) -> None:
    projects.set_viewers(world.pm, project=story.project, keys={world.dec.key})
    say(world, "agent", story, "comment", "Réponse")
    assert told(story, "tickets.vendor_comment") == people("dec", "pm", "manager")


def test_a_project_without_its_own_support_tells_all_the_support_team(world: World) -> None:
    project = add_project(world, "P support", "alpha", "pm", "live")
    Project.objects.filter(pk=project.pk).update(support=None)
    ticket = open_ticket(
        world.dec, project=Project.objects.get(pk=project.pk), request=Request(title="x", priority="1")
    )
    assert told(ticket, "tickets.opened") == people("dec", "pm", "manager", "support")


def test_r52_r77_one_message_a_person_and_no_other_address_in_it(story: Ticket) -> None:
    mails = list(OutgoingEmail.objects.filter(about=f"ticket:{story.reference}"))
    assert sorted(mail.recipient for mail in mails) == people("agent", "dec", "manager", "obs", "pm")
    everyone = [address(name) for name in PERSONAS]
    for mail in mails:
        everything = mail.subject + mail.text + mail.html + str(mail.headers)
        assert story.title in everything
        assert [one for one in everyone if one != mail.recipient and one in everything] == []


@pytest.mark.parametrize("company, own, other", [("alpha", "A1", "B1"), ("beta", "B1", "A1")])
def test_canaries_of_one_company_never_reach_the_other(company: str, own: str, other: str, world: World) -> None:
    mails = OutgoingEmail.objects.filter(recipient__endswith=f"@{company}.example")
    words = [mail.subject + mail.text + mail.html for mail in mails]
    assert [text for text in words if canary(own, "titre") in text] != [], "their own are there"
    assert [text for text in words if canary(other, "") in text] == []
