"""A form acts once: its key, given again, tells what it did, and serves for nothing else (R103)."""

from collections.abc import Callable
from itertools import chain, repeat

import pytest

from calypso.base.errors import Conflict, SpentForm
from calypso.projects.models import Project
from calypso.teamwork.actions.rd_reference import refer
from calypso.tickets.actions import writing
from calypso.tickets.actions.conversation import comment, note
from calypso.tickets.actions.steps import assign, retain_priority, take_step, withdraw
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.priorities import Priority
from calypso.tickets.workflow import StepName
from tests.world import World, new_ticket, say

type Act = Callable[[World, Ticket, str], TicketEvent]
KEY = "cle"


def seen(ticket: Ticket) -> int:
    return Ticket.objects.get(pk=ticket.pk).version


def stepping(name: StepName, words: str = "Un mot.") -> Act:
    def step(world: World, ticket: Ticket, key: str) -> TicketEvent:
        return take_step(world.manager, ticket=ticket, step=name, seen_version=seen(ticket), body=words, form_key=key)

    return step


def giving(who: str, words: str = "") -> Act:
    def give(world: World, ticket: Ticket, key: str) -> TicketEvent:
        person, version = world.person(who), seen(ticket)
        return assign(world.manager, ticket=ticket, assignee=person, seen_version=version, body=words, form_key=key)

    return give


def retaining(priority: Priority, reason: str) -> Act:
    def retain(world: World, ticket: Ticket, key: str) -> TicketEvent:
        version = seen(ticket)
        return retain_priority(
            world.manager, ticket=ticket, priority=priority, reason=reason, seen_version=version, form_key=key
        )

    return retain


def referring(number: str) -> Act:
    def follow(world: World, ticket: Ticket, key: str) -> TicketEvent:
        version = seen(ticket)
        return refer(world.manager, ticket=ticket, reference=number, url="", seen_version=version, form_key=key)

    return follow


ACTS: dict[str, Act] = {
    "comment": lambda world, ticket, key: comment(world.manager, ticket=ticket, body="Un mot.", form_key=key),
    "other words": lambda world, ticket, key: comment(world.manager, ticket=ticket, body="D'autres.", form_key=key),
    "note": lambda world, ticket, key: note(world.manager, ticket=ticket, body="Un mot.", form_key=key),
    "hand to rd": stepping(StepName.HAND_TO_RD),
    "ask": stepping(StepName.ASK_CLIENT),
    "process": stepping(StepName.PROCESS),
    "close": stepping(StepName.CLOSE_FOR_VENDOR),
    "withdraw": lambda world, ticket, key: withdraw(
        world.manager, ticket=ticket, seen_version=seen(ticket), form_key=key
    ),
    "assign": giving("agent"),
    "assign another": giving("support"),
    "retain": retaining(Priority.HIGH, "Urgent"),
    "refer": referring("RD-1"),
}


def on_the_way(world: World) -> Ticket:
    """A ticket from which each of the acts is possible: begun, and waiting for a batch."""
    Project.objects.filter(pk=world.project("A1").pk).update(by_batch=True)
    ticket = say(world, "manager", new_ticket(world), "start")
    return say(world, "agent", ticket, "process", "C'est corrigé.")


def told(ticket: Ticket) -> list[tuple[str, str]]:
    return list(TicketEvent.objects.filter(ticket=ticket).order_by("id").values_list("kind", "body"))


@pytest.mark.parametrize("name", ACTS)
def test_r103_the_same_form_sent_again_acts_once(name: str, world: World) -> None:
    ticket = on_the_way(world)
    first = ACTS[name](world, ticket, KEY)
    after = told(ticket)
    assert ACTS[name](world, ticket, KEY) == first
    assert told(ticket) == after


@pytest.mark.parametrize("name", ACTS)
def test_r103_a_key_that_served_for_one_act_serves_for_no_other(name: str, world: World) -> None:
    ticket = on_the_way(world)
    ACTS[name](world, ticket, KEY)
    after, others = told(ticket), [other for other in ACTS if other != name]
    assert len(others) == 11
    for other in others:
        with pytest.raises(SpentForm, match="déjà servi"):
            ACTS[other](world, ticket, KEY)
        assert told(ticket) == after, other


@pytest.mark.parametrize("name", ACTS)
def test_r103_a_key_that_served_for_one_ticket_serves_for_no_other(name: str, world: World) -> None:
    one, other = on_the_way(world), on_the_way(world)
    ACTS[name](world, one, KEY)
    before = told(other)
    with pytest.raises(SpentForm, match="déjà servi"):
        ACTS[name](world, other, KEY)
    assert told(other) == before


OTHER_WORDS: dict[str, Act] = {
    "comment": lambda world, ticket, key: comment(world.manager, ticket=ticket, body="Trois mots.", form_key=key),
    "note": lambda world, ticket, key: note(world.manager, ticket=ticket, body="Trois mots.", form_key=key),
    "hand to rd": stepping(StepName.HAND_TO_RD, "Trois mots."),
    "ask": stepping(StepName.ASK_CLIENT, "Trois mots."),
    "process": stepping(StepName.PROCESS, "Trois mots."),
    "close": stepping(StepName.CLOSE_FOR_VENDOR, "Trois mots."),
    "assign": giving("agent", "Trois mots."),
    "retain": retaining(Priority.HIGH, "Autre raison"),
    "retain another": retaining(Priority.LOW, "Urgent"),
    "refer": referring("RD-2"),
}


@pytest.mark.parametrize("name", OTHER_WORDS)
def test_r103_r67_a_form_sent_again_with_other_words_is_told_so(name: str, world: World) -> None:
    """Found by a form sent from Back: the first answer came again, and the new words were lost without a sign."""
    ticket = on_the_way(world)
    ACTS[name.removesuffix(" another")](world, ticket, KEY)
    after = told(ticket)
    with pytest.raises(SpentForm, match="déjà servi"):
        OTHER_WORDS[name](world, ticket, KEY)
    assert told(ticket) == after


def test_r103_two_people_may_hold_the_same_key(world: World) -> None:
    ticket = new_ticket(world)
    comment(world.dec, ticket=ticket, body="Bonjour", form_key=KEY)
    comment(world.agent, ticket=ticket, body="Bonjour", form_key=KEY)
    actors = TicketEvent.objects.filter(ticket=ticket, kind="commented").order_by("id").values_list("actor", flat=True)
    assert list(actors) == [world.dec.pk, world.agent.pk]


def test_r103_a_form_without_a_key_acts_each_time(world: World) -> None:
    ticket = new_ticket(world)
    for _again in "12":
        comment(world.dec, ticket=ticket, body="Bonjour")
    assert told(ticket)[1:] == [("commented", "Bonjour"), ("commented", "Bonjour")]


class TestRacedWithItself:
    """Two clicks at once: the second looks for the first before it is written, and meets it when it writes."""

    @pytest.fixture
    def too_early(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
        """Makes the next look for the first act find nothing yet."""
        look = writing._event_of_key

        def arm() -> None:
            blind = chain([True], repeat(False))
            monkeypatch.setattr(writing, "_event_of_key", lambda key: None if next(blind) else look(key))

        return arm

    def test_the_database_refuses_the_second_which_tells_the_first(self, world: World, too_early) -> None:
        ticket = new_ticket(world)
        first = comment(world.dec, ticket=ticket, body="Bonjour", form_key=KEY)
        too_early()
        assert comment(world.dec, ticket=ticket, body="Bonjour", form_key=KEY) == first
        assert told(ticket)[1:] == [("commented", "Bonjour")]
        assert Ticket.objects.get(pk=ticket.pk).comment_count == 1

    def test_the_ticket_moved_under_the_second_which_tells_the_first(self, world: World, too_early) -> None:
        ticket = new_ticket(world)
        version = seen(ticket)

        def start() -> TicketEvent:
            return take_step(world.agent, ticket=ticket, step=StepName.START, seen_version=version, form_key=KEY)

        first = start()
        too_early()
        assert start() == first
        assert told(ticket)[1:] == [("stepped", "")]

    def test_the_assignee_has_it_already_and_the_second_tells_the_first(self, world: World, too_early) -> None:
        ticket = new_ticket(world)
        first = giving("agent")(world, ticket, KEY)
        too_early()
        assert giving("agent")(world, ticket, KEY) == first
        assert [kind for kind, _body in told(ticket)] == ["opened", "assigned"]

    def test_two_different_acts_are_told_apart(self, world: World, too_early) -> None:
        ticket = new_ticket(world)
        comment(world.dec, ticket=ticket, body="Bonjour", form_key=KEY)
        too_early()
        with pytest.raises(SpentForm, match="déjà servi"):
            comment(world.dec, ticket=ticket, body="Bonsoir", form_key=KEY)
        assert told(ticket)[1:] == [("commented", "Bonjour")]

    def test_who_did_nothing_yet_is_told_of_the_conflict(self, world: World) -> None:
        ticket = new_ticket(world)
        version = seen(ticket)
        say(world, "manager", ticket, "follow_up")
        with pytest.raises(Conflict, match="a changé pendant que vous écriviez"):
            take_step(world.agent, ticket=ticket, step=StepName.START, seen_version=version, form_key=KEY)
        assert told(ticket)[1:] == [("stepped", "")]


def test_r103_r67_words_that_the_team_keeps_are_compared_too(world: World) -> None:
    """The step of an internal return has no words of its own: those stand in a note beside it."""
    ticket = say(world, "agent", say(world, "agent", new_ticket(world), "start"), "process", "C'est corrigé.")
    version = seen(ticket)

    def again(words: str) -> TicketEvent:
        return take_step(
            world.manager,
            ticket=ticket,
            step=StepName.INTERNAL_RETURN,
            seen_version=version,
            body=words,
            form_key=KEY,
        )

    first = again("Le bouton manque encore.")
    after = told(ticket)
    assert again("Le bouton manque encore.") == first
    with pytest.raises(SpentForm, match="déjà servi"):
        again("Et le titre aussi.")
    assert told(ticket) == after
