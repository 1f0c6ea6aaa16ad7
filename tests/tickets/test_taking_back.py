"""Decision 33: for ten seconds, the author of a closing or of a return may take it back, before its mails leave."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from calypso.acceptance.actions import publish_batch
from calypso.acceptance.models import Batch, BatchItem
from calypso.base import clock
from calypso.base.errors import Conflict, NotVisible
from calypso.base.period import Period
from calypso.outbox import delivery
from calypso.outbox.maintenance import send_waiting
from calypso.outbox.models import Notification, OutgoingEmail
from calypso.projects.models import Project
from calypso.search.results import search_page
from calypso.sla.actions.recount import recount_clock
from calypso.sla.actions.reminders import remind_due
from calypso.tickets.actions.steps import assign
from calypso.tickets.actions.taking_back import take_back
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.queries.figures import returned_processings
from tests.acceptance.batching import announced_by_batch, build, ready
from tests.pages import form, in_order, words
from tests.world import World, new_ticket, say

KEPT = (
    "state",
    "return_cause",
    "prepared_at",
    "closed_at",
    "assignee_id",
    "taken_at",
    "priority",
    "answered_at",
    "answer_seconds",
    "vendor_seconds",
    "client_seconds",
    "turn_since",
    "turn_reading",
    "reminded",
    "answer_due_at",
    "process_due_at",
    "due_at",
)


def row(ticket: Ticket) -> dict[str, Any]:
    return Ticket.objects.filter(pk=ticket.pk).values(*KEPT).get()


def back(world: World, who: str, ticket: Ticket) -> TicketEvent:
    return take_back(world.person(who), ticket=ticket).event


def mails(ticket: Ticket, kind: str) -> list[OutgoingEmail]:
    return list(OutgoingEmail.objects.filter(kind=kind, about=f"ticket:{ticket.reference}"))


# The acts before, the revocable act, who does it: from each state and for each way to close or return.
WAYS = [
    ([], "dec", "close"),
    ([("agent", "start")], "dec", "close"),
    ([("agent", "start"), ("agent", "hand_to_rd")], "dec", "close"),
    ([("agent", "ask_client")], "dec", "close"),
    ([("agent", "ask_client")], "dec", "return"),
    ([("manager", "follow_up")], "dec", "return"),
    ([("agent", "start"), ("agent", "process")], "dec", "close"),
    ([("agent", "start"), ("agent", "process")], "dec", "return"),
    ([("agent", "start"), ("agent", "process")], "agent", "internal_return"),
    ([("agent", "start"), ("agent", "process")], "manager", "close_for_vendor"),
    ([("agent", "ask_client"), ("dec", "return")], "dec", "close"),
    ([("agent", "start"), ("agent", "process"), ("dec", "return")], "dec", "close"),
    ([("agent", "start"), ("agent", "process"), ("agent", "internal_return")], "manager", "close_for_vendor"),
]


@pytest.mark.parametrize("before, who, act", WAYS)
def test_d33_the_ticket_is_as_it_was_and_the_timeline_keeps_both(
    before: list[tuple[str, str]], who: str, act: str, world: World
) -> None:
    ticket = new_ticket(world)
    for writer, name in before:
        say(world, writer, ticket, name, "Un mot.")
    was = row(ticket)
    entries = TicketEvent.objects.filter(ticket=ticket).count()
    say(world, who, ticket, act, "Mon dernier mot.")
    taken = back(world, who, ticket)
    assert row(ticket) == was
    assert (taken.kind, taken.state) == ("taken_back", was["state"])
    kept = TicketEvent.objects.filter(ticket=ticket)
    assert kept.filter(body="Mon dernier mot.").exists()
    assert kept.count() == entries + (3 if act == "internal_return" else 2)


@pytest.mark.parametrize("who, act, kind", [("dec", "close", "closed"), ("dec", "return", "returned")])
def test_d33_its_mails_wait_and_never_leave(who: str, act: str, kind: str, world: World, smtp, settings) -> None:
    settings.MAILERS = smtp.mailers
    ticket = say(world, "agent", new_ticket(world), "ask_client", "Laquelle ?")
    delivery.deliver()
    smtp.messages.clear()
    say(world, who, ticket, act, "Voilà.")
    send_waiting()  # what is retried together does not make these leave
    assert delivery.deliver() == 0
    waiting = mails(ticket, f"tickets.{kind}")
    assert waiting
    assert Notification.objects.filter(kind=f"tickets.{kind}").exists()
    back(world, who, ticket)
    with clock.set_to(clock.now() + timedelta(minutes=1)):
        assert delivery.deliver() == 0
    assert {mail.state for mail in mails(ticket, f"tickets.{kind}")} == {"dropped"}
    assert not Notification.objects.filter(kind=f"tickets.{kind}").exists()
    assert smtp.messages == []


def test_d33_left_alone_its_mails_leave_after_the_delay(world: World, smtp, settings) -> None:
    settings.MAILERS = smtp.mailers
    ticket = new_ticket(world)
    delivery.deliver()
    say(world, "dec", ticket, "close")
    at = clock.now()
    with clock.set_to(at + timedelta(seconds=10)):
        assert delivery.deliver() == 0
    with clock.set_to(at + timedelta(seconds=13)):
        assert delivery.deliver() == len(mails(ticket, "tickets.closed")) > 0


def test_d33_the_reason_of_an_internal_return_is_not_mailed_either(world: World) -> None:
    ticket = new_ticket(world)
    for name in ("start", "process", "internal_return"):
        say(world, "agent", ticket, name, "Pas encore.")
    assert mails(ticket, "tickets.returned_internally")
    back(world, "agent", ticket)
    assert {mail.state for mail in mails(ticket, "tickets.returned_internally")} == {"dropped"}


class TestRefused:
    def test_d33_after_ten_seconds(self, world: World) -> None:
        ticket = say(world, "dec", new_ticket(world), "close")
        at = TicketEvent.objects.filter(ticket=ticket).latest("id").created_at
        with clock.set_to(at + timedelta(seconds=11)), pytest.raises(Conflict):
            back(world, "dec", ticket)
        with clock.set_to(at + timedelta(seconds=10)):
            assert back(world, "dec", ticket).state == "new"

    def test_d33_by_anybody_else(self, world: World) -> None:
        ticket = say(world, "dec", new_ticket(world), "close")
        for who in ("pm", "obs", "manager", "admin"):
            with pytest.raises(Conflict):
                back(world, who, ticket)
        for who in ("out", "buser", "rd"):
            with pytest.raises(NotVisible):
                back(world, who, ticket)
        assert Ticket.objects.get(pk=ticket.pk).state == "closed"

    def test_d33_when_something_followed(self, world: World) -> None:
        ticket = say(world, "agent", new_ticket(world), "ask_client", "Laquelle ?")
        say(world, "dec", ticket, "return", "Celle-ci.")
        say(world, "agent", ticket, "comment", "Merci.")
        with pytest.raises(Conflict):
            back(world, "dec", ticket)

    def test_d33_for_any_other_step(self, world: World) -> None:
        ticket = new_ticket(world)
        for name in ("start", "ask_client", "start", "hand_to_rd", "follow_up", "process"):
            who = "manager" if name == "follow_up" else "agent"
            say(world, who, ticket, name, "Un mot.")
            with pytest.raises(Conflict):
                back(world, who, ticket)

    def test_d33_on_an_archived_project(self, world: World) -> None:
        ticket = say(world, "dec", new_ticket(world), "close")
        Project.objects.filter(pk=ticket.project_id).update(archived_at=clock.now())
        with pytest.raises(Conflict):
            back(world, "dec", ticket)

    def test_d33_never_where_the_vendor_does_not_want_it(self, world: World, settings) -> None:
        settings.TAKE_BACK_SECONDS = 0
        ticket = say(world, "dec", new_ticket(world), "close")
        assert {mail.next_try for mail in mails(ticket, "tickets.closed")} == {
            mail.created_at for mail in mails(ticket, "tickets.closed")
        }
        with clock.set_to(clock.now() + timedelta(seconds=1)), pytest.raises(Conflict):
            back(world, "dec", ticket)


def test_d33_a_second_press_changes_nothing(world: World) -> None:
    ticket = say(world, "dec", new_ticket(world), "close")
    assert back(world, "dec", ticket) == back(world, "dec", ticket)
    assert TicketEvent.objects.filter(ticket=ticket, kind="taken_back").count() == 1


def test_d33_closing_again_and_taking_that_back_too(world: World) -> None:
    ticket = new_ticket(world)
    for name in ("start", "process"):
        say(world, "agent", ticket, name, "Fait.")
    say(world, "dec", ticket, "return", "Non.")
    was = row(ticket)
    for _time in range(2):
        say(world, "dec", ticket, "close")
        back(world, "dec", ticket)
    assert row(ticket) == was
    assert was["return_cause"] == "client_refusal"


def test_d33_a_ticket_ready_for_its_batch_is_ready_again(world: World) -> None:
    Project.objects.filter(pk=world.project("A1").pk).update(by_batch=True)
    ticket = say(world, "agent", new_ticket(world), "start")
    say(world, "agent", ticket, "process", "Corrigé.")
    was = row(ticket)
    assert was["prepared_at"] is not None
    for _time in range(2):
        say(world, "dec", ticket, "close")
        back(world, "dec", ticket)
    again = row(ticket)
    assert abs(again.pop("prepared_at") - was.pop("prepared_at")) < timedelta(seconds=1)
    assert again == was


def published(world: World) -> tuple[Batch, list[Ticket]]:
    project = announced_by_batch(world)
    tickets = [ready(world, "Premier"), ready(world, "Second")]
    batch = build(world, project, *tickets)
    publish_batch(world.manager, batch=batch, seen_version=batch.version)
    return batch, tickets


def test_d33_a_decision_of_a_batch_is_taken_back_and_its_record(world: World) -> None:
    batch, tickets = published(world)
    for ticket in tickets:
        say(world, "pm", ticket, "close")
    assert Batch.objects.get(pk=batch.pk).finished_at is not None
    assert OutgoingEmail.objects.filter(kind="acceptance.batch_finished", state="waiting").exists()
    last = tickets[-1]
    back(world, "pm", last)
    assert Batch.objects.get(pk=batch.pk).finished_at is None
    assert BatchItem.objects.get(batch=batch, ticket=last).decision == ""
    assert set(OutgoingEmail.objects.filter(kind="acceptance.batch_finished").values_list("state", flat=True)) == {
        "dropped"
    }
    say(world, "pm", last, "close")
    assert Batch.objects.get(pk=batch.pk).finished_at is not None
    assert OutgoingEmail.objects.filter(kind="acceptance.batch_finished", state="waiting").exists()


def test_d33_search_finds_it_among_the_open_ones_again(world: World) -> None:
    ticket = say(world, "dec", new_ticket(world, title="Girouette"), "close")
    back(world, "dec", ticket)
    found = search_page(world.dec, "girouette")
    assert [row.pk for row in found.page.rows if row.is_open] == [ticket.pk]


def test_d33_a_return_taken_back_is_no_return_in_the_figures(world: World) -> None:
    ticket = new_ticket(world)
    for name in ("start", "process"):
        say(world, "agent", ticket, name, "Fait.")
    today = clock.today()
    period = Period(today, today)
    say(world, "dec", ticket, "return", "Non.")
    assert returned_processings(period).filter(ticket=ticket).exists()
    back(world, "dec", ticket)
    assert not returned_processings(period).filter(ticket=ticket).exists()


def test_d33_the_time_and_the_reminders_of_the_client_go_on(world: World) -> None:
    Project.objects.filter(pk=world.project("A1").pk).update(remind_days=3)
    start = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday
    with clock.set_to(start):
        ticket = say(world, "agent", new_ticket(world), "ask_client", "Laquelle ?")
    with clock.set_to(start + timedelta(days=4)):
        assert remind_due.call() == 1
        was = row(ticket)
        assert was["reminded"] == 1
        say(world, "dec", ticket, "return", "Celle-ci.")
    with clock.set_to(start + timedelta(days=4, seconds=8)):
        back(world, "dec", ticket)
        assert row(ticket) == was
        assert remind_due.call() == 0


def test_d33_the_clock_goes_on_and_a_recount_agrees(world: World) -> None:
    start = clock.now()
    ticket = new_ticket(world)
    with clock.set_to(start + timedelta(days=3)):
        say(world, "dec", ticket, "close")
    with clock.set_to(start + timedelta(days=3, seconds=8)):
        back(world, "dec", ticket)
    with clock.set_to(start + timedelta(days=5)):
        say(world, "agent", ticket, "ask_client", "Laquelle ?")
    columns = ("vendor_seconds", "client_seconds", "turn_since", "turn_reading", "answered_at", "due_at")
    counted = Ticket.objects.filter(pk=ticket.pk).values(*columns).get()
    recount_clock()
    assert Ticket.objects.filter(pk=ticket.pk).values(*columns).get() == counted
    assert counted["vendor_seconds"] > 0


class TestPages:
    @pytest.mark.parametrize("who, page", [("dec", "/tickets/{}/"), ("manager", "/equipe/tickets/{}/")])
    def test_d33_the_word_after_the_act_carries_the_button(self, who: str, page: str, browser, world: World) -> None:
        ticket = new_ticket(world)
        for name in ("start", "process"):
            say(world, "agent", ticket, name, "Fait.")
        window = browser(who)
        say(world, who, ticket, "close" if who == "dec" else "close_for_vendor", "Vu ensemble.")
        address = page.format(ticket.reference)
        shown = window.get(f"{address}?fait=clos")
        assert "Annuler ce geste" in words(shown)
        fields = form(shown, f"/tickets/{ticket.reference}/reprendre/")
        after = window.post(f"/tickets/{ticket.reference}/reprendre/", fields, follow=True)
        assert after.redirect_chain[-1][0].startswith(address)
        assert "C'est annulé" in words(after).replace("’", "'")
        assert in_order(after, "a annulé sa clôture", "Annulé", "Vu ensemble.")
        assert "\nVu ensemble.</textarea>" in after.text, "the words are in the form again"
        assert Ticket.objects.get(pk=ticket.pk).state == "processed"

    def test_d33_the_reason_of_an_internal_return_comes_back_as_a_note(self, browser, world: World) -> None:
        ticket = new_ticket(world)
        for name in ("start", "process", "internal_return"):
            say(world, "agent", ticket, name, "Pas encore prêt.")
        after = browser("agent").post(f"/tickets/{ticket.reference}/reprendre/", follow=True)
        page = browser("agent").get(f"/equipe/tickets/{ticket.reference}/?{after.redirect_chain[0][0].split('?')[1]}")
        assert "\nPas encore prêt.</textarea>" in page.text
        assert 'value="note" data-kind="note" checked' in page.text

    def test_d33_the_stages_show_when_they_were_first_reached(self, browser, world: World) -> None:
        start = clock.now() - timedelta(days=40)
        with clock.set_to(start):
            ticket = new_ticket(world)
            for name in ("start", "process"):
                say(world, "agent", ticket, name, "Fait.")
        say(world, "dec", ticket, "close")
        back(world, "dec", ticket)
        progress = browser("dec").get(f"/tickets/{ticket.reference}/").text.partition('<ol class="progress"')[2]
        here = re.search(r'aria-current="step">Traité<small>([^<]*)', progress)
        assert here is not None
        assert here[1] == start.astimezone().strftime("%d/%m")

    def test_d33_no_button_for_others_nor_later(self, browser, world: World) -> None:
        ticket = say(world, "dec", new_ticket(world), "close")
        assert "Annuler ce geste" not in words(browser("pm").get(f"/tickets/{ticket.reference}/?fait=clos"))
        with clock.set_to(clock.now() + timedelta(seconds=11)):
            assert "Annuler ce geste" not in words(browser("dec").get(f"/tickets/{ticket.reference}/?fait=clos"))

    def test_d33_too_late_is_said_in_words(self, browser, world: World) -> None:
        ticket = say(world, "dec", new_ticket(world), "close")
        window = browser("dec")
        with clock.set_to(clock.now() + timedelta(seconds=11)):
            answer = window.post(f"/tickets/{ticket.reference}/reprendre/")
        assert answer.status_code == 409
        assert "Trop tard" in words(answer)

    def test_d33_in_a_review_the_next_ticket_offers_it(self, browser, world: World) -> None:
        batch, tickets = published(world)
        item = BatchItem.objects.select_related("ticket").get(batch=batch, ticket=tickets[0])
        window = browser("pm")
        page = f"/lots/{batch.key}/{item.ticket.reference}/"
        fields = form(window.get(page), f"{page}decider/")
        after = window.post(f"{page}decider/", fields | {"act": ["close"]}, follow=True)
        assert "Annuler ce geste" in words(after)
        fields = form(after, f"/tickets/{item.ticket.reference}/reprendre/")
        again = window.post(f"/tickets/{item.ticket.reference}/reprendre/", fields, follow=True)
        assert again.redirect_chain[-1][0].startswith(page)
        assert BatchItem.objects.get(pk=item.pk).decision == ""


def test_d33_what_was_assigned_meanwhile_is_assigned_again(world: World) -> None:
    """An assignment changes the state and is no step: it is read from the entry itself."""
    ticket = new_ticket(world)
    assign(world.support, ticket=ticket, assignee=world.agent, seen_version=ticket.version)
    say(world, "dec", ticket, "close")
    back(world, "dec", ticket)
    again = Ticket.objects.get(pk=ticket.pk)
    assert (again.state, again.return_cause) == ("assigned", "")
