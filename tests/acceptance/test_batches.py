"""Batches of processed tickets (decision 12, I7): preparing, building, publishing, deciding, the record."""

from datetime import timedelta

import pytest

from calypso.acceptance.actions import (
    build_batch,
    change_batch,
    drop_batch,
    plan_batch,
    publish_batch,
    publish_due,
    publish_planned,
)
from calypso.acceptance.models import Batch, BatchItem
from calypso.acceptance.notices import batch_preview
from calypso.acceptance.pending import pending_requests
from calypso.acceptance.queries import batch_choices, batch_of, batch_page, batches_page, get_batch
from calypso.acceptance.tasks import remove_empty_batches
from calypso.base import clock
from calypso.base.errors import Conflict, Forbidden, Invalid, NotVisible
from calypso.outbox.models import OutgoingEmail
from calypso.projects.models import Project
from calypso.projects.visible import VisibleProject
from calypso.teamwork.actions.bulk import Chosen
from calypso.teamwork.actions.orders import place_order
from calypso.tickets.actions.steps import announce, assign, withdraw
from calypso.tickets.models import Attachment, Draft, Ticket, TicketEvent
from calypso.tickets.tasks import retain
from calypso.tickets.workflow import State, StepName
from tests.acceptance.batching import announced_by_batch, build, ready
from tests.world import World, new_ticket, say, upload


@pytest.fixture
def project(world: World) -> Project:
    return announced_by_batch(world)


def publish(world: World, batch: Batch) -> list[str]:
    return publish_batch(world.manager, batch=batch, seen_version=Batch.objects.get(pk=batch.pk).version)


def mails(kind: str) -> list[str]:
    return sorted(OutgoingEmail.objects.filter(kind=kind).values_list("recipient", flat=True))


class TestPreparing:
    def test_the_words_wait_unseen_and_nothing_is_told(self, world: World, project: Project) -> None:
        before = OutgoingEmail.objects.count()
        key = upload(world.agent, "k1", Draft.Purpose.COMMENT, "preuve.png")
        ticket = say(world, "agent", new_ticket(world, title="Logo"), "start")
        told = OutgoingEmail.objects.count()
        ticket = say(world, "agent", ticket, "process", "C'est corrigé.", form_key=key)
        assert OutgoingEmail.objects.count() == told > before
        assert (ticket.state, ticket.prepared_at is not None, ticket.comment_count) == ("in_progress", True, 0)
        event = TicketEvent.objects.filter(ticket=ticket).latest("id")
        assert (event.kind, event.internal, event.step, event.body) == ("prepared", True, "process", "C'est corrigé.")
        assert Attachment.objects.get(ticket=ticket).event == event
        assert ticket.process_due_at is not None, "the team still owes it"

    def test_elsewhere_the_step_is_what_it_was(self, world: World) -> None:
        ticket = say(world, "out", new_ticket(world, "out", project="A2"), "comment", "Alors ?")
        ticket = say(world, "agent", say(world, "agent", ticket, "start"), "process", "Fait.")
        assert (ticket.state, ticket.prepared_at) == ("processed", None)

    def test_once_is_once(self, world: World, project: Project) -> None:
        ticket = say(world, "agent", new_ticket(world), "start")
        for _again in range(2):
            say(world, "agent", ticket, "process", "Fait.", form_key="double")
        assert TicketEvent.objects.filter(ticket=ticket, kind="prepared").count() == 1

    @pytest.mark.parametrize("act", ["start", "hand_to_rd", "ask_client", "close_for_vendor"])
    def test_another_step_takes_it_back(self, world: World, project: Project, act: str) -> None:
        ticket = say(world, "manager", ready(world, "Logo"), act if act != "start" else "follow_up", "Attendez.")
        assert ticket.prepared_at is None

    def test_the_client_closing_takes_it_back(self, world: World, project: Project) -> None:
        assert say(world, "dec", ready(world, "Logo"), "close").prepared_at is None

    def test_assigning_does_not(self, world: World, project: Project) -> None:
        ticket = say(world, "agent", new_ticket(world), "start")
        ticket = say(world, "dec", say(world, "agent", ticket, "ask_client", "Où ?"), "return", "Là.")
        ticket = say(world, "agent", ticket, "process", "Fait.")
        assign(world.manager, ticket=ticket, assignee=world.agent, seen_version=ticket.version)
        ticket.refresh_from_db()
        assert (ticket.state, ticket.prepared_at is not None) == ("assigned", True)

    def test_it_can_be_withdrawn(self, world: World, project: Project) -> None:
        ticket = ready(world, "Logo")
        with pytest.raises(Conflict):
            withdraw(world.agent, ticket=ticket, seen_version=ticket.version - 1)
        with pytest.raises(Forbidden):
            withdraw(world.rd, ticket=ticket, seen_version=ticket.version)
        for _again in range(2):
            event = withdraw(world.agent, ticket=ticket, seen_version=ticket.version, form_key="w")
        assert (event.kind, event.internal) == ("withdrawn", True)
        ticket.refresh_from_db()
        assert ticket.prepared_at is None
        with pytest.raises(Conflict, match="plus prêt"):
            withdraw(world.agent, ticket=ticket, seen_version=ticket.version)
        with pytest.raises(Conflict, match="plus prêt"):
            announce(world.manager, ticket=ticket)

    def test_many_at_once(self, world: World, project: Project) -> None:
        tickets = [say(world, "agent", new_ticket(world, title=str(number)), "start") for number in range(2)]
        chosen = [Chosen(ticket.reference, ticket.version) for ticket in tickets]
        fields = {"step": "process", "body": "Fait."}
        done = place_order(world.agent, act="step", fields=fields, chosen=chosen).outcomes
        assert [refusal for _reference, refusal in done] == ["", ""]
        assert Ticket.objects.filter(prepared_at__isnull=False).count() == 2


class TestBuilding:
    def test_only_those_who_manage_projects(self, world: World, project: Project) -> None:
        ticket = ready(world, "Logo")
        for who in ("agent", "support", "rd", "pm", "norole"):
            with pytest.raises((Forbidden, NotVisible)):
                build_batch(world.person(who), project=project, name="x", note="", references=[ticket.reference])

    def test_what_it_may_hold(self, world: World, project: Project) -> None:
        one, two, raw = ready(world, "Un"), ready(world, "Deux"), new_ticket(world)
        assert [choice.ticket for choice in batch_choices(world.agent, project)] == [one, two]
        assert [choice.said.body for choice in batch_choices(world.agent, project) if choice.said] == [
            "C'est corrigé.",
            "C'est corrigé.",
        ]
        for references in ([], [raw.reference], [one.reference, "ZZZZZZZ"], [world.ticket("B1").reference]):
            with pytest.raises(Invalid):
                build_batch(world.manager, project=project, name="x", note="", references=references)
        with pytest.raises(Invalid):
            build_batch(world.manager, project=project, name=" ", note="", references=[one.reference])
        batch = build(world, project, two, one)
        assert [line.ticket for line in batch_page(world.manager, batch.key).lines] == [two, one], "in the order given"
        assert batch_choices(world.agent, project) == []
        with pytest.raises(Invalid, match="tickets"):
            build(world, project, one, name="Recette 2")
        assert Batch.objects.count() == 1, "nothing half done"
        with pytest.raises(Forbidden):
            batch_choices(world.pm, project)

    def test_the_database_keeps_a_ticket_in_one_batch(self, world: World, project: Project, monkeypatch) -> None:
        one = ready(world, "Un")
        build(world, project, one)
        monkeypatch.setattr(
            "calypso.acceptance.actions.ready_tickets", lambda _project, but: Ticket.objects.filter(pk=one.pk)
        )
        with pytest.raises(Conflict, match="autre lot"):
            build(world, project, one, name="Recette 2")

    def test_too_many(self, world: World, project: Project, monkeypatch) -> None:
        monkeypatch.setattr("calypso.acceptance.actions.MOST", 1)
        with pytest.raises(Invalid, match="tickets"):
            build(world, project, ready(world, "Un"), ready(world, "Deux"))

    def test_an_archived_project_takes_none(self, world: World, project: Project) -> None:
        one = ready(world, "Un")
        project.archived_at = clock.now()
        with pytest.raises(Conflict):
            build(world, project, one)

    def test_it_changes_until_it_is_published(self, world: World, project: Project) -> None:
        one, two = ready(world, "Un"), ready(world, "Deux")
        batch = build(world, project, one, two)
        change_batch(world.manager, batch=batch, name="Autre", note="", references=[two.reference], seen_version=1)
        page = batch_page(world.manager, batch.key)
        assert (page.batch.name, page.batch.version, [line.ticket for line in page.lines]) == ("Autre", 2, [two])
        with pytest.raises(Conflict, match="changé"):
            change_batch(world.manager, batch=batch, name="x", note="", references=[one.reference], seen_version=1)
        publish(world, batch)
        with pytest.raises(Conflict, match="déjà publié"):
            drop_batch(world.manager, batch=batch, seen_version=3)

    def test_dropping_gives_the_tickets_back(self, world: World, project: Project) -> None:
        one = ready(world, "Un")
        drop_batch(world.manager, batch=build(world, project, one), seen_version=1)
        assert [choice.ticket for choice in batch_choices(world.agent, project)] == [one]
        assert not Batch.objects.exists()

    def test_who_sees_it(self, world: World, project: Project) -> None:
        batch = build(world, project, one := ready(world, "Un"))
        assert get_batch(world.agent, batch.key) == batch
        assert str(batch) == "Recette 1"
        assert str(BatchItem.objects.get(batch=batch)) == f"{one.pk} in {batch.pk}"
        for who in ("pm", "dec", "out", "buser", "rd", "norole"):
            with pytest.raises(NotVisible):
                get_batch(world.person(who), batch.key)
        publish(world, batch)
        assert get_batch(world.dec, batch.key) == batch
        for who in ("out", "buser", "rd", "norole"):
            with pytest.raises(NotVisible):
                get_batch(world.person(who), batch.key)
        with pytest.raises(NotVisible):
            get_batch(world.pm, "pas-une-clé")


class TestPublishing:
    def test_one_mail_a_person_and_every_ticket_processed(self, world: World, project: Project) -> None:
        key = upload(world.agent, "k1", Draft.Purpose.COMMENT, "preuve.png")
        one, two, other = ready(world, "Un", form_key=key), ready(world, "Deux", "obs"), ready(world, "Trois")
        batch = build(world, project, one, two, other)
        say(world, "agent", other, "ask_client", "Attendez.")
        OutgoingEmail.objects.all().delete()
        assert publish(world, batch) == [other.reference], "what is no longer ready leaves the batch"
        one.refresh_from_db()
        event = TicketEvent.objects.filter(ticket=one).latest("id")
        assert (one.state, one.prepared_at, one.comment_count) == ("processed", None, 1)
        assert (event.kind, event.step, event.internal, event.body) == ("stepped", "process", False, "C'est corrigé.")
        assert event.actor == world.agent, "who wrote the words signs them"
        assert Attachment.objects.get(ticket=one).event == event
        assert mails("tickets.processed") == []
        assert mails("acceptance.batch") == ["dec@alpha.example", "obs@alpha.example", "pm@alpha.example"]
        manager = OutgoingEmail.objects.get(recipient="pm@alpha.example")
        author = OutgoingEmail.objects.get(recipient="dec@alpha.example")
        assert {one.reference, two.reference} <= set(manager.text.replace(":", " ").split())
        assert two.reference not in author.text, "each reads of their own tickets"
        assert f"/lots/{batch.key}/" in author.text
        assert "Vider le cache." in author.html
        batch.refresh_from_db()
        assert (batch.published_by, batch.publish_at, batch.finished_at) == (world.manager, None, None)
        with pytest.raises(Conflict):
            publish(world, batch)

    def test_the_preview_is_that_mail(self, world: World, project: Project) -> None:
        batch = build(world, project, one := ready(world, "Un"))
        preview = batch_preview(world.agent, batch, [one])
        assert sorted(person.email for person in preview.readers) == ["dec@alpha.example", "pm@alpha.example"]
        publish(world, batch)
        assert preview.message is not None
        sent = OutgoingEmail.objects.filter(kind="acceptance.batch", recipient=preview.readers[0].email).get()
        assert (preview.message.subject, preview.message.text) == (sent.subject, sent.text)
        assert batch_preview(world.agent, batch, []).message is None
        with pytest.raises(Forbidden):
            batch_preview(world.pm, batch, [one])

    def test_nothing_ready_is_refused(self, world: World, project: Project) -> None:
        one = ready(world, "Un")
        batch = build(world, project, one)
        withdraw(world.agent, ticket=one, seen_version=one.version)
        assert not batch_page(world.manager, batch.key).lines[0].ready
        with pytest.raises(Conflict, match="prêt"):
            publish(world, batch)
        assert BatchItem.objects.filter(batch=batch).count() == 1, "nothing half done"

    def test_one_that_is_on_its_way_leaves_only_to_whom_still_sees_it(self, world: World, project: Project) -> None:
        from calypso.outbox import kinds
        from calypso.outbox.kinds import Envelope

        batch = build(world, project, ready(world, "Un"))
        publish(world, batch)
        owed = kinds.get("acceptance.batch").still_owed
        assert owed(Envelope(world.dec.key, world.dec.email, f"batch:{batch.key}"))
        assert not owed(Envelope(world.out.key, world.out.email, f"batch:{batch.key}"))
        assert not owed(Envelope(world.dec.key, "autre@alpha.example", f"batch:{batch.key}"))


class TestPlanning:
    def test_it_leaves_at_its_hour(self, world: World, project: Project) -> None:
        batch = build(world, project, one := ready(world, "Un"))
        at = clock.now() + timedelta(hours=2)
        with pytest.raises(Invalid):
            plan_batch(world.manager, batch=batch, at=clock.now(), seen_version=1)
        plan_batch(world.manager, batch=batch, at=at, seen_version=1)
        assert publish_due.call() == 0
        with clock.set_to(at):
            assert publish_due.call() == 1
            assert publish_due.call() == 0
        one.refresh_from_db()
        assert one.state == "processed"

    def test_it_can_be_taken_off(self, world: World, project: Project) -> None:
        batch = build(world, project, ready(world, "Un"))
        at = clock.now() + timedelta(hours=2)
        plan_batch(world.manager, batch=batch, at=at, seen_version=1)
        plan_batch(world.manager, batch=batch, at=None, seen_version=2)
        with clock.set_to(at):
            assert publish_due.call() == 0

    def test_what_refuses_it_is_said(self, world: World, project: Project) -> None:
        batch = build(world, project, one := ready(world, "Un"))
        at = clock.now() + timedelta(hours=2)
        plan_batch(world.admin, batch=batch, at=at, seen_version=1)
        say(world, "dec", one, "close")
        with clock.set_to(at):
            assert publish_due.call() == 0
            assert publish_due.call() == 0
        batch.refresh_from_db()
        assert (batch.publish_at, batch.published_at) == (None, None)
        assert "prêt" in batch.hold_reason
        assert mails("acceptance.batch_held") == ["admin@leni.example", "manager@leni.example"]

    def test_one_that_changed_while_it_was_leaving_is_left_alone(self, world: World, project: Project) -> None:
        one = ready(world, "Un")
        seen = build(world, project, one)
        change_batch(world.manager, batch=seen, name="Autre", note="", references=[one.reference], seen_version=1)
        stale = Batch(pk=seen.pk, key=seen.key, version=1, author=world.manager, project=project)
        assert not publish_planned(batch=stale)
        assert mails("acceptance.batch_held") == []

    def test_r8_a_right_lost_meanwhile_is_lost_for_the_plan(self, world: World, project: Project) -> None:
        batch = build(world, project, ready(world, "Un"))
        at = clock.now() + timedelta(hours=2)
        plan_batch(world.admin, batch=batch, at=at, seen_version=1)
        type(world.admin).objects.filter(pk=world.admin.pk).update(role_admin=False)
        with clock.set_to(at):
            assert publish_due.call() == 0
        batch.refresh_from_db()
        assert "compte" in batch.hold_reason


class TestDeciding:
    def test_every_way_out_of_processed_is_a_decision_and_the_last_finishes(
        self, world: World, project: Project
    ) -> None:
        tickets = [ready(world, str(number)) for number in range(4)]
        batch = build(world, project, *tickets)
        publish(world, batch)
        assert [one.left for one in pending_requests(VisibleProject(world.pm, project.key)).batches] == [4]
        assert batch_of(world.dec, tickets[0]) == batch
        say(world, "dec", tickets[0], "close")
        assert batch_of(world.dec, tickets[0]) is None
        say(world, "pm", tickets[1], "return", "Toujours faux.")
        say(world, "manager", tickets[2], "close_for_vendor", "Vu ensemble.")
        page = batch_page(world.pm, batch.key)
        assert (page.decided, page.batch.finished_at) == (3, None)
        assert page.next is not None
        assert page.next.ticket == tickets[3]
        say(world, "agent", tickets[3], "internal_return", "On reprend.")
        page = batch_page(world.pm, batch.key)
        assert [line.item.decision for line in page.lines] == ["close", "return", "close_for_vendor", "internal_return"]
        assert [line.label for line in page.lines][:2] == ["Accepté", "Refusé"]
        assert (page.accepted, page.refused, page.next) == (1, 1, None)
        assert page.lines[1].item.decision_event is not None
        assert page.lines[1].item.decision_event.body == "Toujours faux."
        assert page.lines[1].item.decided_by == world.pm
        assert page.batch.finished_at is not None
        assert mails("acceptance.batch_finished") == ["manager@leni.example", "pm@alpha.example"]
        assert pending_requests(VisibleProject(world.pm, project.key)).batches == []

    def test_a_refused_ticket_may_come_in_the_next_batch(self, world: World, project: Project) -> None:
        one = ready(world, "Un")
        first = build(world, project, one)
        publish(world, first)
        one = say(world, "dec", one, "return", "Toujours faux.")
        one = say(world, "agent", one, "process", "Cette fois, oui.")
        second = build(world, project, one, name="Recette 2")
        publish(world, second)
        say(world, "dec", one, "close")
        assert batch_page(world.pm, first.key).lines[0].item.decision == "return"
        assert batch_page(world.pm, second.key).lines[0].item.decision == "close"

    def test_a_manager_who_left_is_not_told(self, world: World, project: Project) -> None:
        one = ready(world, "Un")
        publish(world, build(world, project, one))
        type(world.pm).objects.filter(pk=world.pm.pk).update(active=False)
        say(world, "dec", one, "close")
        assert mails("acceptance.batch_finished") == ["manager@leni.example"]

    def test_the_list_of_the_desk(self, world: World, project: Project) -> None:
        one, two, _three = ready(world, "Un"), ready(world, "Deux"), ready(world, "Trois")
        done = build(world, project, one)
        publish(world, done)
        say(world, "dec", one, "close")
        draft = build(world, project, two, name="Recette 2")
        page = batches_page(world.agent)
        assert [(row.project, row.ready) for row in page.waiting] == [(project.key, 1)]
        assert [row.batch for row in page.drafts] == [draft]
        assert [(row.batch, row.total, row.decided) for row in page.finished] == [(done, 1, 1)]
        assert page.reviewed == []
        with pytest.raises(Forbidden):
            batches_page(world.pm)

    def test_a_page_of_a_ticket_that_is_not_in_the_batch(self, world: World, project: Project) -> None:
        batch = build(world, project, one := ready(world, "Un"), two := ready(world, "Deux"))
        publish(world, batch)
        page = batch_page(world.dec, batch.key)
        assert page.line(one.reference)[1:] == ("", two.reference)
        assert page.line(two.reference)[1:] == (one.reference, "")
        with pytest.raises(NotVisible):
            page.line("ZZZZZZZ")

    def test_r130_a_record_leaves_with_its_tickets(self, world: World, project: Project, settings) -> None:
        settings.KEEP_CLOSED_MONTHS = 12
        one = ready(world, "Un")
        publish(world, build(world, project, one))
        say(world, "dec", one, "close")
        with clock.set_to(clock.now() + timedelta(days=400)):
            retain.call()
            remove_empty_batches.call()
        assert not Ticket.objects.filter(pk=one.pk).exists()
        assert not Batch.objects.exists()


def test_every_way_out_of_processed_is_a_known_decision() -> None:
    from calypso.acceptance.decision_labels import DECISIONS, TONES
    from calypso.tickets.workflow import STEPS

    out = {name for name, step in STEPS.items() if State.PROCESSED in step.sources}
    assert out == set(DECISIONS) == set(TONES)
    assert StepName.PROCESS not in out
