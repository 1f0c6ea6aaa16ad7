"""What a step, an assignment and a retained priority write, and what they leave as it was."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from calypso.base import clock
from calypso.base.errors import Conflict, Forbidden, Invalid, NotVisible
from calypso.outbox.models import OutgoingEmail
from calypso.projects.models import Project
from calypso.search.results import search_page
from calypso.tickets.actions.steps import announce, assign, retain_priority, take_step
from calypso.tickets.models import Draft, Ticket, TicketEvent
from calypso.tickets.priorities import Priority
from calypso.tickets.workflow import StepName
from tests.files import PDF
from tests.pages import words
from tests.world import World, new_ticket, say, upload


def now(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("project", "assignee").get(pk=ticket.pk)


def give(world: World, ticket: Ticket, who: str, by: str = "manager") -> TicketEvent:
    return assign(
        world.person(by),
        ticket=ticket,
        assignee=world.person(who),
        seen_version=Ticket.objects.get(pk=ticket.pk).version,
    )


def mails(ticket: Ticket, kind: str) -> QuerySet[OutgoingEmail]:
    return OutgoingEmail.objects.filter(kind=kind, about=f"ticket:{ticket.reference}")


def prepared(world: World, title: str = "Nouveau sujet", form_key: str = "") -> Ticket:
    """A ticket that waits for a batch."""
    Project.objects.filter(pk=world.project("A1").pk).update(by_batch=True)
    ticket = say(world, "agent", new_ticket(world, title=title), "start")
    return say(world, "agent", ticket, "process", "C'est corrigé.", form_key=form_key)


class TestTaking:
    """« Prise en charge » is dated, and told, the first time only."""

    def test_the_first_taking_alone_is_dated(self, world: World) -> None:
        ticket = new_ticket(world)
        taken = say(world, "agent", ticket, "start").taken_at
        with clock.set_to(clock.now() + timedelta(hours=3)):
            say(world, "agent", ticket, "hand_to_rd")
            again = say(world, "agent", ticket, "start")
        assert taken is not None
        assert (again.state, again.taken_at) == ("in_progress", taken)

    def test_a_ticket_that_came_back_is_assigned_again_without_telling_the_client(self, world: World) -> None:
        ticket = new_ticket(world)
        give(world, ticket, "agent")
        told = mails(ticket, "tickets.taken").count()
        assert told > 0
        say(world, "agent", ticket, "process", "Voilà")
        taken = say(world, "dec", ticket, "return", "Non").taken_at
        with clock.set_to(clock.now() + timedelta(hours=3)):
            give(world, ticket, "support")
        after = now(ticket)
        assert (after.state, after.assignee, after.taken_at) == ("assigned", world.support, taken)
        assert mails(ticket, "tickets.taken").count() == told

    def test_a_follow_up_that_is_given_to_somebody_is_no_taking(self, world: World) -> None:
        ticket = say(world, "manager", new_ticket(world), "follow_up")
        give(world, ticket, "agent")
        after = now(ticket)
        assert (after.state, after.assignee, after.taken_at) == ("follow_up", world.agent, None)
        assert mails(ticket, "tickets.assigned").count() == 1
        assert not mails(ticket, "tickets.taken").exists()


class TestAssigning:
    @pytest.mark.parametrize(
        "who, refusal", [("rd", Forbidden), ("norole", Forbidden), ("dec", NotVisible), ("pm", NotVisible)]
    )
    @pytest.mark.parametrize("to", ["oneself", "a colleague"])
    def test_who_may_take_nothing_gives_nothing(
        self, who: str, refusal: type[Exception], to: str, world: World
    ) -> None:
        ticket = new_ticket(world)
        with pytest.raises(refusal):
            give(world, ticket, who if to == "oneself" else "agent", by=who)
        assert now(ticket).assignee is None

    def test_only_a_change_of_state_is_a_step(self, world: World) -> None:
        """The timeline of a client tells steps; who of the team has the ticket is another matter."""
        ticket = new_ticket(world)
        first, second = give(world, ticket, "agent"), give(world, ticket, "support")
        assert [(event.kind, event.step, event.state) for event in (first, second)] == [
            ("assigned", "assign", "assigned"),
            ("assigned", "", "assigned"),
        ]

    @pytest.mark.parametrize(
        "who, name, state",
        [
            ("manager", "follow_up", "follow_up"),
            ("manager", "ask_client", "waiting"),
            ("manager", "close_for_vendor", "closed"),
            ("dec", "close", "closed"),
        ],
    )
    def test_no_step_but_starting_takes_a_ticket_that_nobody_has(
        self, who: str, name: str, state: str, world: World
    ) -> None:
        after = say(world, who, new_ticket(world), name, "Un mot.")
        assert (after.state, after.assignee) == (state, None)


class TestPriority:
    def retain(self, world: World, ticket: Ticket, priority: Priority, reason: str) -> tuple[str, str]:
        version = now(ticket).version
        retain_priority(world.support, ticket=ticket, priority=priority, reason=reason, seen_version=version)
        after = now(ticket)
        return after.priority, after.priority_reason

    def test_another_reason_for_the_same_priority_is_kept(self, world: World) -> None:
        ticket = new_ticket(world)
        assert self.retain(world, ticket, Priority.HIGH, "Le salon approche") == ("3", "Le salon approche")
        assert self.retain(world, ticket, Priority.HIGH, "Le salon a ouvert") == ("3", "Le salon a ouvert")
        with pytest.raises(Invalid, match="déjà la priorité retenue"):
            self.retain(world, ticket, Priority.HIGH, "Le salon a ouvert")

    def test_the_declared_priority_has_no_reason_whatever_is_said_of_it(self, world: World) -> None:
        ticket = new_ticket(world)
        self.retain(world, ticket, Priority.HIGH, "Le salon approche")
        assert self.retain(world, ticket, Priority.MEDIUM, "Le salon est passé") == ("2", "")
        assert TicketEvent.objects.filter(ticket=ticket).latest("id").body == "Le salon est passé"
        with pytest.raises(Invalid, match="déjà la priorité retenue"):
            self.retain(world, ticket, Priority.MEDIUM, "Le salon est bien passé")


class TestClosing:
    def test_only_the_client_s_closing_is_asked_once_more(self, world: World) -> None:
        """Words that say that the problem remains are what a return, or a question, is made of (decision 9)."""
        ticket, said = new_ticket(world), "Toujours en erreur, ne fonctionne pas."
        reached = []
        for who, step in (
            ("agent", StepName.START),
            ("agent", StepName.HAND_TO_RD),
            ("manager", StepName.FOLLOW_UP),
            ("agent", StepName.ASK_CLIENT),
            ("dec", StepName.RETURN),
            ("agent", StepName.PROCESS),
            ("agent", StepName.INTERNAL_RETURN),
            ("manager", StepName.CLOSE_FOR_VENDOR),
        ):
            version = now(ticket).version
            take_step(world.person(who), ticket=ticket, step=step, seen_version=version, body=said)
            reached.append(now(ticket).state)
        assert reached == [
            "in_progress",
            "rd",
            "follow_up",
            "waiting",
            "returned",
            "processed",
            "returned",
            "closed",
        ]


class TestSource:
    """What came by mail is known as such, whatever the step makes of it."""

    def by_mail(self, world: World, who: str, ticket: Ticket, step: StepName) -> None:
        take_step(
            world.person(who),
            ticket=ticket,
            step=step,
            seen_version=now(ticket).version,
            body="Écrit depuis ma messagerie",
            source=TicketEvent.Source.MAIL,
        )

    def sources(self, ticket: Ticket) -> list[tuple[str, str]]:
        rows = TicketEvent.objects.filter(ticket=ticket).order_by("id")
        return list(rows.values_list("kind", "source"))

    def test_a_step(self, world: World) -> None:
        ticket = say(world, "agent", new_ticket(world), "ask_client", "Où ?")
        self.by_mail(world, "dec", ticket, StepName.RETURN)
        assert self.sources(ticket) == [("opened", "web"), ("stepped", "web"), ("stepped", "mail")]

    def test_an_internal_return_and_the_note_that_says_why(self, world: World) -> None:
        ticket = say(world, "agent", say(world, "agent", new_ticket(world), "start"), "process", "Voilà")
        self.by_mail(world, "agent", ticket, StepName.INTERNAL_RETURN)
        assert self.sources(ticket)[3:] == [("stepped", "mail"), ("commented", "mail")]

    def test_words_that_wait_for_a_batch_and_the_same_once_published(self, world: World) -> None:
        ticket = prepared(world)
        self.by_mail(world, "agent", ticket, StepName.PROCESS)
        announce(world.manager, ticket=ticket)
        assert self.sources(ticket)[2:] == [("prepared", "web"), ("prepared", "mail"), ("stepped", "mail")]


class TestAnnouncing:
    def test_the_client_finds_the_names_of_the_files_once_they_are_theirs(self, world: World) -> None:
        key = upload(world.agent, "preuve", Draft.Purpose.COMMENT, "organigramme.pdf", PDF)
        ticket = prepared(world, "Logo", form_key=key)
        assert [hit.ticket.pk for hit in search_page(world.agent, "organigramme").hits] == [ticket.pk]
        assert search_page(world.dec, "organigramme").hits == []
        announce(world.manager, ticket=ticket)
        assert [hit.ticket.pk for hit in search_page(world.dec, "organigramme").hits] == [ticket.pk]

    @pytest.mark.parametrize("state", ["waiting", "processed"])
    def test_from_a_state_that_is_not_processed_nothing_is_announced(self, state: str, world: World) -> None:
        """No act leaves a ticket so; a row put right by hand may."""
        ticket = prepared(world)
        Ticket.objects.filter(pk=ticket.pk).update(state=state)
        with pytest.raises(Conflict):
            announce(world.manager, ticket=ticket)
        assert now(ticket).state == state


@pytest.mark.parametrize(
    "before, name, who, label",
    [
        ("ask_client", "return", "dec", "réponse du client"),
        ("process", "return", "dec", "traitement refusé par le client"),
        ("process", "internal_return", "agent", "recette interne"),
    ],
)
def test_the_desk_and_the_mail_say_why_a_ticket_is_back(
    before: str, name: str, who: str, label: str, world: World, browser
) -> None:
    ticket = say(world, "agent", new_ticket(world), "start")
    page = f"/equipe/tickets/{ticket.reference}/"
    assert label not in words(browser("agent").get(page))
    say(world, "agent", ticket, before, "Un mot.")
    after = say(world, who, ticket, name, "Un motif.")
    assert after.return_label == label
    assert label in words(browser("agent").get(page))
    if who == "dec":
        told = mails(ticket, "tickets.returned")
        assert told.exists()
        assert [mail for mail in told if label not in mail.text] == []
