"""Who hears of what over a live page: the sight of the moment (R1, R8, R11), nobody else's presence, nothing lost."""

import time

import pytest
from django.test import Client

from calypso.accounts.access import as_viewer
from calypso.accounts.actions.people import set_contact_active
from calypso.accounts.models import Session, User
from calypso.accounts.sessions import SEEN_FIELD, STARTED_FIELD, USER_FIELD
from calypso.base import clock
from calypso.live.change_polling import ChangePoller, Listener, Tail, admit
from calypso.projects.actions import set_viewers
from calypso.teamwork.actions.presence import be_there, go_away
from calypso.teamwork.queries import change_feed
from tests.world import World, new_ticket, say

pytestmark = pytest.mark.django_db


def session_of(person: User) -> str:
    browser = Client()
    browser.force_login(person)
    session = browser.session
    session[USER_FIELD], session[STARTED_FIELD], session[SEEN_FIELD] = person.pk, time.time(), time.time()
    session.save()
    return str(session.session_key)


def listening(person: User, topic: str) -> Listener:
    admitted = admit(session_of(person), {topic: None})
    assert admitted is not None
    return admitted.listeners[0]


def test_r1_r11_each_hears_of_what_they_may_read(world: World) -> None:
    ticket = world.ticket("A1")
    topic = f"ticket:{ticket.reference}"
    people = {name: listening(world.person(name), topic) for name in ("dec", "pm", "agent")}
    others = {name: listening(world.person(name), "tickets") for name in ("out", "buser", "agent", "rd")}
    project = listening(world.dec, f"projet:{world.project('A1').key}")
    bell = listening(world.dec, "moi")
    everyone = [*people.values(), *others.values(), project, bell]
    watcher = ChangePoller()
    assert watcher.look(everyone).changed == set()
    say(world, "agent", ticket, "note", "Entre nous")
    assert watcher.look(everyone).changed == {people["agent"], others["agent"]}
    say(world, "agent", ticket, "comment", "Bonjour")
    heard = watcher.look(everyone).changed
    assert heard == {*people.values(), others["agent"], project, bell}
    assert watcher.look(everyone).changed == set()


def test_r1_nobody_listens_to_what_they_do_not_see(world: World) -> None:
    ticket, key = world.ticket("A1"), world.project("A1").key
    for name in ("out", "buser", "rd"):
        for topic in (f"ticket:{ticket.reference}", f"projet:{key}"):
            assert admit(session_of(world.person(name)), {topic: None}) is None
    for topic in ("", "x", "ticket:", "ticket:§", "tickets:1", "projet:nul"):
        assert admit(session_of(world.agent), {topic: None}) is None
    assert admit("unknown", {"tickets": None}) is None
    assert admit(session_of(world.agent), {}) is None


def test_what_happened_before_the_stream_opened_is_said_at_once(world: World) -> None:
    ticket, other = world.ticket("A1"), world.ticket("A2")
    since = clock.now()
    session = session_of(world.pm)
    of_ticket = (f"ticket:{ticket.reference}", f"projet:{world.project('A1').key}", "tickets", "moi")
    elsewhere = f"ticket:{other.reference}"
    topics = dict.fromkeys((*of_ticket, elsewhere), since)
    admitted = admit(session, topics)
    assert admitted is not None
    assert [listener.topic for listener in admitted.listeners] == list(topics)
    assert admitted.changed == set()
    say(world, "agent", ticket, "comment", "Bonjour")
    admitted = admit(session, topics)
    assert admitted is not None
    bell = {elsewhere}  # the bell of each page of the person has one more
    assert {listener.topic for listener in admitted.changed} == {*of_ticket, *bell}
    admitted = admit(session, dict.fromkeys(topics))
    assert admitted is not None
    assert admitted.changed == set()


def test_r1_a_topic_that_is_not_seen_is_refused_and_the_others_are_heard(world: World) -> None:
    hidden = f"ticket:{world.ticket('A1').reference}"
    admitted = admit(session_of(world.out), {hidden: None, "tickets": None})
    assert admitted is not None
    assert ([listener.topic for listener in admitted.listeners], admitted.refused) == (["tickets"], [hidden])


def test_r8_a_lost_sight_is_no_longer_told_and_ends_the_stream(world: World) -> None:
    ticket = world.ticket("A1")
    obs = listening(world.person("obs"), f"ticket:{ticket.reference}")
    watcher = ChangePoller()
    assert watcher.leaving([obs]) == set()
    set_viewers(world.pm, project=world.project("A1"), keys={world.dec.key})
    say(world, "agent", ticket, "comment", "Sans elle")
    assert watcher.look([obs]).changed == set()
    assert watcher.leaving([obs]) == {obs}


def test_r36_the_end_of_a_session_ends_its_streams(world: World) -> None:
    one, other, idle = (listening(world.dec, "tickets") for _ in range(3))
    watcher = ChangePoller()
    Session.objects.filter(session_key=one.session).delete()
    row = Client()
    row.cookies["calypso"] = idle.session
    session = row.session
    session[SEEN_FIELD] = time.time() - 3 * 3600
    session.save()
    assert watcher.leaving([one, other, idle]) == {one, idle}
    set_contact_active(world.admin, person=world.dec, active=False)
    assert watcher.leaving([other]) == {other}


def test_a_colleague_who_comes_types_or_leaves_is_told_beside_the_ticket_only(world: World) -> None:
    ticket = world.ticket("A1")
    agent = listening(world.agent, f"ticket:{ticket.reference}")
    client = listening(world.dec, f"ticket:{ticket.reference}")
    elsewhere = listening(world.support, "tickets")
    everyone, watcher = [agent, client, elsewhere], ChangePoller()
    assert watcher.look(everyone).presences == set()
    be_there(world.support, ticket=ticket, typing=False)
    assert watcher.look(everyone).presences == {agent}
    be_there(world.support, ticket=ticket, typing=False)
    assert watcher.look(everyone).presences == set()
    be_there(world.support, ticket=ticket, typing=True)
    assert watcher.look(everyone).presences == {agent}
    go_away(world.support, ticket=ticket)
    assert watcher.look(everyone).presences == {agent}


def test_r44_where_a_second_proof_is_demanded_nobody_listens_without(world: World, settings) -> None:
    settings.SECOND_FACTOR = "staff"
    assert admit(session_of(world.agent), {"tickets": None}) is None
    assert admit(session_of(world.dec), {"tickets": None}) is not None
    other = session_of(world.dec)
    User.objects.filter(pk=world.dec.pk).update(stamp=7)
    assert admit(other, {"tickets": None}) is None


def test_a_number_that_appears_late_is_not_lost() -> None:
    tail = Tail(10)
    tail.advance([11, 14])
    assert (tail.last, sorted(tail.missing)) == (14, [12, 13])
    tail.advance([12])
    assert sorted(tail.missing) == [13]


class TestAsking:
    def test_a_page_without_a_stream_asks_from_time_to_time(self, world: World, browser) -> None:
        opened = browser("dec")
        path = f"/direct/depuis/?sujet=ticket:{world.ticket('A1').reference}"
        first = opened.get(path)
        assert first.json()["change"] is False
        seen = first.json()["vu"]
        assert opened.get(f"{path}&vu={seen}").status_code == 204
        say(world, "agent", world.ticket("A1"), "note", "Entre nous")
        assert opened.get(f"{path}&vu={seen}").status_code == 204
        say(world, "agent", world.ticket("A1"), "comment", "Bonjour")
        assert opened.get(f"{path}&vu={seen}").json()["change"] is True

    def test_r1_r58_it_answers_nobody_about_what_they_do_not_see(self, world: World, browser) -> None:
        path = f"/direct/depuis/?sujet=ticket:{world.ticket('A1').reference}"
        assert browser("buser").get(f"{path}&vu=1").status_code == 404
        for odd in ("abc", "1e400", "-1", "9" * 19, "1.2.3"):
            assert browser("dec").get(f"{path}&vu={odd}").status_code == 200

    def test_r35_a_page_that_follows_by_itself_is_nobodys_visit(self, world: World) -> None:
        opened = Client(headers={"host": "127.0.0.1"})
        opened.cookies["calypso"] = session_of(world.dec)
        session = opened.session
        session[SEEN_FIELD] = time.time() - 600
        session.save()
        opened.get("/projets/", headers={"X-Calypso-Live": "1"})
        assert time.time() - opened.session[SEEN_FIELD] > 500
        opened.get("/projets/")
        assert time.time() - opened.session[SEEN_FIELD] < 500


def test_topics_are_those_of_the_pages(world: World, browser) -> None:
    ticket, project = world.ticket("A1"), world.project("A1")
    for who, path, topics in (
        ("dec", "/projets/", "tickets"),
        ("dec", f"/projets/{project.key}/", f"projet:{project.key}"),
        ("dec", f"/tickets/{ticket.reference}/", f"ticket:{ticket.reference}"),
        ("dec", "/profil/", "moi"),
        ("agent", "/equipe/", "tickets"),
        ("agent", f"/equipe/tickets/{ticket.reference}/", f"tickets ticket:{ticket.reference}"),
    ):
        page = browser(who).get(path).content.decode()
        assert f'data-topics="{topics}"' in page, path
        assert all(change_feed.sees(as_viewer(world.person(who)), topic) for topic in topics.split())
    assert "data-topics" not in Client(headers={"host": "127.0.0.1"}).get("/connexion/").content.decode()


def test_an_opening_is_heard_by_who_reads_lists(world: World) -> None:
    reader = listening(world.out, "tickets")
    watcher = ChangePoller()
    new_ticket(world, "out", "A2", title="Nouveau")
    assert watcher.look([reader]).changed == {reader}


def test_r11_an_internal_note_is_not_heard_beside_a_comment_of_the_same_project(world: World) -> None:
    noted, said = new_ticket(world, title="Noté"), new_ticket(world, title="Commenté")
    on_noted, on_said = (listening(world.obs, f"ticket:{one.reference}") for one in (noted, said))  # no bell rings
    colleague = listening(world.agent, f"ticket:{noted.reference}")
    watcher = ChangePoller()
    say(world, "agent", noted, "note", "Entre nous")
    say(world, "agent", said, "comment", "Bonjour")
    assert watcher.look([on_noted, on_said, colleague]).changed == {on_said, colleague}


def test_r11_what_is_internal_has_no_listener_among_contacts(world: World) -> None:
    last = change_feed.latest_event()
    say(world, "agent", world.ticket("A1"), "note", "Entre nous")
    events = change_feed.events_after(last, [], 10)
    assert [event.internal for event in events] == [True]
    assert change_feed.listeners(events) == {}
