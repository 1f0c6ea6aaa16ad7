"""A batch that is published, held or refused: what stays in it, what is said of it, who looked at an older one."""

from datetime import datetime, timedelta

import pytest

from calypso.acceptance.actions import change_batch, drop_batch, plan_batch, publish_batch, publish_due, publish_planned
from calypso.acceptance.models import Batch, BatchItem
from calypso.base import clock
from calypso.base.errors import Conflict, Invalid
from calypso.outbox.models import OutgoingEmail
from calypso.projects.actions import set_archived
from calypso.projects.models import Project
from calypso.tickets.actions.steps import withdraw
from calypso.tickets.models import Ticket
from tests.acceptance.batching import announced_by_batch, build, ready
from tests.world import World, say


@pytest.fixture
def project(world: World) -> Project:
    return announced_by_batch(world)


def fresh(batch: Batch) -> Batch:
    return Batch.objects.get(pk=batch.pk)


def publish(world: World, batch: Batch) -> list[str]:
    return publish_batch(world.manager, batch=batch, seen_version=fresh(batch).version)


def held(world: World, project: Project) -> tuple[Batch, Ticket, datetime]:
    """A batch whose hour came when its only ticket was ready no more, that ticket, and the hour."""
    ticket = ready(world, "Logo")
    batch = build(world, project, ticket)
    at = clock.now() + timedelta(hours=2)
    plan_batch(world.manager, batch=batch, at=at, seen_version=1)
    ticket = withdraw(world.agent, ticket=ticket, seen_version=ticket.version).ticket
    with clock.set_to(at):
        assert publish_due.call() == 0
    assert "prêt" in fresh(batch).hold_reason
    return batch, ticket, at


class TestLeftOut:
    def test_a_ticket_left_out_is_in_the_batch_no_more_which_ends_without_it(
        self, world: World, project: Project
    ) -> None:
        kept, gone = ready(world, "Un"), ready(world, "Deux")
        batch = build(world, project, kept, gone)
        withdraw(world.agent, ticket=gone, seen_version=gone.version)
        assert publish(world, batch) == [gone.reference]
        assert list(BatchItem.objects.filter(batch=batch).values_list("ticket", flat=True)) == [kept.pk]
        say(world, "dec", kept, "close")
        assert fresh(batch).finished_at is not None

    def test_a_ticket_left_out_may_join_another_batch(self, world: World, project: Project) -> None:
        kept, gone = ready(world, "Un"), ready(world, "Deux")
        batch = build(world, project, kept, gone)
        gone = withdraw(world.agent, ticket=gone, seen_version=gone.version).ticket
        publish(world, batch)
        say(world, "agent", gone, "process", "Cette fois, oui.")
        second = build(world, project, gone)
        assert list(BatchItem.objects.filter(batch=second).values_list("ticket", flat=True)) == [gone.pk]


class TestHeld:
    def test_who_looked_before_it_was_held_loses_loudly(self, world: World, project: Project) -> None:
        batch, ticket, _at = held(world, project)
        assert fresh(batch).version == 3, "built, planned, held"
        with pytest.raises(Conflict, match="changé"):
            change_batch(world.manager, batch=batch, name="x", note="", references=[ticket.reference], seen_version=2)

    @pytest.mark.parametrize("later", [True, False])
    def test_planned_again_or_taken_off_it_is_held_no_more(self, later: bool, world: World, project: Project) -> None:
        batch, _ticket, at = held(world, project)
        again = at + timedelta(hours=2) if later else None
        plan_batch(world.manager, batch=batch, at=again, seen_version=3)
        assert (fresh(batch).hold_reason, fresh(batch).publish_at) == ("", again)

    def test_published_by_hand_it_is_held_no_more(self, world: World, project: Project) -> None:
        batch, ticket, _at = held(world, project)
        say(world, "agent", ticket, "process", "Cette fois, oui.")
        assert publish(world, batch) == []
        assert (fresh(batch).hold_reason, fresh(batch).published_at is not None) == ("", True)

    def test_one_that_is_published_already_is_left_as_it_is(self, world: World, project: Project) -> None:
        batch = build(world, project, ready(world, "Logo"))
        publish(world, batch)
        published = fresh(batch)
        assert not publish_planned(batch=fresh(batch))
        assert (fresh(batch).hold_reason, fresh(batch).version) == ("", published.version)
        assert not OutgoingEmail.objects.filter(kind="acceptance.batch_held").exists()


class TestArchived:
    @pytest.mark.parametrize("act", ["change", "plan", "drop", "publish"])
    def test_r10_the_batch_of_an_archived_project_is_as_it_was(self, act: str, world: World, project: Project) -> None:
        ticket = ready(world, "Logo")
        batch = build(world, project, ticket)
        set_archived(world.manager, project=project, archived=True)
        with pytest.raises(Conflict, match="archivé"):
            if act == "change":
                references = [ticket.reference]
                change_batch(world.manager, batch=batch, name="x", note="", references=references, seen_version=1)
            elif act == "plan":
                plan_batch(world.manager, batch=batch, at=clock.now() + timedelta(hours=1), seen_version=1)
            elif act == "drop":
                drop_batch(world.manager, batch=batch, seen_version=1)
            else:
                publish_batch(world.manager, batch=batch, seen_version=1)
        after = fresh(batch)
        assert (after.name, after.version, after.publish_at, after.published_at) == ("Recette 1", 1, None, None)


class TestFilling:
    def test_as_many_as_a_batch_takes_and_one_more(self, world: World, project: Project, monkeypatch) -> None:
        monkeypatch.setattr("calypso.acceptance.actions.MOST", 2)
        tickets = [ready(world, title) for title in ("Un", "Deux", "Trois")]
        with pytest.raises(Invalid, match="Au plus 2 tickets"):
            build(world, project, *tickets)
        batch = build(world, project, *tickets[:2])
        assert BatchItem.objects.filter(batch=batch).count() == 2

    def test_a_ticket_that_is_named_twice_is_in_it_once_where_it_was_first(
        self, world: World, project: Project, monkeypatch
    ) -> None:
        monkeypatch.setattr("calypso.acceptance.actions.MOST", 2)
        one, two = ready(world, "Un"), ready(world, "Deux")
        batch = build(world, project, two, one, two)
        ranked = BatchItem.objects.filter(batch=batch).order_by("rank").values_list("ticket", "rank")
        assert list(ranked) == [(two.pk, 1), (one.pk, 2)]
