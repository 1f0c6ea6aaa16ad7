"""Decision 26: an act on a ticket that nobody has takes it, unless the person says no; « Marquer traité » from « Nouveau »."""

import pytest

from calypso.base.errors import Conflict
from calypso.outbox.models import OutgoingEmail
from calypso.projects.models import Project
from calypso.tickets.actions.dispatch import act
from calypso.tickets.models import Ticket, TicketEvent
from tests.pages import fill, form, words
from tests.world import World, new_ticket, say


def timeline(ticket: Ticket) -> list[tuple[str, str, str]]:
    entries = TicketEvent.objects.filter(ticket=ticket).order_by("id")
    return [(entry.kind, entry.step, entry.state) for entry in entries][1:]


def mails(ticket: Ticket) -> set[str]:
    return set(OutgoingEmail.objects.filter(about=f"ticket:{ticket.reference}").values_list("kind", flat=True)) - {
        "tickets.opened"
    }


def do(world: World, who: str, ticket: Ticket, name: str, *, takes: bool = True) -> Ticket:
    current = Ticket.objects.select_related("project").get(pk=ticket.pk)
    act(world.person(who), ticket=current, name=name, seen_version=current.version, body="Un mot.", takes=takes)
    return Ticket.objects.get(pk=ticket.pk)


def test_d26_processed_straight_from_new_shows_both_steps_and_sends_one_mail(world: World) -> None:
    ticket = do(world, "agent", new_ticket(world), "process", takes=False)
    assert timeline(ticket) == [("assigned", "assign", "assigned"), ("stepped", "process", "processed")]
    assert (ticket.assignee, ticket.taken_at is not None) == (world.agent, True)
    assert mails(ticket) == {"tickets.processed"}


def test_d26_straight_from_new_on_a_project_by_batch_it_is_taken_and_ready(world: World) -> None:
    Project.objects.filter(pk=world.project("A1").pk).update(by_batch=True)
    ticket = do(world, "agent", new_ticket(world), "process", takes=False)
    assert timeline(ticket) == [("assigned", "assign", "assigned"), ("prepared", "process", "assigned")]
    assert ticket.prepared_at is not None
    assert mails(ticket) == set()


@pytest.mark.parametrize(
    "before, name, after, state, told",
    [
        ([], "comment", ["assigned", "commented"], "assigned", {"tickets.vendor_comment"}),
        ([], "ask_client", ["assigned", "stepped"], "waiting", {"tickets.waiting"}),
        ([], "start", ["stepped"], "in_progress", {"tickets.taken"}),
        (
            ["ask_client"],
            "comment",
            ["stepped", "assigned", "commented"],
            "waiting",
            {"tickets.waiting", "tickets.vendor_comment"},
        ),
    ],
)
def test_d26_an_act_takes_what_nobody_has(
    before: list[str], name: str, after: list[str], state: str, told: set[str], world: World
) -> None:
    ticket = new_ticket(world)
    for step in before:
        do(world, "manager", ticket, step, takes=False)
    done = do(world, "agent", ticket, name)
    assert [kind for kind, _step, _state in timeline(done)] == after
    assert (done.assignee, done.state) == (world.agent, state)
    assert mails(done) == told


@pytest.mark.parametrize("name", ["comment", "ask_client"])
def test_d26_the_person_may_say_no(name: str, world: World) -> None:
    assert do(world, "agent", new_ticket(world), name, takes=False).assignee is None


def test_d26_what_somebody_has_stays_theirs(world: World) -> None:
    ticket = say(world, "agent", new_ticket(world), "start")
    assert do(world, "support", ticket, "comment").assignee == world.agent


@pytest.mark.parametrize("who, name", [("agent", "note"), ("manager", "close_for_vendor"), ("dec", "comment")])
def test_d26_a_note_a_closing_and_a_client_take_nothing(who: str, name: str, world: World) -> None:
    assert do(world, who, new_ticket(world), name).assignee is None


def test_r101_an_act_on_a_ticket_that_changed_takes_nothing(world: World) -> None:
    ticket = new_ticket(world)
    old = Ticket.objects.get(pk=ticket.pk)
    do(world, "manager", ticket, "ask_client", takes=False)
    with pytest.raises(Conflict):
        act(world.agent, ticket=old, name="process", seen_version=old.version, body="Un mot.", takes=True)
    assert Ticket.objects.get(pk=ticket.pk).assignee is None


class TestPage:
    @pytest.mark.parametrize("ticked", [True, False])
    def test_d26_the_composer_says_it_and_one_click_refuses(self, ticked: bool, browser, world: World) -> None:
        ticket, opened = new_ticket(world), browser("agent")
        page = f"/equipe/tickets/{ticket.reference}/"
        shown = opened.get(page)
        assert "Prendre ce ticket" in words(shown)
        fields = fill(form(shown, f"{page}envoyer/"), act="comment", kind="reply", body="Nous regardons.")
        if not ticked:
            del fields["mine"]
        assert opened.post(f"{page}envoyer/", fields).status_code == 302
        assert Ticket.objects.get(pk=ticket.pk).assignee == (world.agent if ticked else None)

    def test_d26_it_is_not_offered_once_somebody_has_it(self, browser, world: World) -> None:
        ticket = say(world, "agent", new_ticket(world), "start")
        assert "Prendre ce ticket" not in words(browser("support").get(f"/equipe/tickets/{ticket.reference}/"))
