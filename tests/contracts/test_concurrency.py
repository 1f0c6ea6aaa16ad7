"""Two people at once, on both engines: one wins, the other loses nothing (must show 5, R102, R103, R106, R147)."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from calypso.accounts import links, throttle
from calypso.accounts.actions.mfa import remove_factor
from calypso.accounts.actions.passwords import choose_password
from calypso.accounts.links import Purpose
from calypso.accounts.models import Factor, User
from calypso.base import clock
from calypso.base.errors import Conflict, DomainError, Invalid, NotVisible
from calypso.outbox.models import OutgoingEmail
from calypso.projects.actions import set_viewers
from calypso.tickets.actions import drafts
from calypso.tickets.actions.dispatch import act
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.models import Draft, DraftFile, Ticket, TicketEvent
from tests.conftest import Browser
from tests.files import PDF
from tests.pages import fill, form
from tests.world import World, new_ticket, say

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[object]:
    """Runs the acts at the same moment, each on its own connection; gives results or refusals, in order."""
    barrier = threading.Barrier(len(acts))

    def run(one: Callable[[], object]) -> object:
        try:
            barrier.wait(10)
            return one()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_r44_two_proofs_removed_at_once_leave_an_account_that_opens(live_world: World) -> None:
    """A proof that goes while its sibling goes is still seen as the last one: the password alone opens again."""
    Factor.objects.bulk_create(
        Factor(key=key, user=live_world.dec, kind="passkey", secret="x", created_at=clock.now()) for key in ("p1", "p2")
    )
    User.objects.filter(pk=live_world.dec.pk).update(two_factor=True)
    results = together(*(partial(remove_factor, live_world.dec, key=key) for key in ("p1", "p2")))
    assert results == [None, None]
    assert not live_world.dec.two_factor


def test_r44_codes_tried_at_once_are_all_counted(live_world: World) -> None:
    results = together(*[partial(throttle.code_try, "dec@alpha.example", "") for _ in range(20)])
    assert sum(result is None for result in results) <= throttle.MOST_TRIES


def test_r102_two_steps_at_once_one_wins(live_world: World) -> None:
    for first, second in (("start", "close"), ("ask_client", "close"), ("start", "start"), ("close", "close")):
        ticket = Ticket.objects.select_related("project").get(pk=new_ticket(live_world).pk)
        people = {"close": live_world.dec, "start": live_world.agent, "ask_client": live_world.support}
        results = together(
            *(
                partial(act, people[name], ticket=ticket, name=name, seen_version=ticket.version, body="Un motif")
                for name in (first, second)
            )
        )
        assert sum(isinstance(result, Conflict) for result in results) == 1, (first, second, results)
        assert TicketEvent.objects.filter(ticket=ticket, kind="stepped").count() == 1
        assert Ticket.objects.get(pk=ticket.pk).version == ticket.version + 1


def test_r102_the_loser_of_two_browsers_keeps_the_text(live_world: World) -> None:
    ticket = new_ticket(live_world)
    path = f"/tickets/{ticket.reference}/envoyer/"
    browsers = [Browser().sign_in(live_world.person(name)) for name in ("dec", "obs")]
    fields = [form(opened.get(f"/tickets/{ticket.reference}/"), path) for opened in browsers]
    answers = together(
        *(
            lambda opened=opened, given=given, number=number: opened.post(
                path, fill(given, act="close", body=f"Texte {number}")
            )
            for number, (opened, given) in enumerate(zip(browsers, fields, strict=True))
        )
    )
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [302, 409]
    loser = statuses.index(409)
    assert f"Texte {loser}" in answers[loser].content.decode()
    assert Ticket.objects.get(pk=ticket.pk).state == "closed"


def test_r103_a_storm_of_clicks_makes_one_ticket_and_one_round_of_mails(live_world: World) -> None:
    project, by = live_world.project("A1"), live_world.dec
    request = Request(title="Tempête", priority="1")
    results = together(
        *(lambda: open_ticket(by, project=project, request=request, form_key="tempete") for _ in range(6))
    )
    assert len({ticket.pk for ticket in results}) == 1
    assert Ticket.objects.filter(title="Tempête").count() == 1
    assert OutgoingEmail.objects.filter(subject__contains="Tempête").count() == 4


def test_r106_references_are_unique_under_load(live_world: World) -> None:
    from calypso.base.references import new_reference

    few = [f"AAAAAA{letter}" for letter in "ABCDEFGHJK"]
    drawn: list[str] = []
    lock = threading.Lock()

    def narrow() -> str:
        with lock:
            drawn.append("x")
            return few[len(drawn) % 10] if len(drawn) < 40 else new_reference()

    project, by = live_world.project("A1"), live_world.dec
    results = together(
        *(
            lambda: open_ticket(by, project=project, request=Request(title="Charge", priority="1"), reference=narrow)
            for _ in range(8)
        )
    )
    references = {ticket.reference for ticket in results}
    assert len(references) == 8


def test_r66_parallel_uploads_never_exceed_the_limit(live_world: World) -> None:
    by = live_world.dec
    together(
        *(
            lambda number=number: drafts.add_file(
                by, form_key="parallele", purpose=Draft.Purpose.OPENING, name=f"f{number}.pdf", chunks=[PDF]
            )
            for number in range(8)
        )
    )
    assert DraftFile.objects.filter(draft__key="parallele").count() == 5


def test_r25_of_two_uses_of_one_link_one_wins(live_world: World) -> None:
    token = links.mint(live_world.dec, Purpose.RESET)
    results = together(
        *(
            lambda word=word: choose_password(
                purpose=Purpose.RESET, token=token, password=word, confirmation=word, network="n"
            )
            for word in ("Premier-1", "Second-22")
        )
    )
    assert sum(isinstance(result, NotVisible) for result in results) == 1
    winner = "Premier-1" if not isinstance(results[0], NotVisible) else "Second-22"
    assert live_world.dec.check_password(winner)


def test_r6_two_removals_of_the_last_two_viewers_never_open_the_project(live_world: World) -> None:
    project, by = live_world.project("A1"), live_world.pm
    one, other = live_world.dec.key, live_world.obs.key
    together(
        lambda: set_viewers(by, project=project, keys={one}), lambda: set_viewers(by, project=project, keys={other})
    )
    assert live_world.project("A1").restricted


def test_r104_nobody_comments_under_a_closing(live_world: World) -> None:
    for _ in range(3):
        ticket = Ticket.objects.select_related("project").get(pk=new_ticket(live_world).pk)
        results = together(
            partial(act, live_world.dec, ticket=ticket, name="close", seen_version=ticket.version, body=""),
            partial(act, live_world.agent, ticket=ticket, name="comment", seen_version=0, body="En même temps"),
        )
        events = list(TicketEvent.objects.filter(ticket=ticket).order_by("id").values_list("kind", "state"))
        assert not isinstance(results[0], Exception)
        if not isinstance(results[1], Exception):
            assert events.index(("commented", "new")) < events.index(("stepped", "closed"))


def test_r147_no_locked_database_under_a_rush(live_world: World) -> None:
    tickets = [Ticket.objects.select_related("project").get(pk=new_ticket(live_world).pk) for _ in range(4)]

    def rush(ticket: Ticket) -> None:
        for _ in range(5):
            act(live_world.dec, ticket=ticket, name="comment", seen_version=0, body="Vite")

    results = together(*(lambda ticket=ticket: rush(ticket) for ticket in tickets))
    assert results == [None] * 4
    assert [Ticket.objects.get(pk=ticket.pk).comment_count for ticket in tickets] == [5] * 4


def test_r108_counters_equal_a_recount(live_world: World) -> None:
    ticket = new_ticket(live_world)
    for number in range(3):
        say(live_world, "dec", ticket, "comment", f"Un {number}")
        say(live_world, "agent", ticket, "note", "Note")
    say(live_world, "agent", ticket, "start", "Je commence")
    public = TicketEvent.objects.filter(ticket=ticket, internal=False).exclude(body="")
    after = Ticket.objects.get(pk=ticket.pk)
    last = public.latest("id")
    assert (after.comment_count, after.last_comment, after.last_comment_at) == (
        public.count(),
        last.body,
        last.created_at,
    )


def test_an_invalid_act_at_the_same_time_is_just_refused(live_world: World) -> None:
    ticket = Ticket.objects.select_related("project").get(pk=new_ticket(live_world).pk)
    results = together(
        lambda: act(live_world.dec, ticket=ticket, name="comment", seen_version=0, body=""),
        lambda: act(live_world.dec, ticket=ticket, name="comment", seen_version=0, body="Un mot"),
    )
    assert isinstance(results[0], Invalid)
    assert not isinstance(results[1], Exception)
