"""Mails reach who is there and sees, each on their own pages: never a closed account (decision 14, R8, R77)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from calypso.acceptance.actions import build_batch, plan_batch, publish_batch, publish_due
from calypso.acceptance.models import Batch
from calypso.accounts.models import User
from calypso.base import clock
from calypso.outbox import kinds
from calypso.outbox.kinds import Envelope
from calypso.outbox.models import Notification, OutgoingEmail
from calypso.phases.actions import agree_phase, propose_phase, refuse_phase
from calypso.projects import actions as projects
from calypso.projects.models import Project
from calypso.sla.actions.event_alerts import tell_events
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.models import Ticket
from tests.world import PERSONAS, World, add_project, say

BOTH_PHASES = pytest.mark.parametrize("phase, serves", [("setup", "agent"), ("live", "support")])


def close(*people: User) -> None:
    """Their accounts are closed, as rows: the parts that they play are still theirs."""
    User.objects.filter(pk__in=[person.pk for person in people]).update(active=False)


def told(kind: str) -> list[str]:
    """Whom `kind` was mailed to, by their names in the world, sorted; the bell must have rung for the same."""
    mails = OutgoingEmail.objects.filter(kind=kind)
    rung = Notification.objects.filter(kind=kind)
    assert sorted(mails.values_list("recipient_key")) == sorted(rung.values_list("recipient_key"))
    return sorted(mail.recipient.partition("@")[0] for mail in mails)


def the_project() -> Project:
    people = ("organization", "client_manager", "vendor_manager", "setup_agent", "support")
    return Project.objects.select_related(*people).get(name="Qui")


def opened(world: World, who: str = "dec", **others: User | None) -> Ticket:
    asked = Request(title="Sujet", priority="2", follower=world.obs.key)
    return open_ticket(world.person(who), project=the_project(), request=asked, **others)


@pytest.fixture
def project(world: World) -> Project:
    """A project that all ALPHA sees, with all its people; nothing was mailed yet."""
    for told_before in (OutgoingEmail, Notification):
        told_before.objects.all().delete()
    return add_project(world, "Qui", "alpha", "pm")


@pytest.fixture
def ticket(world: World, project: Project) -> Ticket:
    """A ticket of `dec` in progress with `support`, `obs` in copy."""
    made = opened(world)
    Ticket.objects.filter(pk=made.pk).update(state="in_progress", assignee=world.support, taken_at=clock.now())
    return made


@pytest.fixture
def planned(world: World, ticket: Ticket) -> Batch:
    """A batch of that ticket, which an administrator planned."""
    Project.objects.update(by_batch=True)
    say(world, "agent", ticket, "process", "Corrigé")
    batch = build_batch(world.admin, project=the_project(), name="Lot", note="", references=[ticket.reference])
    plan_batch(world.admin, batch=batch, at=clock.now() + timedelta(hours=1), seen_version=1)
    return batch


def publish_at_its_hour() -> int:
    with clock.set_to(Batch.objects.get().publish_at):
        return publish_due.call()


class TestClosedAccounts:
    @pytest.mark.parametrize("gone", ["dec", "pm", "obs", "manager", "support"])
    def test_a_word_of_the_team_is_told_to_the_others(self, gone: str, world: World, ticket: Ticket) -> None:
        close(world.person(gone))
        say(world, "agent", ticket, "comment", "Bonjour")
        assert told("tickets.vendor_comment") == sorted({"dec", "pm", "obs", "manager", "support"} - {gone})

    @BOTH_PHASES
    @pytest.mark.parametrize("act, state", [("comment", "in_progress"), ("return", "waiting")])
    def test_an_assignee_who_left_counts_as_nobody(
        self, act: str, state: str, phase: str, serves: str, world: World, ticket: Ticket
    ) -> None:
        Project.objects.filter(name="Qui").update(phase=phase)
        Ticket.objects.filter(pk=ticket.pk).update(assignee=world.admin, state=state)
        close(world.admin)
        say(world, "dec", ticket, act, "Voilà")
        kind = {"comment": "tickets.client_comment", "return": "tickets.returned"}[act]
        assert told(kind) == sorted(["manager", "obs", "pm", serves])

    @pytest.mark.parametrize("own", ["nobody", "a closed account"])
    def test_the_support_team_stands_in_for_who_is_not_there(self, own: str, world: World, project: Project) -> None:
        Project.objects.filter(name="Qui").update(phase="live")
        User.objects.filter(pk__in=[world.agent.pk, world.rd.pk, world.norole.pk]).update(role_support=True)
        close(world.support, world.rd)
        if own == "nobody":
            Project.objects.filter(name="Qui").update(support=None)
        opened(world)
        assert told("tickets.opened") == ["agent", "dec", "manager", "norole", "obs", "pm"]

    def test_nobody_stands_in_for_the_support_who_is_there(self, world: World, project: Project) -> None:
        Project.objects.filter(name="Qui").update(phase="live")
        User.objects.filter(pk__in=[world.agent.pk, world.norole.pk]).update(role_support=True)
        opened(world)
        assert told("tickets.opened") == ["dec", "manager", "obs", "pm", "support"]

    def test_rd_is_told_but_who_left_it(self, world: World, ticket: Ticket) -> None:
        User.objects.filter(pk=world.norole.pk).update(role_rd=True)
        close(world.rd)
        say(world, "agent", ticket, "hand_to_rd", "Voyez cela")
        assert told("tickets.rd") == ["manager", "norole"]

    @pytest.mark.parametrize(
        "gone, names", [([], ["admin", "manager"]), (["manager"], ["admin"]), (["admin"], ["manager"])]
    )
    def test_a_batch_that_could_not_leave_is_told_to_who_is_there(
        self, gone: list[str], names: list[str], world: World, planned: Batch
    ) -> None:
        close(*(world.person(name) for name in gone))
        Ticket.objects.update(prepared_at=None)
        assert publish_at_its_hour() == 0
        assert told("acceptance.batch_held") == names

    @pytest.mark.parametrize("gone", ["pm", "manager"])
    def test_the_record_of_a_batch_is_told_to_the_manager_who_is_there(
        self, gone: str, world: World, ticket: Ticket, planned: Batch
    ) -> None:
        assert publish_at_its_hour() == 1
        close(world.person(gone))
        say(world, "dec", ticket, "close")
        assert told("acceptance.batch_finished") == [{"pm": "manager", "manager": "pm"}[gone]]

    @BOTH_PHASES
    @pytest.mark.parametrize("gone", ["the manager", "who serves"])
    def test_a_near_event_is_told_to_who_is_there(
        self, gone: str, phase: str, serves: str, world: World, project: Project
    ) -> None:
        with clock.set_to(clock.at(date(2026, 3, 10), 10)):
            Project.objects.filter(name="Qui").update(phase=phase, event_date=date(2026, 3, 12))
            opened(world)
            close(world.person("manager" if gone == "the manager" else serves))
            tell_events.call()
        assert told("sla.event_near") == [serves if gone == "the manager" else "manager"]

    def test_a_proposal_asks_the_manager_who_is_there(self, world: World, project: Project) -> None:
        close(world.pm)
        propose_phase(world.admin, project=the_project(), note="", fates=[])
        assert told("phases.proposed") == ["manager"]

    @pytest.mark.parametrize("gone", ["admin", "support"])
    def test_a_change_done_is_told_to_who_is_there(self, gone: str, world: World, project: Project) -> None:
        propose_phase(world.admin, project=the_project(), note="", fates=[])
        agree_phase(world.manager, project=the_project())
        close(world.person(gone))
        agree_phase(world.pm, project=the_project())
        assert told("phases.done") == sorted({"manager", "admin", "support"} - {gone})

    @pytest.mark.parametrize("refuses, gone, names", [("pm", "admin", ["manager"]), ("manager", "pm", ["admin"])])
    def test_a_refusal_is_told_to_who_is_there(
        self, refuses: str, gone: str, names: list[str], world: World, project: Project
    ) -> None:
        propose_phase(world.admin, project=the_project(), note="", fates=[])
        close(world.person(gone))
        refuse_phase(world.person(refuses), project=the_project(), reason="Pas encore")
        assert told("phases.refused") == names

    @pytest.mark.parametrize("there, names", [(True, ["pm"]), (False, [])])
    def test_an_opened_project_is_told_to_its_manager_who_is_there(
        self, there: bool, names: list[str], world: World, project: Project
    ) -> None:
        projects.set_viewers(world.manager, project=the_project(), keys={world.dec.key})
        close(*([] if there else [world.pm]))
        projects.set_viewers(world.manager, project=the_project(), keys=set(), open_to_all=True)
        assert told("projects.opened_to_all") == names


def test_a_batch_held_again_is_told_again(world: World, planned: Batch) -> None:
    Ticket.objects.update(prepared_at=None)
    assert publish_at_its_hour() == 0
    version = Batch.objects.get().version
    plan_batch(world.admin, batch=planned, at=clock.now() + timedelta(hours=2), seen_version=version)
    assert publish_at_its_hour() == 0
    assert told("acceptance.batch_held") == ["admin", "admin", "manager", "manager"]


class TestCreation:
    """The first part that names a person is how their mail greets them."""

    def lead(self, name: str) -> str:
        mail = OutgoingEmail.objects.get(kind="tickets.opened", recipient__startswith=f"{name}@")
        return mail.text.partition("\n\n")[2].strip().partition(" pour le projet")[0]

    def test_who_plays_two_parts_reads_as_the_declarant(self, world: World, project: Project) -> None:
        opened(world, "pm")
        assert self.lead("pm") == "Vous venez de créer un ticket"
        assert self.lead("obs") == "Mme MERCIER vient de créer un ticket"

    def test_a_client_for_whom_the_team_typed_reads_who_did(self, world: World, project: Project) -> None:
        opened(world, "manager", author=world.pm)
        assert told("tickets.opened") == ["agent", "obs", "pm"]
        assert self.lead("pm") == "Manager STAFF vient de créer un ticket en votre nom"

    def test_a_client_who_manages_and_follows_is_told_once(self, world: World, project: Project) -> None:
        Project.objects.filter(name="Qui").update(client_manager=world.obs)
        opened(world)
        assert told("tickets.opened") == ["agent", "dec", "manager", "obs"]


class TestPages:
    """Each reads on the pages of their side."""

    def pages(self, kind: str) -> dict[str, str]:
        """The address that each mail of `kind` holds, and the page that the bell opens: they are the same."""
        rung = {row.recipient_key: row.page for row in Notification.objects.filter(kind=kind)}
        mails = list(OutgoingEmail.objects.filter(kind=kind))
        for mail in mails:
            assert f"http://testserver{rung[mail.recipient_key]}\n" in mail.text
        return {mail.recipient.partition("@")[0]: rung[mail.recipient_key] for mail in mails}

    def test_a_change_of_phase(self, world: World, project: Project, browser: Callable) -> None:
        client, desk = (f"{side}/projets/{the_project().key}/bascule/" for side in ("", "/equipe"))
        propose_phase(world.admin, project=the_project(), note="", fates=[])
        assert self.pages("phases.proposed") == {"pm": client, "manager": desk}
        agree_phase(world.manager, project=the_project())
        assert [browser("pm").get(client).status_code, browser("manager").get(desk).status_code] == [200, 200]
        agree_phase(world.pm, project=the_project())
        assert self.pages("phases.done") == {"manager": desk, "admin": desk, "support": desk}
        propose_phase(world.manager, project=the_project(), note="", fates=[])
        refuse_phase(world.pm, project=the_project(), reason="Pas encore")
        assert self.pages("phases.refused") == {"manager": desk}


class TestStillOwed:
    """When it leaves, a mail is dropped unless its reader is there, at that address, and sees what it speaks of."""

    TEAM = frozenset({"manager", "agent", "support", "admin"})  # R&D sees tickets handed to it, and nothing else

    def owed(self, world: World, kind: str, about: str) -> set[str]:
        asked = kinds.get(kind).still_owed
        people = {name: world.person(name) for name in PERSONAS}
        for person in people.values():
            assert not asked(Envelope(person.key, f"autre-{person.email}", about)), "at another address"
        found = {name for name, one in people.items() if asked(Envelope(one.key, one.email, about))}
        with_closed = world.person("admin")
        close(with_closed)
        assert not asked(Envelope(with_closed.key, with_closed.email, about)), "the account is closed"
        return found

    @pytest.mark.parametrize("handed, rd", [(False, set()), (True, {"rd"})])
    def test_a_ticket(self, handed: bool, rd: set[str], world: World) -> None:
        Ticket.objects.filter(pk=world.ticket("A1").pk).update(handed_to_rd_at=clock.now() if handed else None)
        found = self.owed(world, "tickets.closed", f"ticket:{world.ticket('A1').reference}")
        assert found == {"pm", "dec", "obs"} | self.TEAM | rd

    def test_a_near_event(self, world: World) -> None:
        found = self.owed(world, "sla.event_near", f"project:{world.project('A1').key}")
        assert found == {"pm", "dec", "obs"} | self.TEAM

    def test_a_near_event_of_a_project_archived_since(self, world: World) -> None:
        assert self.owed(world, "sla.event_near", f"project:{world.project('A3').key}") == set()

    def test_a_project_opened_to_all(self, world: World) -> None:
        found = self.owed(world, "projects.opened_to_all", f"project:{world.project('A1').key}")
        assert found == {"pm", "dec", "obs"} | self.TEAM

    @pytest.mark.parametrize("kind", ["phases.proposed", "phases.done", "phases.refused"])
    def test_a_change_of_phase(self, kind: str, world: World) -> None:
        change = propose_phase(world.manager, project=world.project("A1"), note="", fates=[])
        assert self.owed(world, kind, f"phase:{change.key}") == {"pm", "dec", "obs"} | self.TEAM

    @pytest.mark.parametrize("published, clients", [(False, set()), (True, {"pm", "dec", "obs", "out"})])
    def test_a_batch(self, published: bool, clients: set[str], world: World, planned: Batch) -> None:
        if published:
            publish_batch(world.manager, batch=planned, seen_version=Batch.objects.get().version)
        assert self.owed(world, "acceptance.batch", f"batch:{planned.key}") == clients | self.TEAM
