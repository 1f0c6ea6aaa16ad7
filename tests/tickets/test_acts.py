"""Comments, notes, steps, assignment, priority: what they write and what they refuse."""

import pytest

from calypso.base.errors import Conflict, Forbidden, Invalid, NotVisible, Unconfirmed
from calypso.outbox.models import OutgoingEmail
from calypso.tickets.actions.conversation import comment, note
from calypso.tickets.actions.dispatch import act
from calypso.tickets.actions.steps import assign, retain_priority, take_step
from calypso.tickets.models import Attachment, Draft, Ticket, TicketEvent
from calypso.tickets.priorities import Priority
from calypso.tickets.workflow import StepName
from tests.files import PDF
from tests.world import World, new_ticket, say, upload


def now(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("project", "assignee").get(pk=ticket.pk)


@pytest.mark.checklist("S47", "S80")
def test_a_comment_counts_and_becomes_the_last_one(world: World) -> None:
    ticket = now(new_ticket(world))
    event = comment(world.dec, ticket=ticket, body="Première ligne\nseconde")
    after = now(ticket)
    assert (after.comment_count, after.last_comment, after.last_comment_at) == (
        1,
        "Première ligne seconde",
        event.created_at,
    )
    assert (after.state, after.version) == ("new", ticket.version)


def test_r11_a_note_changes_nothing_that_a_client_can_see(world: World) -> None:
    ticket = now(new_ticket(world))
    before = {
        name: getattr(ticket, name)
        for name in ("comment_count", "last_comment", "last_comment_at", "activity_at", "version")
    }
    event = note(world.agent, ticket=ticket, body="Entre nous")
    after = now(ticket)
    assert event.internal
    assert {name: getattr(after, name) for name in before} == before


@pytest.mark.checklist("S137")
def test_r_and_d_notes_and_never_writes_to_a_client(world: World) -> None:
    ticket = now(new_ticket(world))
    with pytest.raises(NotVisible):
        note(world.rd, ticket=ticket, body="Vu")
    say(world, "agent", ticket, "start")
    say(world, "agent", ticket, "hand_to_rd")
    assert note(world.rd, ticket=ticket, body="Vu").internal
    with pytest.raises(Forbidden):
        comment(world.rd, ticket=ticket, body="Bonjour")


def test_a_client_leaves_no_note(world: World) -> None:
    with pytest.raises(Forbidden):
        note(world.dec, ticket=now(new_ticket(world)), body="x")


@pytest.mark.checklist("S82")
@pytest.mark.parametrize("who", ["pm", "obs"])
def test_another_client_who_sees_may_comment_return_and_close(who: str, world: World) -> None:
    ticket = new_ticket(world)
    say(world, who, ticket, "comment", "Moi aussi")
    say(world, "agent", ticket, "start")
    say(world, "agent", ticket, "process", "Fait")
    assert say(world, who, ticket, "return", "Non").state == "returned"
    assert say(world, who, ticket, "close").state == "closed"


@pytest.mark.checklist("S81", "S114")
def test_returning_an_answer_keeps_the_assignee_and_the_file(world: World) -> None:
    ticket = new_ticket(world)
    say(world, "agent", ticket, "start")
    say(world, "agent", ticket, "ask_client", "Un exemple ?")
    upload(world.dec, "retour", Draft.Purpose.COMMENT, "exemple.pdf", PDF)
    after = say(world, "dec", ticket, "return", "En voici un", form_key="retour")
    assert (after.state, after.assignee) == ("returned", world.agent)
    file = Attachment.objects.get(ticket=ticket)
    assert (file.event.state, file.event.step, file.name) == ("returned", "return", "exemple.pdf")


@pytest.mark.checklist("S78")
def test_the_state_of_an_entry_is_the_one_after_the_act(world: World) -> None:
    ticket = new_ticket(world)
    say(world, "agent", ticket, "start", "Je commence")
    say(world, "dec", ticket, "close", "Inutile")
    stamped = TicketEvent.objects.filter(ticket=ticket).order_by("created_at", "id").values_list("state", flat=True)
    assert list(stamped) == ["new", "in_progress", "closed"]


@pytest.mark.checklist("S87", "S120")
@pytest.mark.parametrize("name", ["comment", "return", "close"])
def test_r104_a_closed_ticket_takes_nothing_from_a_client(name: str, world: World) -> None:
    ticket = new_ticket(world)
    say(world, "dec", ticket, "close")
    before = TicketEvent.objects.filter(ticket=ticket).count()
    with pytest.raises(Conflict):
        say(world, "dec", ticket, name, "Encore un mot")
    assert TicketEvent.objects.filter(ticket=ticket).count() == before


def test_r104_a_closed_ticket_is_not_assigned_nor_prioritised(world: World) -> None:
    ticket = say(world, "dec", new_ticket(world), "close")
    with pytest.raises(Conflict):
        assign(world.manager, ticket=ticket, assignee=world.agent, seen_version=ticket.version)
    with pytest.raises(Conflict):
        retain_priority(world.manager, ticket=ticket, priority=Priority.HIGH, reason="x", seen_version=ticket.version)


@pytest.mark.parametrize("name", ["comment", "close", "return"])
def test_r10_an_archived_project_takes_nothing(name: str, world: World) -> None:
    with pytest.raises(Conflict, match="archivé"):
        say(world, "dec", world.ticket("A3"), name, "Un mot")


def test_r10_an_archived_project_takes_no_note_either(world: World) -> None:
    with pytest.raises(Conflict, match="archivé"):
        say(world, "agent", world.ticket("A3"), "note", "Un mot")


def test_r102_who_looked_at_an_older_ticket_loses(world: World) -> None:
    seen = now(new_ticket(world))
    say(world, "agent", seen, "start")
    with pytest.raises(Conflict):
        take_step(world.dec, ticket=seen, step=StepName.CLOSE, seen_version=seen.version)
    with pytest.raises(Conflict):
        assign(world.manager, ticket=seen, assignee=world.support, seen_version=seen.version)
    with pytest.raises(Conflict):
        retain_priority(world.manager, ticket=seen, priority=Priority.HIGH, reason="x", seen_version=seen.version)
    assert now(seen).state == "in_progress"


def test_r102_a_comment_of_another_is_no_conflict(world: World) -> None:
    seen = now(new_ticket(world))
    say(world, "agent", seen, "comment", "Bonjour")
    take_step(world.dec, ticket=seen, step=StepName.CLOSE, seen_version=seen.version)
    assert now(seen).state == "closed"


def test_r103_a_step_happens_once(world: World) -> None:
    ticket = now(new_ticket(world))
    made = [
        act(world.dec, ticket=ticket, name="close", seen_version=ticket.version, body="", form_key="fin") for _ in "12"
    ]
    assert made[0].pk == made[1].pk


def test_a_contradictory_closing_asks_once_more(world: World) -> None:
    ticket = now(new_ticket(world))
    with pytest.raises(Unconfirmed):
        act(world.dec, ticket=ticket, name="close", seen_version=ticket.version, body="Toujours en erreur")
    assert now(ticket).is_open
    act(world.dec, ticket=ticket, name="close", seen_version=ticket.version, body="Toujours en erreur", confirmed=True)
    assert not now(ticket).is_open


@pytest.mark.parametrize("name", ["", "open", "__class__", "assign"])
def test_r101_an_act_that_does_not_exist_is_refused(name: str, world: World) -> None:
    ticket = now(new_ticket(world))
    with pytest.raises(Invalid):
        act(world.manager, ticket=ticket, name=name, seen_version=ticket.version, body="x")


@pytest.mark.checklist("S110", "S135")
def test_assigning_tells_the_state_the_assignee_and_the_first_taking(world: World) -> None:
    ticket = now(new_ticket(world))
    event = assign(world.manager, ticket=ticket, assignee=world.agent, seen_version=ticket.version, body="Pour vous")
    after = now(ticket)
    assert (after.state, after.assignee, event.subject, event.kind) == (
        "assigned",
        world.agent,
        world.agent,
        "assigned",
    )
    assert after.taken_at is not None


def test_an_agent_takes_but_does_not_give(world: World) -> None:
    ticket = now(new_ticket(world))
    with pytest.raises(Forbidden):
        assign(world.agent, ticket=ticket, assignee=world.support, seen_version=ticket.version)
    assign(world.agent, ticket=ticket, assignee=world.agent, seen_version=ticket.version)
    assert now(ticket).assignee == world.agent


def test_who_has_a_ticket_already_is_not_given_it_again(world: World) -> None:
    ticket = now(new_ticket(world))
    given = assign(world.manager, ticket=ticket, assignee=world.agent, seen_version=ticket.version).ticket
    before, mails = now(given), OutgoingEmail.objects.count()
    with pytest.raises(Invalid, match="déjà affecté à Agent STAFF"):
        assign(world.manager, ticket=given, assignee=world.agent, seen_version=before.version)
    assert (now(given).version, now(given).activity_at) == (before.version, before.activity_at)
    assert TicketEvent.objects.filter(ticket=given, kind="assigned").count() == 1
    assert OutgoingEmail.objects.count() == mails


def test_a_returned_ticket_is_given_again_to_who_had_it(world: World) -> None:
    ticket = new_ticket(world)
    Ticket.objects.filter(pk=ticket.pk).update(state="returned", assignee=world.agent)
    assign(world.manager, ticket=ticket, assignee=world.agent, seen_version=now(ticket).version)
    assert now(ticket).state == "assigned"


@pytest.mark.parametrize("who, refused", [("rd", Forbidden), ("norole", Forbidden), ("dec", NotVisible)])
def test_r101_who_may_not_take_tickets_is_refused_before_anything_is_said_of_the_choice(
    who: str, refused: type[Exception], world: World
) -> None:
    ticket = now(new_ticket(world))
    with pytest.raises(refused):
        assign(world.person(who), ticket=ticket, assignee=world.person(who), seen_version=ticket.version)
    assert now(ticket).assignee is None


@pytest.mark.parametrize("who", ["rd", "norole", "dec"])
def test_r4_a_ticket_is_given_to_somebody_who_works_on_tickets(who: str, world: World) -> None:
    ticket = now(new_ticket(world))
    with pytest.raises(Invalid):
        assign(world.manager, ticket=ticket, assignee=world.person(who), seen_version=ticket.version)


@pytest.mark.checklist("S111")
def test_starting_takes_an_unassigned_ticket(world: World) -> None:
    after = say(world, "agent", new_ticket(world), "start", "Je commence")
    assert (after.state, after.assignee) == ("in_progress", world.agent)


def test_starting_leaves_an_assigned_ticket_to_its_assignee(world: World) -> None:
    ticket = now(new_ticket(world))
    assign(world.manager, ticket=ticket, assignee=world.support, seen_version=ticket.version)
    assert say(world, "agent", ticket, "start").assignee == world.support


@pytest.mark.checklist("S112", "S113", "S115", "S116", "S117")
def test_the_vendor_s_steps_write_their_state(world: World) -> None:
    ticket = new_ticket(world)
    say(world, "agent", ticket, "start")
    assert say(world, "agent", ticket, "hand_to_rd").handed_to_rd_at is not None
    assert say(world, "manager", ticket, "follow_up").state == "follow_up"
    assert say(world, "agent", ticket, "ask_client", "Quoi ?").state == "waiting"
    assert say(world, "agent", ticket, "start").state == "in_progress"
    assert say(world, "agent", ticket, "process", "Voilà").state == "processed"
    after = say(world, "manager", ticket, "internal_return", "Pas encore")
    assert (after.state, after.return_cause, after.return_label) == ("returned", "internal", "recette interne")


def test_r11_an_internal_return_hides_its_reason_and_keeps_the_file_internal(world: World) -> None:
    ticket = new_ticket(world)
    say(world, "agent", ticket, "start")
    say(world, "agent", ticket, "process", "Voilà")
    upload(world.manager, "recette", Draft.Purpose.COMMENT, "recette.pdf", PDF)
    say(world, "manager", ticket, "internal_return", "Le bouton déborde", form_key="recette")
    assert not TicketEvent.objects.filter(ticket=ticket, internal=False, body__contains="déborde").exists()
    assert Attachment.objects.get(ticket=ticket).event.internal


@pytest.mark.checklist("S134")
def test_a_retained_priority_leaves_the_declared_one_alone(world: World) -> None:
    ticket = now(new_ticket(world, priority="4", context="Feu"))
    retain_priority(world.manager, ticket=ticket, priority=Priority.LOW, reason="Reporté", seen_version=ticket.version)
    after = now(ticket)
    assert (after.declared_priority, after.context, after.priority, after.priority_reason) == (
        "4",
        "Feu",
        "1",
        "Reporté",
    )
    assert (after.comment_count, after.is_urgent, after.declared) == (0, False, Priority.BLOCKING)
    retain_priority(world.manager, ticket=after, priority=Priority.BLOCKING, reason="", seen_version=after.version)
    assert now(ticket).priority_reason == ""


def test_a_retained_priority_needs_a_reason_and_the_right(world: World) -> None:
    ticket = now(new_ticket(world))
    with pytest.raises(Invalid):
        retain_priority(world.manager, ticket=ticket, priority=Priority.HIGH, reason=" ", seen_version=ticket.version)
    with pytest.raises(Forbidden):
        retain_priority(world.agent, ticket=ticket, priority=Priority.HIGH, reason="x", seen_version=ticket.version)


def test_r105_history_is_append_only(world: World) -> None:
    event = TicketEvent.objects.filter(ticket=new_ticket(world)).get()
    event.body = "réécrit"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


def test_r66_one_file_a_comment(world: World, settings) -> None:
    settings.COMMENT_FILES = 2
    for number in "12":
        upload(world.dec, "deux", Draft.Purpose.COMMENT, f"f{number}.pdf", PDF)
    settings.COMMENT_FILES = 1
    with pytest.raises(Invalid):
        comment(world.dec, ticket=now(new_ticket(world)), body="Voici", form_key="deux")


def test_names_of_rows_for_those_who_read_logs(world: World) -> None:
    ticket = world.ticket("A1")
    event = TicketEvent.objects.filter(ticket=ticket).first()
    assert str(ticket) == ticket.reference
    assert "commented" in str(event) or "opened" in str(event)
    assert str(Attachment.objects.filter(ticket=ticket).first()).endswith(".png")


def test_r103_a_form_sent_twice_comments_once_and_serves_nothing_else(world: World) -> None:
    ticket = now(new_ticket(world))
    sent = comment(world.dec, ticket=ticket, body="Une fois", form_key="cle1")
    assert comment(world.dec, ticket=ticket, body="Une fois", form_key="cle1") == sent
    for body in ("Autre texte", "Une fois de plus"):
        with pytest.raises(Conflict, match="déjà servi"):
            comment(world.dec, ticket=ticket, body=body, form_key="cle1")
    assert now(ticket).comment_count == 1


def test_the_priority_already_retained_is_not_retained_again(world: World) -> None:
    ticket = now(new_ticket(world))
    declared = Priority(ticket.declared_priority)
    with pytest.raises(Invalid, match="déjà la priorité retenue"):
        retain_priority(world.support, ticket=ticket, priority=declared, reason="", seen_version=ticket.version)
    assert now(ticket).version == ticket.version


def test_r1_r8_a_right_lost_since_the_page_is_lost_for_the_act(world: World) -> None:
    from calypso.projects.actions import set_viewers

    ticket = now(new_ticket(world, who="obs"))
    set_viewers(world.pm, project=world.project("A1"), keys={world.dec.key})
    with pytest.raises(NotVisible):
        comment(world.obs, ticket=ticket, body="Trop tard")
    assert now(ticket).comment_count == 0
