"""A client who leaves a ticket on their side is reminded on business days, then the team is told (I11)."""

from datetime import UTC, datetime, timedelta

import pytest

from calypso.base import clock
from calypso.base.errors import Invalid
from calypso.outbox.models import Notification, OutgoingEmail
from calypso.projects import actions as projects
from calypso.projects.models import Project
from calypso.sla.actions import reminders
from calypso.sla.actions.recount import recount_clock
from calypso.teamwork.queries.queue import QueueFilters, queue_page
from calypso.tickets.models import Ticket, TicketEvent
from tests.pages import words
from tests.world import World, new_ticket, say

FRIDAY = datetime(2026, 3, 6, 9, tzinfo=UTC)  # ten o'clock in Paris


def run(days: float) -> int:
    """What the task does so many days after that Friday."""
    with clock.set_to(FRIDAY + timedelta(days=days)):
        return reminders.remind_due.func()


def told(ticket: Ticket) -> list[tuple[str, str]]:
    found = OutgoingEmail.objects.filter(
        about=f"ticket:{ticket.reference}", kind__in=["tickets.reminder", "tickets.unanswered"]
    )
    return list(found.order_by("id").values_list("kind", "recipient"))


@pytest.fixture
def left(world: World) -> Ticket:
    """A ticket that waits for its client since a Friday morning, on a project that reminds every two business days."""
    Project.objects.filter(pk=world.project("A1").pk).update(remind_days=2)
    with clock.set_to(FRIDAY):
        ticket = new_ticket(world, title="Laissé")
        return say(world, "agent", ticket, "ask_client", "Quel navigateur ?")


def test_two_reminders_on_business_days_then_the_team_once(world: World, left: Ticket) -> None:
    assert run(1) == run(3.9) == 0  # Saturday; Monday evening, not two days yet
    assert run(4) == 1  # Tuesday morning
    clients = [("tickets.reminder", world.dec.email), ("tickets.reminder", world.pm.email)]
    assert sorted(told(left)) == clients
    assert run(4.001) == run(5) == 0
    assert run(6) == 1
    assert sorted(told(left)) == sorted(clients * 2)
    assert run(10) == 1
    assert told(left)[4:] == [("tickets.unanswered", world.manager.email)]
    assert run(20) == run(40) == 0
    events = TicketEvent.objects.filter(ticket=left, kind="reminded").order_by("id")
    assert [(event.actor, event.internal, event.source) for event in events] == [
        (None, False, "system"),
        (None, False, "system"),
        (None, True, "system"),
    ]


def test_nobody_is_reminded_at_night_or_on_a_holiday(world: World, left: Ticket) -> None:
    assert run(4 + 0.5) == 0  # ten in the evening
    with clock.set_to(datetime(2026, 5, 1, 9, tzinfo=UTC)):
        assert reminders.remind_due.func() == 0
    assert told(left) == []


def test_a_ticket_that_moves_starts_again(world: World, left: Ticket) -> None:
    assert run(4) == 1
    with clock.set_to(FRIDAY + timedelta(days=5)):
        say(world, "dec", left, "return", "Firefox")
        assert Ticket.objects.get(pk=left.pk).reminded == 0
        say(world, "agent", left, "process", "Corrigé")
    assert run(6) == 0
    assert run(10) == 1
    mail = OutgoingEmail.objects.filter(kind="tickets.reminder").latest("id")
    assert "a été traité et attend votre vérification" in mail.text.replace("\u202f", " ")


def test_off_by_default_and_when_the_project_is_archived(world: World, left: Ticket) -> None:
    projects.set_archived(world.manager, project=world.project("A1"), archived=True)
    assert run(30) == 0
    Project.objects.filter(pk=left.project_id).update(archived_at=None, remind_days=None)
    assert run(30) == 0
    assert run(30) == 0
    assert not Project.objects.exclude(remind_days=None).exists()


def test_a_project_that_begins_to_remind_does_not_do_it_all_at_once(world: World, left: Ticket) -> None:
    assert run(40) == 1
    assert run(40.01) == 0
    assert run(42) == 1


def test_r102_a_ticket_that_moved_meanwhile_is_left(world: World, left: Ticket) -> None:
    stale = Ticket.objects.select_related("project", "organization").get(pk=left.pk)
    Ticket.objects.filter(pk=left.pk).update(version=99)
    assert reminders._remind(stale, 0) is False
    assert told(left) == []


def test_what_was_left_is_found_in_the_queue_and_told_in_the_timeline(world: World, left: Ticket, browser) -> None:
    for days in (4, 6, 10):
        run(days)
    found = queue_page(world.manager, QueueFilters(due="sans-reponse"), "", 1).page
    assert [row.pk for row in found.rows] == [left.pk]
    team = words(browser("manager").get(f"/equipe/tickets/{left.reference}/"))
    client = words(browser("dec").get(f"/tickets/{left.reference}/"))
    assert "l'équipe est invitée à clôturer" in team
    assert "l'équipe est invitée à clôturer" not in client
    assert client.count("Rappel envoyé au client") == 2
    assert Notification.objects.filter(recipient_key=world.manager.key, kind="tickets.unanswered").count() == 1


def test_a_recount_of_the_clock_reads_past_reminders(world: World, left: Ticket) -> None:
    run(4)
    before = Ticket.objects.values("vendor_seconds", "client_seconds", "turn_since").get(pk=left.pk)
    recount_clock()
    assert Ticket.objects.values("vendor_seconds", "client_seconds", "turn_since").get(pk=left.pk) == before


@pytest.mark.parametrize("days, kept", [("5", 5), ("", None), ("1", 1), ("60", 60)])
def test_the_form_of_a_project_says_after_how_many_days(world: World, browser, days: str, kept: int | None) -> None:
    project = world.project("A1")
    form = {"name": project.name, "vendor_manager": world.manager.key, "remind_days": days}
    assert browser("manager").post(f"/equipe/projets/{project.key}/", form).status_code == 302
    assert Project.objects.get(pk=project.pk).remind_days == kept


@pytest.mark.parametrize("days", ["0", "61", "-1", "deux"])
def test_c4_another_number_of_days_is_refused(world: World, browser, days: str) -> None:
    project = world.project("A1")
    form = {"name": project.name, "vendor_manager": world.manager.key, "remind_days": days}
    assert browser("manager").post(f"/equipe/projets/{project.key}/", form).status_code == 422
    with pytest.raises(Invalid):
        facts = projects.Facts(project.name, None, world.manager, remind_days=0)
        projects.change_project(world.manager, project=project, facts=facts)
