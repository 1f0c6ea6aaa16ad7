"""Who is told of what, all of it, written by hand: the checklist's section 17 and decision 14.

Nothing here is read from the product's table: each event is made by each of those who may make it, in each phase, with
and without somebody assigned, and the mails and bells that are there afterwards are compared with these letters.

A the declarant, C the client's project manager, F who is in copy, N another contact, V the vendor's project manager,
I who is assigned, S who sets the project up, U its support, R R&D, X an administrator with no part.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from calypso.acceptance.actions import build_batch, plan_batch, publish_batch, publish_planned
from calypso.acceptance.models import Batch
from calypso.accounts.actions.people import Identity, add_staff
from calypso.accounts.capabilities import Role
from calypso.accounts.models import User
from calypso.base import clock
from calypso.outbox.models import Notification, OutgoingEmail
from calypso.phases.actions import agree_phase, propose_phase, refuse_phase
from calypso.projects import actions as projects
from calypso.projects.models import Project
from calypso.sla.actions import reminders
from calypso.sla.actions.event_alerts import tell_events
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.actions.steps import assign
from calypso.tickets.models import Ticket
from tests.world import World, add_project, connect, say

PEOPLE = {
    "A": "dec",
    "C": "pm",
    "F": "obs",
    "N": "out",
    "V": "manager",
    "I": "assigned",
    "S": "agent",
    "U": "support",
    "R": "rd",
    "X": "admin",
}
PHASES = ("setup", "live")


class Scene:
    """A project of ALPHA that every contact sees, and a ticket of `dec` on it with `obs` in copy; counts from here."""

    def __init__(self, world: World, phase: str, state: str = "new", *, assigned: bool = False, by_batch: bool = False):
        self.world = world
        made = add_staff(world.admin, identity=Identity("assigned@leni.example", "Iris", "CHARGE"), roles=[Role.AGENT])
        connect(made)
        add_project(world, f"Qui {phase}", "alpha", "pm", phase)
        Project.objects.filter(name=f"Qui {phase}").update(by_batch=by_batch)
        self.ticket = self.opened("dec", follower="obs")
        self.put(state, made if assigned else None)
        self.seen = self._last()

    @property
    def project(self) -> Project:
        people = ("organization", "client_manager", "vendor_manager", "setup_agent", "support")
        return Project.objects.select_related(*people).get(name__startswith="Qui ")

    def opened(self, who: str, follower: str = "") -> Ticket:
        copy = self.world.person(follower).key if follower else ""
        asked = Request(title="Sujet", priority="2", follower=copy)
        return open_ticket(self.person(who), project=self.project, request=asked)

    def put(self, state: str, assignee: User | None, ticket: Ticket | None = None) -> None:
        """The ticket in a state, as rows: what led there tells nobody here."""
        taken = None if state == "new" else clock.now()
        Ticket.objects.filter(pk=(ticket or self.ticket).pk).update(state=state, assignee=assignee, taken_at=taken)

    def person(self, name: str) -> User:
        return User.objects.get(email__startswith=f"{PEOPLE.get(name, name)}@")

    def forget(self) -> None:
        self.seen = self._last()

    def _last(self) -> tuple[int, int]:
        rows = (OutgoingEmail, Notification)
        return tuple(model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in rows)  # type: ignore[return-value]

    def told(self) -> str:
        """The letters of those who were mailed since, each once; the bell must have rung for the same."""
        mails = OutgoingEmail.objects.filter(pk__gt=self.seen[0])
        mailed = sorted(mails.values_list("recipient_key", "kind"))
        assert len(mailed) == len(set(mailed)), "one message a person (decision 14)"
        assert mailed == sorted(Notification.objects.filter(pk__gt=self.seen[1]).values_list("recipient_key", "kind"))
        keys = {key for key, _kind in mailed}
        letters = {self.person(letter).key: letter for letter in PEOPLE}
        return "".join(sorted(letters.get(key, "?") for key in keys))


def letters(names: str, author: str = "") -> str:
    return "".join(sorted(set(names) - {author}))


# Act → state before, who may make it, then who is told: (unassigned in set-up, unassigned in live, assigned).
ACTS: dict[str, tuple[str, str, tuple[str, str, str]]] = {
    "comment of a client": ("in_progress", "ACFN", ("CFVS", "CFVU", "CFVI")),
    "return": ("waiting", "ACFN", ("CFVS", "CFVU", "CFVI")),
    "return ": ("processed", "ACFN", ("CFVS", "CFVU", "CFVI")),
    "return  ": ("follow_up", "ACFN", ("CFVS", "CFVU", "CFVI")),
    "close": ("processed", "ACFN", ("ACFV", "ACFV", "ACFVI")),
    "close ": ("new", "ACFN", ("ACFV", "ACFV", "ACFVI")),
    "comment of the team": ("in_progress", "VISUX", ("ACFV", "ACFV", "ACFVI")),
    "start": ("new", "VISUX", ("ACF", "ACF", "ACF")),
    "hand_to_rd": ("in_progress", "VISUX", ("VR", "VR", "VR")),
    "ask_client": ("in_progress", "VISUX", ("ACF", "ACF", "ACF")),
    "follow_up": ("in_progress", "VX", ("ACFV", "ACFV", "ACFV")),
    "process": ("in_progress", "VISUX", ("ACF", "ACF", "ACF")),
    "internal_return": ("processed", "VISUX", ("VS", "VU", "VI")),
    "close_for_vendor": ("in_progress", "VX", ("ACFV", "ACFV", "ACFVI")),
    "note": ("in_progress", "VISUX", ("", "", "")),
}
CASES = [
    pytest.param(act, state, author, place, told[place], id=f"{act.strip()}-{state}-{author}-{place}")
    for act, (state, authors, told) in ACTS.items()
    for author in authors
    for place in range(3)
    if not (author == "I" and place < 2)  # nobody is assigned
]


@pytest.mark.checklist("S121", "S128", "S130")
@pytest.mark.parametrize("act, state, author, place, names", CASES)
def test_r77_each_act_by_each_author_tells_these(
    act: str, state: str, author: str, place: int, names: str, world: World
) -> None:
    scene = Scene(world, PHASES[place % 2], state, assigned=place == 2)
    name = act.strip().partition(" of ")[0]
    who = scene.person(author)
    say(world, who.email.partition("@")[0], scene.ticket, name, "Du texte") if author != "I" else _say(scene, name)
    assert scene.told() == letters(names, author)


def _say(scene: Scene, name: str) -> None:
    from calypso.tickets.actions.dispatch import act

    ticket = Ticket.objects.select_related("project").get(pk=scene.ticket.pk)
    act(scene.person("I"), ticket=ticket, name=name, seen_version=ticket.version, body="Du texte", confirmed=True)


@pytest.mark.checklist("S123-S125")
@pytest.mark.parametrize("phase, names", [("setup", "ACFVS"), ("live", "ACFVU")])
def test_the_creation_acknowledges_its_author_and_tells_the_others(phase: str, names: str, world: World) -> None:
    scene = Scene(world, phase)
    scene.opened("dec", follower="obs")
    assert scene.told() == letters(names)


@pytest.mark.parametrize("phase, names", [("setup", "CVS"), ("live", "CVU")])
@pytest.mark.parametrize("author", ["C", "N"])
def test_the_creation_by_another_contact(phase: str, names: str, author: str, world: World) -> None:
    scene = Scene(world, phase)
    scene.opened(PEOPLE[author])
    assert scene.told() == letters(names + author)


@pytest.mark.parametrize("author", ["V", "S", "U", "X"])
def test_the_creation_typed_by_the_team_tells_its_client_and_not_who_typed_it(author: str, world: World) -> None:
    scene = Scene(world, "setup")
    asked = Request(title="Au téléphone", priority="1", follower=world.obs.key)
    open_ticket(scene.person(author), project=scene.project, request=asked, author=world.dec)
    assert scene.told() == letters("ACFVS", author)


@pytest.mark.parametrize("state, names", [("new", "ACFI"), ("in_progress", "I")])
@pytest.mark.parametrize("author", ["V", "U", "X"])
def test_an_assignment_tells_the_assignee_and_the_first_one_the_client(
    state: str, names: str, author: str, world: World
) -> None:
    scene = Scene(world, "setup", state)
    ticket = Ticket.objects.get(pk=scene.ticket.pk)
    assign(scene.person(author), ticket=ticket, assignee=scene.person("I"), seen_version=ticket.version)
    assert scene.told() == letters(names, author)


def test_who_takes_a_ticket_is_not_told_of_it(world: World) -> None:
    scene = Scene(world, "setup")
    ticket = Ticket.objects.get(pk=scene.ticket.pk)
    assign(scene.person("I"), ticket=ticket, assignee=scene.person("I"), seen_version=ticket.version)
    assert scene.told() == letters("ACF")


@pytest.mark.parametrize(
    "named, names", [("@Rd STAFF", "R"), ("@Support STAFF et @Ada ADMIN", "UX"), ("@Agent STAFF", "")]
)
def test_a_mention_tells_who_is_named_and_never_who_writes(named: str, names: str, world: World) -> None:
    scene = Scene(world, "setup", "rd", assigned=True)
    Ticket.objects.filter(pk=scene.ticket.pk).update(handed_to_rd_at=clock.now())
    say(world, "agent", scene.ticket, "note", f"Un avis {named} ?")
    assert scene.told() == letters(names)


class TestBatches:
    def scene(self, world: World) -> tuple[Scene, list[Ticket]]:
        scene = Scene(world, "setup", "in_progress", assigned=True, by_batch=True)
        second = scene.opened("out")
        scene.put("in_progress", scene.person("I"), second)
        for ticket in (scene.ticket, second):
            say(world, "agent", ticket, "process", "Corrigé")
        scene.forget()
        return scene, [scene.ticket, second]

    def build(self, scene: Scene, tickets: list[Ticket], author: str) -> Batch:
        keys = [ticket.reference for ticket in tickets]
        return build_batch(scene.person(author), project=scene.project, name="Lot", note="", references=keys)

    @pytest.mark.parametrize("author", ["V", "X"])
    def test_a_publication_tells_the_clients_of_its_tickets_once(self, author: str, world: World) -> None:
        scene, tickets = self.scene(world)
        batch = self.build(scene, tickets, author)
        assert scene.told() == ""
        publish_batch(scene.person(author), batch=batch, seen_version=batch.version)
        assert scene.told() == letters("ACFN")

    @pytest.mark.parametrize("author, names", [("V", "V"), ("X", "VX")])
    def test_a_planned_one_that_cannot_leave_tells_who_planned_it(self, author: str, names: str, world: World) -> None:
        scene, tickets = self.scene(world)
        batch = self.build(scene, tickets, author)
        at = clock.now() + timedelta(hours=1)
        plan_batch(scene.person(author), batch=batch, at=at, seen_version=batch.version)
        Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).update(prepared_at=None)
        assert publish_planned(batch=Batch.objects.select_related("project__vendor_manager", "author").get()) is False
        assert scene.told() == letters(names)

    @pytest.mark.parametrize("act", ["close", "return"])
    @pytest.mark.parametrize("author", ["A", "C", "F", "N"])
    def test_the_last_decision_tells_both_managers_but_not_who_took_it(
        self, author: str, act: str, world: World
    ) -> None:
        scene, tickets = self.scene(world)
        batch = self.build(scene, tickets, "V")
        publish_batch(world.manager, batch=batch, seen_version=batch.version)
        say(world, "out", tickets[1], "close")
        scene.forget()
        say(world, PEOPLE[author], tickets[0], act, "Voilà")
        ended = OutgoingEmail.objects.filter(pk__gt=scene.seen[0], kind="acceptance.batch_finished")
        keys = {scene.person(letter).key: letter for letter in PEOPLE}
        assert "".join(sorted(keys[key] for key in ended.values_list("recipient_key", flat=True))) == letters(
            "CV", author
        )
        assert scene.told() == letters({"close": "ACFVI", "return": "CFVI"}[act], author)

    def test_the_team_s_last_decision_tells_the_client_s_manager(self, world: World) -> None:
        scene, tickets = self.scene(world)
        batch = self.build(scene, tickets, "V")
        publish_batch(world.manager, batch=batch, seen_version=batch.version)
        say(world, "out", tickets[1], "close")
        scene.forget()
        say(world, "manager", tickets[0], "close_for_vendor", "Doublon")
        ended = OutgoingEmail.objects.filter(pk__gt=scene.seen[0], kind="acceptance.batch_finished")
        assert [mail.recipient for mail in ended] == [world.pm.email]
        assert scene.told() == letters("ACFI")


class TestPhases:
    @pytest.mark.parametrize("author, names", [("V", "C"), ("X", "CV")])
    @pytest.mark.parametrize("phase", PHASES)
    def test_a_proposal_asks_those_who_have_not_agreed(self, phase: str, author: str, names: str, world: World) -> None:
        scene = Scene(world, phase)
        propose_phase(scene.person(author), project=scene.project, note="", fates=[])
        assert scene.told() == letters(names)

    @pytest.mark.parametrize("author, names", [("V", "V"), ("X", "VX")])
    @pytest.mark.parametrize("phase, takes_over", [("setup", "U"), ("live", "S")])
    def test_done_tells_the_managers_its_author_and_who_takes_over(
        self, phase: str, takes_over: str, author: str, names: str, world: World
    ) -> None:
        scene = Scene(world, phase)
        propose_phase(scene.person(author), project=scene.project, note="", fates=[])
        if author == "X":
            agree_phase(world.manager, project=scene.project)
        scene.forget()
        agree_phase(world.pm, project=scene.project)
        assert scene.told() == letters(names + takes_over)

    @pytest.mark.parametrize("refuses, names", [("C", "VX"), ("V", "CX")])
    def test_a_refusal_tells_the_others(self, refuses: str, names: str, world: World) -> None:
        scene = Scene(world, "setup")
        propose_phase(world.admin, project=scene.project, note="", fates=[])
        scene.forget()
        refuse_phase(scene.person(refuses), project=scene.project, reason="Pas encore")
        assert scene.told() == letters(names)


@pytest.mark.parametrize("assigned, last", [(False, "V"), (True, "IV")])
@pytest.mark.parametrize("phase", PHASES)
def test_reminders_tell_the_client_twice_then_the_team(phase: str, assigned: bool, last: str, world: World) -> None:
    friday = datetime(2026, 3, 6, 9, tzinfo=UTC)
    with clock.set_to(friday):
        scene = Scene(world, phase, "in_progress", assigned=assigned)
        Project.objects.filter(pk=scene.project.pk).update(remind_days=2)
        say(world, "agent", scene.ticket, "ask_client", "Lequel ?")
    told = []
    for days in (4, 6, 10):
        scene.forget()
        with clock.set_to(friday + timedelta(days=days)):
            reminders.remind_due.func()
        told.append(scene.told())
    assert told == ["AC", "AC", last]


@pytest.mark.parametrize("phase, names", [("setup", "SV"), ("live", "UV")])
def test_a_near_event_tells_the_manager_and_who_serves_the_phase(phase: str, names: str, world: World) -> None:
    with clock.set_to(datetime(2026, 3, 10, 9, tzinfo=UTC)):
        scene = Scene(world, phase)
        Project.objects.filter(pk=scene.project.pk).update(event_date=date(2026, 3, 12))
        tell_events.func()
        assert scene.told() == letters(names)


@pytest.mark.parametrize("author, names", [("C", ""), ("V", "C"), ("X", "C")])
def test_a_project_opened_to_all_tells_its_manager_unless_they_did_it(author: str, names: str, world: World) -> None:
    scene = Scene(world, "setup")
    projects.set_viewers(world.manager, project=scene.project, keys={world.dec.key})
    scene.forget()
    projects.set_viewers(scene.person(author), project=scene.project, keys=set(), open_to_all=True)
    assert scene.told() == letters(names)
