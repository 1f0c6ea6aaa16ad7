"""What every act on a ticket writes beside its event: the files of its form, when it was active, its version."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from calypso.base import clock
from calypso.base.errors import Invalid
from calypso.tickets.actions import drafts
from calypso.tickets.actions.conversation import comment
from calypso.tickets.actions.steps import assign, retain_priority, take_step
from calypso.tickets.models import Attachment, Draft, DraftFile, Ticket
from calypso.tickets.priorities import Priority
from calypso.tickets.workflow import StepName
from tests.files import PDF
from tests.world import World, new_ticket, upload

COMMENT = Draft.Purpose.COMMENT
MEGABYTE = 1024 * 1024


def names(ticket: Ticket) -> list[str]:
    return list(Attachment.objects.filter(ticket=ticket).order_by("id").values_list("name", flat=True))


class TestFilesOfTheForm:
    @pytest.mark.parametrize("mine", [[], ["mien.pdf"]])
    def test_r68_another_s_files_under_the_same_key_stay_theirs(self, mine: list[str], world: World) -> None:
        """A key is written in a page: it opens nothing to who reads it over a shoulder."""
        upload(world.pm, "memecle", COMMENT, "prive.pdf", PDF)
        for name in mine:
            upload(world.dec, "memecle", COMMENT, name, PDF)
        ticket = new_ticket(world)
        comment(world.dec, ticket=ticket, body="Bonjour", form_key="memecle")
        assert names(ticket) == mine
        left = DraftFile.objects.filter(draft__key="memecle").values_list("draft__owner", "name")
        assert list(left) == [(world.pm.pk, "prive.pdf")]

    def test_another_form_of_mine_keeps_its_files(self, world: World) -> None:
        upload(world.dec, "autre", COMMENT, "autre.pdf", PDF)
        ticket = new_ticket(world)
        comment(world.dec, ticket=ticket, body="Bonjour", form_key="celleci")
        assert names(ticket) == []
        assert Draft.objects.filter(owner=world.dec, key="autre").exists()


class TestQuota:
    """The files of a company take so much room, to the byte (R66)."""

    @pytest.fixture
    def room(self, world: World, settings) -> Callable[[int], None]:
        settings.ORGANIZATION_QUOTA_MB = 1

        def leave(left: int) -> None:
            files = Attachment.objects.filter(organization=world.organization("alpha")).order_by("id")
            files.update(size=0)
            Attachment.objects.filter(pk=files[0].pk).update(size=MEGABYTE - left)

        return leave

    def test_r66_the_last_byte_may_be_used(self, world: World, room) -> None:
        ticket, key = new_ticket(world), upload(world.dec, "plein", COMMENT, "f.pdf", PDF)
        room(len(PDF))
        comment(world.dec, ticket=ticket, body="Voici", form_key=key)
        assert names(ticket) == ["f.pdf"]

    @pytest.mark.parametrize("who, said", [("dec", "votre société"), ("agent", "cette société")])
    def test_r66_one_byte_more_is_refused_and_nothing_is_written(self, who: str, said: str, world: World, room) -> None:
        ticket, key = new_ticket(world), upload(world.person(who), "plein", COMMENT, "f.pdf", PDF)
        room(len(PDF) - 1)
        with pytest.raises(Invalid, match=said):
            comment(world.person(who), ticket=ticket, body="Voici", form_key=key)
        assert names(ticket) == []
        assert Ticket.objects.get(pk=ticket.pk).comment_count == 0
        assert DraftFile.objects.filter(draft__key=key).count() == 1, "the form keeps its file"

    def test_r66_several_files_are_added_up(self, world: World, room, settings) -> None:
        settings.COMMENT_FILES = 2
        ticket = new_ticket(world)
        for name in ("un.pdf", "deux.pdf"):
            upload(world.dec, "plein", COMMENT, name, PDF)
        room(2 * len(PDF) - 1)
        with pytest.raises(Invalid, match="plein"):
            comment(world.dec, ticket=ticket, body="Voici", form_key="plein")
        room(2 * len(PDF))
        comment(world.dec, ticket=ticket, body="Voici", form_key="plein")
        assert names(ticket) == ["un.pdf", "deux.pdf"]

    def test_words_alone_are_always_taken(self, world: World, room) -> None:
        """A lowered quota leaves a company beyond it: it writes on."""
        ticket = new_ticket(world)
        drafts.keep_text(world.dec, form_key="mots", purpose=COMMENT, fields={"body": "Bonjour"})
        room(-5)
        comment(world.dec, ticket=ticket, body="Bonjour", form_key="mots")
        assert Ticket.objects.get(pk=ticket.pk).comment_count == 1

    def test_a_company_does_not_fill_another_s_room(self, world: World, room) -> None:
        room(0)
        ticket = new_ticket(world, "buser", "B1")
        key = upload(world.buser, "ailleurs", COMMENT, "f.pdf", PDF)
        comment(world.buser, ticket=ticket, body="Voici", form_key=key)
        assert names(ticket) == ["f.pdf"]


ACTIVE: dict[str, Callable[[World, Ticket], object]] = {
    "a client's comment": lambda world, ticket: comment(world.dec, ticket=ticket, body="Bonjour"),
    "a vendor's comment": lambda world, ticket: comment(world.agent, ticket=ticket, body="Bonjour"),
    "a step": lambda world, ticket: take_step(
        world.agent, ticket=ticket, step=StepName.START, seen_version=ticket.version
    ),
    "an assignment": lambda world, ticket: assign(
        world.manager, ticket=ticket, assignee=world.agent, seen_version=ticket.version
    ),
    "a retained priority": lambda world, ticket: retain_priority(
        world.manager, ticket=ticket, priority=Priority.HIGH, reason="Urgent", seen_version=ticket.version
    ),
}


@pytest.mark.parametrize("name", ACTIVE)
def test_what_is_done_to_a_ticket_is_its_latest_activity(name: str, world: World) -> None:
    ticket, later = new_ticket(world), clock.now() + timedelta(hours=5)
    with clock.set_to(later):
        ACTIVE[name](world, ticket)
    after = Ticket.objects.get(pk=ticket.pk)
    assert (after.activity_at, after.created_at) == (later, ticket.created_at)


def test_an_act_gives_the_ticket_as_it_left_it(world: World) -> None:
    """Who goes on from what an act returned is not told that the ticket changed meanwhile."""
    ticket = new_ticket(world)
    started = take_step(world.agent, ticket=ticket, step=StepName.START, seen_version=ticket.version).ticket
    assert (started.version, started.state) == (ticket.version + 1, "in_progress")
    handed = take_step(world.agent, ticket=started, step=StepName.HAND_TO_RD, seen_version=started.version).ticket
    assert (handed.version, handed.state) == (ticket.version + 2, "rd")
    assert Ticket.objects.get(pk=ticket.pk).version == ticket.version + 2
